"""PDFs as WeasyPrint prints them for the tests, read back."""

from __future__ import annotations

import weasyprint

from governance.extract.blocks import Content
from governance.extract.clauses import Clause
from governance.extract.pdf_files import read_pdf
from governance.extract.segmentation import clauses_of_content

SENTENCE = "The school expects all members of staff to follow this policy and to report concerns to the headteacher. "
PROSE = f"<p>{SENTENCE * 4}</p>"
STYLE = "@page{size:A4;margin:25mm} body{font-family:'Liberation Sans';font-size:11pt} h1{font-size:24pt} h2{font-size:15pt}"


def made(body: str, style: str = "") -> bytes:
    """A page or more with this body."""
    html = f'<html lang="en"><style>{STYLE}{style}</style><body>{body}</body></html>'
    return bytes(weasyprint.HTML(string=html).write_pdf())


def read(body: str, style: str = "") -> Content:
    """The same, read."""
    return read_pdf(made(body, style))


def tables(content: Content) -> list[list[tuple[str, ...]]]:
    """The rows of each table."""
    return [block.rows for block in content.blocks if block.rows]


def clauses(content: Content) -> list[tuple[str, int, str | None, str]]:
    """Each clause as kind, level, number and words."""

    def row(clause: Clause) -> tuple[str, int, str | None, str]:
        return clause.kind.value, clause.level, clause.number, clause.text

    return [row(clause) for clause in clauses_of_content(content)]


RULED = "table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:4pt;text-align:left}"
