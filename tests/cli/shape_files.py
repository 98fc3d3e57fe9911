"""The standard shape as the files that the command line loads: the same facts as `tests.reading.shape`, written out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.reading.shape import shape

CATEGORIES = (
    "teachers",
    "support staff",
    "administrators",
    "senior leadership",
    "governors",
    "volunteers",
    "agency staff",
    "casual staff",
)
DAYS_TO_READ = "30"


def write_shape(folder: Path, policies: int, staff: int, *, overlaps: bool) -> Path:
    """Fill a folder with people.csv, policies.csv and its files, reading_rules.csv and acknowledgements.csv."""
    facts = shape(policies, staff, overlaps=overlaps)
    asked = {asking.in_force_id: asking.from_on for asking in facts.askings}
    (folder / "policies").mkdir(parents=True)
    for row in facts.in_force:
        text = f"# Policy {row.policy_id:03d}\n\nVersion {row.number}\n\n1.1 Everybody acts with care.\n"
        (folder / _file(row.policy_id, row.number)).write_text(text, encoding="utf-8")
    _table(
        folder,
        "people",
        "staff_number given_name family_name email category job_title started_on ended_on line_manager agency",
        (
            [_number(one.person_id), "Given", f"Family{one.person_id}", "", CATEGORIES[one.category_id - 1], ""]
            + [one.started_on, one.ended_on or "", "", ""]
            for one in facts.engagements
        ),
    )
    _table(
        folder,
        "policies",
        "reference title version file decided_on body minute_ref in_force_from asks_from next_review_on",
        (
            [f"P{row.policy_id:03d}", f"Policy {row.policy_id:03d}", row.number, _file(row.policy_id, row.number)]
            + [row.from_on, "full governing body", f"{row.from_on.year}/3{row.number}", row.from_on]
            + [asked.get(row.in_force_id, ""), row.from_on.replace(year=row.from_on.year + 1)]
            for row in facts.in_force
        ),
    )
    _table(
        folder,
        "reading_rules",
        "reference category days_to_read from_on",
        (
            [f"P{rule.policy_id:03d}", CATEGORIES[(rule.category_id or 0) - 1], DAYS_TO_READ, rule.from_on]
            for rule in facts.rules
        ),
    )
    _table(
        folder,
        "acknowledgements",
        "staff_number reference version acknowledged_on method witness",
        (
            [_number(one.person_id), f"P{one.policy_id:03d}", one.number, one.given_on, "paper", "Maya Lund"]
            for one in facts.receipts
        ),
    )
    return folder


def _file(policy_id: int, number: int) -> str:
    return f"policies/{policy_id:03d}-{number}.md"


def _number(person_id: int) -> str:
    return f"S{person_id:05d}"


def _table(folder: Path, name: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        writer.writerows(rows)
