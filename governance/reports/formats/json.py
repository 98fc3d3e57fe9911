"""JSON: {"title", "as_of", "columns", "rows", "totals"}, rows as lists in the order of `columns`, which are keys."""

from __future__ import annotations

import datetime as dt
import json as standard
from typing import Any

from governance.reports.report import Kind, Report, plain


def json(report: Report) -> bytes:
    """The report for programs: dates as `YYYY-MM-DD`, figures as numbers, nothing known as null."""
    kinds = tuple(column.kind for column in report.columns)
    shape = {
        "title": report.title,
        "as_of": report.as_of.isoformat(),
        "columns": [column.key for column in report.columns],
        "rows": [[_value(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in report.rows],
        "totals": dict(report.totals),
    }
    return (standard.dumps(shape, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _value(value: Any, kind: Kind) -> Any:
    if value is None or (kind is not Kind.STATED and not isinstance(value, dt.date)):
        return value
    return plain(value, kind)
