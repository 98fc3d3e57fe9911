"""The pure parts: a calendar that works on any day, and documents that grow from version to version."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from governance.demo.days import days_of, meeting_before, working_day
from governance.demo.plan import NEW_VERSION, SEPTEMBERS, last_held, next_held, steps_of
from governance.demo.staff import listed_people
from governance.demo.written import added_since, document, written_policies
from governance.extract.examine import examine_here

ANY_DAY = st.dates(dt.date(2024, 1, 1), dt.date(2045, 12, 31))


@given(ANY_DAY)
def test_on_any_day_the_year_is_old_enough_and_the_next_meeting_is_near(today: dt.date) -> None:
    days = days_of(today)
    assert 45 <= (today - days.begun).days <= 45 + 366
    assert 14 <= (next_held(days) - today).days <= 75
    assert last_held(days) < today
    assert today not in days.board + days.committee
    assert {day.weekday() for day in days.board} == {2}


@given(ANY_DAY)
def test_on_any_day_every_policy_has_a_past_in_order(today: dt.date) -> None:
    days = days_of(today)
    for place, policy in enumerate(written_policies()):
        steps = steps_of(policy, place, days)
        on = [step.on for step in steps]
        assert on == sorted(set(on)), policy.reference
        assert all(day < today for day in on)
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))


@given(ANY_DAY)
def test_nobody_leaves_before_they_come(today: dt.date) -> None:
    people = listed_people(days_of(today))
    assert len(people) == len({one.name for one in people}) == 60
    assert all(one.ended_on is None or one.started_on < one.ended_on < today for one in people)
    assert all(one.started_on <= today for one in people)


def test_meetings_keep_out_of_the_long_holidays() -> None:
    days = days_of(dt.date(2027, 8, 2))
    assert not [day for day in days.board if day.month == 8 or (day.month, day.day) > (12, 17)]
    assert meeting_before(days.board, dt.date(2027, 8, 2)) < dt.date(2027, 7, 21)
    assert next_held(days) >= dt.date(2027, 9, 8)
    assert working_day(dt.date(2026, 11, 14)) == dt.date(2026, 11, 16)


def test_each_version_says_more_than_the_one_before() -> None:
    for policy in written_policies():
        texts = [document(policy, 3 - back, back, ["Adopted"]) for back in (2, 1, 0)]
        assert len(texts[0]) <= len(texts[1]) <= len(texts[2])
        assert added_since(policy, 0)
    safeguarding = written_policies()[0]
    assert added_since(safeguarding, 0).startswith("Adds to “Training”: Everybody reads Part one")


def test_a_document_is_read_as_a_real_one_would_be() -> None:
    policy = next(one for one in written_policies() if one.reference == "SOC-01")
    front = ["Adopted by the Full Governing Body on 12 September 2026", "Next review: September 2028"]
    found = examine_here("Social Media Policy v2.md", document(policy, 2, 0, front))
    guesses = found.guesses
    assert guesses.title and guesses.title.value == "Social Media Policy"
    assert guesses.adopted_on and guesses.adopted_on.value.iso() == "2026-09-12"
    assert guesses.next_review_on and guesses.next_review_on.value.iso() == "2028-09"
    assert {guess.value for guess in guesses.related_policies} >= {"Anti-Bullying Policy", "Complaints Procedure"}
    assert any(clause for clause in found.clauses)


def test_the_list_covers_what_is_special() -> None:
    references = {policy.reference for policy in written_policies()}
    assert SEPTEMBERS | {NEW_VERSION} <= references
    assert {policy.kind for policy in written_policies()} == {"policy", "procedure", "agreement", "guidance"}
