"""Asking for private addresses that are not there, counted by the network it is done from.

The right address is always served, so that nobody shuts others out who share a network.
"""

from __future__ import annotations

import datetime as dt

from governance import clock
from governance.accounts import attempts
from governance.accounts.attempts import Turns
from governance.accounts.links import is_whole
from governance.db import db, writing


def count_a_miss(typed: str, turns: Turns) -> dt.datetime | None:
    """Put down a try at an address; until when the network's next ones are refused, None where they are not.

    In a transaction of its own, as wrong tries at signing in are; it is no record of a school's. What has not the form
    of a token is no try at one, and leaves no trace.
    """
    if not is_whole(typed):
        return None
    db.session.rollback()
    with writing() as own:
        return attempts.take_turn(own, turns, now=clock.now())
