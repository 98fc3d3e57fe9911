"""Recording policies and their versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import StatedDate
from governance.extract.titles import title_key
from governance.journal.actions import record
from governance.journal.events import Event
from governance.policies import rules
from governance.policies.models import Policy, PolicyVersion, VersionDate, VersionDocument, VersionText
from governance.schools.names import fold, tidy
from governance.storage.actions import Bytes, keep_all
from governance.tenancy import Actor, Scope, lock

POLICY_ADDED = Event("policy added", ids=("policy",), payload=("kind", "title", "reference"))
POLICY_CHANGED = Event("policy changed", ids=("policy",), payload=("before", "after"))
POLICY_RETIRED = Event("policy retired", ids=("policy", "replaced_by"), payload=("retired_on",))
VERSION_RECORDED = Event(
    "version recorded", ids=("policy", "version"), payload=("number", "label", "documents_sha256", "files")
)

_CHANGEABLE = ("title", "kind", "owner_post_id", "approving_body_id", "review_every_months", "wording", "safeguarding")


@dataclass(frozen=True)
class File:
    """A file of a version under the name it came with."""

    filename: str
    content: Bytes


@dataclass(frozen=True)
class Text:
    """A version's text as clauses: JSON, its hash, and the extractor that made it."""

    extractor: str
    sha256: str
    clauses: str


@dataclass(frozen=True)
class NewPolicy:
    """The facts of a policy as somebody enters them; an empty reference asks for one.

    `safeguarding` is None where its title is to say whether it is about that.
    """

    title: str
    kind: str = "policy"
    reference: str = ""
    owner_post_id: int | None = None
    approving_body_id: int | None = None
    review_every_months: int | None = None
    wording: str | None = None
    safeguarding: bool | None = None


@dataclass(frozen=True)
class NewVersion:
    """A version as somebody confirms it. `number` is given only by an import that knows it."""

    files: tuple[File, ...]
    text: Text | None = None
    label: str = ""
    change_summary: str = ""
    number: int | None = None
    dates: tuple[tuple[str, StatedDate], ...] = field(default=())


def add_policy(session: Session, scope: Scope, actor: Actor, new: NewPolicy, now: dt.datetime) -> Policy:
    """Put a policy in the register.

    Raises:
        Refusal: for a missing title, a bad interval or a reference already taken.
    """
    lock(session, scope)
    refuse_if(_objections(new, new.reference))
    taken = list(session.scalars(select(Policy.reference).where(Policy.organisation_id == scope.organisation_id)))
    reference = tidy(new.reference)
    # Commands and files name a policy in whatever case somebody types it.
    if reference.lower() in {one.lower() for one in taken}:
        raise Refusal.one(f"The reference {reference} is already another policy's. Enter a different one.", "reference")
    policy = Policy(
        organisation_id=scope.organisation_id,
        kind=new.kind,
        reference=reference or rules.next_reference(taken),
        owner_post_id=new.owner_post_id,
        approving_body_id=new.approving_body_id,
        review_every_months=new.review_every_months,
        wording=tidy(new.wording or "") or None,
        safeguarding=new.safeguarding,
        recorded_at=now,
        **_titled(new.title),
    )
    session.add(policy)
    session.flush()
    content = {"kind": policy.kind, "title": policy.title, "reference": policy.reference}
    record(session, scope, actor, POLICY_ADDED, ids={"policy": policy.public_id}, payload=content, now=now)
    return policy


def change_policy(
    session: Session, scope: Scope, actor: Actor, policy: Policy, new: NewPolicy, now: dt.datetime
) -> None:
    """Change what is not fixed by a decision: title, kind, owner, body, review interval, wording, safeguarding.

    Raises:
        Refusal: as `add_policy`.
    """
    lock(session, scope)
    refuse_if(_objections(new, policy.reference))
    before = {name: getattr(policy, name) for name in _CHANGEABLE}
    for name in _CHANGEABLE:
        setattr(policy, name, getattr(new, name))
    # One line: a browser sends line ends back as it likes, and a receipt is bound to these very words.
    policy.wording = tidy(new.wording or "") or None
    for name, value in _titled(new.title).items():
        setattr(policy, name, value)
    session.flush()
    after = {name: getattr(policy, name) for name in _CHANGEABLE}
    content = {"before": before, "after": after}
    record(session, scope, actor, POLICY_CHANGED, ids={"policy": policy.public_id}, payload=content, now=now)


def retire(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    *,
    retired_on: dt.date,
    replaced_by: Policy | None,
    today: dt.date,
    now: dt.datetime,
) -> None:
    """Take a policy out of use from the day after `retired_on`, naming the one that replaces it where there is one.

    Raises:
        Refusal: for a day to come, or for a policy said to replace itself.
    """
    lock(session, scope)
    refuse_if(rules.objections_to_retiring(retired_on, today, replaced_by is policy))
    policy.retired_on = retired_on
    policy.replaced_by_id = replaced_by.id if replaced_by else None
    session.flush()
    ids = {"policy": policy.public_id, "replaced_by": replaced_by.public_id if replaced_by else None}
    record(session, scope, actor, POLICY_RETIRED, ids=ids, payload={"retired_on": retired_on}, now=now)


def record_version(
    session: Session, scope: Scope, actor: Actor, policy: Policy, new: NewVersion, now: dt.datetime
) -> PolicyVersion:
    """Record a version with its files, its text and the dates it states. Nobody can change it afterwards.

    Raises:
        Refusal: where there is no file, or the number is taken.
    """
    lock(session, scope)
    if not new.files:
        raise Refusal.one("Choose at least one file for this version.", "files")
    refuse_if(rules.objections_to_version(new.label, new.change_summary))
    highest = session.scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.policy_id == policy.id)) or 0
    if new.number is not None and new.number <= highest:
        raise Refusal.one(f"{policy.reference} already has version {highest}; the next must have a higher number.")
    version = PolicyVersion(
        organisation_id=scope.organisation_id,
        policy_id=policy.id,
        number=new.number or highest + 1,
        label=tidy(new.label),
        change_summary=new.change_summary.strip(),
        documents_sha256=rules.documents_hash([file.content.sha256 for file in new.files]),
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(version)
    session.flush()
    _attach(session, scope, version, new, now)
    content = {
        "number": version.number,
        "label": version.label,
        "documents_sha256": version.documents_sha256,
        "files": [[file.filename, file.content.sha256] for file in new.files],
    }
    ids = {"policy": policy.public_id, "version": version.public_id}
    record(session, scope, actor, VERSION_RECORDED, ids=ids, payload=content, now=now)
    return version


def _attach(session: Session, scope: Scope, version: PolicyVersion, new: NewVersion, now: dt.datetime) -> None:
    """The rows that belong to a version: its files in order, its text, its own dates."""
    whose = {"organisation_id": scope.organisation_id, "version_id": version.id}
    kept = keep_all(session, scope, [file.content for file in new.files], now)
    session.execute(
        insert(VersionDocument),
        [
            whose | {"document_id": kept[file.content.sha256], "position": position, "filename": file.filename}
            for position, file in enumerate(new.files, start=1)
        ],
    )
    if new.text is not None:
        session.add(VersionText(**whose, **new.text.__dict__))
    session.add_all(_dates(whose, new.dates))
    session.flush()


def _dates(whose: dict[str, int], dates: Sequence[tuple[str, StatedDate]]) -> list[VersionDate]:
    return [
        VersionDate(
            **whose,
            kind=kind,
            earliest_on=stated.earliest_on,
            latest_on=stated.latest_on,
            precision=stated.precision,
            as_written=stated.as_written,
        )
        for kind, stated in dates
    ]


def _objections(new: NewPolicy, reference: str) -> Iterator[Objection]:
    yield from rules.objections_to_policy(new.title, new.kind, reference, new.review_every_months)
    yield from rules.objections_to_wording(new.wording)


def _titled(title: str) -> dict[str, str]:
    clean = tidy(title)
    return {"title": clean, "sort_key": fold(clean), "title_key": title_key(clean)}
