"""How much is read: policy × category on a day, in counts alone. Who it is takes another permission."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from flask import render_template, request, url_for

from governance.accounts.permissions import Permission
from governance.db import db
from governance.people.models import Category
from governance.reading.asking import asking_since
from governance.reading.coverage import Count, Coverage
from governance.reading.listed import PolicyNamed, policies_named
from governance.reading.queries import coverage
from governance.render.charts import coverage_bar
from governance.schools.names import fold
from governance.web.access import allowed, scope
from governance.web.forms import TextField, TickField
from governance.web.reading_screen import SEES_COUNTS, AsOf, own_categories, page_number, screen, today

PER_PAGE = 50
# The bar in a cell grows in so many steps: a class each, since a strict page takes no style attributes.
_STEPS = 20


class GridFilters(AsOf):
    """What the grid is narrowed to."""

    search = TextField("Search by title or reference")
    late = TickField("Only policies with reading overdue")


@dataclass(frozen=True)
class Cell:
    """One cell of the grid. `step` is the length of its bar; without anybody in its audience all is empty."""

    text: str
    step: int
    overdue: int
    aside: str


@dataclass(frozen=True)
class GridRow:
    """A policy's row: everyone, then the categories."""

    public_id: str
    title: str
    reference: str
    everyone: Count
    cell: Cell
    cells: tuple[Cell | None, ...]


@screen.get("/reading", SEES_COUNTS)
def index() -> tuple[str, int]:
    """The coverage grid."""
    form = GridFilters()
    good = form.validate()
    session, now = db.session(), today()
    day = (form.on.data or now) if good else now
    seen, categories = coverage(session, scope(), day), own_categories()
    found = [one for one in policies_named(session, scope()) if _wanted(one, seen, form)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(page_number(), 1), pages)
    kept = {name: value for name, value in request.args.items() if name in ("search", "late", "on")}
    answer = render_template(
        "reading/index.html",
        form=form,
        day=day,
        today=now,
        totals=seen.totals,
        bar=_bar(seen.totals),
        categories=categories,
        rows=[_row(one, seen, categories) for one in found[(number - 1) * PER_PAGE : number * PER_PAGE]],
        foot=_foot(found, seen, categories),
        base=_base() if allowed(Permission.SEE_READING) else "",
        asked_on=f"&on={day.isoformat()}" if day != now else "",
        since=None if seen.totals.audience else asking_since(session, scope()),
        page=number,
        pages=pages,
        to_page=lambda number: url_for("reading.index", page=number, **kept),  # type: ignore[arg-type]
    )
    return answer, 200 if good else 422


def _base() -> str:
    """The address below which policies are, asked for once: a call for every cell would be most of the page's time."""
    return url_for("reading.policy", policy="-").removesuffix("-/reading")


def _wanted(one: PolicyNamed, seen: Coverage, form: GridFilters) -> bool:
    count = seen.cells.get((one.id, None))
    words = fold(form.search.data or "").split()
    if count is None or (form.late.data and not count.overdue):
        return False
    return all(word in fold(f"{one.title} {one.reference}") for word in words)


def _row(one: PolicyNamed, seen: Coverage, categories: list[Category]) -> GridRow:
    cells = seen.cells
    everyone = cells[one.id, None]
    by_category = tuple(_cell(cells.get((one.id, category.id))) for category in categories)
    return GridRow(one.public_id, one.title, one.reference, everyone, _certain(everyone), by_category)


def _foot(found: list[PolicyNamed], seen: Coverage, categories: list[Category]) -> GridRow:
    """The sums over every policy that matches, not over one page of them."""
    wanted = {one.id for one in found}
    sums: dict[int | None, list[int]] = {
        category_id: [0] * 7 for category_id in (None, *(one.id for one in categories))
    }
    for (policy_id, category_id), count in seen.cells.items():
        if policy_id in wanted and category_id in sums:
            sums[category_id] = [a + b for a, b in zip(sums[category_id], astuple(count), strict=True)]
    totals = {category_id: Count(*figures) for category_id, figures in sums.items()}
    by_category = tuple(_cell(totals[one.id]) for one in categories)
    return GridRow("", "", "", totals[None], _certain(totals[None]), by_category)


def _cell(count: Count | None) -> Cell | None:
    return None if count is None or not count.audience else _certain(count)


def _certain(count: Count) -> Cell:
    aside = [f"{number} {words}" for number, words in ((count.away, "away"), (count.excused, "not needed")) if number]
    return Cell(f"{count.acknowledged} of {count.required}", _step(count), count.overdue, ", ".join(aside))


def _step(count: Count) -> int:
    """Full only when all have read, empty only when nobody has."""
    if not count.required or not count.acknowledged:
        return 0
    if count.acknowledged == count.required:
        return _STEPS
    return min(max(_STEPS * count.acknowledged // count.required, 1), _STEPS - 1)


def _bar(totals: Count) -> object:
    return coverage_bar(
        acknowledged=totals.acknowledged,
        outstanding=totals.outstanding,
        overdue=totals.overdue,
        away=totals.away,
        excused=totals.excused,
    )
