"""`people import`: people and their jobs from a list somebody saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from governance import clock
from governance.cli import base
from governance.db import reading, writing
from governance.errors import Refusal
from governance.people.importing import Preview, import_people, preview, settled
from governance.people.matching import Question
from governance.people.tables import Table, read_table
from governance.tenancy import Scope

people = base.group("people", "People and their jobs.")
commands = (people,)

_MOST_LINES = 50


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and store nothing.")
@click.option(
    "--same",
    "answers",
    multiple=True,
    metavar="ROW=WHO",
    help="Who a row is: a printed reference, row-N for an earlier row, or new. Asked for where it is not certain.",
)
@base.school_option
def import_file(scope: Scope, file: Path, dry_run: bool, answers: tuple[str, ...]) -> None:
    """Import people from CSV or XLSX, whole or not at all.

    Columns: staff_number, given_name, family_name, email, category (several parted by ; or on several rows), job_title,
    started_on, ended_on, line_manager (a staff number), agency, printed_reference. Repeating an import adds nothing.
    """
    table = read_table(file.name, file.read_bytes(), most_rows=base.settings().import_rows)
    now = clock.now()
    today = clock.today(scope.time_zone)
    with reading() as session:
        shown = preview(session, scope, table, today=today)
        asked = shown.plan.questions
        said = _answers(asked, answers)
        if said:
            shown = preview(session, scope, table, answers=said, today=today)
    _tell(
        shown, [_assumed(question) for question in asked if question.settled and said[question.key] == question.settled]
    )
    _refuse(shown, file)
    if dry_run:
        click.echo(f"{_counts(shown, table)}. Nothing was stored: this was a dry run.")
        return
    with writing() as session:
        done = import_people(session, scope, base.command_line_actor(), table, answers=said, now=now)
    click.echo(
        f"{file.name}: {done.new_people} new people, {done.changed_people} changed, {done.new_jobs} new jobs, "
        f"{done.changed_jobs} jobs changed; {len(shown.people('unchanged'))} people as they were."
    )


def _answers(questions: list[Question], given: tuple[str, ...]) -> dict[str, str]:
    """What was said of each open question; different names in one mailbox are different people unless it was said."""
    answers = settled(questions)
    for answer in given:
        row, _, who = answer.partition("=")
        key = f"row-{row.strip().removeprefix('row-')}"
        question = next((one for one in questions if one.key == key), None)
        if question is None:
            raise Refusal.one(f"Nothing is asked about row {row}. Leave out --same {answer}.")
        names = {"new": "new"} | {candidate.key: candidate.key for candidate in question.candidates}
        names |= {candidate.reference: candidate.key for candidate in question.candidates if candidate.reference}
        if who.strip() not in names:
            raise Refusal.one(f"--same {answer}: say {', '.join(sorted(_choices(question)))}.")
        answers[key] = names[who.strip()]
    return answers


def _choices(question: Question) -> Iterator[str]:
    yield "new"
    for candidate in question.candidates:
        yield candidate.reference or candidate.key


def _assumed(question: Question) -> str:
    others = ", ".join(candidate.name for candidate in question.candidates)
    who = question.details.name
    return f"Row {question.row}: {who} {question.why} as {others}, and is taken as somebody else."


def _tell(shown: Preview, assumed: list[str]) -> None:
    """Notes, open questions and row errors, one a line, on standard error."""
    lines = [f"Note: {note}" for note in shown.plan.notes + assumed]
    lines += [
        f"Row {question.row}: {question.details.name} {question.why} as "
        f"{', '.join(candidate.name for candidate in question.candidates)}. "
        f"Say --same {question.row}={' or '.join(_choices(question))}."
        for question in shown.plan.questions
    ]
    lines += [
        f"Row {error.row}{f', {error.column}' if error.column else ''}: {error.message}" for error in shown.plan.errors
    ]
    for line in lines[:_MOST_LINES]:
        click.echo(" ".join(line.split()), err=True)
    if len(lines) > _MOST_LINES:
        click.echo(f"… and {len(lines) - _MOST_LINES} more.", err=True)


def _refuse(shown: Preview, file: Path) -> None:
    """Stop before anything is stored."""
    refused, asked = shown.rows_refused, len(shown.plan.questions)
    if refused or asked:
        reasons = [f"rows with errors: {refused}" if refused else "", f"open questions: {asked}" if asked else ""]
        raise Refusal.one(f"Nothing was imported from {file.name}: {', '.join(filter(None, reasons))} (listed above).")


def _counts(shown: Preview, table: Table) -> str:
    new, changed, same = (len(shown.people(becomes)) for becomes in ("new", "changed", "unchanged"))
    return f"{len(table.records)} rows: {new} new people, {changed} changed, {same} as they were"
