"""Who of one policy: read, not yet read, reading overdue, away, not needed; and the sheet to sign."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from governance.db import db
from governance.policies.models import Policy
from governance.policies.rules import wording_of
from governance.reading.coverage import counted
from governance.reading.facts_query import facts_of
from governance.reading.listed import Worker, workers
from governance.reading.owed import Owed, State, owed
from governance.reading.receipts import Receipt, receipts_of
from governance.reading.sheet_printing import for_policy
from governance.render.charts import coverage_bar
from governance.tenancy import in_school as one_of
from governance.web.access import scope
from governance.web.forms import Choice, refusals_into
from governance.web.reading_screen import PAPER, SEES, AsOf, own_categories, screen, the_category, today
from governance.web.sheets_making import named
from governance.web.sheets_screen import Make, make

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
    """What a sheet to print would hold: whoever has not read the policy."""
    return _sheet_page(policy, Make())


@screen.post("/policies/<policy>/reading/sheet", PAPER)
def print_sheet(policy: str) -> ResponseReturnValue:
    """Make the sheet, and lead to its page."""
    found, form, category = the_policy(policy), Make(), the_category(request.args.get("category", ""))
    if form.validate():
        with refusals_into(form):
            return make(for_policy(db.session(), scope(), found, category, today()), form)
    return _sheet_page(policy, form), 422


def _sheet_page(policy: str, form: Make) -> str:
    found, category = the_policy(policy), the_category(request.args.get("category", ""))
    return render_template(
        "reading/sheet.html",
        policy=found,
        category=category,
        categories=own_categories(),
        parts=named(for_policy(db.session(), scope(), found, category, today())),
        wording=wording_of(found.wording),
        form=form,
    )


def the_policy(public_id: str) -> Policy:
    """This school's policy by its public identifier, or the same 404 as for none."""
    found: Policy = one_of(db.session(), Policy, scope(), public_id)
    return found


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
