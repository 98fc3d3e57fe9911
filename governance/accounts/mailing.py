"""One-time links by mail: the link is in the mail its reader gets and nowhere else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.accounts import links
from governance.accounts.models import Account
from governance.clock import local_day
from governance.errors import Refusal
from governance.mail.actions import queue, take_back_waiting
from governance.mail.compose import compose
from governance.mail.headers import address
from governance.mail.private import MARK, private_word
from governance.tenancy import Scope, new_public_id

KIND = "one_time_link"


@dataclass(frozen=True)
class Mailing:
    """What a mailed link needs of the installation: where its pages are, and its key. `base_url` ends without a slash."""

    base_url: str
    key: str


def can_be_mailed(sign_in_name: str) -> bool:
    """Whether what somebody signs in with is an address that mail can be sent to, and not a printed reference."""
    try:
        return bool(address(sign_in_name))
    except Refusal:
        return False


def make(
    session: Session,
    scope: Scope,
    account: Account,
    *,
    by: str,
    name: str = "",
    mailing: Mailing | None = None,
    now: dt.datetime,
) -> str | None:
    """A new link for an account; earlier ones stop working, and mails that still wait with one are taken back.

    Returns:
        The secret, to be shown once; None where it goes by mail, since then nobody but its reader is to know it.

    Raises:
        Refusal: when it is to be mailed and the account has no address.
    """
    take_back_waiting(session, scope, KIND, account.email, "A newer link was made.", now)
    if mailing is None:
        return links.make_link(session, account, scope.organisation_id, made_by=by, now=now)
    if not can_be_mailed(account.email):
        raise Refusal.one(f"{account.email} is no e-mail address. Print a slip instead.", "way")
    mail = _queue(session, scope, account, name, mailing, now)
    token = private_word(mailing.key, mail)
    links.make_link(session, account, scope.organisation_id, made_by=by, now=now, token=token)
    return None


def _queue(session: Session, scope: Scope, account: Account, name: str, mailing: Mailing, now: dt.datetime) -> str:
    values = {
        "name": name,
        "signs_in_as": account.email,
        "first": account.password is None,
        "link": f"{mailing.base_url}/link/{MARK}",
        "until": local_day(now + links.LINK_LASTS, scope.time_zone),
    }
    letter = compose(KIND, to=account.email, school=scope.name, values=values)
    queued = queue(session, scope, letter, dedupe_key=f"{KIND}:{new_public_id()}", now=now)
    if queued is None:
        raise ValueError("a key made a moment ago was there already")
    return queued
