"""Posts that own policies, and who holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import Objection, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people import rules
from governance.people.models import Person, Post, PostHolder
from governance.people.rules import Term
from governance.schools.names import fold, tidy
from governance.schools.rules import objections_to_name
from governance.tenancy import Actor, Scope, lock

POST_MADE = Event("post made", ids=("post",), payload=("name",))
POST_RENAMED = Event("post renamed", ids=("post",), payload=("before", "after"))
POST_ENDED = Event("post ended", ids=("post",), payload=("ended_on",))
POST_TAKEN = Event("post taken", ids=("post", "person", "holding"), payload=("from_on", "until_on"))
POST_VACATED = Event("post vacated", ids=("post", "person", "holding"), payload=("until_on",))


def make_post(session: Session, scope: Scope, actor: Actor, *, name: str, now: dt.datetime) -> Post:
    """Set up a post, such as designated safeguarding lead. It is vacant at first.

    Raises:
        Refusal: for no name, one too long, or one that another post has.
    """
    lock(session, scope)
    refuse_if(objections_to_name(name, "the post's name", _names(session, scope)))
    post = Post(organisation_id=scope.organisation_id, name=tidy(name), name_key=fold(name))
    session.add(post)
    session.flush()
    record(session, scope, actor, POST_MADE, ids={"post": post.public_id}, payload={"name": post.name}, now=now)
    return post


def rename_post(session: Session, scope: Scope, actor: Actor, post: Post, *, name: str, now: dt.datetime) -> Post:
    """Call a post something else; its holders and policies stay.

    Raises:
        Refusal: as `make_post`.
    """
    lock(session, scope)
    refuse_if(objections_to_name(name, "the post's name", _names(session, scope) - {post.name_key}))
    if tidy(name) != post.name:
        before, post.name, post.name_key = post.name, tidy(name), fold(name)
        session.flush()
        payload = {"before": before, "after": post.name}
        record(session, scope, actor, POST_RENAMED, ids={"post": post.public_id}, payload=payload, now=now)
    return post


def end_post(session: Session, scope: Scope, actor: Actor, post: Post, *, ended_on: dt.date, now: dt.datetime) -> Post:
    """Say that a post no longer exists after this day; whoever holds it then ceases to.

    Raises:
        Refusal: for a day out of range, or a holder who only starts after it.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    refuse_if(rules.objections_to_days(ended_on, None, today, ("ended_on", "ended_on"), "The last day"))
    for holding in _holdings(session, post.id):
        if Term(holding.from_on, holding.until_on).meets(Term(ended_on + dt.timedelta(days=1))):
            vacate_post(session, scope, actor, holding, until_on=ended_on, now=now)
    post.ended_on = ended_on
    session.flush()
    ids, payload = {"post": post.public_id}, {"ended_on": ended_on.isoformat()}
    record(session, scope, actor, POST_ENDED, ids=ids, payload=payload, now=now)
    return post


def hold_post(
    session: Session,
    scope: Scope,
    actor: Actor,
    post: Post,
    person: Person,
    *,
    from_on: dt.date,
    until_on: dt.date | None = None,
    now: dt.datetime,
) -> PostHolder:
    """Give a post to somebody. A post has one holder: whoever had it before ceases the day before.

    Raises:
        Refusal: for impossible days, or a holder whose own term starts later.
    """
    lock(session, scope)
    term = Term(from_on, until_on)
    today = local_day(now, scope.time_zone)
    refuse_if(rules.objections_to_days(from_on, until_on, today, ("from_on", "until_on"), "The last day"))
    overlapping = [held for held in _holdings(session, post.id) if Term(held.from_on, held.until_on).meets(term)]
    refuse_if(_objections_to_holding(session, post, person, from_on, overlapping))
    for earlier in overlapping:
        vacate_post(session, scope, actor, earlier, until_on=from_on - dt.timedelta(days=1), now=now)
    holding = PostHolder(
        organisation_id=scope.organisation_id, post_id=post.id, person_id=person.id, from_on=from_on, until_on=until_on
    )
    session.add(holding)
    session.flush()
    ids = {"post": post.public_id, "person": person.public_id, "holding": holding.public_id}
    payload = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat() if until_on else None}
    record(session, scope, actor, POST_TAKEN, ids=ids, payload=payload, now=now)
    return holding


def vacate_post(
    session: Session, scope: Scope, actor: Actor, holding: PostHolder, *, until_on: dt.date, now: dt.datetime
) -> PostHolder:
    """End somebody's holding of a post; `until_on` is the last day of it.

    Raises:
        Refusal: for a last day before the first.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    refuse_if(rules.objections_to_days(holding.from_on, until_on, today, ("from_on", "until_on"), "The last day"))
    holding.until_on = until_on
    session.flush()
    post, person = session.get_one(Post, holding.post_id), session.get_one(Person, holding.person_id)
    ids = {"post": post.public_id, "person": person.public_id, "holding": holding.public_id}
    record(session, scope, actor, POST_VACATED, ids=ids, payload={"until_on": until_on.isoformat()}, now=now)
    return holding


def _objections_to_holding(
    session: Session, post: Post, person: Person, from_on: dt.date, overlapping: list[PostHolder]
) -> Iterator[Objection]:
    if post.ended_on is not None and from_on > post.ended_on:
        yield Objection(f"The post ended on {day_in_words(post.ended_on)}.", "from_on")
    for held in overlapping:
        name = rules.full_name(*_name(session, held.person_id))
        if held.person_id == person.id:
            yield Objection(f"{name} holds this post from {day_in_words(held.from_on)} already.", "person")
        elif held.from_on >= from_on:
            yield Objection(
                f"{name} holds this post from {day_in_words(held.from_on)}. Choose a later day, or a last day before that.",
                "from_on",
            )


def _name(session: Session, person_id: int) -> tuple[str, str]:
    person = session.get_one(Person, person_id)
    return person.given_name, person.family_name


def _holdings(session: Session, post_id: int) -> list[PostHolder]:
    query = select(PostHolder).where(PostHolder.post_id == post_id)
    return list(session.scalars(query.order_by(PostHolder.from_on, PostHolder.id)))


def _names(session: Session, scope: Scope) -> set[str]:
    return set(session.scalars(select(Post.name_key).where(Post.organisation_id == scope.organisation_id)))
