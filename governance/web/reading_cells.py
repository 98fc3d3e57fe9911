"""The rows of the coverage grid as HTML: hundreds of cells, which in a template cost more than all the counting.

Figures and addresses of our own making go in as they are. A title and a reference are escaped, since people type them.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from governance.reading.coverage import Count

# The bar in a cell grows in so many steps: a class each, since a strict page takes no style attributes.
_STEPS = 20
_BARS = tuple(f'<i class="b{step}"></i>' for step in range(_STEPS + 1))
NOBODY = '<td class="none">–</td>'


def grid_row(href: str, title: str, reference: str, everyone: Count, cells: Iterable[str]) -> Markup:
    """A policy's row, or that of the sums: its name, everyone, then a cell a category.

    `href` is the address of its own page, as it stands in HTML; without one nothing is a link.
    """
    named: str = escape(title)
    if href:
        named = f'<a href="{href}">{named}</a>'
    if reference:
        named = f"{named}<br><small>{escape(reference)}</small>"
    late = ' class="late"' if everyone.overdue else ""
    figures = f"<td{late}>{everyone.overdue}</td><td>{everyone.away}</td><td>{everyone.excused}</td>"
    read = f"{everyone.acknowledged} of {everyone.required}{_bar(everyone.acknowledged, everyone.required)}"
    whole = f'<tr><th scope="row">{named}</th><td>{read}</td>{figures}{"".join(cells)}</tr>\n'
    return Markup(whole)  # noqa: S704  # what was typed is escaped above


def grid_cell(href: str, count: Count) -> str:
    """How many of a category have read a policy, with a link to them where there is one; a dash where nobody is in it."""
    audience, required, read, _, overdue, away, excused = count
    if not audience:
        return NOBODY
    shown = f"{read} of {required}"
    if href:
        shown = f'<a href="{href}">{shown}</a>'
    shown += _bar(read, required)
    if overdue:
        shown += f"<b>{overdue} reading overdue</b>"
    if away or excused:
        aside = ", ".join(f"{number} {words}" for number, words in ((away, "away"), (excused, "not needed")) if number)
        shown += f"<small>{aside}</small>"
    return f"<td>{shown}</td>"


def _bar(read: int, required: int) -> str:
    """Full only when all have read, empty only when nobody has."""
    if not read:
        return _BARS[0]
    return _BARS[_STEPS] if read == required else _BARS[min(max(_STEPS * read // required, 1), _STEPS - 1)]
