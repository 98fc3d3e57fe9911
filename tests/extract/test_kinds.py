"""What a file is, and the plain sentence when it is not taken in. Rows are those of the catalogue of bad inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.extract import door
from governance.extract.filenames import clean_filename
from governance.extract.kinds import MAX_BYTES, Kind, identify
from governance.extract.plain_text import decoded
from governance.extract.unreadable import UnreadableDocument
from tests.extract.making import docx, pdf
from tests.extract.making_other import odt, web_page

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(filename: str, data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        identify(filename, data)
    assert refused.value.objections[0].field == "document"
    return refused.value.message


def test_each_accepted_kind_is_known_by_its_contents() -> None:
    assert identify("Uniform.DOCX", docx()) is Kind.DOCX
    assert identify("uniform.pdf", pdf([["Uniform Policy"]])) is Kind.PDF
    assert identify("uniform.md", b"# Uniform Policy") is Kind.MARKDOWN
    assert identify("uniform.odt", odt("<text:p>Uniform Policy</text:p>")) is Kind.ODT
    assert identify("uniform.rtf", b"\r\n{\\rtf1 Uniform Policy}") is Kind.RTF
    assert identify("Uniform.HTM", web_page("<h1>Uniform Policy</h1>")) is Kind.HTML
    assert identify("uniform.html", "\ufeff<p>Uniform Policy".encode("utf-16-le")) is Kind.HTML
    assert identify("uniform.txt", "Polisi Gwisg Ysgol: tŷ bach".encode()) is Kind.TEXT


def test_bad_input_1_an_empty_file() -> None:
    assert "That file is empty" in refusal("policy.pdf", b"")
    assert "That file is empty" in refusal("policy.txt", b" \n\n ")


def test_bad_input_2_a_file_over_the_limit_is_told_both_figures() -> None:
    message = refusal("policy.pdf", b"%PDF-" + b"0" * (MAX_BYTES + 1024 * 1024))
    assert "26.0 MB" in message and "25 MB" in message


def test_bad_input_3_a_program_renamed_pdf() -> None:
    assert "not a PDF: its contents do not match" in refusal("policy.pdf", b"MZ\x90\x00" + b"\0" * 200)
    assert "not a Word document: its contents do not match" in refusal("policy.docx", b"MZ\x90\x00")
    assert "contents are a PDF" in refusal("policy.docx", pdf([[]]))
    assert "contents are a Word document" in refusal("policy.txt", docx())
    assert "contents are not text" in refusal("policy.txt", b"\x7fELF\x02\x01\x01 and more")


def test_bad_input_4_a_word_file_with_macros_by_its_name() -> None:
    message = refusal("policy.docm", docx())
    assert "macros are not accepted" in message and ".docx" in message


@pytest.mark.parametrize("filename", ["policy.pdf.html", "policy.doc.htm", "policy.exe", "policy"])
def test_bad_input_5_another_ending_is_told_which_are_taken(filename: str) -> None:
    message = refusal(filename, b"<html></html>")
    assert all(ending in message for ending in (".docx", ".pdf", ".odt", ".rtf", ".html", ".md", ".txt"))


def test_bad_input_5_a_web_page_is_one_by_its_contents_and_its_only_ending() -> None:
    assert "accepted when .pdf stands before it" in refusal("policy.pdf.html", b"<html><p>Ties are worn.</html>")
    assert identify("policy.v2.html", b"<html><p>Ties are worn.</html>") is Kind.HTML
    assert identify("policy.docx.pdf", pdf([["Uniform Policy"]])) is Kind.PDF
    assert "not a web page: its contents do not match" in refusal("policy.html", b"Ties are worn.")
    assert "That file is empty" in refusal("policy.html", b" \n ")


def test_a_file_under_the_wrong_ending_is_told_the_right_one() -> None:
    assert "contents are rich text. Rename it to end in .rtf" in refusal("policy.docx", b"{\\rtf1 x}")
    assert "contents are rich text" in refusal("policy.txt", b"{\\rtf1 x}")
    assert "contents are an OpenDocument text. Rename it to end in .odt" in refusal("policy.docx", odt(""))
    assert "contents are a Word document. Rename it to end in .docx" in refusal("policy.odt", docx())
    assert "contents are a web page. Rename it to end in .html" in refusal("policy.rtf", b"<html></html>")
    assert "contents are a PDF" in refusal("policy.html", pdf([[]]))
    assert "not an OpenDocument text" in refusal("policy.odt", odt("", mimetype="application/epub+zip"))


def test_markdown_with_tags_in_it_is_still_markdown() -> None:
    assert identify("uniform.md", b"<p align=center>Oakhurst</p>\n\n# Uniform Policy") is Kind.MARKDOWN


@pytest.mark.parametrize(
    "filename, said",
    [
        ("policy.pages", "In Pages choose File, Export To, Word"),
        ("policy.wps", "Open it in Word, choose Save As, pick the type .docx"),
        ("Policy.PPT", "That is a presentation. Open it in the program that made it, save it as a PDF"),
        ("policy.xls", "That is a spreadsheet. Open it in the program that made it, save it as a PDF"),
        ("policy.gdoc", "only a link to a Google document"),
        ("policy.ott", "pick the type .odt"),
    ],
)
def test_files_of_other_programs_are_told_what_to_do(filename: str, said: str) -> None:
    assert said in refusal(filename, OLE)


def test_every_kind_has_a_media_type_and_a_name_for_the_sentence_at_the_door() -> None:
    assert all("/" in kind.media_type and kind in door._CALLED for kind in Kind)


@pytest.mark.parametrize(
    "name, shown", [("../../app.db", "app.db"), ("C:\\Users\\maya\\policy.docx", "policy.docx"), ("a/b/c.md", "c.md")]
)
def test_bad_input_6_folders_in_a_name_are_dropped(name: str, shown: str) -> None:
    assert clean_filename(name) == shown


@pytest.mark.parametrize(
    "name, shown",
    [
        ("policy\0.pdf", "policy.pdf"),
        ("policy\r\nSet-Cookie: x.pdf", "policySet-Cookie: x.pdf"),
        ("policy\u202efdp.exe", "policyfdp.exe"),
        ("\u2066policy\u2069.md", "policy.md"),
        ("..", "document"),
        ("\x01\x02", "document"),
        ("  policy .txt ", "policy .txt"),
        ("\ud800policy.txt", "policy.txt"),
    ],
)
def test_bad_input_7_what_cannot_be_seen_in_a_name_is_dropped(name: str, shown: str) -> None:
    assert clean_filename(name) == shown


def test_bad_input_7_a_long_name_keeps_its_ending() -> None:
    shown = clean_filename("a" * 300 + ".docx")
    assert len(shown) == 120 and shown.endswith("a.docx")


@pytest.mark.parametrize(
    "name", ["📱 policy.pdf", "Polisi Iaith Tŷ.docx", "سياسة المدرسة.pdf", "👩‍🏫 staff.md", "政策.txt"]
)
def test_bad_input_8_names_in_any_script_are_kept(name: str) -> None:
    assert clean_filename(name) == name


@given(st.text(max_size=400))
def test_any_name_becomes_one_short_safe_line(name: str) -> None:
    shown = clean_filename(name)
    assert 1 <= len(shown) <= 120
    assert not set(shown) & set("/\\\0\r\n\u202e")
    assert clean_filename(shown) == shown


def test_bad_input_10_an_old_or_locked_word_file() -> None:
    old = refusal("policy.doc", OLE)
    locked = refusal("policy.docx", OLE + "EncryptedPackage".encode("utf-16-le"))
    assert "old Word file" in old and ".docx" in old
    assert "password-protected" in locked and "save as .docx" in locked
    assert "old Word file" in refusal("policy.doc", b"anything")


@pytest.mark.parametrize(
    "data",
    [b"Polisi \xff\xfe\x00", b"a\x00b", b"\xff\xfea\x00\x00\xd8"],
)
def test_bad_input_48_text_that_cannot_be_stored(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="characters we cannot store"):
        decoded(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_schools_have(encoding: str) -> None:
    assert (
        decoded("Café policy – “draft”\r\nline two\rline three".encode(encoding))
        == "Café policy – “draft”\nline two\nline three"
    )


def test_a_text_of_millions_of_characters_is_refused_with_the_figure() -> None:
    with pytest.raises(UnreadableDocument, match="2,000,000"):
        decoded(b"a" * 2_000_001)
