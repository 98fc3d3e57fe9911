"""The files of the project, as its guards see them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Made by ./dev or by tools; none of it is ours.
MADE = frozenset(
    {".git", ".venv", ".setup", "node_modules", "vendor", "instance", "shots", "build", "__pycache__", ".cache"}
    | {".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache"}
)


def files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    """The project's own files below a folder, with one of the suffixes where any are named."""
    for folder, names, found in os.walk(ROOT / under):
        names[:] = sorted(name for name in names if name not in MADE)
        for name in sorted(found):
            if not suffixes or name.endswith(suffixes):
                yield Path(folder) / name


def modules() -> Iterator[Path]:
    """The modules of the application."""
    yield ROOT / "app.py"
    yield from files(".py", under="governance")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(path: Path) -> str:
    """A path as people write it."""
    return str(path.relative_to(ROOT))
