"""Sheets to sign: made, printed, entered when they come back, and kept with their scans."""

from __future__ import annotations

from governance.web import sheets_entering, sheets_making
from governance.web.sheets_screen import screen

__all__ = ["screen", "sheets_entering", "sheets_making"]
