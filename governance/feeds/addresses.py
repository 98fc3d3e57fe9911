"""The private address of somebody's calendar: made, shown once, replaced, revoked; and whose calendar one is.

The secret is in the address and nowhere else; here is its hash. It works until it is replaced or revoked, and as long as its
account does and holds anything at the school.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.links import tidied
from governance.accounts.models import Account
from governance.accounts.sessions import hashed
from governance.accounts.standing import Standing, standing_at
from governance.errors import Refusal
from governance.feeds.models import CalendarFeed
from governance.journal.actions import record
from governance.journal.events import Event
from governance.tenancy import Actor, Organisation, Scope, lock

FEED_MADE = Event("calendar address made", ids=("feed",))
FEED_ENDED = Event("calendar address ended", ids=("feed",), payload=("why",))


@dataclass(frozen=True)
class Whose:
    """Whose calendar an address shows: their standing at the school now, and since when the address has worked."""

    standing: Standing
    made_at: dt.datetime


def make_address(session: Session, scope: Scope, actor: Actor, now: dt.datetime) -> str:
    """A new address for whoever acts; the secret that goes into it. The one before stops working."""
    lock(session, scope)
    before = current_feed(session, scope, actor)
    if before is not None:
        _end(session, scope, actor, before, "replaced", now)
    token = secrets.token_urlsafe(32)
    made = CalendarFeed(
        organisation_id=scope.organisation_id, account_id=actor.account_id, token_sha256=hashed(token), made_at=now
    )
    session.add(made)
    session.flush()
    record(session, scope, actor, FEED_MADE, ids={"feed": made.public_id}, now=now)
    return token


def revoke_address(session: Session, scope: Scope, actor: Actor, now: dt.datetime) -> None:
    """Stop the address of whoever acts.

    Raises:
        Refusal: where there is none.
    """
    lock(session, scope)
    current = current_feed(session, scope, actor)
    if current is None:
        raise Refusal.one("You have no calendar address, so there is nothing to stop.")
    _end(session, scope, actor, current, "revoked", now)


def current_feed(session: Session, scope: Scope, actor: Actor) -> CalendarFeed | None:
    """The address that works for whoever acts, if there is one."""
    return session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.organisation_id == scope.organisation_id,
            CalendarFeed.account_id == actor.account_id,
            CalendarFeed.revoked_at.is_(None),
        )
    )


def whose(session: Session, typed: str, now: dt.datetime) -> Whose | None:
    """Whose calendar an address shows; None for one that was revoked, cut short or made up, or of a leaver. It only looks."""
    found = session.execute(
        select(CalendarFeed, Account, Organisation.slug)
        .join(Account, Account.id == CalendarFeed.account_id)
        .join(Organisation, Organisation.id == CalendarFeed.organisation_id)
        .where(
            CalendarFeed.token_sha256 == hashed(tidied(typed)),
            CalendarFeed.revoked_at.is_(None),
            Account.active.is_(True),
        )
    ).one_or_none()
    if found is None:
        return None
    feed, account, slug = found
    standing = standing_at(session, account, slug, now=now)
    return Whose(standing, feed.made_at) if standing is not None else None


def _end(session: Session, scope: Scope, actor: Actor, feed: CalendarFeed, why: str, now: dt.datetime) -> None:
    feed.revoked_at = now
    session.flush()
    record(session, scope, actor, FEED_ENDED, ids={"feed": feed.public_id}, payload={"why": why}, now=now)
