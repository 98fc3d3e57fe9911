"""An uploaded document between its reading and a person's confirmation, and what their confirmation records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import decide
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind as DecisionKind
from governance.adoption.kinds import MakerKind
from governance.adoption.makers import approvers
from governance.adoption.models import InForce
from governance.errors import Refusal
from governance.extract.clauses import EXTRACTOR
from governance.extract.dates import StatedDate
from governance.extract.examined import Examined, as_answer, from_answer
from governance.extract.guesses import Guesses
from governance.intake.evidence import Evidence, evidence_of
from governance.intake.reading_in import MEDIA_TYPES, read_in
from governance.intake.recording import body_named, require_anew, stated_dates
from governance.intake.source import Piece, pieces_of
from governance.people.models import Person, Post
from governance.policies.actions import File, NewPolicy, NewVersion, Text, add_policy, change_policy, record_version
from governance.policies.models import Policy, PolicyVersion
from governance.policies.related import relate
from governance.schools.models import GoverningBody
from governance.storage.actions import Bytes
from governance.storage.held import Upload, held, hold, take
from governance.tenancy import Actor, Scope, lock

HELD_AS = "version"


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
        return list(evidence_of(self.guesses))

    @property
    def pieces(self) -> list[Piece]:
        """The text of the first file, each piece with what was read from it."""
        return pieces_of(self.examined[0].clauses, self.evidence)


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
    # Owner and review interval of a policy in the register stay as they are unless a person says so.
    change_register: bool = False


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
    read = [
        (upload.filename, upload.content, answer)
        for upload, answer in zip(kept.files, kept.notes["examined"], strict=True)
    ]
    return found_of(session, scope, public_id, kept.notes["policy"], read)


def found_of(
    session: Session, scope: Scope, public_id: str, policy: str | None, read: Sequence[tuple[str, bytes, str]]
) -> Found:
    """Files by name, content and the answer that examining them gave; the first of them is the policy itself."""
    examined = tuple(_examined(answer) for _, _, answer in read)
    files = tuple(
        File(name, Bytes(content, MEDIA_TYPES[one.kind]))
        for (name, content, _), one in zip(read, examined, strict=True)
    )
    by = examined[0].guesses.adopted_by
    body = body_named(session, scope, by.value if by else None)
    return Found(public_id, policy, files, examined, body.public_id if body else None)


def confirm(
    session: Session, scope: Scope, actor: Actor, public_id: str, facts: Confirmed, today: dt.date, now: dt.datetime
) -> Done:
    """Record what a person confirmed of held files, and let these go. Nobody is asked.

    Raises:
        Refusal: with what stands against it; then the files stay held.
    """
    lock(session, scope)
    done = record_found(session, scope, actor, found_in(session, scope, public_id, now), facts, today, now)
    take(session, scope, HELD_AS, public_id, now)
    return done


def record_found(
    session: Session, scope: Scope, actor: Actor, found: Found, facts: Confirmed, today: dt.date, now: dt.datetime
) -> Done:
    """Record policy, version, decision, readers and related policies. Nobody is asked.

    Raises:
        Refusal: with what stands against it.
    """
    lock(session, scope)
    policy = facts.policy or _new_policy(session, scope, actor, facts, now)
    if facts.policy is not None and facts.change_register:
        _change(session, scope, actor, facts.policy, facts, now)
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


def _change(session: Session, scope: Scope, actor: Actor, policy: Policy, facts: Confirmed, now: dt.datetime) -> None:
    """Owner and review interval as confirmed; what was left empty stays as the register has it."""
    same = {name: getattr(policy, name) for name in ("title", "kind", "approving_body_id", "wording", "safeguarding")}
    owner = facts.owner.id if facts.owner else policy.owner_post_id
    months = facts.review_every_months or policy.review_every_months
    new = NewPolicy(**same, owner_post_id=owner, review_every_months=months)
    change_policy(session, scope, actor, policy, new, now)


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
