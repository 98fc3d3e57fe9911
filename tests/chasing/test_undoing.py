"""Until the next school morning nobody has been told, so what was recorded of a meeting can be undone as one; not after."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption.actions import correct
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.asking import EVERYONE
from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem, Decision, InForce, Preparation
from governance.adoption.preparing import Prepared, prepare
from governance.adoption.queries import meeting_agenda, policy_row
from governance.chasing.models import Reminder, ReminderLine
from governance.chasing.rules import told_from
from governance.chasing.undoing import REASON, Untold, undo, untold
from governance.errors import Refusal
from governance.mail.models import Outbox
from governance.policies.models import Policy, PolicyVersion
from governance.schools.models import Term
from tests.adoption.room import open_room
from tests.chasing.test_rules import LONDON, NO_TERMS, YEAR, instant

MEETING_ON = dt.date(2026, 11, 19)
RECORDED = instant("2026-11-19T20:15")  # a Thursday evening
UNTIL = instant("2026-11-20T07:30")
A_SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        # an evening, an early morning, and half past seven itself, when the mails have left
        ("2026-11-19T20:15", "2026-11-20T07:30"),
        ("2026-11-20T05:00", "2026-11-20T07:30"),
        ("2026-11-20T07:29:59", "2026-11-20T07:30"),
        ("2026-11-20T07:30", "2026-11-23T07:30"),
        # half-term, and an INSET day after a holiday
        ("2026-10-23T18:00", "2026-11-02T07:30"),
        ("2026-10-28T12:00", "2026-11-02T07:30"),
        ("2026-12-18T16:00", "2027-01-05T07:30"),
        # the summer holiday: British Summer Time at its end
        ("2027-08-05T10:00", "2027-09-01T06:30"),
        # the clocks go forward on 28 March 2027, in the holidays, and in 2028 on 26 March, in term
        ("2027-03-25T20:00", "2027-04-12T06:30"),
        ("2028-03-24T20:00", "2028-03-27T06:30"),
        ("2028-03-26T01:30", "2028-03-27T06:30"),
        # they go back on 31 October 2027, and the holiday ends on the next day
        ("2027-10-22T19:00", "2027-11-01T07:30"),
        ("2027-10-31T00:30", "2027-11-01T07:30"),
    ],
)
def test_mails_tell_first_at_half_past_seven_of_the_next_school_morning(recorded: str, told: str) -> None:
    assert told_from(instant(recorded), YEAR, LONDON) == instant(told)


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        ("2026-10-23T18:00", "2026-10-26T07:30"),
        ("2026-10-25T00:30", "2026-10-26T07:30"),
        ("2027-03-26T20:00", "2027-03-29T06:30"),
        ("2027-03-28T01:30", "2027-03-29T06:30"),
    ],
)
def test_without_terms_every_weekday_is_a_school_day_on_both_weekends_of_the_clocks(recorded: str, told: str) -> None:
    assert told_from(instant(recorded), NO_TERMS, LONDON) == instant(told)


class Evening:
    """A meeting that adopted one policy and put off another, recorded that evening."""

    def __init__(self, session: Session) -> None:
        self.room, self.session = open_room(session), session
        self.room.start_asking()
        self.meeting = self.room.meeting(MEETING_ON, state="held")
        self.policies = [self.room.policy(title) for title in ("Behaviour", "Uniform")]
        self.items = [self._put(policy) for policy in self.policies]
        form = Prepared(what_changed="Phones")
        prepare(session, self.room.scope, self.room.actor, self.policies[0], form, RECORDED)

    def _put(self, policy: Policy) -> AgendaItem:
        version, asks = self.room.version(policy), AsksFor.ADOPT
        return put_on_agenda(
            self.session, self.room.scope, self.room.actor, self.meeting, policy, asks, RECORDED, version
        )

    def decided(self, place: int = 0, now: dt.datetime = RECORDED, **more: Any) -> Decision:
        item = self.items[place]
        version = self.session.get_one(PolicyVersion, item.version_id)
        return self.room.decide(version, "19 November 2026", now, meeting=self.meeting, item=item, **more)

    def both(self) -> list[Decision]:
        return [self.decided(ask=EVERYONE, minute="2026/31"), self.decided(1, kind=Kind.DEFERRED)]

    def untold(self, now: dt.datetime) -> Untold | None:
        return untold(self.session, self.room.scope, self.meeting.id, now)

    def undo(self, shown: list[Decision], now: dt.datetime) -> list[Decision]:
        keys = [one.public_id for one in shown]
        return undo(self.session, self.room.scope, self.room.actor, self.meeting, keys, now)

    def open_items(self) -> list[str]:
        rows = meeting_agenda(self.session, self.room.scope, self.meeting.id)
        return [row.title for row in rows if row.decision is None]

    def mail_about(self, decision: Decision) -> None:
        """A reminder, queued, that names the reading a decision asks for."""
        row = self.session.scalars(select(InForce).where(InForce.decision_id == decision.id)).one()
        whose = {"organisation_id": self.room.scope.organisation_id}
        mail = Outbox(
            **whose,
            kind="asking",
            dedupe_key="one",
            to_address="tess@oakfield.example",
            subject="",
            text="",
            html="",
            message_id="",
            state="queued",
            queued_at=RECORDED,
            next_try_at=UNTIL,
        )
        self.session.add(mail)
        self.session.flush()
        to = {**whose, "to_person_id": self.room.okafor.id, "whom": "person"}
        reminder = Reminder(**to, outbox_id=mail.id, cause="run", reminded_on=MEETING_ON)
        self.session.add(reminder)
        self.session.flush()
        about = {"policy_id": row.policy_id, "version_id": row.version_id, "in_force_id": row.id}
        person = {"person_id": self.room.okafor.id, "due_on": MEETING_ON, "rung": "asking"}
        self.session.add(ReminderLine(**to, **about, **person, reminder_id=reminder.id))
        self.session.flush()


@pytest.fixture
def evening(session: Session) -> Evening:
    return Evening(session)


def test_what_was_recorded_in_the_evening_is_undone_as_one_and_the_record_shows_both(evening: Evening) -> None:
    made = evening.both()
    found = evening.untold(UNTIL - A_SECOND)
    assert found == Untold(tuple(one.public_id for one in made), (MEETING_ON,), UNTIL)
    assert evening.open_items() == []
    marks = evening.undo(made, UNTIL - A_SECOND)
    assert [(one.kind, one.reason, one.body_id) for one in marks] == [("mistaken", REASON, evening.room.body.id)] * 2
    assert {one.corrects_id for one in marks} == {one.id for one in made}
    assert evening.session.scalar(select(func.count()).select_from(Decision)) == 4
    assert evening.open_items() == ["Behaviour", "Uniform"]
    for policy in evening.policies:
        row = policy_row(evening.session, evening.room.scope, MEETING_ON, policy.id)
        assert row is not None and (row.version_id, row.awaiting_number) == (None, 1)
    (form,) = evening.session.scalars(select(Preparation))
    assert form.decision_id is None, "what the owner prepared is before the body again"


def test_what_was_undone_can_be_decided_anew_and_undone_again(evening: Evening) -> None:
    evening.undo(evening.both(), RECORDED)
    again = evening.both()
    assert evening.open_items() == []
    evening.undo(again, RECORDED)
    evening.both()
    assert evening.open_items() == []


def test_from_half_past_seven_nothing_is_undone_and_each_is_to_be_corrected(evening: Evening) -> None:
    made = evening.both()
    assert evening.untold(UNTIL) is None
    with pytest.raises(Refusal, match="Correct each decision that is wrong"):
        evening.undo(made, UNTIL)
    assert evening.open_items() == []


def test_in_a_holiday_it_can_be_undone_until_school_begins(evening: Evening) -> None:
    whose = {"organisation_id": evening.room.scope.organisation_id}
    spells = (dt.date(2026, 9, 2), dt.date(2026, 11, 19)), (dt.date(2026, 11, 30), dt.date(2026, 12, 18))
    evening.session.add_all(Term(**whose, name=str(on), first_on=on, last_on=until) for on, until in spells)
    evening.session.flush()
    evening.both()
    begins = instant("2026-11-30T07:30")
    found = evening.untold(begins - A_SECOND)
    assert found is not None and found.until == begins
    assert evening.untold(begins) is None


def test_only_what_was_recorded_since_then_is_undone(evening: Evening) -> None:
    evening.decided(ask=EVERYONE)
    later = evening.decided(1, instant("2026-11-20T10:00"), kind=Kind.DEFERRED)
    now = instant("2026-11-22T18:00")
    evening.undo([later], now)
    assert evening.open_items() == ["Uniform"]
    assert evening.untold(now) is None


def test_a_correction_is_taken_back_with_what_it_corrects_or_not_at_all(evening: Evening) -> None:
    first, _ = evening.both()
    version = evening.session.get_one(PolicyVersion, first.version_id)
    facts = evening.room.facts(version, "19 November 2026", meeting=evening.meeting, reason="The date", ask=EVERYONE)
    now = instant("2026-11-19T21:00")
    right = correct(evening.session, evening.room.scope, evening.room.actor, first, facts, now)
    found = evening.untold(now)
    assert found is not None and right.public_id in found.decisions and first.public_id not in found.decisions
    later = instant("2026-11-20T09:00")
    correct(evening.session, evening.room.scope, evening.room.actor, right, facts, later)
    assert evening.untold(later) is None, "people were told of what this corrects"


def test_once_a_mail_names_one_of_them_none_is_undone(evening: Evening) -> None:
    """A run that the machine made good at ten in the morning tells of what was recorded at nine."""
    made = evening.both()
    evening.mail_about(made[0])
    assert evening.untold(RECORDED) is None
    with pytest.raises(Refusal, match="people may have been told"):
        evening.undo(made, RECORDED)


def test_what_was_recorded_meanwhile_is_looked_at_first(evening: Evening) -> None:
    made = evening.both()
    with pytest.raises(Refusal, match="Something else was recorded"):
        evening.undo(made[:1], RECORDED)
    assert evening.open_items() == []


def test_another_schools_meeting_has_nothing_to_undo(evening: Evening, session: Session) -> None:
    evening.both()
    zeds = open_room(session, "zeds").scope
    assert untold(session, zeds, evening.meeting.id, RECORDED) is None
