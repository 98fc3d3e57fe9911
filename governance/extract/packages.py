"""A zip of XML parts, as Word and OpenDocument files are: every limit counted while reading, nothing trusted that the zip
says of itself. Document types and entities are refused, so that its XML may be parsed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from governance.extract.kinds import MEBIBYTE
from governance.extract.unreadable import UnreadableDocument

MAX_PARTS = 2_000
MAX_EXPANDED = 100 * MEBIBYTE
MAX_RATIO = 150
_RATIO_MATTERS_FROM = 5 * MEBIBYTE
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Wording:
    """How one kind of package is spoken of when it is refused: what it is called, how to save it again, and the whole
    sentence for one with a password.
    """

    called: str
    save_again: str
    locked: str

    @property
    def damaged(self) -> str:
        """For a file that breaks off or contradicts itself."""
        return f"That {self.called} is damaged. {self.save_again}"

    @property
    def expands(self) -> str:
        """For a file that is small only until it is opened."""
        return (
            f"That {self.called} expands too far when opened, so we did not read it. "
            "Make the pictures in it smaller and try again."
        )

    @property
    def unsafe_xml(self) -> str:
        """For document types, entities and odd encodings."""
        return f"That {self.called} contains unsafe XML, so we did not read it. {self.save_again}"

    def too_many(self, parts: int) -> str:
        """For a file of more parts than we read, with both figures."""
        return f"That {self.called} is made of {parts:,} parts; the most we read is {MAX_PARTS:,}. {self.save_again}"


@dataclass(frozen=True)
class Package:
    """The XML parts by name, and the names of all parts; pictures and fonts are counted against the limits, not kept."""

    parts: dict[str, bytes]
    names: tuple[str, ...]


def xml_parts(data: bytes, words: Wording) -> Package:
    """What a package holds.

    Raises:
        UnreadableDocument: when it is damaged, a bomb, or has entries with a password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_bad_directory(data, entries, package.start_dir, words)
            parts = _read_all(package, entries, len(data), words)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ) as problem:
        raise UnreadableDocument(words.damaged) from problem
    return Package(parts, tuple(entry.filename for entry in entries))


def refuse_unsafe_xml(parts: Mapping[str, bytes], words: Wording) -> None:
    """Raises UnreadableDocument when a part is in an odd encoding or declares a document type or entities."""
    if not all(_is_plain_xml(xml) for xml in parts.values()):
        raise UnreadableDocument(words.unsafe_xml)


def parsed(xml: bytes, words: Wording) -> ElementTree.Element:
    """The root of a part that `refuse_unsafe_xml` has seen.

    Raises:
        UnreadableDocument: when it is no well-formed XML.
    """
    try:
        return ElementTree.fromstring(xml)  # noqa: S314 - document types were refused before
    except (ElementTree.ParseError, LookupError, ValueError) as problem:
        raise UnreadableDocument(words.damaged) from problem


def _refuse_bad_directory(data: bytes, entries: list[zipfile.ZipInfo], directory_at: int, words: Wording) -> None:
    if len(entries) > MAX_PARTS:
        raise UnreadableDocument(words.too_many(len(entries)))
    names = {entry.filename.lower() for entry in entries}
    if len(names) != len(entries):
        raise UnreadableDocument(words.damaged)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocument(words.locked)
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in in_order[1:]), directory_at]
    for entry, end in zip(in_order, ends, strict=False):
        if _end_of(data, entry) > end:
            raise UnreadableDocument(words.damaged)
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise UnreadableDocument(words.expands)


def _end_of(data: bytes, entry: zipfile.ZipInfo) -> int:
    name_length, extra_length = struct.unpack_from("<HH", data, entry.header_offset + 26)
    return int(entry.header_offset + 30 + name_length + extra_length + entry.compress_size)


def _read_all(
    package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int, words: Wording
) -> dict[str, bytes]:
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
                    raise UnreadableDocument(words.expands)
                if is_xml:
                    kept.append(chunk)
        if expanded - began != entry.file_size:
            raise UnreadableDocument(words.damaged)
        if is_xml:
            parts[entry.filename] = b"".join(kept)
    return parts


def _is_plain_xml(xml: bytes) -> bool:
    """XML in UTF-8 or UTF-16 without a document type: entities cannot be declared anywhere else."""
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", xml.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"utf-16"):
        return False
    squeezed = xml if b"\x00" not in xml[:64] else xml.replace(b"\x00", b"")
    return b"<!DOCTYPE" not in squeezed and b"<!ENTITY" not in squeezed
