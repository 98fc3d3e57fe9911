"""What will be asked of one person: by a job to come, a version to come, an asking to come; and what may be read early."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from governance.reading.coming import coming, to_read, version_to_read
from governance.reading.facts import Asking, Engagement, Facts, InForce, Receipt, Repeat, Rule

TODAY = dt.date(2026, 7, 1)
SEPTEMBER = dt.date(2026, 9, 1)
TESS, POLICY, TEACHERS = 1, 10, 20

FACTS = Facts(
    engagements=(Engagement(TESS, TEACHERS, dt.date(2020, 9, 1)),),
    rules=(Rule(POLICY, TEACHERS, None, 14, dt.date(2026, 1, 1)),),
    in_force=(InForce(1, POLICY, 101, 1, dt.date(2026, 1, 1)),),
    askings=(Asking(1, None, dt.date(2026, 1, 1)),),
)
JOINER = replace(FACTS, engagements=(Engagement(TESS, TEACHERS, SEPTEMBER),))
NEXT_EDITION = replace(
    FACTS,
    in_force=(*FACTS.in_force, InForce(2, POLICY, 102, 2, SEPTEMBER)),
    askings=(*FACTS.askings, Asking(2, None, SEPTEMBER)),
)
READ_FIRST = Receipt(TESS, POLICY, 101, 1, dt.date(2026, 1, 5))


def test_what_is_asked_today_is_not_coming() -> None:
    assert [row.version_id for row in to_read(FACTS, TESS, TODAY)] == [101]
    assert coming(FACTS, TESS, TODAY) == []


def test_a_joiner_sees_what_their_first_day_will_ask_and_may_read_it_early() -> None:
    assert to_read(JOINER, TESS, TODAY) == []
    [one] = coming(JOINER, TESS, TODAY)
    assert (one.from_on, one.owed.due_on, one.early) == (SEPTEMBER, dt.date(2026, 9, 15), True)
    read = replace(JOINER, receipts=(Receipt(TESS, POLICY, 101, 1, TODAY),))
    assert coming(read, TESS, TODAY) == []


def test_the_coming_edition_is_listed_beside_the_present_one_until_it_is_read() -> None:
    [one] = coming(NEXT_EDITION, TESS, TODAY)
    assert (one.owed.version_id, one.from_on, one.early) == (102, SEPTEMBER, True)
    assert [row.version_id for row in to_read(NEXT_EDITION, TESS, TODAY)] == [101]
    read = replace(NEXT_EDITION, receipts=(Receipt(TESS, POLICY, 102, 2, TODAY),))
    assert coming(read, TESS, TODAY) == [] and to_read(read, TESS, TODAY) == []


def test_whoever_owes_a_version_that_a_minor_change_replaced_opens_the_one_in_force() -> None:
    minor = replace(FACTS, in_force=(*FACTS.in_force, InForce(2, POLICY, 102, 2, dt.date(2026, 3, 1))))
    back = replace(minor, in_force=(*minor.in_force, InForce(3, POLICY, 101, 1, dt.date(2026, 4, 1))))
    for facts, opened in ((FACTS, 101), (minor, 102), (NEXT_EDITION, 101), (back, 101)):
        [row] = to_read(facts, TESS, TODAY)
        assert (row.version_id, version_to_read(facts, row, TODAY)) == (101, opened)


def test_an_asking_that_begins_later_is_coming() -> None:
    facts = replace(FACTS, askings=(Asking(1, None, dt.date(2026, 7, 6)),))
    assert [one.from_on for one in coming(facts, TESS, TODAY)] == [dt.date(2026, 7, 6)]


def test_a_yearly_reading_that_lapses_before_the_first_day_cannot_be_read_early() -> None:
    yearly = replace(JOINER, rules=(Rule(POLICY, TEACHERS, None, 14, dt.date(2026, 1, 1), None, Repeat.YEARLY),))
    [one] = coming(yearly, TESS, TODAY)
    assert not one.early
    # next year's edition, read in July, is good in September
    edition = replace(NEXT_EDITION, rules=yearly.rules)
    assert [one.early for one in coming(edition, TESS, TODAY)] == [True]


def test_the_lapse_of_what_was_read_is_not_looked_ahead_to() -> None:
    yearly = replace(
        FACTS,
        rules=(Rule(POLICY, TEACHERS, None, 14, dt.date(2026, 1, 1), None, Repeat.YEARLY),),
        receipts=(READ_FIRST,),
        engagements=(*FACTS.engagements, Engagement(TESS, 21, SEPTEMBER)),
    )
    assert coming(yearly, TESS, TODAY) == []


def test_a_leaver_has_nothing_coming() -> None:
    left = replace(NEXT_EDITION, engagements=(Engagement(TESS, TEACHERS, dt.date(2020, 9, 1), dt.date(2026, 8, 31)),))
    assert coming(left, TESS, TODAY) == []
