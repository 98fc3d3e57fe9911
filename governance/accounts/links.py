"""One-time links and codes: a secret that is shown once, kept as its hash, and good for one act until a day."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.accounts.models import Account, OneTimeLink
from governance.accounts.sessions import hashed
from governance.accounts.standing import standing_at
from governance.people.references import ALPHABET
from governance.tenancy import Organisation

SET_UP, PASSWORD = "set_up", "password"  # purposes
LINK_LASTS = dt.timedelta(days=14)
CODE_LASTS = dt.timedelta(hours=24)

# What mail programs and people leave at the end of an address: ">", ".", a bracket, a space.
_TOKEN = re.compile(r"[A-Za-z0-9_-]*")
# As long as 32 random bytes are in URL-safe base 64.
_TOKEN_LENGTH = 43
_CODE_LENGTH = 12


def tidied(typed: str) -> str:
    """The token itself, from what arrived in the address."""
    found = _TOKEN.match(typed.strip())
    return found[0] if found else ""


def is_whole(typed: str) -> bool:
    """Whether what arrived has the form of a token at all."""
    return len(tidied(typed)) == _TOKEN_LENGTH


def make_link(
    session: Session,
    account: Account,
    organisation_id: int,
    *,
    made_by: str,
    now: dt.datetime,
    token: str | None = None,
) -> str:
    """A new link by which somebody sets their password; earlier ones of the same account stop working.

    `token` is its secret where a mail brings it, which knows its own.
    """
    _void(session, PASSWORD, account.id, now)
    token = token or secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_sha256=hashed(token),
            purpose=PASSWORD,
            account_id=account.id,
            organisation_id=organisation_id,
            created_at=now,
            expires_at=now + LINK_LASTS,
            made_by=made_by,
        )
    )
    session.flush()
    return token


def make_set_up_code(session: Session, *, now: dt.datetime) -> str:
    """A new code for setting up the first school, in letters that print well; earlier ones stop working."""
    _void(session, SET_UP, None, now)
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))
    session.add(OneTimeLink(token_sha256=hashed(drawn), purpose=SET_UP, created_at=now, expires_at=now + CODE_LASTS))
    session.flush()
    return "-".join(drawn[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def account_of(session: Session, typed: str, *, now: dt.datetime) -> tuple[OneTimeLink, Account] | None:
    """Whose password a link sets; None for a link that is used, too old, cut short, or of somebody who has left.

    It only looks: opening a link spends nothing, since mail programs open links too.
    """
    found = session.execute(
        select(OneTimeLink, Account, Organisation.slug)
        .join(Account, Account.id == OneTimeLink.account_id)
        .join(Organisation, Organisation.id == OneTimeLink.organisation_id)
        .where(
            OneTimeLink.token_sha256 == hashed(tidied(typed)),
            OneTimeLink.purpose == PASSWORD,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            Account.active.is_(True),
        )
    ).one_or_none()
    if found is None or standing_at(session, found[1], found[2], now=now) is None:
        return None
    return found[0], found[1]


def spend(session: Session, link: OneTimeLink, *, now: dt.datetime) -> bool:
    """Use a link up; False where somebody else just did."""
    spent = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    return session.execute(spent.values(used_at=now).returning(OneTimeLink.id)).one_or_none() is not None


def spend_set_up_code(session: Session, typed: str, *, now: dt.datetime) -> bool:
    """Use the set-up code up; False for one that is wrong, used or too old. Case, spaces and hyphens do not matter."""
    bare = "".join(character for character in typed.upper() if character.isalnum())
    spent = update(OneTimeLink).where(
        OneTimeLink.token_sha256 == hashed(bare),
        OneTimeLink.purpose == SET_UP,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    return session.execute(spent.values(used_at=now).returning(OneTimeLink.id)).one_or_none() is not None


def _void(session: Session, purpose: str, account_id: int | None, now: dt.datetime) -> None:
    whose = OneTimeLink.account_id.is_(None) if account_id is None else OneTimeLink.account_id == account_id
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, whose, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
