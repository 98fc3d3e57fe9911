"""Words for dates, counts and shares; escaping; charts with their text alternative."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from lxml import etree

from governance.render import charts, words
from governance.render.environment import TEMPLATES, environment, escaped


@dataclass(frozen=True)
class Stated:
    text: str

    def in_words(self) -> str:
        return self.text


def filled(source: str, **values: object) -> str:
    return environment().from_string(source).render(values)


def test_a_day_is_said_as_a_school_says_it() -> None:
    assert filled("{{ d | day }}", d=dt.date(2022, 9, 12)) == "12 September 2022"
    assert filled("{{ d | day_short }}", d=dt.date(2022, 9, 2)) == "2 Sep 2022"
    assert filled("{{ d | day_full }}", d=dt.date(2026, 10, 15)) == "Thursday 15 October 2026"


def test_a_day_nobody_recorded_is_said_so() -> None:
    assert filled("{{ none | day }}, {{ none | day_short }}, {{ none | stated }}") == "not recorded, –, not recorded"


def test_a_stated_date_speaks_for_itself() -> None:
    assert filled("{{ s | stated }}", s=Stated("autumn term 2024")) == "autumn term 2024"
    assert filled("{{ s | stated }}", s=dt.date(2024, 2, 29)) == "29 February 2024"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 policies"), (1, "1 policy"), (2, "2 policies"), (1204, "1,204 policies")]
)
def test_a_count_goes_with_its_word(count: int, said: str) -> None:
    assert words.plural(count, "policy", "policies") == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "–"), (0, 9, "0%"), (9, 9, "100%"), (999, 1000, "99%"), (1, 1000, "1%"), (1, 3, "33%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, said: str) -> None:
    assert words.percent(part, whole) == said


def test_words_are_listed_with_and() -> None:
    assert filled("{{ w | listed }}", w=["teachers", "governors", "volunteers"]) == "teachers, governors and volunteers"
    assert words.listed([]) == "" and words.listed(["teachers"]) == "teachers"


@pytest.mark.parametrize("name", [None, "report.html", "charts.jinja", "mail.html", "drawing.svg", "noending"])
def test_every_template_is_escaped_but_the_text_of_a_mail(name: str | None) -> None:
    assert escaped(name)
    assert not escaped("emails/asked.txt")


def test_what_a_person_typed_is_shown_and_never_run() -> None:
    typed = "<script>alert(1)</script>{{7*7}}%s${x}"
    assert filled("{{ name }}", name=typed) == "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}%s${x}"


def test_a_name_that_nobody_gave_is_a_mistake_in_the_code() -> None:
    with pytest.raises(UndefinedError):
        filled("{{ nobody }}")


def test_every_document_template_compiles() -> None:
    for folder in ("components", "packs", "reports"):
        for path in sorted((TEMPLATES / folder).glob("*")):
            environment().get_template(f"{folder}/{path.name}")


def bar_svg(bar: charts.Bar) -> str:
    return filled('{% from "components/charts.jinja" import bar_svg %}{{ bar_svg(bar) }}', bar=bar).strip()


def test_a_coverage_bar_says_in_words_what_it_shows() -> None:
    bar = charts.coverage_bar(acknowledged=41, outstanding=11, overdue=4, away=2, excused=1)
    assert bar.text == ("Of 55 people: 41 read, 7 not yet read, in time, 4 reading overdue, 2 away, 1 not needed.")
    assert [part.count for part in bar.segments] == [41, 7, 4, 2, 1]


def test_an_empty_bar_says_that_nobody_is_asked() -> None:
    bar = charts.coverage_bar(acknowledged=0, outstanding=0, overdue=0)
    assert bar.text == "Nobody is asked to read this."
    assert etree.fromstring(bar_svg(bar).encode()).get("aria-label") == bar.text


COUNTS = st.integers(0, 20_000)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_parts_of_a_bar_fill_it_and_never_overlap(read: int, overdue: int, away: int, excused: int) -> None:
    bar = charts.coverage_bar(acknowledged=read, outstanding=overdue * 2, overdue=overdue, away=away, excused=excused)
    edges = [(part.left, part.left + part.width) for part in bar.segments]
    for (_, end), (start, _) in pairwise(edges):
        assert start >= end
    assert not edges or abs(edges[-1][1] - bar.width) < 1
    assert all(part.width >= 4 for part in bar.segments)


def test_a_drawing_has_no_style_attribute_for_a_strict_page_to_refuse() -> None:
    drawn = etree.fromstring(bar_svg(charts.coverage_bar(acknowledged=3, outstanding=2, overdue=1)).encode())
    assert not [node for node in drawn.iter() if node.get("style") or node.get("id")]


def test_a_drawing_goes_into_a_document_as_an_image_with_its_words() -> None:
    bar = charts.coverage_bar(acknowledged=3, outstanding=2, overdue=1)
    image = filled('{% from "components/charts.jinja" import bar_image %}{{ bar_image(bar) }}', bar=bar)
    node = etree.fromstring(image.replace('">', '"/>'))
    assert node.get("alt") == bar.text
    kind, _, coded = (node.get("src") or "").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert etree.fromstring(base64.b64decode(coded)).tag == "{http://www.w3.org/2000/svg}svg"
