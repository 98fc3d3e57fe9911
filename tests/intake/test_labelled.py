"""Facts are detected in a set of documents whose facts are known: fictional schools, in the ways that schools write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from governance.extract.examine import examine_here
from governance.extract.fields.audience import AUDIENCES
from governance.extract.guesses import as_json
from tests.intake.scoring import FIELDS, Score
from tests.intake.writing.described import Described, described
from tests.intake.writing.made import WRITERS, made_in

Made = list[tuple[Described, Path]]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every document as a file."""
    return made_in(tmp_path_factory.mktemp("labelled"))


@pytest.fixture(scope="session")
def score(made: Made) -> Score:
    """What is found in every document, against its labels."""
    score = Score()
    for document, path in made:
        examined = examine_here(path.name, path.read_bytes())
        score.mark(path.name, document.labels, as_json(examined.guesses))
    return score


@pytest.mark.slow
def test_the_facts_of_the_labelled_documents_are_found(score: Score) -> None:
    overall = score.overall
    listing = "\n".join(map(str, score.misses))
    assert overall.f1 >= 0.97, f"F1 {overall.f1:.4f}, precision {overall.precision:.4f}\n{listing}"


@pytest.mark.slow
def test_what_is_given_with_confidence_is_right(score: Score) -> None:
    listing = "\n".join(str(miss) for miss in score.misses if any("[0.9" in line for line in miss.evidence))
    assert score.confident_right >= 0.99, f"{score.confident_right:.4f}\n{listing}"


def test_there_are_at_least_eighty_documents_and_several_of_every_format() -> None:
    formats = Counter(document.format for document in described())
    assert formats.total() >= 80
    assert set(formats) == set(WRITERS)
    assert min(formats.values()) >= 6


def test_every_document_has_all_its_labels() -> None:
    assert [one.filename for one in described() if sorted(one.labels) != sorted(FIELDS)] == []


def test_every_audience_is_labelled_by_the_published_codes_in_their_order() -> None:
    published = [code for code in AUDIENCES if code != "fixed_term"]
    for document in described():
        labelled = document.labels["audience"]
        assert labelled == [code for code in published if code in labelled], document.filename


def test_every_field_is_stated_somewhere_and_left_out_somewhere() -> None:
    for field in FIELDS:
        stated = [bool(document.labels[field]) for document in described()]
        assert any(stated) and not all(stated), field
