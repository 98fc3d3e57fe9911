"""Until when the private link to a pack works: days after the meeting by the school's clock, and what ends it before."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from governance.packs.rules import LINK_DAYS_AFTER_MEETING, LinkFacts, LinkState, ends_at, state_of, works_until

LONDON = "Europe/London"
HELD_ON = dt.date(2026, 12, 3)
SITS = LinkFacts(why=None, undone=False, sits=True, held_on=HELD_ON)


def at(*parts: int, zone: str = LONDON) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]  # a datetime's own parts


def test_a_link_works_until_the_end_of_the_thirtieth_day_after_the_meeting() -> None:
    assert LINK_DAYS_AFTER_MEETING == 30
    assert works_until(HELD_ON) == dt.date(2027, 1, 2)
    assert state_of(SITS, at(2027, 1, 2, 23, 59, 59), LONDON) is LinkState.WORKS
    assert state_of(SITS, at(2027, 1, 3), LONDON) is LinkState.OVER


@pytest.mark.parametrize(
    ("held_on", "ends"),
    [
        # the clocks go forward on 28 March 2027 and back on 31 October 2027, between the meeting and the end
        (dt.date(2027, 3, 18), dt.datetime(2027, 4, 17, 23, 0, tzinfo=dt.UTC)),
        (dt.date(2027, 10, 7), dt.datetime(2027, 11, 7, 0, 0, tzinfo=dt.UTC)),
        # the last day is the day of the change itself
        (dt.date(2027, 2, 26), dt.datetime(2027, 3, 28, 23, 0, tzinfo=dt.UTC)),
        (dt.date(2027, 10, 1), dt.datetime(2027, 11, 1, 0, 0, tzinfo=dt.UTC)),
    ],
)
def test_its_end_is_midnight_at_the_school_also_where_the_clocks_change_before_it(
    held_on: dt.date, ends: dt.datetime
) -> None:
    assert ends_at(held_on, LONDON) == ends
    facts = LinkFacts(None, undone=False, sits=True, held_on=held_on)
    second = dt.timedelta(seconds=1)
    assert [state_of(facts, one, LONDON) for one in (ends - second, ends)] == [LinkState.WORKS, LinkState.OVER]


def test_a_school_elsewhere_counts_its_own_days() -> None:
    midnight = at(2027, 1, 3, zone="Europe/Gibraltar")
    assert ends_at(HELD_ON, "Europe/Gibraltar") == midnight == ends_at(HELD_ON, LONDON) - dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (LinkFacts(None, undone=False, sits=False, held_on=HELD_ON), LinkState.NO_MEMBER),
        (LinkFacts(None, undone=True, sits=True, held_on=HELD_ON), LinkState.UNDONE),
        (LinkFacts("withdrawn", undone=True, sits=False, held_on=HELD_ON), LinkState.WITHDRAWN),
        (LinkFacts("replaced", undone=False, sits=True, held_on=HELD_ON), LinkState.REPLACED),
    ],
)
def test_what_ends_a_link_before_its_time(facts: LinkFacts, state: LinkState) -> None:
    assert state_of(facts, at(2026, 11, 20), LONDON) is state
