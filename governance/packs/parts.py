"""A pack's parts: each a pure function of frozen values to HTML, under a key that tells whether it was printed before.

    sheet         running titles and the letters of page numbers, stamped on every page when the parts are bound
    policy        one part a policy: its cover sheet and, where the pack prints texts, its text
    appendix      late reviews and how far policies were read; in no supplement
    cover, back   the pack as a whole: when it was made, the check code of the record of changes
    contents      contents and what is due; printed last, since it says on which page each policy begins

A key is the SHA-256 of a part's values and of what it is made with: templates, styles, program and libraries. No part knows
on which page it stands, so a part that grows changes no other but the contents.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from governance.packs.appendix import Appendix
from governance.packs.appendix_section import appendix_section
from governance.packs.changes import Shown, shown
from governance.packs.hashing import sha256_of
from governance.packs.readers import SMALLEST_GROUP, Group, merged
from governance.packs.text import Block, blocks
from governance.packs.values import Pack, PackItem, Related, Size
from governance.render import words
from governance.render.appendix_charts import READINGS, REVIEWS
from governance.render.charts import Bar, coverage_bar
from governance.render.environment import TEMPLATES
from governance.render.environment import render as filled
from governance.render.pdf import STYLES
from governance.render.press import Piece

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_HOUSE_COLOUR = "#0b4f6c"
_STYLES = ("print.css", "part.css", "pack.css", "changes.css")
_SHEET_STYLES = ("print.css", "stamps.css")
_PROGRAM = Path(__file__).resolve().parents[1]
COVER_PAGES = 1
APPENDIX = "Appendix: late reviews and reading coverage"
_APPENDIX = {"name": APPENDIX, "review_names": REVIEWS, "reading_names": READINGS}


@dataclass(frozen=True)
class Part:
    """A part to print, and the key under which it may have been printed before."""

    key: str
    piece: Piece


@dataclass(frozen=True)
class Line:
    """A policy's line in the contents and in the table of what is due. `page` is where its part begins."""

    place: int
    anchor: str
    page: int
    title: str
    reference: str
    why_due: str
    asks_for: str


@dataclass(frozen=True)
class Section:
    """What a policy's part prints: its values, and what is worked out from them.

    `anchor` is where contents and other policies point. `above` is a line over the heading where the part stands alone.
    `related` has the anchor of each related policy that is in this pack.
    """

    item: PackItem
    anchor: str
    place: int
    above: str
    bar: Bar | None
    groups: tuple[Group, ...]
    related: tuple[tuple[Related, str], ...]
    text: tuple[Block, ...]
    redline: tuple[Shown, ...]


def sheet_part(pack: Pack) -> Part:
    """The sheet of running titles and letters."""
    values = (pack.school, pack.body, pack.meeting_on or pack.as_of)
    html = partial(_filled, "sheet", pack, {})
    piece = Piece("The running titles", pack.title, "sheet", html, _SHEET_STYLES, tagged=False)
    return Part(_key("sheet", values), piece)


def policy_parts(pack: Pack) -> list[Part]:
    """A part for each policy, in the order of the pack."""
    return [_policy_part(pack, place) for place in range(1, len(pack.items) + 1)]


def main_parts(pack: Pack) -> list[Part]:
    """What stands between the contents and the last page: the policies, then the appendix where there is one."""
    return [*policy_parts(pack), *([_appendix_part(pack, pack.appendix)] if pack.appendix else [])]


def cover_part(pack: Pack) -> Part:
    """The first page."""
    html = partial(_filled, "cover", pack, {})
    return Part(_key("cover", _of_pack(pack)), Piece("The cover", pack.title, "cover", html, _STYLES))


def back_part(pack: Pack) -> Part:
    """The last page or pages."""
    texts = [item for item in pack.items if item.address]
    values = (_of_pack(pack), [(item.title, item.address) for item in texts])
    html = partial(_filled, "back", pack, {"texts": texts})
    return Part(_key("back", values), Piece("The last page", pack.title, "back", html, _STYLES))


def contents_part(pack: Pack, pages: Sequence[int], own: int) -> Part:
    """Contents and what is due, when the main parts have so many `pages` each and this one has its `own`."""
    begin = list(accumulate(pages, initial=COVER_PAGES + own + 1))
    lines = [
        Line(place, anchor_of(place), page, item.title, item.reference, item.why_due, item.asks_for)
        for place, (item, page) in enumerate(zip(pack.items, begin, strict=False), start=1)
    ]
    ends = {"about": begin[-1], "appendix": begin[len(pack.items)] if pack.appendix else None}
    html = partial(_filled, "contents", pack, {"lines": lines, "cover_pages": COVER_PAGES, **ends})
    key = _key("contents", (lines, ends, own, _colour(pack)))
    return Part(key, Piece("The contents", pack.title, "contents", html, _STYLES))


def likely_contents(pack: Pack) -> int:
    """How many pages the contents will have: a guess that is right mostly, and the same for the same values."""
    lines = 30 + 8.5 * (len(pack.items) + 2 + bool(pack.appendix))
    due = 25 + sum(7.5 + 4.4 * max(len(item.title) // 24, len(item.why_due) // 32) for item in pack.items)
    return max(1, -int(-(lines + due) // 251))


def anchor_of(place: int) -> str:
    """What the part of the policy in a place is called."""
    return f"policy-{place}"


def made_with() -> dict[str, dict[str, str]]:
    """What a pack made now would be printed with: templates, styles, the program's own lines, and libraries."""
    return {kind: dict(held) for kind, held in _made_with().items()}


def _policy_part(pack: Pack, place: int) -> Part:
    item = pack.items[place - 1]
    alone = pack.size is Size.SEPARATE
    above = pack.title if alone else ""
    places = {} if alone else _places(pack)
    targets = tuple(places.get(other.reference, "") for other in item.related)
    html = partial(_policy_html, pack, place, above, targets)
    piece = Piece(f"Part {place}, {item.title}", item.title, anchor_of(place), html, _STYLES)
    return Part(_key("policy", (item.sha256, place, above, targets, _colour(pack))), piece)


def _policy_html(pack: Pack, place: int, above: str, targets: tuple[str, ...]) -> str:
    item = pack.items[place - 1]
    return _filled("policy", pack, {"section": _section(item, place, above, targets)})


def _appendix_part(pack: Pack, found: Appendix) -> Part:
    alone = pack.size is Size.SEPARATE
    section = appendix_section(found, {} if alone else _places(pack), is_short=pack.size is Size.SHORT)
    html = partial(_filled, "appendix", pack, {"section": section, **_APPENDIX, "above": pack.title if alone else ""})
    piece = Piece("The appendix", APPENDIX, "appendix", html, _STYLES)
    return Part(_key("appendix", (section, pack.title if alone else "", _colour(pack))), piece)


def _section(item: PackItem, place: int, above: str, targets: tuple[str, ...]) -> Section:
    counts = item.everyone
    told = counts.audience >= SMALLEST_GROUP
    bar = coverage_bar(
        acknowledged=counts.acknowledged,
        outstanding=counts.outstanding,
        overdue=counts.overdue,
        away=counts.away,
        excused=counts.excused,
        declined=counts.declined,
    )
    return Section(
        item=item,
        anchor=anchor_of(place),
        place=place,
        above=above,
        bar=bar if told else None,
        groups=merged(item.groups),
        related=tuple(zip(item.related, targets, strict=True)),
        text=blocks(item.clauses, item.title),
        redline=tuple(shown(item.changes.lines)) if item.changes else (),
    )


def _places(pack: Pack) -> Mapping[str, str]:
    """Where each policy of the pack stands, by its reference."""
    return {item.reference: anchor_of(place) for place, item in enumerate(pack.items, start=1) if item.reference}


def _of_pack(pack: Pack) -> Pack:
    """What is said of the pack as a whole, without its policies but with their number and what they ask."""
    return replace(pack, appendix=None, items=tuple(PackItem("", "", "", "", item.asks_for) for item in pack.items))


def _key(kind: str, values: object) -> str:
    return sha256_of([kind, values, _made_with()])


def _filled(template: str, pack: Pack, values: dict[str, Any]) -> str:
    given = {"pack": pack, "colour": _colour(pack), "smallest": SMALLEST_GROUP, "made": _made_in_words(pack)}
    given["appendix_name"] = APPENDIX
    return filled(f"packs/{template}.html", **given, **values)


def _colour(pack: Pack) -> str:
    return pack.colour if _COLOUR.fullmatch(pack.colour) else _HOUSE_COLOUR


def _made_in_words(pack: Pack) -> str:
    """ "5 October 2026 at 09:12", by the school's clock."""
    local = pack.made_at.astimezone(ZoneInfo(pack.time_zone))
    return f"{words.day(local.date())} at {local:%H:%M}"


@cache
def _made_with() -> dict[str, dict[str, str]]:
    """Read once: what is on the disk while a program runs is what it runs with."""
    templates = (*TEMPLATES.glob("packs/*"), *TEMPLATES.glob("components/*"))
    styles = [STYLES / name for name in dict.fromkeys((*_STYLES, *_SHEET_STYLES))]
    program = (*_PROGRAM.glob("packs/*.py"), *_PROGRAM.glob("render/*.py"))
    return {
        "templates": _hashes(templates),
        "styles": _hashes(styles),
        "program": _hashes(program),
        "libraries": {name: version(name) for name in ("weasyprint", "jinja2", "pydyf", "pikepdf")},
    }


def _hashes(files: Sequence[Path]) -> dict[str, str]:
    """The hash of each file, by its folder and name."""
    return {f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)}
