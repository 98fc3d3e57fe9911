"""A report as a file, in whichever form somebody asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.reports.formats.csv import csv
from governance.reports.formats.json import json
from governance.reports.formats.pages import html, pdf
from governance.reports.formats.xlsx import xlsx
from governance.reports.report import Report


@dataclass(frozen=True)
class Form:
    """A form of file: what people call it, what browsers call it, and what writes it."""

    title: str
    media_type: str
    write: Callable[[Report], bytes]


FORMS: dict[str, Form] = {
    "csv": Form("CSV", "text/csv; charset=utf-8", csv),
    "xlsx": Form("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "pdf": Form("PDF", "application/pdf", pdf),
    "html": Form("Web page", "text/html; charset=utf-8", html),
    "json": Form("JSON", "application/json", json),
}
