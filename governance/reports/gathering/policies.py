"""The register, the reviews due, and what belongs together, as reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from governance.adoption.register import RegisterRow, every_policy, reviews_due
from governance.adoption.states import REVIEW_NOTICE_MONTHS, State
from governance.policies.related import related_to
from governance.policies.rules import Kind as PolicyKind
from governance.reports.report import Column, Kind, Report
from governance.schools.calendar import add_months
from governance.tenancy import Scope

_REFERENCE, _TITLE = Column("reference", "Reference"), Column("policy", "Policy")
_OWNER, _HOLDER = Column("owner", "Owner"), Column("holder", "Held by")
REGISTER = (
    _REFERENCE,
    _TITLE,
    Column("kind", "Kind"),
    Column("state", "State"),
    Column("version", "Version"),
    Column("in_force_since", "In force since", Kind.STATED),
    Column("decided_by", "Decided by"),
    Column("decided_on", "Decided on", Kind.STATED),
    Column("minute", "Minute"),
    Column("next_review", "Next review", Kind.STATED),
    _OWNER,
    _HOLDER,
    Column("retired_on", "Retired on", Kind.DAY),
    Column("replaced_by", "Replaced by"),
)
REVIEWS = (
    _REFERENCE,
    _TITLE,
    Column("next_review", "Next review", Kind.STATED),
    Column("days_late", "Days late", Kind.WHOLE),
    Column("state", "State"),
    Column("in_force_since", "In force since", Kind.STATED),
    Column("approving_body", "Approving body"),
    _OWNER,
    _HOLDER,
)
LINKS = (
    _REFERENCE,
    _TITLE,
    Column("cited", "Names"),
    Column("found", "In the register as"),
    Column("state", "State"),
)


def register_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """Every policy known by a day, retired ones included."""
    rows = every_policy(session, scope, as_of)
    totals = {
        "policies": len(rows),
        "in_force": sum(row.version_id is not None and row.retired_on is None for row in rows),
    }
    titles = {"policies": "Policies", "in_force": "In force"}
    return Report(
        "register",
        "Register of policies",
        scope.name,
        as_of,
        REGISTER,
        tuple(map(_register_row, rows)),
        totals,
        (),
        now,
        titles,
    )


def reviews_due_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """Reviews that are late, due within three months, or have no date."""
    found = reviews_due(session, scope, as_of, add_months(as_of, REVIEW_NOTICE_MONTHS))
    rows = tuple(_review_row(row, as_of) for row in found)
    late = sum(State.REVIEW_LATE in row.flags for row in found)
    undated = sum(State.NO_REVIEW_DATE in row.flags for row in found)
    totals = {"late": late, "due": len(found) - late - undated, "no_review_date": undated}
    titles = {"late": "Review overdue", "due": "Review due within three months", "no_review_date": "No review date"}
    return Report("reviews-due", "Reviews due", scope.name, as_of, REVIEWS, rows, totals, (), now, titles)


def links_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """What each policy is to be read with, and what of it is not in the register."""
    known = {row.policy_id: row for row in every_policy(session, scope, as_of)}
    current = [row for row in known.values() if row.state is not State.RETIRED]
    cited = related_to(session, scope, [row.policy_id for row in current])
    rows = tuple(
        (
            row.reference,
            row.title,
            name.title,
            name.policy.title if name.policy else None,
            _link_state(name.policy, known),
        )
        for row in current
        for citation in cited[row.policy_id]
        for name in citation.names
    )
    totals = {"links": len(rows), "missing": sum(row[3] is None for row in rows)}
    titles = {"links": "Links", "missing": "Not in the register"}
    return Report("links", "Related policies", scope.name, as_of, LINKS, rows, totals, (), now, titles)


def _register_row(row: RegisterRow) -> tuple[Any, ...]:
    return (
        row.reference,
        row.title,
        PolicyKind(row.kind).in_words,
        _states(row),
        _version(row),
        row.in_force_since,
        row.decided_by,
        row.decided,
        row.minute,
        row.next_review,
        row.owner,
        row.holder,
        row.retired_on,
        row.replaced_by_title,
    )


def _review_row(row: RegisterRow, as_of: dt.date) -> tuple[Any, ...]:
    late = (as_of - row.next_review_on).days if row.next_review_on is not None else None
    return (
        row.reference,
        row.title,
        row.next_review,
        max(late, 0) if late is not None else None,
        _review_states(row),
        row.in_force_since,
        row.approving_body,
        row.owner,
        row.holder,
    )


def _states(row: RegisterRow) -> str:
    return "; ".join(state.in_words for state in row.states)


def _review_states(row: RegisterRow) -> str:
    """Less what waits to be adopted, of which not every reader of this report may know."""
    return "; ".join(state.in_words for state in row.states if state is not State.NEW_VERSION_AWAITING)


def _version(row: RegisterRow) -> str:
    return row.version_label or (str(row.version_number) if row.version_number else "")


def _link_state(policy: Any, known: dict[int, RegisterRow]) -> str:
    if policy is None:
        return "Not in the register"
    row = known.get(policy.id)
    return row.state.in_words if row else "Not in the register by this day"
