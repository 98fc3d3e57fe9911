"""The chain itself: how an entry is committed to and linked. Pure; an outside verifier can be written from this page.

payload text   canonical JSON: keys sorted, no spaces, non-ASCII as it is
commitment     SHA-256(salt as text, then payload text), in hex
hash           SHA-256 of the canonical JSON of [seq, at, event, ids text, commitment, previous hash], in hex
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One entry as the chain sees it. `at` is the text of the instant; payload and salt are None once erased."""

    seq: int
    at: str
    event: str
    ids: str
    payload: str | None
    salt: str | None
    commitment: str
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Fault:
    """The first entry that does not hold, and why, in words."""

    seq: int
    reason: str


def canonical(value: object) -> str:
    """The one JSON text of a value, so that a hash of it can be made again."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def instant_text(at: dt.datetime) -> str:
    """An instant as the chain writes it: UTC, microseconds, a Z."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commit_to(payload: str, salt: str) -> str:
    """The commitment to a payload; without the salt nobody can guess the payload from it."""
    return hashlib.sha256((salt + payload).encode("utf-8")).hexdigest()


def link_hash(seq: int, at: str, event: str, ids: str, commitment: str, prev_hash: str) -> str:
    """The hash that the next entry, a checkpoint and the last page of a pack all name."""
    return hashlib.sha256(canonical([seq, at, event, ids, commitment, prev_hash]).encode("utf-8")).hexdigest()


def link(seq: int, at: dt.datetime, event: str, ids: Mapping[str, Any], payload: object, salt: str, prev: str) -> Link:
    """The next entry of a chain that ends in `prev`."""
    at_text, ids_text, payload_text = instant_text(at), canonical(ids), canonical(payload)
    commitment = commit_to(payload_text, salt)
    hashed = link_hash(seq, at_text, event, ids_text, commitment, prev)
    return Link(seq, at_text, event, ids_text, payload_text, salt, commitment, prev, hashed)


def first_fault(links: Iterable[Link]) -> Fault | None:
    """The first entry that breaks the chain, read in sequence from the beginning; None where it is whole."""
    expected, prev = 1, GENESIS
    for entry in links:
        reason = _fault_in(entry, expected, prev)
        if reason:
            return Fault(min(entry.seq, expected), reason)
        expected, prev = entry.seq + 1, entry.hash
    return None


def _fault_in(entry: Link, expected: int, prev: str) -> str | None:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.prev_hash != prev:
        return "it does not follow from the entry before it"
    if (entry.payload is None) != (entry.salt is None):
        return "its content is only half there"
    if entry.payload is not None and commit_to(entry.payload, entry.salt or "") != entry.commitment:
        return "its content was changed"
    if link_hash(entry.seq, entry.at, entry.event, entry.ids, entry.commitment, entry.prev_hash) != entry.hash:
        return "its record was changed"
    return None
