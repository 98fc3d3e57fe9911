"""The text of what was adopted with amendments, once somebody has written it.

decision ─▶ in force: the version as it was before the meeting
text recorded ─▶ in force: the amended version, from the same day; whoever was asked is asked for it
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.asking import NOBODY, Ask, add_askings, ask, asked_by, asking_started
from governance.adoption.kinds import Kind
from governance.adoption.models import AmendedText, Decision, InForce
from governance.adoption.standing import stands
from governance.clock import local_day
from governance.errors import Objection, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.policies.models import PolicyVersion
from governance.tenancy import Actor, Scope, lock

AMENDED_TEXT = Event("amended text recorded", ids=("decision", "version"), payload=("in_force_from", "asked"))


def record_amended_text(
    session: Session,
    scope: Scope,
    actor: Actor,
    decision: Decision,
    version: PolicyVersion,
    now: dt.datetime,
    chosen: Ask = NOBODY,
) -> InForce:
    """Say that this version is the text the body adopted with amendments; it is in force from the day that one was.

    `chosen` are asked to read it, beside whoever the decision asked to read the text from before the meeting.

    Raises:
        Refusal: for another kind of decision, one whose text is there, or a version that is not a later one undecided.
    """
    lock(session, scope)
    before = session.scalars(_in_force(decision)).first()
    refuse_if(_objections(session, decision, version, before))
    assert before is not None
    row = _add(session, scope, decision, before, version.id)
    session.add(
        AmendedText(
            organisation_id=scope.organisation_id,
            decision_id=decision.id,
            version_id=version.id,
            recorded_at=now,
            recorded_by=actor.label,
        )
    )
    asked = _ask(session, scope, before, row, chosen, now)
    ids = {"decision": decision.public_id, "version": version.public_id}
    payload = {"in_force_from": row.from_on, "asked": [[category, day] for category, day in asked]}
    record(session, scope, actor, AMENDED_TEXT, ids=ids, payload=payload, now=now)
    return row


def text_of(session: Session, decision_id: int) -> int | None:
    """The version that was recorded as a decision's amended text, by its id."""
    return session.scalar(select(AmendedText.version_id).where(AmendedText.decision_id == decision_id))


def hand_on_text(session: Session, scope: Scope, corrected: Decision, decision: Decision, row: InForce) -> InForce:
    """The amended text of a decision that was corrected belongs to the correction; the row that is in force now."""
    text = session.scalars(select(AmendedText).where(AmendedText.decision_id == corrected.id)).first()
    if text is None:
        return row
    session.add(
        AmendedText(
            organisation_id=scope.organisation_id,
            decision_id=decision.id,
            version_id=text.version_id,
            recorded_at=decision.recorded_at,
            recorded_by=decision.recorded_by,
        )
    )
    return _add(session, scope, decision, row, text.version_id)


def _objections(
    session: Session, decision: Decision, version: PolicyVersion, before: InForce | None
) -> Iterator[Objection]:
    tabled = session.get_one(PolicyVersion, decision.version_id)
    corrected = session.scalar(select(Decision.id).where(Decision.corrects_id == decision.id)) is not None
    if decision.kind != Kind.AMENDED or corrected or before is None:
        yield Objection("Only what stands as adopted with amendments waits for an amended text.", "version")
    elif text_of(session, decision.id) is not None:
        yield Objection("The amended text of this decision is recorded already. A further change is a new version.")
    elif before.pending_ratification:
        yield Objection("This decision still has to be ratified. Record the amended text once it is.", "version")
    elif version.policy_id != decision.policy_id or version.number <= tabled.number:
        yield Objection(
            f"Choose a version recorded after version {tabled.number}, which was before the meeting.", "version"
        )
    elif _decided_itself(session, version):
        yield Objection(f"Version {version.number} was decided about by itself already. Choose another one.", "version")


def _decided_itself(session: Session, version: PolicyVersion) -> bool:
    made = select(Decision.id).where(Decision.version_id == version.id, Decision.kind != Kind.MISTAKEN, stands())
    return session.scalar(made.limit(1)) is not None


def _in_force(decision: Decision) -> Select[InForce]:
    return select(InForce).where(InForce.decision_id == decision.id).order_by(InForce.id)


def _add(session: Session, scope: Scope, decision: Decision, before: InForce, version_id: int) -> InForce:
    row = InForce(
        organisation_id=scope.organisation_id,
        policy_id=decision.policy_id,
        version_id=version_id,
        decision_id=decision.id,
        from_on=before.from_on,
        from_precision=before.from_precision,
        pending_ratification=before.pending_ratification,
    )
    session.add(row)
    session.flush()
    return row


def _ask(
    session: Session, scope: Scope, before: InForce, row: InForce, chosen: Ask, now: dt.datetime
) -> list[tuple[int | None, dt.date]]:
    """Whoever was asked to read the earlier text from today on at the earliest, and whoever was chosen beside."""
    today = local_day(now, scope.time_zone)
    carried = asked_by(session, [before.id], rules.asked_from(row.from_on, None, today))
    asked = add_askings(session, scope, row, carried, now) if asking_started(session, scope) else []
    already = {category for category, _ in asked}
    if None in already:
        return asked
    wanted = Ask(chosen.everyone, tuple(one for one in chosen.category_ids if one not in already), chosen.from_on)
    return asked + ask(session, scope, row, wanted, today, now)
