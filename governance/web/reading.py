"""The reading room's screens, on one blueprint: how much is read, who has not read, one policy, one person."""

from __future__ import annotations

from governance.web import (
    reading_bulk,
    reading_declined,
    reading_grid,
    reading_lists,
    reading_managers,
    reading_person,
    reading_policy,
    reading_sheet,
)
from governance.web.reading_screen import screen

__all__ = [
    "reading_bulk", "reading_declined", "reading_grid", "reading_lists", "reading_managers", "reading_person",
    "reading_policy", "reading_sheet", "screen",
]  # fmt: skip
