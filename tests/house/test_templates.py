"""Templates are checked like code: all compile, and what is not escaped is listed with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from governance.render import environment as house
from tests.house.tree import ROOT, files, modules, name_of

TEMPLATES = ROOT / "templates"

# template -> why what it marks `|safe` cannot hold what a person typed
SAFE = {
    "reports/report.html": "the style sheet of the house, read from its own file",
}
# module -> why it may make Markup
MARKUP: dict[str, str] = {
    "governance/web/widgets.py": "a control rendered by GOV.UK's own template, which escapes every value",
    "governance/web/reading_cells.py": "figures and our own addresses; what people type is escaped there",
}


def _names() -> list[str]:
    return [
        str(path.relative_to(TEMPLATES)) for path in files(under="templates") if path.suffix not in (".css", ".svg")
    ]


@pytest.fixture(scope="module")
def environment() -> Environment:
    """The house's environment with what Flask adds for the screens."""
    return house.build()


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", _names())
def test_a_template_compiles(environment: Environment, name: str) -> None:
    environment.compile(_source(name), name)


@pytest.mark.parametrize("name", _names())
def test_a_template_imports_only_macros_that_it_uses(environment: Environment, name: str) -> None:
    tree = environment.parse(_source(name), name)
    imported = {
        entry if isinstance(entry, str) else entry[1]
        for found in tree.find_all(nodes.FromImport)
        for entry in found.names
    }
    imported |= {found.target for found in tree.find_all(nodes.Import)}
    used = {found.name for found in tree.find_all(nodes.Name)}
    assert imported - used == set()


@pytest.mark.parametrize("name", _names())
def test_a_template_includes_only_templates_that_exist(environment: Environment, name: str) -> None:
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    named = {
        found.template.value
        for found in environment.parse(_source(name), name).find_all(kinds)
        if isinstance(found.template, nodes.Const)
    }
    ours = {other for other in named if not other.startswith(("govuk_frontend_jinja/", "govuk_frontend_wtf/"))}
    assert {other for other in ours if not (TEMPLATES / other).exists()} == set()


def test_what_is_not_escaped_in_a_template_is_listed_with_its_reason() -> None:
    marked = {name for name in _names() if re.search(r"\|\s*safe\b|autoescape\s+false", _source(name))}
    assert marked - set(SAFE) == set()
    assert set(SAFE) - marked == set()


def test_what_is_not_escaped_in_a_module_is_listed_with_its_reason() -> None:
    made = {name_of(path) for path in modules() if any(_makes_markup(path.read_text(encoding="utf-8")))}
    assert made - set(MARKUP) == set()
    assert set(MARKUP) - made == set()


def _makes_markup(source: str) -> Iterator[bool]:
    """One True for each call of Markup(...) with anything but a text written there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name == "Markup":
                yield True
