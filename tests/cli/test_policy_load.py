"""A school's history from files: every day's totals come out right, loading again adds nothing, a difference is refused."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from governance.adoption.models import Asking, Decision, InForce
from governance.db import reading
from governance.journal.models import JournalEntry
from governance.mail.models import Outbox
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, ReadingRule
from governance.reading.rules import counted, owed
from tests.cli.shape_files import write_shape
from tests.reading.shape import OVERLAP_ANSWERS, read_shape

pytestmark = pytest.mark.usefixtures("files_read_once")

BOTH = pytest.mark.engines("sqlite", "postgresql")
# A program that writes the standard shape with its answers; who has it names it here.
MAKE_SHAPE = Path(__file__).parents[3] / "shared" / "checks" / "make_shape.py"
KEPT = (Policy, PolicyVersion, Decision, InForce, Asking, ReadingRule, Acknowledgement, JournalEntry, Outbox)


@pytest.fixture
def school(app: Flask) -> Flask:
    assert run(app, "school", "add", "Hillcrest").exit_code == 0
    return app


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(one) for one in arguments])


def loaded(app: Flask, folder: Path) -> Result:
    people = run(app, "people", "import", folder / "people.csv")
    assert people.exit_code == 0, people.output
    return run(app, "policy", "load", folder)


def totals(app: Flask, day: str) -> dict[str, int]:
    answer = run(app, "report", "coverage", "--as-of", day, "--format", "json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, int] = json.loads(answer.stdout)["totals"]
    return found


def expected(audience: int, acknowledged: int, outstanding: int, overdue: int) -> dict[str, int]:
    read = {"acknowledged": acknowledged, "outstanding": outstanding, "overdue": overdue}
    return {"audience": audience, "required": audience, **read, "away": 0, "excused": 0, "declined": 0}


def rows(app: Flask) -> list[int]:
    with app.app_context(), reading() as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in KEPT]


def altered(folder: Path, name: str, line: int, **cells: str) -> None:
    """Change cells of one row of a table, counted from 1 under its head."""
    path = folder / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    table[line - 1] |= cells
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


@BOTH
def test_the_standard_shape_with_overlaps_gives_its_totals_on_every_day(school: Flask, tmp_path: Path) -> None:
    done = loaded(school, write_shape(tmp_path / "in", 40, 150, overlaps=True))
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("New: 40 policies, 88 versions, 88 decisions, 200 reading rules, ")
    for day, answers in OVERLAP_ANSWERS.items():
        assert (day, totals(school, day)) == (day, expected(*answers))
    before = rows(school)
    assert before[-1] == 0, "history is mailed to nobody"
    again = run(school, "policy", "load", tmp_path / "in")
    assert again.stdout == "New: 0 policies, 0 versions, 0 decisions, 0 reading rules, 0 receipts.\n"
    assert rows(school) == before


@BOTH
def test_another_size_gives_what_the_rules_say_by_policy_and_category(school: Flask, tmp_path: Path) -> None:
    folder = write_shape(tmp_path / "in", 7, 35, overlaps=True)
    assert loaded(school, folder).exit_code == 0
    facts = read_shape(folder)
    for day in ("2025-09-30", "2025-11-20", "2026-02-02"):
        wanted = counted(owed(facts, dt.date.fromisoformat(day)))
        answer = json.loads(run(school, "report", "coverage", "--as-of", day, "--format", "json").stdout)
        assert answer["totals"] == wanted.totals._asdict()
        everyone = [row[3:] for row in answer["rows"] if row[2] == "everyone"]
        assert everyone == [list(wanted.cells[key]) for key in sorted(_everyone(wanted.cells))]
        assert len(answer["rows"]) == len(wanted.cells)


@BOTH
@pytest.mark.skipif(not MAKE_SHAPE.is_file(), reason="the program that makes the shape is not here")
@pytest.mark.parametrize("options", [[], ["--overlaps"], ["--overlaps", "--policies", "9", "--staff", "41"]])
def test_the_shape_as_others_make_it(
    school: Flask, tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("make_shape", MAKE_SHAPE)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    monkeypatch.setattr(sys, "argv", ["make_shape", str(tmp_path / "in"), *options])
    made.main()
    done = loaded(school, tmp_path / "in")
    assert done.exit_code == 0, done.output
    for day, answers in json.loads((tmp_path / "in" / "expected.json").read_text())["days"].items():
        assert (day, {name: totals(school, day)[name] for name in answers}) == (day, answers)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_shape(tmp_path / "in", 2, 9, overlaps=False)


def test_a_file_that_differs_from_the_one_kept_is_refused_and_nothing_is_changed(school: Flask, small: Path) -> None:
    assert loaded(school, small).exit_code == 0
    before = rows(school)
    (small / "policies" / "001-2.md").write_text("# Policy 001\n\nAnother text.\n", encoding="utf-8")
    refused = run(school, "policy", "load", small)
    assert (refused.exit_code, refused.stderr) == (
        1,
        (
            "policies.csv, row 3: version 2 of P001 is here with another file. "
            "Load the same file, or give this one a new version number.\n"
        ),
    )
    assert rows(school) == before


def test_a_date_that_differs_from_the_one_recorded_is_refused(school: Flask, small: Path) -> None:
    assert loaded(school, small).exit_code == 0
    before = rows(school)
    altered(small, "policies", 2, decided_on="2025-09-16")
    refused = run(school, "policy", "load", small)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "row 3" in refused.stderr
    assert rows(school) == before


@pytest.mark.parametrize(
    ("table", "cells", "said"),
    [
        ("policies", {"file": "policies/none.md"}, "policies.csv, row 2: there is no file 'policies/none.md'"),
        ("policies", {"file": "../people.txt"}, "policies.csv, row 2: there is no file '../people.txt'"),
        ("policies", {"version": "two"}, "policies.csv, row 2: version must be a whole number, not 'two'."),
        ("policies", {"version": "0"}, "policies.csv, row 2: version must be 1 or more, not 0."),
        ("policies", {"decided_on": "16/09/2024"}, "decided_on must be a date written YYYY-MM-DD"),
        ("policies", {"title": ""}, "policies.csv, row 2: title is empty."),
        ("policies", {"title": "x" * 201}, "policies.csv, row 2: The title is 201 characters long."),
        ("policies", {"body": "Board of Zed"}, "policies.csv, row 2: there is no body 'Board of Zed'."),
        ("reading_rules", {"category": "pupils"}, "reading_rules.csv, row 2: no category 'pupils'."),
        ("reading_rules", {"reference": "P999"}, "reading_rules.csv, row 2: there is no policy 'P999'"),
        ("reading_rules", {"days_to_read": "400"}, "reading_rules.csv, row 2: Enter the days to read"),
        ("acknowledgements", {"staff_number": "S99999"}, "nobody in this school has the staff number"),
        ("acknowledgements", {"version": "7"}, "the register has no version 7"),
        ("acknowledgements", {"acknowledged_on": "2099-01-01"}, "in the future"),
        ("acknowledgements", {"witness": ""}, "who saw the paper signed"),
        ("acknowledgements", {"parts": "Part one"}, "is not divided into parts, so leave parts empty"),
    ],
)
def test_a_wrong_row_is_one_plain_line_and_loads_nothing(
    school: Flask, small: Path, table: str, cells: dict[str, str], said: str
) -> None:
    run(school, "people", "import", small / "people.csv")
    (small.parent / "people.txt").write_text("not for loading", encoding="utf-8")
    before = rows(school)
    altered(small, table, 1, **cells)
    refused = run(school, "policy", "load", small)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1), refused.output
    assert said in refused.stderr
    assert rows(school) == before


def test_a_missing_table_or_column_is_named(school: Flask, small: Path) -> None:
    (small / "reading_rules.csv").write_text("reference,category\n", encoding="utf-8")
    refused = run(school, "policy", "load", small)
    assert (refused.exit_code, "reading_rules.csv has no column 'days_to_read'" in refused.stderr) == (1, True)
    (small / "reading_rules.csv").unlink()
    refused = run(school, "policy", "load", small)
    assert (refused.exit_code, refused.stderr) == (1, "There is no file reading_rules.csv in that folder.\n")


def test_receipts_imported_by_themselves_count_once(school: Flask, small: Path) -> None:
    receipts = small / "acknowledgements.csv"
    kept = receipts.read_text(encoding="utf-8")
    receipts.write_text(kept.splitlines()[0] + "\n", encoding="utf-8")
    assert loaded(school, small).exit_code == 0
    receipts.write_text(kept, encoding="utf-8")
    first, again = (run(school, "acknowledge", "import", receipts).stdout for _ in range(2))
    count = len(kept.splitlines()) - 1
    assert first == f"{count} new receipts; 0 were here already.\n"
    assert again == f"0 new receipts; {count} were here already.\n"


def _everyone(cells: dict[Any, Any]) -> list[Any]:
    return [key for key in cells if key[1] is None]
