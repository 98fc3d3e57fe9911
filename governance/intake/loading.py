"""`policy load DIR`: a school's history from files that another system or a spreadsheet gave.

policies.csv with its files    policies, versions, decisions, what is in force, who was asked
reading_rules.csv              who must read, from when
acknowledgements.csv           who has
  all in the transaction of whoever calls; what is here already adds nothing; nothing is mailed
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption import loading as adoption
from governance.errors import Objection, Refusal, refuse_if
from governance.intake.reading_in import ReadIn, read_in
from governance.intake.tables import RuleRow, VersionRow, receipt_rows, rule_rows, version_rows
from governance.people.models import Category
from governance.policies.actions import NewPolicy, NewVersion, add_policy, record_version
from governance.policies.models import Policy, PolicyVersion
from governance.policies.rules import documents_hash
from governance.reading.importing import import_receipts
from governance.reading.models import ReadingRule
from governance.reading.requiring import Requirement, require
from governance.schools.names import fold
from governance.tenancy import Actor, Scope, lock


@dataclass(frozen=True)
class Loaded:
    """How many of each were new."""

    policies: int
    versions: int
    decisions: int
    rules: int
    receipts: int


def load(session: Session, scope: Scope, actor: Actor, folder: Path, today: dt.date, now: dt.datetime) -> Loaded:
    """Load a folder; all of it or nothing.

    Raises:
        Refusal: naming the file and row that cannot be taken, such as a version whose file differs from the one kept.
    """
    rows = version_rows(folder / "policies.csv")
    rules = rule_rows(folder / "reading_rules.csv")
    receipts = receipt_rows(folder / "acknowledgements.csv")
    _refuse_twice(rows)
    documents = _documents(folder, rows)
    lock(session, scope)
    policies, added = _policies(session, scope, actor, rows, now)
    recorded = _versions(session, scope, actor, policies, rows, documents, now)
    decided = adoption.record_history(session, scope, actor, _history(session, scope, rows), now)
    required = _rules(session, scope, actor, policies, rules, now)
    given = import_receipts(session, scope, actor, receipts, today, now)
    return Loaded(added, recorded, decided, required, given)


def _documents(folder: Path, rows: Sequence[VersionRow]) -> dict[str, ReadIn]:
    """Every file that the rows name, read once. A name may not leave the folder."""
    objections, found = [], {}
    root = folder.resolve()
    for row in rows:
        path = (root / row.file).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            objections.append(Objection(f"policies.csv, row {row.line}: there is no file {row.file!r} in the folder."))
        else:
            found[row.file] = path.read_bytes()
    if objections:
        raise Refusal(objections)
    return dict(zip(found, read_in([(Path(name).name, data) for name, data in found.items()]), strict=True))


def _policies(
    session: Session, scope: Scope, actor: Actor, rows: Iterable[VersionRow], now: dt.datetime
) -> tuple[dict[str, Policy], int]:
    mine = select(Policy).where(Policy.organisation_id == scope.organisation_id)
    known = {policy.reference.lower(): policy for policy in session.scalars(mine)}
    added = 0
    for row in rows:
        if row.reference.lower() not in known:
            new = NewPolicy(title=row.title, reference=row.reference)
            with _said_of("policies.csv", row.line):
                known[row.reference.lower()] = add_policy(session, scope, actor, new, now)
            added += 1
    return known, added


def _versions(
    session: Session,
    scope: Scope,
    actor: Actor,
    policies: Mapping[str, Policy],
    rows: Iterable[VersionRow],
    documents: Mapping[str, ReadIn],
    now: dt.datetime,
) -> int:
    kept = _kept_versions(session, scope)
    recorded = 0
    for row in sorted(rows, key=lambda row: (row.reference.lower(), row.version)):
        document = documents[row.file]
        known = kept.get((row.reference.lower(), row.version))
        if known is None:
            new = NewVersion(files=(document.file,), text=document.text, number=row.version)
            record_version(session, scope, actor, policies[row.reference.lower()], new, now)
            recorded += 1
        elif known[1] != documents_hash([document.file.content.sha256]):
            raise Refusal.one(
                f"policies.csv, row {row.line}: version {row.version} of {row.reference} is here with another file. "
                "Load the same file, or give this one a new version number."
            )
    return recorded


def _kept_versions(session: Session, scope: Scope) -> dict[tuple[str, int], tuple[int, str]]:
    rows = session.execute(
        select(func.lower(Policy.reference), PolicyVersion.number, PolicyVersion.id, PolicyVersion.documents_sha256)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(PolicyVersion.organisation_id == scope.organisation_id)
    )
    return {(reference, number): (version_id, sha256) for reference, number, version_id, sha256 in rows}


def _history(session: Session, scope: Scope, rows: Iterable[VersionRow]) -> list[adoption.HistoryRow]:
    kept = _kept_versions(session, scope)
    return [
        adoption.HistoryRow(
            line=row.line,
            reference=row.reference,
            version=row.version,
            version_id=kept[row.reference.lower(), row.version][0],
            decided_on=row.decided_on,
            body=row.body,
            minute_ref=row.minute_ref,
            in_force_from=row.in_force_from,
            asks_from=row.asks_from,
            next_review_on=row.next_review_on,
        )
        for row in rows
    ]


def _rules(
    session: Session,
    scope: Scope,
    actor: Actor,
    policies: Mapping[str, Policy],
    rows: Iterable[RuleRow],
    now: dt.datetime,
) -> int:
    categories = {
        category.name_key: category
        for category in session.scalars(select(Category).where(Category.organisation_id == scope.organisation_id))
    }
    known = _kept_rules(session, scope)
    made = 0
    for row in rows:
        policy, category = policies.get(row.reference.lower()), categories.get(fold(row.category))
        if policy is None:
            raise Refusal.one(
                f"reading_rules.csv, row {row.line}: there is no policy {row.reference!r} in the register."
            )
        if category is None:
            names = ", ".join(sorted(category.name for category in categories.values()))
            raise Refusal.one(f"reading_rules.csv, row {row.line}: no category {row.category!r}. Known are: {names}.")
        key = (policy.id, category.id, row.from_on)
        if known.get(key) == row.days_to_read:
            continue
        wanted = Requirement(category_id=category.id, days_to_read=row.days_to_read)
        with _said_of("reading_rules.csv", row.line):
            require(session, scope, actor, policy, wanted, row.from_on, now)
        known[key] = row.days_to_read
        made += 1
    return made


@contextmanager
def _said_of(table: str, line: int) -> Iterator[None]:
    """Say of which row it is that the register refuses."""
    try:
        yield
    except Refusal as refused:
        raise Refusal(Objection(f"{table}, row {line}: {one.message}") for one in refused.objections) from refused


def _refuse_twice(rows: Sequence[VersionRow]) -> None:
    """A version stands in one row: of two that differ nobody could say which is right."""
    first: dict[tuple[str, int], int] = {}
    objections = []
    for row in rows:
        before = first.setdefault((row.reference.lower(), row.version), row.line)
        if before != row.line:
            said = f"version {row.version} of {row.reference} is in row {before} already. Take one of them out."
            objections.append(Objection(f"policies.csv, row {row.line}: {said}"))
    refuse_if(objections)


def _kept_rules(session: Session, scope: Scope) -> dict[tuple[int, int | None, dt.date], int]:
    rows = session.execute(
        select(ReadingRule.policy_id, ReadingRule.category_id, ReadingRule.from_on, ReadingRule.days_to_read).where(
            ReadingRule.organisation_id == scope.organisation_id
        )
    )
    return {(policy_id, category_id, from_on): days for policy_id, category_id, from_on, days in rows}
