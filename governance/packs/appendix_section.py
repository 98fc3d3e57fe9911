"""A pack's appendix as its template wants it: rows with the places they lead to, charts laid out, totals. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.packs.appendix import Appendix, LateReview, PolicyRead, Readings, readings, together
from governance.render import words
from governance.render.appendix_charts import (
    ReadingChart,
    ReviewChart,
    SmallBar,
    reading_chart,
    review_chart,
    small_bar,
)

# House rule: the appendix of a short pack takes two pages at a school of forty policies.
MOST_LATE_IN_SHORT = 10


@dataclass(frozen=True)
class ReadLine:
    """A policy's line in the table of readings."""

    policy: PolicyRead
    # its number in the pack; 0 where it is not in it
    number: int
    anchor: str
    found: Readings
    bar: SmallBar


@dataclass(frozen=True)
class AppendixSection:
    """What the appendix prints. `left_out` is how many late reviews the table does not list, the least late ones."""

    found: Appendix
    late: tuple[tuple[LateReview, str], ...]
    left_out: int
    reviews: ReviewChart | None
    read: tuple[ReadLine, ...]
    totals: tuple[tuple[str, Readings], ...]
    all: Readings
    readings: ReadingChart

    @property
    def on_no_agenda(self) -> int:
        """How many late reviews are on no agenda."""
        return sum(not one.planned for one in self.found.late)

    @property
    def unplaced(self) -> int:
        """How many reviews that fall due within the half-terms shown are on no agenda."""
        return sum(half.unplaced for half in self.found.due)

    @property
    def tells_of_others(self) -> bool:
        """Whether a policy is told of that is not in the pack."""
        return any(not line.number for line in self.read)

    @property
    def has_other(self) -> bool:
        """Whether anybody did not sign, or need not read."""
        return self.all.other > 0


def appendix_section(found: Appendix, places: Mapping[str, str], *, is_short: bool) -> AppendixSection:
    """The appendix laid out. `places` are the names of the policies' own parts, by reference."""
    listed = found.late[:MOST_LATE_IN_SHORT] if is_short else found.late
    totals = tuple(_totals(found.told))
    return AppendixSection(
        found,
        tuple((one, places.get(one.reference, "")) for one in listed),
        len(found.late) - len(listed),
        review_chart(found.due) if any(half.total for half in found.due) else None,
        tuple(_lines(found, places)),
        totals,
        together(found.told),
        reading_chart(totals),
    )


def _lines(found: Appendix, places: Mapping[str, str]) -> Iterable[ReadLine]:
    numbers = {one: number for number, one in enumerate(found.read, start=1) if one.in_pack}
    for one in found.told:
        counted = readings(one.counts)
        yield ReadLine(one, numbers.get(one, 0), places.get(one.reference, ""), counted, small_bar(counted))


def _totals(told: Iterable[PolicyRead]) -> Iterable[tuple[str, Readings]]:
    """Of the pack's policies, and of those about safeguarding in it or not."""
    for name, policies in (
        ("of this pack", [one for one in told if one.in_pack]),
        ("about safeguarding", [one for one in told if one.safeguarding]),
    ):
        if policies:
            yield f"{words.plural(len(policies), 'policy', 'policies')} {name}", together(policies)
