"""Who a scheduled mail goes to, on the day it runs."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from governance.accounts.models import Account, AccountPerson, Grant
from governance.db import reading, writing
from governance.people.models import BodyMember, Person
from governance.schedule.recipients import Addressee, Recipients, resolve
from governance.schools.models import GoverningBody
from governance.tenancy import Scope
from tests.mail.hands import MONDAY, two_schools

TODAY = dt.date(2026, 10, 12)


@pytest.fixture
def scopes(rooms: Flask) -> list[Scope]:
    return two_schools()


class Office:
    """Adds people, accounts and offices to a school."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.people = 0

    def person(self, given: str, family: str, email: str | None, deactivated: bool = False) -> Person:
        self.people += 1
        return Person(
            organisation_id=self.scope.organisation_id,
            given_name=given,
            family_name=family,
            sort_key=f"{family} {given}".lower(),
            printed_reference=f"P{self.people:04}",
            email=email,
            deactivated_at=MONDAY if deactivated else None,
            recorded_at=MONDAY,
        )

    def has_role(self, email: str, role: str, person: Person | None = None, active: bool = True) -> None:
        with writing() as session:
            account = Account(email=email, active=active, created_at=MONDAY)
            session.add(account)
            if person is not None:
                session.add(person)
            session.flush()
            at = {"account_id": account.id, "organisation_id": self.scope.organisation_id}
            session.add(Grant(**at, role=role, granted_at=MONDAY))
            if person is not None:
                session.add(AccountPerson(**at, person_id=person.id))

    def body(self, name: str) -> int:
        with writing() as session:
            body = GoverningBody(organisation_id=self.scope.organisation_id, name=name, name_key=name.lower())
            session.add(body)
            session.flush()
            return body.id

    def holds(
        self, person: Person, office: str, body_id: int, from_on: dt.date, until_on: dt.date | None = None
    ) -> None:
        with writing() as session:
            session.add(person)
            session.flush()
            session.add(
                BodyMember(
                    organisation_id=self.scope.organisation_id,
                    body_id=body_id,
                    person_id=person.id,
                    office=office,
                    from_on=from_on,
                    until_on=until_on,
                )
            )


def found(scope: Scope, chosen: Recipients, body_id: int | None = None) -> list[Addressee]:
    with reading() as session:
        return resolve(session, scope, chosen, TODAY, body_id)


def test_a_role_means_every_active_account_that_holds_it_at_this_school(scopes: list[Scope]) -> None:
    oakfield, zedbridge = Office(scopes[0]), Office(scopes[1])
    oakfield.has_role("maya@oakfield.sch.uk", "system_manager", oakfield.person("Maya", "Osei", None))
    oakfield.has_role("office@oakfield.sch.uk", "system_manager")
    oakfield.has_role("left@oakfield.sch.uk", "system_manager", active=False)
    gone = oakfield.person("Gone", "Person", None, deactivated=True)
    oakfield.has_role("gone@oakfield.sch.uk", "system_manager", gone)
    oakfield.has_role("sam@oakfield.sch.uk", "hr")
    zedbridge.has_role("zed@zedbridge.sch.uk", "system_manager")
    people = found(scopes[0], Recipients(roles=("system_manager",)))
    assert [(one.address, one.name) for one in people] == [
        ("maya@oakfield.sch.uk", "Maya Osei"),
        ("office@oakfield.sch.uk", ""),
    ]
    assert [one.person is not None for one in people] == [True, False]


def test_an_office_means_who_holds_it_that_day_on_that_body(scopes: list[Scope]) -> None:
    oakfield = Office(scopes[0])
    board, finance = oakfield.body("Full Governing Body"), oakfield.body("Finance Committee")
    term = dt.date(2022, 9, 1)
    oakfield.holds(oakfield.person("Helen", "Ward", "helen@oakfield.sch.uk"), "clerk", board, term)
    oakfield.holds(oakfield.person("Nadia", "Iqbal", "iqbal@oakfield.sch.uk"), "chair", board, term, TODAY)
    oakfield.holds(oakfield.person("Old", "Chair", "old@oakfield.sch.uk"), "chair", board, term, dt.date(2026, 10, 11))
    oakfield.holds(oakfield.person("Fin", "Chair", "fin@oakfield.sch.uk"), "chair", finance, term)
    oakfield.holds(oakfield.person("No", "Mail", None), "clerk", board, term)
    oakfield.holds(oakfield.person("Bad", "Mail", "nobody"), "clerk", board, term)
    chosen = Recipients(offices=("clerk", "chair"))
    assert [one.address for one in found(scopes[0], chosen, board)] == [
        "helen@oakfield.sch.uk",
        "iqbal@oakfield.sch.uk",
    ]
    assert [one.address for one in found(scopes[0], chosen)] == [
        "fin@oakfield.sch.uk",
        "helen@oakfield.sch.uk",
        "iqbal@oakfield.sch.uk",
    ]
    assert found(scopes[1], chosen) == []


def test_somebody_meant_twice_gets_one_mail(scopes: list[Scope]) -> None:
    oakfield = Office(scopes[0])
    oakfield.has_role("Helen@oakfield.sch.uk", "clerk")
    board = oakfield.body("Full Governing Body")
    oakfield.holds(oakfield.person("Helen", "Ward", "helen@oakfield.sch.uk"), "clerk", board, dt.date(2022, 9, 1))
    [helen] = found(scopes[0], Recipients(roles=("clerk",), offices=("clerk",)))
    assert helen.name == "Helen Ward"
