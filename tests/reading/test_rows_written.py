"""Nothing is stored about who owes what: adopting writes the same rows for a school of one as for a school of many."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from governance.adoption.actions import adopt
from governance.adoption.asking import EVERYONE
from governance.adoption.entered import Decide
from governance.db import db
from governance.extract.dates import exactly
from governance.people.models import Engagement, Person
from governance.reading.queries import coverage
from governance.reading.requiring import Requirement, require
from governance.tenancy import Organisation, new_public_id
from tests.hillcrest import MAYA, NOW, TODAY, a_policy, a_school, body, category, latest

MANY = 1_200


def rows_kept(session: Session) -> dict[str, int]:
    tables = db.metadata.sorted_tables
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def adopted(session: Session, people: int) -> tuple[dict[str, int], int]:
    """What adopting adds to each table in a school of so many teachers, and how many of them have to read it then."""
    scope = a_school(session)
    session.get_one(Organisation, scope.organisation_id).asking_since = dt.date(2026, 9, 1)
    teachers, whose = category(session, scope, "teachers").id, {"organisation_id": scope.organisation_id}
    named = [
        whose
        | dict.fromkeys(("given_name", "family_name", "sort_key", "printed_reference"), f"T{number}")
        | {"public_id": new_public_id(), "recorded_at": NOW}
        for number in range(people)
    ]
    session.execute(insert(Person), named)
    ids = session.scalars(select(Person.id).where(Person.organisation_id == scope.organisation_id)).all()
    job = {"category_id": teachers, "started_on": dt.date(2026, 9, 1)}
    session.execute(insert(Engagement), [whose | job | {"public_id": new_public_id(), "person_id": one} for one in ids])
    policy = a_policy(session, scope)
    require(session, scope, MAYA, policy, Requirement(category_id=teachers), dt.date(2026, 9, 1), NOW)
    before = rows_kept(session)
    facts = Decide(latest(session, policy), exactly(TODAY), body=body(session, scope), ask=EVERYONE)
    adopt(session, scope, MAYA, facts, NOW)
    after = rows_kept(session)
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    return added, coverage(session, scope, TODAY).totals.outstanding


@pytest.mark.engines("sqlite", "postgresql")
def test_adopting_for_many_people_writes_no_more_than_for_one(session: Session) -> None:
    one, asked_one = adopted(session, 1)
    session.rollback()
    many, asked_many = adopted(session, MANY)
    assert (asked_one, asked_many) == (1, MANY)
    assert one == many == {"decision": 1, "in_force": 1, "asking": 1, "journal_entry": 1}
