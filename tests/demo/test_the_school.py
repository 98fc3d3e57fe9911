"""The demonstration is a believable school: everything that can be in a register, a staff room and a year is in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption.models import AgendaItem, Decision
from governance.adoption.register import every_policy
from governance.adoption.states import State
from governance.chasing.ladder import ladder_set
from governance.chasing.morning import plan_morning
from governance.chasing.rules import Whom
from governance.db import writing
from governance.demo.front_desk import SHORT_SET
from governance.demo.load import load
from governance.errors import Refusal
from governance.extract.dates import Precision
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.mail.models import Outbox
from governance.people.models import Absence, Category, Engagement, Person
from governance.people.offices import vacant_posts
from governance.policies.models import Policy, PolicyVersion, VersionText
from governance.policies.related import related_to
from governance.reading.models import Acknowledgement, Excuse, Extension, Withdrawal
from governance.reading.queries import coverage, outstanding
from governance.reception.addresses import current_address, printable_secret
from governance.reception.choosing import offered
from governance.reception.models import Visit
from governance.reception.short_set import day_category, short_set
from governance.reception.visits import course_of
from governance.schedule.models import Run, ScheduleEntry
from governance.schedule.switching import reminding_entry
from governance.schools.models import Meeting
from tests.demo.conftest import NOW, TODAY, Loaded


def _count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_it_says_that_it_is_a_demonstration(loaded: Loaded) -> None:
    assert loaded.demo.scope.name == "Hillcrest Primary School (demonstration)"


def test_thirty_policies_or_more_have_versions_with_text_over_three_years(look: Session, loaded: Loaded) -> None:
    versions = Counter(look.scalars(select(PolicyVersion.policy_id)))
    assert len(versions) >= 30
    assert sum(number >= 2 for number in versions.values()) >= 25
    assert max(versions.values()) >= 3
    assert _count(look, VersionText) == versions.total()
    first = look.scalar(select(func.min(Decision.decided_on)))
    assert first is not None
    assert first < TODAY - dt.timedelta(days=2 * 365)


def test_every_state_of_the_register_is_there(look: Session, loaded: Loaded) -> None:
    rows = every_policy(look, loaded.demo.scope, TODAY)
    assert {state for row in rows for state in row.states} == set(State)
    assert sum(State.REVIEW_LATE in row.states for row in rows) in (2, 3)


def test_sixty_people_fill_all_ten_categories_today(look: Session) -> None:
    assert _count(look, Person) == 60
    today = (Engagement.started_on <= TODAY) & (Engagement.ended_on.is_(None) | (Engagement.ended_on >= TODAY))
    held = Counter(look.scalars(select(Engagement.category_id).where(today)))
    assert set(held) == set(look.scalars(select(Category.id)))
    assert len(held) == 10


def test_people_come_go_are_away_and_hold_several_jobs(look: Session) -> None:
    assert look.scalar(select(func.count()).where(Engagement.ended_on < TODAY))
    assert look.scalar(select(func.count()).where(Engagement.started_on > TODAY - dt.timedelta(days=30)))
    jobs = Counter(look.scalars(select(Engagement.person_id)))
    assert max(jobs.values()) >= 2
    assert len(look.scalars(select(Person.id).where(Person.email.is_(None))).all()) > 5
    assert look.scalars(select(Absence.until_on)).all() == [None]


def test_a_vacant_post_owns_a_policy(look: Session, loaded: Loaded) -> None:
    (vacant,) = vacant_posts(look, loaded.demo.scope, TODAY)
    assert vacant.name == "Data protection officer"
    assert look.scalar(select(func.count()).where(Policy.owner_post_id == vacant.id))


def test_decisions_are_of_every_kind_and_precision(look: Session) -> None:
    kinds = set(look.scalars(select(Decision.kind)))
    assert kinds >= {"adopted", "approved", "ratified", "issued", "reviewed", "deferred"}
    assert set(look.scalars(select(Decision.decided_precision))) >= {
        Precision.DAY,
        Precision.MONTH,
        Precision.TERM,
        Precision.NOT_RECORDED,
    }
    assert look.scalar(select(func.count()).where(Decision.corrects_id.is_not(None))) == 1
    guidance = select(Decision.office).join(Policy, Policy.id == Decision.policy_id).where(Policy.kind == "guidance")
    assert set(look.scalars(guidance)) == {"headteacher"}


def test_meetings_were_held_and_the_next_has_an_agenda_three_weeks_ahead(look: Session, loaded: Loaded) -> None:
    meetings = look.scalars(select(Meeting).order_by(Meeting.held_on)).all()
    assert {meeting.state for meeting in meetings if meeting.held_on < TODAY} == {"held"}
    coming = [meeting for meeting in meetings if meeting.held_on > TODAY]
    assert len(coming) >= 4
    assert 14 <= (coming[0].held_on - TODAY).days <= 28
    asked = set(look.scalars(select(AgendaItem.asks_for).where(AgendaItem.meeting_id == coming[0].id)))
    assert asked == {"adopt", "ratify", "review", "note"}


def test_most_have_read_in_time_and_some_are_overdue(look: Session, loaded: Loaded) -> None:
    totals = coverage(look, loaded.demo.scope, TODAY).totals
    assert 0.7 < totals.acknowledged / totals.required < 0.9
    assert totals.overdue > 20
    assert totals.outstanding > totals.overdue
    assert (totals.away > 0, totals.excused > 0) == (True, True)


def test_tess_has_something_overdue_and_something_she_just_read(look: Session, loaded: Loaded) -> None:
    tess = look.scalars(select(Person).where(Person.given_name == "Tess")).one()
    owed = [row for row in outstanding(look, loaded.demo.scope, TODAY) if row.person_id == tess.id]
    assert any(row.due_on < TODAY for row in owed)
    receipt = look.scalars(
        select(Acknowledgement).where(Acknowledgement.person_id == tess.id, Acknowledgement.assurance == "password")
    ).one()
    assert (receipt.acknowledged_on, receipt.typed_name) == (TODAY, "Tess Marlow")


def test_a_mistake_an_excuse_and_more_time_are_on_record(look: Session) -> None:
    assert [_count(look, model) for model in (Withdrawal, Excuse, Extension)] == [1, 1, 1]


def test_some_related_policies_are_missing_and_most_are_found(look: Session, loaded: Loaded) -> None:
    ids = look.scalars(select(Policy.id)).all()
    names = [
        name
        for citations in related_to(look, loaded.demo.scope, ids).values()
        for citation in citations
        for name in citation.names
    ]
    missing = {name.title for name in names if name.policy is None}
    assert {"Single Central Record Procedure", "Parent Code of Conduct"} <= missing
    assert len(missing) < len(names) / 4


def test_nothing_is_mailed_and_nothing_runs_by_itself(look: Session) -> None:
    assert [_count(look, model) for model in (Outbox, ScheduleEntry, Run)] == [0, 0, 0]


def test_the_front_desk_has_a_short_set_a_poster_and_somebody_waiting(look: Session, loaded: Loaded) -> None:
    scope, key = loaded.demo.scope, loaded.app.extensions["countersign_settings"].secret_key
    category = day_category(look, scope)
    assert category is not None
    chosen = {one.policy.reference for one in offered(look, scope, category, TODAY) if one.chosen}
    assert chosen == {one.reference for one in short_set(look, scope, TODAY)} == set(SHORT_SET)
    address = current_address(look, scope)
    assert address is not None
    assert printable_secret(address, key)
    (waiting,) = look.scalars(select(Visit))
    assert (waiting.given_name, waiting.visited_on) == ("Jo", TODAY)
    assert course_of(look, waiting).steps == []


def test_reminders_are_off_but_their_steps_are_set_and_somebody_would_be_written_to(
    look: Session, loaded: Loaded
) -> None:
    ladder = ladder_set(look, loaded.demo.scope)
    assert ladder is not None
    assert Whom.CHAIR in {rung.whom for rung in ladder}
    assert reminding_entry(look, loaded.demo.scope) is None
    assert plan_morning(look, loaded.demo.scope, TODAY).mails


def test_the_journal_holds_and_reads_in_the_order_of_time(look: Session, loaded: Loaded) -> None:
    verdict = verify(look, loaded.demo.scope)
    assert verdict.fault is None
    instants = look.scalars(select(JournalEntry.at).order_by(JournalEntry.seq)).all()
    assert instants == sorted(instants)
    assert instants[-1] <= NOW


def test_it_is_loaded_once_only(loaded: Loaded) -> None:
    with loaded.app.app_context(), pytest.raises(Refusal, match="short name hillcrest already"), writing() as session:
        load(session, NOW)


def test_everybody_listed_can_sign_in(loaded: Loaded) -> None:
    for one in loaded.demo.sign_ins:
        client = loaded.app.test_client()
        answer = client.post("/sign-in", data={"email": one.email, "password": one.password})
        assert answer.status_code == 303, one
        assert client.get("/").headers["Location"] == "/hillcrest/"
