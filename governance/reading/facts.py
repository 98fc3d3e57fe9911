"""The dated facts of one school from which what is owed follows. Plain frozen values; identifiers are opaque integers.

Every `ended_on` and `until_on` is the last day that counts; None means still so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from operator import or_

from governance.reading.calendar import SchoolYear

# Parts of a policy are bits of a number, so that SQL can compare them.
MOST_PARTS = 8


class Repeat(StrEnum):
    """How often a policy is to be read: once a version, again each school year, or again after so many months."""

    ONCE = "once"
    YEARLY = "yearly"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Engagement:
    """A person in a category of staff. `title` is the job title folded, "" where there is none."""

    person_id: int
    category_id: int
    started_on: dt.date
    ended_on: dt.date | None = None
    title: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the job is held that day; the last day counts."""
        return _within(day, self.started_on, self.ended_on)


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy is required of a category, of a job title (folded), or of a named person; of one of these alone.

    `parts` are bits, 0 the whole. With `joined_since` it is required only of people whose first job began then or later.
    """

    policy_id: int
    category_id: int | None
    person_id: int | None
    days_to_read: int
    from_on: dt.date
    until_on: dt.date | None = None
    repeat: Repeat = Repeat.ONCE
    repeat_months: int | None = None
    title: str | None = None
    parts: int = 0
    joined_since: dt.date | None = None

    def reaches(self, job: Engagement) -> bool:
        """Whether a job brings its holder under the rule; any job does where the rule names them."""
        if self.person_id is not None:
            return True
        return self.category_id == job.category_id if self.title is None else self.title == job.title

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rule holds that day; its last day counts."""
        return _within(day, self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class InForce:
    """A version in use from a day. Only rows that still stand after corrections are facts here."""

    in_force_id: int
    policy_id: int
    version_id: int
    number: int
    from_on: dt.date


@dataclass(frozen=True, slots=True)
class Asking:
    """A version in force asks a category, or without one everybody any rule requires, to read it from a day."""

    in_force_id: int
    category_id: int | None
    from_on: dt.date


@dataclass(frozen=True, slots=True)
class Receipt:
    """A person read a version, or the `parts` of it that their bits name, on a day. Withdrawn receipts are no facts."""

    person_id: int
    policy_id: int
    version_id: int
    number: int
    given_on: dt.date
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Declined:
    """A person was given a version on a day and did not sign. One entered by mistake is no fact."""

    person_id: int
    policy_id: int
    number: int
    given_on: dt.date


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a person is away."""

    person_id: int
    from_on: dt.date
    until_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """A person need not read a policy."""

    person_id: int
    policy_id: int
    from_on: dt.date
    until_on: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the person is excused that day; the last day counts."""
        return _within(day, self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class Extension:
    """A person has until a day to read what an in-force row asked."""

    person_id: int
    in_force_id: int
    until_on: dt.date


@dataclass(frozen=True)
class Facts:
    """Everything about one school that bears on what is owed. `retired_on` holds each retired policy's last day."""

    engagements: tuple[Engagement, ...] = ()
    rules: tuple[Rule, ...] = ()
    in_force: tuple[InForce, ...] = ()
    askings: tuple[Asking, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    absences: tuple[Absence, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    extensions: tuple[Extension, ...] = ()
    declined: tuple[Declined, ...] = ()
    retired_on: Mapping[int, dt.date] = field(default_factory=dict)
    school: SchoolYear = field(default_factory=SchoolYear)


def parts_together(parts: Iterable[int]) -> int:
    """The bits of every part that some of these ask for, or 0 where one asks for the whole."""
    asked = list(parts)
    return 0 if 0 in asked else reduce(or_, asked, 0)


def covers_parts(receipt: int, wanted: int) -> bool:
    """Whether a receipt for some parts is one for the parts wanted; both as bits, 0 the whole."""
    return receipt == 0 or (wanted != 0 and receipt & wanted == wanted)


def _within(day: dt.date, first_on: dt.date, last_on: dt.date | None) -> bool:
    return first_on <= day and (last_on is None or day <= last_on)
