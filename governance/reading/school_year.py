"""The school's calendar as the rules take it: where its year of reading begins, its terms and closed days."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.reading.calendar import SchoolYear
from governance.schools.school_time import closed_days, terms
from governance.tenancy import Organisation, Scope


def school_year(session: Session, scope: Scope) -> SchoolYear:
    """The calendar of a school, as `facts_of` gives it beside the other facts."""
    school = session.get_one(Organisation, scope.organisation_id)
    return SchoolYear.entered(
        (school.year_starts_month, school.year_starts_day),
        school.away_school_days,
        ((one.first_on, one.last_on) for one in terms(session, scope)),
        (one.closed_on for one in closed_days(session, scope)),
    )
