"""The oracle gives the one right answer of the standard shape, on every day it is known for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from governance.reading.rules import Count, counted, owed
from tests.reading.school import day
from tests.reading.shape import OVERLAP_ANSWERS, PLAIN_ANSWERS, read_shape, shape

MAKE_SHAPE = Path(__file__).parents[3] / "shared" / "checks" / "make_shape.py"
CASES = [
    (overlaps, on, figures)
    for overlaps, answers in ((False, PLAIN_ANSWERS), (True, OVERLAP_ANSWERS))
    for on, figures in answers.items()
]


@pytest.mark.parametrize(("overlaps", "on", "figures"), CASES)
def test_the_standard_shape_has_its_one_right_answer(overlaps: bool, on: str, figures: tuple[int, ...]) -> None:
    audience, acknowledged, outstanding, overdue = figures
    expected = Count(audience, audience, acknowledged, outstanding, overdue)
    assert counted(owed(shape(overlaps=overlaps), day(on))).totals == expected


@pytest.mark.skipif(not MAKE_SHAPE.is_file(), reason="the program that makes the shape is not here")
@pytest.mark.parametrize("flags", [(), ("--overlaps",)], ids=["plain", "overlaps"])
def test_the_files_of_the_standard_shape_have_the_answers_that_came_with_them(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    command = [sys.executable, str(MAKE_SHAPE), str(tmp_path), *flags]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    facts, answers = read_shape(tmp_path), json.loads((tmp_path / "expected.json").read_text())
    for on, expected in answers["days"].items():
        rows = owed(facts, day(on))
        totals = counted(rows).totals
        assert {name: getattr(totals, name) for name in expected} == expected
    for position, (_, expected) in enumerate(sorted(answers["by_policy_on_last_day"].items()), 1):
        totals = counted([row for row in rows if row.policy_id == position]).totals
        assert {name: getattr(totals, name) for name in expected} == expected
