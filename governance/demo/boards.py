"""The meetings of the two governing bodies: past ones held, the next one with its agenda, later ones planned."""

from __future__ import annotations

import datetime as dt
from functools import partial

from governance.adoption.agenda import put_on_agenda
from governance.adoption.proposing import proposed_agenda
from governance.demo import plan
from governance.demo.school import School
from governance.policies.models import Policy, PolicyVersion
from governance.schools.actions import hold_meeting, plan_meeting
from governance.schools.models import GoverningBody, Meeting

_AGENDA_BEFORE = 9
_NINETEEN = 19


def meetings_planned(school: School) -> None:
    """Plan every meeting, and put into the diary when each was held and when the next agenda was drawn up."""
    for body, days, starts, place in (
        (school.board, school.days.board, dt.time(18, 0), "School hall"),
        (school.committee, school.days.committee, dt.time(16, 30), "Staff room"),
    ):
        for day in days:
            _planned(school, body, day, starts, place)
    school.on(school.days.ago(_AGENDA_BEFORE), partial(_agenda, school))


def _planned(school: School, body: GoverningBody, day: dt.date, starts: dt.time, place: str) -> None:
    meeting = school.meetings[body.id, day] = plan_meeting(
        school.session,
        school.scope,
        school.helen,
        body=body,
        held_on=day,
        starts_at=starts,
        place=place,
        now=school.set_up_at,
    )
    if day < school.days.today:
        school.on(day, partial(_held, school, meeting), hour=_NINETEEN)


def _held(school: School, meeting: Meeting, at: dt.datetime) -> None:
    hold_meeting(school.session, school.scope, school.helen, meeting, now=at)


def _agenda(school: School, at: dt.datetime) -> None:
    """What the next board meeting is proposed to deal with, all of it."""
    meeting = school.meetings[school.board.id, plan.next_held(school.days)]
    for item in proposed_agenda(school.session, school.scope, meeting):
        policy = school.session.get_one(Policy, item.policy_id)
        version = school.session.get(PolicyVersion, item.version_id) if item.version_id else None
        put_on_agenda(school.session, school.scope, school.helen, meeting, policy, item.asks_for, at, version)
