"""Reports made by hand: what the writers are tested with."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from governance.extract.stated_dates import exactly, month_of, not_recorded
from governance.reports.report import Column, Kind, Report

AS_OF = dt.date(2026, 10, 12)
COLUMNS = (
    Column("staff_number", "Staff number"),
    Column("name", "Name"),
    Column("policy", "Policy"),
    Column("due_on", "Due", Kind.DAY),
    Column("last_review", "Last review", Kind.STATED),
    Column("days_late", "Days late", Kind.WHOLE),
    Column("read", "Read", Kind.PERCENT),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("S001", "Tess Ní Bhriain", "Social Media Policy", dt.date(2026, 9, 28), exactly(dt.date(2022, 9, 12)), 14, 79),
    ("0042", "O’Neill, “Sam”", "Anti-Bullying Policy", dt.date(2026, 10, 1), month_of(2022, 9, "Sept 2022"), 11, 100),
    ("", "李", "Line one\nline two, with a comma", None, not_recorded(), 0, None),
    ("S003", "<script>{{7*7}}%s${x}</script>", "Pay & Conditions", dt.date(2026, 10, 11), None, 1_204, 0),
)
TOTALS = {"people": 4, "rows_late": 3}

DANGEROUS = (
    *("=1+1", '=HYPERLINK("http://127.0.0.1/","x")', "=cmd|'/c calc'!A1", "+44 1902 000000", "-5", "@SUM(1)", "-"),
    *("\t=1", "\r=1", "\n=1", " =1+1", "  @x", "'=1", "''+1", "'\t=1", "＝1+1", "＋1", "－1", "＠x"),
    *("http://127.0.0.1/", "mailto:zed@example.org", "file:///etc/passwd", "internal:About!A1", "{=1+1}", "12/09/2022"),
    *("1E5", "0042", "TRUE", "it's =1", "'", "''", "'tis", '"=1"', 'a "quoted" =1', ",=1", '","=1', "plain"),
)


def report(**changes: Any) -> Report:
    made = Report(
        name="overdue",
        title="Reading overdue",
        school="Oakfield Primary & Nursery School",
        as_of=AS_OF,
        columns=COLUMNS,
        rows=ROWS,
        totals=TOTALS,
        notes=("Each person is counted once for each policy.",),
        total_titles={"rows_late": "late"},
    )
    return replace(made, **changes)


def dangerous() -> Report:
    """Every dangerous text in every text column, titles, totals and notes included."""
    columns = (Column("a", "=1+1"), Column("b", "Name"), Column("c", "@SUM(1)"))
    rows = tuple((text, text + "x", text) for text in DANGEROUS)
    return report(
        title="=1+1", school="=2+2", columns=columns, rows=rows, notes=DANGEROUS, totals={"=3": 3}, total_titles={}
    )
