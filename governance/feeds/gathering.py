"""What somebody's roles and offices make theirs at this moment, as entries of a calendar. It names nobody.

who keeps meetings   every meeting, the last day to send each pack, decisions to enter
a member of a body   its meetings while their term lasts
who holds a post     the reviews of its policies
everybody            what they have to read, on the day it is due
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.accounts.standing import Standing
from governance.adoption.models import Decision
from governance.adoption.register import in_force_on
from governance.clock import local_day
from governance.feeds import rules
from governance.feeds.addresses import Whose
from governance.feeds.rules import Change, Entry, MeetingFacts
from governance.journal.models import JournalEntry
from governance.packs.desk import clerks_desk
from governance.packs.members import own_meetings
from governance.packs.models import Pack, PackSending
from governance.people.models import Person, PostHolder
from governance.policies.models import Policy, PolicyVersion
from governance.reading.mine import mine_at
from governance.schools import actions
from governance.schools.queries import MeetingRow, meetings
from governance.tenancy import Scope

_ABOUT_MEETINGS = (
    actions.MEETING_PLANNED,
    actions.MEETING_MOVED,
    actions.MEETING_CANCELLED,
    actions.MEETING_HELD,
    actions.MEETING_INQUORATE,
)


def entries_of(session: Session, who: Whose, now: dt.datetime) -> list[Entry]:
    """Everything in somebody's calendar at a moment, by day."""
    standing, today = who.standing, local_day(now, who.standing.scope.time_zone)
    return rules.in_order(
        [
            *_of_meetings(session, standing, today, who.made_at),
            *_reviews(session, standing, today, who.made_at),
            *_reading(session, standing, today, who.made_at),
        ]
    )


def _of_meetings(session: Session, standing: Standing, today: dt.date, made_at: dt.datetime) -> Iterator[Entry]:
    scope, may = standing.scope, standing.actor.permissions
    rows = meetings(session, scope, from_on=today - rules.LOOK_BACK, cancelled=True)
    if Permission.KEEP_MEETINGS not in may:
        own = own_meetings(session, scope, standing.person_id, today - rules.LOOK_BACK) if standing.person_id else []
        seen = {one.meeting for one in own}
        rows = [row for row in rows if row.public_id in seen]
    changes = _changes(session, scope, rows, made_at) if rows else {}
    linked = Permission.SEE_DRAFTS in may
    shown = [
        _facts(row, changes[row.public_id], scope.slug if linked else None)
        for row in rows
        if rules.is_shown(row.held_on, row.state, today)
    ]
    yield from map(rules.meeting, shown)
    if Permission.MAKE_PACKS in may:
        sent = _sent(session, scope, rows)
        ahead = (one for one in shown if one.state == "planned" and one.held_on >= today and one.key not in sent)
        yield from map(rules.pack_to_send, ahead)
    if Permission.DECIDE in may:
        waiting = {one.meeting for one in clerks_desk(session, scope, today).to_enter}
        yield from (rules.decisions_to_enter(one) for one in shown if one.key in waiting)


def _facts(row: MeetingRow, change: Change, slug: str | None) -> MeetingFacts:
    path = f"/{slug}/meetings/{row.public_id}" if slug else ""
    of = (row.public_id, row.body_name, row.held_on, row.starts_at, row.place or "", row.state)
    return MeetingFacts(*of, change, path)


def _changes(session: Session, scope: Scope, rows: Collection[MeetingRow], made_at: dt.datetime) -> dict[str, Change]:
    """When each meeting, or its body's name, last changed, as the journal has it, by the meeting's public id.

    What was recorded before there was a journal entry is as old as the address.
    """
    names = [event.name for event in _ABOUT_MEETINGS]
    told = session.execute(
        select(JournalEntry.event, JournalEntry.ids, JournalEntry.at)
        .where(
            JournalEntry.organisation_id == scope.organisation_id,
            or_(JournalEntry.event.in_(names), JournalEntry.event == actions.BODY_RENAMED.name),
        )
        .order_by(JournalEntry.seq)
    )
    found: defaultdict[str, list[dt.datetime]] = defaultdict(list)
    for _, ids, at in told:
        known = json.loads(ids)
        found[known.get("meeting") or known["body"]].append(at)
    return {row.public_id: _change(found[row.public_id], found[row.body_public_id], made_at) for row in rows}


def _change(own: list[dt.datetime], renamed: list[dt.datetime], made_at: dt.datetime) -> Change:
    """A new name is a change, but no revision: the meeting is when and where it was."""
    return Change(max([*own, *renamed], default=made_at), max(len(own) - 1, 0), is_last=bool(own))


def _sent(session: Session, scope: Scope, rows: Collection[MeetingRow]) -> frozenset[str]:
    """Meetings, by public id, of which some pack was sent."""
    keys = {row.id: row.public_id for row in rows}
    found = session.scalars(
        select(Pack.meeting_id)
        .join(PackSending, PackSending.pack_id == Pack.id)
        .where(Pack.organisation_id == scope.organisation_id, Pack.meeting_id.in_(keys))
        .distinct()
    )
    return frozenset(keys[meeting_id] for meeting_id in found if meeting_id is not None)


def _reviews(session: Session, standing: Standing, today: dt.date, made_at: dt.datetime) -> Iterator[Entry]:
    scope = standing.scope
    owned = set(
        session.scalars(
            select(Policy.id)
            .join(PostHolder, PostHolder.post_id == Policy.owner_post_id)
            .where(Policy.organisation_id == scope.organisation_id, PostHolder.person_id == standing.person_id)
            .where(PostHolder.from_on <= today, or_(PostHolder.until_on.is_(None), PostHolder.until_on >= today))
        )
    )
    if not owned:
        return
    rows = [row for row in in_force_on(session, scope, today) if row.policy_id in owned and row.next_review_on]
    made = select(Decision.public_id, Decision.recorded_at).where(
        Decision.organisation_id == scope.organisation_id, Decision.public_id.in_([row.decision for row in rows])
    )
    recorded = {decision: at for decision, at in session.execute(made)}  # noqa: C416  # rows are no plain pairs to mypy
    for row in rows:
        assert row.next_review_on is not None
        change = Change(recorded.get(row.decision or "", made_at))
        yield rules.review(row.policy, row.title, row.next_review_on, change, f"/{scope.slug}/policies/{row.policy}")


def _reading(session: Session, standing: Standing, today: dt.date, made_at: dt.datetime) -> Iterator[Entry]:
    scope, person_id = standing.scope, standing.person_id
    if person_id is None:
        return
    rows = [row for row in mine_at(session, scope, person_id, today).to_read if row.due_on is not None]
    recorded_at = select(PolicyVersion.public_id, PolicyVersion.recorded_at).where(
        PolicyVersion.organisation_id == scope.organisation_id,
        PolicyVersion.id.in_([row.version_id for row in rows]),
    )
    recorded = {version: at for version, at in session.execute(recorded_at)}  # noqa: C416  # rows are no plain pairs to mypy
    whose = session.get_one(Person, person_id).public_id
    for row in rows:
        assert row.due_on is not None
        change = Change(recorded.get(row.version, made_at))
        yield rules.to_read(row.version, whose, row.title, row.due_on, change, f"/{scope.slug}/read/{row.version}")
