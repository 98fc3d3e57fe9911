"""HTML and PDF: one template for both, a page that loads nothing, a PDF/UA-1 that repeats its heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from governance.child import Limits
from governance.render.environment import render
from governance.render.pdf import STYLES
from governance.render.pdf import pdf as printed
from governance.reports.formats.xlsx import is_wide
from governance.reports.report import MOST_ROWS, Report, refuse_more_than, said, said_rows

# Measured: a row of ten cells takes 10 ms and 250 kB, so this many take some two minutes and 2.5 GB.
ROWS_IN_A_TABLE = 250
MOST_PRINTED_ROWS = 10_000
PRINT_LIMITS = Limits(seconds=900, memory_mb=4096, output_mb=100, file_mb=8)
_LOOKED_AT = 500


@dataclass(frozen=True)
class Part:
    """Some rows in a reader's words, with the place of the first and last among all."""

    first: int
    last: int
    rows: tuple[tuple[str, ...], ...]


def html(report: Report) -> bytes:
    """The report as a complete, accessible web page that needs no other file.

    Raises:
        Refusal: for more rows than a browser can show; CSV has no limit.
    """
    refuse_more_than(report, MOST_ROWS, "a web page")
    style = (STYLES / "report.css").read_text(encoding="utf-8")
    whole = Part(1, len(report.rows), tuple(said_rows(report.columns, report.rows)))
    return render("reports/report.html", report=report, parts=[whole], style=style, widths=(), wide=False).encode(
        "utf-8", "replace"
    )


def pdf(report: Report) -> bytes:
    """The report as a tagged PDF: school, title and day on every page, heads repeated, on its side when it is wide.

    Raises:
        Refusal: for more rows than anyone prints.
        ChildFailed: when it could not be made within its limits.
    """
    refuse_more_than(report, MOST_PRINTED_ROWS, "a PDF")
    document = render(
        "reports/report.html",
        report=report,
        parts=list(_parts(report)),
        style=None,
        widths=_widths(report),
        wide=is_wide(report.columns),
    )
    return printed(
        document,
        title=f"{report.heading}, {report.school}",
        made_at=report.instant,
        styles=("print.css", "report.css"),
        part=f"The PDF of “{report.title}”",
        limits=PRINT_LIMITS,
    )


def _parts(report: Report) -> Iterator[Part]:
    rows = said_rows(report.columns, report.rows)
    first = 1
    while chunk := tuple(islice(rows, ROWS_IN_A_TABLE)):
        yield Part(first, first + len(chunk) - 1, chunk)
        first += len(chunk)
    if first == 1:
        yield Part(1, 0, ())


def _widths(report: Report) -> tuple[float, ...]:
    """Shares of the width in per cent, by what the first rows hold; fixed widths spare measuring every row."""
    weights = []
    for place, column in enumerate(report.columns):
        longest_word = max((len(word) for word in column.title.split()), default=1)
        lengths = sorted(len(said(row[place], column.kind)) for row in islice(report.rows, _LOOKED_AT)) or [0]
        weights.append(min(40, max(5, longest_word + 1, lengths[int(len(lengths) * 0.9)] + 1)))
    return tuple(round(100 * weight / sum(weights), 2) for weight in weights)
