"""Wrong tries at a password or code, counted for every process together.

    take a turn    one short transaction: count, refuse or put down a try, commit
    verify         slow, outside any transaction
    forget         after a right password the account's tries are taken away again

A try is put down before it is judged, so that many at once cannot all slip under the limit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from governance.accounts.models import SignInAttempt
from governance.accounts.rules import (
    BY_ACCOUNT,
    BY_ADDRESS,
    BY_CALENDAR,
    BY_PACK_LINK,
    BY_POSTER,
    BY_TABLET,
    BY_VISIT,
    WINDOW,
    Pace,
    closed_until,
)

Turns = dict[str, Pace]


def by_email(email: str, address: str) -> Turns:
    """What a try at an account counts for. An e-mail nobody has counts as one somebody has."""
    return {_key("account", email.strip().casefold()): BY_ACCOUNT, _key("address", address): BY_ADDRESS}


def by_set_up_code(address: str) -> Turns:
    """What a try at the set-up code counts for."""
    return {_key("set-up", ""): BY_ACCOUNT, _key("address", address): BY_ADDRESS}


def by_poster(poster: str, address: str) -> Turns:
    """What beginning a visit counts for: the address on the poster, and the network it is sent from."""
    return {_key("poster", poster): BY_POSTER, _key("visitor", address): BY_ADDRESS}


def by_visit(visit: str) -> Turns:
    """What an act of one visit counts for."""
    return {_key("visit", visit): BY_VISIT}


def by_calendar(address: str) -> Turns:
    """What asking for a calendar that is not there counts for: the network it is asked from."""
    return {_key("calendar", address): BY_CALENDAR}


def by_pack_link(address: str) -> Turns:
    """What opening a link to a pack that does not work counts for: the network it is opened from."""
    return {_key("pack link", address): BY_PACK_LINK}


def by_number(tablet: str, number: str) -> Turns:
    """What a name and number typed at a shared tablet count for: the number, whoever has it, and the tablet."""
    return {_key("number", f"{tablet} {number.strip().casefold()}"): BY_ACCOUNT, _key("tablet", tablet): BY_TABLET}


def take_turn(session: Session, turns: Turns, *, now: dt.datetime) -> dt.datetime | None:
    """Put a try down under every key, or say until when none is looked at. Commit before judging the try."""
    _one_at_a_time(session, turns)
    waits = [closed_until(_tries(session, key, now), pace, now) for key, pace in turns.items()]
    until = max((wait for wait in waits if wait), default=None)
    if until is None:
        session.add_all(SignInAttempt(key=key, at=now) for key in turns)
        session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_(turns), SignInAttempt.at < now - WINDOW))
        session.flush()
    return until


def forget(session: Session, turns: Turns, *, now: dt.datetime) -> None:
    """After a right answer: the account starts afresh, and the address is not charged for this try."""
    for key, pace in turns.items():
        mine = SignInAttempt.key == key
        session.execute(delete(SignInAttempt).where(mine if pace is BY_ACCOUNT else mine & (SignInAttempt.at == now)))


def wait_in_words(until: dt.datetime, now: dt.datetime) -> str:
    """The refusal that a person reads."""
    return f"There were too many wrong tries. Wait {_minutes(until, now)}, then try again."


def busy_in_words(until: dt.datetime, now: dt.datetime) -> str:
    """The refusal that a visitor reads, who did nothing wrong."""
    return f"Many people are using this just now. Wait {_minutes(until, now)} and try again, or ask at reception."


def _minutes(until: dt.datetime, now: dt.datetime) -> str:
    minutes = max(1, math.ceil((until - now).total_seconds() / 60))
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"


def _tries(session: Session, key: str, now: dt.datetime) -> list[dt.datetime]:
    statement = select(SignInAttempt.at).where(SignInAttempt.key == key, SignInAttempt.at > now - WINDOW)
    return list(session.scalars(statement.order_by(SignInAttempt.at)))


def _one_at_a_time(session: Session, turns: Turns) -> None:
    """Counting and putting down must not interleave. SQLite's writers already take turns."""
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(turns):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
