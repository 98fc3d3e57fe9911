"""What a body was called: a decision of 2022 names the body as it was called in 2022."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from governance.schools.models import BodyName, GoverningBody
from governance.tenancy import Scope


def name_on(day: Any, body: Any = GoverningBody) -> Any:
    """The name of the joined body, or alias of it, on a day (a column or a date; without one, its name now).

    Names that were written wrongly and corrected are not among the former ones.
    """
    former = (
        select(BodyName.name)
        .where(BodyName.body_id == body.id, BodyName.until_on > day)
        .order_by(BodyName.until_on, BodyName.id.desc())
        .limit(1)
        .correlate_except(BodyName)
        .scalar_subquery()
    )
    return func.coalesce(former, body.name)


def once_called(scope: Scope, name_key: str) -> Any:
    """The ids of a school's bodies that were called so, by folded name."""
    return select(BodyName.body_id).where(
        BodyName.organisation_id == scope.organisation_id, BodyName.name_key == name_key
    )
