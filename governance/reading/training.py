"""A training session, such as on an INSET day: who was there confirmed several policies at once, led by somebody.

wanted ─▶ planned: versions in force that day, who is on the list, which receipts ─ absentees ticked, name typed ─▶ recorded
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.chain import canonical
from governance.journal.events import Event
from governance.people.rules import objections_to_text
from governance.policies.models import Policy
from governance.reading.bulk_receipts import (
    InPart,
    Seen,
    VersionShown,
    Wanted,
    given_for,
    shown_in_part,
    write_receipts,
)
from governance.reading.facts import Facts
from governance.reading.facts_query import facts_of
from governance.reading.importing import LONGEST_WITNESS
from governance.reading.owed import owed
from governance.reading.paper_models import TrainingPerson, TrainingReceipt, TrainingSession, TrainingVersion
from governance.reading.training_plan import Attendance, Covered, Standing, attendance, receipts_for, statement
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

SESSION_RECORDED = Event(
    "training session recorded",
    ids=("session",),
    payload=("title", "held_on", "led_by", "statement", "typed_name", "present", "receipts", "rows_sha256"),
)

LONGEST_TITLE = 200
MOST_RECEIPTS = 10_000


@dataclass(frozen=True)
class NewSession:
    """What somebody typed: which policies with which parts (bits, 0 the whole), and whose list it is.

    `category_ids` is None for everyone who works that day.
    """

    title: str
    held_on: dt.date
    led_by: str
    policies: Mapping[int, int]
    category_ids: frozenset[int] | None = None


@dataclass(frozen=True)
class Plan:
    """What recording a session would do. `attendance` is by person; `receipts` name the people they would be for."""

    versions: tuple[VersionShown, ...]
    covered: tuple[Covered, ...]
    attendance: Mapping[int, Attendance]
    receipts: tuple[tuple[int, Covered], ...]
    statement: str

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, so that what is recorded is what was looked at."""
        rows = [(person_id, one.version_id, one.parts) for person_id, one in self.receipts]
        shown = [(one.version_id, one.shown.documents_sha256, one.shown.wording) for one in self.versions]
        everything = [shown, sorted(self.attendance.items()), rows, self.statement]
        return hashlib.sha256(canonical(everything).encode("utf-8")).hexdigest()

    def without(self, absent: Collection[int]) -> Plan:
        """The same with some people absent after all."""
        changed = {
            one: Attendance.ABSENT if one in absent and how is Attendance.PRESENT else how
            for one, how in self.attendance.items()
        }
        left = tuple(row for row in self.receipts if changed[row[0]] is Attendance.PRESENT)
        return replace(self, attendance=changed, receipts=left)

    def people(self, how: Attendance) -> list[int]:
        """Those of one attendance."""
        return [person_id for person_id, one in self.attendance.items() if one == how]


def plan_session(session: Session, scope: Scope, wanted: NewSession, today: dt.date) -> Plan:
    """What a session would record with everybody on its list there: five statements at most, whatever its size.

    Raises:
        Refusal: for a future day, without a title, a leader, a policy or anybody, or for a policy not in force that day.
    """
    refuse_if(_objections(wanted, today))
    facts = facts_of(session, scope, wanted.held_on, policy_ids=list(wanted.policies))
    in_force = _in_force(facts, wanted.held_on)
    refuse_if(_objections_to_policies(session, scope, wanted, in_force))
    read = [InPart(version_id, wanted.policies[policy_id]) for policy_id, version_id in in_force.items()]
    shown = shown_in_part(session, scope, read)
    covered = tuple(Covered(one.policy_id, in_part.version_id, in_part.parts) for in_part, one in shown.items())
    there = attendance(facts.engagements, facts.absences, wanted.category_ids, wanted.held_on)
    present = sorted(one for one, how in there.items() if how is Attendance.PRESENT)
    if not present:
        raise Refusal.one(
            f"Nobody of these categories works on {day_in_words(wanted.held_on)}. Choose others.", "categories"
        )
    standings = _standings(session, scope, facts, covered, wanted.held_on)
    receipts = tuple(receipts_for(present, covered, standings, wanted.held_on))
    if len(receipts) > MOST_RECEIPTS:
        raise Refusal.one(
            f"That would be {len(receipts):,} receipts; the most at once is {MOST_RECEIPTS:,}. Choose fewer policies.",
            "policies",
        )
    return Plan(tuple(shown.values()), covered, there, receipts, statement(_wordings(tuple(shown.values()))))


def record_session(
    session: Session,
    scope: Scope,
    actor: Actor,
    wanted: NewSession,
    absent: Collection[int],
    seen: str,
    typed_name: str,
    today: dt.date,
    now: dt.datetime,
) -> TrainingSession:
    """Record a session whose plan somebody looked at: its list, and a receipt for each present and version.

    Raises:
        Refusal: as `plan_session`; without a typed name; where everybody was absent, where it was recorded before, or where
            the records changed since it was looked at.
    """
    lock(session, scope)
    whole = plan_session(session, scope, wanted, today)
    plan = whole.without(absent)
    refuse_if(_objections_to_recording(session, scope, wanted, plan, typed_name))
    if whole.digest != seen:
        raise Refusal.one("The records changed since you looked. Look at the list below again, then record it.")
    held = _held(session, scope, actor, wanted, plan, typed_name, now)
    digest = _write(session, scope, actor, held, plan, now)
    content = {
        **{name: getattr(held, name) for name in ("title", "held_on", "led_by", "statement", "typed_name")},
        "present": len(plan.people(Attendance.PRESENT)),
        "receipts": len(plan.receipts),
        "rows_sha256": digest,
    }
    record(session, scope, actor, SESSION_RECORDED, ids={"session": held.public_id}, payload=content, now=now)
    return held


def _held(
    session: Session, scope: Scope, actor: Actor, wanted: NewSession, plan: Plan, typed_name: str, now: dt.datetime
) -> TrainingSession:
    held = TrainingSession(
        organisation_id=scope.organisation_id,
        title=tidy(wanted.title),
        held_on=wanted.held_on,
        led_by=tidy(wanted.led_by),
        statement=plan.statement,
        typed_name=tidy(typed_name),
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(held)
    session.flush()
    return held


def _write(session: Session, scope: Scope, actor: Actor, held: TrainingSession, plan: Plan, now: dt.datetime) -> str:
    """The versions, the list and the receipts of a session; the digest of the receipts."""
    whose = {"organisation_id": scope.organisation_id, "session_id": held.id}
    versions = [
        {**whose, "position": position, "version_id": one.version_id, "parts": one.parts}
        for position, one in enumerate(plan.covered, start=1)
    ]
    people = [{**whose, "person_id": person_id, "attendance": how.value} for person_id, how in plan.attendance.items()]
    session.execute(insert(TrainingVersion), versions)
    session.execute(insert(TrainingPerson), people)
    shown = {one.version_id: one.shown for one in plan.versions}
    wanted = [
        Wanted(person_id, one.version_id, shown[one.version_id], "session", one.parts)
        for person_id, one in plan.receipts
    ]
    seen = Seen(held.held_on, "session_led", held.led_by)
    written, digest = write_receipts(session, scope, actor, wanted, seen, now)
    if written:
        session.execute(insert(TrainingReceipt), [{**whose, "acknowledgement_id": number} for number, _ in written])
    return digest


def _in_force(facts: Facts, day: dt.date) -> dict[int, int]:
    """The version of each policy in force on a day; retired policies have none."""
    found: dict[int, int] = {}
    for row in sorted(facts.in_force, key=lambda row: (row.from_on, row.in_force_id)):
        retired_on = facts.retired_on.get(row.policy_id)
        if row.from_on <= day and (retired_on is None or day <= retired_on):
            found[row.policy_id] = row.version_id
    return found


def _standings(
    session: Session, scope: Scope, facts: Facts, covered: Sequence[Covered], day: dt.date
) -> dict[tuple[int, int], Standing]:
    version_of = {one.policy_id: one.version_id for one in covered}
    given = given_for(session, scope, sorted(version_of.values()))
    found = {key: Standing(None, tuple(receipts)) for key, receipts in given.items()}
    for row in owed(facts, day):
        if row.policy_id in version_of:
            key = (row.person_id, version_of[row.policy_id])
            found[key] = Standing(row.state, tuple(given.get(key, ())))
    return found


def _wordings(versions: Sequence[VersionShown]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for one in versions:
        found.setdefault(one.shown.wording, []).append(f"{one.title} (version {one.label})")
    return list(found.items())


def _objections(wanted: NewSession, today: dt.date) -> Iterator[Objection]:
    if not tidy(wanted.title):
        yield Objection("Enter what the session was, such as “INSET day: safeguarding”.", "title")
    yield from objections_to_text(wanted.title, "The title", "title", LONGEST_TITLE)
    if wanted.held_on > today:
        yield Objection(
            f"{day_in_words(wanted.held_on)} is in the future. Record the session once it has been held.", "held_on"
        )
    if not wanted.led_by.strip():
        yield Objection("Enter who led the session.", "led_by")
    yield from objections_to_text(wanted.led_by, "The name of the leader", "led_by", LONGEST_WITNESS)
    if not wanted.policies:
        yield Objection("Choose at least one policy.", "policies")
    if wanted.category_ids is not None and not wanted.category_ids:
        yield Objection("Choose everyone, or at least one category.", "categories")


def _objections_to_policies(
    session: Session, scope: Scope, wanted: NewSession, in_force: Mapping[int, int]
) -> Iterator[Objection]:
    missing = [policy_id for policy_id in wanted.policies if policy_id not in in_force]
    if missing:
        titles = session.scalars(
            select(Policy.title)
            .where(Policy.organisation_id == scope.organisation_id, Policy.id.in_(missing))
            .order_by(Policy.sort_key)
        )
        day = day_in_words(wanted.held_on)
        for title in titles:
            yield Objection(f"No version of {title} was in force on {day}. Take off its tick.", "policies")


def _objections_to_recording(
    session: Session, scope: Scope, wanted: NewSession, plan: Plan, typed_name: str
) -> Iterator[Objection]:
    if not tidy(typed_name):
        yield Objection("Type your name to state that each person present confirmed.", "typed_name")
    yield from objections_to_text(typed_name, "Your name", "typed_name", LONGEST_WITNESS)
    if not plan.people(Attendance.PRESENT):
        yield Objection("Everybody is ticked as absent. Take off the ticks of those who were there.", "absent")
    same = select(TrainingSession.id).where(
        TrainingSession.organisation_id == scope.organisation_id,
        TrainingSession.held_on == wanted.held_on,
        TrainingSession.title == tidy(wanted.title),
    )
    if session.scalar(same.limit(1)) is not None:
        day = day_in_words(wanted.held_on)
        yield Objection(f"A session of that name on {day} is recorded already. Give this one another name.", "title")
