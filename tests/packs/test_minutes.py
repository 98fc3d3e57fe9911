"""What a meeting decided, in the words of minutes: one paragraph an item, and the three forms that say the same."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from lxml import etree

from governance.adoption.kinds import Kind
from governance.extract.dates import exactly, parse_stated
from governance.extract.examine import examine_here
from governance.packs.minutes import Extract, Item, Outcome, notes, paragraphs, plain
from governance.packs.minutes_file import as_word
from governance.render.word_file import Line, Run, word_file

HELD = dt.date(2026, 11, 19)
RECORDED = dt.datetime(2026, 11, 19, 20, 15, tzinfo=dt.UTC)
FROM = exactly(dt.date(2027, 1, 1))
JANUARY = dt.date(2027, 1, 4)
SEPTEMBER = parse_stated("September 2027")


def item(kind: Kind = Kind.ADOPTED, version: int | None = 4, **facts: Any) -> Item:
    return Item("Behaviour Policy", version, Outcome("decision-1", kind, **{"minute": "2026/31"} | facts))


def said(one: Item) -> str:
    (paragraph,) = paragraphs(extract(one))
    return f"{paragraph.about}: {paragraph.said} ({paragraph.reference})".removesuffix(" ()")


def extract(*items: Item, **facts: Any) -> Extract:
    return Extract("Hillcrest Primary School", "Full Governing Body", HELD, items, **facts)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            item(in_force_from=FROM, in_force_version=4, next_review=SEPTEMBER, asked=(("Teachers", JANUARY),)),
            (
                "Behaviour Policy, version 4: adopted, in force from 1 January 2027. Next review by September 2027. "
                "It goes to teachers to read from 4 January 2027. (Minute 2026/31)"
            ),
        ),
        (
            item(Kind.AMENDED, in_force_from=FROM, in_force_version=4, asked=((None, JANUARY),)),
            (
                "Behaviour Policy, version 4: adopted with amendments, in force from 1 January 2027. "
                "All who must read it are asked to do so from 4 January 2027. (Minute 2026/31)"
            ),
        ),
        (
            item(Kind.AMENDED, in_force_from=FROM, in_force_version=5),
            (
                "Behaviour Policy, version 4: adopted with amendments, in force as version 5 from 1 January 2027. "
                "(Minute 2026/31)"
            ),
        ),
        (
            item(Kind.APPROVED, in_force_from=FROM, in_force_version=4, awaits_ratification=True),
            (
                "Behaviour Policy, version 4: approved under a delegated power, in force from 1 January 2027, "
                "awaiting ratification. (Minute 2026/31)"
            ),
        ),
        (item(Kind.RATIFIED), "Behaviour Policy, version 4: ratified. (Minute 2026/31)"),
        (
            item(Kind.NOT_RATIFIED, in_force_from=FROM, in_force_version=3, asked=(("SEND team", JANUARY),)),
            (
                "Behaviour Policy, version 4: not ratified: version 3, the earlier one, is in force again from "
                "1 January 2027. It goes to SEND team to read from 4 January 2027. (Minute 2026/31)"
            ),
        ),
        (
            item(Kind.NOT_RATIFIED),
            "Behaviour Policy, version 4: not ratified: no version is in force. (Minute 2026/31)",
        ),
        (
            item(Kind.REVIEWED, next_review=SEPTEMBER),
            "Behaviour Policy, version 4: reviewed without change. Next review by September 2027. (Minute 2026/31)",
        ),
        (
            item(Kind.DEFERRED, deferred_to_on=dt.date(2027, 3, 1)),
            "Behaviour Policy, version 4: deferred until 1 March 2027. (Minute 2026/31)",
        ),
        (
            item(Kind.DEFERRED, reason="Unions to be  asked"),
            "Behaviour Policy, version 4: deferred to the next meeting. Unions to be asked. (Minute 2026/31)",
        ),
        (item(Kind.DEFERRED), "Behaviour Policy, version 4: deferred to the next meeting. (Minute 2026/31)"),
        (item(Kind.REJECTED, minute=""), "Behaviour Policy, version 4: not adopted. (minute reference to come)"),
        (item(Kind.NOTED, version=None), "Behaviour Policy: noted. (Minute 2026/31)"),
        (Item("Uniform Policy", 2), "Uniform Policy, version 2: not decided; it goes on to the next meeting."),
        (
            Item("Uniform Policy", None, None, dt.date(2027, 3, 18)),
            "Uniform Policy: not decided; on the agenda of the meeting of 18 March 2027.",
        ),
    ],
)
def test_an_item_is_one_paragraph(one: Item, words: str) -> None:
    assert said(one) == words


def test_every_decision_there_is_has_its_words() -> None:
    for kind in Kind:
        assert said(item(kind))


def test_categories_that_are_asked_from_the_same_day_are_named_together() -> None:
    later = dt.date(2027, 2, 1)
    asked = (("Teachers", JANUARY), ("Support staff", JANUARY), ("Governors", later))
    words = said(item(in_force_from=FROM, in_force_version=4, asked=asked))
    assert "It goes to teachers and support staff to read from 4 January 2027. It goes to governors to read" in words


def whole() -> Extract:
    late = (dt.date(2026, 11, 16), "Agreed with Prof. Iqbal")
    undecided = Item("Uniform Policy", 2)
    return extract(
        item(in_force_from=FROM, in_force_version=4),
        item(Kind.NOTED, minute=""),
        undecided,
        starts_at=dt.time(18, 0),
        place="School library",
        short_notice=(late,),
    )


def test_the_text_to_copy() -> None:
    assert plain(whole()) == (
        "Hillcrest Primary School\n"
        "Full Governing Body: meeting of Thursday 19 November 2026 at 18:00, School library\n\n"
        "Decisions on policies\n\n"
        "Papers went out on 16 November 2026 at short notice: Agreed with Prof. Iqbal.\n\n"
        "Behaviour Policy, version 4: adopted, in force from 1 January 2027. (Minute 2026/31)\n\n"
        "Behaviour Policy, version 4: noted. (minute reference to come)\n\n"
        "Uniform Policy, version 2: not decided; it goes on to the next meeting.\n"
    )


def test_a_meeting_that_was_not_quorate_says_so() -> None:
    assert notes(extract(is_quorate=False)) == ("The meeting was not quorate, so nothing was decided.",)
    assert notes(extract()) == ()


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(content: bytes) -> dict[str, Any]:
    """Every part of a Word file, parsed: each is XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def lines(content: bytes) -> list[tuple[str, str]]:
    """The style and the words of each paragraph."""
    found = []
    for line in parts(content)["word/document.xml"].iter(f"{W}p"):
        style = line.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
        found.append((style, "".join(line.itertext(f"{W}t"))))
    return found


def test_the_word_file_says_what_the_text_says_under_real_headings() -> None:
    content = as_word(whole(), RECORDED)
    found = lines(content)
    assert [style for style, _ in found] == [
        "Heading1",
        "Subtitle",
        "Subtitle",
        "BodyText",
        "Heading2",
        *["BodyText"] * 3,
    ]
    written = plain(whole())
    assert all(words in written for style, words in found if words != "Items")
    defined = {one.get(f"{W}styleId") for one in parts(content)["word/styles.xml"].iter(f"{W}style")}
    used = {one.get(f"{W}val") for one in parts(content)["word/document.xml"].iter(f"{W}pStyle", f"{W}rStyle")}
    assert used <= defined and "Wanting" in used, "a missing minute reference stands out"


def test_the_word_file_is_english_titled_and_dated_by_the_decisions() -> None:
    content = as_word(whole(), RECORDED)
    told = {etree.QName(one).localname: one.text for one in parts(content)["docProps/core.xml"]}
    assert told == {
        "title": "Decisions on policies: Full Governing Body, 19 November 2026",
        "creator": "Hillcrest Primary School",
        "language": "en-GB",
        "created": "2026-11-19T20:15:00Z",
        "modified": "2026-11-19T20:15:00Z",
    }
    (language,) = parts(content)["word/styles.xml"].iter(f"{W}lang")
    assert language.get(f"{W}val") == "en-GB"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2026, 11, 19, 20, 15, 0)}


def test_the_same_decisions_give_the_same_bytes() -> None:
    assert as_word(whole(), RECORDED) == as_word(whole(), RECORDED)
    assert as_word(whole(), None) != as_word(whole(), RECORDED)


HOSTILE = "]]></w:t><w:r/>&lt;{{ 7*7 }}\x00\x0b\x1b\ufffe\ud800\n=HYPERLINK()<!DOCTYPE x> \U0001f600 Cymraeg ŵ"


def test_hostile_text_is_text() -> None:
    content = word_file(HOSTILE, (Line((Run(HOSTILE, "Strong"),)),), RECORDED, HOSTILE)
    ((_, words),) = lines(content)
    assert words == "]]></w:t><w:r/>&lt;{{ 7*7 }} =HYPERLINK()<!DOCTYPE x> \U0001f600 Cymraeg ŵ"
    assert len(list(parts(content)["word/document.xml"].iter(f"{W}r"))) == 1
    assert b"DOCTYPE" not in content.replace(b"&lt;!DOCTYPE", b"")


def test_the_house_reads_its_own_word_file() -> None:
    """The reader of uploaded documents finds the headings and the paragraphs: nothing in the file is out of place."""
    read = examine_here("decisions.docx", as_word(whole(), RECORDED))
    assert "Behaviour Policy, version 4" in read.clauses_json and "Decisions on policies" in read.clauses_json


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        word_file("", (), dt.datetime(2026, 11, 19), "")
