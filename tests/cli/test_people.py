import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from governance.db import reading
from governance.people.models import Engagement, Person

HEADER = "staff_number,given_name,family_name,email,category,started_on,line_manager\n"
TWO = (
    HEADER
    + "S1,Samuel,Okafor,head@x.sch.uk,headteacher,2018-09-01,\nS2,Tess,Marlow,,teachers;governors,2020-09-01,S1\n"
)


@pytest.fixture
def school(app: Flask) -> Flask:
    assert app.test_cli_runner().invoke(args=["school", "add", "Hillcrest"]).exit_code == 0
    return app


def run(app: Flask, tmp_path: Path, text: str, *options: str) -> Result:
    file = tmp_path / "people.csv"
    file.write_text(text, encoding="utf-8")
    return app.test_cli_runner().invoke(args=["people", "import", str(file), *options])


def counts(app: Flask) -> tuple[int, int]:
    with app.app_context(), reading() as session:
        people, jobs = (session.scalar(select(func.count()).select_from(model)) for model in (Person, Engagement))
        return people or 0, jobs or 0


def test_a_list_is_imported_and_repeating_it_adds_nothing(school: Flask, tmp_path: Path) -> None:
    first = run(school, tmp_path, TWO)
    assert (first.exit_code, "2 new people, 0 changed, 3 new jobs" in first.stdout) == (0, True)
    again = run(school, tmp_path, TWO)
    assert "0 new people, 0 changed, 0 new jobs, 0 jobs changed; 2 people as they were" in again.stdout
    assert counts(school) == (2, 3)


def test_a_dry_run_tells_and_stores_nothing(school: Flask, tmp_path: Path) -> None:
    told = run(school, tmp_path, TWO, "--dry-run")
    assert (told.exit_code, told.stdout) == (
        0,
        "2 rows: 2 new people, 0 changed, 0 as they were. Nothing was stored: this was a dry run.\n",
    )
    assert counts(school) == (0, 0)


def test_one_faulty_row_refuses_the_whole_file_and_is_listed(school: Flask, tmp_path: Path) -> None:
    refused = run(school, tmp_path, TWO + "S3,Sam,Okoro,a@b,teachers,,\n")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        "Row 4, email: “a@b” is not an e-mail address. Write it like name@school.example, or leave it empty.",
        "Nothing was imported from people.csv: rows with errors: 1 (listed above).",
    ]
    assert counts(school) == (0, 0)


def test_row_37_a_missing_column_is_one_plain_line(school: Flask, tmp_path: Path) -> None:
    refused = run(school, tmp_path, "given_name,family_name\nTess,Marlow\n")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("There is no column category.")


def test_row_41_one_mailbox_under_two_names_is_two_people_and_said(school: Flask, tmp_path: Path) -> None:
    shared = HEADER + ",Ann,Lee,office@x.sch.uk,governors,,\n,Bob,Lee,office@x.sch.uk,governors,,\n"
    done = run(school, tmp_path, shared)
    assert (done.exit_code, counts(school)) == (0, (2, 2))
    assert "Row 3: Bob Lee uses the same e-mail address as Ann Lee, and is taken as somebody else." in done.stderr


def test_one_name_that_may_be_one_person_waits_for_an_answer(school: Flask, tmp_path: Path) -> None:
    run(school, tmp_path, HEADER + "S2,Tess,Marlow,tess@x.sch.uk,teachers,2020-09-01,\n")
    unclear = HEADER + ",Tess,Marlow,,governors,2025-09-01,\n"
    asked = run(school, tmp_path, unclear)
    assert (asked.exit_code, "Say --same 2=new or " in asked.stderr) == (1, True)
    reference = asked.stderr.split("2=new or ")[1][:7]
    assert run(school, tmp_path, unclear, "--same", "2=somebody").exit_code == 1
    assert run(school, tmp_path, unclear, "--same", "9=new").exit_code == 1
    assert run(school, tmp_path, unclear, "--same", f"2={reference}").exit_code == 0
    assert counts(school) == (1, 2)


def test_several_schools_need_to_be_told_apart(school: Flask, tmp_path: Path) -> None:
    school.test_cli_runner().invoke(args=["school", "add", "Zed's School"])
    refused = run(school, tmp_path, TWO)
    assert (refused.exit_code, "Say which with --school" in refused.stderr) == (1, True)
    assert run(school, tmp_path, TWO, "--school", "hillcrest").exit_code == 0


def test_the_standard_shape_is_imported_with_its_overlaps(school: Flask, tmp_path: Path) -> None:
    rows = [
        (f"S{i:05d}", f"Given{i}", f"Family{i}", f"person{i}@school.example", category, start)
        for i in range(0, 40, 10)
        for category, start in (("teachers", "2020-09-01"), ("support staff", "2025-11-03"))
    ]
    text = HEADER + "".join(",".join((*row, "")) + "\n" for row in rows)
    assert run(school, tmp_path, text).exit_code == 0
    assert run(school, tmp_path, text).exit_code == 0
    assert json.dumps(counts(school)) == "[4, 8]"
