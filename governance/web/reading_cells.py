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


def grid_rows(rows: Iterable[str]) -> Markup:
    """Rows made by `grid_row`, one after another."""
    return Markup("".join(rows))  # noqa: S704  # what was typed is escaped in each


def grid_row(href: str, title: str, reference: str, everyone: Count, cells: Iterable[str]) -> str:
    """A policy's row, or that of the sums: its name, everyone, then a cell a category.

    `href` is the address of its own page, as it stands in HTML; without one nothing is a link.
    """
    named: str = escape(title)
    if href:
        named = f'<a href="{href}">{named}</a>'
    if reference:
        named = f"{named}<br><small>{escape(reference)}</small>"
    _, required, read, _, overdue, away, excused, declined = everyone
    late = ' class="late"' if overdue else ""
    return (
        f'<tr><th scope="row">{named}</th><td>{read} of {required}{_bar(read, required)}</td>'
        f"<td{late}>{overdue}</td><td>{away}</td><td>{excused}</td><td>{declined}</td>{''.join(cells)}</tr>\n"
    )


def grid_cell(href: str, count: Count) -> str:
    """How many of a category have read a policy, with a link to them where there is one; a dash where nobody is in it."""
    audience, required, read, _, overdue, away, excused, declined = count
    if not audience:
        return NOBODY
    shown = f'<a href="{href}">{read} of {required}</a>' if href else f"{read} of {required}"
    late = f"<b>{overdue} reading overdue</b>" if overdue else ""
    aside = _aside(away, excused, declined) if away or excused or declined else ""
    return f"<td>{shown}{_bar(read, required)}{late}{aside}</td>"


def _aside(away: int, excused: int, declined: int) -> str:
    apart = ((away, "away"), (excused, "not needed"), (declined, "given, not signed"))
    return f"<small>{', '.join(f'{number} {words}' for number, words in apart if number)}</small>"


def _bar(read: int, required: int) -> str:
    """Full only when all have read, empty only when nobody has."""
    if not read:
        return _BARS[0]
    return _BARS[_STEPS] if read == required else _BARS[_STEPS * read // required or 1]
