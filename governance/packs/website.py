"""A policy in force as a school publishes it: a front page of facts, then its text. Frozen values and their words. Pure.

It says only what is recorded, and names bodies and offices, never a person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from governance.adoption.kinds import Kind
from governance.extract.clauses import Clause
from governance.extract.stated_dates import Precision, StatedDate
from governance.render import words

NOT_RECORDED = "Adoption not recorded"
TEXT_AWAITED = (
    "The text is the one from before the amendments. The amended text will take its place once it is written."
)


@dataclass(frozen=True)
class Act:
    """A decision about the version: its kind, the body or office that took it ("" for not recorded), when, which minute."""

    kind: Kind
    by: str
    on: StatedDate
    minute: str = ""

    @property
    def in_words(self) -> str:
        """ "Adopted by Full Governing Body on 24 September 2026 (minute 2026/31)"."""
        if self.on.precision is Precision.NOT_RECORDED and not self.by:
            return NOT_RECORDED
        what = _ACTS.get(self.kind, self.kind.in_words)
        by = f" by {self.by}" if self.by else ""
        minute = f" (minute {self.minute})" if self.minute else ""
        return f"{what}{by}{_when(self.on)}{minute}"


_ACTS = {Kind.APPROVED: "Approved under a delegated power"}


@dataclass(frozen=True)
class Website:
    """What the copy of one policy says. Without `clauses` it is the front page alone; `made_at` is an aware instant."""

    school: str
    title: str
    reference: str
    version: str
    in_force_from: StatedDate | None
    adopted: Act | None
    next_review: StatedDate | None
    made_at: dt.datetime
    ratified: Act | None = None
    awaits_ratification: bool = False
    text_awaited: bool = False
    clauses: tuple[Clause, ...] = ()
    time_zone: str = "Europe/London"
    colour: str | None = None

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The lines of the front page: what, and how it stands."""
        made_on = self.made_at.astimezone(ZoneInfo(self.time_zone)).date()
        found = [
            ("Reference", self.reference),
            ("Version", self.version),
            ("Adoption", self.adopted.in_words if self.adopted else NOT_RECORDED),
        ]
        if self.awaits_ratification:
            found.append(("Ratification", "In force, awaiting ratification"))
        elif self.ratified is not None:
            found.append(("Ratification", self.ratified.in_words))
        return (
            *found,
            ("In force from", self.in_force_from.in_words() if self.in_force_from else "not recorded"),
            ("Next review", f"by {self.next_review.in_words()}" if self.next_review else "no date is set"),
            ("This copy made on", words.day(made_on)),
        )


def filename(copy: Website, *, front_alone: bool = False) -> str:
    """ "behaviour-policy-2026-09-24.pdf": the title, and since when it is in force."""
    title = "-".join("".join(letter if letter.isalnum() else " " for letter in copy.title.casefold()).split())
    since = copy.in_force_from.latest_on if copy.in_force_from else None
    parts = [
        title or copy.reference.casefold(),
        since.isoformat() if since else "",
        "front-page" if front_alone else "",
    ]
    return "-".join(part for part in parts if part) + ".pdf"


def _when(on: StatedDate) -> str:
    """ " on 24 September 2026", " in September 2022", or that it is not recorded."""
    if on.precision is Precision.NOT_RECORDED:
        return ", on a day that is not recorded"
    return f" {'on' if on.precision is Precision.DAY else 'in'} {on.in_words()}"
