"""OpenDocument texts, rich text and web pages made for the tests, honest and hostile."""

from __future__ import annotations

import io
import zipfile

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{short}="{_NAMES}{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
)
TEXT_TYPE = "application/vnd.oasis.opendocument.text"
# "1.", "1.1", "(a)": how a policy's clauses are numbered in LibreOffice.
CLAUSES = (
    '<text:list-style style:name="Clauses">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:list-level-style-number text:level="3" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    "</text:list-style>"
)
BULLETS = (
    '<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style>"
)


def content_xml(body: str, styles: str = "") -> str:
    """A content part with this body and these automatic styles."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xml="http://www.w3.org/XML/1998/namespace">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def styles_xml(styles: str = "", master: str = "") -> str:
    """A styles part with these common styles and this master page."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_SPACES}><office:styles>{styles}</office:styles>'
        f'<office:master-styles><style:master-page style:name="Standard">{master}</style:master-page>'
        "</office:master-styles></office:document-styles>"
    )


def odt(body: str, styles: str = "", *, mimetype: str = TEXT_TYPE, **parts: bytes | str) -> bytes:
    """An OpenDocument text; further parts by name, with "__" for "/" ("META-INF__manifest.xml")."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        package.writestr("content.xml", parts.pop("content", content_xml(body, styles)))
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def rtf(body: str, head: str = "") -> bytes:
    """Rich text as Word writes it, with two heading styles and a title."""
    sheet = r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 heading 2,h2;}{\s9 Title;}{\*\cs10 Default Font;}}"
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f3\fnil\fcharset2 Symbol;}{\f4\fcharset238 Arial CE;}}"
    return f"{{\\rtf1\\ansi\\ansicpg1252\\uc1{fonts}{sheet}{head}\n{body}}}\n".encode("cp1252")


def web_page(body: str, encoding: str = "utf-8") -> bytes:
    """A whole web page with this body."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>Shown in the tab</title>'
        f"<style>p {{ color: red }}</style></head><body>{body}</body></html>"
    ).encode(encoding)
