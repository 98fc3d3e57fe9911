"""Documents made to keep their readers busy for as long as the limits allow, one of each format."""

from __future__ import annotations

from tests.extract.making import docx, paragraph, pdf
from tests.extract.making_other import odt, rtf, web_page

# Long enough to look like text, and full of the beginnings of dates, labels and numbers.
_WORDS = "Approved by: 12 Sep 1.2.3 (a) policy of 31/1 May, see 4.2 and the Act of 20 "


def busy_documents() -> dict[str, bytes]:
    """Documents by name. Each costs its child seconds of processor time, or is refused by a limit on the way."""
    rows = f"<w:tr>{f'<w:tc>{paragraph(_WORDS)}</w:tc>' * 6}</w:tr>"
    cells = (
        f"<table:table-row>{f'<table:table-cell><text:p>{_WORDS}</text:p></table:table-cell>' * 6}</table:table-row>"
    )
    return {
        "busy.docx": docx(f"<w:tbl>{rows * 1_500}</w:tbl>" + paragraph(_WORDS) * 8_000),
        "busy.odt": odt(f"<table:table>{cells * 1_500}</table:table>" + f"<text:p>{_WORDS}</text:p>" * 8_000),
        "busy.rtf": rtf(
            (r"\pard\intbl" + (r"{\b " + _WORDS + r"}\cell") * 6 + r"\row") * 1_500 + (rf"\pard {_WORDS}\par" * 8_000)
        ),
        "busy.html": web_page(f"<table><tr>{f'<td><b>{_WORDS}</b>' * 6}</tr></table>" * 1_500 + f"<p>{_WORDS}" * 8_000),
        "busy.pdf": pdf([[_WORDS.replace("(a)", "a") * 2] * 39] * 280),
    }
