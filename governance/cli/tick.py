"""`tick`, `worker` and `status`: run what is due once, go on until stopped, and say how things stand."""

from __future__ import annotations

import datetime as dt
import signal
import threading

import click
from flask import current_app

from governance import clock
from governance.cli import base
from governance.db import reading
from governance.errors import Refusal
from governance.operate.status import Line, how_it_stands
from governance.schedule import ticker
from governance.schedule.runner import tick as run_once


@base.command("tick")
@click.option(
    "--at", "instant", metavar="INSTANT", help="Act as if it were this instant, such as 2026-02-02T07:00:00+00:00."
)
def tick(instant: str | None) -> None:
    """Run what is due once and deliver mail."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # its way out of the proxy
    ticked = run_once(app, _instant(instant))
    click.echo(
        f"{ticked.entered} slots came due, {ticked.done} runs done, {ticked.failed} failed. {ticked.mail.in_words}"
    )


@base.command("worker")
def worker() -> None:
    """Run what is due and deliver mail, until stopped."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    click.echo("Working. Press Ctrl+C to stop.")
    ticker.work(current_app._get_current_object(), ended)  # type: ignore[attr-defined]  # noqa: SLF001  # as above


@base.command("status")
def status() -> None:
    """Say how things stand; the exit code is 1 when something needs a person."""
    with reading() as session:
        lines = how_it_stands(session, base.settings(), clock.now())
    for line in lines:
        click.echo(f"{'ok' if line.good else 'LOOK':5} {line.what}: {line.words}")
    bad = [line for line in lines if not line.good]
    if bad:
        raise Refusal.one(_needs(bad))


def _needs(bad: list[Line]) -> str:
    return "Something needs a person: " + ", ".join(line.what for line in bad) + "."


def _instant(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal.one(f"{text!r} is not an instant. Write it as 2026-02-02T07:00:00+00:00.") from error
    if instant.tzinfo is None:
        raise Refusal.one("Say which clock is meant: end the instant with +00:00 or Z.")
    return instant


commands = (tick, worker, status)
