"""What waits, what went, what failed and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.mail.models import Outbox, OutboxAttachment
from governance.mail.private import MARK
from governance.storage.models import Document
from governance.tenancy import Scope

OPEN_STATES = ("queued", "sending", "uncertain")
MAIL_COLUMNS = (
    Outbox.public_id,
    Outbox.kind,
    Outbox.cause,
    Outbox.to_address,
    Outbox.to_person,
    Outbox.subject,
    Outbox.state,
    Outbox.queued_at,
    Outbox.next_try_at,
    Outbox.ended_at,
    Outbox.attempts,
    Outbox.reason,
)


@dataclass(frozen=True)
class MailLine:
    """One mail as a list shows it. `reason` says why it was refused, or why it is still waiting."""

    public_id: str
    kind: str
    cause: str | None
    to_address: str
    to_person: str | None
    subject: str
    state: str
    queued_at: dt.datetime
    next_try_at: dt.datetime
    ended_at: dt.datetime | None
    attempts: int
    reason: str | None

    @property
    def in_words(self) -> str:
        """The state as a person would say it."""
        if self.state == "uncertain" and self.ended_at is None:
            return "not known whether it arrived; will be sent once more"
        return _IN_WORDS[self.state]

    @property
    def can_be_undone(self) -> bool:
        """Whether it has not left yet."""
        return self.state == "queued"

    @property
    def can_be_sent_again(self) -> bool:
        """Whether it ended without being accepted."""
        return self.state in ("refused", "uncertain") and self.ended_at is not None


_IN_WORDS = {
    "queued": "waiting to be sent",
    "sending": "being sent",
    "accepted": "sent",
    "uncertain": "not known whether it arrived",
    "refused": "refused",
    "undone": "taken back",
}


@dataclass(frozen=True)
class WholeMail:
    """One mail to be read on screen: its line, its words, its files as (name, size, document's public id)."""

    line: MailLine
    text: str
    html: str
    message_id: str
    files: tuple[tuple[str, int, str], ...]

    @property
    def is_private(self) -> bool:
        """Whether it brings a link that only its reader may know, which is not shown and not sent again."""
        return MARK in self.text

    @property
    def can_be_sent_again(self) -> bool:
        """Whether it ended without being accepted, and still says what holds."""
        return self.line.can_be_sent_again and not self.is_private


@dataclass(frozen=True)
class Waiting:
    """What has not gone yet: how many, since when, and why the last attempt failed (None: not tried, or no trouble)."""

    count: int
    oldest_queued_at: dt.datetime | None
    reason: str | None


def waiting(session: Session, scope: Scope, now: dt.datetime) -> Waiting:
    """Mail of this school that should have left by now and has not. For home and for status."""
    mine = (
        select(func.count(), func.min(Outbox.queued_at), func.max(Outbox.reason))
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.ended_at.is_(None))
        .where(Outbox.next_try_at <= now)
    )
    late = session.execute(mine).one()
    return Waiting(*late)


def refused_since(session: Session, scope: Scope, since: dt.datetime) -> int:
    """How many mails of this school were refused for good since then."""
    mine = select(func.count()).where(
        Outbox.organisation_id == scope.organisation_id, Outbox.state == "refused", Outbox.ended_at >= since
    )
    return session.scalar(mine) or 0


def mails(
    session: Session, scope: Scope, *, limit: int = 100, cause: str | None = None, without: Collection[str] = ()
) -> list[MailLine]:
    """The latest mails of this school, newest first; of one run where `cause` names it; but for the kinds left out."""
    chosen = select(*MAIL_COLUMNS).where(Outbox.organisation_id == scope.organisation_id)
    if cause is not None:
        chosen = chosen.where(Outbox.cause == cause)
    if without:
        chosen = chosen.where(Outbox.kind.not_in(tuple(without)))
    rows = session.execute(chosen.order_by(Outbox.queued_at.desc(), Outbox.id.desc()).limit(limit))
    return [mail_line(row) for row in rows]


def mail(session: Session, scope: Scope, public_id: str) -> WholeMail:
    """One mail with its words.

    Raises:
        NotFound: when this school has no such mail.
    """
    row = session.execute(
        select(*MAIL_COLUMNS, Outbox.id, Outbox.text, Outbox.html, Outbox.message_id).where(
            Outbox.organisation_id == scope.organisation_id, Outbox.public_id == public_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(public_id)
    files = session.execute(
        select(OutboxAttachment.filename, Document.size, Document.public_id)
        .join(Document, Document.id == OutboxAttachment.document_id)
        .where(OutboxAttachment.organisation_id == scope.organisation_id, OutboxAttachment.outbox_id == row.id)
        .order_by(OutboxAttachment.filename)
    )
    return WholeMail(mail_line(row), row.text, row.html, row.message_id, tuple((f[0], f[1], f[2]) for f in files))


def outbox_age(session: Session, now: dt.datetime) -> dt.timedelta | None:
    """How long the oldest mail of any school, due by now, has been waiting; None when none does. For status."""
    oldest = session.scalar(
        select(func.min(Outbox.next_try_at)).where(Outbox.ended_at.is_(None), Outbox.next_try_at <= now)
    )
    return None if oldest is None else now - oldest


def mail_line(row: Sequence[Any]) -> MailLine:
    """A row that begins with `MAIL_COLUMNS`, as lists show it."""
    # The columns are in the order of the fields.
    return MailLine(*tuple(row)[: len(MAIL_COLUMNS)])
