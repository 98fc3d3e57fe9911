"""The parameters that every statement of this room takes, and how a school's statements stay few."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Date, Integer, bindparam, literal

DAY: Any = bindparam("day", type_=Date())
ORGANISATION: Any = bindparam("organisation_id", type_=Integer())
ALWAYS: Any = literal(dt.date.min, Date())


def among(column: Any, name: str) -> Any:
    """The column is among the values of a parameter, which may be none."""
    return column.in_(bindparam(name, expanding=True))
