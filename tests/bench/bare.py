"""The bare equivalent of a page: the very statements it runs, on a raw cursor, and an f-string for each row of its tables.

A bare page is a route of the same application under the same rule, so that both are signed in and judged alike.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from governance.accounts.permissions import Permission
from governance.db import db
from governance.web.access import in_school, needs

_TABLE_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_WORDS = re.compile(r"(?<=>)[^<>]*\S[^<>]*(?=<)")


@dataclass
class Bare:
    """One page without the house around it: its statements, its frame, its rows as pieces between which values go."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    head: str = ""
    foot: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def page(self, cursor: sqlite3.Cursor) -> str:
        """Ask the database, and write every row of the page with values that came from it."""
        values = _cells(fetched(cursor, self.statements))
        written = [self.head]
        for pieces in self.rows:
            written.append("".join(f"{piece}{html.escape(str(next(values)))}" for piece in pieces[:-1]) + pieces[-1])
        return "".join(written) + self.foot


def fetched(cursor: sqlite3.Cursor, statements: list[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    """Every row of every statement."""
    found: list[tuple[Any, ...]] = []
    for statement, parameters in statements:
        found.extend(cursor.execute(statement, parameters).fetchall())
    return found


class Bench:
    """An application with a bare page for each page that is measured, and somebody signed in."""

    def __init__(self, app: Flask, file: str, pages: dict[str, str]) -> None:
        self.app = app
        self.pages = pages
        self._bare = {name: Bare() for name in pages}
        self._cursor = sqlite3.connect(file, check_same_thread=False).cursor()
        screen = in_school("bench")

        @screen.get("/bench/<name>", needs(Permission.SEE_REGISTER))
        def bare_page(name: str) -> str:
            return self._bare[name].page(self._cursor)

        app.register_blueprint(screen.blueprint)

    def learn(self, client: FlaskClient) -> None:
        """Look at each page once to know its statements and its frame. Those of signing in are not its own."""
        with self._seen() as idle:
            client.get("/hillcrest/reports/nothing")
        for name, path in self.pages.items():
            client.get(path)
            with self._seen() as statements:
                text = client.get(path).text
            self._bare[name] = bare_of(text, [one for one in statements if one[0] not in {known for known, _ in idle}])

    def statements(self, ask: Callable[[], object]) -> list[tuple[str, Any]]:
        """What is asked of the database meanwhile."""
        with self._seen() as seen:
            ask()
        return seen

    @contextmanager
    def _seen(self) -> Iterator[list[tuple[str, Any]]]:
        seen: list[tuple[str, Any]] = []

        def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN")):
                seen.append((statement, parameters))

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)


def bare_of(text: str, statements: list[tuple[str, Any]]) -> Bare:
    """The bare twin of a page: same frame, same number of rows and cells."""
    found = list(_TABLE_ROW.finditer(text))
    if not found:
        return Bare(statements, text)
    rows = [_WORDS.split(one.group()) for one in found]
    return Bare(statements, text[: found[0].start()], text[found[-1].end() :], rows)


def _cells(rows: list[tuple[Any, ...]]) -> Iterator[Any]:
    """The values that came back, over and over."""
    while True:
        for row in rows or [("",)]:
            yield from row
