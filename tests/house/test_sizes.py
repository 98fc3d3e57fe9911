"""Functions and modules stay small enough to be read at once."""

from __future__ import annotations

import ast

from tests.house.tree import ROOT, files, functions, modules, name_of

FUNCTION_LINES = 40
MODULE_LINES = 300
NEVER = ("utils", "helpers", "service", "services", "manager", "managers", "common", "misc")


def test_no_function_is_longer_than_forty_lines() -> None:
    long = []
    for path in modules():
        for function in functions(ast.parse(path.read_text(encoding="utf-8"))):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION_LINES:
                long.append(f"{name_of(path)}:{function.lineno} {function.name} has {lines} lines")
    assert not long, "\n".join(long)


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    long = [f"{name} has {lines} lines" for name, lines in lengths.items() if lines > MODULE_LINES]
    assert not long, "\n".join(long)


def test_modules_are_named_after_what_they_hold() -> None:
    assert [name_of(path) for path in modules() if path.stem in NEVER] == []


def test_every_folder_of_the_application_is_a_package() -> None:
    folders = {path.parent for path in files(".py", under="governance")}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_the_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in files(".py", under="migrations/versions") if path.name[:1].isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all((ROOT / "migrations" / "versions").glob("0001_*.py"))
