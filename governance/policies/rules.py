"""Pure rules about policies and versions."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from enum import StrEnum

from governance.errors import Objection
from governance.people.rules import objections_to_text
from governance.schools.names import tidy

LONGEST_TITLE = 200
LONGEST_REFERENCE = 40
LONGEST_LABEL = 60
LONGEST_SUMMARY = 2_000
LONGEST_WORDING = 500
REVIEW_MONTHS = range(1, 61)
HOUSE_WORDING = "I have read and understood"


class Kind(StrEnum):
    """What a document in the register is. Outside guidance is issued by the headteacher and never adopted."""

    POLICY = "policy"
    PROCEDURE = "procedure"
    AGREEMENT = "agreement"
    GUIDANCE = "guidance"

    @property
    def in_words(self) -> str:
        """The kind as screens say it."""
        return "Outside guidance" if self is Kind.GUIDANCE else self.value.capitalize()


def documents_hash(sha256s: Sequence[str]) -> str:
    """What a receipt is bound to: SHA-256 over the hashes of a version's files, one a line, in their order."""
    return hashlib.sha256("\n".join(sha256s).encode("ascii")).hexdigest()


def next_reference(taken: Sequence[str]) -> str:
    """The reference for a policy that came without one: POL-001 and on, past the highest taken."""
    numbers = [int(reference[4:]) for reference in taken if reference.startswith("POL-") and reference[4:].isdigit()]
    return f"POL-{max(numbers, default=0) + 1:03d}"


def objections_to_policy(title: str, kind: str, reference: str, review_every_months: int | None) -> Iterator[Objection]:
    """What stops a policy from being recorded under these facts."""
    if not tidy(title):
        yield Objection("Enter the policy's title.", "title")
    yield from objections_to_text(title, "The title", "title", LONGEST_TITLE)
    if kind not in list(Kind):
        yield Objection("Choose policy, procedure, agreement or outside guidance.", "kind")
    yield from objections_to_text(reference, "The reference", "reference", LONGEST_REFERENCE)
    if review_every_months is not None and review_every_months not in REVIEW_MONTHS:
        yield Objection("Enter how often it is reviewed as a number of months from 1 to 60.", "review_every_months")


def objections_to_wording(wording: str | None) -> Iterator[Objection]:
    """What stops a text from standing beside the box that a reader ticks."""
    yield from objections_to_text(wording or "", "What a reader confirms", "wording", LONGEST_WORDING)


def objections_to_version(label: str, change_summary: str) -> Iterator[Objection]:
    """What stops a version from being recorded under what somebody typed."""
    yield from objections_to_text(label, "The version", "label", LONGEST_LABEL)
    if len(change_summary) > LONGEST_SUMMARY:
        said = f"What changed is {len(change_summary)} characters long. Shorten it to {LONGEST_SUMMARY} or fewer."
        yield Objection(said, "change_summary")


def objections_to_retiring(retired_on: dt.date | None, today: dt.date, replaced_by_itself: bool) -> Iterator[Objection]:
    """What stops a policy from being retired: a day to come, or being replaced by itself."""
    if retired_on is not None and retired_on > today:
        yield Objection("The day it was retired cannot be in the future.", "retired_on")
    if replaced_by_itself:
        yield Objection("A policy cannot be replaced by itself. Choose another one.", "replaced_by")


def wording_of(own: str | None) -> str:
    """What a reader agrees to: the policy's own wording, or the house's."""
    return own or HOUSE_WORDING
