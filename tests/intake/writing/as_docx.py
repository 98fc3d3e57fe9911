"""A described document as a Word file: real styles, automatic numbers, tables, headers, text boxes, a contents page."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

from tests.intake.writing.described import Described, Part, contents, runs

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering", "header1": "header"}
_PARTS |= {"footer1": "footer"}
_HEADINGS, _BULLETS, _FIRST_LIST = 1, 2, 3


def docx(document: Described) -> bytes:
    """The file's bytes."""
    packed = io.BytesIO()
    body, lists = _body(document)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _content_types())
        package.writestr("_rels/.rels", _relations([("officeDocument", "word/document.xml")]))
        linked = [(name.rstrip("1"), f"{name}.xml") for name in _PARTS if name != "document"]
        package.writestr("word/_rels/document.xml.rels", _relations(linked))
        package.writestr("word/document.xml", f"{_HEAD}<w:document {_NAMES}><w:body>{body}</w:body></w:document>")
        package.writestr("word/styles.xml", _styles(document))
        package.writestr("word/numbering.xml", _numbering(document, lists))
        for tag, name, text in (("hdr", "header1", document.header), ("ftr", "footer1", document.footer)):
            shown = _edge(text, "Header" if tag == "hdr" else "Footer")
            package.writestr(f"word/{name}.xml", f"{_HEAD}<w:{tag} {_NAMES}>{shown}</w:{tag}>")
    return packed.getvalue()


def _edge(text: str, style: str) -> str:
    """What stands above or below on every page; a table where it has cells."""
    if "|" not in text:
        return _paragraph(text, style)
    cells = tuple(cell.strip() for cell in text.split("|"))
    return _table(Part("table", rows=(cells,))) + _paragraph("", style)


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD_TYPE}.{kind}+xml"/>'
        for name, kind in _PARTS.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    default = (
        f'<Default Extension="rels" ContentType="{rels}"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{_HEAD}<Types xmlns="{types}">{default}{overrides}</Types>'


def _relations(targets: list[tuple[str, str]]) -> str:
    shown = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{namespace}">{shown}</Relationships>'


def _styles(document: Described) -> str:
    font = "Times New Roman" if "serif" in document.layout else "Calibri"
    numbered = f'<w:numPr><w:numId w:val="{_HEADINGS}"/></w:numPr>' if "numbered" in document.layout else ""
    names = {"Title": "Title", "Subtitle": "Subtitle", "Heading1": "heading 1", "Heading2": "heading 2"}
    names |= {"ListParagraph": "List Paragraph", "TOC1": "toc 1", "Header": "header", "Footer": "footer"}
    shown = ""
    for key, name in names.items():
        level = f'<w:outlineLvl w:val="{int(key[-1]) - 1}"/>' if key.startswith("Heading") else ""
        own = (numbered if key == "Heading1" else "") + level
        shown += (
            f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
            f"<w:pPr>{own}</w:pPr></w:style>"
        )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    base = f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    return f"{_HEAD}<w:styles {_NAMES}>{base}{normal}{shown}</w:styles>"


def _numbering(document: Described, lists: int) -> str:
    heading = _level(0, "decimal", "%1.", "Heading1" if "numbered" in document.layout else "")
    heading += _level(1, "decimal", "%1.%2")
    kinds = [
        (_HEADINGS, heading),
        (_BULLETS, _level(0, "bullet", "\uf0b7")),
        (_FIRST_LIST, _level(0, "decimal", "%1.")),
    ]
    abstract = "".join(f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>' for key, levels in kinds)
    used = f'<w:num w:numId="{_HEADINGS}"><w:abstractNumId w:val="{_HEADINGS}"/></w:num>'
    used += f'<w:num w:numId="{_BULLETS}"><w:abstractNumId w:val="{_BULLETS}"/></w:num>'
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for key in range(_FIRST_LIST, _FIRST_LIST + lists):
        used += f'<w:num w:numId="{key}"><w:abstractNumId w:val="{_FIRST_LIST}"/>{start}</w:num>'
    return f"{_HEAD}<w:numbering {_NAMES}>{abstract}{used}</w:numbering>"


def _level(depth: int, form: str, text: str, style: str = "") -> str:
    tied = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{tied}<w:lvlText w:val="{text}"/></w:lvl>'


def _body(document: Described) -> tuple[str, int]:
    shown, lists, before = [], 0, ""
    for part in document.parts:
        lists += part.kind == "number" and before != "number"
        shown.append(_part(part, document, _FIRST_LIST + lists - 1))
        before = part.kind
    edges = '<w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
    return f"{''.join(shown)}<w:sectPr>{edges}</w:sectPr>", lists


def _part(part: Part, document: Described, open_list: int) -> str:
    kind = part.kind
    if kind == "table":
        return _table(part)
    if kind == "contents":
        lines = "".join(_paragraph(f"{text}→{page}", "TOC1") for text, page in contents(document))
        return _paragraph("Contents", "") + lines
    if kind == "break":
        return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    if kind == "box":
        return _box(part.text)
    styles = {"title": "Title", "cover": "Subtitle", "heading": f"Heading{part.level}", "bullet": "ListParagraph"}
    styles["number"] = "ListParagraph"
    listed = {"bullet": (_BULLETS, 0), "number": (open_list, 0), "clause": (_HEADINGS, 1)}.get(kind)
    style = styles.get(kind, "")
    if kind == "cover" and "controls" in document.layout:
        shown = _paragraph(part.text, "Subtitle")
        return f'<w:sdt><w:sdtPr><w:alias w:val="Detail"/></w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>'
    if "plain" in document.layout and kind in ("title", "cover", "heading"):
        return _paragraph(f"**{part.text}**", "")
    return _paragraph(part.text, style, listed)


def _paragraph(text: str, style: str, listed: tuple[int, int] | None = None) -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{listed[1]}"/><w:numId w:val="{listed[0]}"/></w:numPr>' if listed else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr>{_runs(text)}</w:p>"


def _runs(text: str) -> str:
    return "".join(_run(piece, bold) for piece, bold in runs(text))


def _run(text: str, bold: bool) -> str:
    """A run; like Word, one run becomes several wherever somebody stopped to think, here after every fifth letter."""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return "".join(f"<w:r>{look}{_inside(text[start : start + 5])}</w:r>" for start in range(0, len(text), 5))


def _inside(text: str) -> str:
    pieces = re.split("([→⏎])", text)
    signs = {"→": "<w:tab/>", "⏎": "<w:br/>"}
    return "".join(signs.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces if piece)


def _table(part: Part) -> str:
    edges = '<w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr>'
    grid = "<w:tblGrid>" + '<w:gridCol w:w="2400"/>' * len(part.rows[0]) + "</w:tblGrid>"
    rows = "".join(_row(row, part.rows[place + 1 :], part.headed and place == 0) for place, row in enumerate(part.rows))
    return f"<w:tbl>{edges}{grid}{rows}</w:tbl>"


def _row(row: tuple[str, ...], below: tuple[tuple[str, ...], ...], head: bool) -> str:
    shown = ""
    for place, cell in enumerate(row):
        if cell == "<":
            continue
        wide = 1 + next((n for n, more in enumerate(row[place + 1 :]) if more != "<"), len(row) - place - 1)
        joined = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
        if cell == "^":
            joined += "<w:vMerge/>"
        elif below and below[0][place] == "^":
            joined += '<w:vMerge w:val="restart"/>'
        lines = "" if cell == "^" else cell
        texts = "".join(_paragraph(f"**{text}**" if head else text, "") for text in lines.split("//"))
        shown += f"<w:tc><w:tcPr>{joined}</w:tcPr>{texts}</w:tc>"
    return f"<w:tr>{shown}</w:tr>"


def _box(text: str) -> str:
    """As Word writes it: the shape, and the same again for old programs."""
    held = "".join(_paragraph(line, "") for line in text.split("//"))
    new = (
        '<mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
        f"<w:txbxContent>{held}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
    )
    old = (
        "<mc:Fallback><w:pict><v:shape><v:textbox>"
        f"<w:txbxContent>{held}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    )
    return f"<w:p><w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r></w:p>"
