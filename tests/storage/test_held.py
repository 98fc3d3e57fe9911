import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.storage import held
from governance.storage.held import Upload
from governance.storage.models import HeldFile
from tests.hillcrest import MAYA, NOW, a_school

TWO = [Upload("second.md", b"two"), Upload("first.md", b"one")]


def test_files_are_held_together_in_their_order_and_taken_once(session: Session) -> None:
    school = a_school(session)
    key = held.hold(session, school, MAYA, "version", TWO, {"title": "Behaviour"}, NOW)
    seen = held.held(session, school, "version", key, NOW)
    assert (seen.files, seen.notes, seen.held_by) == (tuple(TWO), {"title": "Behaviour"}, "Maya Lund")
    assert held.take(session, school, "version", key, NOW) == seen
    with pytest.raises(NotFound):
        held.take(session, school, "version", key, NOW)


def test_what_one_school_holds_another_cannot_see_take_or_drop(session: Session) -> None:
    school, other = a_school(session), a_school(session, "Zed's School", "zeds")
    key = held.hold(session, school, MAYA, "people", TWO, None, NOW)
    with pytest.raises(NotFound):
        held.held(session, other, "people", key, NOW)
    held.note(session, other, key, {"answers": "mine"})
    assert not held.drop(session, other, key)
    assert held.held(session, school, "people", key, NOW).notes == {}


def test_files_held_for_one_purpose_do_not_serve_another(session: Session) -> None:
    school = a_school(session)
    key = held.hold(session, school, MAYA, "people", TWO, None, NOW)
    with pytest.raises(NotFound):
        held.held(session, school, "receipts", key, NOW)


def test_notes_can_be_replaced_while_files_are_held(session: Session) -> None:
    school = a_school(session)
    key = held.hold(session, school, MAYA, "people", TWO, {"answers": {}}, NOW)
    held.note(session, school, key, {"answers": {"row-2": "new"}})
    assert held.held(session, school, "people", key, NOW).notes == {"answers": {"row-2": "new"}}


def test_what_nobody_confirms_is_gone_after_two_days(session: Session) -> None:
    school = a_school(session)
    old = held.hold(session, school, MAYA, "people", TWO, None, NOW)
    later = NOW + dt.timedelta(days=2)
    fresh = held.hold(session, school, MAYA, "people", TWO[:1], None, later)
    with pytest.raises(NotFound):
        held.held(session, school, "people", old, later)
    assert held.expire(session, later) == 2
    assert held.drop(session, school, fresh)
    assert session.scalar(select(func.count()).select_from(HeldFile)) == 0
