"""Run in a child by `governance.render.press`: prints one part of a document after another, ready to be bound.

payload: JSON of `html`, `title`, `lang`, `styles`, `mark`, `tagged`, `pages`
answer:  the number of pages in four bytes, then the PDF; no PDF where `pages` says another number

A part is PDF/UA-1 in itself. Two things are done to it that only matter once it is bound: an address `part:NAME` becomes a
jump to the named place, which another part may hold, and the marks by which cells of a table name their heads are made
unique with `mark`.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

# Before the imports, which make much and leave nothing to collect.
gc.disable()

import pydyf  # noqa: E402
from weasyprint import Document  # noqa: E402

from governance.render.printing import laid_out  # noqa: E402

gc.freeze()

ELSEWHERE = "part:"
_COUNT_BYTES = 4


def answer(payload: bytes) -> bytes:
    """Print a part, and let go of all that it took."""
    asked = json.loads(payload)
    made = _printed(asked)
    gc.collect()
    return made


def _printed(asked: dict[str, Any]) -> bytes:
    document = laid_out(asked["html"], asked["styles"])
    count = len(document.pages)
    head = count.to_bytes(_COUNT_BYTES, "big")
    if asked["pages"] not in (None, count):
        return head
    about = document.metadata
    about.title, about.lang, about.generator = asked["title"], asked["lang"], "Countersign"
    finisher = partial(_made_bindable, mark=asked["mark"])
    as_document = {"pdf_variant": "pdf/ua-1", "pdf_tags": True, "finisher": finisher}
    made: bytes = document.write_pdf(**(as_document if asked["tagged"] else {}))
    return head + made


def _made_bindable(_: Document, pdf: pydyf.PDF, *, mark: str) -> None:
    for made in pdf.objects:
        if not isinstance(made, pydyf.Dictionary):
            continue
        if made.get("Subtype") == "/Link":
            _led_elsewhere(made)
        elif made.get("S") == "/Table":
            _marked(pdf, made, f"{mark}-{made.number}-")


def _led_elsewhere(link: pydyf.Dictionary) -> None:
    target = link["A"]["URI"].string if "A" in link else ""
    if isinstance(target, str) and target.startswith(ELSEWHERE):
        del link["A"]
        link["Dest"] = link["Contents"] = pydyf.String(target.removeprefix(ELSEWHERE))


def _marked(pdf: pydyf.PDF, table: pydyf.Dictionary, mark: str) -> None:
    """A table that goes on over pages repeats its heads, and with them their marks: each page's table has its own."""
    for cell in _cells(pdf, table):
        if "ID" in cell:
            cell["ID"] = pydyf.String(mark + cell["ID"].string)
        if "Headers" in cell["A"]:
            cell["A"]["Headers"] = pydyf.Array(pydyf.String(mark + head.string) for head in cell["A"]["Headers"])


def _cells(pdf: pydyf.PDF, above: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
    for kid in above["K"]:
        below = pdf.objects[int(kid.split()[0])] if isinstance(kid, bytes) else {}
        if below.get("S") in ("/TH", "/TD") and "A" in below:
            yield below
        elif "K" in below and below.get("S") != "/Table":
            yield from _cells(pdf, below)
