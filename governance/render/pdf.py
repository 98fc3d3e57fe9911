"""The one door to WeasyPrint: HTML in, PDF/UA-1 out, made by `governance.render.printing` in a child process."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from governance.child import Limits, run

STYLES = Path(__file__).parent / "styles"
# Measured: a page of a pack takes 0.06 s and a pack of 285 pages some 430 MB of memory in use.
LIMITS = Limits(seconds=180, memory_mb=2048, output_mb=100, file_mb=8)


def pdf(
    html: str,
    *,
    title: str,
    made_at: dt.datetime,
    lang: str = "en-GB",
    styles: tuple[str, ...] = ("print.css",),
    part: str = "This PDF",
    limits: Limits = LIMITS,
) -> bytes:
    """A tagged PDF of a document. The same arguments give the same bytes: `made_at` is the only time in it.

    Args:
        html: a whole document; pictures as data addresses, nothing else is loaded.
        title: shown in the reader's title bar.
        made_at: an aware instant, written as the day and time of making.
        lang: language of the document.
        styles: names of style sheets in `governance/render/styles`, in order.
        part: what is being made, for the sentence when it fails: "The review pack".
        limits: what making it may use.

    Raises:
        ChildFailed: when a limit was broken or the document could not be laid out.
        ValueError: for an instant without a time zone.
    """
    if made_at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    asked = {
        "html": html,
        "title": title,
        "lang": lang,
        "made_at": made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "styles": [(STYLES / name).read_text(encoding="utf-8") for name in styles],
    }
    return run("governance.render.printing", json.dumps(asked).encode(), limits, part=part)
