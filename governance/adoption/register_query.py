"""The register as one statement: a row for every policy that is known by a day.

    policy ─▶ in_force: of the rows that hold by the day, the last        ─▶ version, decision, who made it, its minute
           ─▶ in_force: the first row of that version's unbroken run      ─▶ in force since
           ─▶ decision: the latest that says when the next review is
           ─▶ policy_version: the highest about which nothing is settled  ─▶ awaiting
           ─▶ post and its holder of the day

Each arrow is a look-up by policy, so that one policy costs as little as it should and four hundred take one pass. The
statement is built once; the school and the day are its parameters.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import aliased

from governance.adoption.kinds import SETS_REVIEW, SETTLES, Kind
from governance.adoption.models import Decision, InForce, MinuteReference
from governance.adoption.standing import LONG_AGO, answered, holding, known_by, stands
from governance.db import UTC
from governance.people.models import Person, Post, PostHolder
from governance.policies.models import Policy, PolicyVersion, VersionDate
from governance.schools.former_names import name_on
from governance.schools.models import GoverningBody
from governance.tenancy import Scope

_STATES_ADOPTION = ("adopted", "reviewed")
_SCHOOL = bindparam("school", type_=Integer)
_DAY = bindparam("day", type_=Date)
_KNOWN_BEFORE = bindparam("known_before", type_=UTC)


def end_of(day: dt.date, zone: str) -> dt.datetime:
    """The instant at which a day ends at a school: what is recorded before it is known by that day."""
    if day >= dt.date.max - dt.timedelta(days=1):
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    return following.astimezone(dt.UTC)


def parameters(scope: Scope, day: dt.date) -> dict[str, Any]:
    """What `register_query` asks about: a school and a day."""
    return {"school": scope.organisation_id, "day": day, "known_before": end_of(day, scope.time_zone)}


@cache
def register_query() -> Select[Any]:
    """Every policy known by the day with what is in force, decided, due and awaiting, by title. See `parameters`."""
    current, first, version, waiting = (
        aliased(InForce),
        aliased(InForce),
        aliased(PolicyVersion),
        aliased(PolicyVersion),
    )
    decision, review = aliased(Decision), aliased(Decision)
    body, approver = aliased(GoverningBody), aliased(GoverningBody)
    person, replacement = aliased(Person), aliased(Policy)
    return (
        select(
            *_policy_columns(replacement, approver),
            *_current_columns(current, first, version, decision, body, person),
            review.next_review_on,
            review.next_review_precision,
            waiting.id.label("awaiting_id"),
            waiting.public_id.label("awaiting_public_id"),
            waiting.number.label("awaiting_number"),
            case((current.id.is_(None), _says_adopted()), else_=false()).label("says_adopted"),
        )
        .select_from(Policy)
        .outerjoin(current, current.id == _in_force_now())
        .outerjoin(first, first.id == _first_of_run(current))
        .outerjoin(version, version.id == current.version_id)
        .outerjoin(decision, decision.id == current.decision_id)
        .outerjoin(body, body.id == decision.body_id)
        .outerjoin(person, person.id == decision.person_id)
        .outerjoin(review, review.id == _says_review())
        .outerjoin(waiting, and_(waiting.id == _awaiting(), waiting.number > func.coalesce(version.number, 0)))
        .outerjoin(Post, Post.id == Policy.owner_post_id)
        .outerjoin(approver, approver.id == Policy.approving_body_id)
        .outerjoin(replacement, replacement.id == Policy.replaced_by_id)
        .where(
            Policy.organisation_id == _SCHOOL,
            or_(Policy.recorded_at < _KNOWN_BEFORE, current.id.is_not(None)),
        )
        .order_by(Policy.sort_key, Policy.id)
    )


def _policy_columns(replacement: Any, approver: Any) -> list[Any]:
    return [
        Policy.id,
        Policy.public_id,
        Policy.title,
        Policy.reference,
        Policy.kind,
        Policy.review_every_months,
        Policy.safeguarding,
        Policy.retired_on,
        replacement.public_id.label("replaced_by"),
        replacement.title.label("replaced_by_title"),
        Policy.approving_body_id,
        approver.name.label("approving_body"),
        Post.name.label("owner"),
        _holder().label("holder"),
    ]


def _current_columns(current: Any, first: Any, version: Any, decision: Any, body: Any, person: Any) -> list[Any]:
    minute = select(MinuteReference.reference).where(MinuteReference.decision_id == decision.id)
    return [
        current.id.label("in_force_id"),
        first.from_on.label("since"),
        first.from_precision.label("since_precision"),
        and_(current.pending_ratification, ~answered(Kind.RATIFIED, _DAY, decision)).label("awaits_ratification"),
        version.id.label("version_id"),
        version.public_id.label("version_public_id"),
        version.number.label("version_number"),
        version.label.label("version_label"),
        decision.public_id.label("decision_public_id"),
        decision.kind.label("decision_kind"),
        decision.version_id.label("decided_version_id"),
        decision.office.label("decision_office"),
        decision.decided_on,
        decision.decided_latest_on,
        decision.decided_precision,
        name_on(decision.decided_latest_on, body).label("decided_by_body"),
        (person.given_name + " " + person.family_name).label("decided_by_person"),
        minute.order_by(MinuteReference.id.desc()).limit(1).scalar_subquery().label("minute"),
    ]


def _in_force_now() -> Any:
    """The row in force on the day: the last of those that hold."""
    rows = holding(_SCHOOL, _DAY, InForce.id).where(InForce.policy_id == Policy.id)
    return rows.order_by(InForce.from_on.desc(), InForce.id.desc()).limit(1).correlate(Policy).scalar_subquery()


def _first_of_run(current: Any) -> Any:
    """The first row since which the same version is in force without a break; it may have been adopted again since."""
    other = (
        holding(_SCHOOL, _DAY, func.max(InForce.from_on))
        .where(InForce.policy_id == Policy.id, InForce.version_id != current.version_id)
        .where(or_(InForce.from_on < current.from_on, InForce.id < current.id))
        .correlate(Policy, current)
        .scalar_subquery()
    )
    rows = holding(_SCHOOL, _DAY, InForce.id).where(
        InForce.policy_id == Policy.id,
        InForce.version_id == current.version_id,
        InForce.from_on >= func.coalesce(other, LONG_AGO),
    )
    return rows.order_by(InForce.from_on, InForce.id).limit(1).correlate(Policy, current).scalar_subquery()


def _says_review() -> Any:
    """The latest standing decision that says when the next review is, or by its silence that there is no date."""
    ratified = and_(Decision.kind == Kind.RATIFIED, Decision.next_review_on.is_not(None))
    return (
        select(Decision.id)
        .where(
            Decision.organisation_id == _SCHOOL,
            Decision.policy_id == Policy.id,
            or_(Decision.kind.in_(SETS_REVIEW), ratified),
            stands(),
            known_by(_DAY),
            ~answered(Kind.NOT_RATIFIED, _DAY),
        )
        .order_by(func.coalesce(Decision.decided_latest_on, LONG_AGO).desc(), Decision.id.desc())
        .limit(1)
        .correlate(Policy)
        .scalar_subquery()
    )


def _awaiting() -> Any:
    """The highest version about which nothing is settled by the day."""
    settled = (
        select(Decision.id)
        .where(
            Decision.organisation_id == _SCHOOL,
            Decision.policy_id == PolicyVersion.policy_id,
            Decision.version_id == PolicyVersion.id,
            Decision.kind.in_(SETTLES),
            stands(),
            known_by(_DAY),
        )
        .exists()
    )
    return (
        select(PolicyVersion.id)
        .where(PolicyVersion.policy_id == Policy.id, PolicyVersion.recorded_at < _KNOWN_BEFORE, ~settled)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
        .correlate(Policy)
        .scalar_subquery()
    )


def _says_adopted() -> ColumnElement[bool]:
    """A recorded document states that it was adopted or reviewed by the day."""
    return (
        select(VersionDate.id)
        .join(PolicyVersion, PolicyVersion.id == VersionDate.version_id)
        .where(
            PolicyVersion.policy_id == Policy.id,
            PolicyVersion.recorded_at < _KNOWN_BEFORE,
            VersionDate.kind.in_(_STATES_ADOPTION),
            VersionDate.earliest_on <= _DAY,
        )
        .correlate(Policy)
        .exists()
    )


def _holder() -> Any:
    """Who holds the owner's post on the day: the one who came last."""
    return (
        select(Person.given_name + " " + Person.family_name)
        .join(PostHolder, PostHolder.person_id == Person.id)
        .where(
            PostHolder.post_id == Policy.owner_post_id,
            PostHolder.from_on <= _DAY,
            or_(PostHolder.until_on.is_(None), PostHolder.until_on >= _DAY),
        )
        .order_by(PostHolder.from_on.desc(), PostHolder.id.desc())
        .limit(1)
        .correlate(Policy)
        .scalar_subquery()
    )
