"""A process that dies in the middle of a morning's run: python -m tests.chasing.killed_run URL INSTANT

It writes mails and ledger, and is gone before the transaction is committed.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from pathlib import Path
from typing import Any

from governance.schedule import reminding, rounds
from governance.settings import Settings
from tests.databases import bare_application


def main(url: str, at: dt.datetime) -> None:
    """Run what is due, and die in it."""
    app = bare_application(url)
    app.extensions["countersign_settings"] = Settings(Path(), url, "http://localhost", "k")
    write = reminding.record_reminders

    def and_die(*given: Any, **named: Any) -> Any:
        assert write(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    reminding.record_reminders = and_die
    with app.app_context():
        rounds.enter_slots(at)
        rounds.run_due(lambda: at)


if __name__ == "__main__":
    main(sys.argv[1], dt.datetime.fromisoformat(sys.argv[2]))
