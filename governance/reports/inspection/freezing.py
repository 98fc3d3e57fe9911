"""An inspection's file: printed once as PDF/UA-1, with the hash of what went in and a manifest that says what that was."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from governance.errors import Refusal
from governance.journal.chain import canonical
from governance.reading.owed import State
from governance.render.environment import TEMPLATES, render
from governance.render.pdf import STYLES, pdf
from governance.reports.formats.pages import MOST_PRINTED_ROWS, PRINT_LIMITS, ROWS_IN_A_TABLE
from governance.reports.inspection.values import (
    POLICIES_ABREAST,
    Inspection,
    Reader,
    counts_of,
    in_a_sentence,
)

KIND = "inspection"
MEDIA_TYPE = "application/pdf"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TEMPLATE = "reports/inspection.html"
_STYLES = ("print.css", "inspection.css")


@dataclass(frozen=True)
class Names:
    """A table of names: some policies abreast and some of the people. `places` are those of the policies among all."""

    places: tuple[int, ...]
    readers: Sequence[Reader]
    first: int


def values_hash(values: Inspection) -> str:
    """SHA-256 of what was gathered, less when: unchanged facts of a day, asked for by the same person, give the same."""
    return _hash(canonical(asdict(replace(values, made_at=_EPOCH, journal_seq=0, journal_head=""))))


def html(values: Inspection) -> str:
    """The file as one document."""
    return render(
        _TEMPLATE,
        values=values,
        tables=_tables(values),
        counts=[counts_of(values.readers, place) for place in range(len(values.safeguarding))],
        sentence=in_a_sentence(values.readers),
        states=State,
        late=sum(one.is_late for one in values.policies),
    )


def pages(values: Inspection) -> bytes:
    """The file's bytes. The same values give the same bytes.

    Raises:
        Refusal: for more rows than anybody prints.
        ChildFailed: when it could not be made within its limits.
    """
    if values.rows > MOST_PRINTED_ROWS:
        raise Refusal.one(
            f"This would print {values.rows:,} rows, and a PDF holds at most {MOST_PRINTED_ROWS:,}. "
            "Take the reports of one policy at a time instead."
        )
    return pdf(
        html(values),
        title=f"{values.heading}, {values.school}",
        made_at=values.made_at,
        styles=_STYLES,
        part="The inspection file",
        limits=PRINT_LIMITS,
    )


def manifest(values: Inspection, content: bytes) -> str:
    """What went in and what it was made with, as JSON."""
    said: dict[str, Any] = {
        "school": values.school,
        "as_of": values.as_of,
        "made_at": values.made_at.isoformat(),
        "made_by": values.made_by,
        "sha256": hashlib.sha256(content).hexdigest(),
        "values_sha256": values_hash(values),
        "journal": {"seq": values.journal_seq, "head": values.journal_head},
        "safeguarding": list(values.safeguarding),
        "people": len(values.readers),
        "visitors": len(values.visitors),
        "policies": [f"{one.reference} {one.title}, version {one.version}" for one in values.policies],
        **made_with(),
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=str)


def made_with() -> dict[str, dict[str, str]]:
    """The templates and libraries that a file made now would be printed with."""
    sources: list[Path] = [TEMPLATES / _TEMPLATE, *(STYLES / name for name in _STYLES)]
    return {
        "templates": {path.name: _hash(path.read_text(encoding="utf-8")) for path in sources},
        "libraries": {name: version(name) for name in ("weasyprint", "jinja2", "pydyf")},
    }


def _tables(values: Inspection) -> list[Names]:
    """The names in tables that can be laid out: a few policies abreast, and not too many rows in one."""
    count, found = len(values.safeguarding), []
    for left in range(0, count, POLICIES_ABREAST):
        places = tuple(range(left, min(count, left + POLICIES_ABREAST)))
        found += [
            Names(places, values.readers[first : first + ROWS_IN_A_TABLE], first)
            for first in range(0, len(values.readers), ROWS_IN_A_TABLE)
        ]
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
