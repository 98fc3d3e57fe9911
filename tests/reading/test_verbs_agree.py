"""A school lives through several academic years by its own verbs; after each step SQL and rules say the same, also of the past.

COUNTERSIGN_SOAK=1 makes the machine run for longer.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import adopt
from governance.adoption.asking import EVERYONE, NOBODY, Ask
from governance.adoption.entered import Decide
from governance.db import db
from governance.errors import Refusal
from governance.extract.dates import exactly
from governance.people.absences import record_absence
from governance.people.jobs import Job, leave, move_category, start_engagement
from governance.people.models import Category, Engagement, Person
from governance.policies.models import Policy
from governance.reading.acknowledging import Act, acknowledge, shown_now, withdraw
from governance.reading.coverage import counted
from governance.reading.easing import excuse, extend
from governance.reading.models import Acknowledgement, Declined, ReadingRule, Withdrawal
from governance.reading.owed import State, owed
from governance.reading.parts import name_parts
from governance.reading.queries import coverage, facts_of, outstanding
from governance.reading.requiring import Requirement, require, stop_requiring
from governance.reading.ruled import rules_of
from governance.schools.school_time import take_usual_year
from governance.schools.term_pattern import usual_year
from governance.tenancy import Actor, Organisation, Scope
from tests.hillcrest import MAYA, a_policy, a_school, a_version, body, category, latest, someone

SOAK = os.environ.get("COUNTERSIGN_SOAK") == "1"
BEGAN = dt.date(2026, 9, 1)
CODES = ("teachers", "support_staff", "leadership", "agency")
UNREAD = {State.NOT_YET_READ, State.READING_OVERDUE}
SOME = st.integers(0, 99)
# A day, half-terms, a year; never so long that nothing happens in between.
LATER = st.sampled_from([0, 0, 1, 1, 7, 13, 14, 15, 45, 130, 365])


class SchoolLife(RuleBasedStateMachine):
    """Verbs as they come; one that is refused leaves everything as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(db.engine)
        self.today = BEGAN
        self.days = {BEGAN}

    @initialize(terms=st.booleans())
    def founded(self, terms: bool) -> None:
        """A school with two policies, of which one has parts."""
        session = self.session
        self.scope: Scope = a_school(session)
        session.get_one(Organisation, self.scope.organisation_id).asking_since = BEGAN
        for year in (2026, 2027, 2028) if terms else ():
            usual = usual_year("england", year)
            assert usual is not None
            take_usual_year(session, self.scope, MAYA, usual, self.now)
        self.policies = [a_policy(session, self.scope, title) for title in ("Conduct", "Keeping Children Safe")]
        name_parts(session, self.scope, MAYA, self.policies[1], ["Part one", "Annex"], self.now)
        self.people = [
            someone(session, self.scope, "Tess Marlow", ("teachers",)),
            self._new("Viv Ash", "support_staff"),
        ]
        for policy in self.policies:
            self._decide(policy, EVERYONE)

    def teardown(self) -> None:
        """Nothing is kept from one life to the next."""
        self.session.rollback()
        self.session.close()

    @property
    def now(self) -> dt.datetime:
        """Noon of the day it is."""
        return dt.datetime.combine(self.today, dt.time(12), dt.UTC)

    @rule(days=LATER)
    def time_passes(self, days: int) -> None:
        """Some days go by."""
        self.today += dt.timedelta(days=days)
        self.days.add(self.today)

    @rule(code=st.sampled_from(CODES), title=st.sampled_from(["", "Caretaker"]))
    def somebody_joins(self, code: str, title: str) -> None:
        """A new person, today."""
        if len(self.people) < 6:
            self.people.append(self._new(f"Al N{len(self.people)}", code, title))

    @rule(who=SOME, code=st.sampled_from(CODES), title=st.sampled_from(["", "caretaker"]))
    def starts_a_further_job(self, who: int, code: str, title: str) -> None:
        """A second job, or the first one after leaving."""
        job = Job(self._category(code), self.today, job_title=title)
        with self._trying():
            start_engagement(self.session, self.scope, MAYA, self._person(who), job, now=self.now)

    @rule(who=SOME, code=st.sampled_from(CODES))
    def is_promoted(self, who: int, code: str) -> None:
        """Moves to another category today."""
        jobs = self.session.scalars(
            select(Engagement)
            .where(Engagement.person_id == self._person(who).id, Engagement.ended_on.is_(None))
            .order_by(Engagement.id)
        ).all()
        if jobs:
            job = Job(self._category(code), self.today)
            with self._trying():
                move_category(self.session, self.scope, MAYA, jobs[0], job, now=self.now)

    @rule(who=SOME)
    def leaves(self, who: int) -> None:
        """Today is the last day."""
        with self._trying():
            leave(self.session, self.scope, MAYA, self._person(who), last_on=self.today, now=self.now)

    @rule(
        which=SOME,
        whom=st.sampled_from([*CODES, *CODES, "title", "person"]),
        who=SOME,
        days=st.sampled_from([0, 7, 14, 30]),
        repeat=st.sampled_from([("once", None), ("yearly", None), ("months", 6)]),
        parts=st.sampled_from([0, 0, 1, 3]),
        joiners=st.sampled_from([False, False, False, True]),
    )
    def a_rule_is_made_or_edited(
        self, which: int, whom: str, who: int, days: int, repeat: tuple[str, int | None], parts: int, joiners: bool
    ) -> None:
        """Somebody must read it, from today."""
        policy = self._policy(which)
        of: dict[str, Any] = {"job_title": "Caretaker"} if whom == "title" else {"person_id": self._person(who).id}
        of = {"category_id": self._category(whom).id} if whom in CODES else of
        wanted = Requirement(
            days_to_read=days,
            repeat=repeat[0],
            repeat_months=repeat[1],
            parts=parts if policy is self.policies[1] else 0,
            joiners=joiners,
            **of,
        )
        with self._trying():
            require(self.session, self.scope, MAYA, policy, wanted, self.today, self.now)

    @rule(which=SOME, of=SOME)
    def a_rule_ends(self, which: int, of: int) -> None:
        """Today is its last day."""
        policy = self._policy(which)
        rules = rules_of(self.session, self.scope, [policy.id])[policy.id]
        if rules:
            chosen = rules[of % len(rules)].rule
            row = self.session.scalars(select(ReadingRule).where(ReadingRule.public_id == chosen)).one()
            with self._trying():
                stop_requiring(self.session, self.scope, MAYA, policy, row, self.today, self.now)

    @rule(which=SOME, asks=st.sampled_from(["nobody", "everyone", "teachers", "leadership"]))
    def a_version_is_adopted(self, which: int, asks: str) -> None:
        """The board adopts a new version, and asks some, all or nobody to read it."""
        policy = self._policy(which)
        a_version(self.session, self.scope, policy, f"# {policy.title} {latest(self.session, policy).number + 1}")
        chosen = {"nobody": NOBODY, "everyone": EVERYONE}.get(asks) or Ask(category_ids=(self._category(asks).id,))
        self._decide(policy, chosen)

    @rule(who=SOME, days=st.sampled_from([0, 4, 20, 60, None]))
    def is_away(self, who: int, days: int | None) -> None:
        """Away from today."""
        until = None if days is None else self.today + dt.timedelta(days=days)
        with self._trying():
            record_absence(
                self.session, self.scope, MAYA, self._person(who), from_on=self.today, until_on=until, now=self.now
            )

    @rule(who=SOME, which=SOME, days=st.sampled_from([0, 10, 200, None]))
    def need_not(self, who: int, which: int, days: int | None) -> None:
        """Excused from today."""
        until = None if days is None else self.today + dt.timedelta(days=days)
        with self._trying():
            excuse(
                *(self.session, self.scope, MAYA, self._person(who), self._policy(which)),
                from_on=self.today,
                until_on=until,
                reason="Trained elsewhere",
                now=self.now,
            )

    @rule(who=SOME, which=SOME, days=st.sampled_from([3, 40]))
    def has_more_time(self, who: int, which: int, days: int) -> None:
        """An extension, where there is a day to move."""
        with self._trying():
            extend(
                *(self.session, self.scope, MAYA, self._person(who), self._policy(which)),
                until_on=self.today + dt.timedelta(days=days),
                reason="Ill",
                today=self.today,
                now=self.now,
            )

    @rule(who=SOME, which=SOME, parts=st.sampled_from([0, 1, 2]))
    def reads(self, who: int, which: int, parts: int) -> None:
        """Acknowledges the newest version, or parts of it."""
        person, policy = self._person(who), self._policy(which)
        version = latest(self.session, policy)
        parts = parts if policy is self.policies[1] else 0
        act = Act(self.today, "signed_in", "password", ticked=True, given_at=self.now, parts=parts)
        actor = Actor("themself", person_id=person.id)
        with self._trying():
            shown = shown_now(self.session, self.scope, version, parts)
            acknowledge(self.session, self.scope, actor, person, version, shown, act, self.now)

    @rule(of=SOME)
    def a_receipt_is_withdrawn(self, of: int) -> None:
        """One of the receipts was a mistake."""
        standing = select(Acknowledgement).where(Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)))
        receipts = self.session.scalars(standing.order_by(Acknowledgement.id)).all()
        if receipts:
            withdraw(self.session, self.scope, MAYA, receipts[of % len(receipts)], "Entered by mistake", self.now)

    @rule(who=SOME, which=SOME)
    def is_given_it_and_does_not_sign(self, who: int, which: int) -> None:
        """Given the newest version today, not signed."""
        version = latest(self.session, self._policy(which))
        self.session.add(
            Declined(
                organisation_id=self.scope.organisation_id,
                person_id=self._person(who).id,
                version_id=version.id,
                given_on=self.today,
                witness="Helen",
                note="",
                recorded_at=self.now,
                recorded_by="Helen",
            )
        )
        self.session.flush()

    @invariant()
    def sql_and_rules_agree(self) -> None:
        """Of today, and of the day furthest back that was looked at before."""
        if not hasattr(self, "scope"):
            return
        for day in {self.today, min(self.days), self.today + dt.timedelta(days=20)}:
            rows = owed(facts_of(self.session, self.scope, day), day)
            assert coverage(self.session, self.scope, day) == counted(rows)
            assert outstanding(self.session, self.scope, day) == [row for row in rows if row.state in UNREAD]

    def _decide(self, policy: Policy, ask: Ask) -> None:
        facts = Decide(
            version=latest(self.session, policy),
            decided=exactly(self.today),
            body=body(self.session, self.scope),
            ask=ask,
        )
        with self._trying():
            adopt(self.session, self.scope, MAYA, facts, self.now)

    def _new(self, name: str, code: str, title: str = "") -> Person:
        person = someone(self.session, self.scope, name, (code,), started_on=self.today)
        job = self.session.scalars(select(Engagement).where(Engagement.person_id == person.id)).one()
        job.job_title = title
        self.session.flush()
        return person

    def _person(self, who: int) -> Person:
        return self.people[who % len(self.people)]

    def _policy(self, which: int) -> Policy:
        return self.policies[which % len(self.policies)]

    def _category(self, code: str) -> Category:
        return category(self.session, self.scope, code)

    @contextmanager
    def _trying(self) -> Iterator[None]:
        """A verb that may be refused; what it did is taken back then."""
        tried = self.session.begin_nested()
        try:
            yield
            tried.commit()
        except Refusal:
            tried.rollback()


def test_sql_and_rules_agree_through_the_years(rooms: Flask) -> None:
    machine: Callable[[], RuleBasedStateMachine] = SchoolLife
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=150 if SOAK else 4,
            stateful_step_count=40 if SOAK else 16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
