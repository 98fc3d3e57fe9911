"""A Word file as what it is, a zip of XML parts: is it safe to read, and what does it say?

parts_of(data)       every limit counted while reading, nothing trusted that the zip says of itself
refuse_unsafe(...)   macros, document types and entities
lines_of(parts)      headers, body and footers as lines of text; a table row is one line, cells apart by a tab
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from governance.extract.kinds import LOCKED_WORD, MACROS, MEBIBYTE
from governance.extract.unreadable import UnreadableDocument

MAX_PARTS = 2_000
MAX_EXPANDED = 100 * MEBIBYTE
MAX_RATIO = 150
_RATIO_MATTERS_FROM = 5 * MEBIBYTE
_CHUNK = 64 * 1024

_SAVE_AGAIN = "Open it in Word, save it again as .docx, and upload that copy."
DAMAGED = f"That Word file is damaged. {_SAVE_AGAIN}"
EXPANDS = (
    "That Word file expands too far when opened, so we did not read it. Make the pictures in it smaller and try again."
)
UNSAFE_XML = f"That Word file contains unsafe XML, so we did not read it. {_SAVE_AGAIN}"
NOT_WORD = f"That file is not a Word document: its contents do not match the ending .docx. {_SAVE_AGAIN}"

_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"


def parts_of(data: bytes) -> dict[str, bytes]:
    """The XML parts of a Word file by name; pictures and fonts are counted against the limits and not kept.

    Raises:
        UnreadableDocument: when it is damaged, a bomb, not Word, holds macros, or its XML is unsafe.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_bad_directory(data, entries, package.start_dir)
            parts = _read_all(package, entries, len(data))
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ) as problem:
        raise UnreadableDocument(DAMAGED) from problem
    _refuse_unsafe(parts, [entry.filename for entry in entries])
    return parts


def _refuse_bad_directory(data: bytes, entries: list[zipfile.ZipInfo], directory_at: int) -> None:
    if len(entries) > MAX_PARTS:
        raise UnreadableDocument(
            f"That Word file is made of {len(entries):,} parts; the most we read is {MAX_PARTS:,}. {_SAVE_AGAIN}"
        )
    names = {entry.filename.lower() for entry in entries}
    if len(names) != len(entries):
        raise UnreadableDocument(DAMAGED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocument(LOCKED_WORD)
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in in_order[1:]), directory_at]
    for entry, end in zip(in_order, ends, strict=False):
        if _end_of(data, entry) > end:
            raise UnreadableDocument(DAMAGED)
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise UnreadableDocument(EXPANDS)


def _end_of(data: bytes, entry: zipfile.ZipInfo) -> int:
    name_length, extra_length = struct.unpack_from("<HH", data, entry.header_offset + 26)
    return int(entry.header_offset + 30 + name_length + extra_length + entry.compress_size)


def _read_all(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    expanded = 0
    for entry in entries:
        kept: list[bytes] = []
        began = expanded
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        with package.open(entry) as part:
            # Read to the end, so that the checksum is checked too.
            while chunk := part.read(_CHUNK):
                expanded += len(chunk)
                if expanded > MAX_EXPANDED or (expanded > _RATIO_MATTERS_FROM and expanded > MAX_RATIO * packed):
                    raise UnreadableDocument(EXPANDS)
                if is_xml:
                    kept.append(chunk)
        if expanded - began != entry.file_size:
            raise UnreadableDocument(DAMAGED)
        if is_xml:
            parts[entry.filename] = b"".join(kept)
    return parts


def _refuse_unsafe(parts: Mapping[str, bytes], names: list[str]) -> None:
    if _MAIN not in parts or _TYPES not in parts:
        raise UnreadableDocument(NOT_WORD)
    if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names):
        raise UnreadableDocument(MACROS)
    if b"macroenabled" in parts[_TYPES].lower():
        raise UnreadableDocument(MACROS)
    if not all(_is_plain_xml(xml) for xml in parts.values()):
        raise UnreadableDocument(UNSAFE_XML)


def _is_plain_xml(xml: bytes) -> bool:
    """XML in UTF-8 or UTF-16 without a document type: entities cannot be declared anywhere else."""
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", xml.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"utf-16"):
        return False
    squeezed = xml if b"\x00" not in xml[:64] else xml.replace(b"\x00", b"")
    return b"<!DOCTYPE" not in squeezed and b"<!ENTITY" not in squeezed


def warnings_of(parts: Mapping[str, bytes]) -> list[str]:
    """What a person should know before storing the file: pictures and templates that it fetches from elsewhere."""
    outside = 0
    for name, xml in parts.items():
        if name.endswith(".rels"):
            for relation in re.findall(rb"<Relationship\b[^>]*>", xml):
                if b'TargetMode="External"' in relation and b"/hyperlink" not in relation:
                    outside += 1
    if not outside:
        return []
    things = "a picture or template" if outside == 1 else f"{outside} pictures or templates"
    return [f"It fetches {things} from outside the file; what they hold is not stored."]
