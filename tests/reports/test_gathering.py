"""Each report of a small school as somebody would work it out by hand, and the same figures in every form.

On Monday 16 November 2026 at Hillcrest:
Behaviour (POL-001)   version 1 from 1 September 2025; version 2 from 1 September 2026, asked from 1 October: due 15 October
Complaints (POL-002)  in force and asked from 9 November: due 23 November; required of teachers alone
Tess, teacher, read neither. Noor, teacher and governor, read Behaviour 2 on paper on 5 October; her Complaints was withdrawn.
Bea, teacher, read Behaviour 1 in 2025 and left on 31 October 2026. Al, agency, has no staff number; Tess manages him.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import event
from sqlalchemy.orm import Session

from governance.adoption.actions import adopt
from governance.adoption.entered import Decide
from governance.chasing.models import Reminder, ReminderLine
from governance.errors import NotFound
from governance.extract.dates import exactly
from governance.mail.models import Outbox
from governance.people.models import Engagement, Person
from governance.policies.actions import retire
from governance.policies.models import Policy, PolicyVersion
from governance.policies.related import relate
from governance.reading.acknowledging import Act, acknowledge, shown_now, withdraw
from governance.reading.owed import Owed
from governance.reading.queries import overdue
from governance.reading.requiring import Requirement, require
from governance.reports.catalogue import CATALOGUE
from governance.reports.files import FORMS
from governance.reports.gathering.person import person_named, person_report
from governance.reports.report import Report
from governance.tenancy import Scope
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY

OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture
def scope(session: Session) -> Scope:
    scope = hillcrest.a_school(session)
    tess = hillcrest.someone(session, scope)
    noor = hillcrest.someone(session, scope, "Noor O'Neill", ("teachers", "governors"))
    bea = hillcrest.someone(session, scope, "Bea Old", ended_on=dt.date(2026, 10, 31))
    al = hillcrest.someone(session, scope, "Al Supply", ("agency",))
    al.staff_number = None
    session.query(Engagement).filter_by(person_id=al.id).update({"line_manager_id": tess.id, "job_title": "Cover"})
    behaviour = hillcrest.a_policy(session, scope, "Behaviour Policy", "# One")
    first = hillcrest.latest(session, behaviour)
    hillcrest.put_in_force(session, scope, first, dt.date(2025, 9, 1), dt.date(2025, 9, 1))
    complaints = hillcrest.a_policy(session, scope, "Complaints Procedure", "# Two")
    since = dt.date(2025, 9, 1)
    for policy, codes in ((behaviour, ("teachers", "governors", "agency")), (complaints, ("teachers",))):
        for code in codes:
            wanted = Requirement(category_id=hillcrest.category(session, scope, code).id)
            require(session, scope, MAYA, policy, wanted, since, NOW)
    read(session, scope, bea, first, dt.date(2025, 9, 20))
    second = hillcrest.a_version(session, scope, behaviour, "# One, anew")
    hillcrest.put_in_force(session, scope, second, dt.date(2026, 9, 1), OCTOBER)
    only = hillcrest.latest(session, complaints)
    hillcrest.put_in_force(session, scope, only, dt.date(2026, 11, 9), dt.date(2026, 11, 9))
    read(session, scope, noor, second, dt.date(2026, 10, 5))
    mistaken = read(session, scope, noor, only, dt.date(2026, 11, 10))
    withdraw(session, scope, MAYA, mistaken, "The wrong row", NOW)
    zeds = hillcrest.a_school(session, "Zed's Academy", "zeds")
    hillcrest.put_in_force(
        session, zeds, hillcrest.latest(session, hillcrest.a_policy(session, zeds, "Zed's Policy")), since, since
    )
    return scope


def read(session: Session, scope: Scope, person: Person, version: PolicyVersion, day: dt.date):  # type: ignore[no-untyped-def]
    act = Act(acknowledged_on=day, method="paper", assurance="paper_witnessed", witness="Maya Lund")
    return acknowledge(session, scope, MAYA, person, version, shown_now(session, scope, version), act, NOW)


def of(session: Session, scope: Scope, name: str, day: dt.date = TODAY) -> Report:
    return CATALOGUE[name].gather(session, scope, day, NOW)


def test_read_has_every_version_leavers_included_and_nothing_withdrawn(session: Session, scope: Scope) -> None:
    found = of(session, scope, "read")
    assert [row[:-1] for row in found.rows] == [
        *[
            ("N-Bea-Old", "Old", "Bea", "", "Teachers", "POL-001", "Behaviour Policy", "1")
            + (dt.date(2025, 9, 20), "On paper", "Maya Lund")
        ],
        *[
            ("N-Noor-O'Neill", "O'Neill", "Noor", "", "Teachers; Governors", "POL-001", "Behaviour Policy", "2")
            + (dt.date(2026, 10, 5), "On paper", "Maya Lund")
        ],
    ]
    assert found.totals == {"receipts": 2, "people": 2}
    assert all(row[-1].startswith("R-") for row in found.rows)
    assert of(session, scope, "read", dt.date(2026, 10, 4)).totals == {"receipts": 1, "people": 1}


def test_outstanding_and_overdue_have_a_row_a_person_and_policy(session: Session, scope: Scope) -> None:
    late = (OCTOBER, dt.date(2026, 10, 15), 32, None)
    soon = (dt.date(2026, 11, 9), dt.date(2026, 11, 23), 0, None)
    [al] = session.query(Person).filter_by(given_name="Al").all()
    expected = [
        ("N-Tess-Marlow", "Marlow", "Tess", "", "Teachers", "", "Behaviour Policy", "2", *late),
        ("N-Tess-Marlow", "Marlow", "Tess", "", "Teachers", "", "Complaints Procedure", "1", *soon),
        ("N-Noor-O'Neill", "O'Neill", "Noor", "", "Teachers", "", "Complaints Procedure", "1", *soon),
        (al.printed_reference, "Supply", "Al", "Cover", "Agency staff", "Tess Marlow", "Behaviour Policy", "2", *late),
    ]
    assert list(of(session, scope, "outstanding").rows) == expected
    assert list(of(session, scope, "overdue").rows) == [expected[0], expected[3]]
    assert of(session, scope, "outstanding").totals == {"people": 3, "outstanding": 4}
    assert of(session, scope, "overdue").totals == {"people": 2, "overdue": 2}
    assert of(session, scope, "overdue", dt.date(2026, 10, 15)).rows == ()


def test_a_leaver_is_listed_to_the_last_day_and_not_after(session: Session, scope: Scope) -> None:
    def late(day: int, month: int) -> list[str]:
        return [row[2] for row in of(session, scope, "overdue", dt.date(2026, month, day)).rows]

    assert late(31, 10) == ["Tess", "Bea", "Al"]
    assert late(1, 11) == ["Tess", "Al"]


def test_last_reminded_is_the_day_a_mail_server_took_the_mail(session: Session, scope: Scope) -> None:
    [behaviour] = [row for row in overdue(session, scope, TODAY) if row.person_id == _id(session, "Tess")]
    for state, days in (("accepted", 3), ("undone", 1), ("queued", 0)):
        at = NOW - dt.timedelta(days=days)
        _remind(session, scope, behaviour, state, at)
    assert [row[-1] for row in of(session, scope, "overdue").rows] == [dt.date(2026, 11, 13), None]
    assert of(session, scope, "overdue", dt.date(2026, 11, 12)).rows[0][-1] is None
    assert [row[-1] for row in of(session, scope, "outstanding").rows if row[2] == "Tess"] == [
        dt.date(2026, 11, 13),
        None,
    ], "a mail about one policy says nothing of another"


def test_those_whom_no_mail_reaches_are_listed_to_be_told_on_paper(session: Session, scope: Scope) -> None:
    for person in session.query(Person).filter(Person.given_name.in_(["Tess", "Noor"])):
        person.email = f"{person.given_name.lower()}@hillcrest.sch.uk"
    session.flush()
    found = of(session, scope, "on-paper")
    assert [(row[0], row[3], row[5], row[7]) for row in found.rows] == [
        ("Supply", "Behaviour Policy", dt.date(2026, 10, 15), "No e-mail address")
    ]
    [late] = [row for row in overdue(session, scope, TODAY) if row.person_id == _id(session, "Tess")]
    _remind(session, scope, late, "refused", NOW)
    found = of(session, scope, "on-paper")
    assert [(row[0], row[7]) for row in found.rows] == [
        ("Marlow", "Mail was refused"),
        ("Marlow", "Mail was refused"),
        ("Supply", "No e-mail address"),
    ]
    assert found.totals == {"people": 2, "readings": 3}
    [tess] = session.query(Person).filter_by(given_name="Tess").all()
    tess.email = "tess.marlow@hillcrest.sch.uk"
    session.flush()
    assert {row[0] for row in of(session, scope, "on-paper").rows} == {"Supply"}, "another address is tried again"


def _id(session: Session, name: str) -> int:
    return session.query(Person).filter_by(given_name=name).one().id


def _remind(session: Session, scope: Scope, owed: Owed, state: str, at: dt.datetime) -> None:
    """A mail that named one reading to its reader, and what became of it."""
    whose = {"organisation_id": scope.organisation_id}
    mail = Outbox(
        **whose,
        kind="reminder",
        dedupe_key=f"{state} {at}",
        to_address="tess@hillcrest.sch.uk",
        subject="s",
        text="t",
        html="h",
        message_id=f"<{state}@x>",
        state=state,
        reason="there is no mailbox of that name." if state == "refused" else None,
        queued_at=at,
        next_try_at=at,
        ended_at=None if state == "queued" else at,
    )
    session.add(mail)
    session.flush()
    told = {**whose, "to_person_id": owed.person_id, "whom": "person"}
    reminder = Reminder(**told, outbox_id=mail.id, cause="a run", reminded_on=at.date())
    session.add(reminder)
    session.flush()
    about = {name: getattr(owed, name) for name in ("person_id", "policy_id", "version_id", "in_force_id", "due_on")}
    session.add(ReminderLine(**told, **about, reminder_id=reminder.id))
    session.flush()


def test_coverage_has_a_row_a_category_and_one_with_everyone_once(session: Session, scope: Scope) -> None:
    found = of(session, scope, "coverage")
    assert [row[0:1] + row[2:] for row in found.rows] == [
        ("POL-001", "Teachers", 2, 2, 1, 1, 1, 0, 0, 0),
        ("POL-001", "Governors", 1, 1, 1, 0, 0, 0, 0, 0),
        ("POL-001", "Agency staff", 1, 1, 0, 1, 1, 0, 0, 0),
        ("POL-001", "everyone", 3, 3, 1, 2, 2, 0, 0, 0),
        ("POL-002", "Teachers", 2, 2, 0, 2, 0, 0, 0, 0),
        ("POL-002", "everyone", 2, 2, 0, 2, 0, 0, 0, 0),
    ]
    assert list(found.totals.items()) == [
        *(("audience", 5), ("required", 5), ("acknowledged", 1)),
        *(("outstanding", 4), ("overdue", 2), ("away", 0), ("excused", 0), ("declined", 0)),
    ]


def test_reviews_register_and_links(session: Session, scope: Scope) -> None:
    [behaviour] = session.query(Policy).filter_by(title="Behaviour Policy").all()
    version = hillcrest.a_version(session, scope, behaviour, "# Three")
    decided, due = exactly(dt.date(2026, 11, 12)), exactly(dt.date(2026, 11, 14))
    facts = Decide(
        version=version, decided=decided, body=hillcrest.body(session, scope), minute="26/9", next_review=due
    )
    adopt(session, scope, MAYA, facts, NOW)
    relate(session, scope, MAYA, behaviour, ["Complaints Procedure / Exclusions Policy"], NOW)
    old = hillcrest.a_policy(session, scope, "Old Policy")
    whose = {"retired_on": dt.date(2026, 10, 1), "replaced_by": behaviour, "today": TODAY}
    retire(session, scope, MAYA, old, **whose, now=NOW)  # type: ignore[arg-type]
    due_rows = of(session, scope, "reviews-due")
    assert [(row[0], row[3], row[4]) for row in due_rows.rows] == [
        ("POL-001", 2, "In force; Review overdue"),
        ("POL-002", None, "In force; No review date"),
    ]
    assert due_rows.totals == {"late": 1, "due": 0, "no_review_date": 1}
    register = of(session, scope, "register")
    assert [(row[0], row[3], row[6], row[8], row[12], row[13]) for row in register.rows] == [
        ("POL-001", "In force; Review overdue", "Full Governing Body", "26/9", None, None),
        ("POL-002", "In force; No review date", "Full Governing Body", "", None, None),
        ("POL-003", "Retired", "", "", dt.date(2026, 10, 1), "Behaviour Policy"),
    ]
    assert register.totals == {"policies": 3, "in_force": 2}
    links = of(session, scope, "links")
    assert [row[2:] for row in links.rows] == [
        ("Complaints Procedure", "Complaints Procedure", "In force"),
        ("Exclusions Policy", None, "Not in the register"),
    ]
    assert links.totals == {"links": 2, "missing": 1}


def test_a_persons_record_has_what_is_asked_and_every_receipt(session: Session, scope: Scope) -> None:
    noor = person_named(session, scope, "N-Noor-O'Neill")
    found = person_report(session, scope, TODAY, NOW, person=noor)
    assert [(row[0], row[3], row[5], row[6]) for row in found.rows] == [
        ("POL-002", "Not yet read", dt.date(2026, 11, 23), None),
        ("POL-002", "Withdrawn", None, dt.date(2026, 11, 10)),
        ("POL-001", "Read", None, dt.date(2026, 10, 5)),
    ]
    assert found.totals == {"outstanding": 1, "overdue": 0, "receipts": 1}
    bea = person_report(session, scope, TODAY, NOW, person=person_named(session, scope, "N-Bea-Old"))
    assert [(row[0], row[2], row[3]) for row in bea.rows] == [("POL-001", "1", "Read")]
    zeds = hillcrest.a_school(session, "Northside", "northside")
    with pytest.raises(NotFound):
        person_named(session, zeds, "N-Bea-Old")


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("name", ["overdue", "coverage"])
def test_every_form_of_a_report_has_the_same_figures(session: Session, scope: Scope, name: str) -> None:
    found = of(session, scope, name)
    made: dict[str, bytes] = {form: FORMS[form].write(found) for form in FORMS}
    shape = json.loads(made["json"])
    assert (shape["title"], shape["as_of"], shape["totals"]) == (found.title, "2026-11-16", dict(found.totals))
    as_text = [[_plain(cell) for cell in row] for row in found.rows]
    assert [["" if cell is None else str(cell) for cell in row] for row in shape["rows"]] == as_text
    _, *rows = csv.reader(io.StringIO(made["csv"].decode("utf-8-sig")))
    assert rows == as_text
    sheet = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))["Report"]
    _, *cells = sheet.iter_rows(values_only=True)
    assert [[_plain(cell) for cell in row] for row in cells] == as_text
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made["pdf"])).pages).split())
    for row in as_text:
        for word in row[0], row[1]:
            assert word in made["html"].decode()
            assert word.split()[0] in printed


def _plain(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    return "" if cell is None else str(cell)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("name", list(CATALOGUE))
def test_row_70_a_report_of_no_rows_is_its_head(session: Session, name: str) -> None:
    empty = of(session, hillcrest.a_school(session), name)
    assert empty.rows == ()
    titles = [column.title for column in empty.columns]
    assert list(csv.reader(io.StringIO(FORMS["csv"].write(empty).decode("utf-8-sig")))) == [titles]
    sheet = openpyxl.load_workbook(io.BytesIO(FORMS["xlsx"].write(empty)))["Report"]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [titles]
    assert json.loads(FORMS["json"].write(empty))["rows"] == []
    assert titles[0] in FORMS["html"].write(empty).decode()


def test_every_report_asks_few_statements_whatever_the_size(session: Session, scope: Scope) -> None:
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: asked.append(a[2]))

    def statements(question: Callable[[], object]) -> int:
        asked.clear()
        question()
        return len(asked)

    def all_of() -> dict[str, int]:
        return {name: statements(lambda name=name: of(session, scope, name)) for name in CATALOGUE}  # type: ignore[misc]

    small = all_of()
    for number in range(12):
        version = hillcrest.latest(session, hillcrest.a_policy(session, scope, f"Policy {number}", f"# {number}"))
        hillcrest.put_in_force(session, scope, version, OCTOBER, OCTOBER)
    assert all_of() == small
    assert max(small.values()) <= 8, small
