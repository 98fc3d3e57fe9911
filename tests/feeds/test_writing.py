"""A calendar file as programs read it: RFC 5545's required properties, folding, time zones, and the same bytes again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from governance.feeds import rules
from governance.feeds.rules import Change, Entry, MeetingFacts
from governance.feeds.writing import calendar_file

AT = dt.datetime(2026, 10, 20, 9, 0, 30, 123456, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 3)
FACTS = MeetingFacts(
    "5f0c1d7e-0000-4000-8000-000000000001",
    "Full Governing Body",
    DAY,
    dt.time(18, 30),
    "Library",
    "planned",
    Change(AT, 2, is_last=True),
    "/hillcrest/meetings/5f0c",
)


def written(*entries: Entry, zone: str = "Europe/London") -> bytes:
    return calendar_file("Hillcrest: Countersign", zone, entries, "https://policies.hillcrest.sch.uk")


def read(*entries: Entry):  # type: ignore[no-untyped-def]
    """The events as another program finds them."""
    return list(Calendar.from_ical(written(*entries)).walk("VEVENT"))


def test_the_calendar_has_what_rfc_5545_requires_and_no_method() -> None:
    text = written(rules.meeting(FACTS)).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and text.endswith("END:VCALENDAR\r\n")
    for line in (
        "PRODID:-//Countersign//Calendar//EN",
        "NAME:Hillcrest: Countersign",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ):
        assert f"\r\n{line}\r\n" in text
    assert "METHOD" not in text and "VALARM" not in text
    assert "\n" not in text.replace("\r\n", "")


def test_a_meeting_with_a_time_is_an_evening_in_london_and_one_without_is_a_day() -> None:
    (event,) = read(rules.meeting(FACTS))
    assert event["dtstart"].to_ical() == b"20261203T183000"
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event["dtend"].dt - event["dtstart"].dt == dt.timedelta(hours=2)
    assert {
        name: event[name].to_ical().decode() for name in ("uid", "dtstamp", "last-modified", "summary", "location")
    } == {
        "uid": "meeting-5f0c1d7e-0000-4000-8000-000000000001",
        "dtstamp": "20261020T090030Z",
        "last-modified": "20261020T090030Z",
        "summary": "Full Governing Body meeting",
        "location": "Library",
    }
    assert (event["sequence"], event["status"]) == (2, "CONFIRMED")
    assert event["url"] == "https://policies.hillcrest.sch.uk/hillcrest/meetings/5f0c"
    (whole,) = read(rules.meeting(dataclasses.replace(FACTS, starts_at=None)))
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (DAY, DAY + dt.timedelta(days=1))
    assert whole["transp"] == "TRANSPARENT"
    assert b"VTIMEZONE" not in written(rules.meeting(dataclasses.replace(FACTS, starts_at=None)))


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (dt.date(2026, 10, 23), 17),
        (dt.date(2026, 10, 25), 18),
        (dt.date(2026, 10, 26), 18),
        (dt.date(2027, 3, 26), 18),
        (dt.date(2027, 3, 28), 17),
        (dt.date(2027, 3, 29), 17),
    ],
)
def test_half_past_six_is_half_past_six_on_both_weekends_when_the_clocks_change(day: dt.date, utc: int) -> None:
    (event,) = read(rules.meeting(dataclasses.replace(FACTS, held_on=day)))
    starts = event["dtstart"].dt
    assert (starts.hour, starts.minute) == (18, 30)
    assert starts.astimezone(dt.UTC) == dt.datetime(day.year, day.month, day.day, utc, 30, tzinfo=dt.UTC)


def test_the_clock_s_rule_says_what_the_clock_did_and_will_do_in_every_year() -> None:
    (zone,) = Calendar.from_ical(written(rules.meeting(FACTS))).walk("VTIMEZONE")
    london, made = ZoneInfo("Europe/London"), zone.to_tz(lookup_tzid=False)
    # both sides of each change, to the minute
    for year in range(2020, 2037):
        for month, hours in ((3, (0, 59, 2, 0)), (10, (0, 59, 2, 0))):
            last = max(dt.date(year, month, day) for day in range(25, 32) if dt.date(year, month, day).weekday() == 6)
            for hour, minute in (hours[:2], hours[2:]):
                naive = dt.datetime.combine(last, dt.time(hour, minute))
                assert naive.replace(tzinfo=made).utcoffset() == naive.replace(tzinfo=london).utcoffset(), naive


def test_a_school_elsewhere_has_its_own_clock() -> None:
    text = written(rules.meeting(FACTS), zone="Europe/Lisbon").decode()
    assert "TZID:Europe/Lisbon" in text and "DTSTART;TZID=Europe/Lisbon:20261203T183000" in text


@pytest.mark.parametrize(
    "title",
    ["A very long name of a policy, " * 9 + "and its annex", "Polisi Iechyd a Diogelwch – ŵ ŷ é 学校 🙂 " * 6],
)
def test_long_and_foreign_titles_are_folded_at_seventy_five_octets_and_come_back_whole(title: str) -> None:
    entry = rules.review("p1", title, DAY, Change(AT), "/hillcrest/policies/p1")
    for line in written(entry).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut in two
    (event,) = read(entry)
    assert event["summary"] == f"Review due: {title}"


def test_what_would_end_a_line_or_begin_another_property_is_escaped() -> None:
    nasty = 'Trips; "visits", and\nATTENDEE:mailto:x@y.example\\'
    (event,) = read(rules.meeting(dataclasses.replace(FACTS, body=nasty, place=nasty)))
    assert event["summary"] == f"{nasty} meeting" and event["location"] == nasty
    assert "attendee" not in event


def test_the_same_entries_give_the_same_bytes() -> None:
    assert written(rules.meeting(FACTS)) == written(rules.meeting(FACTS))


def test_a_review_says_when_its_owner_is_reminded_and_rings_no_bell() -> None:
    entry = rules.review("p1", "Behaviour", dt.date(2027, 5, 31), Change(AT), "")
    assert entry.on == dt.date(2027, 5, 31)
    assert entry.words == (
        "You are reminded three months before, on 28 February 2027; a month before, on 30 April 2027; "
        "and a week before, on 24 May 2027."
    )
    (event,) = read(entry)
    assert event.subcomponents == [] and "last-modified" not in event and "url" not in event


def test_the_pack_goes_seven_clear_days_before_and_decisions_wait_from_the_day_after() -> None:
    assert (rules.pack_to_send(FACTS).on, rules.decisions_to_enter(FACTS).on) == (
        dt.date(2026, 11, 25),
        dt.date(2026, 12, 4),
    )
    assert rules.pack_to_send(FACTS).title == "Last day to send the pack: Full Governing Body, 3 December 2026"


@pytest.mark.parametrize(
    ("state", "days", "shown"),
    [("cancelled", 28, True), ("cancelled", 29, False), ("held", 120, True), ("held", 121, False)],
)
def test_a_cancelled_meeting_is_shown_for_four_weeks_and_any_other_for_a_term(
    state: str, days: int, shown: bool
) -> None:
    assert rules.is_shown(DAY, state, DAY + dt.timedelta(days=days)) is shown


def test_what_two_offices_bring_is_there_once() -> None:
    assert [
        entry.uid for entry in rules.in_order([rules.pack_to_send(FACTS), rules.meeting(FACTS), rules.meeting(FACTS)])
    ] == [
        f"pack-{FACTS.key}",
        f"meeting-{FACTS.key}",
    ]
