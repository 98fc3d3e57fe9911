"""Who of one policy: read, not yet read, reading overdue, away, not needed; and the sheet to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template, request

from governance.db import db
from governance.policies.models import Policy, PolicyVersion
from governance.policies.rules import wording_of
from governance.reading.coverage import counted
from governance.reading.facts_query import facts_of
from governance.reading.listed import Worker, workers
from governance.reading.owed import Owed, State, owed
from governance.reading.queries import outstanding
from governance.reading.receipts import Receipt, receipts_of
from governance.render.charts import coverage_bar
from governance.tenancy import in_school as one_of
from governance.web.access import scope
from governance.web.forms import Choice
from governance.web.reading_screen import PAPER, SEES, AsOf, own_categories, screen, the_category, today

# The order of the lists, each with its heading and what to say when nobody is in it.
GROUPS = (
    (State.READING_OVERDUE, "Reading overdue", "Nobody's reading is overdue."),
    (State.NOT_YET_READ, "Not yet read", "Nobody else has it to read."),
    (State.READ, "Read", "Nobody has read it yet."),
    (State.AWAY, "Away", "Nobody is away for long."),
    (State.DECLINED, "Given, not signed", "Nobody has been given it and not signed."),
    (State.EXCUSED, "Not needed", "It is needed of everybody."),
)


class PolicyFilters(AsOf):
    """What a policy's readers are narrowed to."""

    category = Choice("Category", default="")


@dataclass(frozen=True)
class Reader:
    """One person and this policy. `receipt` is their latest one that stands, for any version."""

    owed: Owed
    worker: Worker
    receipt: Receipt | None


@screen.get("/policies/<policy>/reading", SEES, endpoint="policy")
def of_policy(policy: str) -> tuple[str, int]:
    """Everybody who is asked to read a policy, by how they stand."""
    session, now, found = db.session(), today(), the_policy(policy)
    form, categories = PolicyFilters(), own_categories()
    form.category.choices = [("", "Everyone"), *((one.public_id, one.name) for one in categories)]
    category = the_category(request.args.get("category", ""))
    good = form.validate()
    day = (form.on.data or now) if good else now
    rows = owed(facts_of(session, scope(), day, policy_ids=[found.id]), day)
    shown = [row for row in rows if category is None or category.id in row.category_ids]
    given = [one for one in receipts_of(session, scope(), found.id) if one.acknowledged_on <= day]
    readers = _readers(shown, given, day)
    totals = counted(shown).totals
    answer = render_template(
        "reading/policy.html",
        policy=found,
        form=form,
        day=day,
        today=now,
        category=category,
        totals=totals,
        bar=coverage_bar(
            acknowledged=totals.acknowledged,
            outstanding=totals.outstanding,
            overdue=totals.overdue,
            declined=totals.declined,
            away=totals.away,
            excused=totals.excused,
        ),
        groups=[(state, *words, [one for one in readers if one.owed.state is state]) for state, *words in GROUPS],
        others=_others(rows, given, day) if category is None else [],
    )
    return answer, 200 if good else 422


@screen.get("/policies/<policy>/reading/sheet", PAPER)
def sheet(policy: str) -> str:
    """A sheet to print: whoever has not read the policy, with room to sign."""
    session, now, found = db.session(), today(), the_policy(policy)
    category = the_category(request.args.get("category", ""))
    rows = [
        row
        for row in outstanding(session, scope(), now, policy_id=found.id)
        if category is None or category.id in row.category_ids
    ]
    people = workers(session, scope(), now, {row.person_id for row in rows})
    return render_template(
        "reading/sheet.html",
        policy=found,
        category=category,
        categories=own_categories(),
        versions=_by_version(rows, people),
        wording=wording_of(found.wording),
        today=now,
    )


def the_policy(public_id: str) -> Policy:
    """This school's policy by its public identifier, or the same 404 as for none."""
    found: Policy = one_of(db.session(), Policy, scope(), public_id)
    return found


def in_order(people: dict[int, Worker], ids: Iterable[int]) -> list[Worker]:
    """People by name; `workers` gives them in that order."""
    wanted = set(ids)
    return [worker for person_id, worker in people.items() if person_id in wanted]


def _readers(rows: list[Owed], given: list[Receipt], day: dt.date) -> list[Reader]:
    people = workers(db.session(), scope(), day, {row.person_id for row in rows})
    by_person = {row.person_id: row for row in rows}
    latest = _latest(given)
    return [Reader(by_person[number], worker, latest.get(number)) for number, worker in people.items()]


def _latest(given: list[Receipt]) -> dict[int, Receipt]:
    """Each person's newest standing receipt; `given` is newest first."""
    found: dict[int, Receipt] = {}
    for one in given:
        if one.withdrawn is None:
            found.setdefault(one.person_id, one)
    return found


def _others(rows: list[Owed], given: list[Receipt], day: dt.date) -> list[tuple[Worker, Receipt]]:
    """People with a receipt of whom nothing is asked that day, such as those who left, and withdrawn receipts."""
    asked = {row.person_id for row in rows}
    wanted = [one for one in given if one.person_id not in asked or one.withdrawn is not None]
    people = workers(db.session(), scope(), day, {one.person_id for one in wanted})
    return [(people[one.person_id], one) for one in wanted if one.person_id in people]


def _by_version(rows: list[Owed], people: dict[int, Worker]) -> list[tuple[PolicyVersion, list[Worker]]]:
    """The versions that are asked of people, newest first, each with those who have not read it."""
    found = []
    for version_id in sorted({row.version_id for row in rows}, reverse=True):
        version = db.session().get_one(PolicyVersion, version_id)
        found.append((version, in_order(people, (row.person_id for row in rows if row.version_id == version_id))))
    return found
