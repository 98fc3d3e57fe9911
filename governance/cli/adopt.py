"""`adopt`: a governing body adopted a version of a policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import clock
from governance.adoption.actions import adopt
from governance.adoption.asking import NOBODY, Ask
from governance.adoption.entered import Decide
from governance.adoption.history import DecisionRow, decision_row
from governance.adoption.kinds import SETTLES
from governance.adoption.models import Decision
from governance.adoption.standing import stands
from governance.adoption.warnings import warnings_about
from governance.cli import base
from governance.db import writing
from governance.errors import Objection, Refusal
from governance.extract.dates import ImpossibleDate, StatedDate, day_in_words, parse_day, parse_stated
from governance.people.categories import categories
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import by_reference, version_numbered
from governance.schools.models import GoverningBody
from governance.schools.names import fold
from governance.schools.queries import bodies, body_named
from governance.tenancy import Scope

T = TypeVar("T")


@base.command("adopt")
@click.argument("reference")
@click.option("--version", "number", type=int, help="The version's number; by default the latest without a decision.")
@click.option("--body", required=True, help="The governing body, by name.")
@click.option("--on", "decided", required=True, metavar="DATE", help="The day of the decision, as 2026-09-24.")
@click.option("--minute", default="", metavar="REF", help="The minute reference.")
@click.option("--in-force", "in_force", metavar="DATE", help="In force from; by default the day of the decision.")
@click.option(
    "--asks-from", "asks_from", metavar="DATE", help="Ask people to read it from this day; without it, nobody."
)
@click.option("--asks", "asked", multiple=True, metavar="CATEGORY", help="Ask only this category; may be repeated.")
@click.option("--next-review", "next_review", metavar="DATE", help="The next review is due by.")
@base.school_option
def adopt_version(
    scope: Scope,
    reference: str,
    number: int | None,
    body: str,
    decided: str,
    minute: str,
    in_force: str | None,
    asks_from: str | None,
    asked: tuple[str, ...],
    next_review: str | None,
) -> None:
    """Record that a governing body adopted a version. Nothing is mailed."""
    with writing() as session:
        policy = by_reference(session, scope, reference)
        facts = Decide(
            version=_version(session, scope, policy, number),
            decided=_dated("--on", parse_stated, decided),
            body=_body(session, scope, body),
            minute=minute,
            in_force_on=_dated("--in-force", parse_day, in_force) if in_force else None,
            next_review=_review(next_review),
            ask=_ask(session, scope, asks_from, asked),
        )
        warnings = warnings_about(session, scope, facts)
        decision = adopt(session, scope, base.command_line_actor(), facts, clock.now())
        row = decision_row(session, scope, decision.id)
    for sentence in warnings:
        click.echo(f"note: {sentence}", err=True)
    if row is not None:
        click.echo(_told(row))


def _version(session: Session, scope: Scope, policy: Policy, number: int | None) -> PolicyVersion:
    if number is not None:
        return version_numbered(session, scope, policy, number)
    settled = select(Decision.version_id).where(
        Decision.organisation_id == scope.organisation_id,
        Decision.policy_id == policy.id,
        Decision.kind.in_(SETTLES),
        stands(),
    )
    version = session.scalar(
        select(PolicyVersion)
        .where(PolicyVersion.policy_id == policy.id, PolicyVersion.id.not_in(settled))
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )
    if version is None:
        raise Refusal.one(f"{policy.reference} has no version without a decision. Say which with --version.")
    return version


def _body(session: Session, scope: Scope, name: str) -> GoverningBody:
    found = body_named(session, scope, name)
    if found is None:
        known = ", ".join(body.name for body in bodies(session, scope))
        raise Refusal.one(f"There is no governing body {name!r}. Known are: {known}.")
    return found


def _ask(session: Session, scope: Scope, asks_from: str | None, asked: tuple[str, ...]) -> Ask:
    if asks_from is None:
        if asked:
            raise Refusal.one("Say from which day the categories are asked, with --asks-from.")
        return NOBODY
    from_on = _dated("--asks-from", parse_day, asks_from)
    known = {category.name_key: category for category in categories(session, scope)}
    unknown = [name for name in asked if fold(name) not in known]
    if unknown:
        names = ", ".join(category.name for category in known.values())
        raise Refusal(
            [Objection(f"There is no category {name!r}.") for name in unknown] + [Objection(f"Known are: {names}.")]
        )
    ids = tuple(known[fold(name)].id for name in asked)
    return Ask(everyone=not ids, category_ids=ids, from_on=from_on, history=True)


def _review(written: str | None) -> StatedDate | None:
    return _dated("--next-review", parse_stated, written) if written else None


def _dated(option: str, parse: Callable[[str], T], written: str) -> T:
    try:
        return parse(written)
    except ImpossibleDate as impossible:
        raise Refusal.one(f"{option}: {impossible.message}") from impossible


def _told(row: DecisionRow) -> str:
    asked = ", ".join(f"{name or 'everyone'} from {day_in_words(day)}" for name, day in row.asked)
    since = row.in_force_from.in_words() if row.in_force_from else "no day"
    return (
        f"{row.policy_reference} version {row.version_number}: {row.kind.in_words.lower()} by {row.decided_by}, "
        f"{row.decided.in_words()}; in force from {since}; asked to read it: {asked or 'nobody'}."
    )


commands = (adopt_version,)
