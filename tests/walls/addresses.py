"""Addresses of every route, filled in with what a school has, with what another has, or with what nobody has.

What a route needs is looked up by the name of its argument. A new argument makes `School.values` fail until it is added
to the schools, so that no route is walked past.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule as Route

ABSENT = "8a6f2f6e-8d2b-4a11-9f0e-2f2f2f2f2f2f"

# Arguments that name nothing of a school's: a report, a form of a file.
FIXED = {"name": "reviews-due", "form": "csv", "filename": "countersign.css", "year": "2026"}


@dataclass
class School:
    """What one school has, by the name that addresses give it."""

    slug: str
    ids: dict[str, str]
    link: str = ""

    def values(self, route: Route) -> dict[str, str]:
        """What goes into the route's address so that it leads to something of this school."""
        return {name: self.one(route.endpoint, name) for name in route.arguments}

    def one(self, endpoint: str, argument: str) -> str:
        """One argument of a route; `KeyError` tells of an argument that nobody has told us about."""
        if argument == "school":
            return self.slug
        blueprint = endpoint.partition(".")[0]
        known = {**FIXED, **self.ids, "token": self.link}
        return known.get(f"{blueprint}.{argument}") or known[argument]


@dataclass
class Schools:
    """Both, and who signs in: for each role the address of somebody at Hillcrest who has it and no other."""

    ours: School
    theirs: School
    roles: dict[str, str]


def address(app: Flask, route: Route, values: dict[str, str]) -> str:
    """The path of a route."""
    path: str = app.url_map.bind("localhost").build(route.endpoint, values, method=_method(route))
    return path


def routes(app: Flask, method: str) -> list[Route]:
    """Every route that answers a method, one an endpoint, in order."""
    found = {route.endpoint: route for route in app.url_map.iter_rules() if method in (route.methods or ())}
    return [found[endpoint] for endpoint in sorted(found)]


def identifiers(route: Route) -> list[str]:
    """The arguments that name something of a school."""
    return sorted(set(route.arguments) - {"school", "token", "poster"} - set(FIXED))


def swapped(route: Route, own: dict[str, str], other: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same address with some of its identifiers replaced: each way of replacing at least one."""
    names = identifiers(route)
    for size in range(1, len(names) + 1):
        for some in itertools.combinations(names, size):
            yield {**own, **{name: other[name] for name in some}}


def _method(route: Route) -> str:
    return "GET" if "GET" in (route.methods or ()) else "POST"
