"""The few spellings in which our two databases differ."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Date, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal


class latest(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """The latest of some dates, none of which may be null: SQLite then says null, PostgreSQL ignores it."""

    type = Date()
    inherit_cache = True
    name = "latest"


@compiles(latest, "sqlite")
def _latest_of_sqlite(element: latest, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(latest)
def _latest(element: latest, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


class fixed_day(ColumnElement[Any]):  # noqa: N801 - as above
    """A day that is part of a statement's text."""

    type = Date()
    inherit_cache = True
    _traverse_internals = [("day", InternalTraversal.dp_plain_obj)]

    def __init__(self, day: dt.date) -> None:
        self.day = day


@compiles(fixed_day, "sqlite")
def _fixed_day_of_sqlite(element: fixed_day, compiler: Any, **options: Any) -> str:
    return f"'{element.day.isoformat()}'"


@compiles(fixed_day)
def _fixed_day(element: fixed_day, compiler: Any, **options: Any) -> str:
    return f"DATE '{element.day.isoformat()}'"


class listed(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """The numbers of a group as one text, in order, nulls left out.

    SQLite lists them as its rows come, so select them from a sorted subquery; a different order would only make a
    different text.
    """

    type = Text()
    inherit_cache = True
    name = "listed"


@compiles(listed, "sqlite")
def _listed_of_sqlite(element: listed, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)})"


@compiles(listed)
def _listed(element: listed, compiler: Any, **options: Any) -> str:
    number = compiler.process(element.clauses, **options)
    return f"string_agg(CAST({number} AS TEXT), ',' ORDER BY {number})"
