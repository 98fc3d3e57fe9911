"""Headings that somebody made by hand, bold or larger and without a heading style: alike in Word, OpenDocument and RTF."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from governance.extract.blocks import Block
from governance.extract.examine import examine_here
from governance.extract.odt_blocks import read_odt
from governance.extract.word_blocks import read_word
from governance.extract.word_packages import parts_of
from tests.extract.making import docx
from tests.extract.making_other import odt, rtf, styles_xml

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "Local clubs and parents may hire the hall at weekends and in the evening, once the caretaker agrees."


class Said(NamedTuple):
    """A paragraph; `size` is in points."""

    text: str
    bold: bool = False
    size: int = 11


def as_docx(said: list[Said]) -> bytes:
    """As Word writes it where somebody pressed B, and chose a size."""

    def run(one: Said) -> str:
        bold = "<w:b/>" if one.bold else ""
        return f'<w:p><w:r><w:rPr>{bold}<w:sz w:val="{one.size * 2}"/></w:rPr><w:t>{one.text}</w:t></w:r></w:p>'

    return docx("".join(map(run, said)))


def as_odt(said: list[Said]) -> bytes:
    """As LibreOffice writes it: a style of its own for each way of setting, half of them on words alone."""
    styles = "".join(
        f'<style:style style:name="{family[0]}{size}{weight}" style:family="{family}"><style:text-properties '
        f'fo:font-size="{size}pt" fo:font-weight="{weight}"/></style:style>'
        for family in ("text", "paragraph")
        for size in (9, 11, 14)
        for weight in ("bold", "normal")
    )

    def paragraph(number: int, one: Said) -> str:
        style = f"{one.size}{'bold' if one.bold else 'normal'}"
        if number % 2:
            return f'<text:p><text:span text:style-name="t{style}">{one.text}</text:span></text:p>'
        return f'<text:p text:style-name="p{style}">{one.text}</text:p>'

    return odt("".join(paragraph(number, one) for number, one in enumerate(said)), styles)


def as_rtf(said: list[Said]) -> bytes:
    """As Word and LibreOffice write it: every group says how its words are set."""
    bold = {True: r"\b", False: ""}
    return rtf("".join(rf"\pard\plain {{\fs{one.size * 2}{bold[one.bold]} {one.text}}}\par" for one in said))


FORMATS = [("policy.docx", as_docx), ("policy.odt", as_odt), ("policy.rtf", as_rtf)]
EACH_FORMAT = pytest.mark.parametrize(("name", "made"), FORMATS)


def kinds(name: str, data: bytes) -> list[tuple[str, str]]:
    return [(one.kind.value, one.text) for one in examine_here(name, data).clauses]


@EACH_FORMAT
@pytest.mark.parametrize("look", [{"size": 14}, {"bold": True}, {"size": 14, "bold": True}])
def test_a_short_line_set_apart_by_hand_is_a_heading_and_an_ordinary_one_is_not(
    name: str, made: Callable[[list[Said]], bytes], look: dict[str, int]
) -> None:
    said = [
        Said("Lettings Policy", size=14, bold=True),
        Said(SENTENCE),
        Said("Who may hire the hall", **look),  # type: ignore[arg-type]
        Said(SENTENCE),
        Said("Signed by the chair"),
        Said(SENTENCE),
        Said("Printed on paper from the school office", size=9),
        Said("What it costs", **look),  # type: ignore[arg-type]
        Said(SENTENCE),
    ]
    found = kinds(name, made(said))
    assert [text for kind, text in found if kind == "heading"] == [
        "Lettings Policy",
        "Who may hire the hall",
        "What it costs",
    ]
    assert [text for _, text in found] == [one.text for one in said]


@EACH_FORMAT
def test_a_policy_of_many_short_headings_still_tells_them_from_its_text(
    name: str, made: Callable[[list[Said]], bytes]
) -> None:
    pairs = [one for letter in "ABC" for one in (Said(f"Duty of group {letter}", size=14), Said(SENTENCE))]
    said = [Said("Lettings Policy", size=14), Said("Governors and staff", size=14), *pairs]
    assert [kind for kind, _ in kinds(name, made(said))] == ["heading"] * 2 + ["heading", "paragraph"] * 3


def sizes(blocks: tuple[Block, ...]) -> list[float]:
    return [block.size for block in blocks]


def test_the_size_of_ordinary_letters_is_what_the_file_says_for_all() -> None:
    defaults = '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="23"/></w:rPr></w:rPrDefault></w:docDefaults>'
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/><w:rPr>{}</w:rPr></w:style>'
    )
    body = '<w:p><w:r><w:t>Ties</w:t></w:r></w:p><w:p><w:r><w:rPr><w:sz w:val="40"/></w:rPr><w:t>Hats</w:t></w:r></w:p>'
    for inner, usual in (("", 11.5), ('<w:sz w:val="18"/>', 9.0)):
        styles = f'<w:styles xmlns:w="{_W}">{defaults}{normal.format(inner)}</w:styles>'
        parts = parts_of(docx(body, **{"word/styles.xml": styles}))
        assert sizes(read_word(parts).blocks) == [usual, 20.0]
    assert sizes(read_word(parts_of(docx(body))).blocks) == [10.0, 20.0]


def test_sizes_in_opendocument_may_be_shares_of_what_is_around() -> None:
    default = (
        '<style:default-style style:family="paragraph"><style:text-properties fo:font-size="11pt"/></style:default-style>'
        '<style:style style:name="Big" style:family="paragraph"><style:text-properties fo:font-size="1cm"/></style:style>'
    )
    own = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Big">'
        '<style:text-properties fo:font-size="50%"/></style:style>'
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-size="200%"/></style:style>'
    )
    body = (
        "<text:p>Ties</text:p>"
        '<text:p text:style-name="Big">Hats</text:p><text:p text:style-name="P1">Coats</text:p>'
        '<text:p>Shoes <text:span text:style-name="T1">black</text:span></text:p>'
    )
    found = read_odt(odt(body, own, **{"styles.xml": styles_xml(default)})).blocks
    assert [round(size, 1) for size in sizes(found)] == [11.0, 28.3, 14.2, 22.0]


def test_nonsense_for_a_size_is_no_size() -> None:
    own = "".join(
        f'<style:style style:name="P{n}" style:family="paragraph"><style:text-properties fo:font-size="{size}"/></style:style>'
        for n, size in enumerate(("", "-4pt", "nan", "99999999pt", "larger", "12"))
    )
    body = "".join(f'<text:p text:style-name="P{n}">Ties</text:p>' for n in range(6))
    assert set(sizes(read_odt(odt(body, own)).blocks)) == {12.0}
    words = rtf(r"{\fs0 Ties}\par{\fs-20 Ties}\par{\fs Ties}\par")
    assert kinds("policy.rtf", words)
