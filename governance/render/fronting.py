"""Run in a child by `governance.render.front_page`: puts a printed front page before the pages of a PDF from outside.

    original ─▶ nothing that runs by itself, no labels of pages, none of what it says of its author
    front    ─▶ its pages first; its tags before the original's, where that has any
             ─▶ title and time of making

payload: frames, each after its length: JSON of `title` and `made_at`; the front page; the original
answer:  the PDF, the same for the same payload

It does not claim to be PDF/UA, since the original may not be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

from pikepdf import Array, Dictionary, NumberTree, Object, ObjectStreamMode, Page, Pdf, String

from governance.guarded import LENGTH

_LEFT_OUT = ("/OpenAction", "/AA", "/PageLabels", "/Metadata")
# What the tags of a document may name anew; of two meanings the original's stays.
_NAMED = ("/RoleMap", "/ClassMap")


def answer(payload: bytes) -> bytes:
    """Bind both.

    Raises:
        ValueError: for an original that is signed electronically: another page would break the signature.
    """
    head, front, original = _frames(payload)
    about = json.loads(head)
    with Pdf.open(BytesIO(original)) as whole, Pdf.open(BytesIO(front)) as printed:
        if int(whole.Root.get("/AcroForm", Dictionary()).get("/SigFlags", 0)) & 1:
            raise ValueError("the original is signed")
        _quiet(whole)
        for place, page in enumerate(printed.pages):
            whole.pages.insert(place, page)
        pages = [whole.pages[place] for place in range(len(printed.pages))]
        if _is_tagged(whole):
            _add_tags(whole, printed, pages)
        else:
            _without_tags(pages)
        return _written(whole, about["title"], f"D:{about['made_at']}")


def _frames(payload: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(payload):
        end = at + LENGTH.size + LENGTH.unpack_from(payload, at)[0]
        yield payload[at + LENGTH.size : end]
        at = end


def _quiet(whole: Pdf) -> None:
    for name in _LEFT_OUT:
        if name in whole.Root:
            del whole.Root[name]
    if "/Names" in whole.Root and "/JavaScript" in whole.Root.Names:
        del whole.Root.Names["/JavaScript"]


def _is_tagged(whole: Pdf) -> bool:
    tree = whole.Root.get("/StructTreeRoot")
    return tree is not None and "/ParentTree" in tree and "/K" in tree


def _add_tags(whole: Pdf, printed: Pdf, pages: list[Page]) -> None:
    """The front page's elements come first in the tree, under keys that the original does not use."""
    ours, theirs = whole.copy_foreign(printed.Root.StructTreeRoot), whole.Root.StructTreeRoot
    elements = list(ours.K)
    for element in elements:
        element.P = theirs
    theirs.K = Array([*elements, *(theirs.K if isinstance(theirs.K, Array) else [theirs.K])])
    parents = NumberTree(theirs.ParentTree)
    first = max([*parents.keys(), int(theirs.get("/ParentTreeNextKey", 0)) - 1, -1]) + 1
    held = ours.ParentTree.Nums
    for at in range(0, len(held), 2):
        parents[int(held[at]) + first] = held[at + 1]
    theirs.ParentTreeNextKey = max(parents.keys()) + 1
    for page in pages:
        page.obj.StructParents += first
        for note in page.obj.get("/Annots", ()):
            note.StructParent += first
    for name in _NAMED:
        if name in ours:
            theirs[name] = Dictionary({**dict(ours[name].items()), **dict(theirs.get(name, Dictionary()).items())})


def _without_tags(pages: list[Page]) -> None:
    for page in pages:
        for holder in (page.obj, *page.obj.get("/Annots", ())):
            for name in ("/StructParents", "/StructParent"):
                if name in holder:
                    del holder[name]


def _written(whole: Pdf, title: str, made_at: str) -> bytes:
    root: Object = whole.Root
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if "/Lang" not in root:
        root.Lang = String("en-GB")
    whole.docinfo = whole.make_indirect(
        Dictionary(Title=title, Creator="Countersign", CreationDate=made_at, ModDate=made_at)
    )
    written = BytesIO()
    whole.save(
        written,
        min_version="1.7",
        deterministic_id=True,
        object_stream_mode=ObjectStreamMode.generate,
        encryption=False,
    )
    return written.getvalue()
