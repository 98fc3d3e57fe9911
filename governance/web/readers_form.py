"""The form of a reading rule: whom it is for, how soon and how often, and which parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from governance.db import db
from governance.people.models import Category, Engagement, Person
from governance.people.queries import everyone
from governance.reading.models import PolicyPart, ReadingRule
from governance.reading.requiring import DAYS_TO_READ, Requirement
from governance.tenancy import in_school as one_of
from governance.web.access import scope
from governance.web.forms import (
    CheckboxesField,
    Choice,
    DayField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    TextArea,
    TextField,
    TickField,
    needed,
)
from governance.web.reading_screen import own_categories, today

_REPEATS = [
    ("once", "Once for each version"),
    ("yearly", "Again every academic year"),
    ("months", "Again after so many months"),
]


class NewRule(Form):
    """Who must read, how soon and how often. `confirmed` is set by the page that shows what would follow."""

    category = Choice("Category", default="")
    job_title = TextField("Or a job title", description="As it stands in people's jobs, for example caretaker.")
    person = Choice("Or one person", default="")
    joiners = TickField("Only people who join from the first day of the rule on")
    parts = CheckboxesField("Parts to read", description="Tick none for the whole policy.")
    days_to_read = NumberField(
        "Days to read",
        [needed("Enter the days to read as a number from 0 to 365.")],
        not_number="Enter the days to read as a number from 0 to 365.",
        default=DAYS_TO_READ,
    )
    repeat = RadiosField("How often", choices=_REPEATS, default="once")
    repeat_months = NumberField("After how many months", not_number="Enter a whole number of months from 1 to 60.")
    from_on = DayField("From", [needed("Enter the first day of the rule.")], description="For example 1 September 2026")
    confirmed = HiddenField()


class Stop(Form):
    """The end of a rule."""

    until_on = DayField(
        "Last day", [needed("Enter the last day of the rule.")], description="For example 31 August 2026"
    )


class Parts(Form):
    """The parts of a policy, a line each."""

    parts = TextArea("Parts", description="One a line, for example Part one. At most eight.")


def offered(form: NewRule, parts: Sequence[PolicyPart]) -> NewRule:
    """The form with this school's own categories, the people here now, and the policy's parts."""
    form.category.choices = [("", "Choose a category"), *((one.public_id, one.name) for one in own_categories())]
    people = everyone(db.session(), scope(), as_of=today())
    form.person.choices = [("", "Nobody by name"), *((one.public_id, f"{one.name} ({one.number})") for one in people)]
    form.parts.choices = [(str(one.bit), one.name) for one in parts]
    return form


def fill(form: NewRule, rule: ReadingRule) -> None:
    """Show a rule that is to be changed."""
    form.category.data = _public_id(Category, rule.category_id)
    form.person.data = _public_id(Person, rule.person_id)
    form.job_title.data = rule.job_title or ""
    form.joiners.data = rule.joined_since is not None
    form.parts.data = [value for value, _ in form.parts.choices if rule.parts >> int(value) & 1]
    form.days_to_read.data, form.repeat.data = rule.days_to_read, rule.repeat
    form.repeat_months.data = rule.repeat_months


def wanted(form: NewRule) -> Requirement:
    """The form as a requirement."""
    category = one_of(db.session(), Category, scope(), form.category.data) if form.category.data else None
    person = one_of(db.session(), Person, scope(), form.person.data) if form.person.data else None
    return Requirement(
        category_id=category.id if category else None,
        person_id=person.id if person else None,
        job_title=form.job_title.data or "",
        joiners=bool(form.joiners.data),
        parts=sum(1 << int(bit) for bit in set(form.parts.data or ())),
        days_to_read=form.days_to_read.data or 0,
        repeat=form.repeat.data,
        repeat_months=form.repeat_months.data if form.repeat.data == "months" else None,
    )


def who(form: NewRule) -> str:
    """Whom it is for, in words."""
    chosen = form.category if form.category.data else form.person
    named = next((str(label) for value, label in chosen.choices if value == chosen.data), "")
    whom = f"{form.job_title.data} (job title)" if form.job_title.data and not chosen.data else named
    return f"{whom} who join" if form.joiners.data else whom


def sent_again(form: NewRule) -> list[tuple[str, Any]]:
    """What was typed, for the page that shows what would follow and sends it again."""
    first_on = first_day(form)
    plain = [
        ("category", form.category.data or ""),
        ("job_title", form.job_title.data or ""),
        ("person", form.person.data or ""),
        ("days_to_read", form.days_to_read.data),
        ("repeat", form.repeat.data),
        ("repeat_months", form.repeat_months.data or ""),
        ("from_on", first_on.isoformat()),
        ("confirmed", "yes"),
    ]
    ticks = [("joiners", "y")] if form.joiners.data else []
    return [*plain, *ticks, *(("parts", bit) for bit in form.parts.data or ())]


def first_day(form: NewRule) -> dt.date:
    """The first day of the rule, once the form was found good."""
    found = form.from_on.data
    assert found is not None  # the field is needed
    return found


def people_titled(job_title: str) -> int:
    """How many people hold a job of that title today."""
    day, job = today(), Engagement
    key = Requirement(job_title=job_title).title_key
    rows = db.session().scalars(
        select(job.person_id)
        .where(job.organisation_id == scope().organisation_id, job.title_key == key, job.started_on <= day)
        .where((job.ended_on.is_(None)) | (job.ended_on >= day))
        .distinct()
    )
    return len(rows.all())


def _public_id(model: type[Any], row_id: int | None) -> str:
    return "" if row_id is None else str(db.session().get_one(model, row_id).public_id)
