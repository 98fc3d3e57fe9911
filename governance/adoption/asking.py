"""Who is asked to read a version that comes into force: nobody, everyone a rule requires, or chosen categories.

Until a school has pressed *Start asking*, nobody is asked whatever is chosen here: that button asks everyone about
whatever is in force on its day. Records of the past are the exception: `Ask.history` says who was asked at the time, and
mails nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.models import Asking, Decision, InForce
from governance.errors import Refusal
from governance.people.models import Category
from governance.tenancy import Organisation, Scope

# A category, or None for everyone any rule requires, and the day from which it is asked.
Asked = tuple[int | None, dt.date]


@dataclass(frozen=True)
class Ask:
    """Who must read again, from when; without a day, from the later of the in-force day and today."""

    everyone: bool = False
    category_ids: tuple[int, ...] = ()
    from_on: dt.date | None = None
    history: bool = False

    @property
    def anybody(self) -> bool:
        """Whether somebody is asked at all."""
        return self.everyone or bool(self.category_ids)


NOBODY = Ask()
EVERYONE = Ask(everyone=True)


def asking_started(session: Session, scope: Scope) -> bool:
    """Whether the school has begun to ask its people to read."""
    since = select(Organisation.asking_since).where(Organisation.id == scope.organisation_id)
    return session.scalar(since) is not None


def ask(session: Session, scope: Scope, row: InForce, chosen: Ask, today: dt.date, now: dt.datetime) -> list[Asked]:
    """Ask whoever was chosen to read the version of an in-force row.

    Raises:
        Refusal: when a category is not the school's.
    """
    if not chosen.anybody or not (chosen.history or asking_started(session, scope)):
        return []
    from_on = rules.asked_from(row.from_on, chosen.from_on, today)
    categories: list[int | None] = [None] if chosen.everyone else list(_known(session, scope, chosen.category_ids))
    return add_askings(session, scope, row, [(category, from_on) for category in categories], now)


def carry_over(session: Session, scope: Scope, corrected: Decision, row: InForce, now: dt.datetime) -> list[Asked]:
    """Ask for the row of a correction whomever the corrected decision asked, from the same day where that can be."""
    rows = session.scalars(select(InForce.id).where(InForce.decision_id == corrected.id)).all()
    return add_askings(session, scope, row, asked_by(session, rows, row.from_on), now)


def asked_by(session: Session, in_force_ids: Iterable[int], not_before: dt.date) -> list[Asked]:
    """Whom in-force rows asked: each category, or everyone, once, at its earliest but no earlier than a day."""
    rows = session.execute(
        select(Asking.category_id, Asking.from_on)
        .where(Asking.in_force_id.in_(list(in_force_ids)))
        .order_by(Asking.from_on, Asking.id)
    )
    earliest: dict[int | None, dt.date] = {}
    for category_id, from_on in rows:
        earliest.setdefault(category_id, max(from_on, not_before))
    return list(earliest.items())


def add_askings(session: Session, scope: Scope, row: InForce, asked: Iterable[Asked], now: dt.datetime) -> list[Asked]:
    """Record who is asked to read the version of an in-force row, as given."""
    made = list(asked)
    values = {"organisation_id": scope.organisation_id, "in_force_id": row.id, "recorded_at": now}
    if made:
        session.execute(insert(Asking), [values | {"category_id": c, "from_on": day} for c, day in made])
    return made


def _known(session: Session, scope: Scope, category_ids: Iterable[int]) -> list[int]:
    wanted = set(category_ids)
    found = session.scalars(
        select(Category.id)
        .where(Category.organisation_id == scope.organisation_id, Category.id.in_(wanted))
        .order_by(Category.position, Category.id)
    ).all()
    if len(found) != len(wanted):
        raise Refusal.one("One of the categories is not your school's. Choose again who must read it.", "ask")
    return list(found)
