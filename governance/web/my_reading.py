"""My reading: what to read now, and what I have read, with receipts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.owed import Owed, State
from governance.reading.queries import my_reading
from governance.web.access import actor, in_school, needs, scope

screen = in_school("my_reading")
# Who did not sign on paper may still read it and confirm.
_TO_DO = (State.READING_OVERDUE, State.NOT_YET_READ, State.AWAY, State.DECLINED)


@dataclass(frozen=True)
class ToRead:
    """A policy asked of me: its title, the version to open, and what is owed."""

    title: str
    version: str
    owed: Owed


@dataclass(frozen=True)
class Read:
    """A receipt of mine."""

    reference: str
    title: str
    version: str
    number: int
    label: str
    acknowledged_on: dt.date
    method: str
    withdrawn: bool


@screen.get("/my-reading", needs(Permission.READ))
def index() -> str:
    """To read, and done."""
    person_id, today = actor().person_id, clock.today(scope().time_zone)
    to_read = _to_read(person_id, today) if person_id else []
    done = _done(person_id) if person_id else []
    return render_template(
        "reading/mine.html",
        to_read=to_read,
        done=done,
        today=today,
        nobody=person_id is None,
        overdue=State.READING_OVERDUE,
    )


def _to_read(person_id: int, today: dt.date) -> list[ToRead]:
    session = db.session()
    owed = {row.version_id: row for row in my_reading(session, scope(), person_id, today) if row.state in _TO_DO}
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.public_id, Policy.title)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(PolicyVersion.organisation_id == scope().organisation_id, PolicyVersion.id.in_(owed))
        .order_by(Policy.sort_key, Policy.id)
    )
    listed = [ToRead(row.title, row.public_id, owed[row.id]) for row in rows]
    return sorted(listed, key=lambda one: one.owed.due_on or today)


def _done(person_id: int) -> list[Read]:
    rows = db.session().execute(
        select(
            Acknowledgement.reference,
            Policy.title,
            PolicyVersion.public_id,
            PolicyVersion.number,
            PolicyVersion.label,
            Acknowledgement.acknowledged_on,
            Acknowledgement.method,
            Withdrawal.id.is_not(None),
        )
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope().organisation_id, Acknowledgement.person_id == person_id)
        .order_by(Acknowledgement.acknowledged_on.desc(), Policy.sort_key, Acknowledgement.id)
    )
    return [Read(*row) for row in rows]
