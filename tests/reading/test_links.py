"""Links by which somebody without an account reads: made, replaced, closed, finished, over, and of a leaver."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.mailing import Mailing
from governance.accounts.sessions import hashed
from governance.errors import NotAllowed, Refusal
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.mail.models import Outbox
from governance.mail.private import MARK, private_word
from governance.people.jobs import leave
from governance.people.models import Person
from governance.policies.models import PolicyVersion
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.links import (
    LinkState,
    asking_again,
    close_links,
    latest_links,
    mail_links,
    print_links,
)
from governance.reading.models import Acknowledgement, ReadingLink, ReadingVisit
from governance.reading.requiring import Requirement, require
from governance.reading.visits import (
    Reader,
    ask_again,
    confirm_by_link,
    end_visit,
    finish,
    open_visit,
    reader_of,
    visiting,
)
from governance.tenancy import Actor, Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_policy, a_school, category, latest, put_in_force, someone

TOKEN, NEWER = "a" * 43, "b" * 43
MAILING = Mailing("https://policies.example", "a key long enough for a test of it")
SIGNED = Act(TODAY, "link", "link", typed_name="Viv Ash", given_at=NOW)
DAY = dt.timedelta(days=1)


@pytest.fixture
def scope(session: Session) -> Scope:
    return a_school(session)


@pytest.fixture
def version(session: Session, scope: Scope) -> PolicyVersion:
    policy = a_policy(session, scope)
    version = latest(session, policy)
    put_in_force(session, scope, version, dt.date(2026, 9, 24), dt.date(2026, 11, 9))
    wanted = Requirement(category_id=category(session, scope, "volunteers").id)
    require(session, scope, MAYA, policy, wanted, dt.date(2026, 9, 1), NOW)
    return version


@pytest.fixture
def viv(session: Session, scope: Scope, version: PolicyVersion) -> Person:
    return someone(session, scope, "Viv Ash", ("volunteers",))


def given(session: Session, scope: Scope, viv: Person, token: str = TOKEN, now: dt.datetime = NOW) -> None:
    print_links(session, scope, MAYA, [viv], {viv.id: token}, now)


def reader(session: Session, token: str = TOKEN, now: dt.datetime = NOW) -> Reader:
    found = reader_of(session, token, now)
    assert found is not None
    return found


def test_a_letters_link_is_kept_as_a_hash_and_works_for_four_weeks(session: Session, scope: Scope, viv: Person) -> None:
    given(session, scope, viv)
    [link] = session.scalars(select(ReadingLink))
    assert link.token_sha256 == hashed(TOKEN)
    assert latest_links(session, scope, NOW)[viv.id].until_on == TODAY + 28 * DAY
    assert reader(session).name == "Viv Ash"
    assert reader(session, now=NOW + 28 * DAY).person.id == viv.id
    assert reader_of(session, TOKEN, NOW + 29 * DAY) is None
    assert latest_links(session, scope, NOW + 29 * DAY)[viv.id].state is LinkState.OVER
    assert verify(session, scope).fault is None


def test_a_mailed_link_is_in_the_mail_alone_and_leaves_in_school_hours(
    session: Session, scope: Scope, viv: Person
) -> None:
    viv.email = "viv@home.example"
    evening = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.UTC)
    assert mail_links(session, scope, MAYA, [viv], MAILING, evening) == 1
    [mail] = session.scalars(select(Outbox))
    assert (mail.kind, mail.to_address, mail.to_person) == ("reading_link", "viv@home.example", viv.public_id)
    assert mail.next_try_at == dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.UTC)
    assert f"https://policies.example/to-read/{MARK}" in mail.text
    assert "Social Media" not in mail.text + mail.html + mail.subject
    token = private_word(MAILING.key, mail.public_id)
    assert token not in mail.text + mail.html
    assert reader(session, token, evening).person.id == viv.id


def test_a_newer_link_replaces_the_older_and_takes_back_its_mail(session: Session, scope: Scope, viv: Person) -> None:
    viv.email = "viv@home.example"
    mail_links(session, scope, MAYA, [viv], MAILING, NOW)
    [mail] = session.scalars(select(Outbox))
    old = private_word(MAILING.key, mail.public_id)
    given(session, scope, viv, NEWER)
    assert reader_of(session, old, NOW) is None
    assert reader(session, NEWER).person.id == viv.id
    session.expire_all()
    assert mail.state == "undone"


def test_a_visit_ends_with_its_link_its_day_its_person_and_by_hand(session: Session, scope: Scope, viv: Person) -> None:
    given(session, scope, viv)
    first, second = (open_visit(session, reader(session), NOW) for _ in range(2))
    end_visit(session, first, NOW)
    assert visiting(session, first, NOW) is None and visiting(session, second, NOW) is not None
    assert visiting(session, second, NOW + dt.timedelta(hours=12)) is None
    close_links(session, scope, MAYA, viv, NOW)
    assert visiting(session, second, NOW) is None
    with pytest.raises(Refusal, match="nothing to close"):
        close_links(session, scope, MAYA, viv, NOW)
    given(session, scope, viv, NEWER)
    third = open_visit(session, reader(session, NEWER), NOW)
    leave(session, scope, MAYA, viv, last_on=TODAY - DAY, now=NOW)
    assert visiting(session, third, NOW) is None and reader_of(session, NEWER, NOW) is None
    assert all(visit.token_sha256 not in (first, second, third) for visit in session.scalars(select(ReadingVisit)))


def test_the_act_is_the_persons_own_and_says_how_it_was_given(
    session: Session, scope: Scope, viv: Person, version: PolicyVersion
) -> None:
    given(session, scope, viv)
    visit = open_visit(session, reader(session), NOW)
    shown = shown_now(session, scope, version)
    receipts = {
        confirm_by_link(session, visit, reader(session), version, shown, SIGNED, NOW).reference for _ in range(3)
    }
    assert len(receipts) == 1
    [receipt] = session.scalars(select(Acknowledgement))
    assert (receipt.person_id, receipt.method, receipt.assurance, receipt.recorded_by) == (viv.id, "link", "link", None)
    events = session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)).all()
    assert events.count("acknowledged by link") == events.count("acknowledged") == 1


def test_an_act_after_the_link_was_closed_stores_nothing(
    session: Session, scope: Scope, viv: Person, version: PolicyVersion
) -> None:
    given(session, scope, viv)
    found = reader(session)
    visit = open_visit(session, found, NOW)
    close_links(session, scope, MAYA, viv, NOW)
    with pytest.raises(Refusal, match="closed a moment ago"):
        confirm_by_link(session, visit, found, version, shown_now(session, scope, version), SIGNED, NOW)
    assert session.scalars(select(Acknowledgement)).all() == []


def test_row_67_nobody_confirms_on_screen_for_somebody_else(
    session: Session, scope: Scope, viv: Person, version: PolicyVersion
) -> None:
    other = Actor("Tess Marlow", person_id=someone(session, scope).id)
    with pytest.raises(NotAllowed):
        acknowledge(session, scope, other, viv, version, shown_now(session, scope, version), SIGNED, NOW)


def test_finishing_with_everything_read_closes_the_link_and_else_only_the_visit(
    session: Session, scope: Scope, viv: Person
) -> None:
    given(session, scope, viv)
    visit = open_visit(session, reader(session), NOW)
    finish(session, reader(session), visit, all_read=False, now=NOW)
    assert visiting(session, visit, NOW) is None and reader_of(session, TOKEN, NOW) is not None
    visit = open_visit(session, reader(session), NOW)
    finish(session, reader(session), visit, all_read=True, now=NOW)
    assert reader_of(session, TOKEN, NOW) is None
    assert latest_links(session, scope, NOW)[viv.id].state is LinkState.FINISHED


def test_a_new_link_can_be_asked_for_once_it_is_worn_out_and_only_by_who_may_have_one(
    session: Session, scope: Scope, viv: Person
) -> None:
    given(session, scope, viv)
    for token in (TOKEN, "made up", ""):
        ask_again(session, token, NOW)
    assert asking_again(session, scope, NOW) == 0
    later = NOW + 30 * DAY
    for _ in range(3):
        ask_again(session, TOKEN + ">", later)
    assert asking_again(session, scope, later) == 1
    assert latest_links(session, scope, later)[viv.id].asked_again_on == (later).date()
    given(session, scope, viv, NEWER, later)
    assert asking_again(session, scope, later) == 0
    leave(session, scope, MAYA, viv, last_on=later.date(), now=later)
    ask_again(session, NEWER, later + 40 * DAY)
    assert asking_again(session, scope, later + 40 * DAY) == 0


def test_nobody_gets_a_link_who_left_has_nothing_to_read_or_no_address_for_a_mail(
    session: Session, scope: Scope, viv: Person
) -> None:
    bea = someone(session, scope, "Bea Old", ("volunteers",), ended_on=dt.date(2026, 10, 31))
    tess = someone(session, scope)
    for person, said in ((bea, "has left"), (tess, "nothing to read"), (None, "at least one person")):
        with pytest.raises(Refusal, match=said):
            print_links(session, scope, MAYA, [person] if person else [], {person.id: TOKEN} if person else {}, NOW)
    with pytest.raises(Refusal, match="no e-mail address"):
        mail_links(session, scope, MAYA, [viv], MAILING, NOW)
    assert session.scalars(select(ReadingLink)).all() == []
    assert session.scalars(select(Outbox)).all() == []


def test_a_joiner_gets_a_link_before_their_first_day(session: Session, scope: Scope, version: PolicyVersion) -> None:
    al = someone(session, scope, "Al Soon", ("volunteers",), started_on=dt.date(2026, 12, 1))
    given(session, scope, al)
    visit = open_visit(session, reader(session), NOW)
    receipt = confirm_by_link(session, visit, reader(session), version, shown_now(session, scope, version), SIGNED, NOW)
    assert receipt.acknowledged_on == TODAY
