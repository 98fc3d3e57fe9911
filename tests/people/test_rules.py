import datetime as dt

import pytest

from governance.people import rules
from governance.people.references import ALPHABET, as_printed, new_reference
from governance.people.rules import Details, Office, Term

TODAY = dt.date(2026, 11, 16)


def messages(details: Details) -> list[str]:
    return [objection.message for objection in rules.objections_to_details(details)]


@pytest.mark.parametrize(
    "given, family",
    [
        ("Sean", "O'Neill"),
        ("Niamh", "Ní Bhriain"),
        ("", "李"),
        ("Madonna", ""),
        ("T" * 200, "Marlow"),
        ("=cmd|'/c calc'!A1", "+44 20"),
        ("<script>", "{{7*7}} %s ${x}"),
        ("@x", "\tTab"),
    ],
)
def test_rows_45_to_47_names_that_people_and_programs_have_are_accepted(given: str, family: str) -> None:
    assert messages(Details(given, family)) == []


def test_row_47_a_name_over_200_characters_is_refused_with_the_figure() -> None:
    assert messages(Details("Tess", "x" * 201)) == [
        "The family name is 201 characters long. Shorten it to 200 or fewer."
    ]


def test_a_person_needs_some_name() -> None:
    assert messages(Details("  ", "")) == ["Enter a name."]


@pytest.mark.parametrize("name", ["Tess\x00", "Te\ud800ss", "Tess\u202e"])
def test_row_48_a_name_with_characters_that_cannot_be_kept_is_refused(name: str) -> None:
    assert "cannot store" in messages(Details(name, "Marlow"))[0]


@pytest.mark.parametrize(
    "email", ["a@b", "a@@b.uk", "tess@school.example\nBcc: x@evil.uk", "tess", "tess@b.uk\n", "t" * 300]
)
def test_row_42_an_address_that_is_none_is_refused_and_named(email: str) -> None:
    (message,) = messages(Details("Tess", "Marlow", email))
    assert "is not an e-mail address" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "email", [None, "", "  ", "tess@hillcrest.sch.uk", "o'neill@hillcrest.sch.uk", "t@school.example"]
)
def test_row_43_no_address_is_fine(email: str | None) -> None:
    assert messages(Details("Al", "Supply", email)) == []


def test_details_are_kept_tidy() -> None:
    tidied = Details("  Tess ", "Marlow  Hay", " Tess@HILLCREST.sch.uk ", " S1 ").tidied()
    assert tidied == Details("Tess", "Marlow Hay", "Tess@hillcrest.sch.uk", "S1")


def test_lists_are_ordered_by_family_name_then_given_name_without_accents_or_case() -> None:
    names = [
        ("Zoë", "de"),
        ("Ana", "de la Cruz"),
        ("Ben", "Álvarez"),
        ("ann", "alvarez"),
        ("Carl", "O'Neill"),
        ("", "Zed"),
    ]
    ordered = sorted(names, key=lambda name: rules.sort_key(*name))
    assert ordered == [
        ("ann", "alvarez"),
        ("Ben", "Álvarez"),
        ("Zoë", "de"),
        ("Ana", "de la Cruz"),
        ("Carl", "O'Neill"),
        ("", "Zed"),
    ]


def test_the_last_day_counts() -> None:
    term = Term(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    assert term.holds_on(dt.date(2025, 9, 30))
    assert not term.holds_on(dt.date(2025, 10, 1))
    assert term.meets(Term(dt.date(2025, 9, 30)))
    assert not term.meets(Term(dt.date(2025, 10, 1)))


def test_a_job_that_ended_before_it_started_is_refused_with_both_days() -> None:
    (objection,) = rules.objections_to_job(dt.date(2025, 9, 1), dt.date(2025, 8, 31), "", "", TODAY)
    assert (
        objection.message == "The last day, 31 August 2025, is before the first, 1 September 2025. Change one of them."
    )
    assert objection.field == "ended_on"


@pytest.mark.parametrize("year", [207, 1899, 2037])
def test_row_27_a_year_that_nobody_means_is_refused(year: int) -> None:
    (objection,) = rules.objections_to_job(dt.date(year, 9, 1), None, "", "", TODAY)
    assert "between 1900 and 2036" in objection.message


def test_a_body_has_one_chair_at_a_time() -> None:
    iqbal = ("Prof. Iqbal", Term(dt.date(2025, 9, 1), dt.date(2026, 8, 31)))
    during, after = Term(dt.date(2026, 8, 31)), Term(dt.date(2026, 9, 1))
    (objection,) = rules.objections_to_seat(Office.CHAIR, during, TODAY, [iqbal])
    assert "Prof. Iqbal is chair from 1 September 2025 to 31 August 2026" in objection.message
    assert not list(rules.objections_to_seat(Office.CHAIR, after, TODAY, [iqbal]))
    assert not list(rules.objections_to_seat(Office.VICE_CHAIR, during, TODAY, [iqbal]))


def test_an_office_that_no_body_has_is_refused() -> None:
    (objection,) = rules.objections_to_seat("treasurer", Term(TODAY), TODAY, [])
    assert objection.field == "office"


def test_a_printed_reference_cannot_be_misread() -> None:
    taken: set[str] = set()
    for _ in range(200):
        taken.add(new_reference(taken))
    assert len(taken) == 200
    assert not set("".join(taken)) & set("01ILOAEU")
    assert all(len(reference) == 7 and reference[3] == "-" for reference in taken)
    assert set(ALPHABET).isdisjoint("01OIL")


@pytest.mark.parametrize("typed", ["k7m4qx", "K7M-4QX", " k7m 4qx ", "K7M4QX"])
def test_a_printed_reference_is_found_however_it_was_typed(typed: str) -> None:
    assert as_printed(typed) == "K7M-4QX"
