"""The staff categories of a school: the ten it begins with, and its own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from governance.errors import refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Category, Engagement
from governance.schools.names import fold, tidy
from governance.schools.rules import objections_to_name
from governance.tenancy import Actor, Scope, lock

CATEGORY_ADDED = Event("category added", ids=("category",), payload=("name", "code"))
CATEGORY_RENAMED = Event("category renamed", ids=("category",), payload=("before", "after"))

# Whom the model policy covers (its section 4.1), with the words that documents are matched by.
DEFAULTS = {
    "headteacher": "headteacher",
    "senior leadership": "leadership",
    "teachers": "teachers",
    "support staff": "support_staff",
    "administrators": "administrators",
    "governors": "governors",
    "part-time and fixed-term employees": "fixed_term",
    "casual staff": "casual",
    "agency staff": "agency",
    "volunteers": "volunteers",
}


# Built once, since many pages ask for it.
_OWN = (
    select(Category)
    .where(Category.organisation_id == bindparam("organisation_id"))
    .order_by(Category.position, Category.id)
)


def add_default_categories(session: Session, scope: Scope, actor: Actor, *, now: dt.datetime) -> list[Category]:
    """Give a school the ten categories; those it has by name are left as they are."""
    lock(session, scope)
    there = {category.name_key for category in categories(session, scope)}
    return [
        add_category(session, scope, actor, name=name, code=code, now=now)
        for name, code in DEFAULTS.items()
        if fold(name) not in there
    ]


def add_category(
    session: Session, scope: Scope, actor: Actor, *, name: str, code: str | None = None, now: dt.datetime
) -> Category:
    """Add a category, after those that are there.

    Raises:
        Refusal: for no name, one too long, or one that another category has.
    """
    lock(session, scope)
    there = categories(session, scope)
    refuse_if(objections_to_name(name, "the category's name", {category.name_key for category in there}))
    position = max((category.position for category in there), default=0) + 1
    category = Category(
        organisation_id=scope.organisation_id, name=tidy(name), name_key=fold(name), code=code, position=position
    )
    session.add(category)
    session.flush()
    ids, payload = {"category": category.public_id}, {"name": category.name, "code": code}
    record(session, scope, actor, CATEGORY_ADDED, ids=ids, payload=payload, now=now)
    return category


def rename_category(
    session: Session, scope: Scope, actor: Actor, category: Category, *, name: str, now: dt.datetime
) -> Category:
    """Call a category something else, such as "supply" for agency staff; who is in it does not change.

    Raises:
        Refusal: as `add_category`.
    """
    lock(session, scope)
    others = {other.name_key for other in categories(session, scope) if other.id != category.id}
    refuse_if(objections_to_name(name, "the category's name", others))
    if tidy(name) != category.name:
        before, category.name, category.name_key = category.name, tidy(name), fold(name)
        session.flush()
        ids, payload = {"category": category.public_id}, {"before": before, "after": category.name}
        record(session, scope, actor, CATEGORY_RENAMED, ids=ids, payload=payload, now=now)
    return category


def categories(session: Session, scope: Scope) -> list[Category]:
    """The school's categories in its order."""
    return list(session.scalars(_OWN, {"organisation_id": scope.organisation_id}))


def heads_on(session: Session, scope: Scope, day: dt.date) -> dict[int, int]:
    """How many people are in each category on a day, by the category's id; one that nobody is in is left out."""
    query = (
        select(Engagement.category_id, func.count(Engagement.person_id.distinct()))
        .where(
            Engagement.organisation_id == scope.organisation_id,
            Engagement.started_on <= day,
            or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day),
        )
        .group_by(Engagement.category_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
