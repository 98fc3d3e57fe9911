"""The one spelling in which our two databases differ: the later of several dates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class latest(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """The latest of some dates, none of which may be null: SQLite then says null, PostgreSQL ignores it."""

    type = Date()
    inherit_cache = True
    name = "latest"


@compiles(latest, "sqlite")
def _sqlite(element: latest, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(latest)
def _others(element: latest, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"
