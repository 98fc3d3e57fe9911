"""What every PDF of ours is held to, for the tests of any room that makes one."""

from __future__ import annotations

import io

import page
from pypdf import PdfReader


def failures(made: bytes) -> list[str]:
    """What an independent checker finds against PDF/UA-1."""
    return [f"{found.rule_id}: {found.message}" for found in page.validate_pdf_bytes(made, profile="ua1").failures]


def text_of(made: bytes) -> list[str]:
    """The words of each page, spaces evened out."""
    return [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(made)).pages]


def attachments_of(made: bytes) -> list[str]:
    """Names of files hidden in it."""
    return list(PdfReader(io.BytesIO(made)).attachments)


def bookmarks_of(made: bytes) -> list[str]:
    """Titles of its outline, depth first."""
    found: list[str] = []

    def walk(level: object) -> None:
        for entry in level if isinstance(level, list) else []:
            if isinstance(entry, list):
                walk(entry)
            else:
                found.append(str(entry.title))

    walk(PdfReader(io.BytesIO(made)).outline)
    return found


def links_of(made: bytes) -> set[str]:
    """Addresses that its links lead to, outside the document."""
    return {
        str(note.get_object()["/A"]["/URI"])
        for sheet in PdfReader(io.BytesIO(made)).pages
        for note in sheet.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    }
