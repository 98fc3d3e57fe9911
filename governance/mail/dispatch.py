"""Sending what is due, by whichever process comes first.

    lapsed claims are put right            a process died or slept while sending
    claim one mail, with a lease           its own short transaction, committed
    hand it over                           no transaction, no lock
    record what came of it, if the claim still holds

Several processes may do this at once: a mail is claimed by one. Between the claim and the record lies the only gap in
which a death leaves it unknown whether the mail went; it then goes once more, with the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from governance.db import reading, writing
from governance.errors import Refusal
from governance.mail.compose import Attachment, Letter, message, sender
from governance.mail.deliver import SmtpSettings, send
from governance.mail.headers import address
from governance.mail.hours import OpenOn, is_weekday, leaves_at
from governance.mail.models import Outbox, OutboxAttachment
from governance.mail.outcomes import SERVER_PAUSE, UNCERTAIN_PAUSE, Outcome, Phase, Result, next_pause
from governance.mail.private import filled
from governance.settings import Settings
from governance.storage.models import Document
from governance.tenancy import Organisation, Scope, new_public_id, scope_of

# More than the longest attempt, so that a claim lapses only when its process is gone or was stopped.
SPARE = dt.timedelta(minutes=5)
MOST_AT_ONCE = 500
LONGEST_ROUND = dt.timedelta(minutes=10)

Moment = Callable[[], dt.datetime]
# A school's own days on which mail leaves that can wait for one. School days are known further up.
OpenDays = Callable[[Session, Scope], OpenOn]


@dataclass(frozen=True)
class Post:
    """Where mail is handed over, under which address it goes out, and the key to what only its reader may know."""

    smtp: SmtpSettings
    mailbox: str
    key: str = field(default="", repr=False)

    @property
    def lease(self) -> dt.timedelta:
        """How long a claim holds."""
        return dt.timedelta(seconds=self.smtp.longest_seconds) + SPARE


@dataclass(frozen=True)
class Delivered:
    """How a round went. `trouble` is set when the mail server could not be used at all."""

    accepted: int = 0
    refused: int = 0
    waiting: int = 0
    uncertain: int = 0
    trouble: str | None = None

    @property
    def in_words(self) -> str:
        """The round in a sentence."""
        if self.trouble:
            return f"Mail waits: {self.trouble}"
        return f"Mail: {self.accepted} sent, {self.refused} refused, {self.waiting + self.uncertain} to try again."


@dataclass(frozen=True)
class _Claimed:
    id: int
    public_id: str
    token: str
    state: str
    attempts: int
    message_id: str
    scope: Scope
    letter: Letter
    open_days: OpenDays


def post_of(settings: Settings) -> Post | None:
    """Where mail goes, from the settings; None without SMTP_URL: mail then waits, readable on screen.

    The sender is COUNTERSIGN_MAIL_FROM, else the sign-in name where that is an address, else one at our own host.

    Raises:
        Refusal: in words, when a setting is wrong.
    """
    if settings.smtp_url is None:
        return None
    smtp = SmtpSettings.from_url(settings.smtp_url)
    if settings.mail_from is not None:
        return Post(smtp, address(settings.mail_from), settings.secret_key)
    own_host = settings.host.partition(":")[0]
    for candidate in (smtp.user, f"countersign@{own_host}"):
        try:
            return Post(smtp, address(candidate), settings.secret_key)
        except Refusal:
            continue
    return Post(smtp, "countersign@localhost.localdomain", settings.secret_key)


def weekdays(_session: Session, _scope: Scope) -> OpenOn:
    """Monday to Friday, whatever the school."""
    return is_weekday


def deliver_due(
    post: Post | None, moment: Moment, most: int = MOST_AT_ONCE, open_days: OpenDays = weekdays
) -> Delivered:
    """Send what is due, within an application context. Nothing is raised for what a mail server does.

    Args:
        post: from `post_of`; None leaves everything waiting.
        moment: tells the present instant; asked again for each mail, since a round may take minutes.
        most: how many to try in this round.
        open_days: the days to which what was not taken at once is put off, where it can wait.
    """
    if post is None:
        return Delivered()
    counts = dict.fromkeys(Result, 0)
    began = moment()
    _put_right(began)
    for _ in range(most):
        now = moment()
        claimed = _claim(post, now, open_days) if now - began < LONGEST_ROUND and _any_due(now) else None
        if claimed is None:
            break
        outcome = _attempt(post, claimed, now)
        _record(claimed, outcome, moment())
        counts[outcome.result] += 1
        if outcome.concerns_every_mail:
            return _delivered(counts, outcome.reason)
    return _delivered(counts, None)


def _delivered(counts: dict[Result, int], trouble: str | None) -> Delivered:
    return Delivered(
        counts[Result.ACCEPTED], counts[Result.REFUSED], counts[Result.TEMPORARY], counts[Result.UNCERTAIN], trouble
    )


def _any_due(now: dt.datetime) -> bool:
    """A look without the write lock, since mostly nothing is due."""
    with reading() as session:
        due = select(Outbox.id).where(Outbox.state.in_(("queued", "uncertain")), Outbox.next_try_at <= now)
        return session.scalar(due.where(Outbox.ended_at.is_(None), Outbox.claim.is_(None)).limit(1)) is not None


def _put_right(now: dt.datetime) -> None:
    """Claims that lapsed: a first one makes the mail uncertain and tried once more, a second one ends it."""
    with reading() as session:
        lapsed = Outbox.claim.is_not(None) & (Outbox.claimed_until < now)
        if session.scalar(select(Outbox.id).where(lapsed).limit(1)) is None:
            return
    reason = "The program stopped while sending it, so it may or may not have gone."
    ends = case((Outbox.state == "uncertain", now), else_=None)
    with writing() as session:
        session.execute(
            update(Outbox)
            .where(lapsed, Outbox.state.in_(("sending", "uncertain")))
            .values(state="uncertain", claim=None, claimed_until=None, next_try_at=now, reason=reason, ended_at=ends)
            .execution_options(synchronize_session=False)
        )


def _claim(post: Post, now: dt.datetime, open_days: OpenDays) -> _Claimed | None:
    token = new_public_id()
    domain = post.mailbox.partition("@")[2]
    # The mail's own public id, so that whatever happens in between, each attempt has the same Message-ID.
    fixed = "<" + Outbox.public_id + f"@{domain}>"
    with writing() as session:
        due = (
            select(Outbox.id)
            .where(Outbox.state.in_(("queued", "uncertain")), Outbox.next_try_at <= now)
            .where(Outbox.ended_at.is_(None), Outbox.claim.is_(None))
            .order_by(Outbox.next_try_at, Outbox.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = session.execute(
            update(Outbox)
            .where(Outbox.id == due.scalar_subquery())
            .values(
                # An uncertain mail stays so while it is tried again: a second doubt is told from a first.
                state=case((Outbox.state == "queued", "sending"), else_=Outbox.state),
                claim=token,
                claimed_until=now + post.lease,
                attempts=Outbox.attempts + 1,
                message_id=case((Outbox.message_id == "", fixed), else_=Outbox.message_id),
            )
            .returning(Outbox)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        return None if row is None else _claimed(session, row, token, open_days)


def _claimed(session: Session, row: Outbox, token: str, open_days: OpenDays) -> _Claimed:
    school = session.get_one(Organisation, row.organisation_id)
    files = session.execute(
        select(OutboxAttachment.filename, Document.media_type, Document.bytes)
        .join(Document, Document.id == OutboxAttachment.document_id)
        .where(OutboxAttachment.outbox_id == row.id)
        .order_by(OutboxAttachment.id)
    )
    letter = Letter(
        row.kind, row.to_address, row.subject, row.text, row.html, tuple(_file(*one) for one in files), row.to_person
    )
    scope = scope_of(school)
    return _Claimed(row.id, row.public_id, token, row.state, row.attempts, row.message_id, scope, letter, open_days)


def _file(name: str, media_type: str, content: bytes | None) -> Attachment:
    # Bytes whose retention ended are gone; the mail is refused then, rather than sent without.
    return Attachment(name, "", b"") if content is None else Attachment(name, media_type, content)


def _attempt(post: Post, claimed: _Claimed, now: dt.datetime) -> Outcome:
    if any(not one.media_type for one in claimed.letter.attachments):
        return Outcome(Result.REFUSED, "A file that belongs to it is no longer kept.", Phase.CONTENT)
    try:
        letter = filled(claimed.letter, post.key, claimed.public_id)
        ready = message(letter, sender(claimed.scope.name, post.mailbox), claimed.message_id, now)
    except Refusal as refusal:
        return Outcome(Result.REFUSED, str(refusal), Phase.CONTENT)
    return send(post.smtp, ready)


def _record(claimed: _Claimed, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what came of it, unless the claim has lapsed and another process has put the mail right."""
    with writing() as session:

        def after(pause: dt.timedelta) -> dt.datetime:
            open_on = claimed.open_days(session, claimed.scope)
            return leaves_at(claimed.letter.kind, now + pause, claimed.scope.time_zone, open_on)

        session.execute(
            update(Outbox)
            .where(Outbox.id == claimed.id, Outbox.claim == claimed.token)
            .values(claim=None, claimed_until=None, **_after(claimed, outcome, now, after))
            .execution_options(synchronize_session=False)
        )


def _after(
    claimed: _Claimed, outcome: Outcome, now: dt.datetime, after: Callable[[dt.timedelta], dt.datetime]
) -> dict[str, object]:
    """The columns that follow from an outcome; `after` tells when it may be tried again, a pause from now."""
    before = "uncertain" if claimed.state == "uncertain" else "queued"
    match outcome.result:
        case Result.ACCEPTED:
            return {"state": "accepted", "ended_at": now, "reason": None}
        case Result.REFUSED:
            return {"state": "refused", "ended_at": now, "reason": outcome.reason}
        case Result.UNCERTAIN if before == "uncertain":
            return {"state": "uncertain", "ended_at": now, "reason": outcome.reason}
        case Result.UNCERTAIN:
            return {"state": "uncertain", "next_try_at": after(UNCERTAIN_PAUSE), "reason": outcome.reason}
    if outcome.concerns_every_mail:
        again = {"next_try_at": after(SERVER_PAUSE), "attempts": claimed.attempts - 1}
        return {"state": before, "reason": outcome.reason} | again
    pause = next_pause(claimed.attempts)
    if pause is None:
        given_up = f"Given up after {claimed.attempts} attempts. {outcome.reason}"
        return {"state": "refused", "ended_at": now, "reason": given_up}
    return {"state": before, "next_try_at": after(pause), "reason": outcome.reason}
