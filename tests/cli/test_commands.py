"""Documents, reports, packs and the record of changes on the command line, and what it says to wrong usage."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from governance.db import reading
from governance.mail.models import Outbox
from governance.policies.models import Policy
from tests.cli.shape_files import write_shape

pytestmark = pytest.mark.usefixtures("files_read_once")

LONE_WORKING = """# Lone Working Policy

Approved by the Governing Body on 3rd July 2024. Next review: July 2026.

1.1 This policy applies to all teachers and volunteers.

It should be read in conjunction with the Health and Safety Policy.
"""


@pytest.fixture
def school(app: Flask) -> Flask:
    assert run(app, "school", "add", "Hillcrest").exit_code == 0
    return app


@pytest.fixture
def loaded(school: Flask, tmp_path: Path) -> Flask:
    folder = write_shape(tmp_path / "in", 2, 9, overlaps=False)
    for command in (("people", "import", folder / "people.csv"), ("policy", "load", folder)):
        assert run(school, *command).exit_code == 0
    return school


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(one) for one in arguments])


def refused(app: Flask, *arguments: object) -> str:
    """The one plain line of a refusal."""
    result = run(app, *arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.output
    return result.stderr


def count(app: Flask, model: type) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_document_is_shown_first_and_recorded_with_yes_asking_nobody(school: Flask, tmp_path: Path) -> None:
    file = tmp_path / "lone.md"
    file.write_text(LONE_WORKING, encoding="utf-8")
    seen = run(school, "policy", "import", file)
    assert (seen.exit_code, "Nothing was recorded" in seen.stdout) == (0, True)
    assert "adopted on: 2024-07-03" in seen.stdout
    assert "audience: teachers, volunteers" in seen.stdout
    assert count(school, Policy) == 0
    done = run(school, "policy", "import", file, "--yes")
    assert "POL-001: Lone Working Policy, version 1, is recorded. Nobody has been asked to read it." in done.stdout
    again = run(school, "policy", "import", file, "--yes")
    assert "POL-001: Lone Working Policy, version 1, was here already." in again.stdout
    assert (count(school, Policy), count(school, Outbox)) == (1, 0)
    coverage = json.loads(run(school, "report", "coverage", "--format", "json").stdout)
    assert (coverage["rows"], coverage["totals"]["audience"]) == ([], 0)
    links = json.loads(run(school, "report", "links", "--format", "json").stdout)
    assert links["totals"] == {"links": 1, "missing": 1}


def test_intake_gives_each_value_with_its_line_and_records_nothing(school: Flask, tmp_path: Path) -> None:
    file = tmp_path / "lone.md"
    file.write_text(LONE_WORKING, encoding="utf-8")
    found = json.loads(run(school, "intake", file, "--json").stdout)
    assert (found["title"], found["adopted_on"], found["next_review_on"]) == (
        "Lone Working Policy",
        "2024-07-03",
        "2026-07",
    )
    assert set(found["audience"]) == {"teachers", "volunteers"}
    assert found["evidence"]["adopted_on"]["line"] == 3
    assert count(school, Policy) == 0


def test_one_bad_document_of_several_refuses_all_by_name(school: Flask, tmp_path: Path) -> None:
    (tmp_path / "lone.md").write_text(LONE_WORKING, encoding="utf-8")
    (tmp_path / "empty.md").write_bytes(b"")
    said = refused(school, "policy", "import", tmp_path / "lone.md", tmp_path / "empty.md", "--yes")
    assert said.startswith("empty.md: That file is empty.")
    assert count(school, Policy) == 0


def test_a_persons_record_by_staff_number(loaded: Flask) -> None:
    answer = json.loads(
        run(loaded, "report", "person", "--person", "S00001", "--as-of", "2025-10-16", "--format", "json").stdout
    )
    assert answer["title"] == "Reading of Given Family1"
    states = [row[answer["columns"].index("state")] for row in answer["rows"]]
    assert answer["totals"] == {
        "outstanding": sum(state in ("Not yet read", "Reading overdue") for state in states),
        "overdue": states.count("Reading overdue"),
        "receipts": states.count("Read"),
    }
    assert states.count("Read") > 0


def test_a_report_is_written_to_a_file_or_to_standard_output_as_csv_by_default(loaded: Flask, tmp_path: Path) -> None:
    told = run(loaded, "report", "overdue", "--as-of", "2025-10-16")
    head, *rows = csv.reader(io.StringIO(told.stdout_bytes.decode("utf-8-sig")))
    assert head[:3] == ["Staff number", "Family name", "Given name"]
    assert head[-4:] == ["Asked on", "Due", "Days late", "Last reminded"]
    assert rows
    assert {(row[8], row[9], row[10]) for row in rows} == {("2025-09-15", "2025-10-15", "1")}
    for form, start in (("xlsx", b"PK"), ("json", b"{"), ("html", b"<!")):
        path = tmp_path / f"out.{form}"
        assert run(loaded, "report", "overdue", "--format", form, "-o", path).exit_code == 0
        assert path.read_bytes().startswith(start)


def test_a_pack_of_a_day_is_a_pdf(loaded: Flask, tmp_path: Path) -> None:
    done = run(loaded, "pack", "build", "--as-of", "2026-02-02", "-o", tmp_path / "pack.pdf")
    assert done.stdout.startswith("Policy review pack: Full Governing Body, 2 February 2026: 2 policies, in ")
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF-")


def test_the_record_holds_against_the_checkpoint_that_was_kept(loaded: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.txt"
    assert run(loaded, "journal", "checkpoint", "-o", kept).exit_code == 0
    assert run(loaded, "journal", "verify").stdout.startswith("All ")
    assert "and goes on from entry" in run(loaded, "journal", "verify", "--checkpoint", kept).stdout
    kept.write_text(kept.read_text().replace('"hash": "', '"hash": "0'), encoding="utf-8")
    assert run(loaded, "journal", "verify", "--checkpoint", kept).exit_code == 1
    kept.write_text("not a checkpoint", encoding="utf-8")
    assert refused(loaded, "journal", "verify", "--checkpoint", kept)


def test_a_tick_says_what_it_did_and_status_how_things_stand(loaded: Flask) -> None:
    told = run(loaded, "tick", "--at", "2026-02-02T07:00:00+00:00")
    assert (told.exit_code, told.stdout.startswith("0 slots came due, 0 runs done, 0 failed.")) == (0, True)
    stands = run(loaded, "status")
    assert stands.exit_code == 0, stands.output
    assert stands.stdout.splitlines()[:2] == ["ok    database: SQLite", "ok    schools: 1 set up"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("report", "salaries"), "'salaries' is not one of 'read', 'overdue'"),
        (("report", "read", "--as-of", "31/02/2026"), "'31/02/2026' does not match the format"),
        (("report", "read", "--format", "docx"), "'docx' is not one of"),
        (("report", "person"), "Say whose record with --person"),
        (("report", "read", "--person", "S1"), "only for the report called person"),
        (("report", "person", "--person", "S1"), "Nobody at Hillcrest has the staff number or printed reference S1."),
        (("report", "read", "--school", "zeds"), "There is no school with the short name zeds."),
        (("report", "read", "-o", "/nowhere/at/all.csv"), "/nowhere/at/all.csv cannot be written"),
        (("report",), "Missing argument"),
        (("policy", "load", "/nowhere"), "does not exist"),
        (("policy", "bring"), "No such command 'bring'"),
        (("policy", "import"), "Missing argument"),
        (("pack", "build"), "Missing option '-o'"),
        (("pack", "build", "--meeting", "x", "--as-of", "2026-01-01", "-o", "x.pdf"), "not both"),
        (("pack", "build", "--meeting", "none", "-o", "x.pdf"), "There is no meeting none."),
        (("tick", "--at", "Monday"), "'Monday' is not an instant"),
        (("tick", "--at", "2026-02-02T07:00:00"), "Say which clock is meant"),
        (("acknowledge", "import", "/nowhere.csv"), "does not exist"),
    ],
)
def test_wrong_usage_is_one_plain_line(school: Flask, command: tuple[str, ...], said: str) -> None:
    assert said in refused(school, *command)


def test_every_command_has_help(school: Flask) -> None:
    for command in ("policy import", "policy load", "intake", "report", "pack build", "tick", "status", "worker"):
        told = run(school, *command.split(), "--help")
        assert (told.exit_code, "Usage:" in told.stdout) == (0, True), command
