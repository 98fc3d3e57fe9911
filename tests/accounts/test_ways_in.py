"""Invitations, one-time links, roles and their end, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts import links
from governance.accounts.granting import account_here, deactivate, grant_role, revoke_role
from governance.accounts.inviting import invite, invite_person, new_link, set_password
from governance.accounts.models import Account, OneTimeLink
from governance.accounts.permissions import Role
from governance.accounts.queries import holders, unaccounted
from governance.accounts.sessions import open_session, signed_in_as
from governance.accounts.setting_up import FirstManager, NewSchool, add_first_manager, add_school
from governance.accounts.standing import standing_at, standings
from governance.errors import NotFound, Refusal
from governance.journal.models import JournalEntry
from governance.people.categories import categories
from governance.schools.models import GoverningBody
from governance.tenancy import Actor, Scope
from tests.hillcrest import NOW, TODAY, a_school, someone

MAYA = Actor("Maya Lund")
DAY = dt.timedelta(days=1)


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


def _maya(session: Session, school: Scope) -> Account:
    made = invite(session, school, MAYA, email="maya@hillcrest.sch.uk", roles=[Role.SYSTEM_MANAGER], now=NOW)
    return made.account


def test_an_invitation_gives_roles_and_a_link_that_works_once(session: Session, school: Scope) -> None:
    made = invite(session, school, MAYA, email=" Helen@Clerks.Example ", roles=[Role.CLERK], now=NOW)
    assert made.account.email == "helen@clerks.example"
    assert made.token is not None
    set_password(session, made.token, "hash of hers", now=NOW + DAY)
    assert made.account.password == "hash of hers"
    with pytest.raises(Refusal, match="does not work any more"):
        set_password(session, made.token, "hash of a thief", now=NOW + DAY)
    standing = standing_at(session, made.account, school.slug, now=NOW)
    assert standing is not None
    assert standing.roles == {Role.CLERK, Role.READER}


def test_only_the_hash_of_a_link_is_kept(session: Session, school: Scope) -> None:
    made = invite(session, school, MAYA, email="helen@clerks.example", roles=[Role.CLERK], now=NOW)
    kept = session.scalars(select(OneTimeLink)).one()
    assert made.token and made.token not in (kept.token_sha256, kept.made_by)
    assert len(kept.token_sha256) == 64


def test_row_64_a_link_survives_what_mail_programs_add_and_no_more(session: Session, school: Scope) -> None:
    token = invite(session, school, MAYA, email="helen@clerks.example", roles=[Role.CLERK], now=NOW).token or ""
    for added in ("", ">", ".", ">.", " ", "%3E", ")."):
        assert links.account_of(session, token + added, now=NOW) is not None
    for broken in (token[:-1], token[:10], "", token + "x", token.swapcase()):
        assert links.account_of(session, broken, now=NOW) is None


def test_row_64_a_link_is_too_old_after_fourteen_days(session: Session, school: Scope) -> None:
    token = invite(session, school, MAYA, email="helen@clerks.example", roles=[Role.CLERK], now=NOW).token or ""
    assert links.account_of(session, token, now=NOW + 14 * DAY - dt.timedelta(seconds=1)) is not None
    assert links.account_of(session, token, now=NOW + 14 * DAY) is None


def test_a_newer_link_ends_the_older_one(session: Session, school: Scope) -> None:
    made = invite(session, school, MAYA, email="helen@clerks.example", roles=[Role.CLERK], now=NOW)
    newer = new_link(session, school, MAYA, made.account, now=NOW)
    assert links.account_of(session, made.token or "", now=NOW) is None
    assert links.account_of(session, newer, now=NOW) is not None


def test_the_link_of_a_leaver_is_dead(session: Session, school: Scope) -> None:
    tess = someone(session, school, ended_on=TODAY)
    token = invite_person(session, school, MAYA, tess, now=NOW).token or ""
    assert links.account_of(session, token, now=NOW) is not None
    assert links.account_of(session, token, now=NOW + DAY) is None


def test_a_new_password_ends_every_session(session: Session, school: Scope) -> None:
    maya = _maya(session, school)
    token = open_session(session, maya, now=NOW)
    assert signed_in_as(session, token, maya.fs_uniquifier, now=NOW) is maya
    before = maya.fs_uniquifier
    set_password(session, new_link(session, school, MAYA, maya, now=NOW), "hash", now=NOW)
    assert signed_in_as(session, token, before, now=NOW) is None
    assert signed_in_as(session, token, maya.fs_uniquifier, now=NOW) is None


def test_somebody_without_mail_signs_in_by_their_printed_reference(session: Session, school: Scope) -> None:
    viv = someone(session, school, "Viv Okoro", ("volunteers",))
    made = invite_person(session, school, MAYA, viv, now=NOW)
    assert made.account.email == f"{viv.printed_reference}@hillcrest".casefold()
    standing = standing_at(session, made.account, "hillcrest", now=NOW)
    assert standing is not None
    assert (standing.label, standing.roles, standing.person_id) == ("Viv Okoro", frozenset({Role.READER}), viv.id)
    assert [one.name for one in unaccounted(session, school, TODAY)] == []


def test_an_account_of_another_school_cannot_be_taken_over(session: Session, school: Scope) -> None:
    other = a_school(session, "Zed's Academy", "zeds")
    zed = invite(session, other, Actor("Zed"), email="zed@zeds.sch.uk", roles=[Role.SYSTEM_MANAGER], now=NOW).account
    with pytest.raises(Refusal, match="your school cannot change"):
        invite(session, school, MAYA, email="ZED@zeds.sch.uk", roles=[Role.CLERK], now=NOW)
    zed.password = "his"
    made = invite(session, school, MAYA, email="zed@zeds.sch.uk", roles=[Role.CLERK], across=True, now=NOW)
    assert (made.account, made.token) == (zed, None)
    with pytest.raises(Refusal, match="your school cannot change"):
        new_link(session, school, MAYA, zed, now=NOW)
    assert [one.scope.slug for one in standings(session, zed, now=NOW)] == ["hillcrest", "zeds"]


def test_closing_an_account_here_leaves_the_other_school_its_own(session: Session, school: Scope) -> None:
    other = a_school(session, "Zed's Academy", "zeds")
    helen = invite(session, other, Actor("Zed"), email="helen@clerks.example", roles=[Role.CLERK], now=NOW).account
    _maya(session, school)
    invite(session, school, MAYA, email=helen.email, roles=[Role.CLERK], across=True, now=NOW)
    token = open_session(session, helen, now=NOW)
    deactivate(session, school, MAYA, helen, now=NOW)
    assert standing_at(session, helen, "hillcrest", now=NOW) is None
    assert standing_at(session, helen, "zeds", now=NOW) is not None
    assert signed_in_as(session, token, helen.fs_uniquifier, now=NOW) is helen
    with pytest.raises(NotFound):
        account_here(session, school, helen.public_id)


def test_a_deactivated_account_is_signed_out_and_its_links_are_dead(session: Session, school: Scope) -> None:
    _maya(session, school)
    made = invite(session, school, MAYA, email="sam@hillcrest.sch.uk", roles=[Role.HR], now=NOW)
    session_token = open_session(session, made.account, now=NOW)
    deactivate(session, school, MAYA, made.account, now=NOW)
    assert signed_in_as(session, session_token, made.account.fs_uniquifier, now=NOW) is None
    assert links.account_of(session, made.token or "", now=NOW) is None
    again = invite(session, school, MAYA, email="sam@hillcrest.sch.uk", roles=[Role.HR], now=NOW)
    assert again.account is made.account
    assert again.account.active


def test_row_72_the_last_system_manager_cannot_be_removed_in_either_way(session: Session, school: Scope) -> None:
    maya = _maya(session, school)
    for act in (
        lambda: revoke_role(session, school, MAYA, maya, Role.SYSTEM_MANAGER, now=NOW),
        lambda: deactivate(session, school, MAYA, maya, now=NOW),
    ):
        with pytest.raises(Refusal, match="only system manager"):
            act()
    sam = invite(session, school, MAYA, email="sam@hillcrest.sch.uk", roles=[Role.HR], now=NOW).account
    grant_role(session, school, MAYA, sam, Role.SYSTEM_MANAGER, now=NOW)
    revoke_role(session, school, MAYA, maya, Role.SYSTEM_MANAGER, now=NOW)
    assert [one.email for one in holders(session, school, now=NOW)] == ["sam@hillcrest.sch.uk"]


def test_every_change_is_in_the_journal_and_a_repeated_one_is_not(session: Session, school: Scope) -> None:
    _maya(session, school)
    sam = invite(session, school, MAYA, email="sam@hillcrest.sch.uk", roles=[Role.HR], now=NOW).account
    for _ in range(2):
        grant_role(session, school, MAYA, sam, Role.CLERK, now=NOW)
    for _ in range(2):
        revoke_role(session, school, MAYA, sam, Role.CLERK, now=NOW)
    events = session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)).all()
    assert events == ["account invited", "account invited", "role granted", "role revoked"]


def test_an_invitation_needs_an_address_and_a_role(session: Session, school: Scope) -> None:
    with pytest.raises(Refusal, match="e-mail"):
        invite(session, school, MAYA, email="nobody", roles=[Role.HR], now=NOW)
    with pytest.raises(Refusal, match="role"):
        invite(session, school, MAYA, email="sam@hillcrest.sch.uk", now=NOW)


def test_the_list_tells_who_was_only_invited(session: Session, school: Scope) -> None:
    maya = _maya(session, school)
    maya.password = "hash"
    invite(session, school, MAYA, email="sam@hillcrest.sch.uk", roles=[Role.HR, Role.FRONT_DESK], now=NOW)
    listed = holders(session, school, now=NOW)
    assert [(one.email, one.state, one.roles) for one in listed] == [
        ("maya@hillcrest.sch.uk", "active", (Role.SYSTEM_MANAGER,)),
        ("sam@hillcrest.sch.uk", "invited", (Role.HR, Role.FRONT_DESK)),
    ]


def test_a_school_begins_with_its_body_its_ten_categories_and_a_manager(session: Session) -> None:
    scope = add_school(session, MAYA, NewSchool("St Mary's  Primary", trust="Vale Trust"), now=NOW)
    assert (scope.slug, scope.name) == ("st-marys-primary", "St Mary's Primary")
    assert len(categories(session, scope)) == 10
    body = session.scalars(
        select(GoverningBody.name).where(GoverningBody.organisation_id == scope.organisation_id)
    ).one()
    assert body == "Full Governing Body"
    manager = FirstManager("Maya", "Lund", "maya@hillcrest.sch.uk", "hash")
    account = add_first_manager(session, scope, manager, now=NOW)
    standing = standing_at(session, account, scope.slug, now=NOW)
    assert standing is not None
    assert (standing.label, standing.roles) == ("Maya Lund", frozenset({Role.SYSTEM_MANAGER, Role.READER}))


def test_two_schools_of_one_name_are_told_apart(session: Session) -> None:
    add_school(session, MAYA, NewSchool("Hillcrest", trust="Vale Trust"), now=NOW)
    with pytest.raises(Refusal, match="in use"):
        add_school(session, MAYA, NewSchool("Hillcrest"), now=NOW)
    assert add_school(session, MAYA, NewSchool("Hillcrest", slug="hillcrest-2", trust="vale trust "), now=NOW)


def test_a_set_up_code_works_once_for_a_day_however_it_is_typed(session: Session) -> None:
    code = links.make_set_up_code(session, now=NOW)
    assert not links.spend_set_up_code(session, code[:-1], now=NOW)
    assert not links.spend_set_up_code(session, code, now=NOW + DAY)
    assert links.spend_set_up_code(session, f" {code.lower().replace('-', ' ')} ", now=NOW + DAY / 2)
    assert not links.spend_set_up_code(session, code, now=NOW)
    older, newer = (links.make_set_up_code(session, now=NOW) for _ in range(2))
    assert not links.spend_set_up_code(session, older, now=NOW)
    assert links.spend_set_up_code(session, newer, now=NOW)
