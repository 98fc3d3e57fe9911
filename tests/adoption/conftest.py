"""The rooms that these tests decide in."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.adoption.room import Room, open_room


@pytest.fixture
def room(session: Session) -> Room:
    """One school, on each engine."""
    return open_room(session)
