"""A review pack as plain values: everything that is printed and nothing else. It has no names of staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from governance.adoption.preparing import Prepared
from governance.extract.clauses import Clause
from governance.extract.stated_dates import StatedDate
from governance.packs.appendix import Appendix
from governance.packs.changes import Changes
from governance.packs.hashing import sha256_of
from governance.packs.readers import NOBODY, Counts, Group
from governance.render import words


class Size(StrEnum):
    """How much of each policy a pack prints, and whether in one document."""

    SHORT = "short"
    FULL = "full"
    SEPARATE = "separate"

    @property
    def in_words(self) -> str:
        """What a list of packs calls it."""
        return {"short": "Short pack", "full": "Full pack", "separate": "One PDF a policy"}[self.value]

    @property
    def prints_texts(self) -> bool:
        """Whether the texts of the policies are in it."""
        return self is not Size.SHORT


@dataclass(frozen=True)
class Decided:
    """A decision that holds: "adopted" by a body or an office, on a day, under a minute."""

    what: str
    by: str
    on: StatedDate
    minute: str | None = None


@dataclass(frozen=True)
class Version:
    """A line of the table of versions, the newest first."""

    label: str
    in_force_from: dt.date | None
    decided: Decided | None
    summary: str = ""


@dataclass(frozen=True)
class Related:
    """A policy that this one names, and how it stands here; `is_missing` when the register has no such policy.

    By its `reference` it is found again among the pack's own policies.
    """

    title: str
    state: str
    is_missing: bool = False
    reference: str = ""


@dataclass(frozen=True)
class Original:
    """A file delivered beside the pack, since its text is not printed here."""

    filename: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True)
class PackItem:
    """One policy of a pack: its facts, what is asked of the meeting, and its text or its original files.

    `last_review` says in a sentence how long ago it was reviewed, `overdue` how late the next review is: "15 days".
    `address` is the policy's page, where its text is read when the pack does not print it. `for_meeting` tells whether a body
    is to decide about it: then `resolution` is what it would resolve, `prepared` the owner's form, if there is one, `changes`
    are those of a new version against the one in force where both have a text, and `power` says whether a committee may
    decide.
    """

    reference: str
    title: str
    kind: str
    why_due: str
    asks_for: str
    owner: str = ""
    version_label: str = ""
    in_force_since: dt.date | None = None
    awaiting_ratification: bool = False
    decided: Decided | None = None
    next_review: StatedDate | None = None
    last_review: str = ""
    overdue: str = ""
    choices: tuple[str, ...] = ("Adopted", "Adopted with amendments", "Deferred", "Not adopted")
    what_changed: str = ""
    for_meeting: bool = False
    resolution: str = ""
    power: str = ""
    prepared: Prepared | None = None
    is_new_version: bool = False
    changes: Changes | None = None
    versions: tuple[Version, ...] = ()
    groups: tuple[Group, ...] = ()
    everyone: Counts = NOBODY
    related: tuple[Related, ...] = ()
    clauses: tuple[Clause, ...] = ()
    originals: tuple[Original, ...] = ()
    address: str = ""

    @cached_property
    def sha256(self) -> str:
        """The hash of all these values. Worked out once: a long text takes a while."""
        return sha256_of(self)


@dataclass(frozen=True)
class Since:
    """What is new since the pack that members were sent before, by title."""

    sent_on: dt.date
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    # the day for which that pack was, where the meeting has been moved since
    was_on: dt.date | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the agenda is as it was."""
        return not (self.added or self.changed or self.dropped)


@dataclass(frozen=True)
class Pack:
    """A pack for one meeting of a body, or without `meeting_on` for a day. `made_at` is UTC, shown in `time_zone`.

    `journal_head` is the hash of the newest journal entry, its `journal_seq` the number: printed, it is a checkpoint.
    """

    school: str
    body: str
    meeting_on: dt.date | None
    as_of: dt.date
    made_at: dt.datetime
    items: tuple[PackItem, ...]
    journal_seq: int = 0
    journal_head: str = ""
    place: str = ""
    time_zone: str = "Europe/London"
    colour: str = "#0b4f6c"
    size: Size = Size.FULL
    # Since the pack that was sent last for this meeting; a supplement has only what is new or changed since then.
    since: Since | None = None
    is_supplement: bool = False
    # A supplement has none: it is read beside the pack that was sent, whose appendix stands.
    appendix: Appendix | None = None

    @property
    def name(self) -> str:
        """What it is called on its cover."""
        return "Supplementary policy pack" if self.is_supplement else "Policy review pack"

    @property
    def title(self) -> str:
        """ "Policy review pack: Full Governing Body, 15 October 2026"."""
        shown = self.meeting_on or self.as_of
        return f"{self.name}: {self.body}, {words.day(shown)}"
