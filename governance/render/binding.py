"""Run in a child by `governance.render.press`: binds printed parts into one PDF/UA-1.

    parts ─▶ pages one after another           each part's structure, names and bookmarks move to the whole
          ─▶ page numbers and running titles   stamped as artifacts, drawn with the letters of a small printed sheet
          ─▶ one catalogue                     title, language, metadata, and a parent tree numbered through

payload: TAKE, a part's turn in four bytes, its place in four,  answer: nothing; parts may come in any order
         the part
payload: BIND, frames after their lengths: JSON of `title`,     answer: the PDF, the same for the same parts, and room for
         `lang`, `made_at`, `plain`; the sheet                          another document

`plain` is how many pages at the front bear no number and no title. The first part's first bookmark is that of the whole: the
bookmarks of all later parts stand under it, as headings of the second level do under the first.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf, Stream, String

from governance.guarded import LENGTH
from governance.render.stamping import Stamp

TAKE, BIND = b"+", b"="
TURN_AND_PLACE = struct.Struct(">II")
_MERGED = ("/RoleMap", "/ClassMap")


def answer(payload: bytes) -> bytes:
    """Take a part, or bind those that were taken.

    Raises:
        ValueError: for a part that never came; for two places of one name, or one role that means two things, a mistake in
            the templates.
    """
    if payload.startswith(TAKE):
        turn, place = TURN_AND_PLACE.unpack_from(payload, 1)
        _whole.take(turn, place, payload[1 + TURN_AND_PLACE.size :])
        return b""
    head, sheet = _frames(payload[1:])
    about = json.loads(head)
    _whole.join()
    with Pdf.open(BytesIO(sheet)) as printed:
        stamp = Stamp(_whole.pdf, printed)
        for number, page in enumerate(_whole.pdf.pages, start=1):
            if number > about["plain"]:
                stamp.on(page, number, len(_whole.pdf.pages))
        return _whole.written(about)


def _frames(payload: bytes) -> Iterator[bytes]:
    at, held = 0, memoryview(payload)
    while at < len(payload):
        end = at + LENGTH.size + LENGTH.unpack_from(payload, at)[0]
        yield bytes(held[at + LENGTH.size : end])
        at = end


@dataclass
class _Part:
    """A part that was moved into the whole: what has to stand in the order of places."""

    place: int
    pages: list[Object]
    elements: list[Object]
    bookmarks: list[Object]


class _Whole:
    """The document that is made of the parts.

    A part is moved in when its turn comes, since the numbers of objects tell in which order they came. Turns need not be
    places: what is printed last can be moved in last, wherever it stands.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A document of nothing."""
        self._is_written = False
        self.pdf = Pdf.new()
        self._waiting: dict[int, tuple[int, Pdf]] = {}
        self._turn = 0
        self._parts: list[_Part] = []
        # parts stay open: their streams are read when the whole is written
        self._open: list[Pdf] = []
        self._document = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array()))
        self._tree = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([self._document])))
        self._document.P = self._tree
        self._parents: list[Object | int] = []
        self._next = 0
        self._names: dict[str, Object] = {}

    def take(self, turn: int, place: int, content: bytes) -> None:
        """Open a part, and move in whichever have their turn by now."""
        if self._is_written:
            # only now, since letting go of a long document takes a while, and mostly none follows
            self.begin()
        self._waiting[turn] = place, Pdf.open(BytesIO(content))
        while self._turn in self._waiting:
            self._move_in(*self._waiting.pop(self._turn))
            self._turn += 1

    def join(self) -> None:
        """Put what was moved in in the order of places.

        Raises:
            ValueError: when a part is missing whose turn was before one that came.
        """
        if self._waiting:
            raise ValueError(f"part {self._turn} never came")
        parts = sorted(self._parts, key=lambda part: part.place)
        self.pdf.pages.extend(Page(page) for part in parts for page in part.pages)
        self._document.K = Array(element for part in parts for element in part.elements)
        self._bookmarks = [bookmark for part in parts for bookmark in part.bookmarks]

    def _move_in(self, place: int, part: Pdf) -> None:
        self._open.append(part)
        # the pages first, so that whatever points at them can follow
        pages = [self.pdf.copy_foreign(page.obj) for page in part.pages]
        elements = self._add_structure(self.pdf.copy_foreign(part.Root.StructTreeRoot), pages)
        if "/Names" in part.Root and "/Dests" in part.Root.Names:
            self._add_names(self.pdf.copy_foreign(part.make_indirect(part.Root.Names.Dests)))
        has_bookmarks = "/Outlines" in part.Root
        bookmarks = _chain(self.pdf.copy_foreign(part.Root.Outlines).First) if has_bookmarks else []
        self._parts.append(_Part(place, pages, elements, bookmarks))

    def _add_structure(self, tree: Object, pages: list[Object]) -> list[Object]:
        elements = list(tree.K[0].K)
        for element in elements:
            element.P = self._document
        held = tree.ParentTree.Nums
        for at in range(0, len(held), 2):
            self._parents += [int(held[at]) + self._next, held[at + 1]]
        for page in pages:
            page.StructParents += self._next
            for note in page.get("/Annots", ()):
                note.StructParent += self._next
        self._next += int(held[-2]) + 1
        for name in _MERGED:
            self._merge(name, tree)
        return elements

    def _merge(self, name: str, tree: Object) -> None:
        if name not in tree:
            return
        known = self._tree.get(name, None)
        if known is None:
            known = self._tree[name] = Dictionary()
        for key, meaning in tree[name].items():
            if known.get(key, meaning) != meaning:
                raise ValueError(f"{key} means two things in the parts")
            known[key] = meaning

    def _add_names(self, tree: Object) -> None:
        held = tree.Names
        for at in range(0, len(held), 2):
            name = str(held[at])
            if name in self._names:
                raise ValueError(f"two parts have a place called {name}")
            self._names[name] = held[at + 1]

    def written(self, about: dict[str, Any]) -> bytes:
        """The whole as bytes; what is taken afterwards is another document's."""
        self._is_written = True
        self._tree.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(self._parents)))
        root = self.pdf.Root
        root.StructTreeRoot = self._tree
        root.MarkInfo = Dictionary(Marked=True)
        root.Lang = String(about["lang"])
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        names = Array([one for name in sorted(self._names) for one in (String(name), self._names[name])])
        root.Names = Dictionary(Dests=Dictionary(Names=names))
        if self._bookmarks:
            root.Outlines = self._outline()
        metadata = _metadata(about["title"], about["lang"], about["made_at"])
        root.Metadata = Stream(self.pdf, metadata, Type=Name.Metadata, Subtype=Name.XML)
        made_at = "D:" + "".join(mark for mark in about["made_at"] if mark.isdigit()) + "Z"
        self.pdf.docinfo = self.pdf.make_indirect(
            Dictionary(Title=about["title"], Creator="Countersign", CreationDate=made_at, ModDate=made_at)
        )
        made = BytesIO()
        self.pdf.save(made, min_version="1.7", deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        return made.getvalue()

    def _outline(self) -> Object:
        top, *under = self._bookmarks
        outline = self.pdf.make_indirect(Dictionary(Type=Name.Outlines))
        kids = [*(_chain(top.First) if "/First" in top else ()), *under]
        _hang(top, kids)
        _hang(outline, [top])
        return outline


_whole = _Whole()


def _chain(first: Object) -> list[Object]:
    """A bookmark and its neighbours, in order."""
    found = [first]
    while "/Next" in found[-1]:
        found.append(found[-1].Next)
    return found


def _hang(parent: Object, kids: list[Object]) -> None:
    """Make bookmarks the children of another; all of them are open, so each counts with what it holds."""
    for at, kid in enumerate(kids):
        kid.Parent = parent
        for name, neighbour in (("/Prev", at - 1), ("/Next", at + 1)):
            if 0 <= neighbour < len(kids):
                kid[name] = kids[neighbour]
            elif name in kid:
                del kid[name]
    if kids:
        parent.First, parent.Last = kids[0], kids[-1]
    parent.Count = sum(1 + int(kid.get("/Count", 0)) for kid in kids)


def _metadata(title: str, lang: str, made_at: str) -> bytes:
    """XMP that says what the document is called and that it is PDF/UA-1."""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" pdfuaid:part="1" xmp:CreatorTool="Countersign"
 xmp:CreateDate="{made_at}" xmp:ModifyDate="{made_at}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(lang)}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()
