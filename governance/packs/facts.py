"""What a pack says of a policy, worked out from rows that were read already. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from governance.adoption.agenda import AsksFor
from governance.adoption.kinds import Kind
from governance.adoption.proposing import ProposedItem
from governance.adoption.queries import AgendaRow, DecisionRow, RegisterRow
from governance.adoption.states import State
from governance.extract.dates import day_in_words
from governance.packs.values import Decided, Related, Version
from governance.policies.related import Citation, Known

_CHOICES = {
    AsksFor.ADOPT: (Kind.ADOPTED, Kind.AMENDED, Kind.DEFERRED, Kind.REJECTED),
    AsksFor.REVIEW: (Kind.REVIEWED, Kind.AMENDED, Kind.DEFERRED),
    AsksFor.RATIFY: (Kind.RATIFIED, Kind.NOT_RATIFIED, Kind.DEFERRED),
    AsksFor.NOTE: (Kind.NOTED,),
}
_ASKS = {
    AsksFor.ADOPT: "To adopt this version",
    AsksFor.REVIEW: "To review the version in force",
    AsksFor.RATIFY: "To ratify what is in force already",
    AsksFor.NOTE: "To note what was decided since the last meeting",
}
_RESOLVED = {
    AsksFor.ADOPT: "That {what} be adopted.",
    AsksFor.REVIEW: "That {what} has been reviewed and is kept without change.",
    AsksFor.RATIFY: "That the approval of {what} be ratified.",
    AsksFor.NOTE: "That the decision about {what} be noted.",
}


@dataclass(frozen=True)
class Wanted:
    """A policy of the pack: the version to print, why it is there, what the body is asked, and what it may answer."""

    policy_id: int
    version_id: int | None
    why: str
    asks_for: str
    choices: tuple[str, ...]
    asks: AsksFor


def asked_of_meeting(
    agenda: Sequence[AgendaRow],
    proposed: Mapping[int, ProposedItem],
    register: Mapping[int, RegisterRow],
    held_on: dt.date,
) -> list[Wanted]:
    """The items of a meeting in the order of its agenda, or those proposed for it."""
    if agenda:
        rows = [(item.policy_id, item.version_id, AsksFor(item.asks_for)) for item in agenda]
    else:
        rows = [(item.policy_id, item.version_id, item.asks_for) for item in proposed.values()]
    return [
        _wanted(register[policy_id], version_id, asks, why_due(register[policy_id], held_on, asks))
        for policy_id, version_id, asks in rows
        if policy_id in register
    ]


def asked_of_day(rows: Iterable[RegisterRow], as_of: dt.date) -> list[Wanted]:
    """Every policy in force: late and due reviews first, then those without a date, then the others by title."""
    placed = sorted(rows, key=lambda row: (row.next_review_on is None, row.next_review_on or as_of))
    due = [row for row in placed if {State.REVIEW_LATE, State.REVIEW_DUE} & set(row.flags)]
    undated = [row for row in placed if State.NO_REVIEW_DATE in row.flags and row not in due]
    others = sorted(
        (row for row in placed if row not in due and row not in undated), key=lambda row: row.title.casefold()
    )
    return [
        _wanted(row, None, AsksFor.REVIEW, why_due(row, as_of, AsksFor.REVIEW)) for row in (*due, *undated, *others)
    ]


def why_due(row: RegisterRow, on: dt.date, asks: AsksFor) -> str:
    """Why the policy is in the pack, in a sentence."""
    if asks is AsksFor.RATIFY:
        return "It is in force and awaits ratification."
    if asks is AsksFor.ADOPT:
        return f"Version {row.awaiting_number} awaits a decision." if row.awaiting_number else "It awaits a decision."
    if asks is AsksFor.NOTE:
        return "It was decided under a delegated power since the last meeting."
    if row.next_review_on is None:
        return "It has no review date."
    if row.next_review_on < on:
        return f"Its review was due by {day_in_words(row.next_review_on)}."
    return f"Its review is due by {day_in_words(row.next_review_on)}."


def resolution(asks_for: AsksFor, title: str, version_label: str) -> str:
    """What the body would resolve, in the words of minutes."""
    return _RESOLVED[asks_for].format(what=f"version {version_label} of the {title}" if version_label else title)


def versions_of(
    decided: Sequence[DecisionRow], labels: Mapping[int, tuple[int, str, str]], makers: Mapping[int, str]
) -> tuple[Version, ...]:
    """The versions that were ever put in force, the newest first, each with the decision that did so."""
    found = [
        Version(
            label=labels[row.version_id][1],
            in_force_from=row.in_force_from.latest_on if row.in_force_from else None,
            decided=Decided(row.kind.in_words, makers.get(row.id, ""), row.decided, row.minute or None),
            summary=labels[row.version_id][2],
        )
        for row in decided
        if row.in_force_from is not None
    ]
    return tuple(reversed(found))


def related_of(citations: Iterable[Citation], register: Mapping[int, RegisterRow]) -> tuple[Related, ...]:
    """What it is to be read with, and how each stands here."""
    return tuple(
        Related(name.title, _state_of(name.policy, register), name.policy is None, _reference_of(name.policy, register))
        for citation in citations
        for name in citation.names
    )


def _state_of(policy: Known | None, register: Mapping[int, RegisterRow]) -> str:
    if policy is None:
        return "not in the register"
    row = register.get(policy.id)
    return ", ".join(state.in_words.lower() for state in row.states) if row else "not in the register by this day"


def _reference_of(policy: Known | None, register: Mapping[int, RegisterRow]) -> str:
    return register[policy.id].reference if policy is not None and policy.id in register else ""


def _wanted(row: RegisterRow, version_id: int | None, asks: AsksFor, why: str) -> Wanted:
    """With the version that is meant: another may have come into force since a review was put on the agenda."""
    tabled = version_id or (row.awaiting_id if asks is AsksFor.ADOPT else None)
    in_force = row.version_id if asks in (AsksFor.REVIEW, AsksFor.RATIFY) else None
    chosen = in_force or tabled or row.version_id
    return Wanted(row.policy_id, chosen, why, _ASKS[asks], tuple(kind.in_words for kind in _CHOICES[asks]), asks)
