"""What goes into a pack: the agenda or what is proposed for it, why, and no name of any member of staff."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from dataclasses import asdict

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.packs.freezing import freeze, values_hash
from governance.packs.gathering import for_day, for_meeting
from governance.packs.values import Pack
from governance.policies.actions import NewVersion, record_version
from governance.policies.models import Policy
from governance.policies.related import relate
from governance.schools.models import Meeting
from tests import hillcrest
from tests.hillcrest import MAYA
from tests.packs.little_school import HELEN, MEETING_ON, NOW, TODAY, Little, little_school


@pytest.fixture
def little(session: Session) -> Little:
    return little_school(session)


def gathered(session: Session, little: Little, now: dt.datetime = NOW) -> Pack:
    return for_meeting(session, little.scope, session.get_one(Meeting, little.meeting_id), TODAY, now)


def titles(pack: Pack) -> list[tuple[str, str]]:
    return [(item.title, item.asks_for) for item in pack.items]


def test_while_the_agenda_is_empty_the_pack_has_what_is_proposed(session: Session, little: Little) -> None:
    pack = gathered(session, little)
    assert titles(pack) == [
        ("Redundancy Policy", "To adopt this version"),
        ("Social Media Policy", "To review the version in force"),
    ]
    assert [item.why_due for item in pack.items] == [
        "Version 1 awaits a decision.",
        "Its review was due by 30 September 2026.",
    ]
    assert (pack.body, pack.meeting_on, pack.as_of, pack.place) == (
        "Full Governing Body",
        MEETING_ON,
        TODAY,
        "School library",
    )


def test_an_agenda_is_followed_in_its_order_and_nothing_else(session: Session, little: Little) -> None:
    meeting = session.get_one(Meeting, little.meeting_id)
    for name, asks in (("Uniform", AsksFor.REVIEW), ("Social Media", AsksFor.NOTE)):
        policy = session.get_one(Policy, little.policies[name])
        put_on_agenda(session, little.scope, MAYA, meeting, policy, asks, NOW)
    pack = gathered(session, little)
    assert titles(pack) == [
        ("Uniform Policy", "To review the version in force"),
        ("Social Media Policy", "To note what was decided since the last meeting"),
    ]
    assert pack.items[0].why_due == "It has no review date."


def test_a_review_is_of_the_version_in_force_though_another_one_was_when_it_was_put_on_the_agenda(
    session: Session, little: Little
) -> None:
    meeting, policy = (
        session.get_one(Meeting, little.meeting_id),
        session.get_one(Policy, little.policies["Social Media"]),
    )
    put_on_agenda(session, little.scope, MAYA, meeting, policy, AsksFor.REVIEW, NOW, hillcrest.latest(session, policy))
    file = hillcrest.a_file("# Social Media Policy\n\n1 Purpose\n\n1.1 Think first.\n")
    second = record_version(session, little.scope, MAYA, policy, NewVersion(files=(file,)), NOW)
    hillcrest.put_in_force(session, little.scope, second, dt.date(2026, 9, 28))
    (item,) = gathered(session, little).items
    assert (item.version_label, item.is_new_version, item.changes) == ("2", False, None)


def test_a_policy_page_holds_its_facts(session: Session, little: Little) -> None:
    item = gathered(session, little).items[1]
    assert item.decided is not None
    assert (item.decided.what, item.decided.by, item.decided.minute) == (
        "Adopted",
        "Full Governing Body",
        "22/41",
    )
    assert item.in_force_since == dt.date(2025, 9, 12)
    assert [(group.category, group.days_to_read) for group in item.groups] == [("Teachers", 14)]
    assert [(one.title, one.is_missing) for one in item.related] == [
        ("Uniform Policy", False),
        ("Missing Policy", True),
    ]
    assert "Everything shared may become public." in " ".join(clause.text for clause in item.clauses)


def test_what_is_not_printed_goes_beside_the_pack(session: Session, little: Little) -> None:
    pack = for_day(session, little.scope, TODAY, NOW)
    originals = {item.title: [one.filename for one in item.originals] for item in pack.items}
    assert originals == {"Social Media Policy": ["annex.docx"], "Uniform Policy": ["uniform.docx"]}
    assert all(item.clauses for item in pack.items if item.title != "Uniform Policy")


def test_a_day_has_every_policy_in_force_those_due_or_without_a_date_first(session: Session, little: Little) -> None:
    assert [item.title for item in for_day(session, little.scope, TODAY, NOW).items] == [
        "Social Media Policy",
        "Uniform Policy",
    ]
    before = for_day(session, little.scope, dt.date(2026, 1, 15), NOW)
    assert [item.title for item in before.items] == ["Social Media Policy"]
    assert before.meeting_on is None


@pytest.mark.engines("sqlite")
def test_a_frozen_pack_names_no_staff_and_says_what_went_in(session: Session, little: Little) -> None:
    pack = gathered(session, little)
    frozen = freeze(pack, little.scope, HELEN.label)
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(frozen.content)).pages)
    assert "Social Media Policy" in printed
    for name in ("Marlow", "Quill", "Bea Old", "Iqbal", "Viv", "Maya", "Helen"):
        assert name not in printed, name
        assert name not in json.dumps(asdict(pack), default=str), name
    manifest = json.loads(frozen.manifest)
    assert manifest["sha256"] == hashlib.sha256(frozen.content).hexdigest()
    assert manifest["made_by"] == "Helen Clerk"
    assert [item["title"] for item in manifest["items"]] == ["Redundancy Policy", "Social Media Policy"]
    assert [one["filename"] for one in manifest["originals"]] == ["annex.docx"]
    assert set(manifest["libraries"]) == {"weasyprint", "jinja2", "pydyf", "pikepdf"}
    assert frozen.filename == "hillcrest-full-governing-body-2026-10-15-review-pack-with-texts.pdf"
    assert freeze(pack, little.scope, HELEN.label).content == frozen.content


def test_the_same_facts_have_the_same_hash_and_any_change_another(session: Session, little: Little) -> None:
    first = values_hash(gathered(session, little))
    assert values_hash(gathered(session, little, NOW + dt.timedelta(hours=3))) == first
    policy = session.get_one(Policy, little.policies["Social Media"])
    relate(session, little.scope, MAYA, policy, ["Another Policy"], NOW)
    assert values_hash(gathered(session, little)) != first
