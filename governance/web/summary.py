"""The box at the top of a form that was refused: every objection, each leading to its field."""

from __future__ import annotations

from typing import Any


def error_summary(form: Any) -> list[dict[str, str]]:
    """What GOV.UK's error summary lists, in the order of the form. An objection to the whole form comes first."""
    whole = [{"text": str(message)} for message in form.form_errors]
    return whole + [line for field in form for line in _lines(field)]


def _lines(field: Any) -> list[dict[str, str]]:
    if isinstance(field.errors, dict):
        return [line for part in field for line in _lines(part)]
    nested = [line for part in getattr(field, "entries", ()) for line in _lines(part)]
    own = [str(message) for message in field.errors if isinstance(message, str)]
    return nested or [{"text": message, "href": f"#{field.id}"} for message in own]
