"""A one-time link that goes by mail: it reaches its reader, and is to be found nowhere else."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.granting import deactivate
from governance.accounts.inviting import invite, new_link
from governance.accounts.mailing import Mailing, can_be_mailed
from governance.accounts.permissions import Role
from governance.db import db, reading, writing
from governance.errors import Refusal
from governance.mail.actions import send_again
from governance.mail.deliver import SmtpSettings, with_limits
from governance.mail.dispatch import Post, deliver_due
from governance.mail.models import Outbox
from governance.mail.private import MARK, private_word
from governance.settings import Settings
from governance.tenancy import Actor, Scope, scope_by_slug
from tests import hillcrest as school
from tests.mail.post_office import PostOffice
from tests.web.people import account_called, sign_in

ROLES = "/hillcrest/settings/roles"
MAYA = Actor("Maya Lund")
WORDS = "otter marble fence"


def delivered(app: Flask, settings: Settings, script: dict[str, str | list[str]] | None = None) -> list[EmailMessage]:
    """What a mail server took when everything due was handed to it."""
    with PostOffice(script) as office, app.app_context():
        smtp = with_limits(SmtpSettings.from_url(office.url), 2.0, 2.0)
        deliver_due(Post(smtp, "policies@hillcrest.sch.uk", settings.secret_key), clock.now)
        return list(office.accepted)


def link_in(mail: EmailMessage) -> str:
    """The path of the link, the same in both forms of the mail."""
    forms = [mail.get_body((form,)) for form in ("plain", "html")]
    found = {re.search(r"http://localhost(/link/[\w-]+)", form.get_content())[1] for form in forms if form}  # type: ignore[index]
    assert len(found) == 1
    return found.pop()


def mails(app: Flask) -> list[Outbox]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def everything_kept(app: Flask) -> str:
    """Every value of every row of the database, as text."""
    with app.app_context(), reading() as session:
        tables = [table.name for table in db.metadata.sorted_tables]
        return "\n".join(str(row) for name in tables for row in session.execute(text(f'SELECT * FROM "{name}"')))


def test_an_invitation_by_mail_reaches_its_reader_and_nobody_else(
    maya: FlaskClient, app: Flask, settings: Settings
) -> None:
    sent = maya.post(f"{ROLES}/invite", data={"email": "nia@hillcrest.sch.uk", "roles": ["hr"], "way": "mail"})
    assert sent.status_code == 302
    assert "The link for nia@hillcrest.sch.uk goes by mail" in maya.get(ROLES).text
    [mail] = delivered(app, settings)
    assert (mail["To"], mail["Subject"]) == (
        "nia@hillcrest.sch.uk",
        "Hillcrest Primary School: your way in to its policies",
    )
    link = link_in(mail)
    token = link.removeprefix("/link/")
    assert token not in everything_kept(app)
    public_id = mails(app)[0].public_id
    shown = maya.get(f"/hillcrest/mails/{public_id}").text + maya.get("/hillcrest/scheduled").text
    assert token not in shown
    assert MARK in shown
    nia = app.test_client()
    assert nia.post(link, data={"password": WORDS, "repeated": WORDS}).status_code == 302
    assert sign_in(nia, "nia@hillcrest.sch.uk", WORDS).status_code == 303
    assert "does not work any more" in app.test_client().get(link).text


def test_a_mail_tried_again_has_the_same_link(maya: FlaskClient, app: Flask, settings: Settings) -> None:
    maya.post(f"{ROLES}/invite", data={"email": "nia@hillcrest.sch.uk", "roles": ["hr"], "way": "mail"})
    assert delivered(app, settings, {"RCPT": "451 4.2.1 later"}) == []
    [waiting] = mails(app)
    with app.app_context(), writing() as session:
        session.get_one(Outbox, waiting.id).next_try_at = clock.now()
    [mail] = delivered(app, settings)
    assert link_in(mail) == f"/link/{private_word(settings.secret_key, waiting.public_id)}"
    assert app.test_client().get(link_in(mail)).status_code == 200


def test_a_slip_made_later_takes_back_the_mail_that_waits(maya: FlaskClient, app: Flask, settings: Settings) -> None:
    maya.post(f"{ROLES}/invite", data={"email": "nia@hillcrest.sch.uk", "roles": ["hr"], "way": "mail"})
    with app.app_context(), reading() as session:
        nia = account_called(session, "nia@hillcrest.sch.uk").public_id
    slip = maya.post(f"{ROLES}/{nia}/link", data={"way": "slip"})
    link = re.search(r"http://localhost(/link/[\w-]+)", slip.text)
    assert link
    assert app.test_client().get(link[1]).status_code == 200
    assert delivered(app, settings) == []
    assert [(one.state, one.reason) for one in mails(app)] == [("undone", "A newer link was made.")]


def test_a_forgotten_password_is_mailed_a_link_and_works_until_then(
    maya: FlaskClient, app: Flask, settings: Settings
) -> None:
    with app.app_context(), reading() as session:
        sam = account_called(session, "sam@hillcrest.sch.uk").public_id
    assert maya.post(f"{ROLES}/{sam}/link", data={"way": "mail"}).status_code == 302
    [mail] = delivered(app, settings)
    assert mail["Subject"] == "Hillcrest Primary School: choose a new password"
    assert sign_in(app.test_client(), "Sam").status_code == 303
    assert app.test_client().get(link_in(mail)).status_code == 200


def test_people_without_an_address_get_a_slip_and_the_others_a_mail(
    maya: FlaskClient, app: Flask, settings: Settings
) -> None:
    with app.app_context(), writing() as session:
        hillcrest = scope_by_slug(session, "hillcrest")
        viv = school.someone(session, hillcrest, "Viv Okoro", ("volunteers",)).public_id
        ann = school.someone(session, hillcrest, "Ann Bell", ("teachers",))
        ann.email, ann_id = "ann.bell@hillcrest.sch.uk", ann.public_id
    page = maya.post(f"{ROLES}/slips", data={"people": [viv, ann_id], "way": "mail"})
    assert page.status_code == 200
    assert "Viv Okoro" in page.text
    assert "Ann Bell" not in page.text
    [mail] = delivered(app, settings)
    assert mail["To"] == "ann.bell@hillcrest.sch.uk"
    assert "Dear Ann Bell," in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_without_a_mail_server_the_screen_says_so_and_offers_the_slip(maya: FlaskClient) -> None:
    page = maya.get(f"{ROLES}/invite").text
    assert "No mail server is set" in page
    assert re.search(r'value="slip"[^>]*checked', page)


@pytest.fixture
def hill(session: Session) -> Scope:
    return school.a_school(session)


MAILING = Mailing("https://policies.example", "a key of this test")


def test_an_account_that_is_closed_gets_no_mail(session: Session, hill: Scope) -> None:
    invite(session, hill, MAYA, email="maya@hillcrest.sch.uk", roles=[Role.SYSTEM_MANAGER], now=school.NOW)
    made = invite(session, hill, MAYA, email="nia@h.sch.uk", roles=[Role.HR], mailing=MAILING, now=school.NOW)
    assert made.token is None
    deactivate(session, hill, MAYA, made.account, now=school.NOW)
    assert session.scalars(select(Outbox.state)).all() == ["undone"]


def test_a_printed_reference_cannot_be_mailed_to(session: Session, hill: Scope) -> None:
    person = school.someone(session, hill, "Viv Okoro", ("volunteers",))
    account = invite(
        session, hill, MAYA, email=f"{person.printed_reference}@{hill.slug}", person=person, now=school.NOW
    )
    assert not can_be_mailed(account.account.email)
    with pytest.raises(Refusal, match="Print a slip"):
        new_link(session, hill, MAYA, account.account, mailing=MAILING, now=school.NOW)


def test_a_refused_mail_with_a_link_is_not_sent_again(session: Session, hill: Scope) -> None:
    invite(session, hill, MAYA, email="nia@h.sch.uk", roles=[Role.HR], mailing=MAILING, now=school.NOW)
    mail = session.scalars(select(Outbox)).one()
    mail.state, mail.ended_at = "refused", school.NOW
    session.flush()
    with pytest.raises(Refusal, match="make a new link instead"):
        send_again(session, hill, MAYA, mail.public_id, school.NOW)


def test_without_the_installations_key_there_is_no_private_word() -> None:
    with pytest.raises(ValueError, match="key"):
        private_word("", "a mail")
    assert private_word("one", "a mail") != private_word("two", "a mail") != private_word("two", "another")
