"""Given, not signed: a fact with a witness that is no receipt, and stops the chasing until it is taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.reading.declining import declined_of, record_declined, take_back_declined
from governance.reading.models import Declined
from governance.reading.owed import State
from governance.reading.queries import my_reading, outstanding
from governance.reports.gathering.person import person_report
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY
from tests.reading.signing import Staffroom, furnish

pytestmark = pytest.mark.engines("sqlite", "postgresql")


@pytest.fixture
def room(session: Session) -> Staffroom:
    return furnish(session)


def declined(
    room: Staffroom, who: str = "Tess", *, given_on: dt.date = TODAY, witness: str = "Maya Lund", note: str = ""
) -> Declined:
    person, policy = room.people[who], room.policies["Behaviour"]
    about = {"given_on": given_on, "witness": witness, "note": note, "today": TODAY, "now": NOW}
    return record_declined(room.session, room.scope, MAYA, person, policy, **about)  # type: ignore[arg-type]


def state(room: Staffroom, who: str = "Tess") -> State:
    rows = my_reading(room.session, room.scope, room.people[who].id, TODAY)
    return next(row.state for row in rows if row.policy_id == room.policies["Behaviour"].id)


def test_it_stops_the_chasing_and_is_no_receipt(room: Staffroom) -> None:
    assert state(room) is State.READING_OVERDUE
    declined(room, note="Wants to ask the union first")
    assert state(room) is State.DECLINED and room.receipts() == []
    policy = room.policies["Behaviour"].id
    assert room.people["Tess"].id not in {
        row.person_id for row in outstanding(room.session, room.scope, TODAY, policy_id=policy)
    }
    shown = declined_of(room.session, room.scope, policy, room.people["Tess"].id)
    assert [(one.witness, one.note, one.taken_back) for one in shown] == [
        ("Maya Lund", "Wants to ask the union first", None)
    ]


def test_taken_back_with_a_reason_it_counts_for_no_day(room: Staffroom) -> None:
    fact = declined(room)
    with pytest.raises(Refusal, match="Say why"):
        take_back_declined(room.session, room.scope, MAYA, fact, " ", NOW)
    take_back_declined(room.session, room.scope, MAYA, fact, "It was Noor", NOW)
    assert state(room) is State.READING_OVERDUE
    with pytest.raises(Refusal, match="taken back already"):
        take_back_declined(room.session, room.scope, MAYA, fact, "Again", NOW)
    events = list(room.session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)))
    assert events[-2:] == ["given, not signed", "given, not signed: taken back"]
    assert verify(room.session, room.scope).fault is None


def test_whoever_reads_it_after_all_has_read_it(room: Staffroom) -> None:
    declined(room)
    room.read("Tess", "Behaviour", TODAY)
    assert state(room) is State.READ


def test_never_for_the_future_never_without_a_witness_and_only_where_something_is_asked(room: Staffroom) -> None:
    tomorrow, before = TODAY + dt.timedelta(days=1), dt.date(2026, 9, 30)
    cases = [
        ({"given_on": tomorrow}, "in the future"),
        ({"witness": " "}, "Enter who saw"),
        ({"witness": "M\x00"}, "cannot store"),
        ({"witness": "M" * 201}, "200"),
        ({"given_on": before}, "asked of them from 1 October 2026"),
        ({"who": "Bea"}, "Bea Old left on 31 October 2026"),
    ]
    for about, why in cases:
        with pytest.raises(Refusal, match=why):
            declined(room, **about)  # type: ignore[arg-type]
    room.read("Noor", "Behaviour", TODAY)
    with pytest.raises(Refusal, match="has read Behaviour Policy already"):
        declined(room, "Noor")
    declined(room)
    with pytest.raises(Refusal, match="recorded already"):
        declined(room)
    stranger = hillcrest.someone(room.session, room.scope, "Gil Board", ("governors",))
    room.people["Gil"] = stranger
    with pytest.raises(Refusal, match="Nothing of Behaviour Policy is asked of Gil Board"):
        declined(room, "Gil")


def test_the_persons_record_says_so(room: Staffroom) -> None:
    declined(room, note="Wants to ask the union first")
    report = person_report(room.session, room.scope, TODAY, NOW, person=room.people["Tess"])
    rows = [dict(zip([column.key for column in report.columns], row, strict=True)) for row in report.rows]
    row = next(one for one in rows if one["policy"] == "Behaviour Policy")
    assert (row["state"], row["witness"]) == ("Given, not signed", "Maya Lund")
