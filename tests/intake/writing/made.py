"""The labelled documents as files, made once into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.intake.writing.as_docx import docx
from tests.intake.writing.as_html import html
from tests.intake.writing.as_odt import odt
from tests.intake.writing.as_pdf import pdf
from tests.intake.writing.as_rtf import rtf
from tests.intake.writing.described import Described, described


def _as_it_is(document: Described) -> bytes:
    return document.text.encode()


WRITERS: dict[str, Callable[[Described], bytes]] = {
    "docx": docx,
    "pdf": pdf,
    "odt": odt,
    "rtf": rtf,
    "html": html,
    "md": _as_it_is,
    "txt": _as_it_is,
}


def made_in(folder: Path) -> list[tuple[Described, Path]]:
    """Each description and the file made of it; a file that is there already is not made again."""
    made = []
    for document in described():
        path = folder / document.filename
        if not path.exists():
            path.write_bytes(WRITERS[document.format](document))
        made.append((document, path))
    return made
