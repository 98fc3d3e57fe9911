"""The same school with everything in play that may bear on what is owed: for measuring its coverage beside the plain one.

Terms and closed days, rules by job title, for joiners, for named people and for parts, receipts for parts, long absences,
excuses, extensions, and sheets given and not signed.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.orm import Session

from governance import clock
from governance.adoption.models import Asking
from governance.people.models import Absence, Engagement, Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, Declined, Excuse, Extension, PolicyPart, ReadingRule
from governance.reading.queries import coverage
from governance.schools.models import ClosedDay, Term
from governance.schools.term_pattern import usual_year
from governance.tenancy import Scope, new_public_id
from tests.bench.pairs import Compared, compare


def measured(session: Session, scope: Scope, file: Path) -> Compared:
    """Coverage of the school with everything in play, and of the plain one, each with all its statements."""
    day = clock.today(scope.time_zone)
    with _copy(file) as other:
        _enrich(other, scope, day)
        other.commit()
        return compare(
            "coverage, everything in play (bare: the plain school)",
            lambda: coverage(other, scope, day),
            lambda: coverage(session, scope, day),
            pairs=21,
            times=5,
            target=2,
        )


@contextmanager
def _copy(file: Path) -> Iterator[Session]:
    copied = file.with_name("in_play.db")
    shutil.copy(file, copied)
    engine = create_engine(f"sqlite:///{copied}")
    with Session(engine) as session:
        # in this copy a receipt is turned into one for a part, which the application has no way to do
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
        yield session
    engine.dispose()


def _enrich(session: Session, scope: Scope, day: dt.date) -> None:
    whose = {"organisation_id": scope.organisation_id}
    people = list(session.scalars(select(Person.id).order_by(Person.id)))
    policies = list(session.scalars(select(Policy.id).order_by(Policy.id)))
    _calendar(session, whose, day)
    _rules(session, whose, people, policies, day)
    _spells(session, whose, people, policies, day)
    session.execute(update(Engagement).where(Engagement.id % 9 == 0).values(title_key="caretaker"))


def _put(session: Session, model: Any, rows: list[dict[str, Any]], *, public: bool = True) -> None:
    session.execute(insert(model), [row | ({"public_id": new_public_id()} if public else {}) for row in rows])


def _calendar(session: Session, whose: dict[str, int], day: dt.date) -> None:
    for year in range(day.year - 3, day.year + 1):
        usual = usual_year("england", year)
        assert usual is not None
        _put(session, Term, [whose | one.__dict__ for one in usual.terms])
        _put(session, ClosedDay, [whose | {"closed_on": on, "kind": "bank_holiday"} for on, _ in usual.bank_holidays])


def _rules(session: Session, whose: dict[str, int], people: list[int], policies: list[int], day: dt.date) -> None:
    first = day - dt.timedelta(days=365)
    rules = [whose | {"policy_id": policy, "from_on": first, "days_to_read": 10} for policy in policies]
    _put(session, ReadingRule, [one | {"title_key": "caretaker", "job_title": "Caretaker"} for one in rules[:3]])
    named = zip(rules[3:8], people[::20], strict=False)
    _put(session, ReadingRule, [one | {"person_id": person} for one, person in named])
    since = {"joined_since": day - dt.timedelta(days=400)}
    session.execute(update(ReadingRule).where(ReadingRule.policy_id.in_(policies[8:11])).values(since))
    partial = policies[11:15]
    _put(
        session, PolicyPart, [whose | {"policy_id": one, "bit": 0, "name": "Part one"} for one in partial], public=False
    )
    session.execute(update(ReadingRule).where(ReadingRule.policy_id.in_(partial)).values(parts=1))
    of_parts = select(PolicyVersion.id).where(PolicyVersion.policy_id.in_(partial))
    session.execute(update(Acknowledgement).where(Acknowledgement.version_id.in_(of_parts)).values(parts=1))


def _spells(session: Session, whose: dict[str, int], people: list[int], policies: list[int], day: dt.date) -> None:
    by = whose | {"reason": "as agreed", "recorded_at": clock.now(), "recorded_by": "Maya Lund"}
    some = people[::15]
    away = {"from_on": day - dt.timedelta(days=60)}
    _put(session, Absence, [whose | away | {"person_id": one} for one in some[:3]])
    back = {"until_on": day - dt.timedelta(days=20)}
    _put(session, Absence, [whose | away | back | {"person_id": one} for one in some[3:6]])
    _put(session, Excuse, [by | away | {"person_id": one, "policy_id": policies[0]} for one in some[6:9]])
    asking = session.scalars(select(Asking.id).order_by(Asking.id.desc())).first()
    until = {"until_on": day + dt.timedelta(days=5), "asking_id": asking}
    _put(session, Extension, [by | until | {"person_id": one} for one in some[:3]])
    versions = islice(session.scalars(select(PolicyVersion.id).order_by(PolicyVersion.id.desc())), 5)
    given = {key: value for key, value in by.items() if key != "reason"}
    given |= {"given_on": day - dt.timedelta(days=3), "witness": "Helen", "note": ""}
    _put(session, Declined, [given | {"person_id": p, "version_id": v} for p, v in zip(some, versions, strict=False)])
