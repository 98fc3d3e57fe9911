"""The outbox: a mail is a row, written in the transaction of its cause, so that neither exists without the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from governance.db import insert_all_once, insert_once
from governance.errors import NotFound, Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.compose import Letter
from governance.mail.headers import address, filename, header_text
from governance.mail.hours import leaves_at
from governance.mail.models import Outbox, OutboxAttachment
from governance.mail.private import MARK
from governance.storage.actions import Bytes, keep_all
from governance.tenancy import Actor, Scope, lock, new_public_id

LONGEST_KEY = 200

MAIL_UNDONE = Event("mail undone", ids=("mail",), payload=("kind", "to", "subject"))
MAILS_UNDONE = Event("mails of a run undone", ids=("run",), payload=("mails",))
MAIL_SENT_AGAIN = Event("mail sent again", ids=("mail",), payload=("kind", "to", "subject"))

_outbox = cast(Table, Outbox.__table__)
_attachment = cast(Table, OutboxAttachment.__table__)


def queue(
    session: Session,
    scope: Scope,
    letter: Letter,
    *,
    dedupe_key: str,
    now: dt.datetime,
    cause_run: str | None = None,
    not_before: dt.datetime | None = None,
) -> str | None:
    """Queue a letter in the cause's transaction; its public id, or None where the same one is queued or sent already.

    Args:
        session: the transaction of the cause, which holds the organisation's lock.
        scope: the school it is sent for.
        letter: what to say to whom.
        dedupe_key: the same for the same cause and person, within the school.
        now: the present instant.
        cause_run: public id of the run that caused it.
        not_before: when it may leave at the earliest; until then it can be undone.

    Raises:
        Refusal: when the address or subject cannot be sent.
    """
    key = f"{scope.organisation_id}:{dedupe_key}"
    if len(key) > LONGEST_KEY:
        raise ValueError(f"a mail's key is longer than {LONGEST_KEY} characters: {key!r}")
    values = _waiting(scope, letter, max(now, not_before or now)) | {
        "dedupe_key": key,
        "cause": cause_run,
        "queued_at": now,
    }
    row = insert_once(session, _outbox, values)
    if row is None:
        return None
    _attach(session, scope, row.id, letter, now)
    return str(values["public_id"])


def queue_all(
    session: Session,
    scope: Scope,
    letters: Mapping[str, Letter],
    *,
    now: dt.datetime,
    cause_run: str,
    not_before: dt.datetime,
) -> dict[str, int]:
    """Queue many letters without files at once, by their dedupe keys; the new rows' ids by key. As `queue` otherwise."""
    prefix = f"{scope.organisation_id}:"
    rows = []
    for key, letter in letters.items():
        if letter.attachments or len(prefix + key) > LONGEST_KEY:
            raise ValueError(f"not to be queued among many: {key!r}")
        about = {"dedupe_key": prefix + key, "cause": cause_run, "queued_at": now}
        rows.append(_waiting(scope, letter, max(now, not_before)) | about)
    return {key.removeprefix(prefix): row_id for key, row_id in insert_all_once(session, _outbox, rows, "dedupe_key")}


def _waiting(scope: Scope, letter: Letter, leaves: dt.datetime) -> dict[str, object]:
    """The columns of a letter that waits."""
    return {
        "organisation_id": scope.organisation_id,
        "public_id": new_public_id(),
        "kind": letter.kind,
        "to_address": address(letter.to),
        "to_person": letter.to_person,
        "subject": header_text(letter.subject),
        "text": letter.text,
        "html": letter.html,
        # Made at the first attempt, when the sender's domain is known, and never changed afterwards.
        "message_id": "",
        "state": "queued",
        "next_try_at": leaves_at(letter.kind, leaves, scope.time_zone),
    }


def undo(session: Session, scope: Scope, actor: Actor, public_id: str, now: dt.datetime) -> None:
    """Take back a mail that has not left yet.

    Raises:
        NotFound: when this school has no such mail.
        Refusal: when it has left, or is on its way.
    """
    lock(session, scope)
    taken = session.execute(
        update(Outbox)
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.public_id == public_id)
        .where(Outbox.state == "queued", Outbox.claim.is_(None))
        .values(state="undone", ended_at=now, reason=f"Taken back by {actor.label} before it left.")
        .returning(Outbox.kind, Outbox.to_address, Outbox.subject)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        _must_exist(session, scope, public_id)
        raise Refusal.one("This mail cannot be taken back: it has left, or it is on its way.")
    content = {"kind": taken.kind, "to": taken.to_address, "subject": taken.subject}
    record(session, scope, actor, MAIL_UNDONE, ids={"mail": public_id}, payload=content, now=now)


def undo_all(session: Session, scope: Scope, actor: Actor, cause: str, now: dt.datetime) -> int:
    """Take back every mail of a run that has not left; how many.

    Raises:
        Refusal: when all of them have left or were taken back.
    """
    lock(session, scope)
    taken = session.execute(
        update(Outbox)
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.cause == cause)
        .where(Outbox.state == "queued", Outbox.claim.is_(None))
        .values(state="undone", ended_at=now, reason=f"Taken back by {actor.label} before it left.")
        .returning(Outbox.public_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        raise Refusal.one("None of these mails waits any more: they have left, or they were taken back.")
    content = {"mails": sorted(row.public_id for row in taken)}
    record(session, scope, actor, MAILS_UNDONE, ids={"run": cause}, payload=content, now=now)
    return len(taken)


def hold_back(session: Session, scope: Scope, kinds: Collection[str], until: dt.datetime) -> None:
    """Let mails of these kinds that could not leave in time wait until an instant, such as the end of a holiday."""
    session.execute(
        update(Outbox)
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.kind.in_(tuple(kinds)))
        .where(Outbox.ended_at.is_(None), Outbox.claim.is_(None), Outbox.next_try_at < until)
        .values(next_try_at=until)
        .execution_options(synchronize_session=False)
    )


def take_back_waiting(session: Session, scope: Scope, kind: str, to: str, reason: str, now: dt.datetime) -> None:
    """Take back every mail of a kind to an address that has not left, since what it says no longer holds.

    The verb that makes it so bears the entry in the journal.
    """
    session.execute(
        update(Outbox)
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.kind == kind, Outbox.to_address == to)
        .where(Outbox.state == "queued", Outbox.claim.is_(None))
        .values(state="undone", ended_at=now, reason=reason)
        .execution_options(synchronize_session=False)
    )


def take_back(session: Session, scope: Scope, public_id: str, reason: str, now: dt.datetime) -> None:
    """Take back one mail where it has not left; the verb that makes it so bears the entry in the journal."""
    session.execute(
        update(Outbox)
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.public_id == public_id)
        .where(Outbox.state == "queued", Outbox.claim.is_(None))
        .values(state="undone", ended_at=now, reason=reason)
        .execution_options(synchronize_session=False)
    )


def send_again(session: Session, scope: Scope, actor: Actor, public_id: str, now: dt.datetime) -> None:
    """Try a refused or uncertain mail anew, for instance after its address or the mail server was put right.

    It keeps its Message-ID, so a mailbox that did get the first copy can tell.

    Raises:
        NotFound: when this school has no such mail.
        Refusal: when it was accepted or taken back, is still being tried, or brings a link that works once.
    """
    lock(session, scope)
    again = session.execute(
        update(Outbox)
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.public_id == public_id)
        .where(Outbox.state.in_(("refused", "uncertain")), Outbox.ended_at.is_not(None), ~Outbox.text.contains(MARK))
        .values(state="queued", ended_at=None, attempts=0, next_try_at=now, claim=None, claimed_until=None)
        .returning(Outbox.kind, Outbox.to_address, Outbox.subject)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if again is None:
        _must_exist(session, scope, public_id)
        raise Refusal.one(
            "Only a mail that was refused, or whose fate is not known, can be sent again, and none that brings somebody's "
            "own link: make a new link instead."
        )
    content = {"kind": again.kind, "to": again.to_address, "subject": again.subject}
    record(session, scope, actor, MAIL_SENT_AGAIN, ids={"mail": public_id}, payload=content, now=now)


def _attach(session: Session, scope: Scope, outbox_id: int, letter: Letter, now: dt.datetime) -> None:
    """Keep the letter's files by their hash and tie them to it under names that differ."""
    if not letter.attachments:
        return
    contents = [Bytes(one.content, one.media_type) for one in letter.attachments]
    documents = keep_all(session, scope, contents, now)
    names = [filename(one.filename) for one in letter.attachments]
    if len(set(names)) != len(names):
        raise ValueError(f"two attachments have the same name: {names}")
    rows = [
        {
            "organisation_id": scope.organisation_id,
            "outbox_id": outbox_id,
            "document_id": documents[content.sha256],
            "filename": name,
        }
        for content, name in zip(contents, names, strict=True)
    ]
    session.execute(insert(_attachment), rows)


def _must_exist(session: Session, scope: Scope, public_id: str) -> None:
    mine = select(Outbox.id).where(Outbox.organisation_id == scope.organisation_id, Outbox.public_id == public_id)
    if session.scalar(mine) is None:
        raise NotFound(public_id)
