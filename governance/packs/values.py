"""A review pack as plain values: everything that is printed and nothing else. It has no names of staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from governance.adoption.preparing import Prepared
from governance.extract.clauses import Clause
from governance.extract.stated_dates import StatedDate
from governance.packs.changes import Changes
from governance.packs.hashing import sha256_of
from governance.render import words

# House rule: figures about fewer people than this could tell who they are.
SMALLEST_GROUP = 5


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
class Counts:
    """How many people stand how; `required = acknowledged + outstanding + declined`, `overdue` is part of `outstanding`."""

    required: int = 0
    acknowledged: int = 0
    outstanding: int = 0
    overdue: int = 0
    away: int = 0
    excused: int = 0
    declined: int = 0

    @property
    def audience(self) -> int:
        """Everybody the policy is for."""
        return self.required + self.away + self.excused


@dataclass(frozen=True)
class Group:
    """A category that must read the policy, the days it has, and how far it is; or several put together."""

    category: str
    days_to_read: int
    counts: Counts
    most_days_to_read: int | None = None
    is_merged: bool = False

    @property
    def days(self) -> str:
        """The days to read: "14", or "7 to 28" where categories put together differ."""
        most = self.most_days_to_read
        return str(self.days_to_read) if most in (None, self.days_to_read) else f"{self.days_to_read} to {most}"


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
    everyone: Counts = Counts()
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

    @property
    def name(self) -> str:
        """What it is called on its cover."""
        return "Supplementary policy pack" if self.is_supplement else "Policy review pack"

    @property
    def title(self) -> str:
        """ "Policy review pack: Full Governing Body, 15 October 2026"."""
        shown = self.meeting_on or self.as_of
        return f"{self.name}: {self.body}, {words.day(shown)}"


def merged(groups: tuple[Group, ...], smallest: int = SMALLEST_GROUP) -> tuple[Group, ...]:
    """The groups with those under `smallest` put together, so that no line tells about one person.

    One small group alone takes the next smallest with it; what cannot reach `smallest` at all keeps no figures, and is
    told apart by an audience of 0. People in several of the merged categories are counted in each.
    """
    by_size = sorted(groups, key=lambda group: (group.counts.audience, group.category))
    small = [group for group in by_size if group.counts.audience < smallest]
    if not small:
        return groups
    for group in by_size[len(small) :]:
        if sum(one.counts.audience for one in small) >= smallest and len(small) > 1:
            break
        small.append(group)
    kept = tuple(group for group in groups if group not in small)
    return (*kept, _together([group for group in groups if group in small], smallest))


def _together(small: list[Group], smallest: int) -> Group:
    counts = [group.counts for group in small]
    total = Counts(
        required=sum(one.required for one in counts),
        acknowledged=sum(one.acknowledged for one in counts),
        outstanding=sum(one.outstanding for one in counts),
        overdue=sum(one.overdue for one in counts),
        away=sum(one.away for one in counts),
        excused=sum(one.excused for one in counts),
        declined=sum(one.declined for one in counts),
    )
    days = [group.days_to_read for group in small]
    return Group(
        words.listed([group.category for group in small]),
        min(days),
        total if total.audience >= smallest else Counts(),
        max(days),
        is_merged=len(small) > 1,
    )
