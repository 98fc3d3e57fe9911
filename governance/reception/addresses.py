"""The address on the poster: a long secret that anybody at reception may read, and that is replaced at once when it must be.

The secret is worked out from the address's public id and the installation's key, so that the poster can be printed again
and the database still holds no more than its hash.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.links import tidied
from governance.accounts.sessions import hashed
from governance.errors import Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.reception.models import ReceptionAddress
from governance.tenancy import Actor, Organisation, Scope, lock, new_public_id, scope_of

ADDRESS_MADE = Event("reception address made", ids=("address",), payload=())
ADDRESS_ENDED = Event("reception address ended", ids=("address",), payload=())


def secret_of(key: str, public_id: str) -> str:
    """The secret of an address: 43 letters, figures, hyphens and underscores.

    Raises:
        ValueError: for no key, with which anybody could work it out.
    """
    if not key:
        raise ValueError("a reception address needs the installation's key")
    digest = hmac.digest(key.encode(), f"countersign reception {public_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def make_address(session: Session, scope: Scope, actor: Actor, key: str, *, now: dt.datetime) -> ReceptionAddress:
    """A new address. The one before it stops working with this."""
    lock(session, scope)
    before = current_address(session, scope)
    if before is not None:
        _end(session, scope, actor, before, now)
    public_id = new_public_id()
    made = ReceptionAddress(
        organisation_id=scope.organisation_id,
        public_id=public_id,
        token_sha256=hashed(secret_of(key, public_id)),
        made_at=now,
        made_by=actor.label,
    )
    session.add(made)
    session.flush()
    record(session, scope, actor, ADDRESS_MADE, ids={"address": public_id}, now=now)
    return made


def end_address(session: Session, scope: Scope, actor: Actor, *, now: dt.datetime) -> None:
    """Stop the address without a new one.

    Raises:
        Refusal: where there is none.
    """
    lock(session, scope)
    current = current_address(session, scope)
    if current is None:
        raise Refusal.one("There is no address at reception, so there is nothing to stop.")
    _end(session, scope, actor, current, now)


def current_address(session: Session, scope: Scope) -> ReceptionAddress | None:
    """The address that works now."""
    return session.scalars(
        select(ReceptionAddress)
        .where(ReceptionAddress.organisation_id == scope.organisation_id, ReceptionAddress.ended_at.is_(None))
        .order_by(ReceptionAddress.id.desc())
    ).first()


def printable_secret(address: ReceptionAddress, key: str) -> str | None:
    """The secret for the poster; None where the installation's key was changed since, so that it cannot be known."""
    secret = secret_of(key, address.public_id)
    return secret if hashed(secret) == address.token_sha256 else None


def school_at(session: Session, typed: str) -> tuple[Scope, str | None] | None:
    """The school of an address that works, with its colour; None for one that was replaced, cut short or never made."""
    found = session.execute(
        select(Organisation)
        .join(ReceptionAddress, ReceptionAddress.organisation_id == Organisation.id)
        .where(ReceptionAddress.token_sha256 == hashed(tidied(typed)), ReceptionAddress.ended_at.is_(None))
    ).scalar_one_or_none()
    return (scope_of(found), found.colour) if found is not None else None


def _end(session: Session, scope: Scope, actor: Actor, address: ReceptionAddress, now: dt.datetime) -> None:
    address.ended_at = now
    session.flush()
    record(session, scope, actor, ADDRESS_ENDED, ids={"address": address.public_id}, now=now)
