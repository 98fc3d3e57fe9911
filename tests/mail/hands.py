"""What tests of mail and of the schedule hold in their hands: two schools, people, and a clock they move."""

from __future__ import annotations

import datetime as dt

from governance.db import writing
from governance.tenancy import Actor, Organisation, Scope, scope_of

MAYA = Actor("Maya Osei")
MONDAY = dt.datetime(2026, 10, 12, 6, 0, tzinfo=dt.UTC)


class Hands:
    """A clock that a test moves."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += dt.timedelta(**by)


def two_schools() -> list[Scope]:
    """Oakfield, and the school that Zed belongs to."""
    made = [Organisation(name=f"{name} Primary School", slug=name.lower()) for name in ("Oakfield", "Zedbridge")]
    with writing() as session:
        session.add_all(made)
        session.flush()
        return [scope_of(one) for one in made]
