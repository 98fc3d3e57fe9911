"""Paper and a training session in the demonstration school: a sheet that came back half signed, and a morning for the office."""

from __future__ import annotations

from governance.demo.days import working_day
from governance.demo.school import School
from governance.reading.sheet_entering import Sitting, enter_sheet
from governance.reading.sheet_printing import for_category, print_sheet
from governance.reading.sheet_queries import parts_of
from governance.reading.training import NewSession, plan_session, record_session

_WITNESS, _SIGNS_FOR = "Sunita Kaur", "volunteers"
_LED_BY, _TAUGHT, _TAUGHT_TO, _DAYS_AGO = "James Okafor", ("DAT-01", "SOC-01"), "administrators", 35


def paper_signed(school: School) -> None:
    """The volunteers' sheet: the first has signed, the second was given it and did not."""
    session, scope, today = school.session, school.scope, school.days.today
    wanted = for_category(session, scope, school.categories[_SIGNS_FOR], today)
    if not wanted.people:
        return
    sheet = print_sheet(session, scope, school.sam, wanted, _WITNESS, today, school.now)
    people = [line.person for part in parts_of(session, sheet) for line in part.lines]
    sitting = Sitting(today, _WITNESS, signed=frozenset(people[:1]), declined=frozenset(people[1:2]))
    enter_sheet(session, scope, school.sam, sheet, sitting, today, school.now)


def office_taught(school: School) -> None:
    """A morning on data protection and social media for everybody in the office."""
    session, scope, today = school.session, school.scope, school.days.today
    about = {school.policies[reference].id: 0 for reference in _TAUGHT}
    held_on = working_day(school.days.ago(_DAYS_AGO))
    only = frozenset({school.categories[_TAUGHT_TO].id})
    wanted = NewSession("Data protection morning for the office", min(held_on, today), _LED_BY, about, only)
    seen = plan_session(session, scope, wanted, today).digest
    record_session(session, scope, school.sam, wanted, (), seen, school.sam.label, today, school.now)
