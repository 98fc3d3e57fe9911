"""What an inspector is shown, as plain values: everything that is printed and nothing else. No reason of an absence is here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from governance.extract.stated_dates import StatedDate
from governance.reading.owed import State
from governance.render import words

# The worst of a person's states is theirs in the sentence; each with its words for one person and for several.
_BY_PERSON = (
    (State.READING_OVERDUE, "is late with at least one", "are late with at least one"),
    (State.DECLINED, "was given one and did not sign", "were given one and did not sign"),
    (State.NOT_YET_READ, "has something left to read, not yet due", "have something left to read, not yet due"),
    (State.AWAY, "is away", "are away"),
    (State.READ, "has read all that is needed", "have read all that is needed"),
)


@dataclass(frozen=True)
class Cell:
    """How one person stands with one policy. `on` is the day read, or the day due."""

    state: State
    on: dt.date | None = None

    @property
    def in_words(self) -> str:
        """ "Read 5 Oct 2026", "Late, due 15 Oct 2026"."""
        if self.state is State.READ:
            return f"Read {words.day_short(self.on)}"
        if self.state is State.READING_OVERDUE:
            return f"Late, due {words.day_short(self.on)}"
        if self.state is State.NOT_YET_READ:
            return f"Not yet due: {words.day_short(self.on)}"
        return {State.AWAY: "Away", State.DECLINED: "Given, not signed", State.EXCUSED: "Not needed"}[self.state]

    @property
    def is_late(self) -> bool:
        """Whether it wants attention."""
        return self.state in (State.READING_OVERDUE, State.DECLINED)


@dataclass(frozen=True)
class Reader:
    """Somebody with a job on the day. `cells` are in the order of the policies; None where nothing is asked of them."""

    name: str
    number: str
    categories: str
    cells: tuple[Cell | None, ...]

    @property
    def standing(self) -> State | None:
        """The worst of their states; None for whom nothing is asked."""
        states = {State.READ if cell.state is State.EXCUSED else cell.state for cell in self.cells if cell}
        return next((state for state, *_ in _BY_PERSON if state in states), None)


@dataclass(frozen=True)
class Read:
    """A safeguarding policy as it was read: its title, the version's name and the day."""

    title: str
    version: str
    on: dt.date


@dataclass(frozen=True)
class Visitor:
    """A job of supply staff or of a volunteer in this academic year; `until_on` is None where no end is known."""

    name: str
    number: str
    category: str
    agency: str
    from_on: dt.date
    until_on: dt.date | None
    read: tuple[Read, ...]


@dataclass(frozen=True)
class Policy:
    """A policy in force: who decided it, when and under which minute, and its next review."""

    title: str
    reference: str
    version: str
    what: str
    decided_by: str
    decided: StatedDate | None
    minute: str
    next_review: StatedDate | None
    is_late: bool
    awaits_ratification: bool


@dataclass(frozen=True)
class Inspection:
    """One school on one day. `safeguarding` are the titles that the readers' cells are about.

    Where the school said otherwise than a title does, `counted_anyway` and `left_out` are the titles it said it of.
    """

    school: str
    as_of: dt.date
    made_at: dt.datetime
    made_by: str
    time_zone: str
    year_from: dt.date
    safeguarding: tuple[str, ...]
    readers: tuple[Reader, ...]
    visitors: tuple[Visitor, ...]
    policies: tuple[Policy, ...]
    journal_seq: int
    journal_head: str
    counted_anyway: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """ "Inspection, 16 November 2026"."""
        return f"Inspection, {words.day(self.as_of)}"

    @property
    def rows(self) -> int:
        """How many rows of tables it prints."""
        tables = max(1, -(-len(self.safeguarding) // POLICIES_ABREAST))
        return len(self.readers) * tables + len(self.visitors) + len(self.policies)


# So many policies stand beside each other in the table of names; more make a further table.
POLICIES_ABREAST = 5


def counts_of(readers: tuple[Reader, ...], place: int) -> Counter[State]:
    """How many stand how with one of the policies."""
    return Counter(cell.state for one in readers if (cell := one.cells[place]) is not None)


def in_a_sentence(readers: tuple[Reader, ...]) -> str:
    """How the people stand with the policies together, each person once, by the worst of their states."""
    standing = Counter(one.standing for one in readers)
    asked = len(readers) - standing[None]
    if not asked:
        return "Nobody is asked to read any of these policies."
    parts = [
        f"{standing[state]:,} {one if standing[state] == 1 else several}"
        for state, one, several in _BY_PERSON
        if standing[state]
    ]
    said = f"Of {words.plural(asked, 'person', 'people')} asked to read at least one of these policies: {'; '.join(parts)}."
    if standing[None]:
        none = "other is" if standing[None] == 1 else "others are"
        said += f" {standing[None]:,} {none} asked to read none of them."
    return said
