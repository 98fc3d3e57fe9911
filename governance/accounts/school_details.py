"""What a school says of itself: its name and colour, when its year of reading begins, how governors get their pack."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.errors import Objection, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.schools.names import tidy
from governance.schools.rules import PackWay
from governance.tenancy import Actor, Organisation, Scope, lock

CHANGED = Event("school's settings changed", ids=("school",), payload=("before", "after"))
LONGEST_NAME = 120
MOST_AWAY_DAYS = 200
# WCAG 1.4.3: letters and their ground differ at least so much.
_CONTRAST = 4.5


@dataclass(frozen=True)
class SchoolDetails:
    """`colour` as #rrggbb, None for the house's own; the month and day from which yearly readings count anew.

    An absence of `away_school_days` or more takes a person out of what is required meanwhile. `pack_way` is how a pack that
    the clerk sends reaches governors.
    """

    name: str
    colour: str | None
    year_starts_month: int
    year_starts_day: int
    away_school_days: int
    pack_way: str


def school_details(session: Session, scope: Scope) -> SchoolDetails:
    """The settings as they stand."""
    school = session.get_one(Organisation, scope.organisation_id)
    year = (school.year_starts_month, school.year_starts_day, school.away_school_days)
    return SchoolDetails(school.name, school.colour, *year, school.pack_way)


def change_school(session: Session, scope: Scope, actor: Actor, wanted: SchoolDetails, *, now: dt.datetime) -> None:
    """Change the settings; the same again changes nothing.

    Raises:
        Refusal: for no name, a colour on which white is hard to read, a day that a year may lack, no way for packs.
    """
    lock(session, scope)
    refuse_if(objections(wanted))
    school = session.get_one(Organisation, scope.organisation_id, populate_existing=True)
    before = school_details(session, scope)
    school.name, school.colour = tidy(wanted.name), wanted.colour
    school.year_starts_month, school.year_starts_day = wanted.year_starts_month, wanted.year_starts_day
    school.away_school_days, school.pack_way = wanted.away_school_days, wanted.pack_way
    session.flush()
    after = school_details(session, scope)
    if after != before:
        payload = {"before": before.__dict__, "after": after.__dict__}
        record(session, scope, actor, CHANGED, ids={"school": school.public_id}, payload=payload, now=now)


def objections(wanted: SchoolDetails) -> Iterator[Objection]:
    """What stops these settings from being kept."""
    if not tidy(wanted.name):
        yield Objection("Enter the school's name.", "name")
    elif len(tidy(wanted.name)) > LONGEST_NAME:
        yield Objection(f"The school's name can have at most {LONGEST_NAME} characters.", "name")
    yield from _objections_to_colour(wanted.colour)
    if not 1 <= wanted.away_school_days <= MOST_AWAY_DAYS:
        yield Objection(f"Enter a number of school days from 1 to {MOST_AWAY_DAYS}.", "away_school_days")
    if wanted.pack_way not in set(PackWay):
        yield Objection("Choose how governors get their pack.", "pack_way")
    try:
        # a year without 29 February
        dt.date(2027, wanted.year_starts_month, wanted.year_starts_day)
    except ValueError:
        yield Objection("Choose a day that this month has every year.", "year_starts_day")


def _objections_to_colour(colour: str | None) -> Iterator[Objection]:
    if colour is None:
        return
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        yield Objection("Write the colour as # and six digits or letters a to f, such as #1d4f76.", "colour")
    elif contrast_with_white(colour) < _CONTRAST:
        yield Objection("White letters are hard to read on that colour. Choose a darker one.", "colour")


def contrast_with_white(colour: str) -> float:
    """How far white stands out from a colour, 1 to 21, by the formula of WCAG 2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
