"""Promise 19: whatever a file holds, it costs its own slot at most. Bytes of honest documents are changed at random.

A short form runs with the tests; COUNTERSIGN_SOAK=1 changes 10,000 files.
"""

from __future__ import annotations

import io
import os
import random
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from governance.extract.examined import Examined
from governance.intake.reading_in import examined_each
from tests.intake.writing.made import made_in

FULL = os.environ.get("COUNTERSIGN_SOAK") == "1"
FILES = 10_000 if FULL else 240
BATCH = 40
SEED = 1_203


def flipped(chance: random.Random, data: bytes) -> bytes:
    """Some bytes changed for others."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20, 200))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(chance: random.Random, data: bytes) -> bytes:
    """The end, or a piece of the middle, missing."""
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:] if chance.random() < 0.5 else data[: max(first, 8)]


def doubled(chance: random.Random, data: bytes) -> bytes:
    """A piece of it many times over."""
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    piece = data[first : min(last, first + 2_000)]
    return data[:last] + piece * chance.choice((2, 50, 500)) + data[last:]


def repacked(chance: random.Random, data: bytes) -> bytes:
    """A zip that is whole, with one of its parts changed inside; anything else is flipped."""
    if not data.startswith(b"PK"):
        return flipped(chance, data)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as honest, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as changed:
        names = honest.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = honest.read(name)
            changed.writestr(
                name, chance.choice((flipped, cut, doubled))(chance, part) if name == chosen and part else part
            )
    return packed.getvalue()


CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (flipped, cut, doubled, repacked, repacked)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """A few documents of every format."""
    folder: Path = tmp_path_factory.mktemp("honest")
    by_format: dict[str, list[tuple[str, bytes]]] = {}
    for document, path in made_in(folder):
        by_format.setdefault(document.format, []).append((path.name, path.read_bytes()))
    return [one for few in by_format.values() for one in few[:4]]


def test_promise_19_files_changed_at_random_harm_nobody(honest: list[tuple[str, bytes]]) -> None:
    chance = random.Random(SEED)
    before, slowest, refused = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0.0, 0
    for _ in range(FILES // BATCH):
        few = [(name, chance.choice(CHANGES)(chance, data)) for name, data in chance.choices(honest, k=BATCH)]
        began = time.monotonic()
        found = examined_each(few)
        slowest = max(slowest, (time.monotonic() - began) / BATCH)
        assert len(found) == len(few)
        assert all(isinstance(one, Examined) or one.endswith(".") for one in found), found
        refused += sum(isinstance(one, str) for one in found)
    assert 0 < refused < FILES
    assert slowest < 5
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 150, f"the program grew by {grown_mb:.0f} MB"
