"""What is owed on a day, in plain Python: the oracle that the SQL of this room is held to. Slow and obvious on purpose.

    facts ─ pair up ─▶ Pair (one person, one policy)
          ─ required ─▶ the rules that hold, through a job or by name, and were asked by the day
          ─ asked ───▶ the in-force row to be read
          ─ state ───▶ excused, away, read, not yet read, reading overdue
          ─ clock ───▶ start and due day of those who have not read

Where the design leaves room, we chose (house rules):
- An asking cannot work before its version is in force: it counts from the later of the two days.
- A rule counts for a person only once an asking covers its category; a rule nobody was asked under owes nothing.
- A person has one state for a policy, the same in every category's cell.
- A rule that names a person holds for them while they have a job here, or where no job of theirs was ever recorded: a
  leaver owes nothing, whatever names them.
- The first day of the asking is found over all askings of the in-force row and all categories that any rule of the
  policy ever named, so that moving from one asked category to another gives no fresh clock.
- A receipt has lapsed as soon as one repeating rule no longer takes it; that day starts the clock.
- An open absence that has not begun yet moves no due day, since nobody knows the first day back. Absences count row by
  row, each by its whole length.
- An extension that ran out before the clock started belongs to an earlier round and sets nothing; of several for one
  asking the latest day holds.
- Where a rule is for parts of a document, receipts together must cover its parts; who is asked for more parts than they
  have read has their clock from the day these were required of them.
- Given, not signed holds for the round in which it was given: a new asking or a lapse starts afresh.
- A version's in-force day, for receipts given before it, is the first of its in-force days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from governance.reading.calendar import (
    FIRST_DAY,
    LAST_DAY,
    SchoolYear,
    add_months,
    days_after,
    due_day,
    has_school_days,
    next_school_day,
    next_year_start,
)
from governance.reading.facts import MOST_PARTS, Absence, Asking, Facts, InForce, Receipt, Repeat, Rule, parts_together
from governance.reading.pairs import Pair, pairs


class State(StrEnum):
    """How one person stands with one policy on a day; exactly one holds."""

    EXCUSED = "excused"
    AWAY = "away"
    READ = "read"
    DECLINED = "given, not signed"
    NOT_YET_READ = "not yet read"
    READING_OVERDUE = "reading overdue"


class Owed(NamedTuple):
    """One person and one policy on a day.

    `read_on` is the latest day they read the version asked or a later one, though it may have lapsed since; `lapses_on`
    the day it lapses or lapsed. `start_on` and `due_on` are known only for those who have not read; `days_late` is 0
    until the day after `due_on`. `category_ids` are those through which it is required, `named` that a rule names them or
    their job title. `parts` are the bits of the parts that are required together, 0 the whole.
    """

    person_id: int
    policy_id: int
    state: State
    in_force_id: int
    version_id: int
    number: int
    asked_on: dt.date
    read_on: dt.date | None
    lapses_on: dt.date | None
    start_on: dt.date | None
    due_on: dt.date | None
    days_late: int
    category_ids: tuple[int, ...]
    named: bool
    parts: int = 0


def owed(facts: Facts, day: dt.date) -> list[Owed]:
    """Everybody who is in the audience of each policy on a day, by policy, then person."""
    return [row for pair in pairs(facts) if (row := owed_by(pair, day)) is not None]


def owed_by(pair: Pair, day: dt.date) -> Owed | None:
    """How one person stands with one policy on a day; None when they are not in its audience."""
    rules = rules_asked(pair, day)
    if not rules:
        return None
    asked = max(_rows_asking(pair, rules, day), key=lambda row: (row.from_on, row.number, row.in_force_id))
    receipts = [r for r in pair.receipts if r.number >= asked.number and r.given_on <= day]
    since = {parts: _good_since(pair, receipts, parts) for parts in {rule.parts for rule in rules}}
    lapses_on = min((lapse for r in rules if (lapse := _lapse(pair, r, since[r.parts]))), default=None)
    unread = [rule for rule in rules if not _good(pair, rule, since[rule.parts], day)]
    state, start, due = _standing(pair, day), None, None
    if state is None and not unread:
        state = State.READ
    if state is None:
        missing = any(since[rule.parts] is None for rule in rules)
        asking = _asking_more(pair, receipts) if receipts and missing else pair.rules
        start = _start(pair, asked, asking, lapses_on, day)
        due = _due(pair, asked, start, min(rule.days_to_read for rule in unread))
        state = State.READING_OVERDUE if due < day else State.NOT_YET_READ
        if any(d.number >= asked.number and start <= d.given_on <= day for d in pair.declined):
            state = State.DECLINED
    return Owed(
        person_id=pair.person_id,
        policy_id=pair.policy_id,
        state=state,
        in_force_id=asked.in_force_id,
        version_id=asked.version_id,
        number=asked.number,
        asked_on=min(asked_on for asked_on, _ in _first_days_asked(pair, asked, day)),
        read_on=max((r.given_on for r in receipts), default=None),
        lapses_on=lapses_on,
        start_on=start,
        due_on=due,
        days_late=(day - due).days if due and state is State.READING_OVERDUE else 0,
        category_ids=tuple(sorted({rule.category_id for rule in rules if rule.category_id is not None})),
        named=any(rule.category_id is None for rule in rules),
        parts=parts_together(rule.parts for rule in rules),
    )


def lapse_day(given_on: dt.date, repeat: Repeat, months: int | None, school: SchoolYear) -> dt.date | None:
    """The first day on which a receipt given on a day is no longer good; None where nothing repeats."""
    if repeat is Repeat.YEARLY:
        return next_year_start(given_on, school)
    if repeat is Repeat.MONTHS:
        return add_months(given_on, months or 0)
    return None


def is_long(absence: Absence, school: SchoolYear) -> bool:
    """Whether an absence has at least the school's figure of school days; an open one counts as long."""
    return has_school_days(absence.from_on, absence.until_on, school.away_school_days, school)


def _requires(pair: Pair, rule: Rule, day: dt.date) -> bool:
    """A rule holds, and the person holds a job in its category, or is named by it and has not left."""
    if not rule.holds_on(day):
        return False
    if rule.person_id is not None and not pair.engagements:
        return True
    return any(job.holds_on(day) and rule.reaches(job) for job in pair.engagements)


def _asked_from(row: InForce, asking: Asking) -> dt.date:
    return max(row.from_on, asking.from_on)


def _covers(asking: Asking, category_id: int | None) -> bool:
    return asking.category_id is None or asking.category_id == category_id


def _asks(pair: Pair, row: InForce, rule: Rule, day: dt.date) -> bool:
    return any(_covers(a, rule.category_id) and _asked_from(row, a) <= day for a in pair.askings_of(row))


def rules_asked(pair: Pair, day: dt.date) -> list[Rule]:
    """The rules through which the policy is required that day; empty outside its audience."""
    if pair.retired_on is not None and pair.retired_on < day:
        return []
    required = [rule for rule in pair.rules if _requires(pair, rule, day)]
    return [rule for rule in required if any(_asks(pair, row, rule, day) for row in pair.in_force)]


def _rows_asking(pair: Pair, rules: list[Rule], day: dt.date) -> list[InForce]:
    return [row for row in pair.in_force if any(_asks(pair, row, rule, day) for rule in rules)]


def _standing(pair: Pair, day: dt.date) -> State | None:
    if any(excuse.holds_on(day) for excuse in pair.excuses):
        return State.EXCUSED
    for absence in pair.absences:
        here = absence.from_on > day or (absence.until_on is not None and absence.until_on < day)
        if not here and is_long(absence, pair.school):
            return State.AWAY
    return None


def _counts_from(pair: Pair, receipt: Receipt) -> dt.date:
    """The day a repeat counts from: that of the receipt, or of its version's coming into force where that is later."""
    in_force = [row.from_on for row in pair.in_force if row.version_id == receipt.version_id]
    return max(receipt.given_on, min(in_force)) if in_force else receipt.given_on


def _good_since(pair: Pair, receipts: list[Receipt], parts: int) -> dt.date | None:
    """The latest day since which receipts cover the parts; None where they do not. Each bit may have its own receipt."""
    wanted = [1 << bit for bit in range(MOST_PARTS) if parts >> bit & 1] or [0]
    days = []
    for bit in wanted:
        covering = [_counts_from(pair, r) for r in receipts if not r.parts or bit & r.parts]
        if not covering:
            return None
        days.append(max(covering))
    return min(days)


def _lapse(pair: Pair, rule: Rule, good_since: dt.date | None) -> dt.date | None:
    """The first day on which a rule no longer takes the receipt; None without a receipt or a repeat."""
    return lapse_day(good_since, rule.repeat, rule.repeat_months, pair.school) if good_since else None


def _good(pair: Pair, rule: Rule, good_since: dt.date | None, day: dt.date) -> bool:
    if good_since is None:
        return False
    lapse = _lapse(pair, rule, good_since)
    return lapse is None or lapse > day


def _start(pair: Pair, asked: InForce, rules: tuple[Rule, ...], lapsed_on: dt.date | None, day: dt.date) -> dt.date:
    """The day the clock starts: the latest of the four that the design names."""
    ended_excuses = [e.until_on for e in pair.excuses if e.until_on is not None and e.until_on < day]
    latest = max(
        min(first_day for _, first_day in _first_days_asked(pair, asked, day)),
        lapsed_on or FIRST_DAY,
        max((days_after(until_on, 1) for until_on in ended_excuses), default=FIRST_DAY),
    )
    return max(latest, stretch_start(pair, day, rules))


def _asking_more(pair: Pair, receipts: list[Receipt]) -> tuple[Rule, ...]:
    """The rules, of all times, for parts that the receipts do not cover."""
    return tuple(rule for rule in pair.rules if _good_since(pair, receipts, rule.parts) is None)


def _first_days_asked(pair: Pair, asked: InForce, day: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """For each asking by the day: its day, and the first day on or after it that the person held a category it covers."""
    for asking in pair.askings_of(asked):
        asked_on = _asked_from(asked, asking)
        covered = [rule for rule in pair.rules if _covers(asking, rule.category_id)]
        if asked_on > day:
            continue
        if not pair.engagements and any(rule.person_id is not None for rule in covered):
            yield asked_on, asked_on
        for job in pair.engagements:
            began, ended = max(asked_on, job.started_on), job.ended_on
            held = began <= day and (ended is None or ended >= asked_on)
            if held and any(rule.reaches(job) for rule in covered):
                yield asked_on, began


def stretch_start(pair: Pair, day: dt.date, rules: tuple[Rule, ...] | None = None) -> dt.date:
    """The first day of the unbroken stretch, up to a day on which it holds, in which the policy was required.

    Spells of a rule and a job are joined where no school day lies between them. `rules` are those looked at, if not all.
    """
    looked_at = pair.rules if rules is None else rules
    spells = sorted(spell for rule in looked_at for spell in _spells(pair, rule) if spell[0] <= min(day, spell[1]))
    first, unbroken_to = day, None
    for start, end in spells:
        if unbroken_to is None or start > unbroken_to:
            first = start
        if end >= day:
            break
        unbroken_to = max(unbroken_to or FIRST_DAY, next_school_day(end, pair.school))
    return first


def _spells(pair: Pair, rule: Rule) -> Iterator[tuple[dt.date, dt.date]]:
    """From when to when a rule required the policy, once for each job it reaches."""
    until = rule.until_on or LAST_DAY
    if rule.person_id is not None and not pair.engagements:
        yield rule.from_on, until
    for job in pair.engagements:
        if rule.reaches(job):
            yield max(rule.from_on, job.started_on), min(until, job.ended_on or LAST_DAY)


def _due(pair: Pair, asked: InForce, start: dt.date, days: int) -> dt.date:
    """The last day to read, after absences, unless an extension of this round sets it."""
    extended = [e.until_on for e in pair.extensions if e.in_force_id == asked.in_force_id and e.until_on >= start]
    return max(extended) if extended else due_after_absences(start, days, pair.absences, pair.school)


def due_after_absences(start: dt.date, days: int, absences: tuple[Absence, ...], school: SchoolYear) -> dt.date:
    """The due day of a clock started on a day, moved by each long absence that began on or before it.

    Such an absence gives the full days again from the first day back; one that was over before the clock started gives
    nothing, since it would only bring the day forward.
    """
    due = due_day(start, days, school)
    for absence in sorted(absences, key=lambda a: (a.from_on, a.until_on or dt.date.max)):
        if absence.until_on is None or not is_long(absence, school):
            continue
        if absence.from_on > due:
            break
        due = max(due, due_day(days_after(absence.until_on, 1), days, school))
    return due
