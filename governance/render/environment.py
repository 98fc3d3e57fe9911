"""The one Jinja environment for documents and mails, and its filters for the screens."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from governance.render import charts, words

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def escaped(name: str | None) -> bool:
    """Everything is escaped but the plain text of a mail (`.txt`), which nothing reads as HTML."""
    return not (name or "").endswith(".txt")


def install(environment: Environment) -> None:
    """Give an environment the house's filters, for instance the one the screens use."""
    environment.filters.update(
        day=words.day,
        day_short=words.day_short,
        day_full=words.day_full,
        local=words.local,
        local_time=words.local_time,
        stated=words.stated,
        plural=words.plural,
        percent=words.percent,
        listed=words.listed,
        data_uri=charts.data_uri,
    )


def build(folder: Path = TEMPLATES) -> Environment:
    """A fresh environment on a folder of templates: escaped, and a name nobody gave is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=escaped,  # noqa: S701 - a rule by name: everything but plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    install(made)
    return made


@functools.cache
def environment() -> Environment:
    """The house's environment on the house's templates, built once in a process."""
    return build()


def render(template: str, **values: Any) -> str:
    """A template filled with plain values.

    Raises:
        jinja2.UndefinedError: for a value that the template names and `values` lacks: a mistake in the code.
    """
    return environment().get_template(template).render(values)
