"""Pure rules of the front desk: where a visit stands, what a visitor may be called, and what a typed name must share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from governance.errors import Objection
from governance.people.rules import LONGEST_NAME, Details, full_name, objections_to_details, objections_to_text
from governance.schools.names import fold, tidy

LONGEST_LINE = 200


class State(StrEnum):
    """Where a visit stands; exactly one holds."""

    NOT_KNOWN = "not_known"
    LEFT_UNREAD = "left_unread"
    LEFT = "left"
    SIGNED = "signed"
    READING = "reading"


@dataclass(frozen=True)
class Visitor:
    """What somebody says of themselves at reception."""

    given_name: str
    family_name: str
    agency: str = ""
    purpose: str = ""

    def tidied(self) -> Visitor:
        """As it is kept."""
        return Visitor(*(tidy(value) for value in (self.given_name, self.family_name, self.agency, self.purpose)))

    @property
    def details(self) -> Details:
        """Who they are, as a person is recorded."""
        return Details(self.given_name, self.family_name)


def state_of(*, not_known: bool, left: bool, everything_read: bool, day_over: bool) -> State:
    """Where a visit stands. Whoever is still reading when the day is over has left without reading."""
    if not_known:
        return State.NOT_KNOWN
    if left or day_over:
        return State.LEFT if everything_read else State.LEFT_UNREAD
    return State.SIGNED if everything_read else State.READING


def objections_to_visitor(visitor: Visitor) -> Iterator[Objection]:
    """What stops a visit from being recorded. One of the two names is enough; a visitor needs no e-mail address."""
    if not tidy(visitor.given_name) and not tidy(visitor.family_name):
        yield Objection("Type your name.", "given_name")
    else:
        yield from objections_to_details(visitor.details)
    yield from objections_to_text(visitor.agency, "The agency's name", "agency", LONGEST_LINE)
    yield from objections_to_text(visitor.purpose, "What you are here for", "purpose", LONGEST_LINE)


def objections_to_signature(typed: str, given_name: str, family_name: str) -> Iterator[Objection]:
    """What stops a typed name from being this person's signature: nothing typed, or no word of their name in it."""
    if not tidy(typed):
        yield Objection("Type your name to confirm that you have read it.", "typed_name")
        return
    yield from objections_to_text(typed, "Your name", "typed_name", LONGEST_NAME)
    name = full_name(given_name, family_name)
    if not set(fold(typed).split()) & set(fold(name).split()):
        yield Objection(f"You told us that you are {name}. Type that name to confirm.", "typed_name")


def belongs_together(typed: str, given_name: str, family_name: str) -> bool:
    """Whether a typed name is that of a person whose number was typed: it has every word of the family name."""
    wanted = set(fold(family_name).split()) or set(fold(given_name).split())
    return bool(wanted) and wanted <= set(fold(typed).split())
