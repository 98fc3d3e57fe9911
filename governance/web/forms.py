"""What every form is made of: GOV.UK widgets, dates as people type them, and refusals shown at their fields.

class SeatForm(Form):
    person = Choice("Person")
    from_on = DayField("First day of the term", description="For example 12 September 2022")

form = SeatForm()
if form.validate():
    with refusals_into(form):
        seat_member(db.session, scope(), actor(), ..., now=clock.now())
        return redirect(...)
return render_template("people/seat.html", form=form), 422
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import structlog
from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField as _FileField
from flask_wtf.file import MultipleFileField as _MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import IntegerField as WholeNumber
from wtforms import PasswordField as HiddenText
from wtforms import TextAreaField as Paragraphs
from wtforms.validators import InputRequired, Optional

from governance.db import db
from governance.errors import Refusal
from governance.extract.dates import ImpossibleDate, StatedDate, day_in_words, parse_day, parse_stated
from governance.web import widgets

__all__ = [
    "CheckboxesField", "Choice", "DayField", "EmailField", "FileField", "FilesField", "FilterForm", "Form", "HiddenField",
    "NumberField", "Optional", "PasswordField", "RadiosField", "StatedDateField", "TextArea", "TextField",
    "TickField", "needed", "refusals_into",
]  # fmt: skip

log = structlog.get_logger("countersign")


def needed(message: str) -> InputRequired:
    """The field may not be left empty; `message` says what to enter."""
    return InputRequired(message)


def _stripped(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """A form of ours. Of a field sent twice the first counts; fields it does not know are ignored and noted."""

    # Fields that an action names, by what this form calls them.
    known_here_as: ClassVar[Mapping[str, str]] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything typed can be used as it stands. The page's title says so where it cannot."""
        _note_unknown(self)
        good: bool = super().validate(extra_validators)
        if not good:
            g.refused = True
        return good


class FilterForm(Form):
    """A form of which the address is the state: it reads the query and changes nothing."""

    class Meta(FlaskForm.Meta):
        """No token: there is nothing to forge."""

        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)


@contextmanager
def refusals_into(form: Form) -> Iterator[None]:
    """Show what an action refuses at the fields it names, everything else at the top; what it did is rolled back."""
    try:
        yield
    except Refusal as refusal:
        db.session.rollback()
        g.refused = True
        for objection in refusal.objections:
            named = objection.field or ""
            field = form._fields.get(form.known_here_as.get(named, named))  # WTForms has no other door
            where = field if field is not None else form
            _add_error(where, objection.message)


def _add_error(where: Any, message: str) -> None:
    """WTForms hands out tuples where there were no errors yet."""
    if isinstance(where, Form):
        where.form_errors = [*where.form_errors, message]
    else:
        where.errors = [*where.errors, message]


def _note_unknown(form: Form) -> None:
    known = set(form._fields) | {"csrf_token"}
    sent = set(request.args if isinstance(form, FilterForm) else request.form)
    unknown = sorted(name[:40] for name in sent - known if not any(name.startswith(f"{one}-") for one in known))
    if unknown:
        log.info("fields ignored", route=str(request.url_rule), fields=unknown[:20])


class TextField(StringField):
    """One line of text, without spaces at its ends."""

    widget = widgets.Text()

    def __init__(self, label: str = "", validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[*kwargs.pop("filters", ()), _stripped], **kwargs)


class EmailField(TextField):
    """An e-mail address; the rooms say whether it can be one."""

    widget = widgets.Email()


class TextArea(Paragraphs):
    """Several lines of text."""

    widget = widgets.TextArea()


class PasswordField(HiddenText):
    """A password, kept as typed."""

    widget = widgets.Password()


class NumberField(WholeNumber):
    """A whole number. `not_number` says what to enter instead."""

    widget = widgets.Figure()

    def __init__(self, label: str = "", validators: Any = None, *, not_number: str = "", **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.not_number = not_number or f"{label} must be a whole number, such as 14."

    def process_formdata(self, valuelist: list[str]) -> None:
        """Digits only: Python would take "1_000" and other scripts' digits too."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if typed:
            if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
                raise ValueError(self.not_number)
            self.data = int(typed)


class TickField(BooleanField):
    """One box, never ticked beforehand where it stands for an act."""

    widget = widgets.Tick()


class Choice(SelectField):
    """One of a list, shown as a drop-down."""

    widget = widgets.Select()


class RadiosField(RadioField):
    """One of a few, all shown."""

    widget = widgets.Radios()


class CheckboxesField(SelectMultipleField):
    """Any of a list."""

    widget = widgets.Checkboxes()


class FileField(_FileField):
    """One file."""

    widget = widgets.File()


class FilesField(_MultipleFileField):
    """Several files."""

    widget = widgets.Files()


class DayField(StringField):
    """A date in one field, as people write it. `data` is the day; what was typed stays on the page."""

    widget = widgets.Day()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an empty field is None."""
        self.data: dt.date | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_day(valuelist[0])
            except ImpossibleDate as impossible:
                raise ValueError(str(impossible)) from impossible

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return day_in_words(self.data) if self.data else ""


class StatedDateField(StringField):
    """A date as precise as it is known: a day, a month, a term, a year, or "not recorded"."""

    widget = widgets.Day()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; an empty field is "not recorded"."""
        self.data: StatedDate | None = None
        if valuelist:
            try:
                self.data = parse_stated(valuelist[0])
            except ImpossibleDate as impossible:
                raise ValueError(str(impossible)) from impossible

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.as_written if self.data else ""
