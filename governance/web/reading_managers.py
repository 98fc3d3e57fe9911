"""Whose people have read what: policy × line manager on a day, for those who may see names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from markupsafe import escape

from governance.db import db
from governance.reading.coverage import Count, Coverage
from governance.reading.line_managers import Manager, coverage_by_manager, in_order, managers
from governance.reading.listed import PolicyNamed, policies_named
from governance.reading.queries import coverage
from governance.schools.names import fold
from governance.web.access import scope
from governance.web.reading_cells import NOBODY, grid_cell, grid_row, grid_rows
from governance.web.reading_grid import GridFilters, wanted
from governance.web.reading_screen import SEES, page_number, screen, today

# Fewer than in the grid by category: here each person and policy is looked at one by one.
PER_PAGE = 25
# How an address says "without a line manager"; no identifier is so short.
NONE = "none"


@screen.get("/reading/by-manager", SEES, endpoint="by_manager")
def by_manager() -> tuple[str, int]:
    """The coverage grid by line manager."""
    form = GridFilters()
    good = form.validate()
    session, now = db.session(), today()
    day = (form.on.data or now) if good else now
    seen, words, late = coverage(session, scope(), day), fold(form.search.data or "").split(), bool(form.late.data)
    found = [one for one in policies_named(session, scope()) if wanted(one, seen, words, late)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(page_number(), 1), pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    of = managers(session, scope(), day)
    cells = coverage_by_manager(session, scope(), day, [one.id for one in shown], of) if shown else {}
    there = {manager for _, manager in cells}
    columns = [one for one in in_order(of) if one in there]
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("search", "late", "on")}
    answer = render_template(
        "reading/by_manager.html",
        form=form,
        day=day,
        today=now,
        columns=columns,
        rows=grid_rows(_rows(shown, seen, columns, cells, {"on": day.isoformat()} if day != now else {})),
        found=bool(found),
        asked=bool(seen.totals.audience),
        page=number,
        pages=pages,
        to_page=lambda number: url_for("reading.by_manager", page=number, **kept),
    )
    return answer, 200 if good else 422


def _rows(
    shown: list[PolicyNamed],
    seen: Coverage,
    columns: list[Manager],
    cells: Mapping[tuple[int, Manager], Count],
    asked: dict[str, str],
) -> Iterator[str]:
    ways = [(one, escape("?" + urlencode({"manager": one.public_id or NONE, **asked}))) for one in columns]
    for policy_id, public_id, title, reference in shown:
        href = escape(url_for("reading.policy", policy=public_id))
        there = [
            grid_cell(f"{href}{way}", count) if (count := cells.get((policy_id, one))) else NOBODY for one, way in ways
        ]
        whole = f"{href}?{escape(urlencode(asked))}" if asked else str(href)
        yield grid_row(whole, title, reference, seen.cells[policy_id, None], there)
