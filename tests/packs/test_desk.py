"""What waits for the clerk, and a member's own meetings."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from governance.adoption.actions import add_minute_reference, decide
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem
from governance.extract.dates import exactly
from governance.packs.desk import Desk, clerks_desk
from governance.packs.members import own_meetings
from governance.packs.models import Pack, PackSending
from governance.people.models import BodyMember
from governance.policies.models import Policy
from governance.schools.models import Meeting
from governance.storage.actions import Bytes, keep
from governance.storage.models import Artefact
from tests import hillcrest
from tests.hillcrest import MAYA
from tests.packs.little_school import MEETING_ON, NOW, Little, little_school

SOON, AFTER = MEETING_ON - dt.timedelta(days=10), MEETING_ON + dt.timedelta(days=1)


@pytest.fixture
def little(session: Session) -> Little:
    """A meeting with one policy on its agenda."""
    made = little_school(session)
    meeting = session.get_one(Meeting, made.meeting_id)
    policy = session.get_one(Policy, made.policies["Social Media"])
    put_on_agenda(session, made.scope, MAYA, meeting, policy, AsksFor.REVIEW, NOW, hillcrest.latest(session, policy))
    return made


def waiting(session: Session, little: Little, today: dt.date) -> tuple[int, int, int]:
    desk: Desk = clerks_desk(session, little.scope, today)
    return len(desk.to_send), len(desk.to_enter), len(desk.minutes)


def sent(session: Session, little: Little) -> Pack:
    document_id = keep(session, little.scope, Bytes(b"%PDF-", "application/pdf"), NOW)
    mine = {"organisation_id": little.scope.organisation_id}
    artefact = Artefact(
        **mine, kind="pack", title="Pack", filename="pack.pdf", document_id=document_id, values_sha256="0" * 64,
        manifest="{}", made_at=NOW, made_by="Helen",
    )  # fmt: skip
    session.add(artefact)
    session.flush()
    pack = Pack(**mine, meeting_id=little.meeting_id, artefact_id=artefact.id, made_at=NOW)
    session.add(pack)
    session.flush()
    session.add(PackSending(**mine, pack_id=pack.id, sent_at=NOW, sent_by="Helen"))
    session.flush()
    return pack


def test_a_pack_is_to_be_sent_from_three_weeks_before_until_it_is(session: Session, little: Little) -> None:
    assert waiting(session, little, MEETING_ON - dt.timedelta(days=22))[0] == 0
    (one,) = clerks_desk(session, little.scope, SOON).to_send
    assert (one.body, one.held_on, one.count) == ("Full Governing Body", MEETING_ON, 1)
    sent(session, little)
    assert waiting(session, little, SOON)[0] == 0


def test_decisions_are_to_be_entered_then_their_minutes(session: Session, little: Little) -> None:
    before = waiting(session, little, AFTER)
    assert before[1] == 1
    meeting = session.get_one(Meeting, little.meeting_id)
    policy = session.get_one(Policy, little.policies["Social Media"])

    item = session.query(AgendaItem).one()
    facts = Decide(
        version=hillcrest.latest(session, policy), decided=exactly(MEETING_ON), kind=Kind.REVIEWED, meeting=meeting,
        body=hillcrest.body(session, little.scope), item=item,
    )  # fmt: skip
    later = NOW + dt.timedelta(days=30)
    decision = decide(session, little.scope, MAYA, facts, later)
    assert waiting(session, little, AFTER)[1:] == (0, before[2] + 1)
    add_minute_reference(session, little.scope, MAYA, decision, "2026/31", later)
    assert waiting(session, little, AFTER)[1:] == (0, before[2])


def test_a_meeting_that_was_not_quorate_leaves_nothing_to_enter(session: Session, little: Little) -> None:
    session.get_one(Meeting, little.meeting_id).state = "inquorate"
    session.flush()
    assert waiting(session, little, AFTER)[1] == 0


def test_a_member_sees_the_meetings_of_their_term_and_the_pack_that_was_sent(session: Session, little: Little) -> None:
    person = hillcrest.someone(session, little.scope, "Grace Bell", ("governors",))
    whose = {"organisation_id": little.scope.organisation_id, "person_id": person.id, "office": "member"}
    body = hillcrest.body(session, little.scope)
    seat = BodyMember(**whose, body_id=body.id, from_on=dt.date(2026, 9, 1))
    session.add(seat)
    session.flush()

    def own() -> list[tuple[dt.date, str | None]]:
        found = own_meetings(session, little.scope, person.id, dt.date(2026, 1, 1))
        return [(one.held_on, one.pack) for one in found]

    assert own() == [(MEETING_ON, None)]
    pack = sent(session, little)
    assert own() == [(MEETING_ON, pack.public_id)]
    seat.until_on = MEETING_ON - dt.timedelta(days=1)
    session.flush()
    assert own() == [], "their term ended the day before"
