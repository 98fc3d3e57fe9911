"""What the loading of the demonstration school knows while it goes on, and its diary: who did what on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from governance.demo.days import Days
from governance.people.models import Category, Person, Post
from governance.policies.models import Policy, PolicyVersion
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Actor, Scope

Act = Callable[[dt.datetime], None]
NINE = 9


@dataclass(frozen=True)
class Round:
    """A version that people are asked to read from a day."""

    reference: str
    version: int
    asked_on: dt.date


@dataclass
class School:
    """The school as far as it is loaded. `actors`, `people` and `posts` go by name, `policies` by reference."""

    session: Session
    scope: Scope
    days: Days
    now: dt.datetime
    board: GoverningBody
    committee: GoverningBody
    actors: dict[str, Actor] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    versions: dict[str, PolicyVersion] = field(default_factory=dict)
    meetings: dict[tuple[int, dt.date], Meeting] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    minutes: dict[str, int] = field(default_factory=dict)
    _diary: list[tuple[dt.datetime, dt.date, int, Act]] = field(default_factory=list)

    @property
    def maya(self) -> Actor:
        """The business manager."""
        return self._actor("Maya Lund")

    @property
    def helen(self) -> Actor:
        """The clerk."""
        return self._actor("Helen Brandt")

    @property
    def sam(self) -> Actor:
        """HR."""
        return self._actor("Sam Achebe")

    @property
    def tess(self) -> Actor:
        """A teacher."""
        return self._actor("Tess Marlow")

    @property
    def set_up_at(self) -> dt.datetime:
        """The moment the school was set up; what lies before it was recorded then."""
        return self.instant(self.days.set_up_on, NINE)

    def _actor(self, name: str) -> Actor:
        """With their account, once they have one."""
        return self.actors.get(name, Actor(name))

    def instant(self, day: dt.date, hour: int) -> dt.datetime:
        """An hour of a day, but never later than now."""
        return min(dt.datetime.combine(day, dt.time(hour), dt.UTC), self.now)

    def on(self, day: dt.date, act: Act, hour: int = 17) -> None:
        """Put something into the diary; older than the school's records, it is recorded on the day of setting up."""
        at = max(self.instant(day, hour), self.set_up_at)
        self._diary.append((at, day, len(self._diary), act))

    def live(self) -> None:
        """Let everything in the diary happen, in its order."""
        for at, _, _, act in sorted(self._diary, key=lambda entry: entry[:3]):
            act(at)
        self._diary.clear()
