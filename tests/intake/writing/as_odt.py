"""A described document as an OpenDocument text: headings, lists, tables, and the running head and foot in the styles."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from xml.sax.saxutils import escape

from tests.intake.writing.described import Described, Part, contents, numbers, runs

_TYPE = "application/vnd.oasis.opendocument.text"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = (
    " ".join(
        f'xmlns:{short}="{_OASIS}:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("draw", "drawing"),
        )
    )
    + ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def odt(document: Described) -> bytes:
    """The file's bytes; the media type comes first and is not packed, as the format asks."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), _TYPE, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _manifest())
        package.writestr("content.xml", _content(document))
        package.writestr("styles.xml", _styles(document))
    return packed.getvalue()


def _manifest() -> str:
    files = {"/": _TYPE, "content.xml": "text/xml", "styles.xml": "text/xml"}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in files.items()
    )
    return f'{_HEAD}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.2">{entries}</manifest:manifest>'


def _content(document: Described) -> str:
    bold = (
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    lists = (
        '<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>'
        '<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
        "</text:list-style>"
    )
    return (
        f'{_HEAD}<office:document-content {_NAMES} office:version="1.2"><office:automatic-styles>{bold}{lists}'
        f"</office:automatic-styles><office:body><office:text>{_body(document)}</office:text></office:body>"
        "</office:document-content>"
    )


def _styles(document: Described) -> str:
    edges = f"<style:header>{_paragraph(document.header)}</style:header>" if document.header else ""
    edges += f"<style:footer>{_paragraph(document.footer)}</style:footer>" if document.footer else ""
    page = f'<style:master-page style:name="Standard" style:page-layout-name="Mpm1">{edges}</style:master-page>'
    return (
        f'{_HEAD}<office:document-styles {_NAMES} office:version="1.2">'
        f"<office:master-styles>{page}</office:master-styles></office:document-styles>"
    )


def _body(document: Described) -> str:
    numbered = list(zip(document.parts, numbers(document), strict=True))
    shown = []
    for kind, group in groupby(numbered, key=lambda pair: pair[0].kind):
        if kind in ("bullet", "number"):
            items = "".join(f"<text:list-item>{_paragraph(part.text)}</text:list-item>" for part, _ in group)
            shown.append(f'<text:list text:style-name="L{1 + (kind == "number")}">{items}</text:list>')
        else:
            shown.extend(_part(part, number, document) for part, number in group)
    return "".join(shown)


def _part(part: Part, number: str, document: Described) -> str:
    text = f"{number} {part.text}".strip()
    if part.kind == "table":
        return _table(part)
    if part.kind == "contents":
        lines = "".join(_paragraph(f"{line}→{page}") for line, page in contents(document))
        return f"<text:table-of-content><text:index-body>{_paragraph('Contents')}{lines}</text:index-body></text:table-of-content>"
    if part.kind == "break":
        return "<text:p><text:soft-page-break/></text:p>"
    if part.kind == "box":
        held = "".join(_paragraph(line) for line in part.text.split("//"))
        return f"<text:p><draw:frame><draw:text-box>{held}</draw:text-box></draw:frame></text:p>"
    if part.kind == "heading":
        return f'<text:h text:style-name="Heading" text:outline-level="{part.level}">{_words(text)}</text:h>'
    style = {"title": "Title", "cover": "Subtitle"}.get(part.kind, "Standard")
    return f'<text:p text:style-name="{style}">{_words(text)}</text:p>'


def _paragraph(text: str) -> str:
    return f'<text:p text:style-name="Standard">{_words(text)}</text:p>'


def _words(text: str) -> str:
    shown = "".join(
        f'<text:span text:style-name="T1">{escape(piece)}</text:span>' if bold else escape(piece)
        for piece, bold in runs(text)
    )
    return shown.replace("→", "<text:tab/>").replace("⏎", "<text:line-break/>")


def _table(part: Part) -> str:
    columns = f'<table:table-column table:number-columns-repeated="{len(part.rows[0])}"/>'
    rows = "".join(
        "<table:table-row>" + "".join(_cell(part, row, column) for column in range(len(cells))) + "</table:table-row>"
        for row, cells in enumerate(part.rows)
    )
    return f"<table:table>{columns}{rows}</table:table>"


def _cell(part: Part, row: int, column: int) -> str:
    cell = part.rows[row][column]
    if cell in ("<", "^"):
        return "<table:covered-table-cell/>"
    wide = tall = 1
    while column + wide < len(part.rows[row]) and part.rows[row][column + wide] == "<":
        wide += 1
    while row + tall < len(part.rows) and part.rows[row + tall][column] == "^":
        tall += 1
    joined = f' table:number-columns-spanned="{wide}"' if wide > 1 else ""
    joined += f' table:number-rows-spanned="{tall}"' if tall > 1 else ""
    return f"<table:table-cell{joined}>{''.join(_paragraph(line) for line in cell.split('//'))}</table:table-cell>"
