"""The Monday mail: what is due, overdue and missing, in the body of the mail; one line when all is well.

    reviews due and reading overdue, one moment → a mail each → files attached or linked

Names of people whose reading is overdue go only to those whose role may see them on screen; others read the count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.accounts.permissions import Permission
from governance.db import reading
from governance.errors import Refusal
from governance.mail.compose import Attachment, Letter, compose
from governance.render import words
from governance.reports.gathering.policies import reviews_due_report
from governance.reports.gathering.unread import overdue_report
from governance.reports.report import Report, said_rows
from governance.schedule.jobs import Context, Outcome, Post, job
from governance.schedule.offers import MONDAY_MAIL
from governance.schedule.recipients import Addressee, Recipients, resolve
from governance.schedule.reports import ATTACHED, as_file

# House rule: more than this is no longer read in a mail; the files have them all.
MOST_LINES = 25
FORMS = ("xlsx", "pdf")


@dataclass(frozen=True)
class Week:
    """What the mail tells, gathered at one moment."""

    reviews: Report
    overdue: Report

    @property
    def is_quiet(self) -> bool:
        """Whether one line is enough."""
        return not self.reviews.rows and not self.overdue.rows

    @property
    def figures(self) -> list[str]:
        """The counts in words, those that are none left out: "2 reviews overdue"."""
        counts = (
            (self.reviews.totals["late"], "review overdue", "reviews overdue"),
            (self.reviews.totals["due"], "review due within three months", "reviews due within three months"),
            (self.reviews.totals["no_review_date"], "policy without a review date", "policies without a review date"),
            (self.overdue.totals["people"], "person with reading overdue", "people with reading overdue"),
        )
        return [words.plural(count, one, many) for count, one, many in counts if count]


@job(MONDAY_MAIL, "What is due, in the body of a mail", opens=lambda _: Permission.SEE_READING)
def monday_mail(context: Context) -> Outcome:
    """Tell the recipients how the school stands. Option `files`: attached or linked.

    Raises:
        Refusal: when no recipient has an address that mail can be sent to.
        ChildFailed: when a PDF broke a limit.
    """
    with reading() as session:
        week = Week(
            reviews_due_report(session, context.scope, context.today, context.now),
            overdue_report(session, context.scope, context.today, context.now),
        )
        recipients = resolve(session, context.scope, Recipients.from_values(context.recipients), context.today)
    if not recipients:
        raise Refusal.one("None of the recipients has an address that mail can be sent to. Check roles and accounts.")
    files = _files(context, week)
    letters = tuple(Post(_letter(context, week, one, files)) for one in recipients)
    told = "All is well" if week.is_quiet else words.listed(week.figures).capitalize()
    return Outcome(f"{told}. {words.plural(len(letters), 'mail')} queued.", letters=letters)


def _files(context: Context, week: Week) -> Mapping[str, tuple[Attachment, ...]]:
    """The files of each report that has rows; none where the mail links to them."""
    if context.options.get("files", ATTACHED) != ATTACHED:
        return {}
    made = {}
    for report in (week.reviews, week.overdue):
        if report.rows:
            context.progress(f"Making {report.heading}")
            made[report.name] = tuple(as_file(report, form) for form in FORMS)
    return made


def _letter(context: Context, week: Week, one: Addressee, files: Mapping[str, tuple[Attachment, ...]]) -> Letter:
    names = one.may(Permission.SEE_READING)
    attached = files.get(week.reviews.name, ()) + (files.get(week.overdue.name, ()) if names else ())
    values: dict[str, Any] = {
        "name": one.name,
        "today": context.today,
        "lateness": context.lateness,
        "quiet": week.is_quiet,
        "figures": week.figures,
        "reviews": _lines(week.reviews, "policy", "next_review", "state", "holder"),
        "more_reviews": max(0, len(week.reviews.rows) - MOST_LINES),
        "overdue": _lines(week.overdue, "given_name", "family_name", "policy", "due", "days_late") if names else [],
        "more_overdue": max(0, len(week.overdue.rows) - MOST_LINES) if names else 0,
        "people_overdue": week.overdue.totals["people"],
        "attached": bool(attached),
        "reviews_link": context.link(f"reports/{week.reviews.name}"),
        "overdue_link": context.link(f"reports/{week.overdue.name}"),
        "settings_link": context.link("scheduled"),
    }
    return compose(
        MONDAY_MAIL,
        to=one.address,
        school=context.scope.name,
        values=values,
        attachments=attached,
        to_person=one.person,
    )


def _lines(report: Report, *keys: str) -> list[dict[str, str]]:
    """The first rows in a reader's words, by column."""
    titles = [column.key for column in report.columns]
    rows = said_rows(report.columns, report.rows[:MOST_LINES])
    return [{key: row[titles.index(key)] for key in keys} for row in rows]
