"""Cells that no spreadsheet evaluates, from which what a person typed can always be had back.

The rule, as the documentation states it: a text that begins with = + - @ (or their full-width forms), a tab or a line
break, also after spaces, gets an apostrophe in front. A text that begins with apostrophes followed by such a start gets
one more. So taking one apostrophe off such a cell gives exactly what was typed.
"""

from __future__ import annotations

import re

_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_STARTS_A_FORMULA = re.compile(rf"'*(?:\s*{_SIGNS}|[\t\r\n])")
# A cell of written CSV that begins with neither letter nor figure: most text has none, and looking is cheap.
_BEGINS_ODDLY = re.compile(r"[,\n][^A-Za-z0-9,\r]")
# The same start as above at the head of any cell of written CSV, where only a quoted cell can hold a line break.
# What it finds too much (a figure below nought) only costs a look at every cell.
_ANYWHERE = re.compile(rf"[,\n](?:\"'*(?:\s*{_SIGNS}|[\t\r\n])|'*(?:[^\S\r\n]*{_SIGNS}|\t))")


def may_start_a_formula(written: str) -> bool:
    """Whether any cell of these lines of CSV might need `inert`; False is certain."""
    lines = "\n" + written
    return bool(_BEGINS_ODDLY.search(lines) and _ANYWHERE.search(lines))


def inert(text: str) -> str:
    """The text as a cell that is only ever shown."""
    return "'" + text if _STARTS_A_FORMULA.match(text) else text


def uninert(cell: str) -> str:
    """What was typed, from a cell that `inert` made."""
    return cell[1:] if cell.startswith("'") and _STARTS_A_FORMULA.match(cell[1:]) else cell
