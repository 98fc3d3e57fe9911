"""The form that sets something to run: what, when, to whom."""

from __future__ import annotations

import datetime as dt

from governance.accounts.permissions import Role
from governance.errors import Refusal
from governance.reports.catalogue import CATALOGUE
from governance.schedule.cadence import BeforeMeeting, Cadence, Daily, Monthly, Weekly
from governance.schedule.offers import DRAFT_PACK, MONDAY_MAIL, POLICY_DUE, TEAM_DIGEST
from governance.schedule.recipients import MANAGERS, OFFICES, OWNERS, Recipients
from governance.schedule.reports import ATTACHED, LINKED, REPORT
from governance.web.forms import CheckboxesField, Choice, Form, NumberField, RadiosField, TextField

WEEKLY, MONTHLY, BEFORE = "weekly", "monthly", "before_meeting"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class EntryForm(Form):
    """What is to run. A draft pack runs before each meeting, everything else by the week or month. Line managers and
    owners need not be chosen: their mail goes to each of them.
    """

    job = RadiosField(
        "What",
        choices=[
            (MONDAY_MAIL, "What is due, in the body of a mail"),
            (DRAFT_PACK, "A draft pack for each meeting"),
            (TEAM_DIGEST, "Late reading, to each line manager about their own people"),
            (POLICY_DUE, "A policy is due, to its owner, each school day on which a step is reached"),
            (REPORT, "A report by mail"),
        ],
        default=MONDAY_MAIL,
    )
    report = Choice("Which report", description="For a report by mail.")
    form = Choice("As", choices=[("xlsx", "Excel"), ("pdf", "PDF"), ("csv", "CSV")])
    files = RadiosField(
        "Files",
        choices=[(ATTACHED, "Attached to the mail"), (LINKED, "Linked, to be opened signed in")],
        default=ATTACHED,
    )
    every = RadiosField(
        "When",
        choices=[(WEEKLY, "Every week"), (MONTHLY, "Every month"), (BEFORE, "Before each meeting")],
        default=WEEKLY,
    )
    weekday = Choice("Day of the week", choices=[(str(n), name) for n, name in enumerate(_DAYS)])
    day = Choice("Day of the month", choices=[*((str(n), str(n)) for n in range(1, 29)), ("last", "The last day")])
    days = NumberField("Days before the meeting", default=14, not_number="Enter a whole number of days, such as 14.")
    at = TextField("At", default="07:00", description="By the school's clock, for example 07:00.")
    roles = CheckboxesField(
        "To these roles", choices=[(role.value, role.in_words) for role in Role if role is not Role.READER]
    )
    offices = CheckboxesField("To these offices", choices=list(OFFICES.items()))

    def cadence(self) -> Cadence:
        """When it runs.

        Raises:
            Refusal: for a time or a number of days that cannot be.
        """
        at = _time(self.at.data or "")
        if self.job.data == DRAFT_PACK or self.every.data == BEFORE:
            return BeforeMeeting(self.days.data if self.days.data is not None else 14, at)
        if self.job.data == POLICY_DUE:
            return Daily(at, school_days_only=True)
        if self.every.data == MONTHLY:
            return Monthly(None if self.day.data == "last" else int(self.day.data), at)
        return Weekly(int(self.weekday.data), at)

    def recipients(self) -> Recipients:
        """To whom.

        Raises:
            Refusal: when nobody was chosen.
        """
        own = {TEAM_DIGEST: MANAGERS, POLICY_DUE: OWNERS}.get(self.job.data)
        if own is not None:
            return Recipients(own=own)
        return Recipients(roles=tuple(self.roles.data or ()), offices=tuple(self.offices.data or ()))

    def options(self) -> dict[str, str]:
        """The job's own choices."""
        if self.job.data == REPORT:
            return {"report": self.report.data, "form": self.form.data, "files": self.files.data}
        return {"files": self.files.data} if self.job.data == MONDAY_MAIL else {}


def filled_choices(form: EntryForm) -> EntryForm:
    """The form with the reports to choose from."""
    form.report.choices = [(entry.name, entry.title) for entry in CATALOGUE.values()]
    return form


def _time(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text.strip().zfill(5))
    except ValueError as error:
        raise Refusal.one("Enter a time such as 07:00.", "at") from error
