"""Receipts from a list or a sheet: all or none, none twice, errors by row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.people.models import Person
from governance.people.tables import read_table
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import withdraw
from governance.reading.importing import Row, import_previewed, import_receipts, preview
from governance.reading.models import Acknowledgement
from governance.reading.receipt_rows import read_receipts
from governance.reading.sheets import record_sheet
from governance.tenancy import Scope
from tests.hillcrest import (
    MAYA,
    NOW,
    TODAY,
    a_policy,
    a_school,
    divide,
    latest,
    put_in_force,
    someone,
)

SIGNED = dt.date(2026, 11, 12)


@dataclass
class Case:
    session: Session
    scope: Scope
    version: PolicyVersion
    tess: Person
    viv: Person

    def row(self, line: int = 2, **changes: object) -> Row:
        told: dict[str, object] = {
            "staff_number": "N-Tess-Marlow",
            "reference": "POL-001",
            "version": 1,
            "acknowledged_on": SIGNED,
            "method": "paper",
            "witness": "Maya Lund",
        }
        return Row(line, **{**told, **changes})  # type: ignore[arg-type]

    def load(self, *rows: Row) -> int:
        return import_receipts(self.session, self.scope, MAYA, rows, TODAY, NOW)

    def given(self) -> list[Acknowledgement]:
        return list(self.session.scalars(select(Acknowledgement).order_by(Acknowledgement.id)))

    def sign(self, *people: Person, signed_on: dt.date = SIGNED, witness: str = "Maya Lund") -> list[Acknowledgement]:
        return record_sheet(
            self.session,
            self.scope,
            MAYA,
            self.version,
            people,
            signed_on=signed_on,
            witness=witness,
            today=TODAY,
            now=NOW,
        )


@pytest.fixture
def case(session: Session) -> Case:
    scope = a_school(session)
    policy: Policy = a_policy(session, scope, "Behaviour Policy")
    put_in_force(session, scope, latest(session, policy), dt.date(2026, 9, 1), dt.date(2026, 10, 1))
    viv = someone(session, scope, "Viv Ash", ("volunteers",))
    return Case(session, scope, latest(session, policy), someone(session, scope), viv)


def test_a_row_becomes_a_receipt_bound_to_the_versions_bytes(case: Case) -> None:
    assert case.load(case.row()) == 1
    (receipt,) = case.given()
    assert receipt.documents_sha256 == case.version.documents_sha256
    assert (receipt.acknowledged_on, receipt.method, receipt.witness) == (SIGNED, "paper", "Maya Lund")
    assert receipt.assurance == "paper_witnessed" and receipt.recorded_by == "Maya Lund"
    assert (
        case.session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq.desc())).first()
        == "receipts imported"
    )
    assert verify(case.session, case.scope).fault is None


def test_repeating_an_import_adds_nothing(case: Case) -> None:
    rows = [case.row(), case.row(3, staff_number=case.viv.printed_reference)]
    assert case.load(*rows) == 2
    entries = len(case.session.scalars(select(JournalEntry)).all())
    assert case.load(*rows) == 0
    assert len(case.given()) == 2 and len(case.session.scalars(select(JournalEntry)).all()) == entries


def test_a_row_that_is_there_twice_is_one_receipt(case: Case) -> None:
    assert case.load(case.row(), case.row(3, reference="pol-001", staff_number="n-tess-marlow")) == 1


def test_a_withdrawn_receipt_may_be_imported_again(case: Case) -> None:
    case.load(case.row())
    withdraw(case.session, case.scope, MAYA, case.given()[0], "The wrong row", NOW)
    assert case.load(case.row()) == 1


@pytest.mark.parametrize(
    "changes,why",
    [
        ({"staff_number": "N-Zed"}, "Row 3: nobody in this school has the staff number"),
        ({"reference": "POL-999"}, "Row 3: the register has no version 1 of"),
        ({"version": 2}, "Row 3: the register has no version 2 of"),
        ({"acknowledged_on": dt.date(2026, 11, 17)}, "Row 3: 17 November 2026 is in the future"),
        ({"method": "telepathy"}, "Row 3: the method is"),
        ({"witness": " "}, "Row 3: enter who saw the paper signed"),
        ({"witness": "x" * 201}, "Row 3: The name of the witness|Row 3: The witness"),
        ({"staff_number": "N-Bea-Old"}, "Row 3: N-Bea-Old left on 31 October 2026"),
    ],
)
def test_row_68_a_row_that_cannot_be_taken_is_named_and_none_is(
    case: Case, changes: dict[str, object], why: str
) -> None:
    someone(case.session, case.scope, "Bea Old", ended_on=dt.date(2026, 10, 31))
    with pytest.raises(Refusal, match=why):
        case.load(case.row(), case.row(3, **changes))
    assert case.given() == []


def test_row_44_another_schools_person_is_nobody_here(case: Case) -> None:
    zeds = a_school(case.session, "Zed's Academy", "zeds")
    someone(case.session, zeds, "Zoe Farr")
    with pytest.raises(Refusal, match="nobody in this school"):
        case.load(case.row(staff_number="N-Zoe-Farr"))


def test_a_leavers_receipt_of_their_last_day_counts(case: Case) -> None:
    someone(case.session, case.scope, "Bea Old", ended_on=dt.date(2026, 10, 31))
    assert case.load(case.row(staff_number="N-Bea-Old", acknowledged_on=dt.date(2026, 10, 31))) == 1


def test_a_row_for_parts_is_a_receipt_that_names_them_and_one_for_the_whole_adds_to_it(case: Case) -> None:
    divide(case.session, case.scope, "Behaviour Policy")
    of_parts = case.row(parts=("annex b", "Part one"))
    assert case.load(case.row(parts=("Part one",)), of_parts, case.row(4)) == 3
    assert [(one.parts, one.wording.partition("This is for: ")[2]) for one in case.given()] == [
        (1, "Part one."),
        (3, "Part one; Annex B."),
        (0, ""),
    ]
    assert case.load(case.row(), of_parts) == 0, "the receipt for the whole is for its parts too"


def test_a_part_the_register_does_not_know_refuses_its_row_and_nothing_is_stored(case: Case) -> None:
    rows = (case.row(staff_number="N-Viv-Ash"), case.row(3, parts=("Part one", "Part two")))
    with pytest.raises(Refusal, match="Row 3: POL-001 is not divided into parts, so leave parts empty"):
        case.load(*rows)
    divide(case.session, case.scope, "Behaviour Policy")
    with pytest.raises(Refusal, match=r"Row 3: POL-001 has no part “Part two”\. Its parts are: Part one; Annex B\."):
        case.load(*rows)
    assert case.given() == []


def test_many_reasons_are_told_shortly(case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        case.load(*(case.row(number, version=7) for number in range(2, 52)))
    assert len(refused.value.objections) == 21
    assert refused.value.objections[-1].message == "and 30 more rows like these."


def test_a_preview_records_nothing_and_what_it_showed_is_what_is_recorded(case: Case) -> None:
    rows = [case.row(), case.row(3, version=7), case.row(4, staff_number="N-Viv-Ash")]
    seen = preview(case.session, case.scope, rows, TODAY)
    assert ([one.person.name for one in seen.fresh], seen.known, seen.rows_refused) == (
        ["Tess Marlow", "Viv Ash"],
        0,
        1,
    )
    assert case.given() == []
    assert import_previewed(case.session, case.scope, MAYA, rows, seen.digest, TODAY, NOW) == 2
    with pytest.raises(Refusal, match="changed since you looked"):
        import_previewed(case.session, case.scope, MAYA, rows, seen.digest, TODAY, NOW)


def test_a_list_is_read_however_it_was_saved() -> None:
    lines = (
        "Staff No;Policy;Version;Date;Method;Witness;Part",
        'N-1;POL-001;2;1/9/2026;;Maya Lund;"Part one ; Annex B;"',
        ";;;;;",
        "N-2;POL-001;2;1 September 2026;;",
    )
    text = "\r\n".join(lines)
    read = read_receipts(read_table("list.csv", text.encode("utf-16"), most_rows=10))
    assert [(one.line, one.staff_number, one.version, str(one.acknowledged_on), one.method) for one in read.rows] == [
        (2, "N-1", 2, "2026-09-01", "paper"),
        (4, "N-2", 2, "2026-09-01", "import"),
    ]
    assert [one.parts for one in read.rows] == [("Part one", "Annex B"), ()]
    assert read.notes == ["Row 3 has nothing in it and is left out."]


@pytest.mark.parametrize(
    "row,why",
    [
        ("N-1,POL-001,two,2026-09-01,paper,Maya", "version must be the version's number"),
        ("N-1,POL-001,0,2026-09-01,paper,Maya", "version must be the version's number"),
        ("N-1,POL-001,2,31/02/2026,paper,Maya", "February"),
        ("N-1,POL-001,2,20226-01-01,paper,Maya", "not a date"),
        ("N-1,POL-001,2,,paper,Maya", "acknowledged_on is empty"),
        (",POL-001,2,2026-09-01,paper,Maya", "staff_number is empty"),
        ("N-1,POL-001,2,2026-09-01,paper,Maya,more", "7 cells where the header has 6"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: str, why: str) -> None:
    text = f"staff_number,reference,version,acknowledged_on,method,witness\n{row}\n"
    read = read_receipts(read_table("list.csv", text.encode(), most_rows=10))
    assert read.rows == [] and [one.line for one in read.errors] == [2]
    assert why in read.errors[0].message


def test_a_sheet_gives_everybody_who_signed_a_receipt(case: Case) -> None:
    given = case.sign(case.tess, case.viv)
    assert len({one.reference for one in given}) == 2
    assert {(one.method, one.witness, one.acknowledged_on) for one in given} == {("paper", "Maya Lund", SIGNED)}
    assert verify(case.session, case.scope).fault is None


@pytest.mark.parametrize(
    "changes,why",
    [
        ({"signed_on": dt.date(2026, 11, 17)}, "is in the future"),
        ({"witness": ""}, "who saw the paper signed"),
    ],
)
def test_row_68_a_sheet_of_a_future_day_or_without_a_witness_is_refused(
    case: Case, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        case.sign(case.tess, **changes)  # type: ignore[arg-type]
    assert case.given() == []


def test_row_68_a_duplicate_or_a_leaver_stops_the_sheet_and_is_named(case: Case) -> None:
    bea = someone(case.session, case.scope, "Bea Old", ended_on=dt.date(2026, 10, 31))
    case.sign(case.tess)
    with pytest.raises(Refusal) as refused:
        case.sign(case.tess, case.viv, bea)
    assert [one.field for one in refused.value.objections] == [
        f"person-{case.tess.public_id}",
        f"person-{bea.public_id}",
    ]
    assert len(case.given()) == 1


def test_a_sheet_that_nobody_signed_is_refused(case: Case) -> None:
    with pytest.raises(Refusal, match="Tick everybody who signed"):
        case.sign()
