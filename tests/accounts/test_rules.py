"""Waiting after wrong tries, passwords, who still holds what: worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.accounts.permissions import GRANTS, Permission, Role, permissions_of
from governance.accounts.rules import (
    BY_ACCOUNT,
    Here,
    closed_until,
    objections_to_email,
    objections_to_password,
    objections_to_revoking,
    objections_to_slug,
    roles_held,
    slug_from,
)

NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 16)


def _tries(count: int, last_seconds_ago: int = 0) -> list[dt.datetime]:
    return [NOW - dt.timedelta(seconds=last_seconds_ago + n) for n in range(count)]


@pytest.mark.parametrize(("count", "wait"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480)])
def test_the_wait_doubles_from_thirty_seconds_after_five_wrong_tries(count: int, wait: int) -> None:
    until = closed_until(_tries(count), BY_ACCOUNT, NOW)
    assert until == (NOW + dt.timedelta(seconds=wait) if wait else None)


def test_after_ten_wrong_tries_the_account_is_shut_until_an_hour_after_the_first_of_them() -> None:
    tries = [NOW - dt.timedelta(minutes=n) for n in range(10)]
    assert closed_until(tries, BY_ACCOUNT, NOW) == tries[-1] + dt.timedelta(hours=1)


def test_it_opens_by_time_alone() -> None:
    assert closed_until(_tries(9, 3599 - 8), BY_ACCOUNT, NOW) is None
    assert closed_until(_tries(30, 3601), BY_ACCOUNT, NOW) is None


def test_nobody_gets_more_than_ten_tries_in_any_hour() -> None:
    made: list[dt.datetime] = []
    for second in range(3 * 3600):
        moment = NOW + dt.timedelta(seconds=second)
        if closed_until(made, BY_ACCOUNT, moment) is None:
            made.append(moment)
    for start in made:
        assert sum(start <= at < start + dt.timedelta(hours=1) for at in made) <= BY_ACCOUNT.limit


@pytest.mark.parametrize(
    "password", ["short", "elevenchars", "x" * 129, "aaaaaaaaaaaaaaaa", "password1234", "maya-hillcrest-1"]
)
def test_a_password_that_is_short_or_guessed_is_refused(password: str) -> None:
    assert objections_to_password(password, ["maya@hillcrest.sch.uk", "Hillcrest Primary School"])


@pytest.mark.parametrize(
    "password", ["correct horse battery", "otter marble fence", "Pembrokeshire tidal 7", "ŵythnos dda iawn"]
)
def test_three_random_words_are_enough(password: str) -> None:
    assert objections_to_password(password, ["maya@hillcrest.sch.uk"]) == []


def test_somebody_holds_their_roles_and_is_a_reader_besides() -> None:
    assert roles_held([Role.CLERK], None, TODAY) == {Role.CLERK, Role.READER}


def test_a_teacher_is_a_reader_from_the_invitation_to_the_last_day() -> None:
    job = Here(deactivated=False, first_on=dt.date(2026, 9, 1), last_on=TODAY)
    assert roles_held([], job, dt.date(2026, 7, 1)) == {Role.READER}
    assert roles_held([], job, dt.date(2026, 9, 1)) == {Role.READER}
    assert roles_held([], job, TODAY) == {Role.READER}
    assert roles_held([], job, TODAY + dt.timedelta(days=1)) == frozenset()


def test_a_leaver_is_out_whatever_was_granted() -> None:
    left = Here(deactivated=False, first_on=dt.date(2020, 9, 1), last_on=dt.date(2026, 7, 20))
    assert roles_held([Role.SYSTEM_MANAGER], left, TODAY) == frozenset()


def test_somebody_deactivated_is_out_at_once() -> None:
    shut = Here(deactivated=True, first_on=dt.date(2020, 9, 1), last_on=dt.date(9999, 12, 31))
    assert roles_held([Role.SYSTEM_MANAGER], shut, TODAY) == frozenset()


def test_a_person_without_a_job_keeps_what_was_granted_and_is_nothing_without() -> None:
    clerk = Here(deactivated=False, first_on=None, last_on=None)
    assert roles_held([Role.CLERK], clerk, TODAY) == {Role.CLERK, Role.READER}
    assert roles_held([], clerk, TODAY) == frozenset()


def test_row_72_the_last_system_manager_stays() -> None:
    assert objections_to_revoking(Role.SYSTEM_MANAGER, [1], 1, own=True)
    assert not objections_to_revoking(Role.SYSTEM_MANAGER, [1, 2], 1, own=True)
    assert not objections_to_revoking(Role.CLERK, [1], 1, own=True)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Hillcrest Primary School", "hillcrest-primary-school"), ("St. Mary's CE (VA)", "st-marys-ce-va"), ("李", "")],
)
def test_a_short_name_is_made_of_plain_letters(name: str, slug: str) -> None:
    assert slug_from(name) == slug


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "sign-in", "static", "hillcrest", "x" * 61])
def test_a_short_name_that_cannot_be_an_address_is_refused(slug: str) -> None:
    assert objections_to_slug(slug, {"hillcrest"})


@pytest.mark.parametrize(
    "email", ["a@b", "a@@b.uk", "a b@c.uk", "a@b.uk\nBcc: x@y.uk", "", "@b.uk", "a@.uk", "a@b.uk,c@d.uk"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert objections_to_email(email)


def test_every_role_has_its_permissions_and_readers_are_the_least_of_all() -> None:
    assert set(GRANTS) == set(Role)
    for role in Role:
        assert GRANTS[Role.READER] <= GRANTS[role]
    assert permissions_of([]) == frozenset()
    assert frozenset().union(*GRANTS.values()) == frozenset(Permission)
