"""Letters that bring a reading link: a page each, with the address in letters and as a code for a phone's camera."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from governance.child import Limits
from governance.policies.contacts import Whom
from governance.render.environment import render
from governance.render.pdf import pdf

LIMITS = Limits(seconds=90, memory_mb=1024, output_mb=30, file_mb=4)


@dataclass(frozen=True)
class LinkLetter:
    """One person's letter. `address` holds the secret: it is printed and never stored."""

    school: str
    name: str
    count: int
    due_on: dt.date | None
    until_on: dt.date
    address: str
    whom: tuple[Whom, ...]

    @property
    def code(self) -> str:
        """The address as a picture."""
        return segno.make_qr(self.address, error="m").svg_data_uri(scale=4, border=2)


def printed(letters: Sequence[LinkLetter], today: dt.date, made_at: dt.datetime) -> bytes:
    """The letters as one tagged PDF.

    Raises:
        ChildFailed: when it could not be made within its limits.
    """
    title = f"Letter to {letters[0].name}" if len(letters) == 1 else "Letters with reading links"
    document = render("reading/print/letters.html", letters=letters, title=title, today=today)
    styles = ("print.css", "form.css")
    return pdf(document, title=title, made_at=made_at, styles=styles, part="The letters", limits=LIMITS)
