"""Who of one policy: read, not yet read, reading overdue, away, not needed, and under which rule it is asked of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request

from governance.db import db
from governance.errors import NotFound
from governance.policies.models import Policy
from governance.reading.coverage import counted
from governance.reading.facts_query import facts_of
from governance.reading.line_managers import Manager, in_order, managers, managers_of
from governance.reading.listed import Worker, workers
from governance.reading.owed import Owed, State, owed
from governance.reading.receipts import Receipt, receipts_of
from governance.reading.ruled import rules_of
from governance.reading.why import why
from governance.tenancy import in_school as one_of
from governance.web.access import scope
from governance.web.forms import Choice
from governance.web.reading_grid import bar_of
from governance.web.reading_managers import NONE
from governance.web.reading_screen import SEES, AsOf, own_categories, screen, the_category, today

# The order of the lists, each with its heading and what to say when nobody is in it.
GROUPS = (
    (State.READING_OVERDUE, "Reading overdue", "Nobody's reading is overdue."),
    (State.NOT_YET_READ, "Not yet read", "Nobody else has it to read."),
    (State.DECLINED, "Given, not signed", "Nobody has been given it and not signed."),
    (State.AWAY, "Away", "Nobody is away for long."),
    (State.READ, "Read", "Nobody has read it yet."),
    (State.EXCUSED, "Not needed", "It is needed of everybody."),
)
# Who can be ticked, for more time, as not needed, or for a sheet.
OPEN = (State.READING_OVERDUE, State.NOT_YET_READ, State.DECLINED, State.AWAY)


class PolicyFilters(AsOf):
    """What a policy's readers are narrowed to."""

    category = Choice("Category", default="")
    manager = Choice("Line manager", default="")


@dataclass(frozen=True)
class Reader:
    """One person and this policy: under which rules it is asked of them, and their latest receipt that stands."""

    owed: Owed
    worker: Worker
    why: str
    receipt: Receipt | None


@screen.get("/policies/<policy>/reading", SEES, endpoint="policy")
def of_policy(policy: str) -> tuple[str, int]:
    """Everybody who is asked to read a policy, by how they stand."""
    return readers_page(the_policy(policy))


def readers_page(found: Policy, *, nobody_ticked: bool = False) -> tuple[str, int]:
    """The page of a policy's readers; `nobody_ticked` says that an act was asked for without saying for whom."""
    session, now, form = db.session(), today(), PolicyFilters()
    day = form.on.data or now
    category, manager = the_category(request.args.get("category", "")), request.args.get("manager", "")
    of = managers(session, scope(), day)
    _offer(form, of, manager)
    good = form.validate() and not nobody_ticked
    facts = facts_of(session, scope(), day, policy_ids=[found.id])
    rows = owed(facts, day)
    shown = [row for row in rows if category is None or category.id in row.category_ids]
    shown = [row for row in shown if not manager or manager in _names_of(of, row.person_id)]
    given = [one for one in receipts_of(session, scope(), found.id) if one.acknowledged_on <= day]
    readers = _readers(shown, given, why(facts, rules_of(session, scope(), [found.id])[found.id], day), day)
    totals = counted(shown).totals
    answer = render_template(
        "reading/policy.html",
        policy=found,
        form=form,
        day=day,
        today=now,
        category=category,
        narrowed=bool(category or manager),
        totals=totals,
        bar=bar_of(totals),
        groups=[(state, *words, [one for one in readers if one.owed.state is state]) for state, *words in GROUPS],
        open=OPEN,
        nobody_ticked=nobody_ticked,
        kept={name: value for name, value in request.args.items() if name in ("category", "manager")},
        others=[] if category or manager else _others(rows, given, day),
    )
    return answer, 200 if good else 422


def the_policy(public_id: str) -> Policy:
    """This school's policy by its public identifier, or the same 404 as for none."""
    found: Policy = one_of(db.session(), Policy, scope(), public_id)
    return found


def _offer(form: PolicyFilters, of: Mapping[int, tuple[Manager, ...]], manager: str) -> None:
    """What the filters offer. A manager who is not one here that day is answered like nobody at all."""
    form.category.choices = [("", "Everyone"), *((one.public_id, one.name) for one in own_categories())]
    form.manager.choices = [("", "Anybody's people"), *((one.public_id or NONE, one.name) for one in in_order(of))]
    if manager and manager not in dict(form.manager.choices):
        raise NotFound(manager)


def _names_of(of: Mapping[int, tuple[Manager, ...]], person_id: int) -> list[str]:
    return [one.public_id or NONE for one in managers_of(of, person_id)]


def _readers(rows: list[Owed], given: list[Receipt], reasons: Mapping[int, str], day: dt.date) -> list[Reader]:
    people = workers(db.session(), scope(), day, {row.person_id for row in rows})
    by_person = {row.person_id: row for row in rows}
    latest = _latest(given)
    return [
        Reader(by_person[number], worker, reasons.get(number, ""), latest.get(number))
        for number, worker in people.items()
    ]


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
