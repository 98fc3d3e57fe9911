"""What the rules of deciding speak of, as plain frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from governance.adoption.kinds import Kind, MakerKind
from governance.extract.dates import StatedDate

Spell = tuple[dt.date, dt.date | None]


@dataclass(frozen=True)
class Maker:
    """Who decided. `held` are the spells in which the body existed or the person held the office, last days included."""

    kind: MakerKind
    name: str
    key: tuple[str, int]
    held: tuple[Spell, ...]


@dataclass(frozen=True)
class Past:
    """A decision about the same version that still stands."""

    kind: Kind
    maker: tuple[str, int] | None
    maker_name: str
    decided: StatedDate


@dataclass(frozen=True)
class Tabled:
    """The version decided about. `updated` are the days its own text says it was prepared or updated."""

    number: int
    policy_kind: str = "policy"
    updated: tuple[StatedDate, ...] = ()
    retired_on: dt.date | None = None
    in_force: bool = False
    awaits_ratification: bool = False
    past: tuple[Past, ...] = ()


@dataclass(frozen=True)
class Proposed:
    """The facts of a decision as somebody enters them. `meeting_on` is set where it was taken at a meeting we know."""

    kind: Kind
    decided: StatedDate
    next_review: StatedDate | None = None
    in_force_on: dt.date | None = None
    asks_from: dt.date | None = None
    minute: str = ""
    reason: str = ""
    meeting_on: dt.date | None = None
    corrects: bool = False
    deferred_to: dt.date | None = None


@dataclass(frozen=True)
class Delegated:
    """A recorded power that covers the policy and the maker, between days."""

    from_on: dt.date
    until_on: dt.date | None = None
    source: str = field(default="", compare=False)


def held_on(held: Sequence[Spell], decided: StatedDate) -> bool:
    """Whether some spell touches the days on which the decision can have been made; an unrecorded day contradicts none."""
    earliest, latest = decided.earliest_on, decided.latest_on
    if earliest is None or latest is None:
        return True
    return any(first <= latest and (last is None or last >= earliest) for first, last in held)
