"""Receipts from signed paper: a sheet's ticks, or a list of them, each looked at before anything is recorded."""

from __future__ import annotations

from governance.web import paper_import, paper_sheet
from governance.web.paper_screen import screen

__all__ = ["paper_import", "paper_sheet", "screen"]
