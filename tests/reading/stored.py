"""Facts put into a database as rows, beside what must make no difference: corrections, withdrawals, a school next door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, Decision, InForce
from governance.people.models import Absence, Category, Engagement, Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading import rules
from governance.reading.facts import MOST_PARTS
from governance.reading.models import Acknowledgement, Declined, Excuse, Extension, PolicyPart, ReadingRule, Withdrawal
from governance.schools.models import ClosedDay, Term
from governance.tenancy import Organisation, Scope, new_public_id

NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
BY = {"recorded_at": NOW, "recorded_by": "Maya Lund"}
# Versions and in-force rows that no fact knows: identifiers of their own.
BESIDE = 5_000


def store(
    session: Session,
    facts: rules.Facts,
    *,
    organisation_id: int = 1,
    withdrawn: Iterable[rules.Receipt] = (),
    corrected: Iterable[rules.InForce] = (),
    refused: Iterable[tuple[rules.InForce, dt.date]] = (),
) -> Scope:
    """Store a school's facts under the identifiers they bear, moved up by 100,000 for each further organisation.

    `withdrawn` receipts, `corrected` in-force rows and those `refused` ratification on a day are stored as well.
    """
    shift = (organisation_id - 1) * 100_000
    organisation: dict[str, Any] = {
        "id": organisation_id,
        "name": f"School {organisation_id}",
        "slug": f"school-{organisation_id}",
        "year_starts_month": facts.school.year_starts[0],
        "year_starts_day": facts.school.year_starts[1],
        "away_school_days": facts.school.away_school_days,
    }
    session.execute(insert(Organisation), [organisation])
    put = _Put(session, organisation_id, shift)
    put(Term, [_of(t, "first_on", "last_on") | {"name": "Term"} | _public() for t in facts.school.terms])
    put(ClosedDay, [{"closed_on": day, "kind": "closure"} | _public() for day in sorted(facts.school.closed_on)])
    rows = [*facts.in_force, *corrected, *(row for row, _ in refused)]
    receipts = [*facts.receipts, *withdrawn]
    _people_and_policies(put, facts, rows, receipts)
    _adopted(put, facts, rows, {row.in_force_id for row in corrected}, {row.in_force_id: on for row, on in refused})
    _required(put, facts)
    _read(put, facts, receipts)
    return Scope(organisation_id, organisation["slug"], organisation["name"])


class _Put:
    """Inserts rows of one school; columns that name other rows are moved up with them."""

    def __init__(self, session: Session, organisation_id: int, shift: int) -> None:
        self.session, self.organisation_id, self.shift = session, organisation_id, shift

    def __call__(self, model: Any, rows: Iterable[dict[str, Any]]) -> None:
        moved = [
            {
                name: value + self.shift if name == "id" or (name.endswith("_id") and isinstance(value, int)) else value
                for name, value in row.items()
            }
            | {"organisation_id": self.organisation_id}
            for row in rows
        ]
        if moved:
            self.session.execute(insert(model), moved)


def _people_and_policies(
    put: _Put, facts: rules.Facts, rows: list[rules.InForce], receipts: list[rules.Receipt]
) -> None:
    people = {e.person_id for e in facts.engagements} | {r.person_id for r in receipts}
    people |= {r.person_id for r in facts.rules if r.person_id is not None}
    about: list[Any] = [*facts.absences, *facts.excuses, *facts.extensions, *facts.declined]
    people |= {row.person_id for row in about}
    categories = {e.category_id for e in facts.engagements} | {a.category_id for a in facts.askings}
    categories |= {r.category_id for r in facts.rules}
    policies = {r.policy_id for r in facts.rules} | {r.policy_id for r in rows} | {r.policy_id for r in receipts}
    policies |= {e.policy_id for e in facts.excuses} | {d.policy_id for d in facts.declined}
    named = ("given_name", "family_name", "sort_key")
    put(
        Person,
        (
            {"id": p, "public_id": new_public_id(), "printed_reference": f"P{p}", "recorded_at": NOW}
            | dict.fromkeys(named, f"person {p}")
            for p in people
        ),
    )
    put(
        Category,
        (
            {"id": c, "public_id": new_public_id(), "name": f"c{c}", "name_key": f"c{c}", "position": c}
            for c in categories - {None}
        ),
    )
    titled = ("title", "sort_key", "title_key", "reference")
    put(
        Policy,
        (
            {"id": p, "public_id": new_public_id(), "recorded_at": NOW, "retired_on": facts.retired_on.get(p)}
            | dict.fromkeys(titled, f"policy {p}")
            for p in policies
        ),
    )
    versioned: list[Any] = [*rows, *receipts]
    versions = {(row.version_id, row.policy_id, row.number) for row in versioned}
    versions |= {(_version(d), d.policy_id, d.number) for d in facts.declined}
    put(
        PolicyVersion,
        (
            {"id": v, "public_id": new_public_id(), "policy_id": p, "number": n, "documents_sha256": "0" * 64} | BY
            for v, p, n in versions
        ),
    )
    put(
        Engagement,
        (
            _of(e, "person_id", "category_id", "started_on", "ended_on") | {"job_title": e.title}
            for e in facts.engagements
        ),
    )
    put(Absence, (_of(a, "person_id", "from_on", "until_on") | _public() for a in facts.absences))


def _adopted(
    put: _Put, facts: rules.Facts, rows: list[rules.InForce], corrected: set[int], refused: dict[int, dt.date]
) -> None:
    def decision(
        number: int, row: rules.InForce, kind: str, on: dt.date, corrects: int | None = None
    ) -> dict[str, Any]:
        dates = {"decided_on": on, "decided_latest_on": on, "kind": kind}
        of = {"policy_id": row.policy_id, "version_id": row.version_id, "corrects_id": corrects}
        return {"id": number} | of | dates | BY | _public()

    put(Decision, (decision(row.in_force_id, row, "adopted", row.from_on) for row in rows))
    answers = [
        decision(row.in_force_id + BESIDE, row, "adopted", row.from_on, row.in_force_id)
        for row in rows
        if row.in_force_id in corrected
    ]
    answers += [
        decision(row.in_force_id + BESIDE, row, "not_ratified", refused[row.in_force_id])
        for row in rows
        if row.in_force_id in refused
    ]
    put(Decision, answers)
    put(
        InForce,
        (
            _of(row, "policy_id", "version_id", "from_on")
            | {"id": row.in_force_id, "decision_id": row.in_force_id}
            | {"pending_ratification": row.in_force_id in refused}
            for row in rows
        ),
    )
    asked = [*facts.askings, *(rules.Asking(number, None, dt.date(2025, 1, 1)) for number in {*corrected, *refused})]
    put(
        Asking,
        (
            _of(a, "in_force_id", "category_id", "from_on") | {"id": number, "recorded_at": NOW}
            for number, a in enumerate(asked, 1)
        ),
    )
    first_asking = {a.in_force_id: number for number, a in reversed(list(enumerate(asked, 1)))}
    put(
        Extension,
        (
            _of(e, "person_id", "until_on")
            | {"asking_id": first_asking[e.in_force_id], "reason": "ill"}
            | BY
            | _public()
            for e in facts.extensions
        ),
    )


def _required(put: _Put, facts: rules.Facts) -> None:
    partial: list[Any] = [*facts.rules, *facts.receipts]
    put(
        PolicyPart,
        (
            {"policy_id": policy_id, "bit": bit, "name": f"Part {bit + 1}"}
            for policy_id in sorted({one.policy_id for one in partial})
            for bit in range(MOST_PARTS)
            if any(one.parts >> bit & 1 for one in partial if one.policy_id == policy_id)
        ),
    )
    names = ("policy_id", "category_id", "person_id", "days_to_read", "repeat", "repeat_months", "from_on", "until_on")
    names += ("parts", "joined_since")
    put(ReadingRule, (_of(r, *names) | {"title_key": r.title, "job_title": r.title} | _public() for r in facts.rules))
    put(
        Excuse,
        (
            _of(e, "person_id", "policy_id", "from_on", "until_on") | {"reason": "trained elsewhere"} | BY | _public()
            for e in facts.excuses
        ),
    )


def _version(row: rules.Declined) -> int:
    """What the tests call a version: its policy and number."""
    return row.policy_id * 10 + row.number


def _read(put: _Put, facts: rules.Facts, receipts: list[rules.Receipt]) -> None:
    told = {"documents_sha256": "0" * 64, "wording": "I have read and understood this policy"}
    told |= {"method": "paper", "assurance": "paper_witnessed"}
    put(
        Acknowledgement,
        (
            _of(r, "person_id", "version_id", "parts")
            | {"id": number, "reference": f"R{put.shift + number}", "acknowledged_on": r.given_on, "recorded_at": NOW}
            | told
            | _public()
            for number, r in enumerate(receipts, 1)
        ),
    )
    given = {"witness": "Helen Marsh", "note": ""} | BY
    put(
        Declined,
        (_of(d, "person_id", "given_on") | {"version_id": _version(d)} | given | _public() for d in facts.declined),
    )
    put(
        Withdrawal,
        (
            {"acknowledgement_id": number, "reason": "entered by mistake"} | BY
            for number in range(len(facts.receipts) + 1, len(receipts) + 1)
        ),
    )


def _of(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _public() -> dict[str, str]:
    return {"public_id": new_public_id()}
