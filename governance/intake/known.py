"""What the school has already, as far as incoming documents can be it: policies, bytes, and bodies by their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption.register import RegisterRow, every_policy
from governance.intake.recording import body_named
from governance.intake.sorting import Known, KnownPolicy, Read
from governance.policies.models import PolicyVersion
from governance.policies.queries import with_bytes_known
from governance.tenancy import Scope


def known_to(session: Session, scope: Scope, read: Sequence[Read], today: dt.date) -> Known:
    """The register as of today, and which of the files and bodies that were read are known here."""
    found = with_bytes_known(session, scope, [one.sha256 for one in read])
    named = {one.guesses.adopted_by.value for one in read if one.guesses.adopted_by}
    return Known(
        policies=known_policies(session, scope, today),
        files={sha256: (title, number) for sha256, title, number, _ in found},
        bodies=frozenset(name for name in sorted(named) if body_named(session, scope, name)),
    )


def known_policies(session: Session, scope: Scope, today: dt.date) -> tuple[KnownPolicy, ...]:
    """Every policy of the register that is in use, by title."""
    counts = select(PolicyVersion.policy_id, func.count()).where(PolicyVersion.organisation_id == scope.organisation_id)
    versions: dict[int, int] = dict(session.execute(counts.group_by(PolicyVersion.policy_id)).all())
    rows = [row for row in every_policy(session, scope, today) if row.retired_on is None]
    return tuple(_known(row, versions.get(row.policy_id, 0)) for row in rows)


def _known(row: RegisterRow, versions: int) -> KnownPolicy:
    return KnownPolicy(
        policy=row.policy,
        title=row.title,
        reference=row.reference,
        versions=versions,
        decided=row.decided,
        next_review=row.next_review,
        review_every_months=row.review_every_months,
        owner=row.owner,
    )
