"""Page numbers and running titles for pages that were printed without them, with the letters of a printed sheet.

The sheet has two pages, laid out as any page of ours: the running titles on the first, and on the second, in the place of the
page number, the line `LETTERS`, which shows the letters of a page number, their font, their colour and where the line ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String, parse_content_stream
from pikepdf import unparse_content_stream as written

LETTERS = "Page 0123456789 of 0"
_TITLES, _LETTERS = Name("/RunningTitles"), Name("/NumberLetters")
_ARTIFACT = b"/Artifact <</Type /Pagination /Subtype /%b>> BDC\n%b\nEMC\n"
# What sets letters and their colour; an opacity of one is left out, as it would need a resource of its own.
_DRAWS = {"q", "Q", "cm", "rg", "BT", "ET", "Tm", "Tf", "TJ"}


@dataclass(frozen=True)
class _Line:
    """The sheet's line of letters: each as its font names it, its width, the size, and where the line ends."""

    before: bytes
    after: bytes
    letters: dict[str, bytes]
    widths: dict[str, Decimal]
    size: Decimal
    end: Decimal
    height: Decimal

    def saying(self, text: str) -> bytes:
        """The line with another text, which ends where this one does."""
        wide = sum((self.widths[letter] for letter in text), Decimal(0)) * self.size / 1000
        place = f"1 0 0 -1 {self.end - wide:.6f} {self.height} Tm {_LETTERS} {self.size} Tf"
        drawn = b"".join(self.letters[letter] for letter in text).hex()
        return b"q\n%b\n%b\n<%b> Tj\n%b\nQ" % (self.before, place.encode(), drawn.encode(), self.after)


class Stamp:
    """The sheet, made ready for the pages of a document."""

    def __init__(self, whole: Pdf, sheet: Pdf) -> None:
        titles, numbers = sheet.pages
        self._whole = whole
        self._font, self._line = _line_of(whole, numbers)
        self._titles = Stream(whole, titles.Contents.read_bytes())
        self._titles.stream_dict.update(
            Dictionary(
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array(list(titles.MediaBox)),
                Resources=whole.copy_foreign(sheet.make_indirect(titles.Resources)),
            )
        )

    def on(self, page: Page, number: int, total: int) -> None:
        """Stamp a page. What it shows already is drawn afterwards, as it leaves the page's axes turned."""
        resources = page.obj.Resources
        for kind, name, what in (("/XObject", _TITLES, self._titles), ("/Font", _LETTERS, self._font)):
            if kind not in resources:
                resources[kind] = Dictionary()
            resources[kind][name] = what
        numbered = self._line.saying(f"Page {number} of {total}")
        drawn = _ARTIFACT % (b"Header", b"q %b Do Q" % bytes(_TITLES)) + _ARTIFACT % (b"Footer", numbered)
        page.contents_add(Stream(self._whole, drawn), prepend=True)


def _line_of(whole: Pdf, page: Page) -> tuple[Object, _Line]:
    """The letters' font, moved to the whole, and the line read from a page's drawing.

    Raises:
        ValueError: when it is not drawn in one go, with one font: a mistake in the sheet.
    """
    steps = [step for step in parse_content_stream(page) if str(step.operator) in _DRAWS]
    at = {str(step.operator): place for place, step in enumerate(steps)}
    if sum(str(step.operator) == "TJ" for step in steps) != 1:
        raise ValueError("the letters of page numbers are not in one line of one font")
    name, size = steps[at["Tf"]].operands
    *_, left, height = (Decimal(str(operand)) for operand in steps[at["Tm"]].operands)
    font = page.obj.Resources.Font[str(name)]
    letters = _ids(steps[at["TJ"]])
    known = _widths(font.DescendantFonts[0].W)
    widths = {letter: known[int.from_bytes(drawn_as, "big")] for letter, drawn_as in letters.items()}
    line = _Line(
        before=written(steps[: min(at["Tm"], at["Tf"])]),
        after=written(steps[at["TJ"] + 1 :]),
        letters=letters,
        widths=widths,
        size=Decimal(str(size)),
        end=left + sum((widths[letter] for letter in LETTERS), Decimal(0)) * Decimal(str(size)) / 1000,
        height=height,
    )
    return whole.copy_foreign(font), line


def _ids(step: Any) -> dict[str, bytes]:
    """How the font names each letter of the line, two bytes each."""
    drawn = b"".join(bytes(one) for one in step.operands[0] if isinstance(one, String))
    ids = [drawn[place : place + 2] for place in range(0, len(drawn), 2)]
    if len(ids) != len(LETTERS):
        raise ValueError("the letters of page numbers are not drawn one by one")
    return dict(zip(LETTERS, ids, strict=True))


def _widths(held: Object) -> dict[int, Decimal]:
    """A font's table of widths: a first letter, then the widths from there."""
    found: dict[int, Decimal] = {}
    for at in range(0, len(held), 2):
        for place, wide in enumerate(held[at + 1]):
            found[int(held[at]) + place] = Decimal(str(wide))
    return found
