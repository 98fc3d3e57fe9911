"""A document comes in by the screens: looked into, held, corrected and confirmed by a person, then kept byte for byte."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from governance.adoption.models import Asking, Decision, InForce
from governance.db import writing
from governance.mail.models import Outbox
from governance.policies.models import Policy, PolicyVersion, RelatedPolicy, VersionDocument, VersionText
from governance.reading.models import ReadingRule
from governance.storage.models import HeldFile
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.extract import making
from tests.hillcrest import NOW
from tests.web.people import sign_in
from tests.web.reading_room import text

pytestmark = pytest.mark.usefixtures("files_read_once")

NEW = "/hillcrest/policies/new"
LONE = b"""# Lone Working Policy

Version 2.1

Approved by the Governing Body on 3rd July 2024. Next review: July 2027.

1.1 This policy applies to all teachers and volunteers.

It should be read in conjunction with the Health and Safety Policy.
"""
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def upload(browser: FlaskClient, *files: tuple[str, bytes], to: str = NEW) -> TestResponse:
    sent = [(io.BytesIO(data), name) for name, data in files]
    return browser.post(to, data={"files": sent}, content_type="multipart/form-data")


def held(browser: FlaskClient, *files: tuple[str, bytes], to: str = NEW) -> tuple[str, str]:
    """The address of the page to check, and the page."""
    answer = upload(browser, *files, to=to)
    assert answer.status_code == 302, text(answer.text)
    return answer.location, browser.get(answer.location).text


def filled(page: str) -> dict[str, object]:
    """What a browser would send of the form as it stands."""
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'{attribute}="([^"]*)"', tag) for attribute in ("name", "value"))
        if name is None or name.group(1) == "csrf_token" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        got = html.unescape(value.group(1)) if value else ""
        known = sent.get(name.group(1))
        sent[name.group(1)] = [*known, got] if isinstance(known, list) else [got] if 'type="checkbox"' in tag else got
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', body)
        sent[name] = chosen.group(1) if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = html.unescape(body).strip()
    return sent


def counts(app: Flask, *models: type) -> tuple[int, ...]:
    with app.app_context(), writing() as session:
        return tuple(session.scalar(select(func.count()).select_from(model)) or 0 for model in models)


def files_kept(browser: FlaskClient, policy_page: str) -> list[TestResponse]:
    links = re.findall(r'href="(/hillcrest/versions/[^"]+/files/[^"]+)"', policy_page)
    return [browser.get(link) for link in dict.fromkeys(links)]


def test_what_a_document_says_is_shown_with_its_lines_and_nothing_is_recorded(maya: FlaskClient, app: Flask) -> None:
    _, page = held(maya, ("lone.md", LONE))
    said = text(page)
    assert "Adopted on: see line 5" in said and 'href="#line-5"' in page
    assert "<mark>Approved by the Governing Body on 3rd July 2024. Next review: July 2027.</mark>" in page
    form = filled(page)
    assert (form["title"], form["label"], form["decided_on"]) == ("Lone Working Policy", "2.1", "3rd July 2024")
    assert form["related"] == "Health and Safety Policy"
    assert isinstance(form["audience"], list)
    assert len(form["audience"]) == 2
    assert counts(app, Policy, PolicyVersion, HeldFile) == (0, 0, 1)


def test_what_is_confirmed_is_recorded_and_nobody_is_asked(maya: FlaskClient, app: Flask) -> None:
    where, page = held(maya, ("lone.md", LONE))
    answer = maya.post(where, data=filled(page))
    assert answer.status_code == 302, text(answer.text)
    assert counts(app, Policy, PolicyVersion, Decision, InForce) == (1, 1, 1, 1)
    assert counts(app, ReadingRule, RelatedPolicy, Asking, Outbox, HeldFile) == (2, 1, 0, 0, 0)
    shown = text(maya.get(answer.location).text)
    assert "Lone Working Policy, version 1, is recorded. Nobody has been asked to read it." in shown
    assert "3 July 2024" in shown and "July 2027" in shown and "Health and Safety Policy" in shown
    assert maya.post(where, data=filled(page)).status_code == 404, "a second press finds nothing to record"


def test_row_22_what_was_typed_is_kept_when_it_is_refused(maya: FlaskClient, app: Flask) -> None:
    where, page = held(maya, ("lone.md", LONE))
    typed = {
        **filled(page),
        "title": "Working <Alone>",
        "change_summary": "Adds the bus",
        "related": "One\nTwo",
        "decided_on": "31/02/2026",
    }
    refused = maya.post(where, data=typed)
    assert refused.status_code == 422
    assert "February" in refused.text
    kept = filled(refused.text)
    assert {name: kept[name] for name in typed} == typed
    assert counts(app, Policy, PolicyVersion, HeldFile) == (0, 0, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decided_on": "31/02/2027"}, "31 February 2027 does not exist"),  # row 25
        ({"decided_on": "1 July 0207"}, "0207"),  # row 27
        ({"decided_on": "1 July 20226"}, "20226"),  # row 27
        ({"next_review": "1 July 2023"}, "before the decision"),  # row 28
        ({"decided_on": "1 July 2029"}, "after today"),  # row 28
        ({"review_every_months": "0"}, "1 to 60"),  # row 30
        ({"review_every_months": "-1"}, "1 to 60"),
        ({"review_every_months": "1000"}, "1 to 60"),
        ({"review_every_months": "annual"}, "1 to 60"),
        ({"title": ""}, "Enter the policy"),
        ({"title": "x" * 201}, "201 characters"),
        ({"reference": "R" * 41}, "41 characters"),
        ({"label": "v" * 61}, "61 characters"),
        ({"related": "r" * 301}, "301 characters"),
        ({"kind": "guidance"}, "issued by the headteacher"),
        ({"policy": "no-such-policy"}, "Not a valid choice"),
    ],
)
def test_rows_25_to_30_a_refusal_says_what_is_wrong_and_stores_nothing(
    maya: FlaskClient, app: Flask, changes: dict[str, str], said: str
) -> None:
    where, page = held(maya, ("lone.md", LONE))
    refused = maya.post(where, data={**filled(page), **changes})
    assert (refused.status_code, said in text(refused.text)) == (422, True), text(refused.text)[:900]
    assert counts(app, Policy, PolicyVersion, Decision, HeldFile) == (0, 0, 0, 1)


def test_row_26_a_short_date_is_the_second_of_march(maya: FlaskClient, app: Flask) -> None:
    where, page = held(maya, ("lone.md", LONE))
    data = {**filled(page), "decided_on": "02/03/26", "next_review": "02/03/27"}
    assert "2 March 2026" in text(maya.get(maya.post(where, data=data).location).text)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        pytest.param("empty.md", b"", "That file is empty", id="row_1"),
        pytest.param("setup.pdf", b"MZ\x90\x00\x03", "is not a PDF: its contents do not match", id="row_3"),
        pytest.param("policy.docm", b"PK\x03\x04", "macros are not accepted", id="row_4_by_name"),
        pytest.param("policy.docx", making.docx_of([("word/vbaProject.bin", b"x")]), "macros", id="row_4_by_contents"),
        pytest.param("policy.pdf.html", b"<p>x", "Files ending in .html are not accepted", id="row_5"),
        pytest.param("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file", id="row_10"),
    ],
)
def test_rows_1_to_10_a_file_that_cannot_be_taken_is_refused_by_name(
    maya: FlaskClient, app: Flask, name: str, data: bytes, said: str
) -> None:
    refused = upload(maya, (name, data))
    assert (refused.status_code, said in text(refused.text)) == (422, True), text(refused.text)[:900]
    assert name in refused.text
    assert counts(app, Policy, HeldFile) == (0, 0)


def test_row_2_a_file_over_the_limit_is_413_with_both_figures(maya: FlaskClient, app: Flask) -> None:
    refused = maya.post(NEW, data=b"x" * (26 * MIB + 999), content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 413
    assert "is 26 MB" in text(refused.text) and "at most 25 MB" in text(refused.text), text(refused.text)
    assert counts(app, HeldFile) == (0,)


def test_no_file_at_all_is_said_at_the_field(maya: FlaskClient) -> None:
    refused = maya.post(NEW, data={}, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Choose at least one file" in refused.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param("../../app.md", "app.md", id="row_6"),
        pytest.param("lone\u202etxt.md", "lonetxt.md", id="row_7_override"),
        pytest.param("Polisi Gweithio’n Unigol 🦊 سياسة.md", "Polisi Gweithio’n Unigol 🦊 سياسة.md", id="row_8"),
    ],
)
def test_rows_6_to_8_a_name_is_cleaned_kept_and_safe_in_the_header(maya: FlaskClient, name: str, kept: str) -> None:
    where, page = held(maya, (name, LONE))
    assert html.escape(kept) in page or kept in page
    policy = maya.get(maya.post(where, data=filled(page)).location).text
    [answer] = files_kept(maya, policy)
    header = answer.headers["Content-Disposition"]
    assert header.isascii() and header.startswith('attachment; filename="')
    assert "\r" not in header and "\n" not in header and "/" not in unquote(header)
    assert unquote(header.partition("filename*=UTF-8''")[2]) == kept


def test_row_7_a_name_of_300_characters_is_cut_or_refused(maya: FlaskClient) -> None:
    answer = upload(maya, ("x" * 300 + ".md", LONE))
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert "x" * 260 not in maya.get(answer.location).text


def test_row_24_the_same_bytes_again_need_a_tick(maya: FlaskClient, app: Flask) -> None:
    where, page = held(maya, ("lone.md", LONE))
    maya.post(where, data=filled(page))
    where, page = held(maya, ("copy.md", LONE))
    assert "identical to version 1 of Lone Working Policy" in text(page)
    form = filled(page)
    assert form["policy"], "a known title is offered as the next version"
    refused = maya.post(where, data=form)
    assert (refused.status_code, "identical to version 1" in refused.text) == (422, True)
    assert counts(app, PolicyVersion) == (1,)
    form = {**form, "same_bytes": "y", "decided_on": "4 July 2024"}
    assert maya.post(where, data=form).status_code == 302
    assert counts(app, Policy, PolicyVersion) == (1, 2)


def test_word_pdf_markdown_and_text_make_one_version_and_are_served_byte_for_byte(
    maya: FlaskClient, app: Flask
) -> None:
    files = [
        ("lone.txt", LONE),
        ("annex a.docx", making.docx(making.paragraph("Risk assessment"))),
        ("annex b.pdf", making.pdf([["Contacts"]])),
        ("annex c.md", b"# Forms\n\nSign here.\n"),
    ]
    where, page = held(maya, *files)
    answer = maya.post(where, data=filled(page))
    assert answer.status_code == 302, text(answer.text)
    assert counts(app, PolicyVersion, VersionDocument, VersionText) == (1, 4, 1)
    served = files_kept(maya, maya.get(answer.location).text)
    assert [one.data for one in served] == [data for _, data in files]
    for one, (name, _) in zip(served, files, strict=True):
        assert one.headers["X-Content-Type-Options"] == "nosniff"
        assert one.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert one.headers["Content-Disposition"].startswith(f'attachment; filename="{name}"')


def reading_page(client: FlaskClient, policy_page: str) -> str:
    """The page on which the version is read."""
    version = re.search(r"/hillcrest/read/[0-9a-f-]+", client.get(policy_page).text)
    assert version is not None
    return client.get(version.group()).text


def test_a_word_or_pdf_is_read_by_clause_with_its_original_one_click_away(maya: FlaskClient, app: Flask) -> None:
    for name, data in (
        ("dress.docx", making.docx(making.paragraph("Dress Code") + making.paragraph("1.1 Ties are worn in winter."))),
        ("uniform.pdf", making.pdf([["Uniform Policy", "1.1 Ties are worn in summer."]])),
    ):
        where, page = held(maya, (name, data))
        answer = maya.post(where, data={**filled(page), "title": name})
        shown = reading_page(maya, answer.location)
        assert "Ties are worn in" in shown and "Download the original" in shown
        assert "Download it, read it, then come back" not in shown
    assert counts(app, PolicyVersion, VersionText) == (2, 2)


def test_a_document_of_pictures_alone_is_read_as_its_original(maya: FlaskClient, app: Flask) -> None:
    where, page = held(maya, ("scanned.pdf", making.pdf([[]])))
    answer = maya.post(where, data={**filled(page), "title": "Dress Code"})
    assert counts(app, PolicyVersion, VersionText) == (1, 0)
    assert "Download it, read it, then come back" in reading_page(maya, answer.location)


def test_a_new_version_of_a_known_policy_keeps_its_place(maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        policy = school.a_policy(session, scope_by_slug(session, "hillcrest"), "Social Media Policy")
        address = f"/hillcrest/policies/{policy.public_id}/new-version"
    where, page = held(maya, ("lone.md", LONE), to=address)
    form = filled(page)
    assert form["policy"] == address.split("/")[3]
    answer = maya.post(where, data={**form, "decided_on": "", "decided": ""})
    assert answer.status_code == 302
    assert "Social Media Policy" in maya.get(answer.location).text
    assert counts(app, Policy, PolicyVersion) == (1, 2)


def test_cancelling_lets_the_files_go(maya: FlaskClient, app: Flask) -> None:
    where, _ = held(maya, ("lone.md", LONE))
    assert maya.post(f"{where}/cancel").status_code == 302
    assert counts(app, HeldFile, Policy) == (0, 0)
    assert maya.get(where).status_code == 404


def test_held_files_are_gone_after_two_days(maya: FlaskClient, hillcrest: Scope) -> None:
    where, _ = held(maya, ("lone.md", LONE))
    with time_machine.travel(NOW + dt.timedelta(days=2, minutes=1), tick=False):
        sign_in(maya)
        assert maya.get(where).status_code == 404


def test_files_for_another_schools_policy_are_not_taken(maya: FlaskClient, app: Flask) -> None:
    assert upload(maya, ("lone.md", LONE), to="/hillcrest/policies/none/new-version").status_code == 404
    assert counts(app, HeldFile) == (0,)


def test_a_reader_cannot_bring_documents_in(hillcrest: Scope, client: FlaskClient) -> None:
    sign_in(client, "tess@hillcrest.sch.uk")
    assert client.get(NEW).status_code == upload(client, ("lone.md", LONE)).status_code == 403


def test_bad_input_21_an_upload_cut_off_half_way_stores_nothing(maya: FlaskClient, app: Flask) -> None:
    boundary = "----cut"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="uniform.md"\r\n\r\n'.encode()
    whole = head + b"# Uniform Policy\n" * 50 + f"\r\n--{boundary}--\r\n".encode()
    answer = maya.post(
        "/hillcrest/policies/new",
        input_stream=io.BytesIO(whole[: len(whole) // 2]),
        content_length=len(whole),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answer.status_code == 422
    assert "Choose at least one file" in answer.text
    assert counts(app, PolicyVersion, HeldFile) == (0, 0)
