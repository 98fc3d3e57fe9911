"""GOV.UK's form controls as the house uses them: no empty hints, and figures and days in fields of their width."""

from __future__ import annotations

import functools
import json
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

__all__ = [
    "Checkboxes",
    "Day",
    "Email",
    "Figure",
    "File",
    "Files",
    "Password",
    "Radios",
    "Select",
    "Text",
    "TextArea",
    "Tick",
]  # fmt: skip


@functools.cache
def _library() -> Environment:
    """GOV.UK's templates have an environment of their own: they count on names that nobody gave being empty."""
    names = ("govuk_frontend_jinja", "govuk_frontend_wtf")
    loader = PrefixLoader({name: PackageLoader(name) for name in names})
    return Environment(loader=loader, autoescape=True, auto_reload=False)


def _drawn(template: str, params: dict[str, Any]) -> Markup:
    return Markup(_library().get_template(template).render(params=params))  # noqa: S704  # escaped there


@functools.lru_cache(maxsize=512)
def _blank(template: str, params: str) -> Markup:
    return _drawn(template, json.loads(params))


class _Tidy:
    """What all have in common. `required` is said in our words by the form, not by the browser in its own."""

    template: str
    classes = ""
    inputmode = ""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """The library's parameters, less an empty hint."""
        kwargs.pop("required", None)
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)  # type: ignore[misc]  # of the widget beside it
        if not (params.get("hint") or {}).get("text"):
            params.pop("hint", None)
        params.get("attributes", {}).pop("required", None)
        if self.classes:
            params.setdefault("classes", self.classes)
        if self.inputmode:
            params.setdefault("inputmode", self.inputmode)
        return params

    def render(self, params: dict[str, Any]) -> Markup:
        """The control, from the library's template, which escapes what it is given.

        The control is the same for the same parameters, and drawing it is most of the price of a page with filters: one
        that nobody has typed into is drawn once.
        """
        if params.get("value") or "errorMessage" in params:
            return _drawn(self.template, params)
        return _blank(self.template, json.dumps(params, default=str))


class Text(_Tidy, GovTextInput):
    """One line of text."""


class Email(_Tidy, GovTextInput):
    """An e-mail address."""

    input_type = "email"


class Day(_Tidy, GovTextInput):
    """A date, typed as people write it."""

    classes = "govuk-input--width-20"


class Figure(_Tidy, GovTextInput):
    """A whole number."""

    classes = "govuk-input--width-4"
    inputmode = "numeric"


class Password(_Tidy, GovPasswordInput):
    """A password, which can be shown."""


class TextArea(_Tidy, GovTextArea):
    """Several lines of text."""


class Select(_Tidy, GovSelect):
    """One of a list."""


class Tick(_Tidy, GovCheckboxInput):
    """One box."""


class _Group(_Tidy):
    """Several boxes or buttons under one legend."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """The first control bears the field's id, to which the summary of objections leads."""
        params = super().map_gov_params(field, **kwargs)
        params.setdefault("idPrefix", field.id)
        return params


class Checkboxes(_Group, GovCheckboxesInput):
    """Any of a list."""


class Radios(_Group, GovRadioInput):
    """One of a few."""


class File(_Tidy, GovFileInput):
    """One file."""


class Files(_Tidy, GovFileInput):
    """Several files."""

    def __init__(self) -> None:
        super().__init__(multiple=True)
