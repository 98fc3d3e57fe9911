"""A few people with a few policies to read, for tests of paper and of sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from governance.people.models import Person
from governance.policies.models import Policy
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.models import Acknowledgement
from governance.reading.requiring import Requirement, require
from governance.tenancy import Scope
from tests import hillcrest
from tests.hillcrest import MAYA, NOW

OCTOBER = dt.date(2026, 10, 1)
SEPTEMBER = dt.date(2026, 9, 1)


@dataclass
class Staffroom:
    """Hillcrest with Tess and Noor, teachers, Viv, a volunteer, and Bea, who left on 31 October."""

    session: Session
    scope: Scope
    people: dict[str, Person] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)

    def read(self, name: str, policy: str, day: dt.date) -> Acknowledgement:
        """Somebody reads a policy on screen."""
        version = hillcrest.latest(self.session, self.policies[policy])
        act = Act(day, "signed_in", "password", ticked=True)
        shown = shown_now(self.session, self.scope, version)
        return acknowledge(self.session, self.scope, MAYA, self.people[name], version, shown, act, NOW)

    def receipts(self) -> list[Acknowledgement]:
        """All there are, in the order recorded."""
        mine = select(Acknowledgement).where(Acknowledgement.organisation_id == self.scope.organisation_id)
        return list(self.session.scalars(mine.order_by(Acknowledgement.id)))

    def divide(self, policy: str) -> None:
        """A policy has two parts, and of teachers only the first is required."""
        hillcrest.divide(self.session, self.scope, self.policies[policy].title, code="teachers")

    def add_policy(self, title: str, codes: Iterable[str] = ("teachers", "volunteers")) -> Policy:
        """A policy in force since September, asked from October on."""
        session, scope = self.session, self.scope
        policy = hillcrest.a_policy(session, scope, f"{title} Policy", f"# {title}")
        hillcrest.put_in_force(session, scope, hillcrest.latest(session, policy), SEPTEMBER, OCTOBER)
        for code in codes:
            wanted = Requirement(category_id=hillcrest.category(session, scope, code).id)
            require(session, scope, MAYA, policy, wanted, SEPTEMBER, NOW)
        self.policies[title] = policy
        return policy


def furnish(session: Session, slug: str = "hillcrest") -> Staffroom:
    """Put it all there."""
    room = Staffroom(session, hillcrest.a_school(session, f"{slug} school", slug))
    for name, codes, ended_on in (
        ("Tess Marlow", ("teachers",), None),
        ("Noor O'Neill", ("teachers",), None),
        ("Viv Ash", ("volunteers",), None),
        ("Bea Old", ("teachers",), dt.date(2026, 10, 31)),
    ):
        one = hillcrest.someone(session, room.scope, name, codes, ended_on=ended_on)
        room.people[name.split()[0]] = one
    room.add_policy("Behaviour")
    room.add_policy("Complaints", ("teachers",))
    return room


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
