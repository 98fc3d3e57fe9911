"""What is typed and ticked about a training session, carried from its first page to the second and recorded there."""

from __future__ import annotations

from governance.db import db
from governance.errors import Refusal
from governance.people.models import Category
from governance.policies.models import Policy
from governance.policies.queries import all_policies
from governance.reading.training import NewSession
from governance.reading.training_queries import parts_named
from governance.web.access import scope
from governance.web.forms import CheckboxesField, DayField, Form, HiddenField, RadiosField, TextField, needed
from governance.web.reading_screen import own_categories

EVERYONE, SOME = "everyone", "categories"


class Details(Form):
    """The session: when, led by whom, about what, for whom."""

    title = TextField(
        "What the session was", [needed("Enter what the session was.")], description="Such as “INSET day: safeguarding”"
    )
    held_on = DayField(
        "Day", [needed("Enter the day on which it was held.")], description="For example 1 September 2026"
    )
    led_by = TextField("Led by", [needed("Enter who led the session.")], description="By name; they are the witness.")
    policies = CheckboxesField("Policies it covered", validate_choice=False)
    parts = CheckboxesField("Only some parts", validate_choice=False)
    who = RadiosField(
        "Who was there",
        choices=[(EVERYONE, "Everyone who works that day"), (SOME, "Everyone of some categories")],
        default=EVERYONE,
    )
    categories = CheckboxesField("Categories", validate_choice=False)


class Recording(Details):
    """The act: who was absent, what was looked at, and the name of whoever states that the others confirmed."""

    absent = CheckboxesField("Absent", validate_choice=False)
    seen = HiddenField()
    typed_name = TextField("Type your name")


def offered(form: Details) -> None:
    """Give a form its choices."""
    form.policies.choices = [(one.public_id, one.title) for one in _policies()]
    form.categories.choices = [(one.public_id, one.name) for one in own_categories()]
    form.parts.choices = [
        (f"{policy.public_id}:{bit}", f"{policy.title}: {name}")
        for policy, parts in _with_parts()
        for bit, name in parts
    ]


def wanted(form: Details) -> NewSession:
    """What a form asks for. Identifiers that are nobody's here count for nothing."""
    ticked = set(form.policies.data or ())
    policies = {one.id: 0 for one in _policies() if one.public_id in ticked}
    parts = set(form.parts.data or ())
    for policy, named in _with_parts():
        if policy.id in policies:
            policies[policy.id] = sum(1 << bit for bit, _ in named if f"{policy.public_id}:{bit}" in parts)
    held_on = form.held_on.data
    assert held_on is not None  # the field is needed
    return NewSession(form.title.data or "", held_on, form.led_by.data or "", policies, _categories(form))


def _categories(form: Details) -> frozenset[int] | None:
    ticked = set(form.categories.data or ())
    if form.who.data != SOME:
        if ticked:
            raise Refusal.one(
                "Categories are ticked. Choose “Everyone of some categories”, or take the ticks off.", "who"
            )
        return None
    own: list[Category] = own_categories()
    return frozenset(one.id for one in own if one.public_id in ticked)


def _policies() -> list[Policy]:
    return [one for one in all_policies(db.session(), scope()) if one.retired_on is None]


def _with_parts() -> list[tuple[Policy, tuple[tuple[int, str], ...]]]:
    policies = _policies()
    named = parts_named(db.session(), scope().organisation_id, [one.id for one in policies])
    return [(one, named[one.id]) for one in policies if one.id in named]
