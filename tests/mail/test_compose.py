"""Composing: the school's name first, text and HTML of the same words, and nothing that could become a header."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError, select_autoescape

from governance.errors import Refusal
from governance.mail.compose import Attachment, Letter, compose, message, sender
from governance.mail.headers import LONGEST_FILENAME, address, filename, header_text, shortened

MONDAY = dt.datetime(2026, 10, 12, 6, 0, tzinfo=dt.UTC)
TEMPLATES = {
    "emails/asked.subject.txt": "please read {{ title }}\n",
    "emails/asked.txt": "Dear {{ name }},\nplease read {{ title }}.\n",
    "emails/asked.html": "<p>Dear {{ name }}, please read {{ title }}.</p>\n",
}
HOUSE = Environment(loader=DictLoader(TEMPLATES), autoescape=select_autoescape(["html"]), undefined=StrictUndefined)


def asked(title: str = "Anti-Bullying Policy", name: str = "Tess", school: str = "Oakfield Primary School") -> Letter:
    values = {"title": title, "name": name}
    return compose("asked", to="tess@oakfield.sch.uk", school=school, values=values, environment=HOUSE)


def on_the_wire(letter: Letter) -> EmailMessage:
    mail = message(letter, sender("Oakfield Primary School", "policies@oakfield.sch.uk"), "<1@oakfield.sch.uk>", MONDAY)
    read = message_from_bytes(mail.as_bytes(), policy=SMTP)
    assert isinstance(read, EmailMessage)
    return read


def test_the_schools_name_comes_first_in_the_subject() -> None:
    assert asked().subject == "Oakfield Primary School: please read Anti-Bullying Policy"


def test_html_is_escaped_and_text_is_as_typed() -> None:
    letter = asked(name="<script>{{7*7}}%s${x}</script>")
    assert "<script>{{7*7}}%s${x}</script>" in letter.text
    assert "&lt;script&gt;{{7*7}}%s${x}&lt;/script&gt;" in letter.html


def test_a_value_that_a_template_names_and_nobody_gave_is_a_mistake() -> None:
    with pytest.raises(UndefinedError):
        compose("asked", to="tess@oakfield.sch.uk", school="Oakfield", values={"title": "x"}, environment=HOUSE)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x1b", "\u2028", "\u2029", "\x85", "\ud800"])
def test_a_line_break_or_control_in_a_title_cannot_reach_a_header(break_: str) -> None:
    with pytest.raises(Refusal, match="line break or a character that cannot be sent"):
        asked(title=f"Anti-Bullying{break_}Bcc: all@example.org")


@pytest.mark.parametrize(
    "trick", ["=?utf-8?q?a=0d=0aBcc:_all@example.org?=", "=?UTF-8?B?DQpCY2M6IGFsbA==?=", "=?x?q?a b?="]
)
def test_an_encoded_word_in_a_title_is_refused(trick: str) -> None:
    with pytest.raises(Refusal, match="encoded text"):
        asked(title=trick)


def test_an_innocent_question_mark_and_equals_sign_are_fine() -> None:
    assert on_the_wire(asked(title="What is 2+2=? And 5=?"))["Subject"].endswith("What is 2+2=? And 5=?")


def test_a_long_title_is_cut_at_a_word() -> None:
    subject = asked(title="Policy on " + "very " * 80 + "long titles").subject
    assert len(subject) <= 150
    assert subject.endswith("very…")
    assert shortened("x" * 200, 10) == "xxxxxxxxx…"


@given(title=st.text(max_size=400), name=st.text(max_size=50))
def test_whatever_is_typed_a_mail_has_our_headers_only(title: str, name: str) -> None:
    try:
        read = on_the_wire(asked(title=f"x{title}", name=name))
    except (Refusal, UnicodeEncodeError):
        return
    sent_by_us = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"}
    assert set(read.keys()) == sent_by_us | {"MIME-Version", "Content-Type"}
    assert read["To"].addresses[0].addr_spec == "tess@oakfield.sch.uk"
    assert str(read["Subject"]).startswith("Oakfield Primary School: please read x")


@given(text=st.text(max_size=60))
def test_a_guarded_header_survives_the_wire_as_it_was(text: str) -> None:
    try:
        kept = header_text(f"a{text}")
    except Refusal:
        return
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = kept
    assert "\n" not in str(message_from_bytes(mail.as_bytes(), policy=SMTP)["Subject"])


@pytest.mark.parametrize(
    "text",
    [
        *("", "a@b", "a@@b.uk", "a@b.uk\n", "a@b.uk\r\nBcc: c@d.uk", "a b@c.uk", "Tess <a@b.uk>", "a@b.uk, c@d.uk"),
        *("@b.uk", "a@b..uk", "a..b@c.uk", ".a@b.uk", "a.@b.uk", "a@-b.uk", "ä@b.uk", "a" * 250 + "@b.uk"),
    ],
)
def test_row_42_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="one full e-mail address"):
        address(text)


@pytest.mark.parametrize("text", ["tess@oakfield.sch.uk", "o'neill+school@mail.example.org", "a_b-c@x-y.uk"])
def test_an_ordinary_address_is_accepted(text: str) -> None:
    assert address(text) == text


@pytest.mark.parametrize("name", ["O'Neill, Primary & Co", "Ysgol Ó Briain", "李小学", 'St "Mary" School', "a@b.uk"])
def test_a_schools_name_of_any_kind_stands_before_the_address(name: str) -> None:
    mail = message(asked(), sender(name, "policies@oakfield.sch.uk"), "<1@x.uk>", MONDAY)
    read = message_from_bytes(mail.as_bytes(), policy=SMTP)
    [author] = read["From"].addresses
    assert (author.display_name, author.addr_spec) == (name, "policies@oakfield.sch.uk")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("overdue 12 October 2026.xlsx", "overdue 12 October 2026.xlsx"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("gpj\u202e.exe.pdf", "gpj.exe.pdf"),
        ("Polisi Gwrth-Fwlio ŵ.pdf", "Polisi Gwrth-Fwlio ŵ.pdf"),
        ("سياسة.pdf", "سياسة.pdf"),
        ("=?utf-8?q?x?=.pdf", "=-utf-8-q-x-=.pdf"),
        ("...", "attachment"),
        ("", "attachment"),
    ],
)
def test_an_attachment_keeps_a_name_that_any_system_can_save(given_name: str, kept: str) -> None:
    assert filename(given_name) == kept
    letter = Letter("k", "tess@oakfield.sch.uk", "s", "t", "h", (Attachment(given_name, "application/pdf", b"%PDF"),))
    [part] = on_the_wire(letter).iter_attachments()
    assert part.get_filename() == kept
    assert part.get_content() == b"%PDF"


@given(text=st.text(max_size=300))
def test_no_attachments_name_is_too_long_or_leads_elsewhere(text: str) -> None:
    kept = filename(text)
    assert 0 < len(kept) <= LONGEST_FILENAME
    assert not set(kept) & set('\\/:*?"<>|\r\n\x00')


def test_an_attachment_without_a_media_type_is_refused() -> None:
    letter = Letter("k", "tess@oakfield.sch.uk", "s", "t", "h", (Attachment("a.pdf", "pdf\r\nX: y", b""),))
    with pytest.raises(Refusal, match="no usable media type"):
        on_the_wire(letter)


def test_no_line_on_the_wire_is_too_long_for_a_mail_server() -> None:
    letter = asked(name="x" * 5000)
    mail = message(letter, sender("Oakfield", "policies@oakfield.sch.uk"), "<1@x.uk>", MONDAY)
    assert max(len(line) for line in mail.as_bytes().split(b"\r\n")) <= 998
    assert mail.as_bytes().isascii()
