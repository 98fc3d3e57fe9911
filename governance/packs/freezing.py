"""A pack made once: its bytes, the hash of what went in, and a manifest that says what that was."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from governance.journal.chain import canonical
from governance.packs.render import pages
from governance.packs.values import Pack
from governance.tenancy import Scope

MEDIA_TYPE = "application/pdf"
KIND = "pack"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "packs"


@dataclass(frozen=True)
class Frozen:
    """A pack as it is kept."""

    title: str
    filename: str
    content: bytes
    values_sha256: str
    manifest: str


def values_hash(pack: Pack) -> str:
    """SHA-256 of what was gathered, less when that was: unchanged facts of a day give the same hash at any time."""
    return _hash(canonical(asdict(replace(pack, made_at=_EPOCH, journal_seq=0, journal_head=""))))


def freeze(pack: Pack, scope: Scope, made_by: str) -> Frozen:
    """Print a pack and say what went into it.

    Raises:
        ChildFailed: when it cannot be printed within its limits.
    """
    content = pages(pack)
    manifest: dict[str, Any] = {
        "school": scope.slug,
        "body": pack.body,
        "meeting_on": pack.meeting_on,
        "as_of": pack.as_of,
        "made_at": pack.made_at.isoformat(),
        "made_by": made_by,
        "sha256": hashlib.sha256(content).hexdigest(),
        "values_sha256": values_hash(pack),
        "journal": {"seq": pack.journal_seq, "head": pack.journal_head},
        "items": [
            {
                "reference": item.reference,
                "title": item.title,
                "asks_for": item.asks_for,
                "sha256": _hash(canonical(asdict(item))),
            }
            for item in pack.items
        ],
        "originals": [asdict(original) for item in pack.items for original in item.originals],
        **made_with(),
    }
    return Frozen(
        title=pack.title,
        filename=filename(pack, scope),
        content=content,
        values_sha256=manifest["values_sha256"],
        manifest=json.dumps(manifest, ensure_ascii=False, indent=1, default=str),
    )


def made_with() -> dict[str, dict[str, str]]:
    """The templates and libraries that a pack made now would be printed with."""
    return {
        "templates": {path.name: _hash(path.read_text(encoding="utf-8")) for path in sorted(_TEMPLATES.iterdir())},
        "libraries": {name: version(name) for name in ("weasyprint", "jinja2", "pydyf")},
    }


def filename(pack: Pack, scope: Scope) -> str:
    """School, body and day: what people look for in a folder of packs."""
    body = "-".join("".join(letter if letter.isalnum() else " " for letter in pack.body.casefold()).split())
    return f"{scope.slug}-{body}-{(pack.meeting_on or pack.as_of).isoformat()}-review-pack.pdf"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
