"""Which owners are told today that a policy of theirs is due, each step once, with the one thing to do next.

policies in force ─▶ the step reached: three months, a month, a week before the review, or overdue
                  ─▶ a week after an adoption with amendments, and each week after, while the text is awaited
steps ─ less those told before ─▶ by the owner: one mail about all of theirs
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.adoption.coming_up import next_step, planned_for
from governance.adoption.models import OwnerNotice
from governance.adoption.prepared import open_forms
from governance.adoption.register import RegisterRow, in_force_on
from governance.adoption.states import State
from governance.people.models import Person, PostHolder
from governance.policies.models import Policy
from governance.schools.calendar import add_months
from governance.tenancy import Scope

OVERDUE = "overdue"
# In the order in which they are reached.
RUNGS = ("three_months", "one_month", "one_week", OVERDUE)


@dataclass(frozen=True)
class Due:
    """A policy of which its owner is told: which step was reached, and what to do next."""

    policy_id: int
    policy: str
    title: str
    about_on: dt.date
    rung: str
    step: str

    @property
    def awaits_text(self) -> bool:
        """Whether it is about an amended text, not about a review."""
        return self.rung.startswith("text_")


@dataclass(frozen=True)
class Owner:
    """Who holds the post, with an address."""

    id: int
    public_id: str
    name: str
    address: str


@dataclass(frozen=True)
class Told:
    """What one owner is told, by title."""

    owner: Owner
    due: tuple[Due, ...]


def rung_reached(next_review_on: dt.date, today: dt.date) -> str | None:
    """The latest step that a review has reached: three months, one month, one week before its last day, or after it."""
    if today > next_review_on:
        return OVERDUE
    starts = (add_months(next_review_on, -3), add_months(next_review_on, -1), next_review_on - dt.timedelta(days=7))
    reached = [rung for rung, start in zip(RUNGS, starts, strict=False) if start <= today]
    return reached[-1] if reached else None


def text_rung(decided_on: dt.date, today: dt.date) -> str | None:
    """The step of an amended text that is awaited: each full week since the decision."""
    weeks = (today - decided_on).days // 7
    return f"text_{weeks}" if weeks > 0 else None


def told_today(session: Session, scope: Scope, today: dt.date) -> tuple[list[Told], list[Due]]:
    """What each owner is to be told, by name; and what nobody can be told, since the post is vacant or has no address."""
    rows = {row.policy_id: row for row in in_force_on(session, scope, today)}
    reached = [one for row in rows.values() for one in _reached(row, today)]
    known = _known(session, scope, {one[0] for one in reached})
    new = [one for one in reached if not _told_before(one, known)]
    forms = open_forms(session, scope, [one[0] for one in new])
    meetings = planned_for(session, scope, today, [one[0] for one in new])
    due = [
        Due(policy_id, rows[policy_id].policy, rows[policy_id].title, about_on, rung, step)
        for policy_id, about_on, rung in new
        for step in [next_step(rows[policy_id], forms.get(policy_id), meetings.get(policy_id))]
    ]
    return _by_owner(due, _owners(session, scope, today, [one.policy_id for one in due]))


def note_told(session: Session, scope: Scope, told: Iterable[Told], today: dt.date) -> None:
    """Remember what owners were told; in the transaction that queues the mails."""
    whose = {"organisation_id": scope.organisation_id, "told_on": today}
    rows = [
        whose | {"policy_id": due.policy_id, "about_on": due.about_on, "rung": due.rung, "person_id": one.owner.id}
        for one in told
        for due in one.due
    ]
    if rows:
        session.execute(insert(OwnerNotice), rows)


def _reached(row: RegisterRow, today: dt.date) -> Iterable[tuple[int, dt.date, str]]:
    if row.next_review_on is not None and (rung := rung_reached(row.next_review_on, today)):
        yield row.policy_id, row.next_review_on, rung
    decided_on = row.decided.latest_on if row.decided else None
    if State.AMENDED_TEXT_AWAITED in row.flags and decided_on and (rung := text_rung(decided_on, today)):
        yield row.policy_id, decided_on, rung


def _told_before(one: tuple[int, dt.date, str], known: Collection[tuple[int, dt.date, str]]) -> bool:
    """The same step, or of a review a later one: a step that was missed is not made good."""
    policy_id, about_on, rung = one
    later = RUNGS[RUNGS.index(rung) :] if rung in RUNGS else (rung,)
    return any((policy_id, about_on, other) in known for other in later)


def _known(session: Session, scope: Scope, policy_ids: Collection[int]) -> set[tuple[int, dt.date, str]]:
    rows = session.execute(
        select(OwnerNotice.policy_id, OwnerNotice.about_on, OwnerNotice.rung).where(
            OwnerNotice.organisation_id == scope.organisation_id, OwnerNotice.policy_id.in_(policy_ids)
        )
    )
    return {(row.policy_id, row.about_on, row.rung) for row in rows}


def _owners(session: Session, scope: Scope, today: dt.date, policy_ids: Collection[int]) -> dict[int, Owner]:
    """Who holds the post that owns each policy, of those with an address; the one who came last."""
    rows = session.execute(
        select(Policy.id, Person.id, Person.public_id, Person.given_name, Person.family_name, Person.email)
        .join(PostHolder, PostHolder.post_id == Policy.owner_post_id)
        .join(Person, Person.id == PostHolder.person_id)
        .where(Policy.organisation_id == scope.organisation_id, Policy.id.in_(policy_ids))
        .where(PostHolder.from_on <= today, (PostHolder.until_on.is_(None)) | (PostHolder.until_on >= today))
        .where(Person.email.is_not(None))
        .order_by(PostHolder.from_on, PostHolder.id)
    )
    return {
        policy_id: Owner(person_id, public_id, f"{given} {family}", email or "")
        for policy_id, person_id, public_id, given, family, email in rows
    }


def _by_owner(due: list[Due], owners: dict[int, Owner]) -> tuple[list[Told], list[Due]]:
    theirs: defaultdict[Owner, list[Due]] = defaultdict(list)
    nobody = []
    for one in due:
        owner = owners.get(one.policy_id)
        if owner is None:
            nobody.append(one)
        else:
            theirs[owner].append(one)
    return [Told(owner, tuple(found)) for owner, found in sorted(theirs.items(), key=lambda pair: pair[0].name)], nobody
