"""Where each screen of the demonstration is found at its most telling: a path below the school for each endpoint."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.models import Account
from governance.adoption.models import Decision, Delegation, MinuteReference
from governance.demo.readers import TESS_OWES, TESS_READS
from governance.mail.models import Outbox
from governance.people.models import Absence, BodyMember, Category, Engagement, Person, Post
from governance.policies.models import Policy, PolicyContact, PolicyVersion
from governance.reading.models import Acknowledgement, Declined, Excuse, ReadingRule
from governance.reading.paper_models import Sheet, TrainingSession
from governance.schools.models import GoverningBody, Meeting, Term

_PLAIN = {
    "home.index": "/",
    "front_desk.index": "/front-desk",
    "front_desk.start_adding": "/front-desk/add",
    "front_desk_poster.index": "/front-desk/poster",
    "front_desk_settings.index": "/settings/front-desk",
    "front_desk_tablet.start": "/front-desk/tablet",
    "asking.index": "/asking",
    "bodies.index": "/bodies",
    "bodies.start": "/bodies/new",
    "delegation.index": "/delegation",
    "delegation.start": "/delegation/new",
    "meetings.index": "/meetings",
    "my_meetings.index": "/my-meetings",
    "meetings_planning.start": "/meetings/plan",
    "planner.index": "/planner",
    "my_reading.index": "/my-reading",
    "my_reading.about_me": "/my-reading/about-me",
    "calendar.index": "/calendar",
    "contacts.index": "/contacts",
    "reading_links.several": "/reading/links",
    "people.index": "/people",
    "people.start_adding": "/people/add",
    "people_import.start": "/people/import",
    "new_version.start": "/policies/new",
    "several.start": "/policies/several",
    "posts.index": "/posts",
    "reading.index": "/reading",
    "reading.by_manager": "/reading/by-manager",
    "reading.outstanding": "/reading/outstanding",
    "reading.overdue": "/reading/overdue",
    "paper.index": "/reading/paper",
    "register.index": "/register",
    "reminders.index": "/reading/reminders",
    "text_search.index": "/register/words?words=staff",
    "inspection.index": "/inspection",
    "sheets.of_category": "/sheets/category",
    "sheets.of_session": "/sheets/session",
    "training.index": "/training",
    "training.start": "/training/new",
    "reports.index": "/reports",
    "reports.show": "/reports/coverage",
    "scheduled.index": "/scheduled",
    "scheduled.new": "/scheduled/new",
    "settings.index": "/settings",
    "categories.index": "/settings/categories",
    "school_time.index": "/settings/school-time",
    "school_time.start_term": "/settings/school-time/terms/new",
    "school_time.start_closed": "/settings/school-time/closed/new",
    "roles.index": "/settings/roles",
    "roles.invitation": "/settings/roles/invite",
    "roles.choose_people": "/settings/roles/slips",
}


def addresses(session: Session) -> dict[str, str]:
    """The path of every screen below the school, by endpoint. What the facts do not hold yet is left out."""
    return {**_PLAIN, **_of_policies(session), **_of_reading(session), **_of_people(session), **_of_meetings(session)}


def account_of(session: Session, email: str) -> Account:
    """The account that signs in with an address."""
    return session.scalars(select(Account).where(Account.email == email)).one()


def _of_policies(session: Session) -> dict[str, str]:
    social = _public(session, Policy, Policy.reference == "SOC-01")
    behaviour = _public(session, Policy, Policy.reference == "BEH-01")
    rule = _public(session, ReadingRule, ReadingRule.policy_id == _id(session, Policy.reference == "SOC-01"))
    return {
        "policy.show": f"/policies/{social}",
        "policy.details": f"/policies/{social}/details",
        "policy.related": f"/policies/{social}/related",
        "preparation.show": f"/policies/{social}/prepare",
        "contacts.of_policy": f"/policies/{social}/contacts",
        "contacts.show": f"/contacts/{_public(session, PolicyContact)}",
        "policy.retire": f"/policies/{social}/retire",
        "new_version.start_version": f"/policies/{social}/new-version",
        "readers.index": f"/policies/{social}/readers",
        "readers.stopping": f"/policies/{social}/readers/{rule}/stop",
        "asking.ask": f"/asking/{social}",
        "decisions.approve": f"/policies/{behaviour}/approve",
        "decisions.approved": f"/policies/{behaviour}/record-approval",
    }


def _of_reading(session: Session) -> dict[str, str]:
    owed = _public(session, Policy, Policy.reference == TESS_OWES)
    tess = _public(session, Person, Person.given_name == "Tess")
    version = _public(
        session, PolicyVersion, PolicyVersion.policy_id == _id(session, Policy.reference == TESS_OWES), newest=True
    )
    excused = session.scalars(select(Excuse)).one()
    person = session.get_one(Person, excused.person_id).public_id
    policy = session.get_one(Policy, excused.policy_id).public_id
    read = _id(session, Policy.reference == TESS_READS)
    hers = (
        select(Acknowledgement.reference)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .where(PolicyVersion.policy_id == read, Acknowledgement.typed_name.is_not(None))
    )
    receipt = session.scalars(hers).one()
    return {
        "reading.policy": f"/policies/{owed}/reading",
        "reading.person": f"/policies/{owed}/reading/{tess}",
        "reading.more_time": f"/policies/{owed}/reading/{tess}/more-time",
        "reading.not_needed": f"/policies/{owed}/reading/{tess}/not-needed",
        "reading.needed_again": f"/policies/{policy}/reading/{person}/needed-again",
        "reading.sheet": f"/policies/{owed}/reading/sheet",
        "paper.enter": f"/reading/paper/sheet/{version}",
        "sheets.show": f"/sheets/{session.scalars(select(Sheet.number)).one()}",
        "training.show": f"/training/{_public(session, TrainingSession)}",
        "reading.given_not_signed": f"/policies/{owed}/reading/{tess}/given-not-signed",
        **_of_declined(session),
        "read.show": f"/read/{version}",
        "read.receipt": f"/receipts/{receipt}",
        "reading.withdrawing": f"/receipts/{receipt}/withdraw",
        "reports.person": f"/people/{tess}/reading",
    }


def _of_declined(session: Session) -> dict[str, str]:
    declined = session.scalars(select(Declined).order_by(Declined.id)).first()
    if declined is None:
        return {}
    version = session.get_one(PolicyVersion, declined.version_id)
    policy, person = session.get_one(Policy, version.policy_id), session.get_one(Person, declined.person_id)
    here = f"/policies/{policy.public_id}/reading/{person.public_id}/given-not-signed"
    return {"reading.taking_back": f"{here}/{declined.public_id}"}


def _of_people(session: Session) -> dict[str, str]:
    tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
    absence = session.scalars(select(Absence)).one()
    away = session.get_one(Person, absence.person_id).public_id
    here, job = (
        f"/people/{tess.public_id}",
        _public(session, Engagement, Engagement.person_id == tess.id),
    )
    return {
        "people.show": here,
        "people.details": f"{here}/details",
        "reading_links.show": f"/people/{away}/reading-link",
        "people_jobs.job": f"{here}/jobs/{job}",
        "people_jobs.ending": f"{here}/jobs/{job}/end",
        "people_jobs.moving": f"{here}/jobs/{job}/move",
        "people_jobs.start_job": f"{here}/jobs/new",
        "people_jobs.leaving": f"{here}/leave",
        "people_absences.start": f"{here}/absences/new",
        "people_absences.show": f"/people/{away}/absences/{absence.public_id}",
        "posts.show": f"/posts/{_public(session, Post, Post.name == 'Data protection officer')}",
        "roles.show": f"/settings/roles/{account_of(session, 'sam.achebe@hillcrest.example').public_id}",
    }


def _of_meetings(session: Session) -> dict[str, str]:
    board = session.scalars(select(GoverningBody).where(GoverningBody.kind == "board")).one()
    planned = (Meeting.state == "planned", Meeting.body_id == board.id)
    coming = session.scalars(select(Meeting).where(*planned).order_by(Meeting.held_on)).first()
    last = session.scalars(
        select(Meeting).where(Meeting.state == "held", Meeting.body_id == board.id).order_by(Meeting.held_on.desc())
    ).first()
    assert coming is not None
    assert last is not None
    seat = _public(session, BodyMember, BodyMember.office == "vice_chair")
    minuted = select(MinuteReference.decision_id)
    decision = _public(session, Decision, Decision.meeting_id.is_not(None), Decision.id.not_in(minuted), newest=True)
    mails = select(Outbox.public_id).order_by(Outbox.id)
    mail = session.scalars(mails).first()
    return {
        "bodies.show": f"/bodies/{board.public_id}",
        "bodies.naming": f"/bodies/{board.public_id}/rename",
        "bodies.ending": f"/bodies/{board.public_id}/end",
        "categories.naming": f"/settings/categories/{_public(session, Category)}",
        "school_time.show_term": f"/settings/school-time/terms/{_public(session, Term)}",
        "school_time.usual": f"/settings/school-time/usual/{clock.today().year + 1}",
        "bodies.seating": f"/bodies/{board.public_id}/seats/new",
        "bodies.term": f"/bodies/{board.public_id}/seats/{seat}",
        "delegation.ending": f"/delegation/{_public(session, Delegation)}/end",
        "meetings.show": f"/meetings/{coming.public_id}",
        "meetings_planning.moving": f"/meetings/{coming.public_id}/move",
        "packs.index": f"/meetings/{coming.public_id}/packs",
        "meeting_decisions.start": f"/meetings/{last.public_id}/decisions",
        "minutes.show": f"/meetings/{last.public_id}/minutes",
        "decisions.correct": f"/decisions/{decision}/correct",
        "decisions.minute": f"/decisions/{decision}/minute",
        **({"scheduled.mail": f"/mails/{mail}"} if mail else {}),
    }


def _public(session: Session, model: Any, *conditions: Any, newest: bool = False) -> str:
    order = model.id.desc() if newest else model.id
    found: str = session.scalars(select(model.public_id).where(*conditions).order_by(order).limit(1)).one()
    return found


def _id(session: Session, condition: Any) -> int:
    return session.scalars(select(Policy.id).where(condition)).one()
