"""The command line, `flask --app app …`. To add a group: a module with `commands`, and a line here."""

from __future__ import annotations

from types import ModuleType

from flask import Flask

from governance.cli import (
    account,
    acknowledge,
    adopt,
    demo,
    journal,
    pack,
    people,
    policy,
    report,
    school,
    setup_code,
    tick,
)

GROUPS: tuple[ModuleType, ...] = (
    demo,
    school,
    account,
    people,
    policy,
    adopt,
    acknowledge,
    report,
    pack,
    journal,
    tick,
    setup_code,
)


def install(app: Flask) -> None:
    """Put every group and single command on the command line."""
    for module in GROUPS:
        for command in module.commands:
            app.cli.add_command(command)
