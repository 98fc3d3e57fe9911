"""Whom no reminder reaches, for the screens that list people: nobody while reminders are off."""

from __future__ import annotations

from governance.chasing.queries import not_reached
from governance.db import db
from governance.schedule.switching import reminding_entry
from governance.web.access import scope


def unreached() -> dict[int, str]:
    """People by id with the reason in words, such as "no e-mail address"."""
    session = db.session()
    return not_reached(session, scope()) if reminding_entry(session, scope()) is not None else {}
