"""What a document says and cannot mean, leaves blank, or says in two ways: told with its line, never repaired."""

from __future__ import annotations

from governance.extract.guesses import as_json, guess


def remarks(*lines: str) -> list[tuple[int, str]]:
    """The remarks on a document, with their lines."""
    return [(one.line, one.value) for one in guess(lines).remarks]


def test_a_day_that_does_not_exist_is_told_and_no_other_day_is_made_of_it() -> None:
    lines = ("Behaviour Policy", "Date adopted: 31 September 2023", "Next review: 30 September 2024")
    found = guess(lines)
    assert found.adopted_on is None
    assert [(one.line, one.value) for one in found.remarks] == [
        (
            2,
            "Date adopted: 31 September 2023 does not exist: September 2023 has 30 days. Check the day and the month.",
        )
    ]


def test_a_line_left_blank_is_told_and_gives_no_value() -> None:
    lines = ("Behaviour Policy", "Approved by: ____________", "Next review date: [insert date]", "Policy owner: ………………")
    found = guess(lines)
    assert (found.adopted_by, found.next_review_on, found.owner) == (None, None, None)
    assert remarks(*lines) == [
        (2, "“Approved by” has not been filled in."),
        (3, "“Next review date” has not been filled in."),
        (4, "“Policy owner” has not been filled in."),
    ]


def test_of_two_intervals_the_labelled_one_is_taken_and_the_other_is_told() -> None:
    lines = (
        "Behaviour Policy",
        "Review frequency: annually",
        "",
        "This policy will be reviewed every two years by the governing body.",
    )
    assert guess(lines).review_frequency_months.value == 12  # type: ignore[union-attr]
    [(line, sentence)] = remarks(*lines)
    assert line == 4
    assert sentence.startswith("It also gives every 24 months for the interval of review. Every 12 months was taken:")


def test_of_two_decisions_the_adoption_is_taken_and_the_approval_is_told() -> None:
    lines = ("Pay Policy", "Approved by Resources Committee: 12/09/2022", "Adopted by Governing Body: 20/09/2022")
    assert as_json(guess(lines))["adopted_on"] == "2022-09-20"
    [(line, sentence)] = remarks(*lines)
    assert (line, "12 September 2022" in sentence, "20 September 2022 was taken" in sentence) == (2, True, True)


def test_a_month_and_a_day_in_it_do_not_contradict_each_other() -> None:
    assert (
        remarks(
            "Pay Policy",
            "Adopted by Governing Body: 20/09/2022",
            "",
            "The policy was approved by governors in September 2022.",
        )
        == []
    )


def test_remarks_are_part_of_the_evidence() -> None:
    published = as_json(guess(("Pay Policy", "Date adopted: 31 June 2023")))
    assert published["adopted_on"] is None
    assert [one["line"] for one in published["evidence"]["remarks"]] == [2]
