"""Hillcrest on Monday 16 November 2026: policies asked and read, for tests of the reading room's screens.

Behaviour   asked from 1 October of teachers and volunteers, 14 days: due 15 October
Complaints  asked from 9 November of everybody there is a rule for, teachers alone: due 23 November
Lone Working, in force, required of teachers, never asked

Tess (teacher) has read nothing; Noor (teacher) read Behaviour on 5 October; Viv (volunteer, without e-mail) nothing;
Bea (teacher) left on 31 October.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, Decision, InForce
from governance.db import db, writing
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.models import Acknowledgement, ReadingRule
from governance.reading.requiring import Requirement, require
from governance.tenancy import Organisation, Scope, scope_by_slug
from tests import hillcrest
from tests.hillcrest import MAYA, NOW

TODAY = hillcrest.TODAY


@dataclass(frozen=True)
class Room:
    """Public identifiers by short names."""

    policies: dict[str, str]
    versions: dict[str, str]
    people: dict[str, str]
    categories: dict[str, str]
    foreign: dict[str, str]


def furnish(app: Flask) -> Room:
    """Put it all there; Hillcrest itself is open already."""
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
        tess.email = "tess@hillcrest.sch.uk"
        people = {
            "Tess": tess,
            "Noor": hillcrest.someone(session, scope, "Noor O'Neill"),
            "Viv": hillcrest.someone(session, scope, "Viv Ash", ("volunteers",)),
            "Bea": hillcrest.someone(session, scope, "Bea Old", ended_on=dt.date(2026, 10, 31)),
        }
        people["Noor"].email = "noor@hillcrest.sch.uk"
        policies = {
            "Behaviour": _policy(session, scope, "Behaviour Policy", ("teachers", "volunteers"), dt.date(2026, 10, 1)),
            "Complaints": _policy(session, scope, "Complaints Procedure", ("teachers",), dt.date(2026, 11, 9)),
            "Lone": _policy(session, scope, "Lone Working Policy", ("teachers",), None),
        }
        _read(session, scope, people["Noor"], policies["Behaviour"], dt.date(2026, 10, 5))
        _read(session, scope, people["Bea"], policies["Behaviour"], dt.date(2026, 10, 6))
        return Room(
            {name: one.public_id for name, one in policies.items()},
            {name: hillcrest.latest(session, one).public_id for name, one in policies.items()},
            {name: one.public_id for name, one in people.items()},
            {code: hillcrest.category(session, scope, code).public_id for code in hillcrest.CATEGORIES},
            _foreign(session),
        )


def started(app: Flask, since: dt.date = dt.date(2026, 10, 1)) -> None:
    """The school has started asking."""
    with app.app_context(), writing() as session:
        session.scalars(select(Organisation).where(Organisation.slug == "hillcrest")).one().asking_since = since


def receipts(app: Flask) -> list[Acknowledgement]:
    """Every receipt there is, in the order recorded."""
    with app.app_context(), writing() as session:
        found = list(session.scalars(select(Acknowledgement).order_by(Acknowledgement.id)))
        session.expunge_all()
        return found


def text(page: str) -> str:
    """A page as it is read, without its tags."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


class Statements:
    """How many statements ran in a `with` block, the beginnings and ends of transactions apart."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._engine = db.engine
        self.seen: list[str] = []

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK")):
            self.seen.append(statement)

    def __len__(self) -> int:
        return len(self.seen)


def add_policies(app: Flask, numbers: Iterable[int]) -> None:
    """More policies in force, asked of teachers and volunteers; the rows alone, since there are many."""
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        named = [f"Policy number {number:03d}" for number in numbers]
        body = hillcrest.body(session, scope).id
        codes = [hillcrest.category(session, scope, code).id for code in ("teachers", "volunteers")]

        def kept(rows: list[Any]) -> list[int]:
            for row in rows:
                row.organisation_id = scope.organisation_id
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

        by, first = {"recorded_at": NOW, "recorded_by": "Helen"}, dt.date(2026, 9, 1)
        ids = kept(
            [Policy(title=one, sort_key=one, title_key=one, reference=one[-10:], recorded_at=NOW) for one in named]
        )
        versions = kept([PolicyVersion(policy_id=one, number=1, documents_sha256="0" * 64, **by) for one in ids])
        pairs = [{"policy_id": one, "version_id": version} for one, version in zip(ids, versions, strict=True)]
        days = {"decided_on": first, "decided_latest_on": first}
        decisions = kept([Decision(**pair, kind="adopted", body_id=body, **days, **by) for pair in pairs])
        rows = [InForce(**pair, decision_id=one, from_on=first) for pair, one in zip(pairs, decisions, strict=True)]
        kept([Asking(in_force_id=one, from_on=dt.date(2026, 10, 1), recorded_at=NOW) for one in kept(rows)])
        kept([ReadingRule(policy_id=one, category_id=code, from_on=first) for one in ids for code in codes])


def _policy(session: Session, scope: Scope, title: str, codes: tuple[str, ...], asked_from: dt.date | None) -> Policy:
    policy = hillcrest.a_policy(session, scope, title, f"# {title}")
    hillcrest.put_in_force(session, scope, hillcrest.latest(session, policy), dt.date(2026, 9, 1), asked_from)
    for code in codes:
        wanted = Requirement(category_id=hillcrest.category(session, scope, code).id)
        require(session, scope, MAYA, policy, wanted, dt.date(2026, 9, 1), NOW)
    return policy


def _read(session: Session, scope: Scope, person: Person, policy: Policy, day: dt.date) -> Acknowledgement:
    version: PolicyVersion = hillcrest.latest(session, policy)
    act = Act(acknowledged_on=day, method="paper", assurance="paper_witnessed", witness="Maya Lund")
    return acknowledge(session, scope, MAYA, person, version, shown_now(session, scope, version), act, NOW)


def _foreign(session: Session) -> dict[str, str]:
    """Things of Zed's school, which must be as if they were not there."""
    zeds = scope_by_slug(session, "zeds")
    person = hillcrest.someone(session, zeds, "Zoe Farr")
    policy = _policy(session, zeds, "Zed's Policy", ("teachers",), dt.date(2026, 10, 1))
    receipt = _read(session, zeds, person, policy, dt.date(2026, 10, 2))
    return {
        "person": person.public_id,
        "policy": policy.public_id,
        "version": hillcrest.latest(session, policy).public_id,
        "category": hillcrest.category(session, zeds, "teachers").public_id,
        "receipt": receipt.reference,
    }
