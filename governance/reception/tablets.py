"""The shared tablet: a browser that is signed in as nobody, at which people who are expected today take turns.

    the front desk starts it ─▶ name and number ─▶ one person's turn: read and sign ─▶ the turn ends ─▶ the next person

Nothing is listed and nobody is revealed: every pair that does not belong together gets the same answer.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from governance.accounts.models import Account
from governance.accounts.permissions import Permission
from governance.accounts.sessions import hashed
from governance.accounts.standing import standing_at
from governance.clock import local_day
from governance.errors import Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import BodyMember, Engagement, Person
from governance.people.references import as_printed
from governance.people.rules import full_name
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import Act, Shown, acknowledge
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.owed import State
from governance.reading.parts import named_parts
from governance.reading.queries import my_reading
from governance.reception.models import TabletSession, TabletTurn, Visit, VisitStep
from governance.reception.rules import belongs_together, objections_to_signature
from governance.reception.short_set import ToRead, in_force_of
from governance.reception.visits import course_of, link_receipt
from governance.schools.names import tidy
from governance.tenancy import Actor, Organisation, Scope, lock, scope_of

TABLET_STARTED = Event("tablet started", ids=("tablet",), payload=("witness",))
TABLET_ENDED = Event("tablet ended", ids=("tablet",), payload=())
METHOD, ASSURANCE = "tablet", "tablet_typed"
LONGEST = dt.timedelta(hours=12)
# A turn in which nothing is sent ends by itself; the page clears after 60 seconds without a touch.
IDLE = dt.timedelta(minutes=10)
_TO_DO = frozenset({State.NOT_YET_READ, State.READING_OVERDUE, State.DECLINED, State.AWAY})


@dataclass(frozen=True)
class Tablet:
    """A tablet in use, with its school and its account."""

    scope: Scope
    colour: str | None
    row: TabletSession
    email: str


@dataclass(frozen=True)
class Given:
    """A receipt of a turn. `parts` names what it is for, empty for the whole."""

    reference: str
    title: str
    parts: tuple[str, ...]


def start_tablet(
    session: Session, scope: Scope, actor: Actor, *, watched: bool, now: dt.datetime
) -> tuple[TabletSession, str]:
    """Make a browser a tablet until the end of the day at the latest; the row, and the token for its cookie.

    With `watched` whoever starts it stays beside it and is the witness of what is signed.
    """
    actor.need(Permission.KEEP_DAY_PEOPLE)
    lock(session, scope)
    token = secrets.token_urlsafe(32)
    row = TabletSession(
        organisation_id=scope.organisation_id,
        token_sha256=hashed(token),
        account_id=actor.account_id,
        witness=actor.label if watched else None,
        started_at=now,
        expires_at=min(now + LONGEST, _midnight(scope, now)),
    )
    session.add(row)
    session.flush()
    ids, payload = {"tablet": row.public_id}, {"witness": row.witness}
    record(session, scope, actor, TABLET_STARTED, ids=ids, payload=payload, now=now)
    return row, token


def tablet_behind(session: Session, token: str, *, now: dt.datetime) -> Tablet | None:
    """The tablet of a browser's token: until it expires, is ended, or whoever started it may no longer do so."""
    found = session.execute(
        select(TabletSession, Organisation, Account)
        .join(Organisation, Organisation.id == TabletSession.organisation_id)
        .join(Account, Account.id == TabletSession.account_id)
        .where(
            TabletSession.token_sha256 == hashed(token),
            TabletSession.ended_at.is_(None),
            TabletSession.expires_at > now,
            Account.active.is_(True),
        )
    ).one_or_none()
    if found is None:
        return None
    row, organisation, account = found
    standing = standing_at(session, account, organisation.slug, now=now)
    if standing is None or Permission.KEEP_DAY_PEOPLE not in standing.actor.permissions:
        return None
    return Tablet(scope_of(organisation), organisation.colour, row, account.email)


def end_tablet(session: Session, scope: Scope, tablet: TabletSession, by: str, *, now: dt.datetime) -> None:
    """The browser is a tablet no longer. Whoever asks has given the password before."""
    lock(session, scope)
    end_turns(session, scope, tablet, now=now)
    tablet.ended_at = now
    session.flush()
    record(session, scope, Actor(by, tablet.account_id), TABLET_ENDED, ids={"tablet": tablet.public_id}, now=now)


def begin_turn(
    session: Session, scope: Scope, tablet: TabletSession, name: str, number: str, *, now: dt.datetime
) -> TabletTurn | None:
    """The turn of the person whose name and number belong together and who is expected today; None for any other pair."""
    lock(session, scope)
    end_turns(session, scope, tablet, now=now)
    today = local_day(now, scope.time_zone)
    found = [
        person
        for person in session.scalars(_numbered(scope, number).order_by(Person.id))
        if belongs_together(name, person.given_name, person.family_name) and _expected(session, person, today)
    ]
    if len(found) != 1:
        return None
    whose = {"organisation_id": scope.organisation_id, "tablet_id": tablet.id, "person_id": found[0].id}
    turn = TabletTurn(**whose, begun_at=now, touched_at=now)
    session.add(turn)
    session.flush()
    return turn


def turn_behind(
    session: Session, scope: Scope, tablet: TabletSession, public_id: str, *, now: dt.datetime
) -> tuple[TabletTurn, Person] | None:
    """A turn that goes on, with its person; None for one that ended, was left idle, or is another tablet's."""
    turn = session.scalar(
        select(TabletTurn).where(
            TabletTurn.organisation_id == scope.organisation_id,
            TabletTurn.tablet_id == tablet.id,
            TabletTurn.public_id == public_id,
            TabletTurn.ended_at.is_(None),
            TabletTurn.touched_at > now - IDLE,
        )
    )
    if turn is None:
        return None
    person = session.get_one(Person, turn.person_id)
    return (turn, person) if _expected(session, person, local_day(now, scope.time_zone)) else None


def end_turns(session: Session, scope: Scope, tablet: TabletSession, *, now: dt.datetime) -> None:
    """Whoever was at the tablet is done."""
    open_turns = select(TabletTurn).where(
        TabletTurn.organisation_id == scope.organisation_id,
        TabletTurn.tablet_id == tablet.id,
        TabletTurn.ended_at.is_(None),
    )
    for turn in session.scalars(open_turns.order_by(TabletTurn.id)):
        turn.ended_at = now
    session.flush()


def sign_on_tablet(
    session: Session,
    scope: Scope,
    tablet: TabletSession,
    turn_id: str,
    version: PolicyVersion,
    shown: Shown,
    typed: str,
    *,
    parts: int = 0,
    now: dt.datetime,
) -> Acknowledgement:
    """The person of a turn signs what they were shown, by typing their name; `parts` as bits, 0 the whole.

    Raises:
        Refusal: when the turn is over, without their name, or for other bytes or wording than are served now.
    """
    lock(session, scope)
    found = turn_behind(session, scope, tablet, turn_id, now=now)
    if found is None:
        raise Refusal.one("Your turn at the tablet is over, so nothing was recorded. Begin again with your name.")
    turn, person = found
    refuse_if(objections_to_signature(typed, person.given_name, person.family_name))
    actor = Actor(f"{full_name(person.given_name, person.family_name)}, on the tablet", None, person.id)
    today = local_day(now, scope.time_zone)
    act = Act(today, METHOD, ASSURANCE, typed_name=tidy(typed), given_at=now, witness=tablet.witness, parts=parts)
    receipt = acknowledge(session, scope, actor, person, version, shown, act, now)
    turn.touched_at = now
    for visit in _visits_of(session, scope, person, today):
        link_receipt(session, scope, visit, receipt)
    session.flush()
    return receipt


def to_read(
    session: Session, scope: Scope, person: Person, day: dt.date, *, also_read_on: dt.date | None = None
) -> list[ToRead]:
    """Everything a person has to read on a day, by title; with `also_read_on`, what they read on that day too."""
    rows = my_reading(session, scope, person.id, day)
    owed = [row for row in rows if row.state in _TO_DO or (also_read_on and row.read_on == also_read_on)]
    return in_force_of(session, scope, {row.policy_id: row.parts for row in owed}, day)


def given_in(session: Session, scope: Scope, turn: TabletTurn) -> list[Given]:
    """The receipts of a turn, in the order given."""
    rows = session.execute(
        select(Acknowledgement.reference, Policy.title, Policy.id, Acknowledgement.parts)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.person_id == turn.person_id,
            Acknowledgement.method == METHOD,
            Acknowledgement.given_at >= turn.begun_at,
            Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)),
        )
        .order_by(Acknowledgement.id)
    ).all()
    named = named_parts(session, scope, ((policy_id, parts) for _, _, policy_id, parts in rows))
    return [Given(reference, title, named[policy_id, parts]) for reference, title, policy_id, parts in rows]


def _numbered(scope: Scope, number: str) -> Select[Person]:
    typed = tidy(number)
    return select(Person).where(
        Person.organisation_id == scope.organisation_id,
        Person.deactivated_at.is_(None),
        or_(func.lower(Person.staff_number) == typed.lower(), Person.printed_reference == as_printed(typed)),
    )


def _expected(session: Session, person: Person, day: dt.date) -> bool:
    """Whether somebody holds a job or a seat on a day."""
    job = select(Engagement.id).where(
        Engagement.person_id == person.id,
        Engagement.started_on <= day,
        or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day),
    )
    seat = select(BodyMember.id).where(
        BodyMember.person_id == person.id,
        BodyMember.from_on <= day,
        or_(BodyMember.until_on.is_(None), BodyMember.until_on >= day),
    )
    held = or_(job.exists(), seat.exists())
    return (
        person.deactivated_at is None
        and session.scalar(select(Person.id).where(Person.id == person.id, held)) is not None
    )


def _visits_of(session: Session, scope: Scope, person: Person, day: dt.date) -> list[Visit]:
    visits = session.scalars(
        select(Visit)
        .where(
            Visit.organisation_id == scope.organisation_id,
            Visit.visited_on == day,
            Visit.id.in_(select(VisitStep.visit_id).where(VisitStep.person_id == person.id)),
        )
        .order_by(Visit.id)
    )
    courses = [course_of(session, visit) for visit in visits]
    return [one.visit for one in courses if one.who is not None and one.who.person_id == person.id]


def _midnight(scope: Scope, now: dt.datetime) -> dt.datetime:
    tomorrow = local_day(now, scope.time_zone) + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), ZoneInfo(scope.time_zone)).astimezone(dt.UTC)
