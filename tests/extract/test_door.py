"""Documents through the door: examined in a child process."""

from __future__ import annotations

import pytest

from governance import child
from governance.extract import door
from governance.extract.door import examine
from governance.extract.examine import answer, examine_here
from governance.extract.examined import from_answer
from governance.extract.kinds import Kind
from governance.extract.unreadable import UnreadableDocument
from tests.extract.making import docx, paragraph, pdf

TEXT = b"# Uniform Policy\n\nDate adopted: 12/09/2022\n\n1.1 Ties are worn.\n"


@pytest.mark.parametrize(
    "filename, data, kind, pages",
    [
        ("uniform.md", TEXT, Kind.MARKDOWN, None),
        ("../uniform.docx", docx(paragraph("Uniform Policy") + paragraph("Date adopted: 12/09/2022")), Kind.DOCX, None),
        ("uniform.pdf", pdf([["Uniform Policy", "Date adopted: 12/09/2022"]]), Kind.PDF, 1),
    ],
)
def test_each_kind_is_examined_in_a_child(filename: str, data: bytes, kind: Kind, pages: int | None) -> None:
    examined = examine(filename, data)
    assert (examined.kind, examined.pages, examined.filename) == (kind, pages, filename.removeprefix("../"))
    assert examined.guesses.title and examined.guesses.title.value == "Uniform Policy"
    assert examined.guesses.adopted_on and examined.guesses.adopted_on.value.iso() == "2022-09-12"
    assert examined == examine_here(filename, data)
    assert examined.clauses


def test_a_refusal_inside_the_child_is_the_persons_sentence() -> None:
    with pytest.raises(UnreadableDocument, match="nested more than 20 deep"):
        examine("deep.md", b"> " * 1_000 + b"x")


def test_bad_input_17_work_that_breaks_a_limit_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LIMITS", child.Limits(seconds=0.05))
    with pytest.raises(UnreadableDocument, match=r"That PDF could not be read safely\. Open “uniform\.pdf”"):
        examine("uniform.pdf", pdf([["Uniform Policy"]]))


def test_the_answer_of_a_child_reads_back_as_it_was() -> None:
    examined = from_answer(answer(b'{"filename": "uniform.md"}\n' + TEXT))
    assert examined == examine_here("uniform.md", TEXT)
    assert (
        from_answer(answer(b'{"filename": "uniform.md"}\n'))
        == "That file is empty. Check that it was saved, then choose it again."
    )
