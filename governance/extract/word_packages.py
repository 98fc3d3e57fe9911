"""A Word file as what it is, a zip of XML parts: is it safe to read, and what does it fetch from elsewhere?

xml_parts(data)      the package within its limits (packages)
refuse_unsafe(...)   macros, document types and entities
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from governance.extract.kinds import LOCKED_WORD, MACROS
from governance.extract.packages import Wording, refuse_unsafe_xml, xml_parts
from governance.extract.unreadable import UnreadableDocument

_SAVE_AGAIN = "Open it in Word, save it again as .docx, and upload that copy."
WORDS = Wording("Word file", _SAVE_AGAIN, LOCKED_WORD)
DAMAGED = WORDS.damaged
NOT_WORD = f"That file is not a Word document: its contents do not match the ending .docx. {_SAVE_AGAIN}"

_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"


def parts_of(data: bytes) -> dict[str, bytes]:
    """The XML parts of a Word file by name; pictures and fonts are counted against the limits and not kept.

    Raises:
        UnreadableDocument: when it is damaged, a bomb, not Word, holds macros, or its XML is unsafe.
    """
    package = xml_parts(data, WORDS)
    parts = package.parts
    if _MAIN not in parts or _TYPES not in parts:
        raise UnreadableDocument(NOT_WORD)
    if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in package.names):
        raise UnreadableDocument(MACROS)
    if b"macroenabled" in parts[_TYPES].lower():
        raise UnreadableDocument(MACROS)
    refuse_unsafe_xml(parts, WORDS)
    return parts


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
