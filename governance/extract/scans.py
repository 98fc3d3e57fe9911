"""Scans and photographs of signed paper: what is taken, by its contents, and looked at in a child before it is kept.

name and first bytes agree ─▶ malware scanner, where there is one ─▶ opened whole in a fresh process with limits
"""

from __future__ import annotations

from dataclasses import dataclass

from governance import child
from governance.extract.filenames import clean_filename, ending_of
from governance.extract.kinds import EMPTY, MAX_BYTES, MEBIBYTE
from governance.extract.scanner import refuse_malware
from governance.extract.unreadable import UnreadableDocument

ACCEPTED = "a PDF (.pdf), a JPEG (.jpg) or a PNG (.png)"
LIMITS = child.Limits(seconds=20, memory_mb=1024, output_mb=1, cpu_seconds=15)
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"

_BEGINNINGS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_BY_ENDING = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}
_CALLED = {PDF: "a PDF", JPEG: "a JPEG picture", PNG: "a PNG picture"}
_IPHONE = (
    "That is an iPhone picture (.heic). On the phone choose Settings, Camera, Formats, Most Compatible and take it again, "
    "or save it as a JPEG, and choose that file."
)


@dataclass(frozen=True)
class Scan:
    """A scan that may be kept."""

    filename: str
    media_type: str
    data: bytes


def examine_scan(filename: str, data: bytes) -> Scan:
    """A scan that somebody wants to attach, looked at.

    Raises:
        UnreadableDocument: when it is of another kind, not what its name says, too large, flagged, or does not open.
    """
    media_type = identify_scan(filename, data)
    refuse_malware(filename, data)
    try:
        refused = child.run(
            "governance.extract.examine_scan", media_type.encode() + b"\n" + data, LIMITS, part="Opening that scan"
        )
    except child.ChildFailed as problem:
        refused = str(problem.reason).encode()
    if refused:
        raise UnreadableDocument(
            f"“{clean_filename(filename)}” could not be opened safely as {_CALLED[media_type]}. "
            "Scan the sheet again, or take a new photograph, and choose that file."
        )
    return Scan(clean_filename(filename), media_type, data)


def identify_scan(filename: str, data: bytes) -> str:
    """The media type of a scan, from its first bytes; its name must agree.

    Raises:
        UnreadableDocument: with the sentence for whoever chose the file.
    """
    ending = ending_of(clean_filename(filename))
    if not data.strip():
        raise UnreadableDocument(EMPTY)
    if len(data) > MAX_BYTES:
        size = f"{len(data) / MEBIBYTE:.1f} MB"
        raise UnreadableDocument(
            f"That scan is {size}. The largest we take is {MAX_BYTES // MEBIBYTE} MB: scan it in grey or with fewer dots."
        )
    if ending in (".heic", ".heif"):
        raise UnreadableDocument(_IPHONE)
    contents = next((media_type for beginning, media_type in _BEGINNINGS if data.startswith(beginning)), None)
    expected = _BY_ENDING.get(ending)
    if expected is None or contents is None:
        raise UnreadableDocument(f"“{clean_filename(filename)}” is no scan that we take. Choose {ACCEPTED}.")
    if contents != expected:
        raise UnreadableDocument(
            f"That file ends in {ending} but its contents are {_CALLED[contents]}. Give it the right ending and try again."
        )
    return contents
