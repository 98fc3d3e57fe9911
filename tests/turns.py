"""Turns on the machine: a test marked `timing` runs while no other test of the run does, in whichever worker.

Every test passes a turnstile and then is in the room, where there is space for all or for one alone. Whoever wants to be
alone stays in the turnstile until the room is empty, so that nobody slips in before.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def in_turn(folder: Path, alone: bool) -> Iterator[None]:
    """Wait for a turn and keep it."""
    with (folder / "turnstile").open("a") as turnstile, (folder / "room").open("a") as room:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(turnstile, fcntl.LOCK_UN)
        yield
