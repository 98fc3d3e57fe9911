"""PDFs. These run PDFium on files made here; in the program it only ever runs in a child process."""

from __future__ import annotations

import io
import time

import pytest
from pypdf import PdfReader, PdfWriter

from governance.extract import pdf_files
from governance.extract.pdf_files import read_pdf
from governance.extract.unreadable import UnreadableDocument
from tests.extract.making import pdf


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_pdf(data)
    return refused.value.message


def locked(data: bytes, user_password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password, "owner", algorithm=algorithm)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_text_and_pages_are_read() -> None:
    read = read_pdf(pdf([["Uniform Policy", "Date adopted: 12/09/2022"], ["Page two"]]))
    assert read.pages == 2
    assert [line for line in read.lines if line] == ["Uniform Policy", "Date adopted: 12/09/2022", "Page two"]
    assert read.warnings == ()


def test_bad_input_9_a_pdf_that_needs_a_password() -> None:
    assert "password-protected" in refusal(locked(pdf([["Uniform Policy"]]), "secret", "RC4-128"))


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    assert "Uniform Policy" in read_pdf(locked(pdf([["Uniform Policy"]]), "", "RC4-128")).lines


def test_bad_input_17_a_page_tree_that_goes_round_in_circles() -> None:
    looped = pdf([["x"]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    assert "could not be read safely" in refusal(looped)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 5_000, pdf([["x"]])[:150]])
def test_a_broken_pdf_is_refused_in_words(data: bytes) -> None:
    assert "could not be read safely" in refusal(data)


@pytest.mark.parametrize(
    "catalogue, extra, words",
    [
        ("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", [], "scripts"),
        ("/OpenAction << /S /Launch /F (calc.exe) >>", [], "links that start programs"),
        (
            "/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>",
            ["<< /Type /Filespec /F (a) /EF << /F 3 0 R >> >>"],
            "attached files",
        ),
    ],
)
def test_bad_input_18_scripts_launches_and_attachments_are_flagged(
    catalogue: str, extra: list[str], words: str
) -> None:
    warnings = read_pdf(pdf([["Uniform Policy"]], catalogue, extra)).warnings
    assert len(warnings) == 1 and words in warnings[0]


def test_bad_input_19_a_pdf_of_5000_pages() -> None:
    assert "has 5,000 pages; the most we take is 500" in refusal(pdf([[]] * 5_000))


def test_bad_input_20_a_scanned_pdf_is_taken_with_a_warning() -> None:
    read = read_pdf(pdf([[], []]))
    assert len(read.warnings) == 1 and "has no text" in read.warnings[0]


def test_a_pdf_of_too_many_characters_is_refused_with_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_files, "MAX_CHARACTERS", 1_000)
    assert "more than 1,000 characters" in refusal(pdf([["Ties are worn. " * 4] * 9] * 2))
    assert read_pdf(pdf([["Ties are worn. " * 4] * 9])).pages == 1


def test_every_page_costs_little_processor_time() -> None:
    """Measured on two busy cores: 25 ms a page of 6,000 characters; the child has 15 s for the whole document."""
    words = " ".join(["policy"] * 14)
    pages, lines = 30, 58
    data = pdf([[f"{line} {words}" for line in range(lines)]] * pages)
    started = time.process_time()
    assert read_pdf(data).pages == pages
    assert (time.process_time() - started) / pages < 0.15
