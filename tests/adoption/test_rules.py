"""What may be decided, by whom and when: every refusal in words, and every day that follows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.adoption import rules
from governance.adoption.rules import Delegated, Kind, Maker, MakerKind, Past, Proposed, Tabled
from governance.extract.dates import Precision, exactly, not_recorded, parse_stated
from governance.schools.calendar import add_months

TODAY = dt.date(2026, 10, 20)
MEETING = dt.date(2026, 9, 24)
ALWAYS = ((dt.date.min, None),)
BOARD = Maker(MakerKind.BOARD, "Full Governing Body", ("body", 1), ALWAYS)
COMMITTEE = Maker(MakerKind.COMMITTEE, "Resources Committee", ("body", 2), ALWAYS)
OKAFOR = Maker(MakerKind.HEADTEACHER, "Mr Okafor", ("person", 1), ((dt.date(2021, 9, 1), None),))
IQBAL = Maker(MakerKind.CHAIR, "Prof. Iqbal", ("person", 2), ((dt.date(2022, 9, 1), dt.date(2026, 8, 31)),))


def proposed(kind: Kind = Kind.ADOPTED, decided: str = "24 September 2026", **more: Any) -> Proposed:
    return Proposed(kind=kind, decided=parse_stated(decided), **more)


def said(what: Proposed, tabled: Tabled | None = None, maker: Maker | None = BOARD) -> dict[str | None, str]:
    found = rules.objections(what, tabled or Tabled(number=2), maker, TODAY)
    return {objection.field: objection.message for objection in found}


def test_a_board_adopts_a_new_version_without_objection() -> None:
    assert said(proposed(next_review=exactly(dt.date(2027, 9, 24)), minute="2026/31")) == {}


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.APPROVED, Kind.ISSUED, Kind.MISTAKEN)])
def test_what_a_board_may_decide(kind: Kind) -> None:
    tabled = Tabled(number=2, in_force=True, awaits_ratification=True)
    assert said(proposed(kind), tabled) == {}


def test_a_board_does_not_approve_by_delegation() -> None:
    assert said(proposed(Kind.APPROVED)) == {
        "kind": "Full Governing Body is a full board: it adopts, and delegates approval to others. Choose “adopted”."
    }


@pytest.mark.parametrize("kind", [Kind.ADOPTED, Kind.AMENDED, Kind.RATIFIED, Kind.NOTED, Kind.DEFERRED, Kind.REJECTED])
def test_a_headteacher_alone_cannot_decide_for_a_body(kind: Kind) -> None:
    tabled = Tabled(number=2, in_force=True, awaits_ratification=True)
    message = said(proposed(kind), tabled, OKAFOR)["kind"]
    assert message == f"“{kind.in_words}” is decided by a governing body at a meeting, not by the headteacher alone."


def test_a_headteacher_issues_guidance_and_nothing_else() -> None:
    assert said(proposed(Kind.ISSUED), Tabled(number=1, policy_kind="guidance"), OKAFOR) == {}
    assert "Only outside guidance is issued" in said(proposed(Kind.ISSUED), Tabled(number=1), OKAFOR)["kind"]


def test_guidance_is_not_adopted() -> None:
    message = said(proposed(), Tabled(number=1, policy_kind="guidance"))["kind"]
    assert (
        message
        == "Outside guidance is issued by the headteacher and needs no adoption. Choose “noted”, or have it issued."
    )


def test_a_chair_issues_nothing() -> None:
    message = said(proposed(Kind.ISSUED, "1 March 2026"), Tabled(number=1, policy_kind="guidance"), IQBAL)["kind"]
    assert message == "Outside guidance is issued by the headteacher. Choose the headteacher, or another decision."


def test_row_28_a_decision_after_today_is_refused_naming_both_days() -> None:
    assert said(proposed(decided="21 October 2026"))["decided_on"] == (
        "The decision is dated 21 October 2026, which is after today, 20 October 2026."
    )


def test_row_28_a_month_that_has_begun_is_not_in_the_future() -> None:
    assert said(proposed(decided="October 2026")) == {}


def test_row_28_a_review_before_the_decision_is_refused_naming_both_days() -> None:
    early = proposed(next_review=exactly(dt.date(2025, 9, 24)))
    assert said(early)["next_review"] == (
        "The next review, 24 September 2025, is before the decision, 24 September 2026. Check both dates."
    )


def test_row_28_a_review_in_the_month_of_a_vague_decision_does_not_clash() -> None:
    assert said(proposed(decided="September 2026", next_review=parse_stated("September 2026"))) == {}


def test_row_29_adopted_before_the_document_was_prepared_is_refused() -> None:
    tabled = Tabled(number=2, updated=(parse_stated("February 2026"), parse_stated("October 2026")))
    message = said(proposed(), tabled)["decided_on"]
    assert message.startswith(
        "The decision is dated 24 September 2026, but the document says it was updated in October 2026"
    )


def test_row_29_only_a_meeting_wholly_before_is_refused() -> None:
    """The model policy says it was updated in September 2022; the governing body adopted it on the 12th."""
    tabled = Tabled(number=1, updated=(parse_stated("February 2022"), parse_stated("September 2022")))
    assert said(proposed(decided="12/09/2022"), tabled) == {}
    assert said(proposed(decided="2022"), tabled) == {}
    assert "decided_on" in said(proposed(decided="31 August 2022"), tabled)


def test_row_29_never_for_adopted_with_amendments() -> None:
    tabled = Tabled(number=2, updated=(parse_stated("October 2026"),))
    assert said(proposed(Kind.AMENDED), tabled) == {}


@pytest.mark.parametrize("typed", ["0", "-1", "1000", "61", "annual", "1.5", "twelve", "١٢"])
def test_row_30_a_review_interval_outside_1_to_60_months_is_refused(typed: str) -> None:
    months, objections = rules.interval_of(typed)
    assert months is None
    assert [objection.message for objection in objections] == [
        "Enter how often it is reviewed as a number of months from 1 to 60."
    ]


@pytest.mark.parametrize(("typed", "months"), [("1", 1), ("60", 60), (" 12 ", 12), ("", None)])
def test_row_30_a_review_interval_of_1_to_60_months_is_taken(typed: str, months: int | None) -> None:
    assert rules.interval_of(typed) == (months, [])


def test_row_31_29_february_and_a_year_do_not_drift() -> None:
    anchor = day = dt.date(2028, 2, 29)
    reviews = []
    for _ in range(4):
        day = rules.next_review_after(day, 12, anchor)
        reviews.append(day)
    assert reviews == [dt.date(2029, 2, 28), dt.date(2030, 2, 28), dt.date(2031, 2, 28), dt.date(2032, 2, 29)]


@pytest.mark.parametrize(
    ("decided_on", "review_on"),
    [(dt.date(2026, 8, 31), dt.date(2027, 2, 28)), (dt.date(2027, 8, 31), dt.date(2028, 2, 29))],
)
def test_row_32_31_august_and_six_months_is_the_last_of_february(decided_on: dt.date, review_on: dt.date) -> None:
    assert rules.next_review_after(decided_on, 6) == review_on


def test_a_review_held_off_its_day_starts_a_new_cycle() -> None:
    assert rules.next_review_after(dt.date(2029, 3, 14), 12, dt.date(2028, 2, 29)) == dt.date(2030, 3, 14)


@given(st.dates(dt.date(2024, 1, 1), dt.date(2040, 12, 31)), st.integers(1, 60), st.integers(1, 30))
def test_reviews_kept_on_their_day_never_leave_their_anchor(anchor: dt.date, months: int, rounds: int) -> None:
    day = anchor
    for _ in range(rounds):
        day = rules.next_review_after(day, months, anchor)
    assert day == add_months(anchor, rounds * months)


def test_row_34_an_academic_year_of_two_years_is_refused_where_dates_are_read() -> None:
    with pytest.raises(Exception, match="not an academic year"):
        parse_stated("2026-28")


def test_in_force_before_the_decision_is_refused() -> None:
    message = said(proposed(in_force_on=dt.date(2026, 9, 1)))["in_force_on"]
    assert message == "It cannot be in force from 1 September 2026, before it was decided, on 24 September 2026."


def test_in_force_within_a_vague_decision_is_allowed() -> None:
    assert said(proposed(decided="September 2026", in_force_on=dt.date(2026, 9, 1))) == {}


def test_people_are_not_asked_before_it_is_in_force() -> None:
    asks = proposed(in_force_on=dt.date(2026, 11, 1), asks_from=dt.date(2026, 10, 25))
    assert said(asks)["asks_from"].startswith("People cannot be asked from 25 October 2026")


def test_a_second_adoption_by_the_same_body_on_the_same_day_is_refused() -> None:
    past = Past(Kind.ADOPTED, BOARD.key, BOARD.name, exactly(MEETING))
    tabled = Tabled(number=2, past=(past,))
    assert said(proposed(), tabled)["kind"] == (
        "Version 2 is already recorded as adopted by Full Governing Body on 24 September 2026. "
        "If that record is wrong, correct it."
    )
    assert said(proposed(Kind.AMENDED), tabled)
    assert said(proposed(), tabled, COMMITTEE) == {}


def test_adopting_the_same_version_again_a_year_later_is_a_new_fact() -> None:
    past = Past(Kind.ADOPTED, BOARD.key, BOARD.name, exactly(dt.date(2025, 9, 24)))
    assert said(proposed(), Tabled(number=2, in_force=True, past=(past,))) == {}


@pytest.mark.parametrize("kind", [Kind.RATIFIED, Kind.NOT_RATIFIED])
def test_only_what_awaits_ratification_is_ratified(kind: Kind) -> None:
    assert said(proposed(kind))["kind"] == "Version 2 is not awaiting ratification, so there is nothing to ratify."


def test_only_what_is_in_force_is_reviewed_without_change() -> None:
    assert said(proposed(Kind.REVIEWED))["kind"].startswith("Version 2 is not in force")


def test_a_body_that_has_ended_decides_nothing_later() -> None:
    ended = dataclasses.replace(COMMITTEE, held=((dt.date.min, dt.date(2026, 7, 31)),))
    assert said(proposed(), maker=ended)["decided_on"] == (
        "Resources Committee ended on 31 July 2026, before 24 September 2026. Choose the body that decided."
    )
    assert said(proposed(decided="31 July 2026"), maker=ended) == {}
    assert said(proposed(decided="July 2026"), maker=ended) == {}


def test_a_person_who_does_not_hold_the_office_on_that_day_cannot_approve() -> None:
    late = proposed(Kind.APPROVED, reason="Urgent")
    assert said(late, maker=IQBAL)["maker"].startswith("Prof. Iqbal was not chair of governors on 24 September 2026.")
    assert said(proposed(Kind.APPROVED, "31 August 2026", reason="Urgent"), maker=IQBAL) == {}


def test_approval_without_a_meeting_needs_a_reason() -> None:
    assert said(proposed(Kind.APPROVED), maker=OKAFOR) == {"reason": "Enter why this was approved without a meeting."}


def test_a_correction_needs_a_reason() -> None:
    assert said(proposed(corrects=True)) == {"reason": "Enter why the earlier record was wrong."}


def test_only_a_correction_says_that_an_entry_was_a_mistake() -> None:
    assert "kind" in said(proposed(Kind.MISTAKEN))
    assert said(proposed(Kind.MISTAKEN, corrects=True, reason="Wrong policy")) == {}


def test_nobody_in_particular_decides_only_on_a_day_that_is_not_recorded() -> None:
    assert "maker" in said(proposed(), maker=None)
    assert said(Proposed(Kind.ADOPTED, not_recorded()), maker=None) == {}


def test_a_decision_lies_on_the_day_of_its_meeting() -> None:
    message = said(proposed(decided="25 September 2026", meeting_on=MEETING))["decided_on"]
    assert message == "The meeting is on 24 September 2026, the decision is dated 25 September 2026."


def test_a_retired_policy_is_not_decided_about() -> None:
    tabled = Tabled(number=2, retired_on=dt.date(2026, 7, 31))
    assert said(proposed(), tabled)["decided_on"] == "The policy was retired on 31 July 2026, before 24 September 2026."


def test_everything_wrong_is_said_at_once() -> None:
    wrong = proposed(Kind.RATIFIED, "1 January 2027", next_review=exactly(dt.date(2026, 1, 1)), minute="x" * 61)
    assert set(said(wrong)) == {"kind", "decided_on", "next_review", "minute"}


class TestDelegation:
    """A missing power is worth knowing, and no reason to refuse what happened."""

    what = proposed(Kind.APPROVED, reason="Term begins")

    def warnings(self, *powers: Delegated, maker: Maker = OKAFOR, ratified_later: bool = False) -> list[str]:
        return rules.delegation_warnings(self.what, maker, powers, subject_to_ratification=ratified_later)

    def test_none_recorded_is_a_warning(self) -> None:
        (message,) = self.warnings()
        assert message == (
            "No power over this policy is recorded as delegated to Mr Okafor. "
            "Record the delegation, or have the governing body ratify this."
        )
        assert said(self.what, maker=OKAFOR) == {}

    def test_one_that_holds_is_none(self) -> None:
        assert self.warnings(Delegated(dt.date(2025, 9, 1), MEETING)) == []

    def test_one_that_ended_is_a_warning_that_says_so(self) -> None:
        assert self.warnings(Delegated(dt.date(2025, 9, 1), dt.date(2026, 8, 31)), ratified_later=True) == [
            "The power delegated to Mr Okafor ended on 31 August 2026, before 24 September 2026."
        ]

    def test_one_that_has_not_begun_is_a_warning_that_says_so(self) -> None:
        (message,) = self.warnings(Delegated(dt.date(2026, 10, 1)), ratified_later=True)
        assert message == "The power delegated to Mr Okafor begins only on 1 October 2026."

    def test_a_full_board_needs_none(self) -> None:
        assert rules.delegation_warnings(proposed(), BOARD, []) == []

    def test_a_committee_that_adopts_needs_one(self) -> None:
        assert rules.delegation_warnings(proposed(), COMMITTEE, [])

    def test_issuing_guidance_needs_none(self) -> None:
        assert rules.delegation_warnings(proposed(Kind.ISSUED), OKAFOR, []) == []

    def test_it_is_given_to_one_holder_for_one_scope(self) -> None:
        day = dt.date(2026, 9, 1)
        assert not list(rules.objections_to_delegation(1, 0, day, None))
        assert [o.field for o in rules.objections_to_delegation(2, 2, day, dt.date(2026, 8, 1))] == [
            "holder",
            "covers",
            "until_on",
        ]


class TestDays:
    """The days that follow from what was typed."""

    def test_in_force_on_the_day_it_was_decided(self) -> None:
        assert rules.in_force_from(proposed(), TODAY) == (MEETING, Precision.DAY)

    def test_in_force_from_the_day_given(self) -> None:
        later = dt.date(2026, 11, 1)
        assert rules.in_force_from(proposed(in_force_on=later), TODAY) == (later, Precision.DAY)

    def test_a_vague_decision_is_certainly_in_force_from_its_latest_day(self) -> None:
        assert rules.in_force_from(proposed(decided="September 2022"), TODAY) == (dt.date(2022, 9, 30), Precision.MONTH)

    def test_an_unrecorded_decision_counts_from_today_or_the_day_given(self) -> None:
        unknown = Proposed(Kind.ADOPTED, not_recorded())
        assert rules.in_force_from(unknown, TODAY) == (TODAY, Precision.NOT_RECORDED)
        given = dataclasses.replace(unknown, in_force_on=dt.date(2020, 1, 1))
        assert rules.in_force_from(given, TODAY) == (dt.date(2020, 1, 1), Precision.NOT_RECORDED)

    def test_a_decision_typed_in_late_asks_from_the_day_it_is_typed_in(self) -> None:
        assert rules.asked_from(MEETING, None, TODAY) == TODAY

    def test_a_version_in_force_later_asks_from_then(self) -> None:
        assert rules.asked_from(dt.date(2026, 11, 1), None, TODAY) == dt.date(2026, 11, 1)

    def test_an_earlier_asking_is_kept_where_history_says_so(self) -> None:
        assert rules.asked_from(MEETING, MEETING, TODAY) == MEETING

    def test_a_month_that_is_not_over_ends_today(self) -> None:
        assert rules.made_by(parse_stated("October 2026"), TODAY).latest_on == TODAY
        assert rules.made_by(parse_stated("September 2026"), TODAY).latest_on == dt.date(2026, 9, 30)

    @pytest.mark.parametrize(
        "written",
        ["12 September 2027", "September 2027", "autumn term 2027", "spring term 2027", "summer term 2027", "2026/27"],
    )
    def test_a_review_is_said_as_it_was_written(self, written: str) -> None:
        stated = parse_stated(written)
        kept = rules.stated_by_latest(stated.latest_on, stated.precision)
        assert kept is not None
        assert (kept.in_words(), kept.earliest_on) == (stated.in_words(), stated.earliest_on)

    def test_no_review_is_said_as_none(self) -> None:
        assert rules.stated_by_latest(None, "day") is None


def test_only_what_is_deferred_comes_back_and_only_after_that_day() -> None:
    later, same = dt.date(2026, 12, 3), dt.date(2026, 9, 24)
    assert "deferred_to" not in said(dataclasses.replace(proposed(Kind.DEFERRED), deferred_to=later))
    assert "only come back after" in said(dataclasses.replace(proposed(Kind.DEFERRED), deferred_to=same))["deferred_to"]
    assert "Only what is deferred" in said(dataclasses.replace(proposed(), deferred_to=later))["deferred_to"]
