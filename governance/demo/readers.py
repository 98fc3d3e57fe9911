"""Who read what in the demonstration school: most in good time, some late, a few not yet."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from governance.clock import local_day
from governance.demo.days import working_day
from governance.demo.school import Round, School
from governance.demo.staff import AWAY, AWAY_SINCE, Listed
from governance.demo.written import Written
from governance.policies.models import Policy
from governance.reading.acknowledging import Act, acknowledge, shown_now, withdraw
from governance.reading.asking import start_asking, unasked
from governance.reading.easing import excuse, extend
from governance.reading.importing import Row, import_receipts
from governance.reading.models import Acknowledgement
from governance.reading.outstanding_query import my_reading

TESS = "Tess Marlow"
# One she leaves unread, and one she reads while the demonstration is loaded.
TESS_OWES, TESS_READS = "DAT-01", "WHI-01"
_DAYS_TO_READ = 14
_SLOW = {
    "Oliver Whitcombe": 0.45,
    "Declan Rooney": 0.4,
    "Kofi Boateng": 0.5,
    "Farah Siddiqui": 0.4,
    "Peter Hallam": 0.5,
}
_PER_CATEGORY = {"governors": 0.78, "agency staff": 0.7, "volunteers": 0.75, "casual staff": 0.75}
_USUALLY = 0.9
_SOMETIMES_LATE = 0.12
_EXCUSED, _EXCUSED_FROM = "Marcus Bell", "FIR-01"
_GIVEN_TIME = "Declan Rooney"
_MISTAKEN = "Tomasz Zielinski"
_WITNESS = "Sunita Kaur"


def asking_begins(school: School) -> None:
    """Put into the diary the morning on which Maya pressed *Start asking*."""
    school.on(school.days.begun, partial(_start, school), hour=8)


def everybody_reads(school: School, everybody: list[Listed], policies: list[Written]) -> None:
    """Receipts for every round so far, then what a year brings besides: a mistake, an excuse, more time."""
    session, scope, today = school.session, school.scope, school.days.today
    rows = [Row(line, *about) for line, about in enumerate(_receipts(school, everybody, policies), start=2)]
    import_receipts(session, scope, school.sam, rows, today, school.now)
    _tess_reads(school)
    _taken_back(school)
    excused, policy = school.people[_EXCUSED], school.policies[_EXCUSED_FROM]
    reason = "Reads the contractor's own fire procedure, which covers the same."
    since = school.days.begun
    excuse(session, scope, school.sam, excused, policy, from_on=since, until_on=None, reason=reason, now=school.now)
    _more_time(school)


def _start(school: School, at: dt.datetime) -> None:
    begun = school.days.begun
    references = {row.id: reference for reference, row in school.policies.items()}
    for one in unasked(school.session, school.scope, begun):
        school.rounds.append(Round(references[one.policy_id], one.version, begun))
    start_asking(school.session, school.scope, school.maya, begun, local_day(at, school.scope.time_zone), at)


_About = tuple[str, str, int, dt.date, str, str]


def _receipts(school: School, everybody: list[Listed], policies: list[Written]) -> Iterator[_About]:
    # Not for secrets: the same school each time.
    luck = random.Random(4)  # noqa: S311
    for policy in policies:
        rounds = list(_rounds(school, policy))
        for one in everybody:
            if not set(one.categories) & set(policy.categories):
                continue
            for place, asked in enumerate(rounds):
                replaced_on = rounds[place + 1].asked_on if place + 1 < len(rounds) else None
                day = _read_on(school, one, asked, luck)
                if day is not None and (replaced_on is None or day < replaced_on):
                    yield _row(school, one, asked, day)


def _rounds(school: School, policy: Written) -> Iterator[Round]:
    """The askings of a policy by day; one that is read each year is owed anew each September."""
    asked = sorted((one for one in school.rounds if one.reference == policy.reference), key=lambda one: one.asked_on)
    yield from asked
    if asked and policy.repeat == "yearly":
        for first_day in school.days.septembers:
            if first_day > asked[-1].asked_on:
                yield Round(policy.reference, asked[-1].version, first_day)


def _read_on(school: School, one: Listed, asked: Round, luck: random.Random) -> dt.date | None:
    """The day on which somebody read it; None where they did not, or not yet."""
    does, late, delay = luck.random(), luck.random() < _SOMETIMES_LATE, luck.randrange(_DAYS_TO_READ)
    keen = _SLOW.get(one.name, min(_PER_CATEGORY.get(name, _USUALLY) for name in one.categories))
    kept_for_later = one.name == TESS and asked.reference in (TESS_OWES, TESS_READS)
    if does > keen or kept_for_later:
        return None
    day = working_day(max(asked.asked_on, one.started_on) + dt.timedelta(days=delay + _DAYS_TO_READ * late))
    gone = one.ended_on is not None and day > one.ended_on
    away = one.name == AWAY and day >= school.days.ago(AWAY_SINCE)
    return None if gone or away or day > school.days.today else day


def _row(school: School, one: Listed, asked: Round, day: dt.date) -> _About:
    person = school.people[one.name]
    number = person.staff_number or person.printed_reference
    method, witness = ("signed_in", "") if person.email else ("paper", _WITNESS)
    return number, asked.reference, asked.version, day, method, witness


def _tess_reads(school: School) -> None:
    """A receipt as a person gives it: for what was shown, with the name typed."""
    session, scope, tess = school.session, school.scope, school.people[TESS]
    version = school.versions[TESS_READS]
    act = Act(school.days.today, "signed_in", "password", typed_name=TESS, given_at=school.now)
    shown = shown_now(session, scope, version)
    acknowledge(session, scope, school.tess, tess, version, shown, act, school.now)


def _taken_back(school: School) -> None:
    receipts = select(Acknowledgement).where(Acknowledgement.person_id == school.people[_MISTAKEN].id)
    receipt = school.session.scalars(receipts.order_by(Acknowledgement.acknowledged_on, Acknowledgement.id)).first()
    if receipt is not None:
        reason = "Entered for the wrong person: the line above on the sheet was his colleague's."
        withdraw(school.session, school.scope, school.sam, receipt, reason, school.now)


def _more_time(school: School) -> None:
    session, scope, today = school.session, school.scope, school.days.today
    person = school.people[_GIVEN_TIME]
    owed = next((row for row in my_reading(session, scope, person.id, today) if row.due_on is not None), None)
    if owed is None or owed.due_on is None:
        return
    policy = session.get_one(Policy, owed.policy_id)
    until_on = max(owed.due_on, today) + dt.timedelta(days=10)
    reason = "Large print copy ordered"
    extend(session, scope, school.sam, person, policy, until_on=until_on, reason=reason, today=today, now=school.now)
