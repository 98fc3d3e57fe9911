"""How much is read: policy × category on a day, in counts alone. Who it is takes another permission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import render_template, request, url_for
from markupsafe import Markup, escape

from governance.accounts.permissions import Permission
from governance.db import db
from governance.reading.asking import asking_since
from governance.reading.coverage import Count, Coverage, summed
from governance.reading.listed import CategoryNamed, PolicyNamed, policies_and_categories
from governance.reading.queries import coverage
from governance.reading.returning import returning
from governance.render.charts import Bar, coverage_bar
from governance.schools.names import fold
from governance.web.access import allowed, scope
from governance.web.forms import TextField, TickField
from governance.web.reading_cells import NOBODY, grid_cell, grid_row, grid_rows
from governance.web.reading_screen import SEES_COUNTS, AsOf, page_number, screen, today

PER_PAGE = 50


class GridFilters(AsOf):
    """What the grid is narrowed to."""

    search = TextField("Search by title or reference")
    late = TickField("Only policies with reading overdue")


@screen.get("/reading", SEES_COUNTS)
def index() -> tuple[str, int]:
    """The coverage grid."""
    form = GridFilters()
    good = form.validate()
    session, now = db.session(), today()
    day = (form.on.data or now) if good else now
    seen, (policies, categories) = coverage(session, scope(), day), policies_and_categories(session, scope())
    words, late = fold(form.search.data or "").split(), bool(form.late.data)
    found = [one for one in policies if wanted(one, seen, words, late)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(page_number(), 1), pages)
    kept = {name: value for name, value in request.args.items() if name in ("search", "late", "on")}
    asked = {"on": day.isoformat()} if day != now else {}
    answer = render_template(
        "reading/index.html",
        form=form,
        day=day,
        today=now,
        totals=seen.totals,
        bar=bar_of(seen.totals),
        categories=categories,
        found=bool(found),
        rows=grid_rows(_rows(found[(number - 1) * PER_PAGE : number * PER_PAGE], seen, categories, asked)),
        foot=_foot("All of these policies" if pages > 1 or words or late else "All policies", found, seen, categories),
        back=returning(session, scope(), now) if allowed(Permission.SEE_READING) else [],
        since=None if seen.totals.audience else asking_since(session, scope()),
        page=number,
        pages=pages,
        to_page=lambda number: url_for("reading.index", page=number, **kept),  # type: ignore[arg-type]
    )
    return answer, 200 if good else 422


def wanted(one: PolicyNamed, seen: Coverage, words: list[str], late: bool) -> bool:
    """Whether a policy of which something is asked matches the search, and the tick."""
    count = seen.cells.get((one.id, None))
    if count is None or (late and not count.overdue):
        return False
    return not words or all(word in fold(f"{one.title} {one.reference}") for word in words)


def _rows(
    found: list[PolicyNamed], seen: Coverage, categories: list[CategoryNamed], asked: dict[str, str]
) -> Iterator[str]:
    """A row a policy. Addresses are put together from pieces: asking for each would be most of the page's time."""
    named = allowed(Permission.SEE_READING)
    base = escape(url_for("reading.policy", policy="-").removesuffix("-/reading"))
    rest = urlencode(asked)
    whole, more = (f"?{rest}", escape(f"&{rest}")) if rest else ("", "")
    columns = [(one.id, f"?category={one.public_id}{more}") for one in categories]
    counts = seen.cells.get
    for policy_id, public_id, title, reference in found:
        href = f"{base}{public_id}/reading"
        cells = [
            grid_cell(f"{href}{some}" if named else "", count) if (count := counts((policy_id, key))) else NOBODY
            for key, some in columns
        ]
        yield grid_row(f"{href}{whole}" if named else "", title, reference, seen.cells[policy_id, None], cells)


def _foot(words: str, found: list[PolicyNamed], seen: Coverage, categories: list[CategoryNamed]) -> Markup:
    """The sums over every policy that matches, not over one page of them."""
    shown = {one.id for one in found}
    counts: defaultdict[int | None, list[Count]] = defaultdict(list)
    for (policy_id, category_id), count in seen.cells.items():
        if policy_id in shown:
            counts[category_id].append(count)
    cells = [grid_cell("", summed(counts[one.id])) for one in categories]
    return grid_rows([grid_row("", words, "", summed(counts[None]), cells)])


def bar_of(totals: Count) -> Bar:
    """The picture of counts, with its words."""
    return coverage_bar(
        acknowledged=totals.acknowledged,
        outstanding=totals.outstanding,
        overdue=totals.overdue,
        declined=totals.declined,
        away=totals.away,
        excused=totals.excused,
    )
