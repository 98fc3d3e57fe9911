"""The meetings of the two governing bodies: past ones held, the next one with its agenda, later ones planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.preparing import Consulted, Equality, Prepared, Recommends, Round, prepare
from governance.adoption.proposing import proposed_agenda
from governance.adoption.queries import meeting_agenda
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
    _owners_prepare(school, meeting, at)


def _owners_prepare(school: School, meeting: Meeting, at: dt.datetime) -> None:
    """Two owners have filled in their forms by the time the agenda is drawn up; the others have not yet."""
    first: dict[str, int] = {}
    for item in meeting_agenda(school.session, school.scope, meeting.id):
        first.setdefault(item.asks_for, item.policy_id)
    asked_on = at.date() - dt.timedelta(days=_WEEKS_CONSULTED * 7)
    staff = Round(
        Consulted.STAFF, "Staff meeting", asked_on, at.date() - dt.timedelta(days=7), "Two questions, answered"
    )
    forms = {AsksFor.ADOPT: replace(_NEW, rounds=(staff,)), AsksFor.REVIEW: _KEPT}
    for asks_for, form in forms.items():
        if asks_for in first:
            policy = school.session.get_one(Policy, first[asks_for])
            prepare(school.session, school.scope, school.maya, policy, form, at)


_WEEKS_CONSULTED = 5
_NEW = Prepared(
    what_changed="A policy of its own, where staff had only a paragraph in the acceptable use agreement.",
    why="Staff and pupils use these tools already and ask what is allowed.",
    prompted_by="Questions at the INSET day in September",
    equality=Equality.ASSESSED,
    equality_note="Pupils who use assistive tools keep them; section 4 says so.",
    recommends=Recommends.ADOPT,
    recommendation="Ask teachers and support staff to read it before half-term.",
    ready=True,
)
_KEPT = Prepared(
    prompted_by="Its yearly review",
    equality=Equality.NOT_NEEDED,
    equality_note="Nothing in it changes.",
    recommends=Recommends.KEEP,
    recommendation="The figures of the year are with the headteacher's report.",
    ready=True,
)
