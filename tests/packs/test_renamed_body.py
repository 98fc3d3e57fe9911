"""A board that has another name: what it decided stays under the name of then, in the register, in packs, on the website."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.adoption.history import decisions
from governance.adoption.register import policy_row
from governance.packs.gathering import for_meeting
from governance.packs.website_facts import website_copy
from governance.policies.models import Policy
from governance.schools.actions import rename_body
from governance.schools.models import Meeting
from tests import hillcrest
from tests.packs.little_school import HELEN, NOW, TODAY, little_school

THEN, NAMED = "Full Governing Body", "Hillcrest Academy Council"


def test_a_decision_names_the_body_as_it_was_called_and_a_coming_meeting_as_it_is(session: Session) -> None:
    little = little_school(session)
    scope, social = little.scope, session.get_one(Policy, little.policies["Social Media"])
    since = dt.date(2026, 9, 1)  # adopted on 12 September 2025, met again on 15 October 2026
    rename_body(session, scope, HELEN, hillcrest.body(session, scope), name=NAMED, since=since, now=NOW)
    assert [one.decided_by for one in decisions(session, scope, policy_id=social.id)] == [THEN]
    row = policy_row(session, scope, TODAY, social.id)
    assert row is not None and row.decided_by == THEN
    copy = website_copy(session, scope, social, TODAY, NOW)
    assert copy.adopted is not None and copy.adopted.by == THEN
    pack = for_meeting(session, scope, session.get_one(Meeting, little.meeting_id), TODAY, NOW)
    assert pack.body == NAMED
    decided = {item.title: item.decided.by for item in pack.items if item.decided}
    assert decided["Social Media Policy"] == THEN
