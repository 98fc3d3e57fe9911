"""How screens are made: where templates are, which names they know, and what stands in the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from jinja2 import FileSystemLoader, StrictUndefined

from governance.accounts.permissions import Permission
from governance.render.environment import escaped
from governance.render.environment import install as install_filters
from governance.web import access
from governance.web.summary import error_summary

PRODUCT = "Countersign"

# How many schools somebody belongs to, kept in their cookie so that no page has to ask.
SCHOOLS = "schools"

# The words in the navigation and the blueprint each leads to, by its view `index`.
_NAVIGATION = (
    ("Home", "home"),
    ("Front desk", "front_desk"),
    ("Register", "register"),
    ("My reading", "my_reading"),
    ("Meetings", "meetings"),
    ("Reading", "reading"),
    ("People", "people"),
    ("Reports", "reports"),
    ("Scheduled and sent", "scheduled"),
    ("Settings", "settings"),
)


@dataclass(frozen=True)
class Way:
    """One way to go from here."""

    text: str
    href: str
    here: bool


def install(app: Flask) -> None:
    """Give the application's templates their folder, filters and names. A name that nobody gave is an error."""
    app.jinja_options = {
        "autoescape": escaped,
        "undefined": StrictUndefined,
        "loader": FileSystemLoader(str(app.template_folder)),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    install_filters(app.jinja_env)
    app.jinja_env.globals.update(
        product=PRODUCT,
        navigation=navigation,
        allowed=access.allowed,
        may=Permission,
        error_summary=error_summary,
        home=home,
        url_for=address,
        was_refused=lambda: bool(g.get("refused")),
        several_schools=lambda: session.get(SCHOOLS, 1) > 1,
    )
    app.context_processor(_names)
    access.know_schools(app)


def navigation() -> list[Way]:
    """Where this person may go at this school; a way that is not built or not theirs is not shown."""
    if g.get("scope") is None:
        return []
    here = access.section_of(request.blueprint)
    return [Way(text, address(f"{name}.index"), here == name) for text, name in _NAVIGATION if _may_go(f"{name}.index")]


def address(endpoint: str, **values: Any) -> str:
    """`url_for`, which remembers the addresses that nothing but the school varies: a page has twenty or so."""
    if values and endpoint != "static":
        return url_for(endpoint, **values)
    slug = g.scope.slug if g.get("scope") is not None else None
    return _remembered(request.script_root, slug, endpoint, *values.items())


@lru_cache(maxsize=4096)
def _remembered(_root: str, _slug: str | None, endpoint: str, *values: tuple[str, Any]) -> str:
    return url_for(endpoint, **dict(values))


def home() -> str:
    """The page that the school's name leads to."""
    at_school = g.get("scope") is not None and access.rule_of(current_app, "home.index") is not None
    return address("home.index" if at_school else "front.index")


def _may_go(endpoint: str) -> bool:
    rule = access.rule_of(current_app, endpoint)
    return rule is not None and (rule.permission is None or access.allowed(rule.permission))


def _names() -> dict[str, Any]:
    """What every template may count on, also when an error came before anybody was known."""
    standing = g.get("standing")
    return {
        "account": g.get("account"),
        "standing": standing,
        "scope": g.get("scope"),
        "school_name": standing.scope.name if standing else PRODUCT,
        "colour": standing.colour if standing else None,
    }
