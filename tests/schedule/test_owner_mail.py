"""The mail to owners as it arrives: once a step, on a school morning, with the link to the one form."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from governance.adoption.actions import decide
from governance.adoption.entered import Decide
from governance.adoption.models import OwnerNotice
from governance.db import reading, writing
from governance.extract.dates import exactly
from governance.mail.models import Outbox
from governance.people.models import Person
from governance.people.posts import hold_post, make_post
from governance.schedule import runner
from governance.schedule.actions import schedule
from governance.schedule.cadence import Daily
from governance.schedule.offers import POLICY_DUE
from governance.schedule.recipients import OWNERS, Recipients
from governance.schools.calendar import add_months
from governance.tenancy import Scope
from tests import hillcrest
from tests.chasing.staffroom import MAYA, TURNED_ON, furnish, morning


@pytest.fixture
def scope(rooms: Flask) -> Scope:
    """Hillcrest, whose Trips Policy is owned by Tess and due for review by 28 February 2027."""
    ours, _ = furnish(turned_on=False)
    with writing() as session:
        post = make_post(session, ours.scope, MAYA, name="Trips lead", now=TURNED_ON)
        tess = session.get_one(Person, ours.id("Tess"))
        hold_post(session, ours.scope, MAYA, post, tess, from_on=dt.date(2026, 9, 1), until_on=None, now=TURNED_ON)
        policy = hillcrest.a_policy(session, ours.scope, "Trips Policy")
        policy.owner_post_id = post.id
        facts = Decide(
            version=hillcrest.latest(session, policy),
            decided=exactly(dt.date(2026, 9, 1)),
            body=hillcrest.body(session, ours.scope),
            next_review=exactly(dt.date(2027, 2, 28)),
        )
        decide(session, ours.scope, MAYA, facts, TURNED_ON)
        daily, owners = Daily(dt.time(7, 0), school_days_only=True), Recipients(own=OWNERS)
        schedule(session, ours.scope, MAYA, job=POLICY_DUE, cadence=daily, recipients=owners, now=TURNED_ON)
    return ours.scope


def queued() -> list[Outbox]:
    with reading() as session:
        found = list(session.scalars(select(Outbox).where(Outbox.kind == "policy_due").order_by(Outbox.id)))
        session.expunge_all()
        return found


def test_an_owner_is_told_once_in_the_morning_with_the_one_thing_to_do(rooms: Flask, scope: Scope) -> None:
    reached = add_months(dt.date(2027, 2, 28), -3)
    assert reached == dt.date(2026, 11, 28)  # a Saturday: Monday tells it
    for date in ("2026-11-28", "2026-11-30", "2026-12-01"):
        runner.tick(rooms, morning(date) + dt.timedelta(hours=1))
    (mail,) = queued()
    assert mail.to_address == "tess@hillcrest.sch.uk"
    assert mail.subject == "Hillcrest Primary School: Trips Policy: its review is due"
    assert "Its review is due by Sunday 28 February 2027." in mail.text
    assert "Next: Look the policy over and say what you recommend." in mail.text
    assert "/hillcrest/policies/" in mail.text and "/prepare" in mail.text
    with reading() as session:
        (notice,) = session.scalars(select(OwnerNotice)).all()
        assert (notice.rung, notice.told_on) == ("three_months", dt.date(2026, 11, 30))
