"""Promise 12, what is sent: another school's identifier in a form's field is refused like one that is nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from governance.db import db, reading
from governance.tenancy import Organisation
from tests.walls.addresses import ABSENT, address, routes
from tests.walls.conftest import Walls
from tests.walls.test_walls import said
from tests.walls.two_schools import CANARY, OURS, THEIRS

LEAST_TRIED = 40


@dataclass(frozen=True)
class Field:
    """A field of a form that offers rows of ours, with what else the form would send."""

    path: str
    name: str
    table: str
    others: dict[str, list[str]]


def test_every_field_that_offers_our_rows_refuses_theirs_like_none(walls: Walls, undone: None) -> None:
    ours, theirs = rows_by_public_id(walls, OURS), one_of_each(walls, THEIRS)
    tried, wrong = 0, []
    for role in ("system_manager", "headteacher", "hr"):
        browser = walls.browser(role)
        for field in fields(walls, browser, ours):
            tried += 1
            told = []
            for value in (theirs[field.table], ABSENT):
                with browser.post(field.path, data={**field.others, field.name: [value]}) as answer:
                    status, text, kind = said(answer)
                told.append((status, text.replace(value, ""), kind))
            if told[0] != told[1] or CANARY in told[0][1] or told[0][0] >= 500:
                wrong.append(f"{role} {field.path} {field.name}: {told[0][0]} and {told[1][0]}")
    assert not wrong, "\n".join(sorted(set(wrong)))
    print(f"{tried} fields tried")
    assert tried >= LEAST_TRIED


def fields(walls: Walls, browser: FlaskClient, ours: dict[str, str]) -> Iterator[Field]:
    """Every field, on every page that opens, whose value is the identifier of a row."""
    for route in routes(walls.app, "GET"):
        if "school" not in route.arguments:
            continue
        path = address(walls.app, route, walls.schools.ours.values(route))
        with browser.get(path) as answer:
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            text = answer.text
        for form in html.fromstring(text).forms:
            if form.method == "POST":
                yield from _of_form(form, path, ours)


def _of_form(form: html.FormElement, page: str, ours: dict[str, str]) -> Iterator[Field]:
    others: dict[str, list[str]] = defaultdict(list)
    for name, value in form.form_values():
        others[name].append(value)
    action = urlsplit(form.action or page)
    path = f"{action.path}?{action.query}" if action.query else action.path
    seen = set()
    for element in form.xpath(".//input[@name and @value] | .//select[@name]/option[@value]"):
        name = element.get("name") or element.getparent().get("name") or element.getparent().getparent().get("name")
        table = ours.get(element.get("value"))
        if name and table and name not in seen:
            seen.add(name)
            yield Field(path, name, table, dict(others))


def rows_by_public_id(walls: Walls, slug: str) -> dict[str, str]:
    """The table of each row of a school by its public identifier."""
    found: dict[str, str] = {}
    with walls.app.app_context(), reading() as session:
        school = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one()
        for table in db.metadata.sorted_tables:
            if {"organisation_id", "public_id"} <= set(table.columns.keys()):
                query = select(table.c.public_id).where(table.c.organisation_id == school).order_by(table.c.id)
                found |= dict.fromkeys(session.scalars(query), table.name)
    return found


def one_of_each(walls: Walls, slug: str) -> dict[str, str]:
    """A public identifier of a school by its table."""
    return {table: public_id for public_id, table in rows_by_public_id(walls, slug).items()}
