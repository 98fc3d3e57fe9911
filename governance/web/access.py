"""Who may use which route. A view states its rule; an application with a view that states none does not start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, abort, g, request
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from governance.accounts.permissions import Permission
from governance.accounts.rules import TAKEN_SLUGS
from governance.db import SAFE_METHODS, db
from governance.tenancy import Actor, Scope

View = Callable[..., Any]


@dataclass(frozen=True)
class Rule:
    """Who may use a route. `permission` is needed at the school that the address names; `words` is for the list."""

    words: str
    signed_in: bool = True
    permission: Permission | None = None
    # Whether who is signed in matters. Where not, the browser's cookie is neither read nor written.
    cookie: bool = True


PUBLIC = Rule("anybody", signed_in=False)
SIGNED_IN = Rule("anybody signed in")
HOLDER = Rule("whoever has the private address", signed_in=False, cookie=False)


def needs(permission: Permission) -> Rule:
    """The rule that a permission is needed at the school in the address."""
    return Rule(f"who may {permission.value}", permission=permission)


@dataclass(frozen=True)
class Screen:
    """Registers the views of one web module on its blueprint, each under its rule.

    `section` is the part of the navigation that the screen belongs to, by the name of that part's own blueprint.
    """

    blueprint: Blueprint
    section: str

    def get(self, path: str, rule: Rule, **options: Any) -> Callable[[View], View]:
        """A page to look at. It cannot change anything: its session only reads."""
        return self._route(path, rule, ["GET"], options)

    def post(self, path: str, rule: Rule, *, files: int = 0, **options: Any) -> Callable[[View], View]:
        """An act. What the view changed is committed when it answers below 400, and rolled back otherwise.

        Only a route that says `files` may be sent more than a form's worth of bytes: that many times the largest file.
        """
        return self._route(path, rule, ["POST"], options, files=files)

    def _route(
        self, path: str, rule: Rule, methods: list[str], options: dict[str, Any], *, files: int = 0
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            guarded = guard(view, rule, files=files)
            self.blueprint.add_url_rule(path, view_func=guarded, methods=methods, **options)
            return view

        return register


def in_school(name: str, section: str | None = None) -> Screen:
    """A screen whose addresses begin with the school's name; its views read `scope()` and `actor()`."""
    return _screen(Blueprint(name, __name__, url_prefix="/<school_name:school>"), section or name)


def outside(name: str) -> Screen:
    """A screen that belongs to no school, such as signing in."""
    return _screen(Blueprint(name, __name__), name)


class SchoolName(BaseConverter):
    """A school's short name in an address; never one of the words that our own addresses begin with."""

    regex = rf"(?!(?:{'|'.join(sorted(TAKEN_SLUGS))})\Z)[a-z0-9-]{{1,60}}"


_sections: dict[str, str] = {}


def _screen(blueprint: Blueprint, section: str) -> Screen:
    _sections[blueprint.name] = section
    return Screen(blueprint, section)


def section_of(blueprint: str | None) -> str | None:
    """The part of the navigation that a blueprint belongs to."""
    return _sections.get(blueprint or "")


def scope() -> Scope:
    """The school that this request is about."""
    found: Scope = g.scope
    return found


def actor() -> Actor:
    """Who is acting in this request, with what they may do at the school in the address."""
    found: Actor = g.actor
    return found


def allowed(permission: Permission) -> bool:
    """Whether the person looking may do something: for templates, so that no dead link is shown."""
    return g.get("actor") is not None and permission in actor().permissions


def guard(view: View, rule: Rule, *, files: int = 0) -> View:
    """A view behind its rule. An act is committed here, at the edge, when it answered below 400."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        arguments.pop("school", None)
        _admit(rule)
        answer = view(**arguments)
        if request.method not in SAFE_METHODS:
            _settle(answer)
        return answer

    guarded.access_rule = rule  # type: ignore[attr-defined]  # read by `rules_of`
    guarded.takes_files = files  # type: ignore[attr-defined]  # read by `takes_files`
    return guarded


def _admit(rule: Rule) -> None:
    """Stop whoever the rule does not let in. A stranger to the school learns nothing: same answer as for no school."""
    if not rule.signed_in:
        return
    if g.account is None:
        abort(401)
    if "school" in (request.view_args or {}) and g.scope is None:
        abort(404)
    if rule.permission is not None and rule.permission not in actor().permissions:
        abort(403)


def _settle(answer: Any) -> None:
    """Commit, at the edge and once, before anybody is told that it is done."""
    status = answer.status_code if isinstance(answer, Response) else 200
    if isinstance(answer, tuple) and len(answer) > 1 and isinstance(answer[1], int):
        status = answer[1]
    if status < 400:
        db.session.commit()
    else:
        db.session.rollback()


def rules_of(app: Flask) -> dict[str, Rule | None]:
    """Every route with its rule, by endpoint, for the start-up check and the test that lists them."""
    return {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "access_rule", None)
        for rule in app.url_map.iter_rules()
    }


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule of one route; None where there is no such route."""
    return getattr(app.view_functions.get(endpoint), "access_rule", None)


def know_schools(app: Flask) -> None:
    """Let addresses begin with a school's name, and let `url_for` leave it out where the page that asks is of one."""
    app.url_map.converters["school_name"] = SchoolName

    @app.url_defaults
    def fill_in(endpoint: str, values: dict[str, Any]) -> None:
        if "school" not in values and app.url_map.is_endpoint_expecting(endpoint, "school"):
            values["school"] = getattr(g, "scope", None) and g.scope.slug


def state(app: Flask, endpoint: str, rule: Rule) -> None:
    """Put a library's own view behind its rule."""
    app.view_functions[endpoint] = guard(app.view_functions[endpoint], rule)


def takes_files(app: Flask, endpoint: str | None) -> int:
    """How many of the largest files a route may be sent together; 0 where it takes none."""
    return int(getattr(app.view_functions.get(endpoint or ""), "takes_files", 0))


def refuse_to_start_unruled(app: Flask) -> None:
    """Hold the application to "deny by default".

    Raises:
        RuntimeError: naming every route that states no rule.
    """
    unruled = sorted(endpoint for endpoint, rule in rules_of(app).items() if rule is None)
    if unruled:
        raise RuntimeError(f"these routes state no access rule: {', '.join(unruled)}")
