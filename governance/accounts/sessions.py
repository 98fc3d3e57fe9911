"""Signed-in browsers: a row each, so that a session ends when we say so and not when its cookie does."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.accounts.models import Account, SignedIn

LONGEST = dt.timedelta(hours=12)
IDLE = dt.timedelta(minutes=30)


def hashed(token: str) -> str:
    """What is kept of a token: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_session(session: Session, account: Account, *, now: dt.datetime) -> str:
    """Remember a browser as signed in for at most twelve hours; the token for its cookie."""
    token = secrets.token_urlsafe(32)
    row = SignedIn(token_sha256=hashed(token), account_id=account.id, created_at=now, expires_at=now + LONGEST)
    session.add(row)
    session.flush()
    return token


def signed_in_as(session: Session, token: str, uniquifier: str, *, now: dt.datetime) -> Account | None:
    """The account behind a session that is still good. A new password changes the uniquifier, so ends older sessions."""
    return session.scalar(
        select(Account)
        .join(SignedIn, SignedIn.account_id == Account.id)
        .where(
            SignedIn.token_sha256 == hashed(token),
            SignedIn.ended_at.is_(None),
            SignedIn.expires_at > now,
            Account.fs_uniquifier == uniquifier,
            Account.active.is_(True),
        )
    )


def end_session(session: Session, token: str, *, now: dt.datetime) -> None:
    """End one browser's session."""
    session.execute(
        update(SignedIn).where(SignedIn.token_sha256 == hashed(token), SignedIn.ended_at.is_(None)).values(ended_at=now)
    )


def end_all_sessions(session: Session, account: Account, *, now: dt.datetime) -> None:
    """End every session of an account, such as when it is deactivated."""
    session.execute(
        update(SignedIn).where(SignedIn.account_id == account.id, SignedIn.ended_at.is_(None)).values(ended_at=now)
    )
