"""What the owner of a policy tells the body that is to decide about it, on one form.

    write ─ lock ─ objections? ─▶ preparation ─▶ consultation, a row a group ─▶ journal
    a decision that closes the matter ─▶ settle: the form is fixed and belongs to that decision

There is one open form a policy, whichever meeting takes it: an item that is put off or not reached keeps what was prepared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from governance.adoption.kinds import SETTLES, Kind
from governance.adoption.models import Consultation, Decision, Preparation
from governance.errors import Objection, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.policies.models import Policy
from governance.tenancy import Actor, Scope, lock

PREPARED = Event(
    "policy prepared for a meeting",
    ids=("preparation", "policy"),
    payload=("words", "equality", "recommends", "consulted", "ready"),
)
LONGEST_ANSWER = 4000
CLOSES = SETTLES | {Kind.REVIEWED}


class Consulted(StrEnum):
    """Whom a school consults before a policy is adopted."""

    UNIONS = "unions"
    STAFF = "staff"
    PARENTS = "parents"
    OTHERS = "others"

    @property
    def in_words(self) -> str:
        """The group as the form and the pack say it."""
        return {
            Consulted.UNIONS: "Unions and professional associations",
            Consulted.STAFF: "Staff",
            Consulted.PARENTS: "Parents and carers",
            Consulted.OTHERS: "Others",
        }[self]


class Equality(StrEnum):
    """Whether the effect on people with protected characteristics was looked at (Equality Act 2010, section 149)."""

    ASSESSED = "assessed"
    NOT_NEEDED = "not_needed"

    @property
    def in_words(self) -> str:
        """As the form and the pack say it."""
        return "Assessed" if self is Equality.ASSESSED else "No assessment is needed"


class Recommends(StrEnum):
    """What the owner asks the body to do."""

    ADOPT = "adopt"
    KEEP = "keep"
    DEFER = "defer"

    @property
    def in_words(self) -> str:
        """As the form and the pack say it."""
        return {
            Recommends.ADOPT: "Adopt the new version",
            Recommends.KEEP: "Keep the version in force, reviewed without change",
            Recommends.DEFER: "Put it off",
        }[self]


@dataclass(frozen=True)
class Round:
    """One group's consultation: who they were, from when to when, and what came of it."""

    consulted: Consulted
    who: str = ""
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    outcome: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said about the group."""
        return not (self.who or self.outcome or self.from_on or self.until_on)


@dataclass(frozen=True)
class Prepared:
    """The owner's form. `ready` says that it may go to the meeting."""

    what_changed: str = ""
    why: str = ""
    prompted_by: str = ""
    equality: Equality | None = None
    equality_note: str = ""
    recommends: Recommends | None = None
    recommendation: str = ""
    rounds: tuple[Round, ...] = field(default=())
    ready: bool = False


def objections(form: Prepared) -> Iterator[Objection]:
    """What stops the form from being kept; a form that is not ready may have gaps."""
    for name in ("what_changed", "why", "prompted_by", "equality_note", "recommendation"):
        if len(getattr(form, name)) > LONGEST_ANSWER:
            yield Objection(f"Shorten this answer to {LONGEST_ANSWER:,} characters or fewer.", name)
    for one in form.rounds:
        yield from _objections_to_round(one)
    if form.ready:
        yield from _gaps(form)


def _objections_to_round(one: Round) -> Iterator[Objection]:
    group = one.consulted.value
    if one.until_on is not None and one.from_on is None:
        yield Objection("Enter the day on which the consultation began.", f"{group}_from_on")
    if one.from_on is not None and one.until_on is not None and one.until_on < one.from_on:
        yield Objection(
            f"The consultation ends on {day_in_words(one.until_on)}, before it begins, {day_in_words(one.from_on)}.",
            f"{group}_until_on",
        )
    if max(len(one.who), len(one.outcome)) > LONGEST_ANSWER:
        yield Objection(f"Shorten this answer to {LONGEST_ANSWER:,} characters or fewer.", f"{group}_outcome")


def _gaps(form: Prepared) -> Iterator[Objection]:
    """What governors would ask for first."""
    if form.recommends is None:
        yield Objection("Choose what you recommend.", "recommends")
    if form.recommends is Recommends.ADOPT and not form.what_changed:
        yield Objection("Say what changed, in a sentence or two.", "what_changed")
    if form.recommends is Recommends.ADOPT and not form.why:
        yield Objection("Say why it changed.", "why")
    if form.equality is None:
        yield Objection("Say whether the effect on equality was assessed, or that no assessment is needed.", "equality")
    elif not form.equality_note:
        asked = "what the assessment found" if form.equality is Equality.ASSESSED else "why no assessment is needed"
        yield Objection(f"Say {asked}.", "equality_note")


def consultation_warnings(form: Prepared | None, decided_on: dt.date) -> list[str]:
    """What to know before deciding on a day while a consultation is not over. House rule: it can be decided all the same."""
    found = []
    for one in form.rounds if form else ():
        said = one.consulted.in_words
        if one.from_on is not None and one.until_on is None:
            found.append(f"{said}: the consultation that began on {day_in_words(one.from_on)} has no last day yet.")
        elif one.until_on is not None and one.until_on >= decided_on:
            found.append(
                f"{said}: the consultation runs until {day_in_words(one.until_on)}; "
                f"a decision on {day_in_words(decided_on)} would come before it ends."
            )
        elif one.until_on is not None and not one.outcome:
            found.append(f"{said}: the consultation ended on {day_in_words(one.until_on)} and no outcome is recorded.")
    return found


def prepare(
    session: Session, scope: Scope, actor: Actor, policy: Policy, form: Prepared, now: dt.datetime
) -> Preparation:
    """Keep the owner's form of a policy, in place of what it said before.

    Raises:
        Refusal: for an answer that is too long, days the wrong way round, or gaps in a form that is said to be ready.
    """
    lock(session, scope)
    form = _tidied(form)
    refuse_if(objections(form))
    row = session.scalars(_open(scope, policy.id)).one_or_none()
    if row is None:
        row = Preparation(organisation_id=scope.organisation_id, policy_id=policy.id)
        session.add(row)
    for name in _ANSWERS:
        setattr(row, name, getattr(form, name) or "")
    row.ready_at = (row.ready_at or now) if form.ready else None
    row.recorded_at, row.recorded_by = now, actor.label
    session.flush()
    _keep_rounds(session, scope, row, form.rounds)
    ids = {"preparation": row.public_id, "policy": policy.public_id}
    record(session, scope, actor, PREPARED, ids=ids, payload=_content(form), now=now)
    return row


_WORDS = ("what_changed", "why", "prompted_by", "equality_note", "recommendation")
_ANSWERS = (*_WORDS, "equality", "recommends")


def settle(session: Session, scope: Scope, decision: Decision, corrects: Decision | None) -> None:
    """Close the open form with the decision that it was for. A corrected decision hands on the form it closed."""
    if corrects is not None:
        handed_on = decision.id if decision.kind in CLOSES else None
        still_open = session.scalar(_open(scope, decision.policy_id).with_only_columns(Preparation.id))
        if handed_on is not None or still_open is None:
            session.execute(
                update(Preparation)
                .where(Preparation.organisation_id == scope.organisation_id, Preparation.decision_id == corrects.id)
                .values(decision_id=handed_on)
            )
    elif decision.kind in CLOSES and decision.body_id is not None:
        session.execute(
            update(Preparation)
            .where(Preparation.organisation_id == scope.organisation_id)
            .where(Preparation.policy_id == decision.policy_id, Preparation.decision_id.is_(None))
            .values(decision_id=decision.id)
        )


def _open(scope: Scope, policy_id: int) -> Select[Preparation]:
    return select(Preparation).where(
        Preparation.organisation_id == scope.organisation_id,
        Preparation.policy_id == policy_id,
        Preparation.decision_id.is_(None),
    )


def _tidied(form: Prepared) -> Prepared:
    """Without stray space, and without groups about which nothing was said."""
    words: dict[str, Any] = {name: _trimmed(getattr(form, name)) for name in _WORDS}
    rounds = (replace(one, who=_trimmed(one.who), outcome=_trimmed(one.outcome)) for one in form.rounds)
    return replace(form, **words, rounds=tuple(one for one in rounds if not one.is_empty))


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _keep_rounds(session: Session, scope: Scope, row: Preparation, rounds: Sequence[Round]) -> None:
    session.execute(
        delete(Consultation).where(
            Consultation.organisation_id == scope.organisation_id, Consultation.preparation_id == row.id
        )
    )
    whose = {"organisation_id": scope.organisation_id, "preparation_id": row.id}
    session.add_all(Consultation(**whose, **vars(one)) for one in rounds)
    session.flush()


def _content(form: Prepared) -> dict[str, object]:
    return {
        "words": {name: getattr(form, name) for name in _WORDS if getattr(form, name)},
        "equality": form.equality,
        "recommends": form.recommends,
        "consulted": [[one.consulted, one.who, one.from_on, one.until_on, one.outcome] for one in form.rounds],
        "ready": form.ready,
    }
