"""A PDF's pages as the lines that are read: what stands on every page apart, tables and contents entries marked.

read_in_order(pages)
  each page: ruled tables (pdf_grids), the rest as lines (pdf_lines)
  running heads and feet apart (pdf_furniture)
  each page's lines in reading order (pdf_columns)
  contents page (pdf_contents), tables without rules (pdf_tables)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from governance.extract.blocks import Block
from governance.extract.pdf_blocks import blocks_of
from governance.extract.pdf_columns import in_order
from governance.extract.pdf_contents import mark_entries
from governance.extract.pdf_furniture import without_furniture
from governance.extract.pdf_grids import ruled_tables
from governance.extract.pdf_lines import Line, lines_of
from governance.extract.pdf_pages import Page
from governance.extract.pdf_paragraphs import paragraphs, setting_of
from governance.extract.pdf_tables import set_as_tables


class LaidOut(NamedTuple):
    """The blocks of a document, and what stands above and below its pages."""

    blocks: list[Block]
    above: list[str]
    below: list[str]


def laid_out(pages: Sequence[Page]) -> LaidOut:
    """The pages read in order."""
    drawn = [lines_of(page.words, page.number) for page in pages]
    above, below = without_furniture(drawn, [page.sheet.height for page in pages])
    lines: list[Line] = []
    for page, page_lines in zip(pages, drawn, strict=True):
        page.words = [word for line in page_lines for word in line.words]
        tables = ruled_tables(page)
        rest = lines_of(page.words, page.number) if tables else page_lines
        lines.extend(in_order([*rest, *tables]))
        page.words, page.rules = [], []
    lines = set_as_tables(mark_entries(lines, len(pages)))
    setting = setting_of(lines)
    return LaidOut(blocks_of(paragraphs(lines, setting), setting), above, below)
