"""The pages of a policy's copy for the website: printed from our clauses, or a front page bound before the original's own."""

from __future__ import annotations

import re

from governance.child import Limits
from governance.packs.text import blocks
from governance.packs.website import TEXT_AWAITED, Website
from governance.render.environment import render
from governance.render.front_page import bound
from governance.render.pdf import pdf

# Somebody waits for it. Measured: a second to begin with, then 0.06 s a page.
LIMITS = Limits(seconds=90, memory_mb=1024, output_mb=60, file_mb=4)
_STYLES = ("print.css", "pack.css", "website.css")
_TEXT_LEVEL = 2
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def printed(copy: Website) -> bytes:
    """The front page with the text after it, or alone where there is none: PDF/UA-1, the same for the same values.

    Raises:
        ChildFailed: when it could not be made within its limits.
    """
    html = render(
        "website/copy.html",
        copy=copy,
        colour=copy.colour if _COLOUR.fullmatch(copy.colour or "") else "",
        text_awaited=TEXT_AWAITED if copy.text_awaited else "",
        text=blocks(copy.clauses, copy.title, _TEXT_LEVEL),
    )
    title = f"{copy.title}, {copy.school}"
    return pdf(html, title=title, made_at=copy.made_at, styles=_STYLES, part="The copy", limits=LIMITS)


def bound_before(copy: Website, original: bytes) -> bytes:
    """The front page and then the original's pages, in a new file: the original itself is not touched.

    Raises:
        ChildFailed: also for an original that is locked, signed electronically or damaged.
    """
    return bound(printed(copy), original, title=f"{copy.title}, {copy.school}", made_at=copy.made_at, limits=LIMITS)
