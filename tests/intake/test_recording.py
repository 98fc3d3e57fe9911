"""A real policy comes in: recorded with what it says of itself, asking nobody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, InForce
from governance.errors import Refusal
from governance.intake.reading_in import read_in
from governance.intake.recording import Recorded, record_document
from governance.mail.models import Outbox
from governance.people.models import Category
from governance.policies.actions import NewPolicy, add_policy
from governance.policies.queries import dates_stated
from governance.policies.related import related_to
from governance.reading.models import ReadingRule
from governance.schools.models import GoverningBody
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_school, body

pytestmark = pytest.mark.usefixtures("files_read_once")

MODEL = Path(__file__).parents[3] / "shared" / "data" / "social_media_policy.txt"

LONE_WORKING = b"""# Lone Working Policy

Approved by the Governing Body on 3rd July 2024. Next review: July 2026.

## 1. Who this is for

1.1 This policy applies to all teachers, volunteers and casual staff.

## 2. Read with

This policy should be read in conjunction with:

- Health and Safety Policy
- Staff Code of Conduct
"""


def record(session: Session, scope: Scope, name: str, data: bytes) -> Recorded:
    [read] = read_in([(name, data)])
    return record_document(session, scope, MAYA, read, TODAY, NOW)


@pytest.fixture
def scope(session: Session) -> Scope:
    return a_school(session)


def test_a_document_is_recorded_with_its_decision_readers_and_related_policies(session: Session, scope: Scope) -> None:
    done = record(session, scope, "lone.md", LONE_WORKING)
    assert done.policy.title == "Lone Working Policy"
    assert done.decision is not None
    assert (done.decision.decided_on, done.decision.body_id) == (dt.date(2024, 7, 3), body(session, scope).id)
    assert done.decision.next_review_on == dt.date(2026, 7, 31)
    assert done.categories == ("Teachers", "Casual staff", "Volunteers")
    assert done.related == 2
    rules = session.scalars(select(ReadingRule)).all()
    assert {(rule.days_to_read, rule.from_on) for rule in rules} == {(14, dt.date(2024, 7, 3))}


def test_nobody_is_asked_and_nothing_is_mailed(session: Session, scope: Scope) -> None:
    record(session, scope, "lone.md", LONE_WORKING)
    assert session.scalar(select(func.count()).select_from(Asking)) == 0
    assert session.scalar(select(func.count()).select_from(Outbox)) == 0


def test_row_24_the_same_bytes_again_add_nothing(session: Session, scope: Scope) -> None:
    first = record(session, scope, "lone.md", LONE_WORKING)
    again = record(session, scope, "copy of lone.md", LONE_WORKING)
    assert again.already
    assert again.version.id == first.version.id


def test_a_changed_text_of_the_same_title_is_the_next_version(session: Session, scope: Scope) -> None:
    first = record(session, scope, "lone.md", LONE_WORKING)
    changed = LONE_WORKING.replace(b"3rd July 2024", b"4th July 2025").replace(b"July 2026", b"July 2027")
    second = record(session, scope, "lone.md", changed)
    assert second.policy.id == first.policy.id
    assert second.version.number == 2
    assert second.categories == ()  # the rules stand already


def test_a_body_that_the_school_does_not_have_leaves_the_adoption_to_a_person(session: Session, scope: Scope) -> None:
    done = record(session, scope, "lone.md", LONE_WORKING.replace(b"the Governing Body", b"the Finance Committee"))
    assert done.decision is None


def test_with_two_boards_governing_body_is_not_guessed(session: Session, scope: Scope) -> None:
    session.add(GoverningBody(organisation_id=scope.organisation_id, name="Trust Board", name_key="trust board"))
    session.flush()
    assert record(session, scope, "lone.md", LONE_WORKING).decision is None


def test_a_document_without_a_title_is_refused_and_stores_nothing(session: Session, scope: Scope) -> None:
    with pytest.raises(Refusal, match="does not say what it is called"):
        record(session, scope, "x.txt", b"...")


def test_adoption_on_a_day_to_come_is_refused(session: Session, scope: Scope) -> None:
    with pytest.raises(Refusal, match="after today"):
        record(session, scope, "lone.md", LONE_WORKING.replace(b"3rd July 2024", b"3rd July 2029"))


@pytest.mark.skipif(not MODEL.exists(), reason="the model policy is not beside the project")
def test_the_citys_model_policy_is_recorded_as_it_reads(session: Session, scope: Scope) -> None:
    done = record(session, scope, "Social Media Policy.txt", MODEL.read_bytes())
    assert done.policy.title == "Social Media Policy"
    assert done.decision is not None
    assert done.decision.decided_on == dt.date(2022, 9, 12)
    stated = [(kind, date.as_written) for kind, date in dates_stated(session, scope, done.version.id)]
    assert stated == [("updated", "February 2022"), ("updated", "September 2022"), ("adopted", "12/09/2022")]
    categories = session.scalars(select(Category.name).order_by(Category.position)).all()
    assert list(done.categories) == list(categories)
    assert len(categories) == 10
    assert session.scalars(select(InForce.from_on)).one() == dt.date(2022, 9, 12)
    cited = related_to(session, scope, [done.policy.id])[done.policy.id]
    assert len(cited) == 6
    assert all(citation.missing for citation in cited)


@pytest.mark.skipif(not MODEL.exists(), reason="the model policy is not beside the project")
def test_its_related_policies_are_found_once_they_are_added(session: Session, scope: Scope) -> None:
    done = record(session, scope, "Social Media Policy.txt", MODEL.read_bytes())
    for title in (
        "Child Protection and Safeguarding Policy",
        "Anti-bullying policy",
        "Code of Conduct for Staff",
        "Complaints Policy",
        "Mobile Phones",
        "Managing Aggressive Behaviour Policy",
        "Parent Code of Conduct",
    ):
        add_policy(session, scope, MAYA, NewPolicy(title=title), NOW)
    cited = related_to(session, scope, [done.policy.id])[done.policy.id]
    assert [citation.missing for citation in cited] == [()] * 6
