"""What a reader's software finds in a PDF: tags with their words, bookmarks, links and where they lead, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pikepdf import ContentStreamInstruction, Object, Page, Pdf, parse_content_stream
from pypdf import PdfReader

Node = tuple[str, str, str, int]  # type, alternative text, words, page; the depth is the place in the list
NUMBERED = re.compile(r"Page \d+ of \d+")


@dataclass(frozen=True)
class Anatomy:
    """Of one document. Places are pages, counted from 1."""

    tags: list[tuple[int, str, str, str, int]]
    bookmarks: list[tuple[int, str, int]]
    links: list[tuple[int, str, str | int]]
    numbers: list[list[str]]
    words: list[str]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.words)


def anatomy(content: bytes) -> Anatomy:
    """Take a document apart."""
    with Pdf.open(BytesIO(content)) as pdf:
        places = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        marked = {places[page.obj.objgen]: _marked(page) for page in pdf.pages}
        tags = list(_tags(pdf.Root.StructTreeRoot.K[0], 0, places, marked))
        bookmarks = list(_bookmarks(pdf.Root.Outlines, 0, places))
        names = pdf.Root.Names.Dests.Names
        named = {str(names[at]): places[names[at + 1][0].objgen] for at in range(0, len(names), 2)}
        links = [
            (number, _words_of_link(pdf, note, marked, places), _leads(note, named))
            for number, page in enumerate(pdf.pages, start=1)
            for note in page.obj.get("/Annots", ())
        ]
    said = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    words = [" ".join(sorted(NUMBERED.sub("", text).split())) for text in said]
    return Anatomy(tags, bookmarks, links, [NUMBERED.findall(text) for text in said], words)


def _leads(note: Object, named: dict[str, int]) -> str | int:
    return named[str(note.Dest)] if "/Dest" in note else str(note.A.URI)


def _words_of_link(pdf: Pdf, note: Object, marked: dict[int, dict[int, str]], places: dict[Any, int]) -> str:
    """The words of the tag that the parent tree gives for a link."""
    held = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(held[at]): held[at + 1] for at in range(0, len(held), 2)}
    element = parents[int(note.StructParent)]
    assert element.S == "/Link" and any(_same(kid, note) for kid in element.K)
    return _words(element, marked[places[element.Pg.objgen]])


def _same(kid: Any, note: Object) -> bool:
    return not isinstance(kid, int) and kid.get("/Obj", None) is not None and kid.Obj.objgen == note.objgen


def _tags(
    element: Object, depth: int, places: dict[Any, int], marked: dict[int, dict[int, str]]
) -> Iterator[tuple[int, str, str, str, int]]:
    page = places[element.Pg.objgen] if "/Pg" in element else 0
    words = _words(element, marked[page]) if page else ""
    yield depth, str(element.S), str(element.get("/Alt", "")), words, page
    for kid in element.K:
        if not isinstance(kid, int) and "/S" in kid:
            assert kid.P.objgen == element.objgen
            yield from _tags(kid, depth + 1, places, marked)


def _words(element: Object, marked: dict[int, str]) -> str:
    """The glyphs of the marked content of an element itself, as its page's fonts name them: in our fonts, letters."""
    return "".join(marked[int(kid)] for kid in element.K if isinstance(kid, int))


def _marked(page: Page) -> dict[int, str]:
    """The letters of each marked piece of a page, by its number."""
    letters = {str(name): _letters(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
    found: dict[int, str] = {}
    inside: list[int | None] = []
    font = ""
    for step in parse_content_stream(page):
        assert isinstance(step, ContentStreamInstruction)
        match str(step.operator):
            case "BDC":
                inside.append(int(step.operands[1].get("/MCID", -1)) if step.operands[0] != "/Artifact" else None)
                found.setdefault(inside[-1] or 0, "") if inside[-1] is not None else None
            case "BMC":
                inside.append(None)
            case "EMC":
                inside.pop()
            case "Tf":
                font = str(step.operands[0])
            case "TJ" if inside and inside[-1] is not None:
                found[inside[-1]] += _drawn(step.operands[0], letters[font])
    return found


def _drawn(pieces: Any, letters: dict[bytes, str]) -> str:
    drawn = b"".join(
        bytes(piece) for piece in pieces if not isinstance(piece, int | float) and hasattr(piece, "__bytes__")
    )
    return "".join(letters.get(drawn[at : at + 2], "?") for at in range(0, len(drawn), 2))


def _letters(font: Object) -> dict[bytes, str]:
    found = {}
    for one, meaning in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", font.ToUnicode.read_bytes()):
        found[bytes.fromhex(one.decode())] = bytes.fromhex(meaning.decode()).decode("utf-16-be")
    return found


def _bookmarks(parent: Object, depth: int, places: dict[Any, int]) -> Iterator[tuple[int, str, int]]:
    """Level, title and page, depth first; on the way, that neighbours and parents point at each other."""
    entry, before = parent.get("/First", None), None
    while entry is not None:
        assert entry.Parent.objgen == parent.objgen
        assert before is None or entry.Prev.objgen == before.objgen
        yield depth, str(entry.Title), places[entry.Dest[0].objgen]
        yield from _bookmarks(entry, depth + 1, places)
        entry, before = entry.get("/Next", None), entry
    assert before is None or parent.Last.objgen == before.objgen
