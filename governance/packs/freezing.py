"""A pack made once: its bytes, the hash of what went in, and a manifest that says what that was."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from governance.packs.hashing import sha256_of
from governance.packs.parts import made_with
from governance.packs.printing import Shelf, printed
from governance.packs.values import Pack, Size
from governance.tenancy import Scope

KIND = "pack"
_PDF, _ZIP = "application/pdf", "application/zip"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Frozen:
    """A pack as it is kept."""

    title: str
    filename: str
    content: bytes
    values_sha256: str
    manifest: str
    media_type: str = _PDF


def values_hash(pack: Pack) -> str:
    """SHA-256 of what was gathered, less when that was: unchanged facts of a day give the same hash at any time."""
    whole = replace(pack, made_at=_EPOCH, journal_seq=0, journal_head="", items=())
    return sha256_of([whole, [item.sha256 for item in pack.items]])


def freeze(
    pack: Pack,
    scope: Scope,
    made_by: str,
    shelf: Shelf | None = None,
    progress: Callable[[str], None] = lambda said: None,
) -> Frozen:
    """Print a pack and say what went into it.

    Args:
        pack: what is printed.
        scope: its school.
        made_by: who asked for it.
        shelf: the school's printed parts, which need not be printed again.
        progress: told how far the printing is.

    Raises:
        ChildFailed: when a part cannot be printed within its limits; the message names it.
    """
    content = printed(pack, shelf, progress)
    values_sha256 = values_hash(pack)
    said = _manifest(pack) | {
        "school": scope.slug,
        "made_by": made_by,
        "sha256": hashlib.sha256(content).hexdigest(),
        "values_sha256": values_sha256,
    }
    return Frozen(
        title=pack.title,
        filename=filename(pack, scope),
        content=content,
        values_sha256=values_sha256,
        manifest=json.dumps(said, ensure_ascii=False, indent=1, default=str),
        media_type=media_type(pack.size),
    )


def _manifest(pack: Pack) -> dict[str, Any]:
    """What went into a pack, and what it was made with."""
    return {
        "body": pack.body,
        "meeting_on": pack.meeting_on,
        "as_of": pack.as_of,
        "size": pack.size.value,
        "made_at": pack.made_at.isoformat(),
        "journal": {"seq": pack.journal_seq, "head": pack.journal_head},
        "items": [
            {
                "reference": item.reference,
                "title": item.title,
                "version": item.version_label,
                "asks_for": item.asks_for,
                "sha256": item.sha256,
            }
            for item in pack.items
        ],
        "originals": [asdict(original) for item in pack.items for original in item.originals],
        **made_with(),
    }


def media_type(size: Size) -> str:
    """What kind of file a pack of that size is."""
    return _ZIP if size is Size.SEPARATE else _PDF


_ENDINGS = {
    Size.SHORT: "review-pack.pdf",
    Size.FULL: "review-pack-with-texts.pdf",
    Size.SEPARATE: "review-pack.zip",
}


def filename(pack: Pack, scope: Scope) -> str:
    """School, body and day: what people look for in a folder of packs."""
    body = "-".join("".join(letter if letter.isalnum() else " " for letter in pack.body.casefold()).split())
    return f"{scope.slug}-{body}-{(pack.meeting_on or pack.as_of).isoformat()}-{_ENDINGS[pack.size]}"
