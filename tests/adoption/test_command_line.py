"""`adopt` on the command line: what it records, and its refusals in one plain line."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from governance.adoption.models import Asking, Decision, InForce
from governance.db import reading, writing
from governance.policies.models import Policy
from tests import hillcrest


@pytest.fixture
def school(app: Flask) -> Flask:
    with app.app_context(), writing() as session:
        scope = hillcrest.a_school(session)
        hillcrest.a_version(session, scope, hillcrest.a_policy(session, scope), "# Two")
    return app


def run(school: Flask, *options: str) -> tuple[int, str]:
    result = school.test_cli_runner().invoke(args=["adopt", "POL-001", "--body", "full governing body", *options])
    return result.exit_code, result.output.strip()


def rows(school: Flask, model: type) -> list[object]:
    with school.app_context(), reading() as session:
        return list(session.scalars(select(model)))


def test_the_latest_version_without_a_decision_is_adopted_and_nobody_is_asked(school: Flask) -> None:
    code, said = run(school, "--on", "2026-09-24", "--minute", "2026/31", "--next-review", "2027-09")
    assert code == 0
    assert said == (
        "POL-001 version 2: adopted by Full Governing Body, 24 September 2026; in force from 24 September 2026; "
        "asked to read it: nobody."
    )
    assert rows(school, Asking) == []
    (decision,) = rows(school, Decision)
    assert isinstance(decision, Decision)
    assert str(decision.next_review_on) == "2027-09-30"


def test_people_are_asked_from_the_day_given_although_asking_has_not_begun(school: Flask) -> None:
    code, said = run(
        school, "--version", "1", "--on", "2025-09-15", "--in-force", "2025-10-01", "--asks-from", "2025-10-01"
    )
    assert code == 0
    assert said.endswith("in force from 1 October 2025; asked to read it: everyone from 1 October 2025.")


def test_chosen_categories(school: Flask) -> None:
    options = ("--asks", "TEACHERS", "--asks", "Agency staff")
    code, said = run(school, "--on", "2025-09-15", "--asks-from", "2025-09-15", *options)
    assert code == 0
    assert said.endswith("asked to read it: Teachers from 15 September 2025, Agency staff from 15 September 2025.")


def test_a_second_version_falls_to_the_one_still_undecided(school: Flask) -> None:
    run(school, "--on", "2026-09-24")
    assert "POL-001 version 1" in run(school, "--on", "2025-09-24")[1]
    code, said = run(school, "--on", "2026-10-01")
    assert (code, said) == (1, "POL-001 has no version without a decision. Say which with --version.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--on", "2099-01-01"), "which is after today"),
        (("--on", "31/02/2026"), "--on: 31 February 2026 does not exist"),
        (("--on", "2026-09-24", "--version", "9"), "POL-001 has no version 9."),
        (("--on", "2026-09-24", "--asks", "Teachers"), "with --asks-from"),
        (("--on", "2026-09-24", "--asks-from", "2026-09-01"), "People cannot be asked from 1 September 2026"),
        (("--on", "2026-09-24", "--asks-from", "2026-09-24", "--asks", "Pupils"), "There is no category 'Pupils'."),
        (
            ("--on", "2026-09-24", "--next-review", "2026-01-01"),
            "The next review, 1 January 2026, is before the decision",
        ),
        (("--on", "2026-09-24", "--in-force", "2026-09-01"), "It cannot be in force from 1 September 2026"),
        (("--on", "2026-09-24", "--body", "Board of Zed"), "There is no governing body 'Board of Zed'."),
    ],
)
def test_a_refusal_is_one_plain_line_and_records_nothing(school: Flask, options: tuple[str, ...], said: str) -> None:
    code, output = run(school, *options)
    assert code == 1
    assert said in output
    assert "\n" not in output
    assert rows(school, Decision) == rows(school, InForce) == []


def test_an_unknown_reference_is_named(school: Flask) -> None:
    result = school.test_cli_runner().invoke(args=["adopt", "POL-999", "--body", "x", "--on", "2026-09-24"])
    assert result.exit_code == 1
    assert "There is no policy POL-999" in result.output
    assert rows(school, Policy)
