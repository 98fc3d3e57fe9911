"""Searching the words of the policies in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from governance.db import writing
from governance.extract.clauses import EXTRACTOR, to_json
from governance.extract.examined import text_hash
from governance.extract.segmentation import read_clauses
from governance.policies.actions import NewPolicy, NewVersion, Text, add_policy, record_version
from governance.policies.models import PolicyVersion
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW
from tests.web.reading_room import text

WORDS = "/hillcrest/register/words"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def saying(session: Session, scope: Scope, title: str, words: str) -> PolicyVersion:
    """A policy whose clause 3.1 says some words."""
    clauses = read_clauses(f"# {title}\n\n## 3. Visitors\n\n3.1 {words}\n")
    policy = add_policy(session, scope, MAYA, NewPolicy(title=title), NOW)
    kept = Text(EXTRACTOR, text_hash(clauses), to_json(clauses))
    return record_version(session, scope, MAYA, policy, NewVersion(files=(school.a_file(title),), text=kept), NOW)


@pytest.fixture
def texts(hillcrest: Scope, app: Flask) -> None:
    """One policy in force, and one whose new words nobody has decided about."""
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        said = "Visitors wear a “red” lanyard & sign in <at> Zoë’s desk."
        school.put_in_force(session, scope, saying(session, scope, "Visitors Policy", said), dt.date(2026, 9, 1))
        saying(session, scope, "Lanyard Policy", "A red lanyard opens the door at Zoë's desk.")


@pytest.mark.engines("sqlite", "postgresql", "postgresql-c")
@pytest.mark.usefixtures("texts")
def test_the_clause_that_says_it_is_shown_with_the_words_marked(maya: FlaskClient) -> None:
    page = maya.get(WORDS, query_string={"words": "RED lanyard zoe's"}).text
    assert [word in page for word in ("<mark>red</mark>", "<mark>lanyard</mark>", "<mark>Zoë’s</mark>")] == [True] * 3
    assert "&lt;at&gt;" in page and 'clause-3-1">3.1 Visitors</a>' in page
    assert "1 policy in force says this." in text(page) and "Lanyard Policy" not in page


@pytest.mark.usefixtures("texts")
def test_every_word_has_to_be_in_one_clause(maya: FlaskClient) -> None:
    page = maya.get(WORDS, query_string={"words": "red umbrella"}).text
    assert "No policy in force says this in one clause." in text(page) and "<mark>" not in page


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("typed", ["100%", "under_score", "\\", '"quoted"', "x" * 5_000, "' OR 1=1 --", ""])
def test_whatever_is_typed_is_looked_for_and_nothing_else(maya: FlaskClient, typed: str) -> None:
    answer = maya.get(WORDS, query_string={"words": typed})
    assert answer.status_code == 200 and "<mark>" not in answer.text
