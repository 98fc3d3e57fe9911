"""The inspection file of a small school as somebody would work it out by hand, on both databases; its rules; its pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.policies.models import Policy as Recorded
from governance.policies.safeguarding import is_about_safeguarding
from governance.reading.owed import State
from governance.reports.inspection.concerns import is_visiting
from governance.reports.inspection.freezing import html, pages, values_hash
from governance.reports.inspection.gathering import inspection
from governance.reports.inspection.values import Cell, Inspection, Policy, Reader, in_a_sentence
from governance.tenancy import Scope
from tests import hillcrest
from tests.hillcrest import NOW, TODAY
from tests.render.pdf_checks import bookmarks_of, failures, text_of
from tests.reports import inspected


@pytest.fixture
def scope(session: Session) -> Scope:
    scope = hillcrest.a_school(session)
    inspected.furnish(session, scope)
    zeds = hillcrest.a_school(session, "Zed's Academy", "zeds")
    hillcrest.someone(session, zeds, "Zoe Farr", ("agency",))
    foreign = inspected.policy(session, zeds, "Safeguarding Policy", inspected.SINCE, "1", dt.date(2027, 9, 1))
    inspected.asked(session, zeds, foreign, ("agency",), dt.date(2026, 10, 1))
    return scope


def gathered(session: Session, scope: Scope, made_by: str = "Maya Lund") -> Inspection:
    return inspection(session, scope, TODAY, NOW, made_by)


def test_everybody_stands_by_name_as_worked_out_by_hand(session: Session, scope: Scope) -> None:
    found = gathered(session, scope)
    assert found.safeguarding == ("Child Protection Policy", "Staff Code of Conduct")
    said = {one.name: (one.categories, *(cell and cell.in_words for cell in one.cells)) for one in found.readers}
    assert said == {
        "Ann Away": ("Teachers", "Away", "Away"),
        "Gus Board": ("Governors", "Given, not signed", None),
        "Kit Desk": ("Administrators", None, None),
        "Noor O'Neill": ("Teachers", "Read 5 Oct 2026", "Read 10 Nov 2026"),
        "Tess Marlow": ("Teachers", "Late, due 15 Oct 2026", "Not yet due: 23 Nov 2026"),
        "Viv Ash": ("Volunteers", "Not needed", None),
    }
    assert list(said) == ["Viv Ash", "Ann Away", "Gus Board", "Kit Desk", "Tess Marlow", "Noor O'Neill"]
    assert in_a_sentence(found.readers) == (
        "Of 5 people asked to read at least one of these policies: 1 is late with at least one; "
        "1 was given one and did not sign; 1 is away; 2 have read all that is needed. "
        "1 other is asked to read none of them."
    )


def test_what_the_school_says_of_a_policy_goes_before_its_title_and_the_file_says_so(
    session: Session, scope: Scope
) -> None:
    by_title = {one.title: one for one in session.scalars(select(Recorded).order_by(Recorded.id))}
    by_title["Behaviour Policy"].safeguarding = True
    by_title["Staff Code of Conduct"].safeguarding = False
    by_title["Child Protection Policy"].safeguarding = True
    session.flush()
    found = gathered(session, scope)
    assert found.safeguarding == ("Behaviour Policy", "Child Protection Policy")
    assert (found.counted_anyway, found.left_out) == (("Behaviour Policy",), ("Staff Code of Conduct",))
    said = html(found)
    assert "and what the school counts with them: Behaviour Policy." in said
    assert "The school does not count Staff Code of Conduct among them." in said
    assert "does not count" not in html(_many(1, 1))


def test_supply_and_volunteers_of_the_year_are_listed_a_leaver_too(session: Session, scope: Scope) -> None:
    found = gathered(session, scope)
    assert found.year_from == dt.date(2026, 9, 1)
    assert [(v.name, v.category, v.agency, v.from_on, v.until_on) for v in found.visitors] == [
        ("Viv Ash", "Volunteers", "", dt.date(2024, 1, 8), None),
        ("Al Supply", "Agency staff", "Reed", dt.date(2026, 10, 5), dt.date(2026, 10, 23)),
    ]
    assert [[(r.title, r.on) for r in v.read] for v in found.visitors] == [
        [],
        [("Child Protection Policy", dt.date(2026, 10, 6))],
    ]


def test_policies_stand_with_body_day_minute_and_review_late_ones_first(session: Session, scope: Scope) -> None:
    rows = [
        (
            p.title,
            p.decided_by,
            p.decided and p.decided.iso(),
            p.minute,
            p.next_review and p.next_review.iso(),
            p.is_late,
        )
        for p in gathered(session, scope).policies
    ]
    body = "Full Governing Body"
    assert rows == [
        ("Child Protection Policy", body, "2025-09-01", "25/9", "2026-09-01", True),
        ("Behaviour Policy", body, "2026-02-01", "26/2", "2027-02-01", False),
        ("Staff Code of Conduct", body, "2026-03-01", "26/3", "2027-03-01", False),
    ]


def test_neither_another_school_nor_a_reason_is_in_it(session: Session, scope: Scope) -> None:
    said = html(gathered(session, scope))
    for hidden in ("Zoe", "Zed", "Illness", "Garden", "think about it"):
        assert hidden not in said


def test_promise_7_unchanged_facts_give_the_same_hash_and_changed_ones_another(session: Session, scope: Scope) -> None:
    before = gathered(session, scope)
    later = inspection(session, scope, TODAY, NOW + dt.timedelta(hours=3), "Maya Lund")
    assert values_hash(before) == values_hash(later)
    assert values_hash(before) != values_hash(gathered(session, scope, "Sam"))
    hillcrest.someone(session, scope, "New Comer")
    assert values_hash(before) != values_hash(gathered(session, scope))


def test_the_pdf_passes_the_checker_with_bookmarks_and_the_journals_head_at_the_end(
    session: Session, scope: Scope
) -> None:
    values = gathered(session, scope)
    made = pages(values)
    assert failures(made) == []
    assert made == pages(values), "the same values give the same bytes"
    assert bookmarks_of(made) == [
        "Inspection",
        "Safeguarding: who has read what",
        "By name",
        "Supply staff and volunteers this academic year",
        "Policies in force, and their reviews",
        "Check code",
    ]
    sheets = text_of(made)
    assert "Made by Maya Lund on 16 November 2026 at 09:00" in sheets[0]
    assert values.journal_head in sheets[-1].replace(" ", "") and "Maya Lund made this file" in sheets[-1]


def _many(people: int, policies: int) -> Inspection:
    cells = tuple(Cell(State.READ, dt.date(2026, 10, 5)) for _ in range(policies))
    decided = Policy("A", "P-1", "1", "adopted", "The board", None, "", None, False, False)
    return Inspection(
        school="Hillcrest",
        as_of=TODAY,
        made_at=NOW,
        made_by="Maya",
        time_zone="Europe/London",
        year_from=dt.date(2026, 9, 1),
        safeguarding=tuple(f"Safeguarding {number}" for number in range(policies)),
        readers=tuple(Reader(f"Person {n}", f"N{n}", "Teachers", cells) for n in range(people)),
        visitors=(),
        policies=(decided,),
        journal_seq=1,
        journal_head="0" * 64,
    )


def test_heads_are_repeated_on_every_page_of_a_long_table() -> None:
    sheets = text_of(pages(_many(90, 2)))
    with_names = [sheet for sheet in sheets if "Person" in sheet]
    assert len(with_names) > 2
    assert all("Safeguarding 0 Safeguarding 1" in sheet for sheet in with_names)


def test_more_policies_than_fit_abreast_go_into_a_further_table() -> None:
    said = html(_many(3, 7))
    assert "By name, part 2 of 2" in said and said.count("Person 2 ") == 2


def test_promise_20_what_people_type_is_shown_as_typed_and_never_run() -> None:
    values = _many(0, 1)
    nasty = Reader("=HYPERLINK(1) <script>alert(1)</script>", "N", "<b>", (None,))
    said = html(replace(values, readers=(nasty,)))
    assert "<script>" not in said and "=HYPERLINK(1) &lt;script&gt;" in said


@pytest.mark.parametrize(
    "title",
    [
        "Safeguarding and Child Protection Policy",
        "SAFEGUARDING POLICY",
        "Child-Protection Policy",
        "Keeping Children Safe in Education",
        "KCSIE 2026 Part one",
        "Low-level Concerns Procedure",
        "Low Level Concern Policy",
        "Staff Code of Conduct",
        "Code of Conduct for Employees and Volunteers",
        "Code of Conduct",
        "Code of Conduct Policy",
        "Staff Behaviour Policy",
        "Safeguard children: what to do",
    ],
)
def test_titles_that_are_about_safeguarding(title: str) -> None:
    assert is_about_safeguarding(title)
    assert not is_about_safeguarding(title, said_so=False)


@pytest.mark.parametrize(
    "title",
    [
        "Behaviour Policy",
        "Governors' Code of Conduct",
        "Parent Code of Conduct",
        "Data Protection Policy",
        "Internet Safety Policy",
        "Staff Misconduct",
        "Whistleblowing Policy",
        "Health and Safety Policy",
    ],
)
def test_titles_that_are_about_something_else(title: str) -> None:
    assert not is_about_safeguarding(title)
    assert is_about_safeguarding(title, said_so=True)


def test_supply_and_volunteers_are_known_by_category_agency_or_the_schools_own_word() -> None:
    assert is_visiting("agency", "Agency staff", None) and is_visiting("volunteers", "Helpers", None)
    assert is_visiting(None, "Supply teachers", None) and is_visiting("teachers", "Teachers", "Reed")
    assert not is_visiting("teachers", "Teachers", "") and not is_visiting(None, "Supplies manager", None)
