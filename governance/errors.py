"""The few errors that the house raises on purpose; each becomes a plain sentence for the person who caused it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Objection:
    """One reason why something cannot be done: what was wrong and what to do; `field` names the form field, if any."""

    message: str
    field: str | None = None


class Refusal(Exception):
    """The request was understood and cannot be carried out. Nothing was stored."""

    def __init__(self, objections: Iterable[Objection]) -> None:
        self.objections = list(objections)
        super().__init__(" ".join(objection.message for objection in self.objections))

    @classmethod
    def one(cls, message: str, field: str | None = None) -> Refusal:
        """A refusal for a single reason."""
        return cls([Objection(message, field)])


class NotFound(Exception):
    """No such thing in this school. The answer never tells whether another school has it."""


class NotAllowed(Exception):
    """The person is known, and their roles do not allow this."""


def refuse_if(objections: Iterable[Objection]) -> None:
    """Raise Refusal when there is any objection.

    Raises:
        Refusal: with every objection, so that a form shows all that is wrong at once.
    """
    found = list(objections)
    if found:
        raise Refusal(found)
