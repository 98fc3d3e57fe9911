"""Pure rules about people: what they may be called, how they are reached, and when their jobs and offices hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from governance.errors import Objection
from governance.extract.dates import day_in_words
from governance.schools.names import fold, tidy, unstorable

LONGEST_NAME = 200
LONGEST_NUMBER = 60
LONGEST_REASON = 500
EARLIEST_YEAR = 1900
YEARS_AHEAD = 10

_UNSTORABLE = "contains characters we cannot store. Type it again without them."


class Office(StrEnum):
    """What somebody is on a governing body. The clerk serves it and is no member."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    ASSOCIATE = "associate"
    CLERK = "clerk"

    @property
    def in_words(self) -> str:
        """The office as screens say it."""
        return _OFFICES[self]


_OFFICES = {
    Office.CHAIR: "Chair",
    Office.VICE_CHAIR: "Vice-chair",
    Office.MEMBER: "Member",
    Office.ASSOCIATE: "Associate member",
    Office.CLERK: "Clerk",
}


@dataclass(frozen=True)
class Details:
    """Who somebody is. One of the two names may be empty; e-mail and staff number may be missing."""

    given_name: str
    family_name: str
    email: str | None = None
    staff_number: str | None = None

    def tidied(self) -> Details:
        """As it is kept: single spaces, the e-mail's domain in small letters, nothing instead of empty text."""
        return Details(
            tidy(self.given_name),
            tidy(self.family_name),
            normal_email(self.email or "") or None,
            tidy(self.staff_number or "") or None,
        )

    @property
    def name(self) -> str:
        """Given name and family name."""
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True)
class Term:
    """A stretch of days, its last one included; open where `until_on` is None."""

    from_on: dt.date
    until_on: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the day lies in it."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def meets(self, other: Term) -> bool:
        """Whether the two share a day."""
        ends = other.until_on is None or self.from_on <= other.until_on
        return ends and (self.until_on is None or other.from_on <= self.until_on)


def full_name(given_name: str, family_name: str) -> str:
    """A name as it is spoken; people with one name have no space too many."""
    return f"{given_name} {family_name}".strip()


def sort_key(given_name: str, family_name: str) -> str:
    """What lists are ordered by: family name, then given name, folded. Two spaces part them, so that "de" precedes "de la"."""
    return f"{fold(family_name)}  {fold(given_name)}".strip()


def name_key(given_name: str, family_name: str) -> str:
    """What two spellings of one name share."""
    return fold(full_name(given_name, family_name))


def normal_email(email: str) -> str:
    """The address with its domain in small letters; what is no address comes back as it was typed."""
    typed = email.strip()
    try:
        return _checked(typed) if typed else ""
    except EmailNotValidError:
        return typed


def email_key(email: str | None) -> str:
    """What two spellings of one address share."""
    return (email or "").strip().casefold()


def objections_to_email(email: str) -> Iterator[Objection]:
    """What stops an address from being used; an empty one is no objection, since paper and handed links need none."""
    if not email.strip():
        return
    try:
        _checked(email.strip(" "))
    except EmailNotValidError:
        shown = " ".join(email.split())[:80]
        yield Objection(
            f"“{shown}” is not an e-mail address. Write it like name@school.example, or leave it empty.", "email"
        )


@lru_cache(maxsize=1024)
def _checked(email: str) -> str:
    # Addresses ending in .test reach nobody; they are let in for trials.
    return validate_email(email, check_deliverability=False, test_environment=True).normalized


def objections_to_details(details: Details) -> Iterator[Objection]:
    """What stops somebody from being recorded under these details."""
    if not tidy(details.given_name) and not tidy(details.family_name):
        yield Objection("Enter a name.", "family_name")
    yield from objections_to_text(details.given_name, "The given name", "given_name", LONGEST_NAME)
    yield from objections_to_text(details.family_name, "The family name", "family_name", LONGEST_NAME)
    yield from objections_to_text(details.staff_number or "", "The staff number", "staff_number", LONGEST_NUMBER)
    yield from objections_to_email(details.email or "")


def objections_to_text(text: str, what: str, field: str, longest: int) -> Iterator[Objection]:
    """What stops a line of text from being kept."""
    if unstorable(text):
        yield Objection(f"{what} {_UNSTORABLE}", field)
    elif len(tidy(text)) > longest:
        yield Objection(f"{what} is {len(tidy(text))} characters long. Shorten it to {longest} or fewer.", field)


def objections_to_days(
    from_on: dt.date, until_on: dt.date | None, today: dt.date, fields: tuple[str, str], ended: str
) -> Iterator[Objection]:
    """What stops a stretch of days; `fields` name its two ends, `ended` says what its end means ("The last day")."""
    latest = today.year + YEARS_AHEAD
    for day, field in ((from_on, fields[0]), (until_on, fields[1])):
        if day is not None and not EARLIEST_YEAR <= day.year <= latest:
            yield Objection(f"{day_in_words(day)}: enter a date between {EARLIEST_YEAR} and {latest}.", field)
    if until_on is not None and until_on < from_on:
        yield Objection(
            f"{ended}, {day_in_words(until_on)}, is before the first, {day_in_words(from_on)}. Change one of them.",
            fields[1],
        )


def objections_to_job(
    started_on: dt.date | None, ended_on: dt.date | None, job_title: str, agency: str, today: dt.date
) -> Iterator[Objection]:
    """What stops a job from being recorded; an import may leave its first day to what is recorded already."""
    if started_on is not None:
        yield from objections_to_days(started_on, ended_on, today, ("started_on", "ended_on"), "The last day")
    yield from objections_to_text(job_title, "The job title", "job_title", LONGEST_NAME)
    yield from objections_to_text(agency, "The agency's name", "agency", LONGEST_NAME)


def objections_to_seat(
    office: str, term: Term, today: dt.date, chairs: Iterable[tuple[str, Term]]
) -> Iterator[Objection]:
    """What stops somebody from taking an office on a body; `chairs` are its other chairs with their terms.

    House rule: a body has one chair at a time.
    """
    yield from objections_to_days(
        term.from_on, term.until_on, today, ("from_on", "until_on"), "The last day of the term"
    )
    if office not in list(Office):
        yield Objection("Choose chair, vice-chair, member, associate member or clerk.", "office")
    if office == Office.CHAIR:
        for name, other in chairs:
            if term.meets(other):
                yield Objection(f"{name} is chair {_stretch(other)}. End that first, or choose other dates.", "office")


def _stretch(term: Term) -> str:
    if term.until_on is None:
        return f"from {day_in_words(term.from_on)}"
    return f"from {day_in_words(term.from_on)} to {day_in_words(term.until_on)}"
