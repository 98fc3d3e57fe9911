"""A report as a plain value: what the screen, CSV, XLSX, JSON, HTML and PDF of it all show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from governance.errors import Refusal
from governance.render import words

# House rule: beyond this a spreadsheet or a web page is no use to a reader and costs minutes; CSV has no limit.
MOST_ROWS = 200_000


class Kind(StrEnum):
    """What a column holds: a str, a date, a StatedDate (or None), an int, or an int from 0 to 100. None is nothing known."""

    TEXT = "text"
    DAY = "day"
    STATED = "stated"
    WHOLE = "whole"
    PERCENT = "percent"


@dataclass(frozen=True)
class Column:
    """`key` names it in JSON, `title` everywhere else."""

    key: str
    title: str
    kind: Kind = Kind.TEXT

    @property
    def is_number(self) -> bool:
        """Whether its figures are set to the right."""
        return self.kind in (Kind.WHOLE, Kind.PERCENT)


@dataclass(frozen=True)
class Report:
    """Rows as of a day. `totals` are keyed as in JSON; `total_titles` says them in words, where they are shown to people.

    `made_at` is the instant of making, UTC; without it a document carries the first instant of `as_of`.
    """

    name: str
    title: str
    school: str
    as_of: dt.date
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    made_at: dt.datetime | None = None
    total_titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def instant(self) -> dt.datetime:
        """The instant that a document of this report carries."""
        return self.made_at or dt.datetime.combine(self.as_of, dt.time(), dt.UTC)

    @property
    def heading(self) -> str:
        """ "Reading overdue, 12 October 2026"."""
        return f"{self.title}, {words.day(self.as_of)}"

    @property
    def filename_stem(self) -> str:
        """ "overdue-2026-10-12", the same whatever the format."""
        return f"{self.name}-{self.as_of.isoformat()}"

    @property
    def figures(self) -> tuple[tuple[str, int], ...]:
        """The totals with the words they are shown under, in order."""
        return tuple((self.total_titles.get(key, key.replace("_", " ")), count) for key, count in self.totals.items())


def plain(value: Any, kind: Kind) -> str:
    """A cell in a machine's words: dates as `YYYY-MM-DD` (a month `YYYY-MM`), figures bare, nothing known as ''."""
    if value is None:
        return ""
    if kind is Kind.STATED and not isinstance(value, dt.date):
        return str(value.iso() or value.in_words())
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def said(value: Any, kind: Kind) -> str:
    """A cell in a reader's words: "12 Sep 2022", "1,204", "83%", a dash for nothing known."""
    if value is None or value == "":
        return words.NONE
    if kind is Kind.DAY:
        return words.day_short(value)
    if kind is Kind.STATED:
        return words.day_short(value) if isinstance(value, dt.date) else str(value.in_words())
    if kind is Kind.WHOLE:
        return f"{value:,}"
    return f"{value}%" if kind is Kind.PERCENT else str(value)


def said_rows(columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, ...]]:
    """Rows in a reader's words."""
    kinds = tuple(column.kind for column in columns)
    for row in rows:
        yield tuple(said(value, kind) for value, kind in zip(row, kinds, strict=True))


def refuse_more_than(report: Report, most: int, shape: str) -> None:
    """Refuse a report too long for this shape, saying what to take instead.

    Raises:
        Refusal: when it has more than `most` rows.
    """
    if len(report.rows) > most:
        raise Refusal.one(
            f"This report has {len(report.rows):,} rows, and {shape} holds at most {most:,}. "
            "Choose CSV, or narrow the report to fewer policies or people."
        )
