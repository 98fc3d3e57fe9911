"""What a run of the tests compiles once, and not again for each of its thousand applications.

templates     kept as bytecode; Jinja looks whether it is of the same source
routes        what is parsed out of a rule, and its address builders, which take the route they build for
statements    one dialect for all engines of a kind, and so one cache of statements, as one long-lived server has
"""

from __future__ import annotations

from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, util
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule

MOST_STATEMENTS = 2000


class Templates(BytecodeCache):
    """Templates of every application of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What an earlier application compiled."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next application."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Templates()


def once() -> None:
    """From now on, in this process, routes and statements are compiled once."""
    Rule.compile = _compile_rule  # type: ignore[method-assign]
    registry.register("sqlite", __name__, "OneSqlite")
    registry.register("postgresql.psycopg", __name__, "OnePostgresql")


_compile = Rule.compile
# What compiling leaves in a rule, each with how the next rule takes its own copy.
_LEFT = {"_parts": list, "_trace": list, "_converters": dict, "arguments": set}
_rules: dict[Any, dict[str, Any]] = {}


def _compile_rule(self: Rule) -> None:
    assert self.map is not None
    converters = frozenset(self.map.converters.items())
    where = (self.rule, self.subdomain, self.host, self.map.host_matching, self.merge_slashes)
    key = (*where, repr(self.defaults), converters)
    if key not in _rules:
        _compile(self)
        kept = _rules[key] = {name: copied(getattr(self, name)) for name, copied in _LEFT.items()}
        kept |= {name: getattr(self, name).__func__ for name in ("_build", "_build_unknown")}
        return
    kept = _rules[key]
    for name, copied in _LEFT.items():
        setattr(self, name, copied(kept[name]))
    for name in ("_build", "_build_unknown"):
        setattr(self, name, kept[name].__get__(self, None))


class _Once(type(SQLiteDialect_pysqlite)):  # type: ignore[misc]  # whatever class dialects are made by
    """Dialects of which there is one for each way of being asked for."""

    _made: dict[Any, Any] = {}

    def __call__(cls, **wanted: Any) -> Any:
        key = (cls, repr(sorted(wanted.items())))
        if key not in cls._made:
            cls._made[key] = super().__call__(**wanted)
        return cls._made[key]


class OneSqlite(SQLiteDialect_pysqlite, metaclass=_Once):
    """SQLite as it is."""

    supports_statement_cache = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """The engine compiles into the cache of its kind."""
        engine._compiled_cache = _STATEMENTS


class OnePostgresql(PGDialect_psycopg, metaclass=_Once):
    """PostgreSQL as it is."""

    supports_statement_cache = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """The engine compiles into the cache of its kind."""
        engine._compiled_cache = _STATEMENTS


# A statement is looked up together with its dialect.
_STATEMENTS: util.LRUCache[Any, Any] = util.LRUCache(MOST_STATEMENTS)
