"""The appendix of a pack: which reviews are late and how far policies were read, with no figure about a few people."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import ImageColor
from pypdf import PdfReader
from sqlalchemy.orm import Session

from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.extract.dates import exactly
from governance.packs.appendix import Appendix, DueIn, LateReview, PolicyRead, readings, together
from governance.packs.appendix_facts import halves_from
from governance.packs.appendix_section import appendix_section
from governance.packs.gathering import for_day, for_meeting
from governance.packs.parts import main_parts
from governance.packs.printing import printed
from governance.packs.readers import Counts
from governance.packs.since import Sent, compared
from governance.packs.values import Pack, Size
from governance.policies.models import Policy
from governance.render.appendix_charts import FIRST_COLUMN, READINGS, REVIEWS, reading_chart, review_chart, small_bar
from governance.render.environment import environment
from governance.schools.models import Meeting
from tests import hillcrest
from tests.hillcrest import MAYA
from tests.packs import oakfield
from tests.packs.anatomy import anatomy
from tests.packs.little_school import NOW, TODAY, little_school
from tests.packs.test_binding import Counting, members
from tests.render.pdf_checks import failures, text_of

APPENDIX = "Appendix: late reviews and reading coverage"
SHELF = Counting()


@cache
def bound() -> bytes:
    return printed(oakfield.pack(), SHELF)


def pages() -> list[str]:
    """The appendix's own."""
    said = text_of(bound())
    first = next(place for place, page in enumerate(said) if place > 1 and APPENDIX in page)
    return said[first:-1]


def with_appendix(found: Appendix, **changes: object) -> Pack:
    return oakfield.pack(appendix=found, **changes)


# what it says


def test_late_reviews_are_told_with_body_days_and_the_meeting_that_has_them() -> None:
    text = " ".join(pages())
    for said in (
        "2 reviews are late of 31 policies in force; 1 of them is on no agenda yet.",
        "Social Media Policy Full Governing Body 12 Sep 2022 30 Sep 2025 12 months This meeting",
        "Teachers’ Pay Policy Pay Committee adopted 3 Nov 2023 30 Sep 2026 1 day On no agenda",
        "6 reviews that fall due are on no agenda yet. 2 policies in force have no review date",
    ):
        assert said in text, said


def test_readings_are_counted_by_policy_and_altogether_and_a_few_people_stay_untold() -> None:
    text = " ".join(pages())
    for said in (
        "1. Child Protection and Safeguarding Policy safeguarding 55 0 3 0 0 58",
        "2. Social Media Policy 41 4 7 2 1 55",
        "Staff Code of Conduct safeguarding 50 1 2 2 1 56",
        "Policies without a number are not in this pack.",
        "2 policies of this pack 96 4 10 2 1 113",
        "2 policies about safeguarding 105 1 5 2 1 114",
        "5 readings are late. Furthest behind: Social Media Policy (4 people) and Staff Code of Conduct (1 person).",
        "For fewer than 5 people, so without figures: Keeping Children Safe in Education.",
    ):
        assert said in text, said


def test_nothing_late_and_nothing_to_read_are_said_plainly() -> None:
    made = printed(with_appendix(Appendix(dt.date(2026, 10, 1), in_force=31), items=()))
    text = " ".join(text_of(made))
    assert failures(made) == []
    assert "No review is late. 31 policies are in force." in text
    assert "Nobody is asked to read a policy of this pack, or one about safeguarding." in text
    few = printed(with_appendix(Appendix(dt.date(2026, 10, 1), read=(PolicyRead("Pay", "P", Counts(4, 4)),)), items=()))
    assert "fewer than 5 people each, so how far they have read them is not shown" in " ".join(text_of(few))
    assert "No policy is in force." in " ".join(text_of(few))


def test_counts_add_up_to_everybody_and_totals_leave_out_whom_no_line_tells() -> None:
    counts = Counts(required=20, acknowledged=11, outstanding=8, overdue=3, away=2, excused=4, declined=1)
    found = readings(counts)
    assert (found.read, found.late, found.not_yet_due, found.away, found.other) == (11, 3, 5, 2, 5)
    assert (found.total, found.required) == (counts.audience, counts.required) == (26, 20)
    appendix = Appendix(TODAY, read=(PolicyRead("A", "A", counts), PolicyRead("B", "B", Counts(4, 1, 3, 3))))
    assert together(appendix.told) == found and [one.title for one in appendix.for_few] == ["B"]
    assert appendix.read_latest == "A (3 people)"


# how it is printed


def test_it_is_found_in_contents_and_bookmarks_with_its_page_and_links_to_the_policies() -> None:
    made = anatomy(bound())
    [(_, _, begins)] = [mark for mark in made.bookmarks if mark[1] == APPENDIX]
    assert begins == made.pages - len(pages())
    assert (2, APPENDIX, begins) in made.links and (2, str(begins), begins) in made.links
    titles = {said: leads for place, said, leads in made.links if place >= begins}
    policies = {mark[1].partition(". ")[2]: mark[2] for mark in made.bookmarks if mark[1][:1].isdigit()}
    assert titles == {title: policies[title] for title in titles} and len(titles) == 2
    assert [mark[1] for mark in made.bookmarks if mark[0] == 2 and begins <= mark[2] < made.pages] == [
        "Reviews that are late on 1 October 2026",
        "Reviews by the half-term they are due in",
        "How far policies have been read on 1 October 2026",
    ]


def test_each_chart_is_a_figure_that_says_its_figures() -> None:
    made = anatomy(bound())
    begins = made.pages - len(pages())
    figures = [alt for _, tag, alt, _, page in made.tags if tag == "/Figure" and page >= begins]
    assert figures[0].startswith(
        "Reviews by half-term. Before Autumn 1 2026: 1 late. "
        "Autumn 1 2026: 1 late, 2 due and on an agenda, 1 due and on no agenda."
    )
    assert figures[1].startswith(
        "2 policies of this pack: of 113 readings 96 read, 4 late, 10 not yet due, 2 away, 1 not signed, or not needed."
    )
    assert figures[2:] == [
        "of 58 readings 55 read, 3 not yet due.",
        "of 55 readings 41 read, 4 late, 7 not yet due, 2 away, 1 not signed, or not needed.",
        "of 56 readings 50 read, 1 late, 2 not yet due, 2 away, 1 not signed, or not needed.",
    ]


def test_charts_can_be_told_apart_without_colour() -> None:
    fills = environment().get_template("components/appendix_charts.jinja").module.fills  # type: ignore[attr-defined]
    for tones in (REVIEWS, READINGS):
        assert fills["late"] == "url(#hatched)" and set(tones) <= set(fills)
        light = sorted(ImageColor.getcolor(fills[tone], "L") for tone in tones if tone != "late")
        assert all(lighter - darker > 30 for darker, lighter in pairwise(light)), "on a grey printer"  # type: ignore[operator]


def forty(late: int) -> Appendix:
    """A school of forty policies, all of them in the pack, with titles as long as schools give them."""
    long = "Supporting Pupils at School with Medical Conditions"
    titles = [f"{long} {n}" if n % 8 == 0 else f"Behaviour and Attendance Policy {n}" for n in range(1, 41)]
    due = exactly(dt.date(2026, 1, 31))
    return replace(
        oakfield.appendix(),
        in_force=40,
        late=tuple(
            LateReview(title, f"P-{n}", oakfield.BODY, "12 Sep 2022", due, "8 months")
            for n, title in enumerate(titles[:late], start=1)
        ),
        read=tuple(
            PolicyRead(title, f"P-{n}", Counts(55, 40, 15, 6, 2, 1), safeguarding=n % 7 == 0)
            for n, title in enumerate(titles, start=1)
        ),
    )


def test_a_short_pack_of_forty_policies_has_two_pages_of_it_even_with_every_review_late() -> None:
    short = text_of(printed(with_appendix(forty(40), items=(), size=Size.SHORT)))
    assert len(short) == 2 + 2 + 1
    assert "40 reviews are late of 40 policies in force, and on no agenda yet." in short[2]
    assert "30 more are late, none by more than 8 months; the full pack lists them all." in short[2]
    full = appendix_section(forty(40), {}, is_short=False)
    assert (len(full.late), full.left_out) == (40, 0)


def test_each_policy_for_itself_has_it_as_the_last_document() -> None:
    held = members(printed(oakfield.pack(size=Size.SEPARATE), SHELF))
    last = held["04 Appendix late reviews and reading coverage.pdf"]
    assert list(held)[-1].startswith("04 ") and failures(last) == []
    assert "Policy review pack: Full Governing Body, 15 October 2026" in text_of(last)[0]
    assert PdfReader(BytesIO(last)).metadata["/Title"] == f"{APPENDIX}, Oakfield Primary School"  # type: ignore[index]
    assert not anatomy(last).links, "nothing leads to documents beside it"


def test_other_figures_print_the_appendix_again_and_nothing_else() -> None:
    bound()
    count, pack = SHELF.kept, oakfield.pack()
    read = (replace(oakfield.appendix().read[0], counts=Counts(58, 54, 4, 1)), *oakfield.appendix().read[1:])
    made = printed(replace(pack, appendix=replace(oakfield.appendix(), read=read)), SHELF)
    assert "54 1 3 0 0 58" in " ".join(text_of(made))
    assert SHELF.kept == count + 1
    assert printed(pack, SHELF) == bound()


def test_a_supplement_has_none() -> None:
    only = compared(oakfield.pack(), Sent(dt.date(2026, 9, 20), ()), only_new=True)
    assert only.appendix is None and compared(oakfield.pack(), Sent(dt.date(2026, 9, 20), ())).appendix is not None
    assert APPENDIX not in [part.piece.title for part in main_parts(only)]


# how it is laid out


@pytest.mark.parametrize("most", [1, 4, 400])
def test_columns_stand_on_their_line_and_stay_below_the_top(most: int) -> None:
    chart = review_chart((DueIn("A", late=most), DueIn("B"), DueIn("C", 1, most, 2)))
    for column in chart.columns:
        tops = [piece.top for piece in column.pieces]
        assert tops == sorted(tops, reverse=True) and all(0 < top < chart.ground for top in tops)
        if column.pieces:
            assert abs(column.pieces[0].top + column.pieces[0].height - chart.ground) < 0.2
    assert [column.left for column in chart.columns] == sorted(column.left for column in chart.columns)
    assert chart.columns[0].left == FIRST_COLUMN and chart.columns[1].total == 0


def test_bars_fill_their_width_whatever_they_count() -> None:
    found = readings(Counts(500, 1, 499, 1, 1, 1))
    for width, segments in (
        (small_bar(found).width, small_bar(found).segments),
        (reading_chart((("A", found),)).width, reading_chart((("A", found),)).bars[0].segments),
    ):
        assert abs(segments[-1].left + segments[-1].width - width) < 1
        assert all(part.width >= 4 for part in segments) and len(segments) == 5
    assert reading_chart((("A", readings(Counts(9, 9))),)).key == ("read",)


# what is gathered


def test_a_meetings_appendix_has_the_whole_schools_late_reviews_and_its_own_policies_reading(session: Session) -> None:
    little = little_school(session)
    meeting = session.get_one(Meeting, little.meeting_id)
    pack = for_meeting(session, little.scope, meeting, TODAY, NOW)
    found = pack.appendix
    assert found is not None
    assert (found.as_of, found.in_force, found.undated) == (TODAY, 2, 1)
    assert found.late == (
        LateReview(
            "Social Media Policy",
            pack.items[1].reference,
            "Full board",
            "adopted 12 Sep 2025",
            exactly(dt.date(2026, 9, 30)),
            "1 day",
            "This meeting",
        ),
    )
    assert [(one.title, one.counts.audience) for one in found.read] == [
        ("Redundancy Policy", 0),
        ("Social Media Policy", 0),
    ]
    media, redundancy = pack.items[1], pack.items[0]
    assert media.last_review == (
        "Not reviewed yet: adopted 12 months ago, on 12 September 2025, by Full Governing Body (minute 22/41)."
    )
    assert media.overdue == "1 day" and redundancy.overdue == ""
    assert redundancy.last_review == "Never reviewed: no adoption or review of it is recorded."


def test_a_days_appendix_names_the_meeting_that_has_a_late_review_on_its_agenda(session: Session) -> None:
    little = little_school(session)
    before = for_day(session, little.scope, TODAY, NOW).appendix
    assert before is not None and [one.planned for one in before.late] == [""]
    meeting, policy = (
        session.get_one(Meeting, little.meeting_id),
        session.get_one(Policy, little.policies["Social Media"]),
    )
    put_on_agenda(session, little.scope, MAYA, meeting, policy, AsksFor.REVIEW, NOW)
    after = for_day(session, little.scope, TODAY, NOW).appendix
    assert after is not None and [one.planned for one in after.late] == ["Full Governing Body, 15 Oct 2026"]
    assert sum(half.total for half in after.due) == 1 and (after.due[1].name, after.due[1].late) == ("Autumn 1 2026", 1)


def test_policies_about_safeguarding_are_there_whether_the_pack_has_them_or_not(session: Session) -> None:
    little = little_school(session)
    uniform = session.get_one(Policy, little.policies["Uniform"])
    uniform.safeguarding = True
    session.flush()
    meeting = session.get_one(Meeting, little.meeting_id)
    found = for_meeting(session, little.scope, meeting, TODAY, NOW).appendix
    assert found is not None
    [outside] = [one for one in found.read if not one.in_pack]
    assert (outside.title, outside.safeguarding) == ("Uniform Policy", True)


def test_another_schools_reviews_are_not_in_it(session: Session) -> None:
    little = little_school(session)
    zeds = hillcrest.a_school(session, "Zed's School", "zeds")
    hillcrest.a_policy(session, zeds, "Zed's Safeguarding Policy")
    found = for_day(session, little.scope, TODAY, NOW).appendix
    empty = for_day(session, zeds, TODAY, NOW).appendix
    assert found is not None and "Zed" not in repr(found)
    assert empty is not None and (empty.in_force, empty.late, empty.read) == (0, (), ())


def test_half_terms_run_for_a_year_from_the_one_of_the_day() -> None:
    calendar = [half.name for half in halves_from(dt.date(2027, 7, 31), ())]
    assert calendar == ["Summer 2", "Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1"]
    assert halves_from(dt.date(2026, 8, 31), ())[0].holds(dt.date(2026, 8, 31))
