"""The form in which a person confirms what was detected in a document, one at a time or out of a folder of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from governance import clock
from governance.adoption.register import every_policy
from governance.db import db
from governance.errors import Refusal
from governance.extract.guesses import Guesses
from governance.extract.titles import title_key
from governance.intake.confirming import Confirmed, Found
from governance.people.models import Category, Post
from governance.policies.models import Policy
from governance.policies.queries import with_bytes_known
from governance.policies.rules import Kind
from governance.schools.models import GoverningBody
from governance.schools.names import fold
from governance.tenancy import in_school as one_of
from governance.web.access import scope
from governance.web.forms import (
    CheckboxesField,
    Choice,
    Form,
    NumberField,
    StatedDateField,
    TextArea,
    TextField,
    TickField,
)


class Confirm(Form):
    """What was detected, for a person to correct."""

    # A decision's maker can only be a body here.
    known_here_as: ClassVar[Mapping[str, str]] = {"maker": "body"}

    policy = Choice("Policy")
    title = TextField("Title")
    reference = TextField("Reference", description="Leave empty to have one made.")
    kind = Choice("Kind", choices=[(kind.value, kind.in_words) for kind in Kind])
    owner = Choice("Owner")
    review_every_months = NumberField(
        "Reviewed every (months)", not_number="Enter a whole number of months from 1 to 60."
    )
    change_register = TickField("Change owner and review interval in the register to what stands here")
    label = TextField("Version", description="What the document calls itself, for example 2.1 or 2026/27.")
    change_summary = TextArea("What changed", description="A sentence for governors and readers.")
    related = TextArea(
        "To be read with", description="One title a line. A title that is not in the register shows as missing."
    )
    audience = CheckboxesField("Who must read it")
    decided = TickField("It was adopted already, and I want to record that now")
    decided_on = StatedDateField(
        "Adopted on", description="For example 12 September 2022, September 2022, or leave empty if it is not recorded."
    )
    body = Choice("By which body")
    minute = TextField("Minute reference")
    next_review = StatedDateField("Next review due", description="For example 30 September 2027 or September 2027.")
    same_bytes = TickField("These files are in the register already. Record them again all the same")


class Kept(Confirm):
    """The form as it was sent earlier and kept: it carries no token of its own."""

    class Meta(FlaskForm.Meta):
        """Its token was looked at when it was sent."""

        csrf = False


@dataclass(frozen=True)
class Choices:
    """What a school's own lists offer; asked of the database once a request, however many documents there are."""

    policies: Sequence[tuple[str, str]]
    titles: Mapping[str, str]
    owners: Sequence[tuple[str, str]]
    bodies: Sequence[tuple[str, str]]
    categories: Sequence[Category]

    def offer(self, form: Confirm) -> Confirm:
        """The form with its lists."""
        form.policy.choices = [("", "A new policy"), *self.policies]
        form.owner.choices = [("", "No owner yet"), *self.owners]
        form.body.choices = [("", "Not recorded"), *self.bodies]
        form.audience.choices = [(str(row.id), row.name) for row in self.categories]
        return form

    def readers(self, guesses: Guesses) -> list[Category]:
        """The categories that a document names."""
        named = {guess.value for guess in guesses.audience}
        return [row for row in self.categories if row.code in named or "all_staff" in named]


def choices() -> Choices:
    """This school's lists."""
    session, today = db.session(), clock.today(scope().time_zone)
    policies = [row for row in every_policy(session, scope(), today) if row.retired_on is None]
    mine = select(Category).where(Category.organisation_id == scope().organisation_id)
    return Choices(
        policies=[(row.policy, f"{row.title} ({row.reference})") for row in policies],
        # of two policies with one title the first by title and age
        titles={title_key(row.title): row.policy for row in reversed(policies)},
        owners=_named(Post),
        bodies=_named(GoverningBody),
        categories=list(session.scalars(mine.order_by(Category.position, Category.id))),
    )


def filled(guesses: Guesses, policy: str | None, body: str | None, offered: Choices) -> Confirm:
    """The form with what was detected in it; a title in the register already is offered as that policy's next version."""
    title = guesses.title.value if guesses.title else ""
    owner = fold(guesses.owner.value) if guesses.owner else None
    form = Confirm(
        formdata=None,
        policy=policy or (offered.titles.get(title_key(title), "") if title else ""),
        title=title,
        kind=Kind.PROCEDURE.value if "procedure" in title.casefold() else Kind.POLICY.value,
        owner=next((post for post, name in offered.owners if fold(name) == owner), ""),
        review_every_months=guesses.review_frequency_months.value if guesses.review_frequency_months else None,
        label=guesses.version_label.value if guesses.version_label else "",
        related="\n".join(guess.value for guess in guesses.related_policies),
        audience=[str(row.id) for row in offered.readers(guesses)],
        decided=guesses.adopted_on is not None,
        decided_on=guesses.adopted_on.value if guesses.adopted_on else None,
        body=body or "",
        next_review=guesses.next_review_on.value if guesses.next_review_on else None,
    )
    return offered.offer(form)


def as_kept(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was typed, to be kept beside the file; nothing but the form's own fields."""
    return {name: values for name, values in sent.lists() if name in _FIELDS}


def from_kept(typed: Mapping[str, list[str]], offered: Choices) -> Confirm:
    """The form as it was typed earlier."""
    return offered.offer(Kept(formdata=MultiDict({name: list(values) for name, values in typed.items()})))


def confirmed(form: Confirm) -> Confirmed:
    """The form as the facts of a confirmation."""
    return Confirmed(
        policy=_one(Policy, form.policy),
        title=form.title.data or "",
        reference=form.reference.data or "",
        kind=form.kind.data,
        owner=_one(Post, form.owner),
        review_every_months=form.review_every_months.data,
        label=form.label.data or "",
        change_summary=form.change_summary.data or "",
        related=tuple((form.related.data or "").splitlines()),
        category_ids=tuple(int(chosen) for chosen in form.audience.data or ()),
        decided=form.decided_on.data if form.decided.data else None,
        body=_one(GoverningBody, form.body) if form.decided.data else None,
        minute=form.minute.data or "",
        next_review=form.next_review.data,
        change_register=bool(form.change_register.data),
    )


def refuse_known_bytes(found: Found, form: Confirm) -> None:
    """Stop before a file is recorded that the register holds, unless somebody says that they know."""
    known = with_bytes_known(db.session(), scope(), found.sha256s)
    if known and not form.same_bytes.data:
        _, title, number, _ = known[0]
        raise Refusal.one(
            f"This file is identical to version {number} of {title}. Tick the box to record it again.", "same_bytes"
        )


_FIELDS = frozenset(name for name in dir(Confirm) if hasattr(getattr(Confirm, name), "field_class"))


def _named(model: Any) -> list[tuple[str, str]]:
    mine = select(model.public_id, model.name).where(
        model.organisation_id == scope().organisation_id, model.ended_on.is_(None)
    )
    return [(public_id, name) for public_id, name in db.session().execute(mine.order_by(model.name_key))]


def _one(model: Any, field: SelectField) -> Any:
    return one_of(db.session(), model, scope(), field.data) if field.data else None
