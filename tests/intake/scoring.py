"""How well facts are detected: what was found in a document against what a careful reader noted.

For each field a value is right, wrong or missing. A wrong value where another was meant counts twice, as wrong and as
missing; lists are compared as sets. The F1 of all fields together is taken over all their values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.extract.titles import title_key
from tests.intake.writing.described import SEVERAL, SINGLE

FIELDS = (*SINGLE, *SEVERAL)
CONFIDENT = 0.9
_WITHOUT_THE = ("title", "owner", "adopted_by")


@dataclass
class Tally:
    """Right, wrong and missing values of one field, or of all; `empty` counts where there is rightly nothing."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    empty: int = 0

    def add(self, other: Tally) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missing += other.missing
        self.empty += other.empty

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missing)

    @property
    def f1(self) -> float:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missing)


@dataclass(frozen=True)
class Miss:
    """A value that is not as it should be; `evidence` holds the lines it was read from."""

    document: str
    field: str
    expected: object
    found: object
    evidence: tuple[str, ...]

    def __str__(self) -> str:
        lines = "".join(f"\n        {line}" for line in self.evidence)
        return f"{self.document} {self.field}\n    expected {self.expected!r}\n    found    {self.found!r}{lines}"


@dataclass
class Score:
    """A tally a field, the values given with confidence, and every miss."""

    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    confident: Counter[bool] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    @property
    def overall(self) -> Tally:
        total = Tally()
        for tally in self.fields.values():
            total.add(tally)
        return total

    @property
    def confident_right(self) -> float:
        """The share of right values among those given with a confidence of 0.9 or more."""
        return _share(self.confident[True], self.confident.total())

    def mark(self, document: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        """Count one document; `found` is the published form, `expected` the same without evidence."""
        for name in FIELDS:
            wanted, got = _keys(name, expected[name]), _keys(name, found[name])
            tally = Tally(len(wanted & got), len(got - wanted), len(wanted - got), int(not wanted and not got))
            self.fields[name].add(tally)
            given = _evidence(found, name)
            for one in given:
                if one["confidence"] >= CONFIDENT:
                    self.confident[bool(_keys(name, [one["value"]]) & wanted)] += 1
            if wanted != got:
                lines = tuple(f"[{one['confidence']}] line {one['line']}: {one['text']}" for one in given)
                self.misses.append(Miss(document, name, expected[name], found[name], lines))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _keys(name: str, value: object) -> set[str]:
    """The values of a field as they are compared."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return {_COMPARED[name](str(one)) for one in values}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _without_the(text: str) -> str:
    return _plain(text).removeprefix("the ")


_COMPARED: dict[str, Callable[[str], str]] = dict.fromkeys(FIELDS, _plain)
_COMPARED |= dict.fromkeys(_WITHOUT_THE, _without_the)
_COMPARED |= {"related_policies": title_key}


def _evidence(found: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    """The evidence of what is published; a date too vague to be published has evidence and no value."""
    given = found["evidence"].get(name, [])
    if isinstance(given, list):
        return given
    return [given] if found[name] is not None else []
