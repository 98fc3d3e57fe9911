"""What can be written in the journal: an event states the identifiers and the content it must carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_declared: dict[str, Event] = {}


@dataclass(frozen=True)
class Event:
    """A kind of change. Rooms declare theirs beside the action that makes it.

    `ids` are opaque public identifiers, kept for ever. `payload` is content, personal content included, which may be
    erased with its salt when its retention ends.
    """

    name: str
    ids: tuple[str, ...] = ()
    payload: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        known = _declared.setdefault(self.name, self)
        if (known.ids, known.payload) != (self.ids, self.payload):
            raise ValueError(f"two events are called {self.name!r}")

    def check(self, ids: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
        """Hold an entry to what its event declares.

        Raises:
            ValueError: when a field is missing or was not declared: a mistake in the code, never a user's.
        """
        if set(ids) != set(self.ids) or set(payload) != set(self.payload):
            raise ValueError(
                f"{self.name!r} wants {self.ids} and {self.payload}, not {tuple(ids)} and {tuple(payload)}"
            )
