"""Many receipts in few statements, for a sheet or a session. Whoever calls has checked them, under the school's lock."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.journal.chain import canonical
from governance.policies.models import Policy, PolicyVersion, VersionText
from governance.policies.rules import wording_of
from governance.reading.acknowledging import Shown, new_reference
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.parts import for_parts, named_parts
from governance.tenancy import Actor, Scope, new_public_id

_CHUNK = 500
# Rows with and without a value go out together; else each change of that is a statement of its own.
WITH_NULLS = {"render_nulls": True}


@dataclass(frozen=True)
class Seen:
    """How a batch of receipts came about: the day, how sure it is who signed, and who saw it."""

    acknowledged_on: dt.date
    assurance: str
    witness: str


@dataclass(frozen=True)
class Wanted:
    """A receipt to be written: who, for which version, and what was agreed to."""

    person_id: int
    version_id: int
    shown: Shown
    method: str
    parts: int = 0


@dataclass(frozen=True)
class Given:
    """A standing receipt, as what is entered is held against it."""

    reference: str
    acknowledged_on: dt.date
    parts: int


def write_receipts(
    session: Session, scope: Scope, actor: Actor, wanted: Sequence[Wanted], seen: Seen, now: dt.datetime
) -> tuple[list[tuple[int, str]], str]:
    """Write receipts in the order given; their ids and references, and a digest of all for the journal."""
    values = [_values(scope, actor, one, seen, now) for one in wanted]
    for start in range(0, len(values), _CHUNK):
        session.execute(insert(Acknowledgement), values[start : start + _CHUNK], execution_options=WITH_NULLS)
    written: dict[str, int] = {}
    references = [str(one["reference"]) for one in values]
    for start in range(0, len(references), _CHUNK):
        found = select(Acknowledgement.reference, Acknowledgement.id).where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.reference.in_(references[start : start + _CHUNK]),
        )
        written |= {row.reference: row.id for row in session.execute(found)}
    rows = [[value for name, value in sorted(one.items()) if name != "recorded_at"] for one in values]
    digest = hashlib.sha256(canonical(rows).encode("utf-8")).hexdigest()
    return [(written[reference], reference) for reference in references], digest


def given_for(session: Session, scope: Scope, version_ids: Sequence[int]) -> dict[tuple[int, int], list[Given]]:
    """The standing receipts for versions, by person and version, oldest first."""
    rows = session.execute(
        select(
            Acknowledgement.person_id,
            Acknowledgement.version_id,
            Acknowledgement.reference,
            Acknowledgement.acknowledged_on,
            Acknowledgement.parts,
        )
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.version_id.in_(version_ids),
            Withdrawal.id.is_(None),
        )
        .order_by(Acknowledgement.acknowledged_on, Acknowledgement.id)
    )
    found: dict[tuple[int, int], list[Given]] = {}
    for person_id, version_id, reference, on, parts in rows:
        found.setdefault((person_id, version_id), []).append(Given(reference, on, parts))
    return found


class InPart(NamedTuple):
    """A version and the parts of it that are to be read, as bits; 0 is the whole."""

    version_id: int
    parts: int = 0


@dataclass(frozen=True)
class VersionShown:
    """A version with what its reader is shown and what it is called. `parts` names the parts read, empty for the whole."""

    version_id: int
    policy_id: int
    title: str
    reference: str
    label: str
    shown: Shown
    parts: tuple[str, ...] = ()


def shown_in_part(session: Session, scope: Scope, wanted: Collection[InPart]) -> dict[InPart, VersionShown]:
    """What a reader of each version, or of parts of it, is shown today, in the order of the policies' titles."""
    whole = versions_shown(session, scope, sorted({one.version_id for one in wanted}))
    named = named_parts(session, scope, ((whole[one.version_id].policy_id, one.parts) for one in wanted))
    return {
        one: _in_part(shown, named[shown.policy_id, one.parts])
        for version_id, shown in whole.items()
        for one in sorted(wanted)
        if one.version_id == version_id
    }


def _in_part(whole: VersionShown, names: tuple[str, ...]) -> VersionShown:
    return replace(whole, parts=names, shown=replace(whole.shown, wording=for_parts(whole.shown.wording, names)))


def versions_shown(session: Session, scope: Scope, version_ids: Sequence[int]) -> dict[int, VersionShown]:
    """What a reader of each version is shown today, by id, in the order of the policies' titles."""
    rows = session.execute(
        select(
            PolicyVersion.id,
            Policy.id,
            Policy.title,
            Policy.reference,
            PolicyVersion.label,
            PolicyVersion.number,
            PolicyVersion.documents_sha256,
            VersionText.sha256,
            Policy.wording,
        )
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(VersionText, VersionText.version_id == PolicyVersion.id)
        .where(PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.id.in_(version_ids))
        .order_by(Policy.sort_key, Policy.id, PolicyVersion.number)
    )
    return {
        version: VersionShown(
            version, policy, title, reference, label or str(number), Shown(documents, text, wording_of(wording))
        )
        for version, policy, title, reference, label, number, documents, text, wording in rows
    }


def _values(scope: Scope, actor: Actor, one: Wanted, seen: Seen, now: dt.datetime) -> dict[str, Any]:
    return {
        "organisation_id": scope.organisation_id,
        "public_id": new_public_id(),
        "reference": new_reference(),
        "person_id": one.person_id,
        "version_id": one.version_id,
        "documents_sha256": one.shown.documents_sha256,
        "text_sha256": one.shown.text_sha256,
        "wording": one.shown.wording,
        "parts": one.parts,
        "given_at": None,
        "acknowledged_on": seen.acknowledged_on,
        "recorded_at": now,
        "method": one.method,
        "assurance": seen.assurance,
        "witness": seen.witness,
        "recorded_by": actor.label,
        "typed_name": None,
    }
