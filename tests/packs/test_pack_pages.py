"""The pack a governor is handed: complete, accessible, the same every time, and inert whatever was typed."""

from __future__ import annotations

import datetime as dt
import re
import socket
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from governance.extract.stated_dates import exactly
from governance.packs.appendix import Appendix, DueIn, LateReview, PolicyRead
from governance.packs.printing import printed as pages
from governance.packs.readers import Counts
from governance.packs.values import Original, Pack, Since
from tests.packs import single_shot
from tests.packs.oakfield import child_protection, clause, pack, social_media
from tests.packs.test_prepared_pack import item as prepared_item
from tests.render.pdf_checks import attachments_of, bookmarks_of, failures, links_of, text_of


@cache
def printed() -> bytes:
    return pages(pack())


def sheets() -> list[str]:
    return text_of(printed())


def test_a_pack_passes_the_checker() -> None:
    assert failures(printed()) == []


def test_the_cover_names_school_body_day_and_what_is_asked() -> None:
    cover = sheets()[0]
    for said in ("Oakfield Primary School", "Policy review pack", "Full Governing Body", "Thursday 15 October 2026"):
        assert said in cover
    assert "3 policies, 2 decisions asked for" in cover
    assert "Facts as of 1 October 2026. Made on 1 October 2026 at 09:12." in cover, "by the school's clock, not UTC"
    assert "Page 1" not in cover


def test_every_page_but_the_cover_names_the_meeting_and_is_numbered() -> None:
    for number, sheet in enumerate(sheets()[1:], start=2):
        assert "Oakfield Primary School" in sheet and "Full Governing Body, 15 October 2026" in sheet
        assert f"Page {number} of {len(sheets())}" in sheet


def test_the_contents_give_the_page_that_each_policy_is_on() -> None:
    contents = sheets()[1]
    for place, item in enumerate(pack().items, start=1):
        found = re.search(rf"{place}\. {re.escape(item.title)} (\d+)", contents)
        assert found, item.title
        assert sheets()[int(found[1]) - 1].count(f"{place}. {item.title} Why it is here") == 1


def test_what_is_due_and_why_stands_at_the_front() -> None:
    front = sheets()[1]
    assert "What is due and why" in front and "Review late: it was due in September 2025." in front
    assert "Adopt version 2026, in force from 1 November 2026." in front and "For information" in front


def facts_of(title: str) -> str:
    """The page of facts, with the next one, on which its earlier versions may end."""
    said = sheets()
    place = next(number for number, sheet in enumerate(said) if f"{title} Why it is here" in sheet)
    return " ".join(said[place : place + 2])


def test_a_policys_page_gives_its_facts() -> None:
    facts = facts_of("Social Media Policy")
    for said in (
        "In force since 12 September 2022",
        "Last reviewed 4 years ago, on 12 September 2022, by Full Governing Body (minute 22/41).",
        "The review is overdue by 12 months: it was due by 30 September 2025.",
        "Adopted by Full Governing Body, 12 September 2022 (minute 22/41)",
        "Next review September 2025",
        "41 read 7 not yet read, in time 4 reading overdue 2 away 1 not needed",
        "79% of the 52 people",
        "Governors, headteacher and agency staff together 7 to 28",
        "Missing: not in this school’s register",
        "Approved by Headteacher, October 2019",
    ):
        assert said in facts, said


def test_the_decision_asked_is_on_the_page_of_facts() -> None:
    [page] = [sheet for sheet in sheets() if "Social Media Policy Why it is here" in sheet]
    assert "Decision asked" in page and "Minute reference" in page


def test_a_policy_for_a_few_people_shows_no_figures_about_them() -> None:
    facts = facts_of("Keeping Children Safe in Education")
    assert "It is for fewer than 5 people, so how far they have read it is not shown." in facts
    assert "Headteacher 14 not shown" in facts and "Issued by the headteacher, date not recorded" in facts


def test_each_decision_asked_has_space_for_the_minute() -> None:
    said = " ".join(sheets())
    assert said.count("Decision asked Adopt version") == 2 and said.count("Minute reference") == 3
    assert said.count("☐ Adopted with amendments") == 2


def test_the_text_is_printed_with_its_numbers_and_links() -> None:
    text = next(sheet for sheet in sheets() if "the text of version" in sheet)
    assert "1. Introduction 1.1 Everything shared" in text and "7.8 As an employee you must: choose" in text
    assert links_of(printed()) == {"https://www.gov.uk/government/publications/teachers-standards"}


def test_a_file_without_text_here_is_listed_with_its_check_code() -> None:
    facts = facts_of("Child Protection and Safeguarding Policy")
    assert "delivered beside this pack as 1 file" in facts and "Child protection 2026-27.docx 180 kB" in facts


def test_the_last_page_is_a_checkpoint_of_the_record_of_changes() -> None:
    assert pack().journal_head in sheets()[-1] and "entry 1,482" in sheets()[-1]


def test_a_reader_finds_its_way_by_bookmarks() -> None:
    marks = bookmarks_of(printed())
    assert marks[:3] == ["Policy review pack", "Contents", "What is due and why"]
    assert {"1. Child Protection and Safeguarding Policy", "2. Social Media Policy", "About this pack"} <= set(marks)


def test_the_same_values_give_the_same_bytes_and_other_values_others() -> None:
    assert pages(pack()) == printed()
    later = pack(made_at=pack().made_at + dt.timedelta(minutes=1))
    assert pages(later) != printed()


def test_a_pack_of_nothing_says_so() -> None:
    made = pages(pack(items=(), meeting_on=None, journal_head=""))
    assert failures(made) == []
    assert (
        "No policy is before this meeting." in " ".join(text_of(made))
        and "As of Thursday 1 October 2026" in text_of(made)[0]
    )


TYPED = "<script>alert(1)</script>{{7*7}}%s${x}</style><img src='%s'>"


# What the program itself writes: these never hold what a person typed.
OURS = {"anchor", "time_zone"}


def hostile(address: str) -> Pack:
    """A pack with everything that a pack can have, and the same in every field that people or their documents fill."""
    typed = TYPED.replace("%s'", f"{address}'")
    cut = replace(prepared_item(), originals=(Original("a", "b", "c", 1),), choices=("d",), power="e", resolution="f")
    since = Since(dt.date(2026, 10, 1), ("a",), ("b",), ("c",))
    read = (
        PolicyRead("a", "b", Counts(9, 5, 4, 1), safeguarding=True),
        PolicyRead("c", "d", Counts(1, 1)),
        PolicyRead("e", "f", Counts()),
    )
    late = (LateReview("a", "b", "c", "d", exactly(dt.date(2026, 9, 30)), "e", "f"),)
    appendix = Appendix(dt.date(2026, 10, 1), late=late, due=(DueIn("a", late=1),), read=read)
    written = pack(items=(cut, social_media()), place="g", since=since, appendix=appendix)
    full: Pack = typed_over(written, typed)
    return replace(full, colour=f"red; }} body {{ background: url({address})")


def typed_over(value: Any, typed: str) -> Any:
    """A value with every text in it replaced, whatever fields it comes to have."""
    if isinstance(value, tuple):
        return tuple(typed_over(one, typed) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {one.name: getattr(value, one.name) for one in fields(value) if one.init and one.name not in OURS}
        return replace(value, **{name: typed_over(one, typed) for name, one in held.items()})
    return typed if isinstance(value, str) and not isinstance(value, Enum) else value


def test_what_was_typed_stands_in_a_pack_as_text() -> None:
    made = single_shot.html(hostile("file:///etc/passwd"))
    assert "<script>" not in made and "<img src='file" not in made and "url(" not in made and "{{7*7}}" in made
    assert " ".join(text_of(pages(hostile("x")))).count("{{7*7}}") > 10


def test_nothing_typed_makes_a_pack_reach_out(tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("SECRETOFANOTHERSCHOOL")
    made = pages(hostile(canary.as_uri()))
    assert b"SECRETOFANOTHERSCHOOL" not in made and attachments_of(made) == [] and failures(made) == []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        pages(hostile(f"http://127.0.0.1:{listener.getsockname()[1]}/"))
        with pytest.raises(TimeoutError):
            listener.accept()


def test_long_tables_and_long_words_stay_on_the_page() -> None:
    wide = replace(
        child_protection(),
        title="Donaudampfschifffahrtsgesellschaft" * 6,
        clauses=tuple(clause("clause", "word " * 60, f"{n}.{n}", 2) for n in range(1, 60)),
        originals=(),
    )
    made = pages(pack(items=(wide,)))
    assert failures(made) == [] and "59.59" in " ".join(text_of(made))
