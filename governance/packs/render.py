"""From a pack's values to its pages: HTML by templates, then PDF/UA-1 in a child. The same values give the same bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from governance.child import Limits
from governance.packs.text import Block, blocks
from governance.packs.values import SMALLEST_GROUP, Group, Pack, PackItem, merged
from governance.render import words
from governance.render.charts import Bar, coverage_bar
from governance.render.environment import render as filled
from governance.render.pdf import pdf

LIMITS = Limits(seconds=240, memory_mb=2048, output_mb=100, file_mb=8)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_HOUSE_COLOUR = "#0b4f6c"


@dataclass(frozen=True)
class Section:
    """A policy's part of the pack with what is worked out from its values. `anchor` is where the contents point."""

    item: PackItem
    anchor: str
    place: int
    bar: Bar | None
    groups: tuple[Group, ...]
    text: tuple[Block, ...]


def render(pack: Pack) -> str:
    """The pack as one HTML document: cover, contents, what is due and why, then each policy; pictures inside it."""
    return filled(
        "packs/pack.html",
        pack=pack,
        sections=[_section(item, place) for place, item in enumerate(pack.items, start=1)],
        made=_made_in_words(pack),
        colour=pack.colour if _COLOUR.fullmatch(pack.colour) else _HOUSE_COLOUR,
        smallest=SMALLEST_GROUP,
    )


def pages(pack: Pack) -> bytes:
    """The pack as PDF/UA-1.

    Raises:
        ChildFailed: when it could not be made within its limits; the message names the pack.
    """
    return pdf(
        render(pack),
        title=f"{pack.title}, {pack.school}",
        made_at=pack.made_at,
        styles=("print.css", "pack.css"),
        part=f"The review pack for {pack.body}",
        limits=LIMITS,
    )


def _section(item: PackItem, place: int) -> Section:
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
        anchor=f"policy-{place}",
        place=place,
        bar=bar if told else None,
        groups=merged(item.groups),
        text=blocks(item.clauses, item.title),
    )


def _made_in_words(pack: Pack) -> str:
    """ "5 October 2026 at 09:12", by the school's clock."""
    local = pack.made_at.astimezone(ZoneInfo(pack.time_zone))
    return f"{words.day(local.date())} at {local:%H:%M}"
