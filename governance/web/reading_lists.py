"""Who has not read what: everybody with something to read, and those whose reading is overdue."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from governance.db import db
from governance.errors import NotFound
from governance.people.models import Category
from governance.reading.listed import PolicyNamed, listed, policies_named
from governance.reading.owed import State
from governance.reading.queries import outstanding
from governance.web.access import scope
from governance.web.forms import Choice
from governance.web.reading_screen import SEES, AsOf, own_categories, page_number, screen, today
from governance.web.unreached import unreached

PER_PAGE = 100
_KEPT = ("category", "policy", "on")


class ListFilters(AsOf):
    """What a list of people is narrowed to."""

    category = Choice("Category", default="")
    policy = Choice("Policy", default="")


@screen.get("/reading/overdue", SEES)
def overdue() -> tuple[str, int]:
    """Everybody whose reading is overdue."""
    return _list("reading.overdue", late=True)


@screen.get("/reading/outstanding", SEES, endpoint="outstanding")
def not_yet_read() -> tuple[str, int]:
    """Everybody with something to read, overdue or not."""
    return _list("reading.outstanding", late=False)


def _list(endpoint: str, *, late: bool) -> tuple[str, int]:
    session, now, form = db.session(), today(), ListFilters()
    categories, policies = own_categories(), policies_named(session, scope())
    form.category.choices = [("", "Any category"), *((one.public_id, one.name) for one in categories)]
    form.policy.choices = [("", "Any policy"), *((one.public_id, one.title) for one in policies)]
    good = form.validate()
    day = (form.on.data or now) if good else now
    policy, category = _chosen(policies, categories)
    rows = outstanding(session, scope(), day, policy_id=policy.id if policy else None)
    rows = [row for row in rows if not late or row.state is State.READING_OVERDUE]
    rows = [row for row in rows if category is None or category.id in row.category_ids]
    found = listed(session, scope(), rows, day, policies)
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(page_number() or 1, pages)
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in _KEPT}
    answer = render_template(
        "reading/list.html",
        form=form,
        late=late,
        day=day,
        today=now,
        rows=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(found),
        unreached=unreached(),
        people=len({row.owed.person_id for row in found}),
        page=number,
        pages=pages,
        endpoint=endpoint,
        kept=kept,
        to_page=lambda number: url_for(endpoint, page=number, **kept),
    )
    return answer, 200 if good else 422


def _chosen(policies: list[PolicyNamed], categories: list[Category]) -> tuple[PolicyNamed | None, Category | None]:
    """What the address narrows to; another school's is no more there than none."""
    wanted_policy, wanted_category = request.args.get("policy", ""), request.args.get("category", "")
    policy = next((one for one in policies if one.public_id == wanted_policy), None)
    category = next((one for one in categories if one.public_id == wanted_category), None)
    if (wanted_policy and policy is None) or (wanted_category and category is None):
        raise NotFound(wanted_policy or wanted_category)
    return policy, category
