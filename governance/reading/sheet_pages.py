"""A sheet as pages to print: what stands on it, room to sign, and on every page its number and the way back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from governance.child import Limits
from governance.reading.paper_models import Sheet
from governance.reading.sheet_queries import ForVersion, Part
from governance.render.environment import render
from governance.render.pdf import pdf

# Measured: 400 lines take some ten seconds; a sheet can hold no more.
LIMITS = Limits(seconds=90, memory_mb=1024, output_mb=20, file_mb=8)


@dataclass(frozen=True)
class Agreed:
    """What is confirmed by signing, and the versions of a part for which it is."""

    wording: str
    versions: tuple[ForVersion, ...]


def pages(sheet: Sheet, parts: Sequence[Part], school: str, address: str) -> bytes:
    """The sheet as a tagged PDF; the same sheet gives the same bytes. `address` is where it is entered.

    Raises:
        ChildFailed: when it could not be laid out within its limits.
    """
    document = render(
        "sheets/pages.html",
        sheet=sheet,
        parts=parts,
        agreed={part.number: agreed_in(part) for part in parts},
        school=school,
        address=address,
        code=code_of(address),
    )
    return pdf(
        document,
        title=f"Sign-off sheet {sheet.number}: {sheet.title}",
        made_at=sheet.printed_at,
        styles=("print.css", "sheet.css"),
        part="The sign-off sheet",
        limits=LIMITS,
    )


def code_of(address: str) -> str:
    """A QR code that leads to an address, as a picture inside the document."""
    uri: str = segno.make_qr(address, error="m").svg_data_uri(scale=4, border=2, encode_minimal=False)
    return uri


def agreed_in(part: Part) -> list[Agreed]:
    """The versions of a part by what is confirmed for them, in the order in which each wording first stands there."""
    found: dict[str, list[ForVersion]] = {}
    for one in part.versions:
        found.setdefault(one.shown.wording, []).append(one)
    return [Agreed(wording, tuple(versions)) for wording, versions in found.items()]
