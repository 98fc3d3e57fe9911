"""A school's terms and closed days: keeping them, and taking the usual pattern as a start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.schools.models import ClosedDay, Term
from governance.schools.names import tidy, unstorable
from governance.schools.term_pattern import UsualTerm, UsualYear
from governance.tenancy import Actor, Organisation, Scope, lock

TERM_KEPT = Event("term kept", ids=("term",), payload=("before", "after"))
TERM_DROPPED = Event("term dropped", ids=("term",), payload=("before",))
DAY_CLOSED = Event("day closed", ids=("day",), payload=("closed_on", "kind", "note"))
DAY_OPENED = Event("day opened again", ids=("day",), payload=("closed_on",))
YEAR_TAKEN = Event("usual terms taken", ids=("school",), payload=("starts_in", "terms", "closed"))

LONGEST_NAME = 60
LONGEST_NOTE = 200
# A term of more than half a year is two terms entered as one.
LONGEST_TERM_DAYS = 183
EARLIEST_YEAR, YEARS_AHEAD = 2000, 5
KINDS = {"inset": "INSET day", "bank_holiday": "Bank holiday", "closure": "School closed"}


@dataclass(frozen=True)
class Days:
    """A term as somebody enters it."""

    name: str
    first_on: dt.date
    last_on: dt.date


def terms(session: Session, scope: Scope) -> Sequence[Term]:
    """The school's terms, by their first day."""
    mine = select(Term).where(Term.organisation_id == scope.organisation_id)
    return session.scalars(mine.order_by(Term.first_on, Term.id)).all()


def closed_days(session: Session, scope: Scope) -> Sequence[ClosedDay]:
    """The days on which the school is closed, in their order."""
    mine = select(ClosedDay).where(ClosedDay.organisation_id == scope.organisation_id)
    return session.scalars(mine.order_by(ClosedDay.closed_on)).all()


def keep_term(
    session: Session, scope: Scope, actor: Actor, wanted: Days, now: dt.datetime, term: Term | None = None
) -> Term:
    """Enter a term, or put one right.

    Raises:
        Refusal: without a name, for days out of order or out of range, or for a term that meets another.
    """
    lock(session, scope)
    others = [one for one in terms(session, scope) if term is None or one.id != term.id]
    refuse_if(objections_to_term(wanted, others, local_day(now, scope.time_zone)))
    before = _told(term) if term else None
    if term is None:
        term = Term(organisation_id=scope.organisation_id)
        session.add(term)
    term.name, term.first_on, term.last_on = tidy(wanted.name), wanted.first_on, wanted.last_on
    session.flush()
    if _told(term) != before:
        payload = {"before": before, "after": _told(term)}
        record(session, scope, actor, TERM_KEPT, ids={"term": term.public_id}, payload=payload, now=now)
    return term


def drop_term(session: Session, scope: Scope, actor: Actor, term: Term, now: dt.datetime) -> None:
    """Take a term off the calendar."""
    lock(session, scope)
    ids, payload = {"term": term.public_id}, {"before": _told(term)}
    session.delete(term)
    session.flush()
    record(session, scope, actor, TERM_DROPPED, ids=ids, payload=payload, now=now)


def close_day(
    session: Session, scope: Scope, actor: Actor, closed_on: dt.date, kind: str, note: str, now: dt.datetime
) -> ClosedDay:
    """Say that a day in a term is no school day.

    Raises:
        Refusal: for a day that is none in any term, or is closed already.
    """
    lock(session, scope)
    taken = {one.closed_on for one in closed_days(session, scope)}
    refuse_if(objections_to_closing(closed_on, kind, note, terms(session, scope), taken))
    day = ClosedDay(organisation_id=scope.organisation_id, closed_on=closed_on, kind=kind, note=tidy(note))
    session.add(day)
    session.flush()
    content = {"closed_on": closed_on, "kind": kind, "note": day.note}
    record(session, scope, actor, DAY_CLOSED, ids={"day": day.public_id}, payload=content, now=now)
    return day


def open_day(session: Session, scope: Scope, actor: Actor, day: ClosedDay, now: dt.datetime) -> None:
    """Take back that a day is closed."""
    lock(session, scope)
    ids, payload = {"day": day.public_id}, {"closed_on": day.closed_on}
    session.delete(day)
    session.flush()
    record(session, scope, actor, DAY_OPENED, ids=ids, payload=payload, now=now)


def take_usual_year(session: Session, scope: Scope, actor: Actor, usual: UsualYear, now: dt.datetime) -> None:
    """Enter a year's usual terms and bank holidays, to be changed afterwards where the school differs.

    Raises:
        Refusal: where a term is entered that meets one of them; nothing is entered then.
    """
    lock(session, scope)
    met = [one for one in terms(session, scope) for other in usual.terms if _meet(one, other)]
    if met:
        raise Refusal.one(
            f"{met[0].name} is entered already, from {day_in_words(met[0].first_on)} to {day_in_words(met[0].last_on)}. "
            "Take off the terms of that year first, or change them one by one."
        )
    own = scope.organisation_id
    for term in usual.terms:
        session.add(Term(organisation_id=own, name=term.name, first_on=term.first_on, last_on=term.last_on))
    taken = {one.closed_on for one in closed_days(session, scope)}
    closed = [(day, name) for day, name in usual.bank_holidays if day not in taken]
    for day, name in closed:
        session.add(ClosedDay(organisation_id=own, closed_on=day, kind="bank_holiday", note=name))
    session.flush()
    school = session.get_one(Organisation, own)
    told = [[one.name, one.first_on.isoformat(), one.last_on.isoformat()] for one in usual.terms]
    content = {"starts_in": usual.starts_in, "terms": told, "closed": [day.isoformat() for day, _ in closed]}
    record(session, scope, actor, YEAR_TAKEN, ids={"school": school.public_id}, payload=content, now=now)


def objections_to_term(wanted: Days, others: Sequence[Term], today: dt.date) -> Iterator[Objection]:
    """What is wrong with a term, beside the school's others."""
    yield from _objections_to_words(wanted.name, "the term's name", "name", LONGEST_NAME, needed=True)
    latest = today.year + YEARS_AHEAD
    if wanted.first_on.year < EARLIEST_YEAR or wanted.last_on.year > latest:
        yield Objection(f"Enter days between {EARLIEST_YEAR} and {latest}.", "first_on")
    elif wanted.last_on < wanted.first_on:
        first = day_in_words(wanted.first_on)
        yield Objection(f"The last day is before {first}, the first. Change one of them.", "last_on")
    elif (wanted.last_on - wanted.first_on).days >= LONGEST_TERM_DAYS:
        yield Objection("That is more than half a year. Enter each term, or half-term, by itself.", "last_on")
    for other in others:
        if _meet(other, wanted):
            until = f"{day_in_words(other.first_on)} to {day_in_words(other.last_on)}"
            yield Objection(f"It meets {other.name}, {until}. Change one of them.", "first_on")


def objections_to_closing(
    closed_on: dt.date, kind: str, note: str, known: Sequence[Term], taken: set[dt.date]
) -> Iterator[Objection]:
    """What stops a day from being closed: a day outside the terms is none on which anybody is expected anyway."""
    if kind not in KINDS:
        yield Objection("Choose INSET day, bank holiday or school closed.", "kind")
    yield from _objections_to_words(note, "the note", "note", LONGEST_NOTE, needed=False)
    day = day_in_words(closed_on)
    if closed_on in taken:
        yield Objection(f"{day} is on the list already.", "closed_on")
    elif not any(term.first_on <= closed_on <= term.last_on for term in known):
        yield Objection(f"{day} is in no term that you entered. Days outside the terms need no entry.", "closed_on")
    elif closed_on.weekday() > 4:
        yield Objection(f"{day} is at a weekend, which is no school day anyway.", "closed_on")


def _objections_to_words(text: str, what: str, field: str, most: int, *, needed: bool) -> Iterator[Objection]:
    if needed and not tidy(text):
        yield Objection(f"Enter {what}, such as Autumn 1.", field)
    elif len(tidy(text)) > most or unstorable(text):
        yield Objection(f"Write {what} in {most} ordinary characters or fewer.", field)


def _meet(one: Term, other: Days | UsualTerm) -> bool:
    return one.first_on <= other.last_on and other.first_on <= one.last_on


def _told(term: Term) -> dict[str, str]:
    return {"name": term.name, "first_on": term.first_on.isoformat(), "last_on": term.last_on.isoformat()}
