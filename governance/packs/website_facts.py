"""From the register to the values of a policy's copy for the website: the version in force, and who put it in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from governance.adoption.cases import decided
from governance.adoption.kinds import PUTS_IN_FORCE, Kind, MakerKind
from governance.adoption.models import Decision, InForce, MinuteReference
from governance.adoption.register import RegisterRow, policy_row
from governance.adoption.standing import known_by, stands
from governance.adoption.states import State
from governance.errors import NotFound
from governance.extract.clauses import from_json
from governance.packs.website import Act, Website
from governance.policies.models import Policy, VersionDocument
from governance.policies.queries import files_of, text_of, with_text
from governance.schools.former_names import name_on
from governance.schools.models import GoverningBody
from governance.storage.models import Document
from governance.tenancy import Organisation, Scope

PDF = "application/pdf"


@dataclass(frozen=True)
class Offered:
    """What a person can save: the `whole` copy in one file, and the front page `alone` to go beside an original."""

    whole: bool
    alone: bool


def website_copy(session: Session, scope: Scope, policy: Policy, today: dt.date, now: dt.datetime) -> Website:
    """What a policy's copy says on a day.

    Raises:
        NotFound: when no version is in force on the day, or the policy is retired.
    """
    row = policy_row(session, scope, today, policy.id)
    if row is None or row.version_id is None or row.state is State.RETIRED:
        raise NotFound(policy.public_id)
    text = text_of(session, scope, row.version_id)
    return Website(
        school=scope.name,
        title=row.title,
        reference=row.reference,
        version=row.version_label or str(row.version_number),
        in_force_from=row.in_force_since,
        adopted=_put_in_force(session, scope, row, today),
        next_review=row.next_review,
        made_at=now,
        ratified=_ratified(session, scope, row, today),
        awaits_ratification=row.state is State.AWAITING_RATIFICATION,
        text_awaited=State.AMENDED_TEXT_AWAITED in row.flags,
        clauses=from_json(text.clauses) if text else (),
        time_zone=scope.time_zone,
        colour=session.scalar(select(Organisation.colour).where(Organisation.id == scope.organisation_id)),
    )


def offered(session: Session, scope: Scope, version_id: int | None) -> Offered | None:
    """What there is to publish of a version in force; None where none is."""
    if version_id is None:
        return None
    is_printed = bool(with_text(session, scope, [version_id]))
    files = files_of(session, scope, [version_id])[version_id]
    return Offered(whole=is_printed or (bool(files) and files[0].media_type == PDF), alone=not is_printed)


def original_pdf(session: Session, scope: Scope, policy: Policy, today: dt.date) -> bytes | None:
    """The bytes of the version in force as they came in, where that is a PDF and still kept."""
    row = policy_row(session, scope, today, policy.id)
    found = session.scalars(
        select(Document)
        .join(VersionDocument, VersionDocument.document_id == Document.id)
        .where(VersionDocument.organisation_id == scope.organisation_id)
        .where(VersionDocument.version_id == (row.version_id if row else None))
        .order_by(VersionDocument.position)
        .limit(1)
        .options(undefer(Document.bytes))
    ).first()
    return found.bytes if found is not None and found.media_type == PDF else None


def _put_in_force(session: Session, scope: Scope, row: RegisterRow, today: dt.date) -> Act | None:
    """The decision that put the version in force. One that was not ratified put an earlier version back, and adopted none."""
    made = (
        select(Decision)
        .join(InForce, InForce.decision_id == Decision.id)
        .where(InForce.version_id == row.version_id, InForce.from_on <= today, Decision.kind.in_(PUTS_IN_FORCE))
        .order_by(InForce.from_on.desc(), InForce.id.desc())
    )
    return _act(session, scope, made)


def _ratified(session: Session, scope: Scope, row: RegisterRow, today: dt.date) -> Act | None:
    made = select(Decision).where(
        Decision.version_id == row.version_id, Decision.kind == Kind.RATIFIED, known_by(today)
    )
    return _act(session, scope, made.order_by(Decision.decided_latest_on.desc(), Decision.id.desc()))


def _act(session: Session, scope: Scope, made: Any) -> Act | None:
    """The first of some decisions that stands, by the name of a body or an office."""
    mine = made.where(Decision.organisation_id == scope.organisation_id, stands()).limit(1)
    decision: Decision | None = session.scalars(mine).first()
    if decision is None:
        return None
    minute = select(MinuteReference.reference).where(MinuteReference.decision_id == decision.id)
    return Act(
        Kind(decision.kind),
        _maker(session, decision),
        decided(decision),
        session.scalar(minute.order_by(MinuteReference.id.desc()).limit(1)) or "",
    )


def _maker(session: Session, decision: Decision) -> str:
    if decision.body_id is not None:
        named = select(name_on(decision.decided_latest_on)).where(GoverningBody.id == decision.body_id)
        return str(session.scalars(named).one())
    return f"the {MakerKind(decision.office).in_words}" if decision.office else ""
