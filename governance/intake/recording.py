"""A document confirmed: its version, the decision it states, who must read it, and what it is to be read with.

read in ─▶ policy (known by its title, or new) ─▶ version ─▶ decision, where a day and a body are stated
                                                  └─▶ reading rules, one a category it names; nobody is asked
                                                  └─▶ related policies, by the titles it cites
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import adopt
from governance.adoption.entered import Decide
from governance.adoption.models import Decision, InForce
from governance.errors import Refusal
from governance.extract.dates import StatedDate
from governance.extract.guesses import Guesses
from governance.extract.titles import title_key
from governance.intake.reading_in import ReadIn
from governance.people.models import Category
from governance.policies.actions import NewPolicy, NewVersion, add_policy, record_version
from governance.policies.models import Policy, PolicyVersion, VersionDocument
from governance.policies.related import relate
from governance.policies.rules import documents_hash
from governance.reading.models import ReadingRule
from governance.reading.requiring import Requirement, require
from governance.schools.models import GoverningBody
from governance.schools.names import fold
from governance.schools.queries import body_named as by_name
from governance.tenancy import Actor, Scope, lock

# A lone line that might be a title is for a person to confirm.
_SURE_TITLE = 0.5

# What documents call a school's one board when they do not use its name.
_THE_BOARD = frozenset(
    fold(name)
    for name in (
        "governing body",
        "the governing body",
        "governing board",
        "governors",
        "governing/trust board",
        "full governing body",
        "full governing board",
        "board of governors",
        "trust board",
        "board of trustees",
        "trustees",
        "local governing body",
        "local governing board",
    )
)


@dataclass(frozen=True)
class Recorded:
    """What came of a document. `already` is set where its bytes were in the register; nothing was recorded then."""

    policy: Policy
    version: PolicyVersion
    decision: Decision | None
    categories: tuple[str, ...]
    related: int
    already: bool = False


def record_document(
    session: Session, scope: Scope, actor: Actor, read: ReadIn, today: dt.date, now: dt.datetime
) -> Recorded:
    """Record a document with what was detected in it, asking and mailing nobody.

    Raises:
        Refusal: where it states no title, or what it states cannot be, such as adoption on a day to come.
    """
    lock(session, scope)
    known = _known_version(session, scope, read)
    if known is not None:
        return Recorded(*known, None, (), 0, already=True)
    guesses = read.examined.guesses
    policy = _policy(session, scope, actor, guesses, read.file.filename, now)
    new = NewVersion(
        files=(read.file,),
        text=read.text,
        label=guesses.version_label.value if guesses.version_label else "",
        dates=stated_dates(guesses),
    )
    version = record_version(session, scope, actor, policy, new, now)
    decision = _decision(session, scope, actor, version, guesses, now)
    starts = _in_force_on(session, decision) or today
    codes = [guess.value for guess in guesses.audience]
    categories = require_of(session, scope, actor, policy, codes, starts, now)
    related = relate(session, scope, actor, policy, [guess.value for guess in guesses.related_policies], now)
    return Recorded(policy, version, decision, tuple(categories), related)


def stated_dates(guesses: Guesses) -> tuple[tuple[str, StatedDate], ...]:
    """The dates a document states, by kind, as they are kept with its version."""
    dates = [("updated", guess.value) for guess in guesses.updated_on]
    if guesses.adopted_on:
        dates.append(("adopted", guesses.adopted_on.value))
    if guesses.next_review_on:
        dates.append(("next_review", guesses.next_review_on.value))
    return tuple(dates)


def body_named(session: Session, scope: Scope, name: str | None) -> GoverningBody | None:
    """The body that a document means: by its name, or the school's one board where it says "governing body"."""
    if not name:
        return None
    mine = (
        select(GoverningBody).where(GoverningBody.organisation_id == scope.organisation_id).order_by(GoverningBody.id)
    )
    bodies = session.scalars(mine).all()
    named = by_name(session, scope, name)
    if named is not None:
        return named
    boards = [body for body in bodies if body.kind == "board" and body.ended_on is None]
    return boards[0] if fold(name) in _THE_BOARD and len(boards) == 1 else None


def require_of(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    codes: Iterable[str],
    from_on: dt.date,
    now: dt.datetime,
) -> list[str]:
    """A reading rule for each category that a document names by code; those that have one already keep it.

    Returns:
        The names of the categories it is now newly required of, in the school's order.
    """
    wanted = set(codes)
    named = {
        category.id: category.name
        for category in _categories(session, scope)
        if category.code in wanted or ("all_staff" in wanted and category.code)
    }
    return [named[category_id] for category_id in require_anew(session, scope, actor, policy, named, from_on, now)]


def require_anew(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    category_ids: Iterable[int],
    from_on: dt.date,
    now: dt.datetime,
) -> list[int]:
    """A reading rule for each category that has none for the policy yet; which ones those were, in the order given."""
    open_rules = select(ReadingRule.category_id).where(
        ReadingRule.policy_id == policy.id, ReadingRule.until_on.is_(None)
    )
    standing = set(session.scalars(open_rules))
    new = [category_id for category_id in category_ids if category_id not in standing]
    for category_id in new:
        require(session, scope, actor, policy, Requirement(category_id=category_id), from_on, now)
    return new


def _categories(session: Session, scope: Scope) -> Sequence[Category]:
    mine = select(Category).where(Category.organisation_id == scope.organisation_id)
    return session.scalars(mine.order_by(Category.position, Category.id)).all()


def _known_version(session: Session, scope: Scope, read: ReadIn) -> tuple[Policy, PolicyVersion] | None:
    """The version that consists of these very bytes, if the register has one."""
    sha256 = documents_hash([read.file.content.sha256])
    row = session.execute(
        select(Policy, PolicyVersion)
        .join(PolicyVersion, PolicyVersion.policy_id == Policy.id)
        .join(VersionDocument, VersionDocument.version_id == PolicyVersion.id)
        .where(Policy.organisation_id == scope.organisation_id, PolicyVersion.documents_sha256 == sha256)
        .order_by(PolicyVersion.id)
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _policy(session: Session, scope: Scope, actor: Actor, guesses: Guesses, filename: str, now: dt.datetime) -> Policy:
    """The policy of that title, or a new one."""
    if guesses.title is None or guesses.title.confidence < _SURE_TITLE:
        raise Refusal.one(
            f"{filename} does not say what it is called. Add it on screen, where you can enter its title."
        )
    title = guesses.title.value
    known = session.scalars(
        select(Policy)
        .where(Policy.organisation_id == scope.organisation_id, Policy.title_key == title_key(title))
        .order_by(Policy.retired_on.is_not(None), Policy.id)
    ).first()
    if known is not None:
        return known
    months = guesses.review_frequency_months.value if guesses.review_frequency_months else None
    return add_policy(session, scope, actor, NewPolicy(title=title, review_every_months=months), now)


def _decision(
    session: Session, scope: Scope, actor: Actor, version: PolicyVersion, guesses: Guesses, now: dt.datetime
) -> Decision | None:
    """The adoption that the document states, where both its day and its body are known here."""
    body = body_named(session, scope, guesses.adopted_by.value if guesses.adopted_by else None)
    if guesses.adopted_on is None or body is None:
        return None
    facts = Decide(
        version=version,
        decided=guesses.adopted_on.value,
        body=body,
        next_review=guesses.next_review_on.value if guesses.next_review_on else None,
    )
    return adopt(session, scope, actor, facts, now)


def _in_force_on(session: Session, decision: Decision | None) -> dt.date | None:
    if decision is None:
        return None
    return session.scalar(select(InForce.from_on).where(InForce.decision_id == decision.id))
