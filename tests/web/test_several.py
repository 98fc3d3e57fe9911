"""A folder of policies comes in at once: each file read in its own place, one table, one confirmation, nobody asked."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.adoption.models import Asking, Decision, InForce
from governance.db import reading, writing
from governance.intake import several as intake
from governance.mail.models import Outbox
from governance.policies.models import Policy, PolicyVersion, RelatedPolicy, VersionDocument
from governance.reading.models import ReadingRule
from governance.schedule import runs
from governance.schedule.models import Run
from governance.schedule.runner import tick
from governance.storage.models import HeldFile
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.extract import making
from tests.hillcrest import NOW
from tests.web.people import sign_in
from tests.web.reading_room import text
from tests.web.test_new_version import counts, filled

pytestmark = [pytest.mark.engines("sqlite", "postgresql"), pytest.mark.usefixtures("files_read_once")]

START = "/hillcrest/policies/several"
LONE = b"""# Lone Working Policy

Version: 2.1

Adopted by the Governing Body on 3 July 2024. Next review: July 2027.

This policy applies to all teachers and volunteers.

It should be read in conjunction with the Health and Safety Policy.
"""
SOCIAL = b"""# Social Media Policy

Version: 3

Adopted by the Governing Body on 1 July 2026. Next review: July 2028.

This policy applies to all staff.
"""
UNDATED = b"""# Uniform Policy

This policy of [name of school] applies to all pupils.
"""
FIVE = (
    ("Lone working.md", LONE),
    ("Lone working (1).md", LONE),
    ("Social media 2026.md", SOCIAL),
    ("setup.pdf", b"MZ\x90\x00\x03"),
    ("Uniform.md", UNDATED),
)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def known(app: Flask, hillcrest: Scope) -> None:
    """The register has the Social Media Policy with one version."""
    with app.app_context(), writing() as session:
        school.a_policy(session, scope_by_slug(session, "hillcrest"), "Social Media Policy")


def send(browser: FlaskClient, *files: tuple[str, bytes]) -> TestResponse:
    sent = [(io.BytesIO(data), name) for name, data in files]
    return browser.post(START, data={"files": sent}, content_type="multipart/form-data")


def table(browser: FlaskClient, app: Flask, *files: tuple[str, bytes]) -> tuple[str, str]:
    """The address of the table, and the table once everything is read."""
    answer = send(browser, *files)
    assert answer.status_code == 302, text(answer.text)
    assert tick(app).done == 1
    return answer.location, browser.get(answer.location).text


def ticked(page: str) -> list[str]:
    return re.findall(r'name="row"[^>]*value="(\d+)" checked', page)


def row_of(page: str, name: str) -> str:
    """The address of a row by what it is called."""
    found = re.search(rf'<a class="govuk-link" href="([^"]+/several/[^"]+/\d+)">{re.escape(name)}</a>', page)
    assert found, text(page)
    return found[1]


def number(address: str) -> str:
    return address.rpartition("/")[2]


def test_a_folder_becomes_one_table_in_which_only_the_doubtful_need_opening(
    known: None, maya: FlaskClient, app: Flask
) -> None:
    where, page = table(maya, app, *FIVE)
    said = text(page)
    assert ticked(page) == [number(row_of(page, "Lone Working Policy"))]
    assert "3 documents. Ticked: 1, in which nothing is doubtful" in said
    assert "Lone working (1).md: the same file again, kept once" in said
    assert "3 July 2024" in said and "July 2027" in said and "Teachers, Volunteers" in said
    assert "looks like a new version of Social Media Policy (1 version)" in said
    assert "no adoption date found" in said and "has unfilled [brackets]: [name of school]" in said
    assert "setup.pdf" in said and "is not a PDF" in said
    assert counts(app, Policy, PolicyVersion, Decision, HeldFile) == (1, 1, 0, 5)
    assert where.startswith(f"{START}/")


def test_the_ticked_rows_are_recorded_together_and_nobody_is_asked(known: None, maya: FlaskClient, app: Flask) -> None:
    where, page = table(maya, app, *FIVE)
    both = [*ticked(page), number(row_of(page, "Social Media Policy"))]
    done = maya.post(where, data={"row": both}, follow_redirects=True)
    assert "2 versions recorded. Nobody has been asked to read anything, and nothing was mailed." in text(done.text)
    # the copy went with its file; the undated and the refused one are still held
    assert counts(app, Policy, PolicyVersion, Decision, InForce, HeldFile) == (2, 3, 2, 2, 2)
    assert counts(app, ReadingRule, RelatedPolicy, Asking, Outbox, VersionDocument) == (2 + 10, 1, 0, 0, 3)
    assert "Uniform Policy" in done.text and "Lone Working Policy" not in done.text
    assert maya.post(where, data={"row": both}).status_code == 422


def test_nothing_ticked_and_what_is_not_there_are_refused_in_words(maya: FlaskClient, app: Flask) -> None:
    where, page = table(maya, app, ("Lone working.md", LONE))
    assert "Tick at least one document." in maya.post(where, data={}).text
    refused = maya.post(where, data={"row": [*ticked(page), "999999"]})
    assert refused.status_code == 422
    assert counts(app, Policy, HeldFile) == (0, 1)


def test_a_row_shows_its_text_with_each_fact_marked_and_keeps_what_was_corrected(maya: FlaskClient, app: Flask) -> None:
    where, page = table(maya, app, ("Uniform.md", UNDATED), ("Lone working.md", LONE))
    row = row_of(page, "Uniform Policy")
    opened = maya.get(row).text
    assert "<mark>Uniform Policy</mark>" in opened and 'href="#line-1"' in opened
    assert "no adoption date found" in opened
    [body] = re.findall(r'<option value="([^"]+)">Full Governing Body', opened)
    typed = {"title": "School Uniform Policy", "decided": "y", "decided_on": "March 2025", "body": body}
    form = {**filled(opened), **typed}
    kept = maya.post(row, data=form, follow_redirects=True)
    assert "School Uniform Policy is kept as you left it, and ticked. It is not recorded yet." in text(kept.text)
    assert "March 2025" in text(kept.text) and number(row) in ticked(kept.text)
    assert filled(maya.get(row).text)["decided_on"] == "March 2025"
    assert counts(app, Policy, HeldFile) == (0, 2)
    done = maya.post(where, data={"row": ticked(kept.text)})
    assert done.location.endswith("/register")
    assert counts(app, Policy, Decision, HeldFile) == (2, 2, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decided": "y", "decided_on": "31/02/2026"}, "February"),
        ({"decided": "y", "decided_on": "1 July 2029"}, "after today"),
        ({"title": ""}, "Enter the policy"),
        ({"review_every_months": "0"}, "1 to 60"),
    ],
)
def test_a_refused_row_keeps_what_was_typed_and_says_it_at_the_field(
    maya: FlaskClient, app: Flask, changes: dict[str, str], said: str
) -> None:
    _, page = table(maya, app, ("Uniform.md", UNDATED))
    row = row_of(page, "Uniform Policy")
    typed = {**filled(maya.get(row).text), "change_summary": "Adds <ties>", **changes}
    refused = maya.post(row, data=typed)
    assert (refused.status_code, said in text(refused.text)) == (422, True), text(refused.text)[:900]
    kept = filled(refused.text)
    sent = {name: ["y"] if name == "decided" else value for name, value in changes.items()}
    assert {name: kept[name] for name in changes} == sent and kept["change_summary"] == "Adds <ties>"
    assert counts(app, Policy, PolicyVersion) == (0, 0)


def test_a_row_that_is_refused_says_so_in_the_table_and_the_others_are_recorded(maya: FlaskClient, app: Flask) -> None:
    future = LONE.replace(b"3 July 2024", b"3 July 2028").replace(b"Lone Working", b"Flying").replace(b"2027", b"2030")
    where, page = table(maya, app, ("Lone working.md", LONE), ("Flying.md", future))
    rows = [number(row_of(page, name)) for name in ("Flying Policy", "Lone Working Policy")]
    done = maya.post(where, data={"row": rows}, follow_redirects=True)
    said = text(done.text)
    assert "1 version recorded" in said and "1 document could not be recorded; the table says why" in said
    assert "Not recorded:" in said and "after today" in said and ticked(done.text) == []
    assert counts(app, Policy, PolicyVersion, HeldFile) == (1, 1, 1)


def test_files_of_one_policy_from_several_years_become_its_versions_in_their_order(
    maya: FlaskClient, app: Flask
) -> None:
    older = LONE.replace(b"2.1", b"1.0").replace(b"3 July 2024", b"5 July 2021").replace(b"July 2027", b"July 2024")
    where, page = table(maya, app, ("new.md", LONE), ("old.md", older))
    assert "version 1 of 2 found here, by date" in text(page)
    maya.post(where, data={"row": ticked(page)})
    with app.app_context(), reading() as session:
        labels = session.scalars(select(PolicyVersion.label).order_by(PolicyVersion.number)).all()
    assert labels == ["1.0", "2.1"]
    assert counts(app, Policy, Decision, HeldFile) == (1, 2, 0)


def test_word_and_text_of_one_policy_become_one_version_with_two_files(maya: FlaskClient, app: Flask) -> None:
    lines = [line for line in LONE.decode().replace("# ", "").split("\n") if line]
    word = making.docx("".join(making.paragraph(line) for line in lines))
    where, page = table(maya, app, ("lone.md", LONE), ("lone.docx", word))
    assert "of one text" in text(page) or "whose words differ" in text(page)
    rows = re.findall(r'name="row"[^>]*value="(\d+)"', page)
    assert len(rows) == 1
    maya.post(where, data={"row": rows})
    assert counts(app, PolicyVersion, VersionDocument, HeldFile) == (1, 2, 0)


def test_files_joined_wrongly_are_parted_and_both_are_recorded(maya: FlaskClient, app: Flask) -> None:
    other = making.docx("".join(making.paragraph(line) for line in ("Lone Working Policy", "Only for the caretakers.")))
    where, page = table(maya, app, ("lone.md", LONE), ("lone.docx", other))
    row = row_of(page, "Lone Working Policy")
    opened = maya.get(row).text
    assert "These files would be recorded as one version." in text(opened)
    page = maya.post(f"{row}/part", follow_redirects=True).text
    assert "The files are listed separately now." in text(page)
    rows = re.findall(r'name="row"[^>]*value="(\d+)"', page)
    assert len(rows) == 2
    assert "would be recorded as one version" not in maya.get(row).text
    maya.post(where, data={"row": rows})
    assert counts(app, Policy, PolicyVersion, VersionDocument, HeldFile) == (1, 2, 2, 0)
    assert maya.post(f"{row}/part").status_code == 404


def test_who_decided_is_asked_for_at_the_body(maya: FlaskClient, app: Flask) -> None:
    _, page = table(maya, app, ("Uniform.md", UNDATED))
    row = row_of(page, "Uniform Policy")
    refused = maya.post(row, data={**filled(maya.get(row).text), "decided": "y", "decided_on": "1 July 2026"})
    assert re.search(r'id="body-error"[^>]*>.*?Choose who decided', refused.text, re.DOTALL), text(refused.text)


def test_bytes_in_the_register_are_named_and_need_a_tick_of_their_own(maya: FlaskClient, app: Flask) -> None:
    where, page = table(maya, app, ("lone.md", LONE))
    maya.post(where, data={"row": ticked(page)})
    where, page = table(maya, app, ("again.md", LONE))
    assert "identical to version 1 of Lone Working Policy" in text(page) and ticked(page) == []
    row = row_of(page, "Lone Working Policy")
    refused = maya.post(where, data={"row": number(row)}, follow_redirects=True)
    assert "Not recorded: This file is identical to version 1" in text(refused.text)
    assert counts(app, PolicyVersion) == (1,)
    form = filled(maya.get(row).text)
    assert maya.post(row, data=form).status_code == 422
    assert maya.post(row, data={**form, "same_bytes": "y", "decided_on": "4 July 2024"}).status_code == 302


def test_owner_and_interval_of_the_register_stay_unless_a_person_says_otherwise(maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        policy = school.a_policy(session, scope_by_slug(session, "hillcrest"), "Lone Working Policy")
        policy.review_every_months = 12
        policy.safeguarding = True  # what no document says stays as the school said it
    often = LONE + b"\nThis policy is reviewed every two years.\n"
    _, page = table(maya, app, ("lone.md", often))
    assert "reviewed every: the register says 12 months, the document 24 months" in text(page)
    row = row_of(page, "Lone Working Policy")
    form = filled(maya.get(row).text)
    for tick_it, months in ((False, 12), (True, 24)):
        maya.post(row, data=form | ({"change_register": "y"} if tick_it else {}))
        maya.post(row.rpartition("/")[0], data={"row": number(row)})
        with app.app_context(), reading() as session:
            assert session.execute(select(Policy.review_every_months, Policy.safeguarding)).one() == (months, True)
        if not tick_it:
            _, page = table(maya, app, ("lone.md", often + b"\nMore.\n"))
            row = row_of(page, "Lone Working Policy")
            form = filled(maya.get(row).text)


def test_what_is_too_large_or_too_many_is_refused_in_its_own_place(
    maya: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = send(maya, *((f"{place}.md", b"# A Policy") for place in range(101)))
    assert (many.status_code, "You chose 101 files. Send at most 100 at once." in many.text) == (422, True)
    none = maya.post(START, data={}, content_type="multipart/form-data")
    assert (none.status_code, "Choose at least one file" in none.text) == (422, True)
    assert counts(app, HeldFile) == (0,)
    _, page = table(maya, app, ("lone.md", LONE), ("big.md", b"x" * (25 * 1024 * 1024 + 1)))
    assert "a file may have at most 25 MB" in text(page) and "Lone Working Policy" in page


def test_progress_is_shown_while_the_files_are_read_and_nothing_can_be_recorded(maya: FlaskClient, app: Flask) -> None:
    where = send(maya, *FIVE).location
    page = maya.get(where).text
    assert "0 of 5 are read" in text(page) and "data-goes-on" in page and 'name="row"' not in page
    assert maya.post(where, data={"row": "1"}).status_code == 422
    tick(app)
    assert "data-goes-on" not in maya.get(where).text


def test_a_run_whose_process_was_killed_goes_on_where_it_was(
    maya: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [(f"{place}.md", LONE.replace(b"Lone Working", b"Number %d" % place)) for place in range(4)]
    where = send(maya, *files).location
    monkeypatch.setattr(intake, "_FEW", 1)
    examined: list[str] = []
    honest = intake.examined_each

    class Killed(BaseException):
        """As if the process were gone: nothing of ours catches it."""

    def counted(few: list[tuple[str, bytes]]) -> object:
        if len(examined) == 2:
            raise Killed
        examined.extend(name for name, _ in few)
        return honest(few)

    monkeypatch.setattr(intake, "examined_each", counted)
    with pytest.raises(Killed):
        tick(app)
    assert "2 of 4 are read" in text(maya.get(where).text)
    examined.append("killed")
    with time_machine.travel(NOW + runs.LEASE + dt.timedelta(minutes=1), tick=False):
        assert tick(app).done == 1
    assert examined == ["0.md", "1.md", "killed", "2.md", "3.md"]
    with app.app_context(), reading() as session:
        notes = [json.loads(one) for one in session.scalars(select(HeldFile.notes).order_by(HeldFile.id))]
        assert [set(one) for one in notes] == [{"read", "examined"}] * 4
        assert session.scalars(select(Run.attempts)).all() == [2]


def test_what_a_failed_run_left_unread_can_be_read_again(
    maya: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = send(maya, ("lone.md", LONE)).location
    with app.app_context(), writing() as session:
        session.scalars(select(Run)).one().state = "failed"
    page = maya.get(where).text
    assert "Read the rest" in page
    assert maya.post(f"{where}/read").location == where
    assert tick(app).done == 1
    assert "Lone Working Policy" in maya.get(where).text


def test_files_let_go_are_gone_and_those_forgotten_too(maya: FlaskClient, app: Flask) -> None:
    where = send(maya, *FIVE).location
    assert "let go" in maya.post(f"{where}/cancel", follow_redirects=True).text
    assert counts(app, HeldFile) == (0,)
    assert tick(app).done == 1, "the run finds nothing, and that is no failure"
    assert maya.get(where).status_code == 404
    where, page = table(maya, app, ("lone.md", LONE))
    assert where in maya.get(START).text, "it can be found again"
    with time_machine.travel(NOW + dt.timedelta(days=2, minutes=1), tick=False):
        sign_in(maya)
        assert maya.get(where).status_code == maya.get(row_of(page, "Lone Working Policy")).status_code == 404


def test_another_schools_folder_is_not_there_and_a_reader_may_not_look(maya: FlaskClient, app: Flask) -> None:
    where, page = table(maya, app, ("lone.md", LONE))
    row = row_of(page, "Lone Working Policy")
    sign_in(zed := app.test_client(), "zed@zeds.sch.uk")
    for path in (where, row):
        theirs = path.replace("/hillcrest/", "/zeds/")
        assert zed.get(path).status_code == zed.get(theirs).status_code == 404
        assert zed.post(theirs, data={"row": number(row)}).status_code == 404
    zed.post(f"{where.replace('/hillcrest/', '/zeds/')}/cancel")
    assert maya.get(where).status_code == 200
    sign_in(tess := app.test_client(), "tess@hillcrest.sch.uk")
    assert [tess.get(path).status_code for path in (START, where, row)] == [403] * 3
    assert send(tess, ("lone.md", LONE)).status_code == 403


@pytest.mark.engines("sqlite")
def test_the_pages_follow_the_standard_also_while_reading_and_when_refused(maya: FlaskClient, app: Flask) -> None:
    where = send(maya, *FIVE).location
    pages = {"start": maya.get(START).text, "reading": maya.get(where).text}
    tick(app)
    pages["table"] = maya.get(where).text
    pages["nothing ticked"] = maya.post(where, data={}).text
    row = row_of(pages["table"], "Lone Working Policy")
    pages["row"] = maya.get(row).text
    pages["row refused"] = maya.post(row, data={**filled(pages["row"]), "title": ""}).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)
