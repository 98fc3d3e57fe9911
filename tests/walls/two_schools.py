"""Two schools with everything in them, built by the rooms' own verbs: Hillcrest, and Zed's, whose every name says so.

Days count from today, since what is between upload and confirmation is kept for two days only.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.inviting import new_link
from governance.accounts.mailing import Mailing
from governance.accounts.models import Account
from governance.accounts.permissions import Role
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.delegating import Power, delegate
from governance.adoption.models import Decision, InForce
from governance.chasing.models import Reminder, ReminderLine
from governance.db import reading, writing
from governance.extract.examine import examine_here
from governance.extract.scans import PNG, Scan
from governance.mail.models import Outbox
from governance.mail.private import private_word
from governance.packs.models import Pack, PackLink
from governance.people.absences import record_absence
from governance.people.models import BodyMember, Engagement, Person, PostHolder
from governance.people.posts import make_post
from governance.policies.actions import NewPolicy, NewVersion, Text, add_policy, record_version
from governance.policies.contact_keeping import Contact, add_contact
from governance.policies.models import Policy, PolicyContact, PolicyVersion, RelatedPolicy, VersionDocument
from governance.policies.related import relate, relate_to
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.declining import record_declined
from governance.reading.easing import excuse, extend
from governance.reading.links import print_links
from governance.reading.paper_models import SheetScan
from governance.reading.requiring import Requirement, require
from governance.reading.sheet_entering import Sitting, enter_sheet
from governance.reading.sheet_printing import for_policy, print_sheet
from governance.reading.training import NewSession, plan_session, record_session
from governance.reception.addresses import make_address, secret_of
from governance.reception.arriving import add_by_hand
from governance.reception.choosing import choose_policies
from governance.reception.rules import Visitor
from governance.schedule.actions import begin_offered
from governance.schedule.models import Run, ScheduleEntry
from governance.schedule.pack_sending import send_pack
from governance.schedule.rounds import run_due
from governance.schools.actions import hold_meeting, plan_meeting
from governance.schools.school_time import Days, close_day, keep_term
from governance.storage.actions import Bytes, keep
from governance.storage.models import Artefact, Document, HeldFile
from governance.tenancy import Organisation, Scope, new_public_id, scope_by_slug
from tests import hillcrest
from tests.hillcrest import MAYA
from tests.walls.addresses import School, Schools
from tests.web.people import account, sign_in

OURS, THEIRS = "hillcrest", "zeds"
KEY = "a key for tests and for nothing else, long enough"
CANARY = "Zedland"

TEXT = """# {title}

## 1 Purpose

1.1 This policy says what everybody at {school} does about it.

1.2 It is to be read together with the Complaints Procedure.

## 2 What we do

- tell somebody
- write it down
"""


def build(app: Flask) -> Schools:
    """Fill an empty database. The application must be without CSRF: lists are brought in through the screens."""
    with app.app_context(), writing() as session:
        ours = _school(session, "Hillcrest Primary School", OURS, "Hillcrest")
        theirs = _school(session, f"{CANARY} Academy", THEIRS, CANARY)
    schools = Schools(ours, theirs, {role.value: f"{role.value}@{OURS}.sch.uk" for role in Role})
    for school in (ours, theirs):
        client = app.test_client()
        assert sign_in(client, f"system_manager@{school.slug}.sch.uk").status_code == 303
        school.ids |= _held(client, school) | _calendar(client, school)
        with app.app_context(), writing() as session:
            school.link = _link(session, school)
    return schools


def _school(session: Session, name: str, slug: str, word: str) -> School:
    now = clock.now()
    today = clock.today()
    scope = hillcrest.a_school(session, name, slug)
    session.get_one(Organisation, scope.organisation_id).asking_since = today - dt.timedelta(days=200)
    people = _people(session, scope, word)
    policies = _policies(session, scope, word, today, now)
    ids = {
        **_governing(session, scope, people, policies, word, today, now),
        **_reading(session, scope, people, policies, today, now),
        **_staff(session, scope, people, word, today, now),
        **_made(session, scope, word, now),
        **_reception(session, scope, word, now),
    }
    return School(slug, ids)


def _people(session: Session, scope: Scope, word: str) -> dict[str, Person]:
    people = {}
    jobs = {Role.HEADTEACHER: "headteacher", Role.GOVERNOR: "governors", Role.SYSTEM_MANAGER: "administrators"}
    for role in Role:
        one = hillcrest.someone(session, scope, f"{role.in_words.split()[0]} {word}", (jobs.get(role, "teachers"),))
        one.email = f"{role.value}@{scope.slug}.sch.uk"
        account(session, scope, one.email, (role,), one)
        people[role.value] = one
    people["leaver"] = hillcrest.someone(session, scope, f"Bea {word}", ended_on=clock.today() - dt.timedelta(days=60))
    people["away"] = hillcrest.someone(session, scope, f"Al {word}", ("agency",))
    return people


def _policies(session: Session, scope: Scope, word: str, today: dt.date, now: dt.datetime) -> list[Policy]:
    found: list[Policy] = []
    for title in ("Behaviour Policy", "Complaints Procedure", "Lone Working Policy", "Social Media Policy"):
        policy = add_policy(session, scope, MAYA, NewPolicy(title=f"{word} {title}"), now)
        for number in (1, 2):
            written = TEXT.format(title=f"{word} {title} {number}", school=scope.name)
            read = examine_here("policy.md", written.encode())
            kept = Text("clauses-1", read.text_sha256 or "", read.clauses_json)
            file = hillcrest.a_file(written, f"{word}.md")
            record_version(session, scope, MAYA, policy, NewVersion(files=(file,), text=kept, label=word), now)
            if number == 1 and title != "Lone Working Policy":
                asked_from = today - dt.timedelta(days=90)
                version = hillcrest.latest(session, policy)
                hillcrest.put_in_force(session, scope, version, today - dt.timedelta(days=120), asked_from)
        relate(session, scope, MAYA, policy, [f"{word} Missing Policy"], now)
        if found:
            relate_to(session, scope, MAYA, policy, found[0], now)
        found.append(policy)
    return found


def _governing(
    session: Session,
    scope: Scope,
    people: dict[str, Person],
    policies: Sequence[Policy],
    word: str,
    today: dt.date,
    now: dt.datetime,
) -> dict[str, str]:
    body, whose = hillcrest.body(session, scope), {"organisation_id": scope.organisation_id}
    body.name = body.name_key = f"{word} Governing Body"
    seat = BodyMember(**whose, body_id=body.id, person_id=people["governor"].id, office="chair", from_on=today)
    held = plan_meeting(
        session, scope, MAYA, body=body, held_on=today - dt.timedelta(days=30), place=f"{word} library", now=now
    )
    hold_meeting(session, scope, MAYA, held, now=now)
    meeting = plan_meeting(session, scope, MAYA, body=body, held_on=today + dt.timedelta(days=30), now=now)
    items = [
        put_on_agenda(session, scope, MAYA, meeting, policy, AsksFor.ADOPT, now, hillcrest.latest(session, policy))
        for policy in policies[:3]
    ]
    power = Power(from_on=today, person=people["headteacher"], policy=policies[0], source=f"{word} minute 4")
    delegation = delegate(session, scope, MAYA, power, now)
    document = keep(session, scope, Bytes(f"%PDF-1.7 {word}".encode(), "application/pdf"), now)
    made = {
        "values_sha256": "0" * 64,
        "manifest": '{"originals": [], "items": []}',
        "made_at": now,
        "made_by": "Helen",
        "document_id": document,
    }
    artefact = Artefact(**whose, kind="pack", title=f"{word} pack", filename=f"{word}.pdf", **made)
    session.add_all([seat, artefact])
    session.flush()
    pack = Pack(**whose, meeting_id=meeting.id, artefact_id=artefact.id, made_at=now)
    session.add(pack)
    session.flush()
    decided = session.scalars(select(Decision).where(Decision.policy_id == policies[0].id)).first()
    assert decided is not None
    ids: dict[str, Any] = {
        "body": body,
        "seat": seat,
        "meeting": meeting,
        "item": items[1],
        "delegation": delegation,
        "pack": pack,
    }
    ids |= {"decision": decided}
    return {**{name: row.public_id for name, row in ids.items()}, **_sent_by_link(session, scope, pack, now)}


def _sent_by_link(session: Session, scope: Scope, pack: Pack, now: dt.datetime) -> dict[str, str]:
    """The pack, sent to the chair and the headteacher by links of their own, and what one of those leads to."""
    session.get_one(Organisation, scope.organisation_id).pack_way = "link"
    send_pack(session, scope, MAYA, pack, "", now, Mailing("http://localhost", KEY))
    link = session.scalars(select(PackLink).where(PackLink.pack_id == pack.id).order_by(PackLink.id)).first()
    assert link is not None
    mail = session.get_one(Outbox, link.outbox_id).public_id
    document = session.get_one(Artefact, pack.artefact_id).document_id
    return {
        "link": link.public_id,
        "pack_link.token": private_word(KEY, mail),
        "pack_link.document": session.get_one(Document, document).public_id,
    }


def _reading(
    session: Session,
    scope: Scope,
    people: dict[str, Person],
    policies: Sequence[Policy],
    today: dt.date,
    now: dt.datetime,
) -> dict[str, str]:
    since, policy = today - dt.timedelta(days=120), policies[0]
    for one in policies[:3]:
        for code in ("teachers", "agency", "governors", "administrators", "headteacher"):
            category = hillcrest.category(session, scope, code).id
            rule = require(session, scope, MAYA, one, Requirement(category_id=category), since, now)
    mine = require(session, scope, MAYA, policy, Requirement(person_id=people["hr"].id), since, now)
    version = session.scalars(
        select(PolicyVersion).where(PolicyVersion.policy_id == policy.id).order_by(PolicyVersion.number)
    ).first()
    assert version is not None and rule is not None
    shown = shown_now(session, scope, version)
    act = Act(acknowledged_on=today, method="paper", assurance="paper_witnessed", witness="Maya Lund")
    receipt = acknowledge(session, scope, MAYA, people["clerk"], version, shown, act, now)
    until = today + dt.timedelta(days=40)
    excuse(session, scope, MAYA, people["front_desk"], policy, from_on=today, until_on=until, reason="On loan", now=now)
    extend(session, scope, MAYA, people["away"], policy, until_on=until, reason="New", today=today, now=now)
    lead = Contact("this policy", name=f"{scope.name} HR", phone="01234 567890", email="hr@hr.example")
    add_contact(session, scope, MAYA, policy, lead, now)
    contact = session.scalars(select(PolicyContact).where(PolicyContact.policy_id == policy.id)).one()
    token = secrets.token_urlsafe(32)
    print_links(session, scope, MAYA, [people["away"]], {people["away"].id: token}, now)
    document = session.scalars(
        select(Document.public_id)
        .join(VersionDocument, VersionDocument.document_id == Document.id)
        .where(VersionDocument.version_id == version.id)
    ).one()
    row = session.scalars(select(RelatedPolicy.id).where(RelatedPolicy.policy_id == policy.id)).first()
    return {
        "policy": policy.public_id,
        "version": version.public_id,
        "document": document,
        "rule": mine.public_id,
        "reference": receipt.reference,
        "row": str(row),
        **_paper(session, scope, people, policies, today, now),
        "contact": contact.public_id,
        "by_link.token": token,
    }


def _paper(
    session: Session,
    scope: Scope,
    people: dict[str, Person],
    policies: Sequence[Policy],
    today: dt.date,
    now: dt.datetime,
) -> dict[str, str]:
    """A sheet entered in part with a scan, somebody who was given it and did not sign, and a training session."""
    about = {"given_on": today, "witness": "Maya Lund", "note": "", "today": today, "now": now}
    declined = record_declined(session, scope, MAYA, people["away"], policies[0], **about)  # type: ignore[arg-type]
    wanted = for_policy(session, scope, policies[1], None, today)
    sheet = print_sheet(session, scope, MAYA, wanted, "", today, now)
    scan = Scan(f"{policies[1].title}.png", PNG, b"\x89PNG\r\n\x1a\n" + scope.slug.encode())
    sitting = Sitting(today, "Maya Lund", signed=frozenset({people["hr"].public_id}), scans=(scan,))
    entry = enter_sheet(session, scope, MAYA, sheet, sitting, today, now)
    asked = NewSession(f"{policies[2].title} session", today, "Maya Lund", {policies[1].id: 0})
    seen = plan_session(session, scope, asked, today).digest
    held = record_session(session, scope, MAYA, asked, (), seen, "Maya Lund", today, now)
    kept = session.scalars(select(SheetScan.public_id).where(SheetScan.entry_id == entry.id)).one()
    return {"given": declined.public_id, "sheet": sheet.number, "scan": kept, "training": held.public_id}


def _staff(
    session: Session, scope: Scope, people: dict[str, Person], word: str, today: dt.date, now: dt.datetime
) -> dict[str, str]:
    person = people["away"]
    absence = record_absence(
        session, scope, MAYA, person, from_on=today - dt.timedelta(days=20), reason=f"{word} leave", now=now
    )
    job = session.scalars(select(Engagement).where(Engagement.person_id == person.id)).one()
    post = make_post(session, scope, MAYA, name=f"{word} safeguarding lead", now=now)
    holding = PostHolder(
        organisation_id=scope.organisation_id, post_id=post.id, person_id=people["headteacher"].id, from_on=today
    )
    session.add(holding)
    session.flush()
    term = keep_term(session, scope, MAYA, Days(f"{word} term", today, today + dt.timedelta(days=40)), now)
    closed = close_day(session, scope, MAYA, _weekday(today + dt.timedelta(days=7)), "inset", f"{word} INSET", now)
    reader = session.scalars(select(Account).where(Account.email == people["reader"].email)).one()
    ids: dict[str, Any] = {
        "person": person,
        "absence": absence,
        "job": job,
        "post": post,
        "holding": holding,
        "public_id": reader,
        "category": hillcrest.category(session, scope, "teachers"),
        "term": term,
        "day": closed,
    }
    return {name: row.public_id for name, row in ids.items()}


def _weekday(day: dt.date) -> dt.date:
    """The day, or the Monday after it where it is at a weekend."""
    return day + dt.timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def _reception(session: Session, scope: Scope, word: str, now: dt.datetime) -> dict[str, str]:
    """A poster, somebody added by hand today, and what day people read."""
    policies = session.scalars(select(Policy.id).where(Policy.organisation_id == scope.organisation_id)).all()
    choose_policies(session, scope, MAYA, set(policies[:1]), today=clock.today(), now=now)
    address = make_address(session, scope, MAYA, KEY, now=now)
    visit = add_by_hand(session, scope, MAYA, Visitor("Ivo", word, f"{word} Supply", "Cover"), now=now)
    return {"visit": visit.public_id, "poster": secret_of(KEY, address.public_id)}


def _made(session: Session, scope: Scope, word: str, now: dt.datetime) -> dict[str, str]:
    whose = {"organisation_id": scope.organisation_id}
    begin_offered(session, scope, MAYA, now)
    entry = session.scalars(select(ScheduleEntry).where(ScheduleEntry.organisation_id == scope.organisation_id)).first()
    artefact = session.scalars(select(Artefact).where(Artefact.organisation_id == scope.organisation_id)).one()
    assert entry is not None
    run = Run(
        **whose,
        entry_id=entry.id,
        job=entry.job,
        slot="2026-11-16",
        due_at=now,
        state="done",
        finished_at=now,
        result=f"{word} pack made",
        artefact_id=artefact.id,
    )
    mail = Outbox(
        **whose,
        kind="monday",
        dedupe_key=f"{word} 1",
        to_address=f"maya@{scope.slug}.sch.uk",
        subject=f"{word}: this week",
        text=f"{word} is well",
        html=f"<p>{word} is well</p>",
        message_id=f"<1@{scope.slug}.example>",
        state="queued",
        queued_at=now,
        next_try_at=now + dt.timedelta(hours=9),
    )
    made = {"document_id": artefact.document_id, "values_sha256": "0" * 64, "manifest": "{}", "made_at": now}
    file = Artefact(**whose, **made, kind="inspection", title=f"{word} file", filename=f"{word}.pdf", made_by="Maya")
    session.add_all([run, mail, file])
    session.flush()
    return {
        "entry": entry.public_id,
        "run": run.public_id,
        "mail": mail.public_id,
        "inspection.file": file.public_id,
        **_reminded(session, scope, word, now),
    }


def _reminded(session: Session, scope: Scope, word: str, now: dt.datetime) -> dict[str, str]:
    """A morning's reminder that waits to leave."""
    whose, cause = {"organisation_id": scope.organisation_id}, new_public_id()
    person = session.scalars(select(Person).where(Person.organisation_id == scope.organisation_id)).first()
    row = session.scalars(select(InForce).where(InForce.organisation_id == scope.organisation_id)).first()
    assert person is not None and row is not None
    mail = Outbox(
        **whose,
        kind="reminder",
        dedupe_key=f"{word} reminder",
        cause=cause,
        to_address=f"reader@{scope.slug}.sch.uk",
        subject=f"{word}: 1 policy to read",
        text=f"{word} asks you to read",
        html=f"<p>{word} asks you to read</p>",
        message_id="",
        state="queued",
        queued_at=now,
        next_try_at=now + dt.timedelta(hours=9),
    )
    session.add(mail)
    session.flush()
    told = {**whose, "to_person_id": person.id, "whom": "person"}
    reminder = Reminder(**told, outbox_id=mail.id, cause=cause, reminded_on=now.date())
    session.add(reminder)
    session.flush()
    about = {"policy_id": row.policy_id, "version_id": row.version_id, "in_force_id": row.id, "person_id": person.id}
    session.add(ReminderLine(**told, **about, reminder_id=reminder.id, due_on=now.date(), rung="0"))
    session.flush()
    return {"reminders.mail": mail.public_id, "reminders.run": cause}


def _calendar(client: FlaskClient, school: School) -> dict[str, str]:
    """The address of the system manager's calendar."""
    found = re.search(r"/calendar/([\w-]{43})\.ics", client.post(f"/{school.slug}/calendar").text)
    assert found is not None
    return {"calendar_feed.token": found[1]}


def _link(session: Session, school: School) -> str:
    """A one-time link that somebody has been sent."""
    scope = scope_by_slug(session, school.slug)
    sent = account(session, scope, f"invited@{school.slug}.sch.uk", (Role.READER,))
    return new_link(session, scope, MAYA, sent, now=clock.now())


def _held(client: FlaskClient, school: School) -> dict[str, str]:
    """Files between upload and confirmation, by the screens that hold them."""
    word = CANARY if school.slug == THEIRS else "Hillcrest"
    people = f"staff_number,given_name,family_name,email,category,started_on\nN1,Ann,{word},,Teachers,2026-09-01\n"
    paper = f"staff_number,reference,version,acknowledged_on,method,witness\nN-Al-{word},X,1,2026-09-01,paper,Maya\n"
    sent = {
        "people_import.held": ("people/import", "file", "people.csv", people),
        "new_version.held": ("policies/new", "files", "new.md", f"# {word} Uniform Policy\n\nWear it.\n"),
        "paper.kept": ("reading/paper/import", "file", "paper.csv", paper),
    }
    ids = {}
    for name, (path, field, filename, text) in sent.items():
        data = {field: (io.BytesIO(text.encode()), filename)}
        answer = client.post(f"/{school.slug}/{path}", data=data)
        assert answer.status_code == 302, (path, answer.text)
        ids[name] = answer.location.rstrip("/").rpartition("/")[2]
    return ids | _sorted(client, school, word)


def _sorted(client: FlaskClient, school: School, word: str) -> dict[str, str]:
    """A folder of policies, read and waiting to be confirmed."""
    files = [(io.BytesIO(f"# {word} {title} Policy\n\nDo it.\n".encode()), f"{title}.md") for title in ("Art", "Bee")]
    answer = client.post(f"/{school.slug}/policies/several", data={"files": files})
    assert answer.status_code == 302, answer.text
    app = client.application
    with app.app_context():
        assert run_due(clock.now) == (1, 0)
    held = answer.location.rpartition("/")[2]
    with app.app_context(), reading() as session:
        row = session.scalars(select(HeldFile.id).where(HeldFile.public_id == held).order_by(HeldFile.id)).first()
    return {"several.held": held, "several.row": str(row)}
