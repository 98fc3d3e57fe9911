"""The hash of frozen values: of the one JSON text that says them."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from governance.journal.chain import canonical


def sha256_of(value: object) -> str:
    """SHA-256 of dataclasses, tuples, lists, dictionaries and plain values, in hex."""
    return hashlib.sha256(canonical(_plain(value)).encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    """As `dataclasses.asdict`, which copies every value and takes twice as long over a text of many clauses."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    names = _names(kind)  # type: ignore[arg-type]  # every class is hashable
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
