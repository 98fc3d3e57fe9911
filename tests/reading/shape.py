"""The standard shape: 40 policies and 150 people whose one right answer is known for several days.

Policy p is required of everyone when it is in the first half, else of categories p mod 8 and (p + 3) mod 8; person i is in
category i mod 8. With overlaps every tenth person takes on a second category on 3 November 2025, every seventeenth left on
30 September 2025, and every fifth policy has a minor third version from 12 January 2026 that asks nobody and that some read
instead of the second. `shape` builds it; `read_shape` reads the same from the files the command line imports.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from governance.reading.rules import Asking, Engagement, Facts, InForce, Receipt, Rule

OLD, NEW, MINOR = dt.date(2024, 9, 16), dt.date(2025, 9, 15), dt.date(2026, 1, 12)
STARTED, LEFT, SECOND_JOB = dt.date(2020, 9, 1), dt.date(2025, 9, 30), dt.date(2025, 11, 3)
CATEGORIES = range(8)
DAYS_TO_READ = 30

# audience (= required), acknowledged, outstanding, overdue
PLAIN_ANSWERS = {
    "2025-09-14": (3749, 3373, 376, 376),
    "2025-09-30": (3749, 0, 3749, 0),
    "2025-10-01": (3749, 2618, 1131, 0),
    "2025-10-15": (3749, 2618, 1131, 0),
    "2025-10-16": (3749, 2618, 1131, 1131),
    "2025-11-20": (3749, 2618, 1131, 1131),
    "2026-02-02": (3749, 2618, 1131, 1131),
}
OVERLAP_ANSWERS = {
    "2025-09-14": (3749, 3373, 376, 376),
    "2025-09-30": (3749, 0, 3749, 0),
    "2025-10-01": (3525, 2462, 1063, 0),
    "2025-10-15": (3525, 2462, 1063, 0),
    "2025-10-16": (3525, 2462, 1063, 1063),
    "2025-11-20": (3594, 2462, 1132, 1063),
    "2026-02-02": (3594, 2654, 940, 940),
}


def shape(policies: int = 40, staff: int = 150, *, overlaps: bool) -> Facts:
    """The facts of the standard shape. Identifiers count from 1; a version's is policy * 10 + number."""
    jobs = [job for i in range(staff) for job in _jobs(i, overlaps)]
    versions = [
        (p, number, from_on)
        for p in range(policies)
        for number, from_on in ((1, OLD), (2, NEW), (3, MINOR))
        if number < 3 or (overlaps and p % 5 == 0)
    ]
    return Facts(
        engagements=tuple(jobs),
        rules=tuple(
            Rule(p + 1, c + 1, None, DAYS_TO_READ, OLD) for p in range(policies) for c in _categories(p, policies)
        ),
        in_force=tuple(InForce((p + 1) * 10 + n, p + 1, (p + 1) * 10 + n, n, on) for p, n, on in versions),
        askings=tuple(Asking((p + 1) * 10 + n, None, on) for p, n, on in versions if n < 3),
        receipts=tuple(
            Receipt(i + 1, p + 1, (p + 1) * 10 + n, n, on)
            for i in range(staff)
            for p in range(policies)
            for n, on in _receipts(p, i, [e for e in jobs if e.person_id == i + 1], policies, overlaps)
        ),
    )


def read_shape(folder: Path) -> Facts:
    """The facts in `people.csv`, `policies.csv`, `reading_rules.csv` and `acknowledgements.csv`."""
    people, versions = _table(folder, "people"), _table(folder, "policies")
    person = {number: k for k, number in enumerate(sorted({r["staff_number"] for r in people}), 1)}
    category = {name: k for k, name in enumerate(sorted({r["category"] for r in people}), 1)}
    policy = {reference: k for k, reference in enumerate(sorted({r["reference"] for r in versions}), 1)}
    ids = {(r["reference"], r["version"]): k for k, r in enumerate(versions, 1)}
    return Facts(
        engagements=tuple(
            Engagement(person[r["staff_number"]], category[r["category"]], _day(r["started_on"]), _maybe(r["ended_on"]))
            for r in people
        ),
        rules=tuple(
            Rule(policy[r["reference"]], category[r["category"]], None, int(r["days_to_read"]), _day(r["from_on"]))
            for r in _table(folder, "reading_rules")
        ),
        in_force=tuple(
            InForce(ids[key], policy[key[0]], ids[key], int(key[1]), _day(r["in_force_from"]))
            for r in versions
            if (key := (r["reference"], r["version"]))
        ),
        askings=tuple(
            Asking(ids[r["reference"], r["version"]], None, _day(r["asks_from"])) for r in versions if r["asks_from"]
        ),
        receipts=tuple(
            Receipt(person[r["staff_number"]], policy[key[0]], ids[key], int(key[1]), _day(r["acknowledged_on"]))
            for r in _table(folder, "acknowledgements")
            if (key := (r["reference"], r["version"]))
        ),
    )


def _categories(p: int, policies: int) -> list[int]:
    return list(CATEGORIES) if p < policies // 2 else sorted({p % 8, (p + 3) % 8})


def _jobs(i: int, overlaps: bool) -> list[Engagement]:
    leaves = LEFT if overlaps and i % 17 == 3 else None
    jobs = [Engagement(i + 1, i % 8 + 1, STARTED, leaves)]
    if overlaps and i % 10 == 0 and leaves is None:
        jobs.append(Engagement(i + 1, (i + 1) % 8 + 1, SECOND_JOB))
    return jobs


def _receipts(p: int, i: int, jobs: list[Engagement], policies: int, overlaps: bool) -> list[tuple[int, dt.date]]:
    def required(day: dt.date) -> bool:
        return any(job.holds_on(day) and job.category_id - 1 in _categories(p, policies) for job in jobs)

    first_read, read, late, minor = (dt.date(*d) for d in ((2024, 10, 1), (2025, 10, 1), (2025, 12, 1), (2026, 1, 20)))
    kept = [(1, first_read)] if (7 * i + p) % 10 < 9 and required(first_read) else []
    if (7 * i + 13 * p) % 10 < 7:
        kept += [(2, on) for on in (read, late) if required(on)][:1]
    elif overlaps and p % 5 == 0 and (3 * i + p) % 10 < 3 and required(minor):
        kept.append((3, minor))
    return kept


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _maybe(text: str) -> dt.date | None:
    return _day(text) if text else None
