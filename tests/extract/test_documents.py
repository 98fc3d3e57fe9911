"""What documents say of themselves. The schools are fictional; the ways of writing are those that schools have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.extract.guesses import Guesses, as_json, from_stored, guess, to_stored
from governance.extract.titles import cited_titles

DOCUMENTS = Path(__file__).parent / "documents"
FIELDS = [
    "title",
    "version_label",
    "adopted_on",
    "adopted_by",
    "last_reviewed_on",
    "next_review_on",
    "review_frequency_months",
    "owner",
    "related_policies",
    "audience",
    "legislation",
]

# Each by hand from the document. A field that is not there is not stated in the document.
EXPECTED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))


def read(name: str) -> Guesses:
    return guess((DOCUMENTS / name).read_text(encoding="utf-8").split("\n"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_field_of_a_document_is_as_the_document_says(name: str) -> None:
    published = as_json(read(name))
    stated = {field: value for field, value in published.items() if field != "evidence" and value not in (None, [])}
    assert stated == EXPECTED[name]


def test_every_document_is_tested() -> None:
    assert {path.name for path in DOCUMENTS.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_value_has_its_line_text_and_confidence(name: str) -> None:
    lines = (DOCUMENTS / name).read_text(encoding="utf-8").split("\n")
    published = as_json(read(name))
    assert list(published) == [*FIELDS, "evidence"]
    for field in FIELDS:
        shown = published[field]
        found = published["evidence"].get(field, [] if isinstance(shown, list) else None)
        if isinstance(shown, list):
            assert [one["value"] for one in found] == shown
        for one in found if isinstance(found, list) else [found] if found else []:
            assert 0 < one["confidence"] <= 1
            assert 1 <= one["line"] <= len(lines)
            assert set(one["text"].lower().split()) & set(lines[one["line"] - 1].lower().replace("*", "").split())
    assert json.loads(json.dumps(published)) == published


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_guesses_survive_being_stored(name: str) -> None:
    guesses = read(name)
    assert from_stored(json.loads(json.dumps(to_stored(guesses)))) == guesses


def test_both_dates_of_update_are_kept() -> None:
    guesses = read("device_use.txt")
    assert [one.value.in_words() for one in guesses.updated_on] == ["March 2021", "November 2021"]
    assert [one.line for one in guesses.updated_on] == [11, 13]
    assert [one["value"] for one in as_json(guesses)["evidence"]["updated_on"]] == ["2021-03", "2021-11"]


def test_fixed_term_employees_are_known_in_the_house_and_not_published() -> None:
    guesses = read("device_use.txt")
    assert "fixed_term" in [one.value for one in guesses.audience]
    assert "fixed_term" not in as_json(guesses)["audience"]


def test_a_date_of_a_term_is_null_in_the_published_form_and_said_in_its_evidence() -> None:
    published = as_json(read("lettings.txt"))
    assert published["next_review_on"] is None
    assert published["evidence"]["next_review_on"]["value"] == "spring term 2026"


MODEL = Path(__file__).parents[3] / "shared" / "data" / "social_media_policy.txt"


@pytest.mark.skipif(not MODEL.exists(), reason="the model policy is not beside the project")
def test_the_model_social_media_policy() -> None:
    guesses = guess(MODEL.read_text(encoding="utf-8").split("\n"))
    published = as_json(guesses)
    assert published["title"] == "Social Media Policy"
    assert (published["adopted_on"], published["adopted_by"]) == ("2022-09-12", "Governing Body")
    assert [one.value.in_words() for one in guesses.updated_on] == ["February 2022", "September 2022"]
    assert published["related_policies"] == [
        "Safeguarding and Child Protection Policy",
        "Anti-Bullying Policy",
        "Staff Code of Conduct Policy",
        "Complaints Procedure",
        "Managing Aggressive Behaviour Policy / Parent Code of Conduct",
        "Mobile Phone Policy",
    ]
    assert sum(len(cited_titles(title)) for title in published["related_policies"]) == 7
    assert [one.value for one in guesses.audience] == [
        "headteacher",
        "leadership",
        "teachers",
        "support_staff",
        "administrators",
        "governors",
        "fixed_term",
        "casual",
        "agency",
        "volunteers",
    ]
    assert len(published["legislation"]) == 8
    nothing = ("version_label", "next_review_on", "review_frequency_months", "owner")
    assert all(published[field] is None for field in nothing)
