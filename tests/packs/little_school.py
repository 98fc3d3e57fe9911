"""Hillcrest in the autumn of 2026 for tests of packs: three policies, a board with members, and a meeting on 15 October.

Social Media   in force since 12 September 2025, review late since 30 September 2026, its text printed, one annex
Uniform        in force since 1 February 2026 as a Word file without text, no review date
Redundancy     version 1 was never adopted
Prof. Iqbal chairs, Viv Ash is a member without an address, Helen clerks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.adoption.actions import adopt
from governance.adoption.entered import Decide
from governance.extract.dates import exactly
from governance.extract.examine import examine_here
from governance.people.models import BodyMember, Person
from governance.policies.actions import File, NewPolicy, NewVersion, Text, add_policy, record_version
from governance.policies.models import Policy
from governance.policies.related import relate
from governance.reading.requiring import Requirement, require
from governance.schools.actions import plan_meeting
from governance.schools.models import Meeting
from governance.storage.actions import Bytes
from governance.tenancy import Actor, Scope
from tests import hillcrest
from tests.hillcrest import MAYA

MADE = dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC)
MEETING_ON = dt.date(2026, 10, 15)
NOW = dt.datetime(2026, 10, 1, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 1)
HELEN = Actor("Helen Clerk")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "# Social Media Policy\n\n## 1 Purpose\n\n1.1 Everything shared may become public.\n"


@dataclass(frozen=True)
class Little:
    """The school and its meeting."""

    scope: Scope
    meeting: str
    meeting_id: int
    policies: dict[str, int]
    people: dict[str, int]


def little_school(session: Session) -> Little:
    """Put it all there."""
    scope = hillcrest.a_school(session)
    teachers = hillcrest.category(session, scope, "teachers").id
    people = {name: hillcrest.someone(session, scope, name) for name in ("Tess Marlow", "Noor Quill", "Bea Old")}
    policies = {
        "Social Media": _policy(session, scope, "Social Media Policy", dt.date(2025, 9, 12), dt.date(2026, 9, 30)),
        "Uniform": _policy(session, scope, "Uniform Policy", dt.date(2026, 2, 1), None),
        "Redundancy": _policy(session, scope, "Redundancy Policy", None, None),
    }
    wanted = Requirement(category_id=teachers)
    require(session, scope, MAYA, policies["Social Media"], wanted, dt.date(2025, 9, 12), MADE)
    relate(session, scope, MAYA, policies["Social Media"], ["Uniform Policy", "Missing Policy"], MADE)
    people |= _members(session, scope)
    meeting: Meeting = plan_meeting(
        session,
        scope,
        MAYA,
        body=hillcrest.body(session, scope),
        held_on=MEETING_ON,
        place="School library",
        now=MADE,
    )
    ids = {name: one.id for name, one in policies.items()}
    return Little(scope, meeting.public_id, meeting.id, ids, {name: one.id for name, one in people.items()})


def _policy(session: Session, scope: Scope, title: str, adopted_on: dt.date | None, review: dt.date | None) -> Policy:
    policy = add_policy(session, scope, MAYA, NewPolicy(title=title), MADE)
    version = record_version(session, scope, MAYA, policy, _version(title), MADE)
    if adopted_on is not None:
        facts = Decide(
            version=version,
            decided=exactly(adopted_on),
            body=hillcrest.body(session, scope),
            minute="22/41",
            next_review=exactly(review) if review else None,
        )
        adopt(session, scope, MAYA, facts, MADE)
    return policy


def _version(title: str) -> NewVersion:
    if title == "Uniform Policy":
        return NewVersion(files=(File("uniform.docx", Bytes(b"PK uniform", WORD)),))
    written = TEXT.replace("Social Media Policy", title)
    read = examine_here("policy.md", written.encode())
    annex = File("annex.docx", Bytes(f"PK annex of {title}".encode(), WORD))
    files = (hillcrest.a_file(written), annex) if title == "Social Media Policy" else (hillcrest.a_file(written),)
    return NewVersion(files=files, text=Text("clauses-1", read.text_sha256 or "", read.clauses_json))


def _members(session: Session, scope: Scope) -> dict[str, Person]:
    board, found = hillcrest.body(session, scope), {}
    for name, office, address in (
        ("Amina Iqbal", "chair", "iqbal@university.example"),
        ("Gil Governor", "member", "gil@example.org"),
        ("Viv Ash", "member", None),
        ("Helen Clerk", "clerk", "helen@clerks.example"),
        ("Past Member", "member", "past@example.org"),
    ):
        person = hillcrest.someone(session, scope, name, ("governors",))
        person.email = address
        ended = dt.date(2026, 8, 31) if name == "Past Member" else None
        seat = {"body_id": board.id, "person_id": person.id, "office": office}
        whose = {"organisation_id": scope.organisation_id}
        session.add(BodyMember(**whose, **seat, from_on=dt.date(2024, 9, 1), until_on=ended))
        found[name] = person
    session.flush()
    return found
