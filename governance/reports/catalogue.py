"""Every report by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.accounts.permissions import Permission
from governance.reports.gathering.coverage import coverage_report
from governance.reports.gathering.left_unread import left_without_reading_report
from governance.reports.gathering.on_paper import on_paper_report
from governance.reports.gathering.policies import links_report, register_report, reviews_due_report
from governance.reports.gathering.read import read_report
from governance.reports.gathering.unread import outstanding_report, overdue_report
from governance.reports.report import Report

# With `since=` too, where the report can be about several days.
Gather = Callable[..., Report]


@dataclass(frozen=True)
class Entry:
    """A report that can be asked for: its name, what it tells, who may see it, and how it is gathered.

    `stretches` where it can be about several days: it is then gathered with `since` as well.
    """

    name: str
    title: str
    tells: str
    permission: Permission
    gather: Gather
    stretches: bool = False


CATALOGUE: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(
            "read",
            "Who has read what",
            "Every receipt, of any version, leavers included.",
            Permission.SEE_READING,
            read_report,
        ),
        Entry(
            "overdue",
            "Reading overdue",
            "Who is late, with what, and by how many days.",
            Permission.SEE_READING,
            overdue_report,
        ),
        Entry(
            "outstanding",
            "Not yet read",
            "Everybody who has something left to read, late or not.",
            Permission.SEE_READING,
            outstanding_report,
        ),
        Entry(
            "on-paper",
            "To tell on paper",
            "Who has something to read and is reached by no mail: a list to print for reception.",
            Permission.RECORD_PAPER,
            on_paper_report,
        ),
        Entry(
            "coverage",
            "Reading by policy and category",
            "How many have read what, without names.",
            Permission.SEE_COVERAGE,
            coverage_report,
        ),
        Entry(
            "left-without-reading",
            "Left without reading",
            "Who was here for a day and left before reading what day people must read.",
            Permission.SEE_READING,
            left_without_reading_report,
            stretches=True,
        ),
        Entry(
            "reviews-due",
            "Reviews due",
            "Reviews that are late, due within three months, or without a date.",
            Permission.SEE_REGISTER,
            reviews_due_report,
        ),
        Entry(
            "register",
            "Register of policies",
            "Every policy, what is in force since when, and who decided it.",
            Permission.SEE_DRAFTS,
            register_report,
        ),
        Entry(
            "links",
            "Related policies",
            "What is to be read together, and what is named but not in the register.",
            Permission.SEE_DRAFTS,
            links_report,
        ),
    )
}
