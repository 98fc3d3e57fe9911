"""Packs by private links: what is kept of one, whom it is for, and what ends it at once."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.accounts.mailing import Mailing
from governance.accounts.sessions import hashed
from governance.errors import NotFound, Refusal
from governance.journal.models import JournalEntry
from governance.mail.actions import undo
from governance.mail.models import Outbox, OutboxAttachment
from governance.mail.private import MARK, private_word
from governance.packs.models import Pack, PackLink
from governance.packs.rules import LinkState
from governance.people.models import BodyMember, Person
from governance.schedule.pack_links import renew_link, withdraw_link, withdraw_links
from governance.schedule.pack_opening import file_behind, held_by, offers, press
from governance.schedule.pack_recipients import RecipientLine, recipients_of
from governance.schedule.pack_sending import send_pack
from governance.schools.actions import cancel_meeting, move_meeting
from governance.schools.models import Meeting
from governance.tenancy import Organisation
from tests.packs.little_school import HELEN, MEETING_ON, NOW, Little, little_school
from tests.packs.test_sending import a_pack

MAILING = Mailing("http://localhost", "a key for tests and for nothing else, long enough")
DAY = dt.timedelta(days=1)
GIL, IQBAL = "gil@example.org", "iqbal@university.example"


@pytest.fixture
def little(session: Session) -> Little:
    made = little_school(session)
    choose(session, "link")
    return made


def choose(session: Session, way: str) -> None:
    session.execute(update(Organisation).values(pack_way=way))


def sent(session: Session, little: Little, now: dt.datetime = NOW) -> Pack:
    pack = a_pack(session, little)
    assert send_pack(session, little.scope, HELEN, pack, "", now, MAILING) == 2
    return pack


def token_of(session: Session, address: str = GIL) -> str:
    """The secret in the mail that went to somebody last."""
    mails = select(Outbox.public_id).where(Outbox.to_address == address, Outbox.kind == "review_pack")
    public_id = session.scalars(mails.order_by(Outbox.id.desc())).first()
    assert public_id is not None
    return private_word(MAILING.key, public_id)


def line_of(session: Session, little: Little, pack: Pack, now: dt.datetime = NOW, name: str = "Gil") -> RecipientLine:
    meeting = session.get_one(Meeting, little.meeting_id)
    [found] = [one for one in recipients_of(session, little.scope, pack, meeting, now) if name in one.name]
    return found


def link_of(session: Session, token: str) -> PackLink:
    return session.scalars(select(PackLink).where(PackLink.token_sha256 == hashed(token))).one()


def state(line: RecipientLine) -> LinkState | None:
    return line.link and line.link.state


def end_term(session: Session, until_on: dt.date, name: str = "Gil") -> None:
    person = session.scalars(select(Person.id).where(Person.given_name == name)).one()
    session.execute(update(BodyMember).where(BodyMember.person_id == person).values(until_on=until_on))


def open_first(session: Session, little: Little, token: str, now: dt.datetime = NOW) -> str:
    """Press the button of the first pack behind a link; the pack."""
    held = held_by(session, token, now)
    assert held is not None
    offer = offers(session, held, now)[0]
    press(session, little.scope, token, offer.line.pack, offer.files[0].document, now)
    return offer.line.pack


def test_each_mail_has_a_link_of_its_own_no_file_and_no_secret_at_rest(session: Session, little: Little) -> None:
    pack = sent(session, little)
    mails = session.scalars(select(Outbox).order_by(Outbox.to_address)).all()
    assert [(one.to_address, one.text.count(MARK), one.html.count(MARK)) for one in mails] == [
        (GIL, 1, 2),
        (IQBAL, 1, 2),
    ]
    assert "works until 14 November 2026" in mails[0].text and "attached" not in mails[0].text
    assert session.scalars(select(OutboxAttachment)).all() == []
    assert token_of(session) != token_of(session, IQBAL)
    assert link_of(session, token_of(session)).pack_id == pack.id
    events = list(session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)))
    assert events[-3:] == ["pack link made", "pack link made", "pack sent"]
    payload = session.scalars(select(JournalEntry.payload).where(JournalEntry.event == "pack sent")).one()
    assert json.loads(payload or "")["way"] == "link"


def test_a_link_opens_the_pack_and_its_originals_byte_for_byte_once_a_button_was_pressed(
    session: Session, little: Little
) -> None:
    pack = sent(session, little)
    token = token_of(session)
    held = held_by(session, f"{token}>.", NOW)
    assert held is not None and held.link.opened_on is None
    [offer] = offers(session, held, NOW)
    assert [file.filename for file in offer.files] == ["pack.pdf", "annex.docx"]
    for file, content in zip(offer.files, (b"%PDF-1.7 pack", b"PK annex of Social Media Policy"), strict=True):
        assert file_behind(session, held, pack.public_id, file.document, NOW).content == content
    late = dt.datetime(2026, 10, 2, 23, 30, tzinfo=dt.UTC)  # past midnight at the school
    open_first(session, little, token, late)
    open_first(session, little, token, late + DAY)
    assert link_of(session, token).opened_on == dt.date(2026, 10, 3)
    opened = session.scalars(select(JournalEntry).where(JournalEntry.event == "pack link opened")).all()
    assert len(opened) == 1, "the first time, and no more than that"
    assert line_of(session, little, pack, name="Amina").link.opened_on is None  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        press(session, little.scope, token, pack.public_id, "8a6f2f6e-8d2b-4a11-9f0e-2f2f2f2f2f2f", NOW)


def test_a_link_that_is_withdrawn_is_gone_at_once_and_so_is_the_mail_that_waits(
    session: Session, little: Little
) -> None:
    pack = sent(session, little)
    token = token_of(session)
    withdraw_link(session, little.scope, HELEN, link_of(session, token), NOW + DAY)
    assert held_by(session, token, NOW + DAY) is None
    assert held_by(session, token_of(session, IQBAL), NOW + DAY) is not None
    line = line_of(session, little, pack, NOW + DAY)
    assert (line.mail.state, state(line)) == ("undone", LinkState.WITHDRAWN)
    assert line.link and (line.link.withdrawn_on, line.link.withdrawn_by) == (dt.date(2026, 10, 2), "Helen Clerk")
    with pytest.raises(Refusal, match="withdrawn already"):
        withdraw_link(session, little.scope, HELEN, link_of(session, token), NOW + DAY)
    assert withdraw_links(session, little.scope, HELEN, pack, NOW + DAY) == 1
    with pytest.raises(Refusal, match="Every link of this pack was withdrawn already"):
        withdraw_links(session, little.scope, HELEN, pack, NOW + DAY)


def test_a_mail_taken_back_takes_its_link_with_it(session: Session, little: Little) -> None:
    pack = sent(session, little)
    mail = line_of(session, little, pack).mail.public_id
    undo(session, little.scope, HELEN, mail, NOW)
    assert held_by(session, token_of(session), NOW) is None
    assert state(line_of(session, little, pack)) is LinkState.UNDONE


def test_whose_term_ends_before_the_meeting_has_no_link_and_who_sits_on_its_day_keeps_it(
    session: Session, little: Little
) -> None:
    pack = sent(session, little)
    token = token_of(session)
    for until_on, works in ((MEETING_ON - DAY, False), (MEETING_ON, True)):
        end_term(session, until_on)
        assert (held_by(session, token, NOW) is not None) is works, until_on
    # after the meeting it ends with the term, at midnight by the school's clock
    last = dt.datetime(2026, 10, 15, 22, 59, tzinfo=dt.UTC)
    assert held_by(session, token, last) is not None
    assert held_by(session, token, last + dt.timedelta(minutes=1)) is None
    assert state(line_of(session, little, pack, last + DAY)) is LinkState.NO_MEMBER
    with pytest.raises(Refusal, match="They get no packs of this body any more"):
        renew_link(session, little.scope, HELEN, link_of(session, token), MAILING, last + DAY)


def test_the_time_is_counted_from_the_meeting_wherever_it_is_moved(session: Session, little: Little) -> None:
    pack = sent(session, little)
    token, over = token_of(session), dt.datetime(2026, 11, 15, 0, 0, tzinfo=dt.UTC)
    assert held_by(session, token, over - DAY) is not None
    assert held_by(session, token, over) is None
    assert state(line_of(session, little, pack, over)) is LinkState.OVER
    with pytest.raises(Refusal, match="worked until 14 November 2026"):
        renew_link(session, little.scope, HELEN, link_of(session, token), MAILING, over)
    meeting = session.get_one(Meeting, little.meeting_id)
    later = MEETING_ON + 7 * DAY
    move_meeting(session, little.scope, HELEN, meeting, held_on=later, starts_at=None, place="", now=NOW)
    assert held_by(session, token, over) is not None
    cancel_meeting(session, little.scope, HELEN, meeting, now=NOW)
    assert held_by(session, token, over) is not None, "a cancelled meeting's pack is still theirs to look at"


def test_a_fresh_link_goes_to_the_address_of_now_and_the_earlier_one_is_gone(session: Session, little: Little) -> None:
    pack = sent(session, little)
    old = token_of(session)
    session.execute(update(Person).where(Person.given_name == "Gil").values(email="gil@new.example"))
    one = renew_link(session, little.scope, HELEN, link_of(session, old), MAILING, NOW + DAY)
    assert (one.name, one.address) == ("Gil Governor", "gil@new.example")
    fresh = token_of(session, "gil@new.example")
    assert held_by(session, old, NOW + DAY) is None and held_by(session, fresh, NOW + DAY) is not None
    line = line_of(session, little, pack, NOW + DAY)
    assert (line.mail.to_address, state(line)) == ("gil@new.example", LinkState.WORKS)
    text = session.scalars(select(Outbox.text).where(Outbox.to_address == "gil@new.example")).one()
    assert "Links to this pack that you were sent before work no more." in text
    assert len(recipients_of(session, little.scope, pack, session.get_one(Meeting, little.meeting_id), NOW)) == 2
    # renewing by an old row of theirs replaces whatever works now
    renew_link(session, little.scope, HELEN, link_of(session, old), MAILING, NOW + 2 * DAY)
    assert held_by(session, fresh, NOW + 2 * DAY) is None


def test_every_link_of_a_meeting_offers_all_packs_that_were_sent_the_newest_first(
    session: Session, little: Little
) -> None:
    first = sent(session, little)
    token = token_of(session)
    choose(session, "attached")
    attached = a_pack(session, little)
    send_pack(session, little.scope, HELEN, attached, "", NOW + DAY)
    choose(session, "link")
    supplement = sent(session, little, NOW + 2 * DAY)
    a_pack(session, little)  # a draft that nobody was sent
    now = NOW + 3 * DAY
    for one in (token, token_of(session)):
        held = held_by(session, one, now)
        assert held is not None
        assert [offer.line.pack for offer in offers(session, held, now)] == [
            supplement.public_id,
            attached.public_id,
            first.public_id,
        ]
    # taken through the first link, the supplement counts as opened, and so does that link
    assert open_first(session, little, token, now) == supplement.public_id
    lines = [line_of(session, little, pack, now) for pack in (first, supplement, attached)]
    assert [line.link and line.link.opened_on for line in lines] == [now.date(), now.date(), None]
    # withdrawn from them, a pack is not offered by another link either
    withdraw_link(session, little.scope, HELEN, link_of(session, token_of(session)), now)
    held = held_by(session, token, now)
    assert held is not None
    assert supplement.public_id not in [offer.line.pack for offer in offers(session, held, now)]


def test_the_choice_is_for_packs_sent_later(session: Session, little: Little) -> None:
    choose(session, "attached")
    pack = a_pack(session, little)
    send_pack(session, little.scope, HELEN, pack, "", NOW)
    choose(session, "link")
    line = line_of(session, little, pack)
    assert (line.link, line.mail.state) == (None, "queued")
    assert session.scalars(select(PackLink)).all() == []
    assert len(session.scalars(select(OutboxAttachment)).all()) == 4
    with pytest.raises(Refusal, match="Every link"):
        withdraw_links(session, little.scope, HELEN, pack, NOW)


def test_without_the_installations_address_no_link_is_made(session: Session, little: Little) -> None:
    with pytest.raises(ValueError, match="address and key"):
        send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW)
