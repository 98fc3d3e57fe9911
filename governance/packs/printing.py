"""From a pack's values to its bytes. The same values give the same bytes, whatever had been printed before.

parts ─▶ those printed before                         by their keys, of this school alone
      ─▶ the others, two at a time                    each kept as it comes, so that a later failure costs nothing twice
      ─▶ the front, when the number of pages is known  again if its own length moved the numbers it prints
      ─▶ bound into one PDF, or each by itself into a ZIP
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from io import BytesIO
from typing import Protocol

from governance.child import Limits
from governance.packs.parts import Part, back_part, front_part, likely_front, policy_parts, sheet_part
from governance.packs.values import Pack, Size
from governance.render import words
from governance.render.press import About, Binder, Press, Printed

# For one part. Measured: a page takes 0.06 s, and a part of eight pages some 110 MB of memory in use.
LIMITS = Limits(seconds=180, memory_mb=2048, output_mb=100, file_mb=8)
_MOST_LAYOUTS = 8
_LONGEST_FILENAME = 80


class Shelf(Protocol):
    """Where printed parts of one school are kept, by key."""

    def pages_of(self, keys: Collection[str]) -> Mapping[str, int]:
        """How many pages each of those that are kept has."""
        ...

    def contents_of(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """The bytes of each of those that are kept."""
        ...

    def keep(self, key: str, printed: Printed) -> None:
        """Keep one."""
        ...


class Memory:
    """A shelf for one pack, kept nowhere."""

    def __init__(self) -> None:
        self.held: dict[str, Printed] = {}

    def pages_of(self, keys: Collection[str]) -> Mapping[str, int]:
        """As `Shelf`."""
        return {key: self.held[key].pages for key in keys if key in self.held}

    def contents_of(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """As `Shelf`."""
        return {key: self.held[key].content for key in keys if key in self.held}

    def keep(self, key: str, printed: Printed) -> None:
        """As `Shelf`."""
        self.held[key] = printed


def printed(
    pack: Pack,
    shelf: Shelf | None = None,
    progress: Callable[[str], None] = lambda said: None,
    limits: Limits = LIMITS,
) -> bytes:
    """The pack as PDF/UA-1, or as a ZIP of them where it is made of separate documents.

    Args:
        pack: everything that is printed.
        shelf: the school's printed parts; without one everything is printed.
        progress: told how many parts are printed, at each of them.
        limits: what one part may use, and what the binding may.

    Raises:
        ChildFailed: when a part could not be printed within its limits; the message names it.
    """
    shelf = shelf or Memory()
    alone = pack.size is Size.SEPARATE
    parts = [sheet_part(pack), *policy_parts(pack), *(() if alone else (back_part(pack),))]
    known = dict(shelf.pages_of({part.key for part in parts}))
    missing = list({part.key: part for part in parts if part.key not in known}.values())
    with Binder(len(pack.items) + 1, limits) as binder:
        if alone:
            if missing:
                with Press(len(missing), limits) as press:
                    _print(press, missing, shelf, progress)
            return _zip(pack, parts, shelf, binder)
        with Press(len(missing), limits) as press:
            known |= _print(press, missing, shelf, progress)
            front, plain = _front(press, pack, [known[part.key] for part in parts[1:-1]], shelf)
        about = About(f"{pack.title}, {pack.school}", pack.made_at, plain=plain)
        held = shelf.contents_of({part.key for part in parts})
        sheet, *others = (held[part.key] for part in parts)
        return binder.bound(about, sheet, [front, *others], part=f"The review pack for {pack.body}")


def _print(press: Press, missing: Sequence[Part], shelf: Shelf, progress: Callable[[str], None]) -> dict[str, int]:
    """Print what is missing, the longest first, so that neither child is left with a long one; the pages of each."""
    pages: dict[str, int] = {}
    for place, made in press.printed([part.piece for part in missing]):
        shelf.keep(missing[place].key, made)
        pages[missing[place].key] = made.pages
        progress(f"Printed {len(pages)} of {words.plural(len(missing), 'part')}")
    return pages


def _front(press: Press, pack: Pack, pages: Sequence[int], shelf: Shelf) -> tuple[bytes, int]:
    """The front, and how many of its pages bear no number: the cover.

    Its length moves every number it prints. A longer front prints larger numbers, which never make it shorter, so going from
    one length to the next comes to rest.

    Raises:
        RuntimeError: when it does not, a mistake in the templates.
    """
    length = likely_front(pack)
    for _ in range(_MOST_LAYOUTS):
        part = front_part(pack, pages, length)
        kept = shelf.contents_of({part.key})
        if kept:
            return kept[part.key], 1
        made = press.one(part.piece, length)
        if made.pages == length:
            shelf.keep(part.key, made)
            return made.content, 1
        length = made.pages
    raise RuntimeError("the front of the pack does not come to rest on a number of pages")


def _zip(pack: Pack, parts: Sequence[Part], shelf: Shelf, binder: Binder) -> bytes:
    """A PDF for each policy, with its own page numbers. Nothing in the ZIP tells when it was made but the pack's instant."""
    held = shelf.contents_of({parts[0].key})
    written, made_at = BytesIO(), pack.made_at.timetuple()[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for part, item, place in zip(parts[1:], pack.items, range(1, len(pack.items) + 1), strict=True):
            content = shelf.contents_of({part.key})[part.key]
            about = About(f"{item.title}, {pack.school}", pack.made_at)
            document = binder.bound(about, held[parts[0].key], [content], part=part.piece.name)
            entry = zipfile.ZipInfo(_member(place, item.title), made_at)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, document)
    return written.getvalue()


def _member(place: int, title: str) -> str:
    """ "03 Behaviour policy.pdf": a name that every computer can write."""
    kept = "".join(letter if letter.isalnum() or letter in "-()’'" else " " for letter in title)
    return f"{place:02} {' '.join(kept.split())[:_LONGEST_FILENAME].strip()}.pdf"
