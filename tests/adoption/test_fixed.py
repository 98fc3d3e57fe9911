"""Promise 11, adopted means fixed: the database itself refuses to change or remove what was decided."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from governance.adoption.asking import Ask
from governance.adoption.models import Asking, Decision, InForce, MinuteReference
from governance.policies.models import PolicyVersion
from tests.adoption.room import Room

STATEMENTS = [
    "UPDATE decision SET kind = 'rejected'",
    "UPDATE decision SET decided_on = NULL",
    "DELETE FROM decision",
    "UPDATE in_force SET from_on = '2020-01-01'",
    "DELETE FROM in_force",
    "UPDATE asking SET category_id = NULL, from_on = '2020-01-01'",
    "DELETE FROM asking",
    "UPDATE policy_version SET documents_sha256 = 'x'",
    "UPDATE policy_version SET number = 9",
    "DELETE FROM policy_version",
    "UPDATE minute_reference SET reference = '2026/99'",
    "DELETE FROM minute_reference",
]


@pytest.fixture
def decided(room: Room) -> Room:
    room.start_asking()
    room.decide(room.version(room.policy()), minute="2026/31", ask=Ask(category_ids=(room.categories["teachers"],)))
    room.session.commit()
    return room


@pytest.mark.parametrize("statement", STATEMENTS)
def test_raw_sql_cannot_change_what_was_decided(decided: Room, statement: str) -> None:
    with pytest.raises(DBAPIError, match="keeps what happened: correct it by a new record"):
        decided.session.execute(text(statement))
    decided.session.rollback()


@pytest.mark.parametrize("model", [Decision, InForce, Asking, MinuteReference, PolicyVersion])
def test_the_mapped_objects_cannot_be_deleted(decided: Room, model: type) -> None:
    decided.session.delete(decided.session.query(model).one())
    with pytest.raises(DBAPIError, match="keeps what happened"):
        decided.session.flush()
    decided.session.rollback()


def test_the_mapped_objects_cannot_be_changed(decided: Room) -> None:
    decided.session.query(Decision).one().reason = "Another reason"
    with pytest.raises(DBAPIError, match="keeps what happened"):
        decided.session.flush()
    decided.session.rollback()
