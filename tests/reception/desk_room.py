"""Hillcrest's reception on Monday 16 November 2026: two policies that day people read before they begin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import shown_now
from governance.reading.models import Acknowledgement
from governance.reception.arriving import Begun, begin_visit, sign
from governance.reception.choosing import choose_policies
from governance.reception.models import Visit
from governance.reception.rules import Visitor
from governance.reception.short_set import short_set
from governance.tenancy import Actor, Organisation, Scope
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY

RITA = Actor("Rita Front")
AL = Visitor("Al", "Green", "Swift Supply", "Cover in Year 4")
TITLES = ("Behaviour Policy", "Child Protection")


@dataclass(frozen=True)
class Desk:
    """The school, and the policies by title; Behaviour and Child Protection are the short set."""

    scope: Scope
    policies: dict[str, Policy]

    def version(self, session: Session, title: str) -> PolicyVersion:
        """The version of a policy that is in force."""
        return hillcrest.latest(session, self.policies[title])


def furnish(session: Session, scope: Scope | None = None, today: dt.date = TODAY) -> Desk:
    """The school asks since before; the business manager chose the short set today."""
    scope = scope or hillcrest.a_school(session)
    session.get_one(Organisation, scope.organisation_id).asking_since = today - dt.timedelta(days=40)
    policies = {}
    for title in (*TITLES, "Lone Working Policy"):
        policy = hillcrest.a_policy(session, scope, title)
        hillcrest.put_in_force(session, scope, hillcrest.latest(session, policy), today - dt.timedelta(days=50))
        policies[title] = policy
    wanted = {policies[title].id for title in TITLES}
    choose_policies(session, scope, MAYA, wanted, today=today, now=NOW)
    return Desk(scope, policies)


def arrives(session: Session, desk: Desk, visitor: Visitor = AL, now: dt.datetime = NOW) -> Begun:
    """Somebody types their name at reception."""
    return begin_visit(session, desk.scope, visitor, now=now)


def signs(
    session: Session, desk: Desk, visit: Visit, title: str = TITLES[0], typed: str = "Al Green", now: dt.datetime = NOW
) -> Acknowledgement:
    """The visitor of a visit signs a policy on their phone."""
    version = desk.version(session, title)
    shown = shown_now(session, desk.scope, version)
    return sign(session, desk.scope, visit, version, shown, typed, now=now)


def signs_all(session: Session, desk: Desk, visit: Visit, typed: str = "Al Green", now: dt.datetime = NOW) -> None:
    """And everything there is to sign."""
    for one in short_set(session, desk.scope, visit.visited_on):
        signs(session, desk, visit, one.title, typed, now)


def receipts(session: Session) -> list[Acknowledgement]:
    """Every receipt there is."""
    return list(session.scalars(select(Acknowledgement).order_by(Acknowledgement.id)))
