"""Word files: zips of XML that may be hostile. Every limit is counted while reading."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from governance.extract.examine import examine_here
from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_packages import parts_of
from tests.extract.making import TYPES, docx, docx_of, paragraph, row, with_directory_changed, word_xml


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        examine_here("policy.docx", data)
    return refused.value.message


def test_facts_are_read_from_paragraphs_tables_headers_and_footers() -> None:
    header = word_xml(paragraph("Oakhurst School")).replace("w:document", "w:hdr")
    footer = word_xml(paragraph("Next review: June 2027")).replace("w:document", "w:ftr")
    body = paragraph("Uniform Policy") + row("Approved by", "Full Governing Body") + row("Date adopted", "12/09/2022")
    examined = examine_here(
        "policy.docx", docx(body, word__header1__xml="", **{"word__header2.xml": header, "word__footer1.xml": footer})
    )
    guesses = examined.guesses
    assert guesses.title and guesses.title.value == "Uniform Policy"
    assert guesses.adopted_by and guesses.adopted_by.value == "Full Governing Body"
    assert guesses.adopted_on and guesses.adopted_on.value.iso() == "2022-09-12"
    assert guesses.next_review_on and guesses.next_review_on.value.iso() == "2027-06"
    assert [clause.text for clause in examined.clauses] == [
        "Uniform Policy",
        "Approved by | Full Governing Body",
        "Date adopted | 12/09/2022",
    ]
    assert examined.text_sha256


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    changed = (
        "<w:p><w:r><w:t>Date adopted: </w:t></w:r><w:del><w:r><w:delText>11/09/2022</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12/09/2022</w:t></w:r></w:ins></w:p>"
    )
    found = examine_here("policy.docx", docx(paragraph("Uniform Policy") + changed)).guesses.adopted_on
    assert found and found.value.iso() == "2022-09-12"


def test_text_boxes_and_content_controls_on_a_cover_are_read() -> None:
    boxed = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('Lettings Policy')}</w:txbxContent></w:pict></w:r></w:p>"
    control = f"<w:sdt><w:sdtContent>{paragraph('Adopted: 3 May 2024')}</w:sdtContent></w:sdt>"
    guesses = examine_here("policy.docx", docx(boxed + control)).guesses
    assert guesses.title and guesses.title.value == "Lettings Policy"
    assert guesses.adopted_on and guesses.adopted_on.value.iso() == "2024-05-03"


def test_bad_input_4_macros_inside_a_docx() -> None:
    assert "macros are not accepted" in refusal(docx_of([("word/vbaProject.bin", b"x")]))
    macro_types = TYPES.replace("officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main")
    assert "macros are not accepted" in refusal(docx(types=macro_types))


def test_bad_input_10_a_docx_with_locked_entries() -> None:
    data = bytearray(docx(paragraph("x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password-protected" in refusal(bytes(data))


def test_bad_input_11_a_zip_bomb_is_refused_within_a_second() -> None:
    bomb = docx_of([("word/media/image1.bmp", b"\0" * 90 * 1024 * 1024)])
    assert len(bomb) < 200_000
    started = time.monotonic()
    assert "expands too far" in refusal(bomb)
    assert time.monotonic() - started < 1


def test_bad_input_11_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = docx_of([("word/media/image1.bmp", b"\0" * 50 * 1024 * 1024)])
    liar = with_directory_changed(bomb, "word/media/image1.bmp", size=10)
    assert "damaged" in refusal(liar) or "expands too far" in refusal(liar)


def test_an_honest_docx_with_a_large_picture_is_taken() -> None:
    picture = bytes(range(256)) * 20_000
    assert examine_here("policy.docx", docx_of([("word/media/image1.png", picture)])).warnings == ()


def test_bad_input_12_a_docx_of_20000_parts() -> None:
    data = docx_of([(f"word/media/{number}.png", b"") for number in range(20_000)])
    assert "20,002 parts; the most we read is 2,000" in refusal(data)


def test_bad_input_13_overlapping_entries() -> None:
    data = docx_of([("word/media/a.png", b"a" * 50), ("word/media/b.png", b"b" * 50)])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first = package.getinfo("word/media/a.png").header_offset
    assert "damaged" in refusal(with_directory_changed(data, "word/media/b.png", offset=first))


@pytest.mark.parametrize("size", [3, 5_000])
def test_bad_input_13_wrong_sizes(size: int) -> None:
    data = docx_of([("word/media/a.png", b"abcdefghij" * 50)])
    assert "damaged" in refusal(with_directory_changed(data, "word/media/a.png", size=size))


def test_bad_input_13_a_truncated_or_garbled_file() -> None:
    data = docx(paragraph("Uniform Policy"))
    assert "damaged" in refusal(data[: len(data) // 2])
    assert "damaged" in refusal(docx(document="<w:document"))
    assert "damaged" in refusal(docx("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000))


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x "y">]><w/>',
        '<?xml version="1.0"?><!DOCTYPE w SYSTEM "file:///etc/hostname"><w/>',
        '<!DOCTYPE w [<!ENTITY x "y">]><w/>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-7"?><w/>',
    ],
)
def test_bad_input_14_a_document_type_or_entities_in_any_part(xml: str | bytes) -> None:
    assert "contains unsafe XML" in refusal(docx(paragraph("x"), **{"word__settings.xml": xml}))
    assert "contains unsafe XML" in refusal(docx(document=xml))


def test_bad_input_15_pictures_and_templates_from_outside_are_mentioned() -> None:
    relations = (
        '<Relationships><Relationship Id="1" Type="x/image" Target="http://192.0.2.1/p.png" TargetMode="External"/>'
        '<Relationship Id="2" Type="x/attachedTemplate" Target="file:///t.dotm" TargetMode="External"/>'
        '<Relationship Id="3" Type="x/hyperlink" Target="https://school.example" TargetMode="External"/></Relationships>'
    )
    examined = examine_here(
        "policy.docx", docx(paragraph("Uniform Policy"), **{"word___rels__document.xml.rels": relations})
    )
    assert examined.warnings == (
        "It fetches 2 pictures or templates from outside the file; what they hold is not stored.",
    )


def test_a_zip_that_is_no_word_file_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    assert "not a Word document" in refusal(packed.getvalue())


def test_only_the_xml_parts_are_kept_in_memory() -> None:
    assert set(parts_of(docx_of([("word/media/a.png", b"a")]))) == {"[Content_Types].xml", "word/document.xml"}
