"""Recording what was decided, in one transaction each.

    facts ─ lock ─ objections? ─▶ decision ─▶ minute reference
                                     └─▶ in force ─▶ asking (who must read it)
                                     └─▶ journal

Decided means fixed: nothing here changes a row. A mistake is corrected by a new decision that names the old one, whose
in-force and asking rows are void from then on, for every day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.amending import hand_on_text
from governance.adoption.asking import NOBODY, Asked, ask, carry_over
from governance.adoption.cases import tabled
from governance.adoption.entered import Decide
from governance.adoption.entries import CORRECTED, DECIDED, MINUTED, write_entry
from governance.adoption.in_force import put_back, put_in_force
from governance.adoption.kinds import PUTS_IN_FORCE, SETS_REVIEW, Kind
from governance.adoption.makers import maker_of
from governance.adoption.models import AgendaItem, Decision, InForce, MinuteReference
from governance.adoption.preparing import settle
from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import Precision
from governance.journal.actions import record
from governance.schools.rules import DECIDED_NOTHING
from governance.tenancy import Actor, Scope, lock


def decide(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """Record a decision with what follows from it: minute reference, what is in force, who is asked to read.

    Raises:
        Refusal: with every objection of the rules; nothing is recorded then.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    facts = replace(facts, decided=rules.made_by(facts.decided, today))
    refuse_if(_objections(session, scope, facts, today, None))
    return _record(session, scope, actor, facts, now, None)


def correct(
    session: Session, scope: Scope, actor: Actor, decision: Decision, facts: Decide, now: dt.datetime
) -> Decision:
    """Record what was really decided in place of a decision that was entered wrongly; `facts.reason` says why.

    Raises:
        Refusal: as `decide`, and for a decision that was corrected already or is about another policy.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    facts = replace(facts, decided=rules.made_by(facts.decided, today))
    refuse_if(_objections_to_correcting(session, decision, facts))
    refuse_if(_objections(session, scope, facts, today, decision))
    minute = facts.minute.strip() or _minute_of(session, decision)
    return _record(session, scope, actor, replace(facts, minute=minute), now, decision)


def adopt(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """A governing body adopts a version. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.ADOPTED), now)


def ratify(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """A body ratifies what was approved and is in force since. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.RATIFIED), now)


def not_ratified(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """A body does not ratify it: the earlier version is in force again from that day.

    Whoever was asked to read either version is asked for the earlier one; a receipt for either counts, as the refused
    version has the higher number. Raises as `decide`.
    """
    return decide(session, scope, actor, replace(facts, kind=Kind.NOT_RATIFIED), now)


def review_without_change(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """The version in force was reviewed and stays; only the next review day is new. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.REVIEWED), now)


def defer(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """Put off to a later meeting, which will find it proposed for its agenda. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.DEFERRED), now)


def reject(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """A version is not adopted; what was in force stays so. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.REJECTED), now)


def note(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """A body notes a version, such as one approved since it last met. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.NOTED), now)


def issue(session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime) -> Decision:
    """The headteacher issues outside guidance, which needs no adoption. Raises as `decide`."""
    return decide(session, scope, actor, replace(facts, kind=Kind.ISSUED), now)


def add_minute_reference(
    session: Session, scope: Scope, actor: Actor, decision: Decision, reference: str, now: dt.datetime
) -> None:
    """Say where a decision is minuted, once the minutes are written; the latest reference counts.

    Raises:
        Refusal: for no reference, or one that is too long.
    """
    lock(session, scope)
    written = " ".join(reference.split())
    if not written:
        raise Refusal.one("Enter the minute reference, such as 2026/31.", "minute")
    if len(written) > rules.LONGEST_MINUTE:
        raise Refusal.one(f"Shorten the minute reference to {rules.LONGEST_MINUTE} characters or fewer.", "minute")
    if written == _minute_of(session, decision):
        return
    _minute(session, scope, actor, decision, written, now)
    ids, payload = {"decision": decision.public_id}, {"reference": written}
    record(session, scope, actor, MINUTED, ids=ids, payload=payload, now=now)


def _objections(
    session: Session, scope: Scope, facts: Decide, today: dt.date, corrects: Decision | None
) -> list[Objection]:
    left_out = corrects.id if corrects else None
    on = min(facts.decided.latest_on or today, today)
    version = tabled(session, scope, [facts.version.id], on, leaving_out=left_out)[facts.version.id]
    maker = maker_of(session, scope, facts.body, facts.person, facts.office)
    found = list(rules.objections(facts.proposed(corrects=corrects is not None), version, maker, today))
    if facts.meeting is not None and facts.meeting.state in DECIDED_NOTHING:
        said = "cancelled" if facts.meeting.state == "cancelled" else "not quorate"
        found.append(Objection(f"That meeting was {said}, so it decided nothing. Choose another meeting.", "meeting"))
    if facts.item is not None and corrects is None and _decided_already(session, facts.item):
        found.append(Objection("This item is decided already. To change the record, correct that decision.", "kind"))
    return found


def _decided_already(session: Session, item: AgendaItem) -> bool:
    corrected = select(Decision.corrects_id).where(Decision.corrects_id.is_not(None))
    query = select(Decision.id).where(
        Decision.agenda_item_id == item.id, Decision.id.not_in(corrected), Decision.kind != Kind.MISTAKEN
    )
    return session.scalar(query.limit(1)) is not None


def _objections_to_correcting(session: Session, decision: Decision, facts: Decide) -> list[Objection]:
    if facts.version.policy_id != decision.policy_id:
        return [Objection("A correction stays with its policy. Mark this one as entered by mistake instead.", "kind")]
    if session.scalar(select(Decision.id).where(Decision.corrects_id == decision.id)) is not None:
        return [Objection("This decision was corrected already. Open the correction and correct that.")]
    return []


def _record(
    session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime, corrects: Decision | None
) -> Decision:
    """The rows and the journal entry of a decision to which nothing is objected."""
    facts = replace(facts, minute=" ".join(facts.minute.split()))
    decision = _write(session, scope, actor, facts, now, corrects)
    if facts.minute:
        _minute(session, scope, actor, decision, facts.minute, now)
    settle(session, scope, decision, corrects)
    made, asked = _follow(session, scope, decision, facts, corrects, now)
    event = DECIDED if corrects is None else CORRECTED
    write_entry(session, scope, actor, event, decision, minute=facts.minute, made=made, asked=asked, now=now)
    return decision


def _follow(
    session: Session, scope: Scope, decision: Decision, facts: Decide, corrects: Decision | None, now: dt.datetime
) -> tuple[InForce | None, list[Asked]]:
    """What is in force because of a decision, and who is asked to read it."""
    today = local_day(now, scope.time_zone)
    if facts.kind is Kind.NOT_RATIFIED:
        return put_back(session, scope, decision, facts.decided, today, now)
    if facts.kind not in PUTS_IN_FORCE:
        return None, []
    proposed = facts.proposed(corrects=corrects is not None)
    row = put_in_force(session, scope, decision, proposed, today, pending=facts.subject_to_ratification)
    if corrects is not None and facts.kind is Kind.AMENDED:
        row = hand_on_text(session, scope, corrects, decision, row)
    if corrects is not None and facts.ask is None:
        return row, carry_over(session, scope, corrects, row, now)
    return row, ask(session, scope, row, facts.ask or NOBODY, today, now)


def _write(
    session: Session, scope: Scope, actor: Actor, facts: Decide, now: dt.datetime, corrects: Decision | None
) -> Decision:
    review = facts.next_review if facts.kind in SETS_REVIEW | {Kind.RATIFIED} else None
    decision = Decision(
        organisation_id=scope.organisation_id,
        policy_id=facts.version.policy_id,
        version_id=facts.version.id,
        kind=facts.kind,
        agenda_item_id=_item_of(facts, corrects),
        meeting_id=facts.meeting.id if facts.meeting else None,
        body_id=facts.body.id if facts.body else None,
        person_id=facts.person.id if facts.person else None,
        office=facts.office,
        power=facts.power.strip(),
        reason=facts.reason.strip(),
        decided_on=facts.decided.earliest_on,
        decided_latest_on=facts.decided.latest_on,
        decided_precision=facts.decided.precision,
        next_review_on=review.latest_on if review else None,
        next_review_precision=review.precision if review else Precision.DAY,
        deferred_to_on=facts.deferred_to,
        corrects_id=corrects.id if corrects else None,
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(decision)
    session.flush()
    return decision


def _item_of(facts: Decide, corrects: Decision | None) -> int | None:
    """The agenda item; a correction keeps the one it corrects, unless nothing was decided about it."""
    if facts.item is not None:
        return facts.item.id
    return corrects.agenda_item_id if corrects is not None and facts.kind is not Kind.MISTAKEN else None


def _minute(session: Session, scope: Scope, actor: Actor, decision: Decision, reference: str, now: dt.datetime) -> None:
    session.add(
        MinuteReference(
            organisation_id=scope.organisation_id,
            decision_id=decision.id,
            reference=reference,
            recorded_at=now,
            recorded_by=actor.label,
        )
    )
    session.flush()


def _minute_of(session: Session, decision: Decision) -> str:
    query = select(MinuteReference.reference).where(MinuteReference.decision_id == decision.id)
    return session.scalar(query.order_by(MinuteReference.id.desc()).limit(1)) or ""
