"""The register: every policy with its state, searched and filtered, as of a day."""

from __future__ import annotations

from flask import render_template, request, url_for

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.register import Filters, register
from governance.adoption.states import State
from governance.db import db
from governance.policies.rules import Kind
from governance.web.access import allowed, in_school, needs, scope
from governance.web.forms import Choice, DayField, FilterForm, TextField

screen = in_school("register")


class RegisterFilters(FilterForm):
    """What the register is narrowed to."""

    search = TextField("Search by title or reference")
    state = Choice(
        "State", choices=[("", "Any state"), *((state.value, state.in_words) for state in State)], default=""
    )
    kind = Choice("Kind", choices=[("", "Any kind"), *((kind.value, kind.in_words) for kind in Kind)], default="")
    on = DayField("As of", description="For example 1 September 2025. Leave empty for today.")


@screen.get("/register", needs(Permission.SEE_REGISTER))
def index() -> tuple[str, int]:
    """The register."""
    form = RegisterFilters()
    good = form.validate()
    today = clock.today(scope().time_zone)
    wanted = Filters(
        search=(form.search.data or "") if good else "",
        state=State(form.state.data) if good and form.state.data else None,
        kind=(form.kind.data or None) if good else None,
        drafts=allowed(Permission.SEE_DRAFTS),
    )
    number = request.args.get("page", "1")
    day = (form.on.data or today) if good else today
    page = register(db.session(), scope(), day, wanted, page=int(number) if number.isdigit() and len(number) < 6 else 1)
    kept = {name: value for name, value in request.args.items() if name in ("search", "state", "kind", "on")}
    answer = render_template(
        "register/index.html",
        form=form,
        page=page,
        day=day,
        today=today,
        states=State,
        to_page=lambda number: url_for("register.index", page=number, **kept),  # type: ignore[arg-type]
        # asked for once, since a call for every row costs more than the row
        base=url_for("policy.show", policy="-").removesuffix("-"),
    )
    return answer, 200 if good else 422
