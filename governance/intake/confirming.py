"""An uploaded document between its reading and a person's confirmation, and what their confirmation records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import Decide, decide
from governance.adoption.kinds import Kind as DecisionKind
from governance.adoption.kinds import MakerKind
from governance.adoption.makers import approvers
from governance.adoption.models import InForce
from governance.errors import Refusal
from governance.extract.clauses import EXTRACTOR
from governance.extract.dates import StatedDate
from governance.extract.examined import Examined, as_answer, from_answer
from governance.extract.guesses import Guess, Guesses
from governance.intake.reading_in import MEDIA_TYPES, read_in
from governance.intake.recording import body_named, require_anew, stated_dates
from governance.people.models import Person, Post
from governance.policies.actions import File, NewPolicy, NewVersion, Text, add_policy, record_version
from governance.policies.models import Policy, PolicyVersion
from governance.policies.related import relate
from governance.schools.models import GoverningBody
from governance.storage.actions import Bytes
from governance.storage.held import Upload, held, hold, take
from governance.tenancy import Actor, Scope, lock

HELD_AS = "version"
_SURE = 0.8


@dataclass(frozen=True)
class Evidence:
    """A value that was found, and the line it came from."""

    what: str
    value: str
    line: int
    text: str
    unsure: bool


@dataclass(frozen=True)
class Found:
    """What was read from held files; the first of them is the policy itself."""

    public_id: str
    policy: str | None
    files: tuple[File, ...]
    examined: tuple[Examined, ...]
    body: str | None

    @property
    def guesses(self) -> Guesses:
        """What the first file says of itself."""
        return self.examined[0].guesses

    @property
    def warnings(self) -> list[str]:
        """What a person should know of the files before recording them."""
        return [f"{one.filename}: {sentence}" for one in self.examined for sentence in one.warnings]

    @property
    def sha256s(self) -> list[str]:
        """The hashes of the files."""
        return [file.content.sha256 for file in self.files]

    @property
    def audience(self) -> set[str]:
        """The categories it names, by code."""
        return {guess.value for guess in self.guesses.audience}

    @property
    def evidence(self) -> list[Evidence]:
        """Every value with its line, in the order of the form."""
        return list(_evidence(self.guesses))


@dataclass(frozen=True)
class Confirmed:
    """What a person confirmed. `policy` is None for a new one; `decided` is None where no decision is to be recorded."""

    policy: Policy | None
    title: str
    reference: str
    kind: str
    owner: Post | None
    review_every_months: int | None
    label: str
    change_summary: str
    related: tuple[str, ...]
    category_ids: tuple[int, ...]
    decided: StatedDate | None
    body: GoverningBody | None
    minute: str
    next_review: StatedDate | None


@dataclass(frozen=True)
class Done:
    """What a confirmation recorded."""

    policy: Policy
    version: PolicyVersion


def hold_files(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: str | None,
    sent: Sequence[tuple[str, bytes]],
    now: dt.datetime,
) -> str:
    """Examine files and hold them with what was found; the identifier to confirm them by.

    Raises:
        Refusal: when there is no file, or one cannot be taken.
    """
    if not sent:
        raise Refusal.one("Choose at least one file.", "files")
    read = read_in(sent)
    notes = {"policy": policy, "examined": [as_answer(one.examined).decode() for one in read]}
    uploads = [Upload(one.file.filename, one.file.content.data) for one in read]
    return hold(session, scope, actor, HELD_AS, uploads, notes, now)


def found_in(session: Session, scope: Scope, public_id: str, now: dt.datetime) -> Found:
    """What was read from held files.

    Raises:
        NotFound: when they are not, or no longer, held here.
    """
    kept = held(session, scope, HELD_AS, public_id, now)
    examined = tuple(_examined(one) for one in kept.notes["examined"])
    files = tuple(
        File(upload.filename, Bytes(upload.content, MEDIA_TYPES[one.kind]))
        for upload, one in zip(kept.files, examined, strict=True)
    )
    by = examined[0].guesses.adopted_by
    body = body_named(session, scope, by.value if by else None)
    return Found(public_id, kept.notes["policy"], files, examined, body.public_id if body else None)


def confirm(
    session: Session, scope: Scope, actor: Actor, public_id: str, facts: Confirmed, today: dt.date, now: dt.datetime
) -> Done:
    """Record what a person confirmed: policy, version, decision, readers, related policies. Nobody is asked.

    Raises:
        Refusal: with what stands against it; then the files stay held.
    """
    lock(session, scope)
    found = found_in(session, scope, public_id, now)
    policy = facts.policy or _new_policy(session, scope, actor, facts, now)
    new = NewVersion(
        files=found.files,
        text=_text(found.examined[0]),
        label=facts.label,
        change_summary=facts.change_summary,
        dates=stated_dates(found.guesses),
    )
    version = record_version(session, scope, actor, policy, new, now)
    starts = _decide(session, scope, actor, policy, version, facts, today, now) or today
    require_anew(session, scope, actor, policy, facts.category_ids, starts, now)
    relate(session, scope, actor, policy, facts.related, now)
    take(session, scope, HELD_AS, public_id, now)
    return Done(policy, version)


def _new_policy(session: Session, scope: Scope, actor: Actor, facts: Confirmed, now: dt.datetime) -> Policy:
    new = NewPolicy(
        title=facts.title,
        kind=facts.kind,
        reference=facts.reference,
        owner_post_id=facts.owner.id if facts.owner else None,
        approving_body_id=facts.body.id if facts.body else None,
        review_every_months=facts.review_every_months,
    )
    return add_policy(session, scope, actor, new, now)


def _decide(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    version: PolicyVersion,
    facts: Confirmed,
    today: dt.date,
    now: dt.datetime,
) -> dt.date | None:
    """Record the decision of the past, and give the day it put the version in force."""
    if facts.decided is None:
        return None
    made = Decide(version=version, decided=facts.decided, next_review=facts.next_review, minute=facts.minute)
    by: dict[str, Any] = {"body": facts.body, "kind": DecisionKind.ADOPTED}
    if policy.kind == "guidance":
        by = {"kind": DecisionKind.ISSUED, **_headteacher(session, scope, facts.decided.latest_on or today)}
    decision = decide(session, scope, actor, Decide(**{**made.__dict__, **by}), now)
    return session.scalar(select(InForce.from_on).where(InForce.decision_id == decision.id))


def _headteacher(session: Session, scope: Scope, day: dt.date) -> dict[str, Any]:
    """Who issues outside guidance on a day."""
    heads = [one for one in approvers(session, scope, day) if one.office is MakerKind.HEADTEACHER]
    if not heads:
        raise Refusal.one(
            "Outside guidance is issued by the headteacher, and nobody held that post on that day.", "kind"
        )
    return {"person": session.get(Person, heads[0].person_id), "office": MakerKind.HEADTEACHER}


def _examined(stored: str) -> Examined:
    read = from_answer(stored.encode())
    if isinstance(read, str):
        raise Refusal.one(read)
    return read


def _text(examined: Examined) -> Text | None:
    sha256 = examined.text_sha256
    return Text(EXTRACTOR, sha256, examined.clauses_json) if sha256 else None


def _evidence(guesses: Guesses) -> Iterator[Evidence]:
    named: list[tuple[str, Sequence[Guess[Any] | None]]] = [
        ("Title", [guesses.title]),
        ("Version", [guesses.version_label]),
        ("Adopted on", [guesses.adopted_on]),
        ("Adopted by", [guesses.adopted_by]),
        ("Updated", guesses.updated_on),
        ("Next review", [guesses.next_review_on]),
        ("Reviewed every", [guesses.review_frequency_months]),
        ("Owner", [guesses.owner]),
        ("To be read with", guesses.related_policies),
        ("Who must read it", guesses.audience),
    ]
    for what, found in named:
        for guess in found:
            if guess is not None:
                yield Evidence(what, _in_words(what, guess.value), guess.line, guess.text, guess.confidence < _SURE)


def _in_words(what: str, value: Any) -> str:
    if isinstance(value, StatedDate):
        return value.in_words()
    if what == "Reviewed every":
        return f"{value} months"
    return str(value).replace("_", " ")
