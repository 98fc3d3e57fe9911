"""The parameters that every statement of this room takes, and how a school's statements stay few."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Date, Integer, bindparam, literal_column

from governance.reading.dialects import fixed_day

DAY: Any = bindparam("day", type_=Date())
ORGANISATION: Any = bindparam("organisation_id", type_=Integer())
# Constants stand in the statement as they are: each parameter costs a few microseconds each time it is sent.
ALWAYS: Any = fixed_day(dt.date.min)
NOUGHT: Any = literal_column("0", Integer())
ONE: Any = literal_column("1", Integer())


def among(column: Any, name: str) -> Any:
    """The column is among the values of a parameter, which may be none."""
    return column.in_(bindparam(name, expanding=True))
