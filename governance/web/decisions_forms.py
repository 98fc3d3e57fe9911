"""The forms in which decisions are entered, and what they mean to the room that records them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask import g
from flask_wtf import FlaskForm

from governance.adoption.asking import NOBODY, Ask
from governance.adoption.kinds import PUTS_IN_FORCE, Kind
from governance.extract.dates import StatedDate, exactly
from governance.people.models import Category
from governance.web.forms import (
    CheckboxesField,
    Choice,
    DayField,
    Form,
    Optional,
    RadiosField,
    StatedDateField,
    TextArea,
    TextField,
    TickField,
    needed,
)

DAY = "For example 24 September 2026"
VAGUE = "A day, a month, a term or a year. Leave empty if it is not recorded."


class Asked(Form):
    """Who must read it again."""

    ask = RadiosField(
        "Who must read it again?",
        [Optional()],
        choices=[
            ("nobody", "Nobody"),
            ("everyone", "Everyone who has to read it"),
            ("categories", "Chosen categories"),
        ],
        validate_choice=False,
    )
    categories = CheckboxesField("Categories", validate_choice=False)
    asks_from = DayField("Asked from", description="Leave empty for the later of the in-force day and today.")

    def offer(self, categories: Iterable[Category]) -> None:
        """Offer the school's categories."""
        self.categories.choices = [(category.public_id, category.name) for category in categories]

    def chosen(self, kind: str | None, known: Mapping[str, int], *, started: bool) -> Ask | None:
        """Who is to read it; None where that cannot be told, with the objection at its field.

        Until the school has started asking, and for decisions that put nothing in force, nobody is asked.
        """
        if not started or kind not in PUTS_IN_FORCE:
            return NOBODY
        if self.ask.data not in ("nobody", "everyone", "categories"):
            self._object(self.ask, "Choose who must read it again: nobody, everyone or chosen categories.")
            return None
        ids = tuple(known[one] for one in self.categories.data or () if one in known)
        if self.ask.data == "categories" and not ids:
            self._object(self.categories, "Choose at least one category, or nobody.")
            return None
        if self.ask.data != "categories" and ids:
            self._object(self.ask, "Categories are ticked. Choose “Chosen categories”, or take the ticks off.")
            return None
        from_on = self.asks_from.data if self.ask.data != "nobody" else None
        return Ask(self.ask.data == "everyone", ids if self.ask.data == "categories" else (), from_on)

    def _object(self, field: Any, message: str) -> None:
        field.errors = [*field.errors, message]
        g.refused = True


class Following(Asked):
    """What follows from a decision: in force, asked, next review, minute."""

    in_force_on = DayField("In force from", description="Leave empty for the day of the decision.")
    next_review = StatedDateField("Next review", description="A day or a month. Leave empty for none.")
    minute = TextField("Minute reference", description="It can be added later.")

    def review(self) -> StatedDate | None:
        """The next review as typed; None where it was left empty."""
        stated: StatedDate | None = self.next_review.data
        return stated if stated is not None and stated.latest_on is not None else None


class ItemForm(Following):
    """One item of a meeting's agenda: a row of the screen, which has one token for all."""

    kind = Choice("Decision")
    deferred_to = DayField("If deferred, until", description="Leave empty for the next meeting.")

    class Meta(FlaskForm.Meta):
        """The page's form carries the token."""

        csrf = False

    def validate(self, extra_validators: Any = None) -> bool:
        """As any form, without noting the other rows' fields as unknown."""
        good: bool = FlaskForm.validate(self, extra_validators)
        if not good:
            g.refused = True
        return good

    @property
    def decided(self) -> bool:
        """Whether a decision was chosen."""
        return bool(self.kind.data)


class ApproveForm(Following):
    """An approval without a meeting: by whom, under which power, why."""

    version = Choice("Version")
    kind = Choice("Decision")
    maker = Choice("Decided by")
    decided_on = DayField("Date", [needed("Enter the date of the decision.")], description=DAY)
    power = TextField("Power", description="The delegation or standing order it rests on.")
    reason = TextArea("Reason", description="Why it did not wait for a meeting. It is reported at the next one.")
    subject_to_ratification = TickField("The governing body still has to ratify this")


class CorrectForm(Form):
    """What was really decided, in place of a wrong entry."""

    kind = Choice("Decision")
    version = Choice("Version")
    maker = Choice("Decided by")
    decided_on = StatedDateField("Decided on", description=VAGUE)
    in_force_on = DayField("In force from", description="Leave empty for the day of the decision.")
    next_review = StatedDateField("Next review", description="A day or a month. Leave empty for none.")
    minute = TextField("Minute reference", description="Leave empty to keep the reference there is.")
    power = TextField("Power")
    subject_to_ratification = TickField("The governing body still had to ratify this")
    reason = TextArea("Why was the earlier record wrong?")

    def review(self) -> StatedDate | None:
        """The next review as typed; None where it was left empty."""
        stated: StatedDate | None = self.next_review.data
        return stated if stated is not None and stated.latest_on is not None else None


class MinuteForm(Form):
    """A minute reference that comes later."""

    minute = TextField("Minute reference", description="For example 2026/31")


def kinds(offered: Iterable[Kind]) -> list[tuple[str, str]]:
    """Decisions as a drop-down lists them, in the order of the enum."""
    there = set(offered)
    return [(kind.value, kind.in_words) for kind in Kind if kind in there]


def proposed_review(decided_on: dt.date, day: dt.date | None) -> StatedDate | None:
    """The review day a form begins with."""
    return exactly(day) if day is not None and day > decided_on else None
