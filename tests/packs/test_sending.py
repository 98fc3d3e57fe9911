"""A pack from the clock's knock to the members' mail: drafted, kept, and sent by a person in time or with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.accounts.models import Account, Grant
from governance.db import reading, writing
from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.mail.models import Outbox
from governance.mail.queries import mail
from governance.packs.models import Pack, PackSending
from governance.policies.models import VersionDocument
from governance.schedule import runner
from governance.schedule.actions import ask, begin_offered, close
from governance.schedule.models import Run
from governance.schedule.offers import POLICY_DUE
from governance.schedule.pack_sending import packs_of, send_pack, without_address
from governance.schedule.packing import BUILD_PACK
from governance.schools.models import Meeting
from governance.storage.actions import Bytes, keep
from governance.storage.models import Artefact, Document
from tests.packs.little_school import HELEN, NOW, Little, little_school

EARLIER = NOW - dt.timedelta(days=3)
LAST = dt.datetime(2026, 10, 7, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def little(session: Session) -> Little:
    return little_school(session)


def a_pack(session: Session, little: Little, filename: str = "annex.docx", sha256: str = "") -> Pack:
    """A pack as the ledger keeps it, without the printing."""
    content = Bytes(b"%PDF-1.7 pack", "application/pdf")
    kept = sha256 or hashlib.sha256(b"PK annex of Social Media Policy").hexdigest()
    manifest = {
        "items": [
            {"reference": "POL-001", "title": "Social Media Policy", "asks_for": "To review the version in force"}
        ],
        "originals": [{"filename": filename, "sha256": kept}],
    }
    whose = {"organisation_id": little.scope.organisation_id}
    artefact = Artefact(
        **whose,
        kind="pack",
        title="Policy review pack",
        filename="pack.pdf",
        document_id=keep(session, little.scope, content, NOW),
        values_sha256="0" * 64,
        manifest=json.dumps(manifest),
        made_at=NOW,
        made_by="Helen Clerk",
    )
    session.add(artefact)
    session.flush()
    pack = Pack(**whose, meeting_id=little.meeting_id, artefact_id=artefact.id, made_at=NOW)
    session.add(pack)
    session.flush()
    return pack


def test_for_15_october_a_pack_may_go_until_the_end_of_7_october(session: Session, little: Little) -> None:
    pack = a_pack(session, little)
    assert send_pack(session, little.scope, HELEN, pack, "", LAST) == 2
    mails = session.scalars(select(Outbox).order_by(Outbox.to_address)).all()
    assert [one.to_address for one in mails] == ["gil@example.org", "iqbal@university.example"]
    assert all(one.subject.startswith("Hillcrest Primary School") for one in mails)
    assert {name for name, *_ in mail(session, little.scope, mails[0].public_id).files} == {"pack.pdf", "annex.docx"}
    assert session.scalars(select(PackSending.sent_by)).one() == "Helen Clerk"
    assert session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq.desc())).first() == "pack sent"


@pytest.mark.parametrize(
    "at", [dt.datetime(2026, 10, 7, 23, 30, tzinfo=dt.UTC), dt.datetime(2026, 10, 14, tzinfo=dt.UTC)]
)
def test_later_needs_the_chairs_reason(session: Session, little: Little, at: dt.datetime) -> None:
    pack = a_pack(session, little)
    with pytest.raises(Refusal, match=r"it had to go by 7 October 2026\. Enter the chair's reason"):
        send_pack(session, little.scope, HELEN, pack, "  ", at)
    assert session.scalars(select(Outbox)).all() == []
    assert send_pack(session, little.scope, HELEN, pack, "Urgent: safeguarding", at) == 2
    assert packs_of(session, little.scope, little.meeting_id)[0].short_notice_reason == "Urgent: safeguarding"
    assert "Urgent: safeguarding" in session.scalars(select(Outbox.text)).first()  # type: ignore[operator]


def test_a_pack_is_sent_once_and_not_after_its_meeting(session: Session, little: Little) -> None:
    pack = a_pack(session, little)
    after = dt.datetime(2026, 10, 16, 8, 0, tzinfo=dt.UTC)
    with pytest.raises(Refusal, match="The meeting was on 15 October 2026"):
        send_pack(session, little.scope, HELEN, pack, "x", after)
    send_pack(session, little.scope, HELEN, pack, "", NOW)
    with pytest.raises(Refusal, match="sent already"):
        send_pack(session, little.scope, HELEN, pack, "", NOW)
    assert len(session.scalars(select(Outbox)).all()) == 2


def test_a_cancelled_meetings_pack_goes_to_nobody(session: Session, little: Little) -> None:
    session.execute(update(Meeting).values(state="cancelled"))
    with pytest.raises(Refusal, match="cancelled"):
        send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW)


def test_members_whom_no_mail_reaches_are_listed(session: Session, little: Little) -> None:
    meeting = session.get_one(Meeting, little.meeting_id)
    assert without_address(session, little.scope, meeting, NOW.date()) == ["Viv Ash"]


def test_row_71_a_file_that_is_no_longer_kept_is_named_and_nothing_goes(session: Session, little: Little) -> None:
    pack = a_pack(session, little, "risk.docx", "f" * 64)
    with pytest.raises(Refusal, match=r"its file risk\.docx is no longer kept"):
        send_pack(session, little.scope, HELEN, pack, "", NOW)
    assert session.scalars(select(Outbox)).all() == []


def test_row_71_a_file_that_is_not_what_it_was_is_named_and_nothing_goes(session: Session, little: Little) -> None:
    version = session.scalars(select(VersionDocument)).first()
    assert version is not None
    listed, whose = "e" * 64, {"organisation_id": little.scope.organisation_id}
    other = Document(**whose, sha256=listed, media_type="text/plain", size=5, bytes=b"other", recorded_at=NOW)
    session.add(other)
    session.flush()
    place = {"version_id": version.version_id, "position": 9, "filename": "annex.docx"}
    session.add(VersionDocument(**whose, **place, document_id=other.id))
    session.flush()
    pack = a_pack(session, little, "annex.docx", listed)
    with pytest.raises(Refusal, match=r"its file annex\.docx is not what it was"):
        send_pack(session, little.scope, HELEN, pack, "", NOW)
    assert session.scalars(select(Outbox)).all() == []


# ------------------------------------------------------------------------------------------------ by the clock


@pytest.fixture
def at_work(rooms: Flask) -> Little:
    """The school with the offered entries turned on, and accounts for the clerk and the headteacher."""
    with writing() as session:
        little = little_school(session)
        for email, role in (("helen@clerks.example", "clerk"), ("okafor@hillcrest.sch.uk", "headteacher")):
            account = Account(email=email, created_at=EARLIER)
            session.add(account)
            session.flush()
            whose = {"account_id": account.id, "organisation_id": little.scope.organisation_id}
            session.add(Grant(**whose, role=role, granted_at=EARLIER))
        for entry in begin_offered(session, little.scope, HELEN, EARLIER):
            if entry.job == POLICY_DUE:  # each morning's mail to owners is not what is looked at here
                close(session, little.scope, HELEN, entry.public_id, EARLIER)
    return little


@pytest.mark.engines("sqlite")
def test_the_draft_goes_to_clerk_chair_and_headteacher_fourteen_days_before(rooms: Flask, at_work: Little) -> None:
    assert runner.tick(rooms, NOW - dt.timedelta(days=1)).done == 0
    ticked = runner.tick(rooms, NOW)
    assert (ticked.done, ticked.failed) == (1, 0)
    assert runner.tick(rooms, NOW + dt.timedelta(minutes=1)).entered == 0
    with reading() as session:
        run = session.scalars(select(Run)).one()
        assert (run.state, run.slot) == ("done", f"meeting:{at_work.meeting}")
        drafts = session.scalars(select(Outbox).order_by(Outbox.to_address)).all()
        assert [one.to_address for one in drafts] == [
            "helen@clerks.example",
            "iqbal@university.example",
            "okafor@hillcrest.sch.uk",
        ]
        assert all("7 October 2026" in one.text and "Social Media Policy" in one.text for one in drafts)
        assert "Marlow" not in drafts[0].text
        [line] = packs_of(session, at_work.scope, at_work.meeting_id)
        assert (line.sent_at, line.filename) == (None, "hillcrest-full-governing-body-2026-10-15-review-pack.pdf")
    # asked for again the same day, nothing has changed: the stored pack, and no second line
    with writing() as session:
        ask(session, at_work.scope, HELEN, BUILD_PACK, {"meeting": at_work.meeting}, NOW)
    assert runner.tick(rooms, NOW + dt.timedelta(hours=1)).done == 1
    with reading() as session:
        assert [one.sha256 for one in packs_of(session, at_work.scope, at_work.meeting_id)] == [line.sha256]
        pack = session.scalars(select(Pack)).one()
    with writing() as session:
        assert send_pack(session, at_work.scope, HELEN, session.merge(pack, load=False), "", LAST) == 3


def test_a_pack_for_a_meeting_that_is_not_there_fails_in_words(rooms: Flask, at_work: Little) -> None:
    with writing() as session:
        ask(session, at_work.scope, HELEN, BUILD_PACK, {"meeting": "none"}, EARLIER)
    assert runner.tick(rooms, EARLIER).failed == 1
    with reading() as session:
        assert "meeting this pack is for is not there" in session.scalars(select(Run.result)).one()
