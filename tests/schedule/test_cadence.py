"""When things are due: hand-worked tables for the days on which clocks, months and years are awkward."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import Refusal
from governance.schedule.cadence import (
    BeforeMeeting,
    Cadence,
    Daily,
    Monthly,
    PlannedMeeting,
    Slot,
    Weekly,
    from_text,
    in_words,
    last_day_to_send,
    next_slot,
    note_for,
    seven_clear_days_before,
    slots_due,
    to_text,
    which_runs,
)

LONDON = "Europe/London"
AT_SEVEN = dt.time(7, 0)
AT_HALF_PAST_ONE = dt.time(1, 30)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def due_between(
    cadence: Cadence, since: str, until: str, meetings: tuple[PlannedMeeting, ...] = ()
) -> list[tuple[str, str]]:
    """(key, instant) of the slots of an entry made at `since` and first looked at at `until`."""
    slots = slots_due(cadence, utc(since), None, utc(until), LONDON, meetings)
    return [(slot.key, f"{slot.due_at:%Y-%m-%d %H:%M}") for slot in slots]


@pytest.mark.parametrize(
    ("sunday", "happens_at"),
    [("2026-03-29", "01:00"), ("2027-03-28", "01:00"), ("2028-03-26", "01:00")],
)
def test_a_missing_half_past_one_happens_at_two_british_summer_time(sunday: str, happens_at: str) -> None:
    assert due_between(Daily(AT_HALF_PAST_ONE), f"{sunday} 00:00", f"{sunday} 23:59") == [
        (sunday, f"{sunday} {happens_at}")
    ]


@pytest.mark.parametrize("sunday", ["2026-10-25", "2027-10-31", "2028-10-29"])
def test_half_past_one_happens_once_on_the_night_it_comes_twice(sunday: str) -> None:
    found = due_between(Daily(AT_HALF_PAST_ONE), f"{sunday} 00:00", f"{sunday} 23:59")
    assert found == [(sunday, f"{sunday} 00:30")]


def test_the_second_half_past_one_is_not_due_after_the_first_was_done() -> None:
    done = utc("2026-10-25 00:30")
    assert slots_due(Daily(AT_HALF_PAST_ONE), utc("2026-09-01 00:00"), done, utc("2026-10-25 02:00"), LONDON) == []


@pytest.mark.parametrize(
    ("days", "instants"),
    [
        (("2026-03-28", "2026-03-31"), ["03-28 07:00", "03-29 06:00", "03-30 06:00"]),
        (("2026-10-24", "2026-10-27"), ["10-24 06:00", "10-25 07:00", "10-26 07:00"]),
        (("2027-03-27", "2027-03-30"), ["03-27 07:00", "03-28 06:00", "03-29 06:00"]),
        (("2027-10-30", "2027-11-02"), ["10-30 06:00", "10-31 07:00", "11-01 07:00"]),
        (("2028-03-25", "2028-03-28"), ["03-25 07:00", "03-26 06:00", "03-27 06:00"]),
        (("2028-10-28", "2028-10-31"), ["10-28 06:00", "10-29 07:00", "10-30 07:00"]),
    ],
)
def test_seven_oclock_stays_seven_oclock_by_the_school_clock(days: tuple[str, str], instants: list[str]) -> None:
    found = due_between(Daily(AT_SEVEN), f"{days[0]} 00:00", f"{days[1]} 00:00")
    assert [instant[5:] for _, instant in found] == instants


def test_midnight_is_on_the_day_it_begins() -> None:
    assert due_between(Daily(dt.time(0, 0)), "2026-06-30 12:00", "2026-07-01 12:00") == [
        ("2026-07-01", "2026-06-30 23:00")
    ]


def test_every_monday_is_keyed_by_the_local_date() -> None:
    assert due_between(Weekly(0, AT_SEVEN), "2026-10-01 00:00", "2026-10-27 00:00") == [
        ("2026-10-05", "2026-10-05 06:00"),
        ("2026-10-12", "2026-10-12 06:00"),
        ("2026-10-19", "2026-10-19 06:00"),
        ("2026-10-26", "2026-10-26 07:00"),
    ]


def test_the_last_day_of_the_month_follows_the_calendar() -> None:
    found = due_between(Monthly(None, AT_SEVEN), "2027-12-01 00:00", "2028-05-01 00:00")
    assert [key for key, _ in found] == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_the_last_day_of_february_is_the_28th_in_an_ordinary_year() -> None:
    found = due_between(Monthly(None, AT_SEVEN), "2027-02-01 00:00", "2027-03-01 00:00")
    assert [key for key, _ in found] == ["2027-02-28"]


def test_the_28th_comes_every_month() -> None:
    found = due_between(Monthly(28, AT_SEVEN), "2027-01-29 00:00", "2027-04-01 00:00")
    assert [key for key, _ in found] == ["2027-02-28", "2027-03-28"]


def test_29_february_is_a_day_like_any_other_for_a_daily_slot() -> None:
    found = due_between(Daily(AT_SEVEN), "2028-02-28 00:00", "2028-03-01 23:00")
    assert [key for key, _ in found] == ["2028-02-28", "2028-02-29", "2028-03-01"]


def test_school_days_only_leaves_out_saturday_and_sunday() -> None:
    found = due_between(Daily(AT_SEVEN, school_days_only=True), "2026-10-09 00:00", "2026-10-13 00:00")
    assert [key for key, _ in found] == ["2026-10-09", "2026-10-12"]


def test_an_entry_has_no_slot_before_it_was_made() -> None:
    assert due_between(Weekly(0, AT_SEVEN), "2026-10-05 06:01", "2026-10-05 09:00") == []
    assert due_between(Weekly(0, AT_SEVEN), "2026-10-05 06:00", "2026-10-05 09:00") == [
        ("2026-10-05", "2026-10-05 06:00")
    ]


def test_a_meeting_is_prepared_so_many_days_before_and_keyed_by_the_meeting() -> None:
    full_board = PlannedMeeting("m1", dt.date(2026, 10, 15))
    assert due_between(BeforeMeeting(14, AT_SEVEN), "2026-09-01 00:00", "2026-10-02 00:00", (full_board,)) == [
        ("meeting:m1", "2026-10-01 06:00")
    ]


def test_a_meeting_entered_late_is_due_at_once_if_the_entry_is_older() -> None:
    called_at_short_notice = PlannedMeeting("m2", dt.date(2026, 10, 15))
    found = due_between(BeforeMeeting(14, AT_SEVEN), "2026-09-01 00:00", "2026-10-10 00:00", (called_at_short_notice,))
    assert found == [("meeting:m2", "2026-10-01 06:00")]


def test_an_entry_made_within_the_days_before_a_meeting_leaves_that_meeting_to_a_person() -> None:
    meeting = PlannedMeeting("m3", dt.date(2026, 10, 15))
    assert due_between(BeforeMeeting(14, AT_SEVEN), "2026-10-05 00:00", "2026-10-10 00:00", (meeting,)) == []


def test_a_pack_is_due_across_the_night_the_clocks_change() -> None:
    meeting = PlannedMeeting("m4", dt.date(2026, 11, 5))
    assert due_between(BeforeMeeting(11, AT_HALF_PAST_ONE), "2026-09-01 00:00", "2026-11-01 00:00", (meeting,)) == [
        ("meeting:m4", "2026-10-25 00:30")
    ]


def test_of_several_missed_mondays_the_latest_runs_and_the_others_are_skipped() -> None:
    slots = slots_due(Weekly(0, AT_SEVEN), utc("2026-10-01 00:00"), None, utc("2026-10-21 00:00"), LONDON)
    run, skipped = which_runs(slots, dt.date(2026, 10, 21))
    assert [slot.key for slot in run] == ["2026-10-19"]
    assert [slot.key for slot in skipped] == ["2026-10-05", "2026-10-12"]


def test_packs_of_two_meetings_do_not_replace_each_other_but_a_meeting_already_held_is_skipped() -> None:
    meetings = (
        PlannedMeeting("held", dt.date(2026, 10, 8)),
        PlannedMeeting("board", dt.date(2026, 10, 15)),
        PlannedMeeting("finance", dt.date(2026, 10, 15)),
    )
    slots = slots_due(
        BeforeMeeting(14, AT_SEVEN), utc("2026-09-01 00:00"), None, utc("2026-10-12 00:00"), LONDON, meetings
    )
    run, skipped = which_runs(slots, dt.date(2026, 10, 12))
    assert [slot.key for slot in run] == ["meeting:board", "meeting:finance"]
    assert [slot.key for slot in skipped] == ["meeting:held"]


def test_nothing_due_runs_nothing() -> None:
    assert which_runs([], dt.date(2026, 10, 12)) == ([], [])


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        (Weekly(0, AT_SEVEN), "Every Monday at 07:00"),
        (Monthly(1, AT_SEVEN), "On the 1st of every month at 07:00"),
        (Monthly(12, AT_SEVEN), "On the 12th of every month at 07:00"),
        (Monthly(22, AT_SEVEN), "On the 22nd of every month at 07:00"),
        (Monthly(23, AT_SEVEN), "On the 23rd of every month at 07:00"),
        (Monthly(None, AT_SEVEN), "On the last day of every month at 07:00"),
        (Daily(AT_SEVEN), "Every day at 07:00"),
        (Daily(AT_SEVEN, True), "Every day from Monday to Friday at 07:00"),
        (BeforeMeeting(14, AT_SEVEN), "14 days before each meeting at 07:00"),
        (BeforeMeeting(1, AT_SEVEN), "The day before each meeting at 07:00"),
        (BeforeMeeting(0, AT_SEVEN), "On the day of each meeting at 07:00"),
    ],
)
def test_a_cadence_is_said_in_words_and_survives_being_written_down(cadence: Cadence, words: str) -> None:
    assert in_words(cadence) == words
    assert from_text(to_text(cadence)) == cadence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"at": "07:00"}',
        '{"at": "07:00", "every": "fortnight"}',
        '{"at": "7", "every": "day", "school_days_only": false}',
        '{"at": "07:00", "every": "week", "weekday": "moonday"}',
        '{"at": "07:00", "every": "month", "day": 31}',
    ],
)
def test_text_that_is_no_cadence_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="not a cadence"):
        from_text(text)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Weekly(7, AT_SEVEN), "day of the week"),
        (lambda: Monthly(31, AT_SEVEN), "1 to 28"),
        (lambda: Monthly(0, AT_SEVEN), "1 to 28"),
        (lambda: BeforeMeeting(-1, AT_SEVEN), "0 to 60 days"),
        (lambda: Daily(dt.time(7, 0, 30)), "hours and minutes"),
    ],
)
def test_an_impossible_cadence_is_refused_in_words(make: object, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        make()  # type: ignore[operator]


def test_the_missing_hour_is_told_beforehand() -> None:
    assert note_for(Weekly(6, AT_HALF_PAST_ONE), dt.date(2027, 1, 1), LONDON) == (
        "The clocks go forward on 28 March 2027, so there is no 01:30. This happens at 02:00 instead."
    )


def test_the_hour_that_comes_twice_is_told_beforehand() -> None:
    assert note_for(Daily(AT_HALF_PAST_ONE), dt.date(2027, 4, 1), LONDON) == (
        "The clocks go back on 31 October 2027, so 01:30 comes twice. This happens once, the first time."
    )


def test_a_pack_due_in_the_missing_hour_is_told_beforehand() -> None:
    meeting = PlannedMeeting("m", dt.date(2026, 4, 2))
    note = note_for(BeforeMeeting(4, AT_HALF_PAST_ONE), dt.date(2026, 3, 1), LONDON, (meeting,))
    assert note is not None
    assert "29 March 2026" in note


def test_seven_in_the_morning_needs_no_note() -> None:
    assert note_for(Daily(AT_SEVEN), dt.date(2026, 1, 1), LONDON) is None


def test_the_next_slot_is_strictly_later() -> None:
    monday = next_slot(Weekly(0, AT_SEVEN), utc("2026-10-05 06:00"), LONDON)
    assert monday == Slot("2026-10-12", utc("2026-10-12 06:00"))
    assert next_slot(BeforeMeeting(14, AT_SEVEN), utc("2026-10-05 06:00"), LONDON) is None


def test_papers_for_15_october_go_out_by_7_october() -> None:
    assert seven_clear_days_before(dt.date(2026, 10, 15)) == dt.date(2026, 10, 7)
    assert last_day_to_send(dt.date(2026, 10, 15), 0) == dt.date(2026, 10, 14)


def test_seven_clear_days_reach_over_a_leap_day() -> None:
    assert seven_clear_days_before(dt.date(2028, 3, 7)) == dt.date(2028, 2, 28)
    assert seven_clear_days_before(dt.date(2027, 3, 7)) == dt.date(2027, 2, 27)


times = st.builds(dt.time, hour=st.integers(0, 23), minute=st.sampled_from([0, 15, 30, 59]))
cadences = st.one_of(
    st.builds(Weekly, weekday=st.integers(0, 6), at=times),
    st.builds(Monthly, day=st.one_of(st.none(), st.integers(1, 28)), at=times),
    st.builds(Daily, at=times, school_days_only=st.booleans()),
)
zones = st.sampled_from([LONDON, "UTC", "America/St_Johns", "Pacific/Auckland", "Australia/Lord_Howe"])
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
moments = st.lists(
    st.integers(0, 500 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes)), min_size=1, max_size=30
)


@given(cadence=cadences, zone=zones, ticks=moments)
def test_whenever_it_is_looked_at_no_slot_is_lost_or_repeated(
    cadence: Cadence, zone: str, ticks: list[dt.datetime]
) -> None:
    ledger: list[Slot] = []
    for tick in sorted(ticks):
        last = ledger[-1].due_at if ledger else None
        ledger += slots_due(cadence, START, last, tick, zone)
    assert ledger == slots_due(cadence, START, None, max(ticks), zone)
    assert len({slot.key for slot in ledger}) == len(ledger)


@given(cadence=cadences, zone=zones, days=st.integers(1, 400))
def test_a_slot_is_due_on_its_own_local_date_and_in_order(cadence: Cadence, zone: str, days: int) -> None:
    slots = slots_due(cadence, START, None, START + dt.timedelta(days=days), zone)
    assert [slot.due_at for slot in slots] == sorted({slot.due_at for slot in slots})
    from zoneinfo import ZoneInfo

    assert all(slot.due_at.astimezone(ZoneInfo(zone)).date().isoformat() == slot.key for slot in slots)


@given(cadence=st.one_of(cadences, st.builds(BeforeMeeting, days=st.integers(0, 60), at=times)))
def test_any_cadence_survives_being_written_down(cadence: Cadence) -> None:
    assert from_text(to_text(cadence)) == cadence
    assert to_text(from_text(to_text(cadence))) == to_text(cadence)


@given(days=st.integers(0, 365 * 14))
def test_a_year_of_any_london_day_has_each_daily_slot_once(days: int) -> None:
    day = dt.date(2024, 1, 1) + dt.timedelta(days=days)
    midnight = dt.datetime.combine(day, dt.time(0, 0), dt.UTC)
    slots = slots_due(Daily(AT_HALF_PAST_ONE), midnight, None, midnight + dt.timedelta(days=1), LONDON)
    assert [slot.key for slot in slots if slot.key == day.isoformat()] == [day.isoformat()]
