"""What to know before a decision is recorded; none of it stops it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind
from governance.adoption.makers import maker_of, powers_of
from governance.adoption.prepared import open_forms
from governance.adoption.preparing import CLOSES, consultation_warnings
from governance.policies.models import Policy
from governance.tenancy import Scope

_TEXT_TO_COME = (
    "People would be asked to read the text as it was before the meeting. Ask nobody now: once the amended text is "
    "recorded, they can be asked to read that."
)


def warnings_about(session: Session, scope: Scope, facts: Decide) -> list[str]:
    """About the power that a committee or person decides under, a consultation that is not over, and a text to come."""
    policy = session.get(Policy, facts.version.policy_id)
    if policy is None:
        return []
    return [
        *_about_power(session, scope, facts, policy),
        *_about_text(facts),
        *_about_consultation(session, scope, facts),
    ]


def _about_power(session: Session, scope: Scope, facts: Decide, policy: Policy) -> list[str]:
    maker = maker_of(session, scope, facts.body, facts.person, facts.office)
    if maker is None:
        return []
    powers = powers_of(session, scope, maker, policy)
    proposed = facts.proposed(corrects=False)
    return rules.delegation_warnings(proposed, maker, powers, subject_to_ratification=facts.subject_to_ratification)


def _about_text(facts: Decide) -> list[str]:
    if facts.kind is not Kind.AMENDED or facts.ask is None or not facts.ask.anybody:
        return []
    return [_TEXT_TO_COME]


def _about_consultation(session: Session, scope: Scope, facts: Decide) -> list[str]:
    decided_on = facts.decided.latest_on
    if facts.kind not in CLOSES or decided_on is None:
        return []
    policy_id = facts.version.policy_id
    return consultation_warnings(open_forms(session, scope, [policy_id]).get(policy_id), decided_on)
