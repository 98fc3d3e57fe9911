"""From a pack's values to its bytes. The same values give the same bytes, whatever had been printed before.

parts ─▶ those printed before                         by their keys, of this school alone
      ─▶ the others, two at a time                    each kept as it comes, so that a later failure costs nothing twice
      ─▶ the front, when the number of pages is known  again if its own length moved the numbers it prints
      ─▶ bound into one PDF, or each by itself into a ZIP
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Protocol

from governance.child import Limits
from governance.packs.parts import (
    COVER_PAGES,
    Part,
    back_part,
    contents_part,
    cover_part,
    likely_contents,
    main_parts,
    sheet_part,
)
from governance.packs.values import Pack, Size
from governance.render import words
from governance.render.press import About, Binder, Press, Printed

# For one part. Measured: a page takes 0.06 s, and a part of eight pages some 110 MB of memory in use.
LIMITS = Limits(seconds=180, memory_mb=2048, output_mb=100, file_mb=8)
CONTENTS_PLACE = 1
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
    sheet, main = sheet_part(pack), main_parts(pack)
    if pack.size is Size.SEPARATE:
        return _zip(pack, sheet, main, shelf, progress, limits)
    cover, back = cover_part(pack), back_part(pack)
    # The contents come second, and are printed and moved in last.
    turns = {part.key: turn for turn, part in enumerate((cover, *main, back))}
    # the longest first, so that no child is left with them at the end
    missing, name = _missing([*main, sheet, cover, back], shelf), f"The review pack for {pack.body}"
    with Press(len(missing), limits) as press, Binder(len(turns) + 1, 1, limits) as binder:
        done = press.printed([part.piece for part in missing])
        # while the first are printed
        for key in turns.keys() - {part.key for part in missing}:
            binder.take(turns[key], _place(turns[key]), shelf.contents_of({key})[key], part=name)
        for key, content in _kept(done, missing, shelf, progress):
            if key in turns:
                binder.take(turns[key], _place(turns[key]), content, part=name)
        contents = _contents(press, pack, main, shelf)
        held = shelf.contents_of({sheet.key, contents.key})
        binder.take(len(turns), CONTENTS_PLACE, held[contents.key], part=name)
        about = About(f"{pack.title}, {pack.school}", pack.made_at, plain=COVER_PAGES)
        return binder.bound(about, held[sheet.key], part=name)


def _place(turn: int) -> int:
    """Where a part stands that is no contents: after them, but for the cover."""
    return turn if turn < CONTENTS_PLACE else turn + 1


def _missing(parts: Sequence[Part], shelf: Shelf) -> list[Part]:
    """Those that were not printed before, each once: two that are alike in everything are one."""
    wanted = {part.key: part for part in parts}
    known = shelf.pages_of(wanted.keys())
    return [part for key, part in wanted.items() if key not in known]


def _kept(
    done: Iterator[tuple[int, Printed]], missing: Sequence[Part], shelf: Shelf, progress: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """Each part by its key as it comes, kept by then."""
    for count, (place, made) in enumerate(done, start=1):
        shelf.keep(missing[place].key, made)
        progress(f"Printed {count} of {words.plural(len(missing), 'part')}")
        yield missing[place].key, made.content


def _contents(press: Press, pack: Pack, main: Sequence[Part], shelf: Shelf) -> Part:
    """The contents, which are on the shelf then.

    Their length moves every number they print. Longer contents print larger numbers, which never make them shorter, so
    going from one length to the next comes to rest.

    Raises:
        RuntimeError: when it does not, a mistake in the templates.
    """
    counted = shelf.pages_of({part.key for part in main})
    length = likely_contents(pack)
    for _ in range(_MOST_LAYOUTS):
        part = contents_part(pack, [counted[one.key] for one in main], length)
        if shelf.pages_of({part.key}):
            return part
        made = press.one(part.piece, length)
        if made.pages == length:
            shelf.keep(part.key, made)
            return part
        length = made.pages
    raise RuntimeError("the contents of the pack do not come to rest on a number of pages")


def _zip(
    pack: Pack,
    sheet: Part,
    main: Sequence[Part],
    shelf: Shelf,
    progress: Callable[[str], None],
    limits: Limits,
) -> bytes:
    """A PDF for each policy and one for the appendix, with their own page numbers.

    Nothing in the ZIP tells when it was made but the pack's instant.
    """
    missing = _missing([sheet, *main], shelf)
    if missing:
        with Press(len(missing), limits) as press:
            for _ in _kept(press.printed([part.piece for part in missing]), missing, shelf, progress):
                pass
    stamps = shelf.contents_of({sheet.key})[sheet.key]
    made, made_at = BytesIO(), pack.made_at.timetuple()[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive, Binder(1, len(main), limits) as binder:
        for place, part in enumerate(main, start=1):
            binder.take(0, 0, shelf.contents_of({part.key})[part.key], part=part.piece.name)
            about = About(f"{part.piece.title}, {pack.school}", pack.made_at)
            entry = zipfile.ZipInfo(_member(place, part.piece.title), made_at)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, binder.bound(about, stamps, part=part.piece.name))
    return made.getvalue()


def _member(place: int, title: str) -> str:
    """ "03 Behaviour policy.pdf": a name that every computer can write."""
    kept = "".join(letter if letter.isalnum() or letter in "-()’'" else " " for letter in title)
    return f"{place:02} {' '.join(kept.split())[:_LONGEST_FILENAME].strip()}.pdf"
