"""Loading the demonstration school: a fictional primary school with a few years behind it, as it would look today.

calendar ─▶ school, bodies, people, accounts ─▶ posts, policies, meetings ─▶ diary ─▶ receipts, on screen and on paper ─▶ reception

Everything goes through the same actions as on screen, each with the instant at which it would have happened, so that the
journal reads as the school's own. Nothing is scheduled and nothing is mailed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_security.utils import hash_password
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from governance.accounts.setting_up import BODY, NewSchool, add_school
from governance.clock import local_day
from governance.demo.boards import meetings_planned
from governance.demo.contacts import contacts_named
from governance.demo.days import days_of
from governance.demo.front_desk import front_desk_set_up, somebody_waits
from governance.demo.paper import office_taught, paper_signed
from governance.demo.policies import register_filled
from governance.demo.readers import asking_begins, everybody_reads
from governance.demo.school import NINE, School
from governance.demo.school_time import terms_entered
from governance.demo.sign_ins import PASSWORD, SignIn, accounts_opened
from governance.demo.staff import listed_people, offices_and_posts, people_come, people_go
from governance.demo.written import written_policies
from governance.errors import Refusal
from governance.people.categories import categories
from governance.schools.actions import make_body
from governance.schools.models import GoverningBody
from governance.tenancy import Actor, Organisation, Scope

NAME = "Hillcrest Primary School (demonstration)"
SLUG = "hillcrest"
COMMITTEE = "Resources Committee"
_ZONE = "Europe/London"


@dataclass(frozen=True)
class Demo:
    """The school that was loaded, and who can sign in to it."""

    scope: Scope
    sign_ins: list[SignIn]


def load(session: Session, now: dt.datetime) -> Demo:
    """Load it in the transaction of whoever calls, as it would look at `now`.

    Raises:
        Refusal: where a school with its short name is there already.
    """
    if session.scalar(select(exists().where(Organisation.slug == SLUG))):
        raise Refusal.one(
            f"There is a school with the short name {SLUG} already, so the demonstration was not loaded. "
            "Load it into an empty installation: set COUNTERSIGN_INSTANCE to another folder."
        )
    password_hash = hash_password(PASSWORD)
    school = _founded(session, now)
    terms_entered(school)
    everybody, policies = listed_people(school.days), written_policies()
    people_come(school, everybody)
    sign_ins = accounts_opened(school, password_hash)
    offices_and_posts(school, everybody)
    meetings_planned(school)
    register_filled(school, policies)
    contacts_named(school)
    asking_begins(school)
    people_go(school, everybody)
    front_desk_set_up(school)
    school.live()
    everybody_reads(school, everybody, policies)
    office_taught(school)
    paper_signed(school)
    somebody_waits(school)
    return Demo(school.scope, sign_ins)


def _founded(session: Session, now: dt.datetime) -> School:
    """The school on the day it was set up: its row, its two bodies, its categories."""
    days = days_of(local_day(now, _ZONE))
    at = dt.datetime.combine(days.set_up_on, dt.time(NINE), dt.UTC)
    actor = Actor("Maya Lund")
    scope = add_school(session, actor, NewSchool(NAME, slug=SLUG), now=at)
    mine = select(GoverningBody).where(GoverningBody.organisation_id == scope.organisation_id)
    board = session.scalars(mine).one()
    assert board.name == BODY
    committee = make_body(session, scope, actor, name=COMMITTEE, kind="committee", now=at)
    known = {category.name_key: category for category in categories(session, scope)}
    return School(session, scope, days, now, board=board, committee=committee, categories=known)
