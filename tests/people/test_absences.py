import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.people import absences
from governance.people.models import Person
from governance.people.record import person_record
from governance.tenancy import Actor, Scope
from tests.hillcrest import NOW, a_school, someone

SAM = Actor("Sam Okoro")
NOVEMBER, DECEMBER = dt.date(2026, 11, 2), dt.date(2026, 12, 4)


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


@pytest.fixture
def tess(session: Session, school: Scope) -> Person:
    return someone(session, school)


def test_an_open_absence_ends_on_the_last_day_away(session: Session, school: Scope, tess: Person) -> None:
    away = absences.record_absence(session, school, SAM, tess, from_on=NOVEMBER, reason="Maternity leave", now=NOW)
    absences.end_absence(session, school, SAM, away, until_on=DECEMBER, now=NOW)
    assert (away.until_on, away.reason) == (DECEMBER, "Maternity leave")
    assert session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)).all() == [
        "absence recorded",
        "absence changed",
    ]


def test_the_reason_is_read_only_for_who_may_see_it(session: Session, school: Scope, tess: Person) -> None:
    absences.record_absence(session, school, SAM, tess, from_on=NOVEMBER, until_on=DECEMBER, reason="Surgery", now=NOW)
    others = person_record(session, school, tess.public_id)
    assert (others.absences[0].reason, others.away_on(DECEMBER) is None) == (None, False)
    assert "Surgery" not in repr(others)
    assert person_record(session, school, tess.public_id, reasons=True).absences[0].reason == "Surgery"
    assert others.away_on(dt.date(2026, 12, 5)) is None


def test_days_away_are_recorded_once(session: Session, school: Scope, tess: Person) -> None:
    absences.record_absence(session, school, SAM, tess, from_on=NOVEMBER, until_on=DECEMBER, now=NOW)
    with pytest.raises(Refusal, match="away from 2 November 2026 already"):
        absences.record_absence(session, school, SAM, tess, from_on=DECEMBER, now=NOW)
    absences.record_absence(session, school, SAM, tess, from_on=dt.date(2026, 12, 5), now=NOW)


def test_an_absence_does_not_end_before_it_began(session: Session, school: Scope, tess: Person) -> None:
    away = absences.record_absence(session, school, SAM, tess, from_on=NOVEMBER, now=NOW)
    with pytest.raises(Refusal, match="is before the first"):
        absences.end_absence(session, school, SAM, away, until_on=dt.date(2026, 11, 1), now=NOW)


def test_a_long_reason_is_refused_with_the_figure(session: Session, school: Scope, tess: Person) -> None:
    with pytest.raises(Refusal, match="501 characters"):
        absences.record_absence(session, school, SAM, tess, from_on=NOVEMBER, reason="x" * 501, now=NOW)
