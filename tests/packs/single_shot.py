"""The same pack as one document, laid out at once by WeasyPrint: what a pack bound of parts must not differ from."""

from __future__ import annotations

import datetime as dt
import re

from weasyprint import CSS, HTML

from governance.packs.parts import back_part, contents_part, cover_part, main_parts
from governance.packs.values import Pack
from governance.render.pdf import STYLES

_SPACES = "\\a0" * 12
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)


def html(pack: Pack) -> str:
    """The parts' own HTML, one after another, with their jumps inside one document."""
    parts = main_parts(pack)
    contents = contents_part(pack, [1] * len(parts), 1)
    pages = [part.piece.html() for part in (cover_part(pack), contents, *parts, back_part(pack))]
    head = pages[0].partition("<body>")[0]
    body = "".join(found[1] for page in pages if (found := _BODY.search(page)))
    return f"{head}<body>{body.replace('part:', '#')}</body></html>"


def styles(pack: Pack) -> list[str]:
    """The parts' style sheets, with running titles and page numbers, and each page number counted by WeasyPrint."""
    day = (pack.meeting_on or pack.as_of).strftime("%-d %B %Y")
    own = f"""
    @page {{ @top-left {{ content: "{pack.school}" }} @top-right {{ content: "{pack.body}, {day}" }} }}
    @page cover {{ @top-left {{ content: none }} @top-right {{ content: none }} @bottom-right {{ content: none }} }}
    .contents a::after {{ content: leader("{_SPACES}") target-counter(attr(href), page) !important }}
    .policy, .appendix, .last {{ break-before: page }}
    """
    return [*((STYLES / name).read_text(encoding="utf-8") for name in ("print.css", "pack.css")), own]


def pdf(pack: Pack) -> bytes:
    """One call of WeasyPrint."""
    document = HTML(string=html(pack)).render(
        stylesheets=[CSS(string=style) for style in styles(pack)], pdf_variant="pdf/ua-1", pdf_tags=True
    )
    about = document.metadata
    about.title, about.lang = f"{pack.title}, {pack.school}", "en-GB"
    about.created = about.modified = pack.made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return made
