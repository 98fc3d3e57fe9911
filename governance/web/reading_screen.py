"""The blueprint of the reading room's screens, and what they share: the day asked about and the page's number."""

from __future__ import annotations

import datetime as dt

from flask import request

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.people.categories import categories
from governance.people.models import Category
from governance.web.access import in_school, needs, scope
from governance.web.forms import DayField, FilterForm

screen = in_school("reading")
SEES_COUNTS = needs(Permission.SEE_COVERAGE)
SEES = needs(Permission.SEE_READING)
KEEPS = needs(Permission.KEEP_READING)
PAPER = needs(Permission.RECORD_PAPER)


class AsOf(FilterForm):
    """The day that a list is about."""

    on = DayField("As of", description="For example 1 September 2025. Leave empty for today.")


def today() -> dt.date:
    """The day it is at the school."""
    return clock.today(scope().time_zone)


def page_number() -> int:
    """The number of the page asked for; 1 where it is none."""
    number = request.args.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1


def own_categories() -> list[Category]:
    """The school's categories in its order."""
    return categories(db.session(), scope())


def the_category(public_id: str) -> Category | None:
    """The category of a filter; None where none was chosen.

    Raises:
        NotFound: when the school has no such category.
    """
    if not public_id:
        return None
    for category in own_categories():
        if category.public_id == public_id:
            return category
    raise NotFound(public_id)
