"""Files made for the tests: Word packages and PDFs, honest and hostile."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN_TYPE}"/></Types>'
)


def word_xml(body: str) -> str:
    """A document part with this body."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'


def paragraph(text: str) -> str:
    """A paragraph of one run."""
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def row(*cells: str) -> str:
    """A table of one row."""
    return "<w:tbl><w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr></w:tbl>"


def docx(body: str = "", **parts: bytes | str) -> bytes:
    """A Word file; further parts by name, with "__" for "/" ("word__header1.xml")."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", parts.pop("types", TYPES))
        package.writestr("word/document.xml", parts.pop("document", word_xml(body)))
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def docx_of(entries: Sequence[tuple[str, bytes]]) -> bytes:
    """A Word file with these entries besides the two it must have."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("word/document.xml", word_xml(paragraph("Uniform Policy")))
        for name, content in entries:
            package.writestr(name, content)
    return packed.getvalue()


def with_directory_changed(data: bytes, name: str, *, size: int | None = None, offset: int | None = None) -> bytes:
    """The zip with one entry's expanded size or place changed in its central directory only."""
    changed = bytearray(data)
    at = data.index(b"PK\x01\x02")
    while data[at : at + 4] == b"PK\x01\x02":
        name_length, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        if data[at + 46 : at + 46 + name_length].decode() == name:
            if size is not None:
                struct.pack_into("<I", changed, at + 24, size)
            if offset is not None:
                struct.pack_into("<I", changed, at + 42, offset)
        at += 46 + name_length + extra + comment
    return bytes(changed)


def pdf(pages: Sequence[Sequence[str]], catalogue: str = "", extra: Sequence[str] = ()) -> bytes:
    """A PDF with one line of text below another on each page; `catalogue` and `extra` add hostile entries and objects."""
    count = len(pages)
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {count} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, lines in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>"
        )
        shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
        stream = f"BT /F1 12 Tf 50 780 Td {shown} ET" if lines else "0 0 m"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.extend(extra)
    return _numbered(objects)


def _numbered(objects: Sequence[str]) -> bytes:
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        data += f"{place:010d} 00000 n \n".encode()
    data += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)
