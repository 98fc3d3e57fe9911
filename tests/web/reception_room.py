"""Hillcrest with a front desk: Rita at reception, two policies that day people read, and a poster with its code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.models import Acknowledgement
from governance.reception.addresses import make_address, secret_of
from governance.reception.models import Visit
from governance.tenancy import Scope
from tests import hillcrest
from tests.hillcrest import MAYA, NOW
from tests.reception.desk_room import TITLES, furnish
from tests.web.people import account

RITA = "rita@hillcrest.sch.uk"
ARRIVAL = {"given_name": "Al", "family_name": "Green", "agency": "Swift Supply", "purpose": "Cover in Year 4"}


@dataclass(frozen=True)
class Reception:
    """The poster's path, and the versions to read by title."""

    path: str
    versions: dict[str, str]

    def read(self, title: str = TITLES[0]) -> str:
        """Where a text is read."""
        return f"{self.path}/reading/{self.versions[title]}"


def open_reception(app: Flask, scope: Scope, secret_key: str) -> Reception:
    """Put it all there; the school is open already."""
    with app.app_context(), writing() as session:
        desk = furnish(session, scope)
        rita = hillcrest.someone(session, scope, "Rita Front", ("administrators",))
        account(session, scope, RITA, (Role.FRONT_DESK,), rita)
        address = make_address(session, scope, MAYA, secret_key, now=NOW)
        path = f"/reception/{secret_of(secret_key, address.public_id)}"
        versions = {title: hillcrest.latest(session, policy).public_id for title, policy in desk.policies.items()}
    return Reception(path, versions)


def signed(browser: FlaskClient, path: str, typed: str = "Al Green") -> dict[str, str]:
    """What the form of a text sends when a name is typed."""
    with browser.get(path) as answer:
        return signed_in_page(answer.text, path, typed)


def signed_in_page(page: str, path: str, typed: str = "Al Green") -> dict[str, str]:
    """The same of a page that was fetched already."""
    (form,) = [one for one in html.fromstring(page).forms if one.action == path]
    return {**dict(form.form_values()), "typed_name": typed}


def arrive_and_sign(browser: FlaskClient, reception: Reception) -> None:
    """Al scans, types his name, reads and signs both."""
    assert browser.post(reception.path, data=ARRIVAL).status_code == 302
    for title in TITLES:
        path = reception.read(title)
        assert browser.post(path, data=signed(browser, path)).status_code == 302


def counts(app: Flask) -> tuple[int, int, int]:
    """How many visits, people of a visit and receipts there are."""
    with app.app_context(), reading() as session:
        return (
            session.scalar(select(func.count(Visit.id))) or 0,
            session.scalar(select(func.count(Person.id)).where(Person.family_name == "Green")) or 0,
            session.scalar(select(func.count(Acknowledgement.id))) or 0,
        )


def visits(app: Flask) -> list[str]:
    """The public ids of visits, in the order begun."""
    with app.app_context(), reading() as session:
        return list(session.scalars(select(Visit.public_id).order_by(Visit.id)))
