"""A printed front page put before the pages of a PDF that somebody else made, by `governance.render.fronting` in a child."""

from __future__ import annotations

import datetime as dt
import json

from governance.child import Limits, run
from governance.guarded import LENGTH
from governance.render.pdf import LIMITS


def bound(front: bytes, original: bytes, *, title: str, made_at: dt.datetime, limits: Limits = LIMITS) -> bytes:
    """One PDF of both; the same arguments give the same bytes.

    Args:
        front: a PDF that we printed.
        original: a PDF from outside, which may be anything.
        title: what the whole is called.
        made_at: an aware instant, written as the time of making.
        limits: what the work may use.

    Raises:
        ChildFailed: when a limit was broken, or the original is locked, signed electronically or damaged.
    """
    about = {"title": title, "made_at": made_at.astimezone(dt.UTC).strftime("%Y%m%d%H%M%SZ")}
    payload = bytearray()
    for frame in (json.dumps(about).encode(), front, original):
        payload += LENGTH.pack(len(frame))
        payload += frame
    return run("governance.render.fronting", bytes(payload), limits, part="The copy")
