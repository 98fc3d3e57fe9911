"""A report on a schedule: the same `Report` value that the screen shows, by mail to those who may see it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from governance.accounts.permissions import Permission
from governance.db import reading
from governance.errors import Refusal
from governance.mail.compose import Attachment, compose
from governance.reports.catalogue import CATALOGUE, Entry
from governance.reports.files import FORMS
from governance.reports.formats.json import json
from governance.reports.report import Report
from governance.schedule.jobs import Context, Made, Outcome, Post, job
from governance.schedule.recipients import Addressee, Recipients, resolve

REPORT = "report"
ATTACHED, LINKED = "attached", "linked"


def needed_for(about: Mapping[str, Any]) -> Permission:
    """What somebody must be allowed to open the report that options or a payload name; a person's record has no name."""
    entry = CATALOGUE.get(str(about.get("report", "")))
    return entry.permission if entry else Permission.SEE_READING


@job(REPORT, "A report by mail", opens=needed_for)
def report_mail(context: Context) -> Outcome:
    """Send one report. Options: `report` (a name in the catalogue), `form` (xlsx, pdf, csv), `files` (attached, linked).

    Raises:
        Refusal: when there is no such report or form, or nobody who may see it.
        ChildFailed: when the PDF broke a limit.
    """
    entry, form = _chosen(context)
    with reading() as session:
        report = entry.gather(session, context.scope, context.today, context.now)
        everybody = resolve(session, context.scope, Recipients.from_values(context.recipients), context.today)
    told = [one for one in everybody if one.may(entry.permission)]
    if not told:
        raise Refusal.one("None of the recipients may see this report and has an address that mail can be sent to.")
    context.progress(f"Making {report.heading}")
    file = as_file(report, form)
    files = (file,) if context.options.get("files", ATTACHED) == ATTACHED else ()
    made = Made(
        kind="report",
        title=report.heading,
        filename=file.filename,
        media_type=file.media_type,
        content=file.content,
        values_sha256=values_sha256(report),
    )
    letters = tuple(_letter(context, report, one, files) for one in told)
    return Outcome(in_words(told, everybody), artefact=made, letters=letters)


def as_file(report: Report, form: str) -> Attachment:
    """A report in one of its forms, under the name it has on screen too."""
    chosen = FORMS[form]
    return Attachment(f"{report.filename_stem}.{form}", chosen.media_type, chosen.write(report))


def values_sha256(report: Report) -> str:
    """The hash of what the report says, whatever its form."""
    return hashlib.sha256(json(report)).hexdigest()


def in_words(told: list[Addressee], everybody: list[Addressee]) -> str:
    """How many mails were queued, and who was left out because they may not see it."""
    left_out = [one.name or one.address for one in everybody if one not in told]
    sent = f"{len(told)} mail{'' if len(told) == 1 else 's'} queued."
    return f"{sent} Left out, as their role may not see it: {', '.join(left_out)}." if left_out else sent


def _chosen(context: Context) -> tuple[Entry, str]:
    entry = CATALOGUE.get(str(context.options.get("report", "")))
    form = str(context.options.get("form", "xlsx"))
    if entry is None or form not in FORMS:
        raise Refusal.one("Choose a report and the form of its file.", "report")
    return entry, form


def _letter(context: Context, report: Report, one: Addressee, files: tuple[Attachment, ...]) -> Post:
    values = {
        "name": one.name,
        "heading": report.heading,
        "figures": report.figures,
        "lateness": context.lateness,
        "attached": bool(files),
        "link": context.link(f"reports/{report.name}"),
        "settings_link": context.link("scheduled"),
    }
    letter = compose(
        REPORT,
        to=one.address,
        school=context.scope.name,
        values=values,
        attachments=files,
        to_person=one.person,
    )
    return Post(letter)
