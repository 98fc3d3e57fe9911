"""The terms of the demonstration school: the usual ones, with two INSET days of its own in each year."""

from __future__ import annotations

import datetime as dt

from governance.demo.school import NINE, School
from governance.schools.school_time import close_day, take_usual_year
from governance.schools.term_pattern import usual_year

_SEPTEMBER = 9


def terms_entered(school: School) -> None:
    """Last year's terms, this year's and the next, as they are on the day the school was set up."""
    at = dt.datetime.combine(school.days.set_up_on, dt.time(NINE), dt.UTC)
    today = school.days.today
    this = today.year if today.month >= _SEPTEMBER else today.year - 1
    for starts_in in (this - 1, this, this + 1):
        usual = usual_year("england", starts_in)
        assert usual is not None
        take_usual_year(school.session, school.scope, school.maya, usual, at)
        for term in (usual.terms[0], usual.terms[2]):
            close_day(school.session, school.scope, school.maya, term.first_on, "inset", "Training day", at)
