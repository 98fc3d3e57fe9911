"""What a pack may tell: no group so small that it tells about one person; text in the shape it is printed in."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from governance.packs.readers import SMALLEST_GROUP, Counts, Group, merged
from governance.packs.text import blocks
from tests.packs.oakfield import AGENCY, GOVERNORS, HEADTEACHER, SOCIAL_MEDIA_TEXT, SUPPORT, TEACHERS, clause

GROUPS = st.lists(
    st.builds(
        lambda size, days: Group(f"category of {size}", days, Counts(required=size, outstanding=size)),
        st.integers(0, 12),
        st.sampled_from([7, 14, 28]),
    ),
    max_size=8,
).map(tuple)


def test_groups_that_are_large_enough_stay_as_they_are() -> None:
    assert merged((TEACHERS, SUPPORT, GOVERNORS)) == (TEACHERS, SUPPORT, GOVERNORS)


def test_small_groups_are_put_together_with_the_next_smallest_until_nobody_stands_out() -> None:
    first, second, together = merged((TEACHERS, SUPPORT, GOVERNORS, HEADTEACHER, AGENCY))
    assert (first, second) == (TEACHERS, SUPPORT)
    assert together.category == "governors, headteacher and agency staff" and together.is_merged
    assert together.counts.audience == 9 + 1 + 1 + 3 and together.days == "7 to 28"


def test_one_small_group_takes_another_with_it_since_the_totals_would_tell() -> None:
    kept, together = merged((TEACHERS, GOVERNORS, Group("agency staff", 7, Counts(4, 4))))
    assert kept is TEACHERS and together.counts.audience == 14


def test_a_policy_for_the_headteacher_alone_shows_no_figures() -> None:
    (alone,) = merged((HEADTEACHER,))
    assert alone.counts == Counts() and alone.days == "14" and not alone.is_merged


@given(GROUPS)
def test_no_line_with_figures_is_about_fewer_than_five(groups: tuple[Group, ...]) -> None:
    shown = merged(groups)
    assert all(group.counts.audience == 0 or group.counts.audience >= SMALLEST_GROUP for group in shown)
    told = sum(group.counts.audience for group in shown)
    assert told in (0, sum(group.counts.audience for group in groups)) or any(not g.counts.audience for g in shown)


def test_the_title_is_not_printed_twice() -> None:
    kinds = [block.kind for block in blocks(SOCIAL_MEDIA_TEXT, "Social  media policy")]
    assert kinds == ["heading", "clause", "clause", "heading", "clause", "clause", "list", "paragraph", "table"]
    assert len(blocks(SOCIAL_MEDIA_TEXT, "Another")) == len(kinds) + 1


def test_headings_skip_no_level_whatever_the_document_did() -> None:
    levels = [2, 5, 6, 3, 2, 6]
    made = blocks(tuple(clause("heading", f"H{level}", level=level) for level in levels), "x")
    assert [block.level for block in made] == [4, 5, 6, 5, 4, 5]


@given(st.lists(st.integers(1, 6), max_size=20))
def test_a_heading_is_at_most_one_level_below_the_one_before(levels: list[int]) -> None:
    made = [block.level for block in blocks(tuple(clause("heading", "x", level=level) for level in levels), "")]
    assert all(4 <= level <= 6 for level in made) and made[:1] in ([], [4])
    assert all(below <= above + 1 for above, below in itertools.pairwise(made))


@given(st.lists(st.integers(1, 5), max_size=20))
def test_every_item_of_a_list_is_printed_once_in_order(levels: list[int]) -> None:
    made = blocks(tuple(clause("list_item", str(place), level=level) for place, level in enumerate(levels)), "")

    def walk(items: tuple[object, ...]) -> list[str]:
        return [text for item in items for text in (item.clause.text, *walk(item.under))]  # type: ignore[attr-defined]

    assert [text for block in made for text in walk(block.items)] == [str(place) for place in range(len(levels))]
