"""Saving a policy's copy for the website from its page: as one file where that can be, else beside its untouched original."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import reading, writing
from governance.extract.examine import examine_here
from governance.policies.actions import File, NewPolicy, NewVersion, Text, add_policy, record_version
from governance.storage.actions import Bytes
from governance.storage.models import Document
from governance.tenancy import Scope
from tests import hillcrest as school
from tests.checkers import html_faults, pdf_faults
from tests.hillcrest import MAYA, NOW
from tests.packs.test_website import untagged
from tests.render.pdf_checks import text_of
from tests.web.people import sign_in

SINCE = dt.date(2026, 9, 24)
TEXT = b"# Behaviour Policy\n\n## 1 Purpose\n\n1.1 Everybody is kind.\n"


def a_policy(app: Flask, scope: Scope, title: str, file: File, *, in_force: bool = True) -> str:
    with app.app_context(), writing() as session:
        text = None
        if file.filename.endswith(".md"):
            read = examine_here(file.filename, file.content.data)
            text = Text("clauses-1", read.text_sha256 or "", read.clauses_json)
        policy = add_policy(session, scope, MAYA, NewPolicy(title=title), NOW)
        version = record_version(session, scope, MAYA, policy, NewVersion(files=(file,), text=text), NOW)
        if in_force:
            school.put_in_force(session, scope, version, SINCE)
        return f"/hillcrest/policies/{policy.public_id}"


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]*/website-copy[^"]*)"', page)


@pytest.mark.engines("sqlite", "postgresql")
def test_a_teacher_saves_the_copy_from_the_policys_page(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    where = a_policy(app, hillcrest, "Behaviour Policy", File("policy.md", Bytes(TEXT, "text/markdown")))
    sign_in(client, "tess@hillcrest.sch.uk")
    page = client.get(where).text
    assert links(page) == [f"{where}/website-copy"]
    assert html_faults({"policy": page}) == []
    answer = client.get(f"{where}/website-copy")
    assert 'filename="behaviour-policy-2026-09-24.pdf"' in answer.headers["Content-Disposition"]
    assert pdf_faults(answer.data) == []
    front, text = text_of(answer.data)
    assert "Adopted by Full Governing Body on 24 September 2026" in front and "Everybody is kind." in text
    assert "Helen" not in front + text, "nobody who recorded it is named"


def test_an_original_is_bound_after_its_front_page_and_stays_as_it_is(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    content = untagged()
    where = a_policy(app, hillcrest, "Uniform Policy", File("uniform.pdf", Bytes(content, "application/pdf")))
    sign_in(client, "tess@hillcrest.sch.uk")
    whole, front = links(client.get(where).text)
    assert text_of(client.get(whole).data)[1:] == ["Original sheet 1", "Original sheet 2"]
    alone = client.get(front)
    assert 'filename="uniform-policy-2026-09-24-front-page.pdf"' in alone.headers["Content-Disposition"]
    assert len(text_of(alone.data)) == 1
    original = re.search(r'href="([^"]*/files/[^"]*)"', client.get(where).text)
    assert original is not None and client.get(original[1]).data == content
    with app.app_context(), reading() as session:
        assert session.scalars(select(Document.bytes)).all() == [content]


def test_an_original_that_cannot_be_bound_is_offered_beside_its_front_page(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    damaged = Bytes(b"%PDF-1.7 torn", "application/pdf")
    where = a_policy(app, hillcrest, "Uniform Policy", File("uniform.pdf", damaged))
    sign_in(client, "tess@hillcrest.sch.uk")
    answer = client.get(f"{where}/website-copy")
    assert (answer.status_code, "save the front page alone" in answer.text) == (422, True)
    assert client.get(f"{where}/website-copy?only=front").status_code == 200


def test_what_is_not_in_force_has_no_copy(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    where = a_policy(app, hillcrest, "Draft", File("policy.md", Bytes(TEXT, "text/markdown")), in_force=False)
    sign_in(client, "Maya")
    assert links(client.get(where).text) == []
    assert client.get(f"{where}/website-copy").status_code == 404
