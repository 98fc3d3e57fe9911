"""Readers who acknowledge while the processes that serve them are killed, and the ledger they keep of what was confirmed."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.promises.acts import Acts
from tests.promises.serving import PATIENCE, Browser, Served

SEED = 20261116


@dataclass
class Ledger:
    """What the readers' browsers were told: the reference of each confirmed act, by person and version."""

    confirmed: dict[tuple[int, int], str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    cut: int = 0


def acknowledge_under_fire(
    server: Served, school: Acts, kills: int, strike: Callable[[], None] | None = None
) -> Ledger:
    """Let all readers read everything while `kills` processes die, or as often as `strike` is to be; ends with that."""
    ledger, stop = Ledger(), threading.Event()
    browsers = [Browser(server.port) for _ in school.emails]
    for browser, email in zip(browsers, school.emails, strict=True):
        browser.sign_in(email)
    readers = [
        threading.Thread(target=_read_on, args=(browser, school, number, ledger, stop), daemon=True)
        for number, browser in enumerate(browsers)
    ]
    for reader in readers:
        reader.start()
    try:
        if strike is None:
            _kill(server, ledger, kills)
        else:
            _strike(strike, ledger, kills)
    finally:
        stop.set()
        for reader in readers:
            reader.join(120)
    return ledger


def _kill(server: Served, ledger: Ledger, kills: int) -> None:
    """Kill again once something was confirmed since the last time, however slow the machine is, at a random moment."""
    chance, done, patience = random.Random(SEED), 0, time.monotonic() + PATIENCE * 2 + kills * 5
    while done < kills:
        assert time.monotonic() < patience, "the server no longer confirms anything"
        _wait(ledger, len(ledger.confirmed) + chance.randrange(3))
        time.sleep(chance.uniform(0, 0.05))
        alive = server.workers()
        # now and then all at once, as when the machine goes down
        for pid in alive if done % 10 == 9 else alive and [chance.choice(alive)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                done += 1


def _strike(strike: Callable[[], None], ledger: Ledger, times: int) -> None:
    chance = random.Random(SEED)
    for _ in range(times):
        before = len(ledger.confirmed)
        _wait(ledger, before + chance.randrange(5))
        assert len(ledger.confirmed) > before, "the server no longer confirms anything"
        time.sleep(chance.uniform(0, 0.05))
        strike()


def _wait(ledger: Ledger, confirmed: int) -> None:
    ends = time.monotonic() + 10
    while len(ledger.confirmed) <= confirmed and time.monotonic() < ends:
        time.sleep(0.002)


def _read_on(browser: Browser, school: Acts, number: int, ledger: Ledger, stop: threading.Event) -> None:
    """Acknowledge one after another. What was cut is tried again, as people do; what was confirmed is written down."""
    for version_id, version in zip(school.version_ids, school.versions, strict=True):
        while not stop.is_set():
            try:
                status, text, led_to = browser.post(f"/hillcrest/read/{version}", school.form)
            except (OSError, http.client.HTTPException):
                ledger.cut += 1
                continue
            if status == 503:  # the database is away, and says so
                ledger.cut += 1
                time.sleep(0.05)
                continue
            if status != 302:
                ledger.odd.append(f"{status}: {text[:200]}")
                break
            ledger.confirmed[school.person_ids[number], version_id] = led_to.rpartition("/")[2]
            break
