"""The register: every policy with what is in force, who decided it, when it is due for review, and how it stands."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Session

from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.register_query import parameters, register_query
from governance.adoption.rules import stated_by_latest
from governance.adoption.states import Standing, State, flags_of, state_of
from governance.db import rows_of
from governance.extract.dates import Precision, StatedDate
from governance.policies.models import Policy
from governance.schools.names import fold
from governance.tenancy import Scope

PER_PAGE = 50
# Told only to those who see drafts.
OF_DRAFTS = frozenset({State.NEW_VERSION_AWAITING, State.AMENDED_TEXT_AWAITED})


@dataclass(frozen=True)
class RegisterRow:
    """A policy on a day. Where nothing is in force, everything from `version_id` to `minute` is empty."""

    policy_id: int
    policy: str
    title: str
    reference: str
    kind: str
    state: State
    flags: tuple[State, ...]
    version_id: int | None
    version: str | None
    version_number: int | None
    version_label: str
    in_force_id: int | None
    in_force_since: StatedDate | None
    decision: str | None
    decision_kind: Kind | None
    decided_by: str
    decided: StatedDate | None
    minute: str
    next_review_on: dt.date | None
    next_review: StatedDate | None
    review_every_months: int | None
    safeguarding: bool | None
    owner: str | None
    holder: str | None
    approving_body_id: int | None
    approving_body: str | None
    awaiting_id: int | None
    awaiting: str | None
    awaiting_number: int | None
    retired_on: dt.date | None
    replaced_by: str | None
    replaced_by_title: str | None

    @property
    def states(self) -> tuple[State, ...]:
        """The main state and the flags beside it."""
        return (self.state, *self.flags)


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to. `state` may be a main state or a flag; retired ones show only when asked for.

    Without `drafts` it tells of nothing that was not yet adopted: neither policies nor versions that wait.
    """

    search: str = ""
    state: State | None = None
    kind: str | None = None
    owner_post_id: int | None = None
    approving_body_id: int | None = None
    drafts: bool = True


@dataclass(frozen=True)
class Page:
    """A page of the register; `counts` are of every row that matches apart from the state chosen."""

    rows: tuple[RegisterRow, ...]
    total: int
    number: int
    pages: int
    counts: dict[State, int]


def register(
    session: Session,
    scope: Scope,
    day: dt.date,
    filters: Filters | None = None,
    *,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page:
    """A page of the register on a day, by title. A page number out of range gives the nearest page there is."""
    wanted = filters or Filters()
    rows = list(_stating(_rows(session, scope, day, wanted), day, wanted.drafts))
    counts = Counter(state for _, states in rows for state in states)
    # Values are made only for what is shown: a page costs little more than its statement.
    shown = [(row, states) for row, states in rows if _shown(states, wanted.state)]
    pages = max(1, -(-len(shown) // per_page))
    number = min(max(page, 1), pages)
    part = shown[(number - 1) * per_page : number * per_page]
    return Page(tuple(_row(row, states) for row, states in part), len(shown), number, pages, dict(counts))


def every_policy(session: Session, scope: Scope, day: dt.date, filters: Filters | None = None) -> list[RegisterRow]:
    """Every policy known by a day, retired ones included, by title; the state in `filters` is left to the caller."""
    wanted = filters or Filters()
    return [_row(*pair) for pair in _stating(_rows(session, scope, day, wanted), day, wanted.drafts)]


def policy_row(session: Session, scope: Scope, day: dt.date, policy_id: int) -> RegisterRow | None:
    """One policy as the register shows it; None where it is not known by the day."""
    row = session.execute(register_query().where(Policy.id == policy_id), parameters(scope, day)).one_or_none()
    return _row(row, _states(row, day)) if row else None


def in_force_on(session: Session, scope: Scope, day: dt.date) -> list[RegisterRow]:
    """Every policy of which a version is in force on a day and which is not retired then, by title."""
    return [row for row in every_policy(session, scope, day) if row.version_id and row.state is not State.RETIRED]


def reviews_due(session: Session, scope: Scope, day: dt.date, until: dt.date) -> list[RegisterRow]:
    """Policies in force whose next review is due by `until`, late ones first, then those without a review date."""
    rows = in_force_on(session, scope, day)
    dated = [row for row in rows if row.next_review_on is not None and row.next_review_on <= until]
    undated = [row for row in rows if row.next_review_on is None]
    return [*sorted(dated, key=_by_review), *undated]


def _by_review(row: RegisterRow) -> dt.date:
    return row.next_review_on or dt.date.max


def _rows(session: Session, scope: Scope, day: dt.date, filters: Filters) -> Sequence[Any]:
    query, narrowed = register_query(), tuple(_conditions(filters))
    # the whole register is asked for most, by the statement that is there already
    return rows_of(session, query.where(*narrowed) if narrowed else query, parameters(scope, day))


def _stating(rows: Iterable[Any], day: dt.date, drafts: bool) -> Iterable[tuple[Any, tuple[State, ...]]]:
    """Rows with their states, less what only those may know who see drafts."""
    for row in rows:
        states = _states(row, day)
        if drafts:
            yield row, states
        elif row.version_id is not None:
            yield row, tuple(state for state in states if state not in OF_DRAFTS)


def _shown(states: tuple[State, ...], state: State | None) -> bool:
    return state in states if state else State.RETIRED not in states


def _conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.search.strip():
        yield or_(
            Policy.sort_key.like(_containing(filters.search.casefold()), escape="\\"),
            Policy.sort_key.like(_containing(fold(filters.search)), escape="\\"),
            func.lower(Policy.reference).like(_containing(filters.search.lower()), escape="\\"),
        )
    if filters.kind:
        yield Policy.kind == filters.kind
    if filters.owner_post_id is not None:
        yield Policy.owner_post_id == filters.owner_post_id
    if filters.approving_body_id is not None:
        yield Policy.approving_body_id == filters.approving_body_id


def _containing(text: str) -> str:
    """A LIKE pattern for what contains the text, in which its own signs mean themselves."""
    clean = " ".join(text.split()).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{clean}%"


def _states(row: Any, day: dt.date) -> tuple[State, ...]:
    """The main state, then the flags."""
    standing = Standing(
        in_force=row.version_id is not None,
        decided_precision=row.decided_precision or Precision.DAY,
        awaits_ratification=bool(row.awaits_ratification),
        new_version=row.awaiting_number is not None,
        says_adopted=bool(row.says_adopted),
        text_awaited=row.decision_kind == Kind.AMENDED and row.decided_version_id == row.version_id,
        next_review_on=row.next_review_on,
        retired_on=row.retired_on,
    )
    return (state_of(standing, day), *flags_of(standing, day))


def _row(row: Any, states: tuple[State, ...]) -> RegisterRow:
    return RegisterRow(
        policy_id=row.id,
        policy=row.public_id,
        title=row.title,
        reference=row.reference,
        kind=row.kind,
        state=states[0],
        flags=states[1:],
        version_id=row.version_id,
        version=row.version_public_id,
        version_number=row.version_number,
        version_label=row.version_label or "",
        in_force_id=row.in_force_id,
        in_force_since=stated_by_latest(row.since, row.since_precision),
        decision=row.decision_public_id,
        decision_kind=Kind(row.decision_kind) if row.decision_kind else None,
        decided_by=maker_in_words(row.decided_by_body, row.decided_by_person, row.decision_office),
        decided=_decided(row),
        minute=row.minute or "",
        next_review_on=row.next_review_on,
        next_review=stated_by_latest(row.next_review_on, row.next_review_precision),
        review_every_months=row.review_every_months,
        safeguarding=row.safeguarding,
        owner=row.owner,
        holder=row.holder,
        approving_body_id=row.approving_body_id,
        approving_body=row.approving_body,
        awaiting_id=row.awaiting_id,
        awaiting=row.awaiting_public_id,
        awaiting_number=row.awaiting_number,
        retired_on=row.retired_on,
        replaced_by=row.replaced_by,
        replaced_by_title=row.replaced_by_title,
    )


def maker_in_words(body: str | None, person: str | None, office: str | None) -> str:
    """Who decided, as lists say it: a body by name, a person with the office they decided in."""
    if body:
        return body
    return f"{person}, {MakerKind(office).in_words}" if person and office else person or ""


def _decided(row: Any) -> StatedDate | None:
    if row.decided_precision is None:
        return None
    return StatedDate(row.decided_on, row.decided_latest_on, Precision(row.decided_precision), "")
