"""Handing mail to real servers that fail at every step of the talk."""

from __future__ import annotations

import datetime as dt
import socket
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from governance.errors import Refusal
from governance.mail.compose import Attachment, Letter, message, sender
from governance.mail.deliver import SmtpSettings, knock, send, with_limits
from governance.mail.outcomes import BACK_OFF, Phase, Result, next_pause
from tests.mail.post_office import DROP, HANG, PostOffice, certificate, only, raw_server

MONDAY = dt.datetime(2026, 10, 12, 7, 0, tzinfo=dt.UTC)
RETIRED = "550 5.7.30 Basic authentication is not supported for Client Submission."


def letter(attachments: tuple[Attachment, ...] = ()) -> EmailMessage:
    words = Letter(
        kind="monday",
        to="maya@oakfield.sch.uk",
        subject="Oakfield Primary School: what is due this week",
        text="Three reviews are due.\n.hidden line\n",
        html="<p>Three reviews are due.</p>\n",
        attachments=attachments,
    )
    return message(
        words, sender("Oakfield Primary School", "policies@oakfield.sch.uk"), "<one@oakfield.sch.uk>", MONDAY
    )


def quick(url: str) -> SmtpSettings:
    return with_limits(SmtpSettings.from_url(url), seconds=1.0, answer_seconds=1.0)


def test_a_mail_is_accepted_and_arrives_as_it_was_written() -> None:
    with PostOffice() as office:
        outcome = send(quick(office.url), letter((Attachment("overdue.csv", "text/csv", b"a,b\r\n"),)))
    assert outcome.result is Result.ACCEPTED
    [arrived] = office.accepted
    assert office.recipients == ["maya@oakfield.sch.uk"]
    assert arrived["Message-ID"] == "<one@oakfield.sch.uk>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    text, html, table = (part.get_content() for part in arrived.walk() if not part.is_multipart())
    assert text.replace("\r\n", "\n") == "Three reviews are due.\n.hidden line\n"
    assert "<p>" in html
    assert table.replace("\r\n", "\n") == "a,b\n"


@pytest.mark.parametrize(
    ("step", "phase"),
    [("MAIL", Phase.SENDER), ("RCPT", Phase.RECIPIENT), ("DATA", Phase.CONTENT), ("BODY", Phase.ANSWER)],
)
@pytest.mark.parametrize(
    ("reply", "result"), [("451 4.3.0 busy", Result.TEMPORARY), ("550 5.1.1 no such user", Result.REFUSED)]
)
def test_a_reply_that_says_no_tells_whether_to_try_again(step: str, phase: Phase, reply: str, result: Result) -> None:
    with PostOffice({step: reply}) as office:
        outcome = send(quick(office.url), letter())
    assert (outcome.result, outcome.phase) == (result, phase)
    assert reply in outcome.reason
    assert not outcome.concerns_every_mail
    assert office.accepted == []


@pytest.mark.parametrize("how", [DROP, HANG])
@pytest.mark.parametrize(
    ("step", "result"),
    [
        ("EHLO", Result.TEMPORARY),
        ("MAIL", Result.TEMPORARY),
        ("RCPT", Result.TEMPORARY),
        ("DATA", Result.TEMPORARY),
        ("BODY", Result.UNCERTAIN),
        ("ANSWER", Result.UNCERTAIN),
    ],
)
def test_a_lost_connection_is_uncertain_only_after_the_whole_mail(step: str, how: str, result: Result) -> None:
    if (step, how) == ("DATA", HANG):
        how = "drop while reading"
    with PostOffice({step: how}) as office:
        outcome = send(quick(office.url), letter((Attachment("a.bin", "application/octet-stream", b"x" * 6_000_000),)))
    assert outcome.result is result
    assert outcome.reason.startswith("127.0.0.1 ")


def test_a_greeting_that_says_no_concerns_every_mail() -> None:
    with raw_server(lambda connection: connection.sendall(b"554 5.3.2 no service here\r\n")) as port:
        outcome = send(quick(f"smtp://127.0.0.1:{port}"), letter())
    assert outcome.result is Result.TEMPORARY
    assert outcome.concerns_every_mail
    assert "554 5.3.2 no service here" in outcome.reason


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with raw_server(lambda connection: time.sleep(3)) as port:
        outcome = send(quick(f"smtp://127.0.0.1:{port}"), letter())
    assert outcome.result is Result.TEMPORARY
    assert "did not answer" in outcome.reason


def test_a_server_that_drips_a_byte_now_and_then_is_given_up_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        for _ in range(100):
            connection.sendall(b"2")
            time.sleep(0.1)

    with raw_server(drip) as port:
        began = time.monotonic()
        settings = with_limits(SmtpSettings.from_url(f"smtp://127.0.0.1:{port}"), 0.3, 0.3)
        outcome = send(settings, letter())
    assert outcome.result is Result.TEMPORARY
    assert time.monotonic() - began < 6


def test_a_server_that_speaks_nonsense_is_no_crash() -> None:
    with raw_server(lambda connection: connection.sendall(b"\x00\xff" * 5000 + b"\r\n")) as port:
        outcome = send(quick(f"smtp://127.0.0.1:{port}"), letter())
    assert outcome.result is Result.TEMPORARY


def test_a_port_where_nothing_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = send(quick(f"smtp://127.0.0.1:{port}"), letter())
    assert outcome.concerns_every_mail
    assert f"refuses connections on port {port}" in outcome.reason


def test_a_host_name_that_is_not_known_is_said_in_words() -> None:
    outcome = knock(quick("smtp://mail.oakfield.invalid:587"))
    assert outcome.concerns_every_mail
    assert "mail.oakfield.invalid is not known" in outcome.reason


def test_a_blocked_port_25_suggests_587(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", silent)
    outcome = knock(quick("smtp://mail.oakfield.sch.uk:25"))
    assert "try 587" in outcome.reason


def test_a_certificate_for_nobody_we_trust_stops_everything_before_the_password(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    with PostOffice(tls_context=context, require_starttls=True) as office:
        url = f"smtp://maya:secret@localhost:{office.port}?tls=starttls"
        outcome = send(quick(url), letter())
    assert outcome.concerns_every_mail
    assert outcome.phase is Phase.ENCRYPTING
    assert "certificate of localhost is not to be trusted" in outcome.reason
    assert office.accepted == []


def test_a_certificate_for_another_name_is_not_trusted(tmp_path: Path) -> None:
    known, context = certificate(tmp_path, "mail.elsewhere.example")
    with PostOffice(tls_context=context) as office:
        outcome = knock(quick(f"smtp://localhost:{office.port}?tls=starttls&ca={known}"))
    assert "not to be trusted" in outcome.reason


def test_a_trusted_certificate_and_the_right_password_send(tmp_path: Path) -> None:
    known, context = certificate(tmp_path)
    with PostOffice(tls_context=context, auth_required=True, authenticator=only("maya", "p@ss/word")) as office:
        url = f"smtp://maya:p%40ss%2Fword@localhost:{office.port}?tls=starttls&ca={known}"
        assert send(quick(url), letter()).result is Result.ACCEPTED
        assert knock(quick(url)).result is Result.ACCEPTED
    assert len(office.accepted) == 1


def test_a_wrong_password_waits_for_a_person_and_is_never_shown(tmp_path: Path) -> None:
    known, context = certificate(tmp_path)
    with PostOffice(tls_context=context, auth_required=True, authenticator=only("maya", "right")) as office:
        outcome = send(quick(f"smtp://maya:wr0ngsecret@localhost:{office.port}?tls=starttls&ca={known}"), letter())
    assert outcome.concerns_every_mail
    assert "did not accept the user name and password" in outcome.reason
    assert "wr0ngsecret" not in outcome.reason


def test_a_server_without_tls_is_not_sent_a_password() -> None:
    with PostOffice() as office:
        outcome = send(quick(f"smtp://maya:secret@localhost:{office.port}?tls=starttls"), letter())
    assert outcome.phase is Phase.ENCRYPTING
    assert "does not offer a secure connection" in outcome.reason


def test_smtps_against_a_plain_port_is_explained() -> None:
    with PostOffice() as office:
        outcome = knock(quick(f"smtps://127.0.0.1:{office.port}"))
    assert outcome.concerns_every_mail
    assert "does not begin with TLS" in outcome.reason or "could not be made" in outcome.reason


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "BODY"])
def test_550_5_7_30_is_explained_in_words(step: str) -> None:
    with PostOffice({step: RETIRED}) as office:
        outcome = send(quick(office.url), letter())
    assert outcome.result is Result.REFUSED
    assert "Microsoft 365 no longer lets programs sign in" in outcome.reason
    assert "550 5.7.30" in outcome.reason


def test_sign_in_retired_by_the_provider_is_explained_and_waits() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 post\r\n")
        for line in connection.makefile("rb"):
            reply = b"250-post\r\n250 AUTH PLAIN LOGIN\r\n" if line.upper().startswith(b"EHLO") else RETIRED.encode()
            connection.sendall(reply if reply.endswith(b"\n") else reply + b"\r\n")

    with raw_server(talk) as port:
        outcome = knock(quick(f"smtp://maya:secret@127.0.0.1:{port}"))
    assert outcome.concerns_every_mail
    assert "Microsoft 365 no longer lets programs sign in" in outcome.reason


@pytest.mark.parametrize(
    ("url", "host", "port", "encryption", "user", "password"),
    [
        ("smtp://maya:s%40@mail.school.uk:587?tls=starttls", "mail.school.uk", 587, "starttls", "maya", "s@"),
        ("smtp://mail.school.uk", "mail.school.uk", 587, "starttls", "", ""),
        ("smtps://maya:s3cret@mail.school.uk", "mail.school.uk", 465, "from the start", "maya", "s3cret"),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, "none", "", ""),
        ("smtp://relay.school.uk:25?tls=none", "relay.school.uk", 25, "none", "", ""),
    ],
)
def test_an_address_of_a_mail_server_is_read(
    url: str, host: str, port: int, encryption: str, user: str, password: str
) -> None:
    settings = SmtpSettings.from_url(url)
    assert (settings.host, settings.port, settings.encryption) == (host, port, encryption)
    assert (settings.user, settings.password) == (user, password)
    assert not password or password not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.school.uk", "http://mail.school.uk", "smtp://", "smtp://host:99999999", "smtp://h?tls=maybe"),
        "smtp://maya:secret@mail.school.uk?tls=none",
    ],
)
def test_an_address_that_is_none_or_unsafe_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(Refusal) as refusal:
        SmtpSettings.from_url(url)
    assert "SMTP_URL" in str(refusal.value)
    assert ":secret@" not in str(refusal.value)


def test_trying_again_lasts_longer_than_two_days_and_ends() -> None:
    total = sum(BACK_OFF, dt.timedelta())
    assert total > dt.timedelta(hours=48)
    assert next_pause(1) == dt.timedelta(minutes=1)
    assert next_pause(len(BACK_OFF) + 1) is None
