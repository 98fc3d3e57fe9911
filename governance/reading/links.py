"""A way to one person's list without an account: made by whoever keeps reading, sent by mail or printed as a letter.

The secret is in the mail or on the letter and nowhere else; here is its hash. A link is worn out when its day has
passed, when a newer one is made, when it is closed, when its reader has finished, and when its reader leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.mailing import Mailing, can_be_mailed
from governance.accounts.queries import signing_in
from governance.accounts.sessions import hashed
from governance.accounts.standing import has_left
from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue, take_back
from governance.mail.compose import compose
from governance.mail.private import MARK, private_word
from governance.people.models import Person
from governance.people.rules import full_name
from governance.reading.mine import Mine, mine_at
from governance.reading.models import ReadingLink
from governance.tenancy import Actor, Scope, lock, new_public_id

LINK_MADE = Event("reading link made", ids=("link", "person"), payload=("way", "until_on"))
LINK_CLOSED = Event("reading link closed", ids=("link", "person"), payload=("why",))

MAIL, LETTER = "mail", "letter"
# A letter is on its way longer, and lies about.
DAYS = {MAIL: 14, LETTER: 28}
MOST = 100
# Such mails leave on weekdays in working hours, in holidays too: a link is over in two weeks.
KIND = "reading_link"


class LinkState(StrEnum):
    """How a link stands; the value completes "this link …"."""

    OPEN = "works"
    OVER = "is over"
    REPLACED = "was replaced by a newer one"
    CLOSED = "was closed"
    FINISHED = "was finished with"


@dataclass(frozen=True)
class LinkLine:
    """A link as lists show it. `until_on` is the last day on which it works or worked, `mail` the one that brings it."""

    person_id: int
    way: str
    made_on: dt.date
    made_by: str
    until_on: dt.date
    state: LinkState
    asked_again_on: dt.date | None
    mail: str | None = None


def until_on(way: str, today: dt.date) -> dt.date:
    """The last day on which a link made today works."""
    return today + dt.timedelta(days=DAYS[way])


def state_of(link: ReadingLink, now: dt.datetime) -> LinkState:
    """How a link stands, whoever it is for."""
    if link.closed_at is not None:
        known = {"replaced": LinkState.REPLACED, "finished": LinkState.FINISHED}
        return known.get(link.closed_why or "", LinkState.CLOSED)
    return LinkState.OPEN if link.expires_at > now else LinkState.OVER


def latest_links(
    session: Session, scope: Scope, now: dt.datetime, person_ids: Collection[int] | None = None
) -> dict[int, LinkLine]:
    """The newest link of each person, or of some."""
    query = select(ReadingLink).where(ReadingLink.organisation_id == scope.organisation_id)
    if person_ids is not None:
        query = query.where(ReadingLink.person_id.in_(person_ids))
    rows = session.scalars(query.order_by(ReadingLink.id))
    return {row.person_id: _line(scope, row, now) for row in rows}


def asking_again(session: Session, scope: Scope, now: dt.datetime) -> int:
    """How many people asked for a new link and have none that works."""
    asked = select(ReadingLink.person_id).where(
        ReadingLink.organisation_id == scope.organisation_id, ReadingLink.asked_again_at.is_not(None)
    )
    people = set(session.scalars(asked))
    lines = latest_links(session, scope, now, people) if people else {}
    return sum(line.asked_again_on is not None and line.state is not LinkState.OPEN for line in lines.values())


def mail_links(
    session: Session, scope: Scope, actor: Actor, people: Sequence[Person], mailing: Mailing, now: dt.datetime
) -> int:
    """Queue a mail with a link for each; earlier links of theirs stop working. How many mails.

    Raises:
        Refusal: for somebody without an address, and as `print_links`.
    """
    lock(session, scope)
    lists = _lists(session, scope, people, now)
    refuse_if([*_objections(session, scope, people, lists, now), *_without_address(people)])
    for person in people:
        mail = _queue(session, scope, person, lists[person.id], mailing, now)
        _make(session, scope, actor, person, MAIL, private_word(mailing.key, mail), mail, now)
    return len(people)


def print_links(
    session: Session, scope: Scope, actor: Actor, people: Sequence[Person], tokens: Mapping[int, str], now: dt.datetime
) -> None:
    """Make the links of letters that are printed already, with the secrets on them, by person.

    Raises:
        Refusal: for nobody or too many, for somebody who has left, who can sign in, or who has nothing to read.
    """
    lock(session, scope)
    refuse_if(_objections(session, scope, people, _lists(session, scope, people, now), now))
    for person in people:
        _make(session, scope, actor, person, LETTER, tokens[person.id], None, now)


def close_links(session: Session, scope: Scope, actor: Actor, person: Person, now: dt.datetime) -> None:
    """Close the link of somebody, for instance when a letter went astray.

    Raises:
        Refusal: where they have none that works.
    """
    lock(session, scope)
    found = [link for link in open_links(session, scope, person.id) if link.expires_at > now]
    if not found:
        name = full_name(person.given_name, person.family_name)
        raise Refusal.one(f"{name} has no link that works, so there is nothing to close.")
    for link in found:
        close(session, scope, actor, link, person, "closed", now)


def close(
    session: Session, scope: Scope, actor: Actor, link: ReadingLink, person: Person, why: str, now: dt.datetime
) -> None:
    """Close one link; a mail that still waits with it is taken back. Inside a verb that holds the lock."""
    link.closed_at, link.closed_why, link.closed_by = now, why, actor.label
    session.flush()
    if link.mail is not None:
        take_back(session, scope, link.mail, f"Its link was closed: {why}.", now)
    ids = {"link": link.public_id, "person": person.public_id}
    record(session, scope, actor, LINK_CLOSED, ids=ids, payload={"why": why}, now=now)


def open_links(session: Session, scope: Scope, person_id: int) -> list[ReadingLink]:
    """The links of somebody that nobody closed, over or not."""
    mine = (ReadingLink.organisation_id == scope.organisation_id, ReadingLink.person_id == person_id)
    query = select(ReadingLink).where(*mine, ReadingLink.closed_at.is_(None))
    return list(session.scalars(query.order_by(ReadingLink.id)))


def objections_to_people(session: Session, scope: Scope, people: Sequence[Person], now: dt.datetime) -> list[Objection]:
    """What stops links from being made for these people: for a letter, which is printed before its link is made."""
    return list(_objections(session, scope, people, _lists(session, scope, people, now), now))


def _lists(session: Session, scope: Scope, people: Sequence[Person], now: dt.datetime) -> dict[int, Mine]:
    if len(people) > MOST:
        return {}
    today = local_day(now, scope.time_zone)
    return {person.id: mine_at(session, scope, person.id, today) for person in people}


def _objections(
    session: Session, scope: Scope, people: Sequence[Person], lists: Mapping[int, Mine], now: dt.datetime
) -> Iterator[Objection]:
    if not people:
        yield Objection("Choose at least one person.", "people")
    if len(people) > MOST:
        yield Objection(f"Choose at most {MOST} people at once.", "people")
        return
    today, accounts = local_day(now, scope.time_zone), signing_in(session, scope)
    for person in people:
        name, mine = full_name(person.given_name, person.family_name), lists[person.id]
        if has_left(session, person, today):
            yield Objection(f"{name} has left, so there is nothing to send.", "people")
        elif person.id in accounts:
            yield Objection(f"{name} has an account: they sign in and read under My reading.", "people")
        elif not mine.to_read and not mine.coming:
            yield Objection(f"{name} has nothing to read, so there is nothing to send.", "people")


def _without_address(people: Sequence[Person]) -> Iterator[Objection]:
    for person in people:
        if not can_be_mailed(person.email or ""):
            name = full_name(person.given_name, person.family_name)
            yield Objection(f"{name} has no e-mail address. Print a letter for them.", "people")


def _queue(session: Session, scope: Scope, person: Person, mine: Mine, mailing: Mailing, now: dt.datetime) -> str:
    values = {
        "name": full_name(person.given_name, person.family_name),
        "count": len(mine.to_read) or len(mine.coming),
        "due_on": mine.first_due_on,
        "link": f"{mailing.base_url}/to-read/{MARK}",
        "until": until_on(MAIL, local_day(now, scope.time_zone)),
    }
    to = (person.email or "").strip()
    letter = compose(KIND, to=to, school=scope.name, values=values, to_person=person.public_id)
    queued = queue(session, scope, letter, dedupe_key=f"{KIND}:{new_public_id()}", now=now)
    if queued is None:
        raise ValueError("a key made a moment ago was there already")
    return queued


def _make(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    way: str,
    token: str,
    mail: str | None,
    now: dt.datetime,
) -> None:
    for earlier in open_links(session, scope, person.id):
        close(session, scope, actor, earlier, person, "replaced", now)
    last = until_on(way, local_day(now, scope.time_zone))
    midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ZoneInfo(scope.time_zone))
    link = ReadingLink(
        organisation_id=scope.organisation_id,
        person_id=person.id,
        token_sha256=hashed(token),
        way=way,
        mail=mail,
        made_at=now,
        made_by=actor.label,
        expires_at=midnight,
    )
    session.add(link)
    session.flush()
    ids = {"link": link.public_id, "person": person.public_id}
    record(session, scope, actor, LINK_MADE, ids=ids, payload={"way": way, "until_on": last.isoformat()}, now=now)


def _line(scope: Scope, row: ReadingLink, now: dt.datetime) -> LinkLine:
    asked = local_day(row.asked_again_at, scope.time_zone) if row.asked_again_at else None
    last = local_day(row.expires_at - dt.timedelta(seconds=1), scope.time_zone)
    made = local_day(row.made_at, scope.time_zone)
    return LinkLine(row.person_id, row.way, made, row.made_by, last, state_of(row, now), asked, row.mail)
