"""The school's calendar as the rules take it: where its year of reading begins, its terms and closed days."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.reading.calendar import SchoolYear, Term
from governance.schools.school_time import closed_days, terms
from governance.tenancy import Organisation, Scope


def school_year(session: Session, scope: Scope) -> SchoolYear:
    """The calendar of a school, as `facts_of` gives it beside the other facts."""
    school = session.get_one(Organisation, scope.organisation_id)
    return SchoolYear(
        year_starts=(school.year_starts_month, school.year_starts_day),
        away_school_days=school.away_school_days,
        terms=tuple(Term(one.first_on, one.last_on) for one in terms(session, scope)),
        closed_on=frozenset(one.closed_on for one in closed_days(session, scope)),
    )
