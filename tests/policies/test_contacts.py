"""Whom to ask: a policy's own list or the school's, with whoever holds the post today, and links that are only links."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import NotFound, Refusal
from governance.journal.verify import verify
from governance.people.models import BodyMember, Person
from governance.people.posts import hold_post, make_post
from governance.policies.contact_keeping import (
    MOST,
    Contact,
    add_contact,
    change_contact,
    contact_called,
    move_up,
    remove_contact,
    start_from_schools,
)
from governance.policies.contacts import CHAIR, HEADTEACHER, whom_to_ask
from governance.policies.models import Policy, PolicyContact
from governance.policies.reaching import mail_link, phone_link
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_policy, a_school, body, someone

PROVIDER = Contact("pay and leave", name="Dyfed HR", phone="01234 567890 ext 12", email="help@dyfed-hr.example")
HEAD = Contact("this policy", office=HEADTEACHER, phone="01234 111222")
OF_HEAD = Contact("a worry about the headteacher", office=CHAIR, email="chair@hillcrest.sch.uk", about_headteacher=True)


@pytest.fixture
def scope(session: Session) -> Scope:
    return a_school(session)


@pytest.fixture
def policy(session: Session, scope: Scope) -> Policy:
    return a_policy(session, scope)


def named(session: Session, scope: Scope, policy: Policy | None, day: dt.date = TODAY) -> list[tuple[str, str]]:
    return [(one.who, one.holder) for one in whom_to_ask(session, scope, policy.id if policy else None, day).whom]


def test_a_policy_has_the_schools_list_until_it_has_its_own(session: Session, scope: Scope, policy: Policy) -> None:
    add_contact(session, scope, MAYA, None, PROVIDER, NOW)
    asked = whom_to_ask(session, scope, policy.id, TODAY)
    assert not asked.own and [one.who for one in asked.whom] == ["Dyfed HR"]
    add_contact(session, scope, MAYA, policy, replace(PROVIDER, name="The office"), NOW)
    asked = whom_to_ask(session, scope, policy.id, TODAY)
    assert asked.own and [one.who for one in asked.whom] == ["The office"]
    assert named(session, scope, None) == [("Dyfed HR", "")]
    remove_contact(
        session,
        scope,
        MAYA,
        session.scalars(select(PolicyContact).where(PolicyContact.policy_id.is_not(None))).one(),
        NOW,
    )
    assert named(session, scope, policy) == [("Dyfed HR", "")]
    assert verify(session, scope).fault is None


def test_a_new_headteacher_chair_and_holder_of_a_post_are_shown_without_editing(
    session: Session, scope: Scope, policy: Policy
) -> None:
    someone(session, scope, "Olu Okafor", ("headteacher",), ended_on=dt.date(2026, 12, 31))
    someone(session, scope, "Nia Newhead", ("headteacher",), started_on=dt.date(2027, 1, 1))
    dsl, later = someone(session, scope, "Dee Ess"), someone(session, scope, "Lee Lead")
    iqbal = someone(session, scope, "Farah Iqbal", ("governors",))
    session.add(
        BodyMember(
            organisation_id=scope.organisation_id,
            body_id=body(session, scope).id,
            person_id=iqbal.id,
            office="chair",
            from_on=dt.date(2026, 9, 1),
            until_on=dt.date(2026, 12, 31),
        )
    )
    post = make_post(session, scope, MAYA, name="Designated safeguarding lead", now=NOW)
    hold_post(session, scope, MAYA, post, dsl, from_on=dt.date(2026, 9, 1), now=NOW)
    for new in (HEAD, Contact("a worry about a child", post=post), OF_HEAD):
        add_contact(session, scope, MAYA, policy, new, NOW)
    assert named(session, scope, policy) == [
        ("Headteacher", "Olu Okafor"),
        ("Designated safeguarding lead", "Dee Ess"),
        ("Chair of governors", "Farah Iqbal"),
    ]
    hold_post(session, scope, MAYA, post, later, from_on=dt.date(2027, 1, 1), now=NOW)
    january = dt.date(2027, 1, 4)
    assert named(session, scope, policy, january) == [
        ("Headteacher", "Nia Newhead"),
        ("Designated safeguarding lead", "Lee Lead"),
        ("Chair of governors", ""),
    ]
    last = whom_to_ask(session, scope, policy.id, january).whom[-1]
    assert last.vacant and last.about_headteacher


def test_the_order_is_the_schools_to_choose(session: Session, scope: Scope, policy: Policy) -> None:
    for name in ("One", "Two", "Three"):
        add_contact(session, scope, MAYA, policy, replace(PROVIDER, name=name), NOW)
    third = session.scalars(select(PolicyContact).where(PolicyContact.name == "Three")).one()
    for _ in range(3):
        move_up(session, scope, MAYA, third, NOW)
    assert [who for who, _ in named(session, scope, policy)] == ["Three", "One", "Two"]
    remove_contact(session, scope, MAYA, third, NOW)
    assert [who for who, _ in named(session, scope, policy)] == ["One", "Two"]
    positions = session.scalars(select(PolicyContact.position).order_by(PolicyContact.position)).all()
    assert list(positions) == [1, 2]


def test_an_own_list_may_begin_as_the_schools_and_then_goes_its_own_way(
    session: Session, scope: Scope, policy: Policy
) -> None:
    add_contact(session, scope, MAYA, None, HEAD, NOW)
    add_contact(session, scope, MAYA, None, PROVIDER, NOW)
    start_from_schools(session, scope, MAYA, policy, NOW)
    start_from_schools(session, scope, MAYA, policy, NOW)
    own = session.scalars(
        select(PolicyContact).where(PolicyContact.name == "Dyfed HR", PolicyContact.policy_id == policy.id)
    ).one()
    change_contact(session, scope, MAYA, own, replace(PROVIDER, name="Gwent HR"), NOW)
    assert [who for who, _ in named(session, scope, policy)] == ["Headteacher", "Gwent HR"]
    assert [who for who, _ in named(session, scope, None)] == ["Headteacher", "Dyfed HR"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(PROVIDER, purpose=" "), "purpose"),
        (replace(PROVIDER, name=""), "who"),
        (replace(PROVIDER, office=CHAIR), "name"),
        (replace(PROVIDER, phone="ask at the office"), "phone"),
        (replace(PROVIDER, phone="12"), "phone"),
        (replace(PROVIDER, email="help@dyfed-hr.example?bcc=x@y.example"), "email"),
        (replace(PROVIDER, email="javascript:alert(1)"), "email"),
        (replace(PROVIDER, purpose="x" * 300), "purpose"),
        (replace(PROVIDER, name="\u202eevil"), "name"),
    ],
)
def test_what_could_not_be_rung_or_written_to_is_refused_at_its_field(
    session: Session, scope: Scope, policy: Policy, wrong: Contact, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        add_contact(session, scope, MAYA, policy, wrong, NOW)
    assert field in {one.field for one in refused.value.objections}
    assert named(session, scope, policy) == []


def test_a_list_stays_short(session: Session, scope: Scope, policy: Policy) -> None:
    for _ in range(MOST):
        add_contact(session, scope, MAYA, policy, PROVIDER, NOW)
    with pytest.raises(Refusal, match="Take one off"):
        add_contact(session, scope, MAYA, policy, PROVIDER, NOW)


def test_another_schools_contact_is_not_there(session: Session, scope: Scope) -> None:
    zeds = a_school(session, "Zed's Academy", "zeds")
    add_contact(session, zeds, MAYA, None, PROVIDER, NOW)
    theirs = session.scalars(select(PolicyContact)).one()
    assert named(session, scope, None) == []
    with pytest.raises(NotFound):
        contact_called(session, scope, theirs.public_id)


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("01234 567890", "tel:01234567890"),
        ("(01234) 567-890", "tel:01234567890"),
        ("+44 (0)1234 567890", "tel:+441234567890"),
        ("01234 567890 ext. 12", "tel:01234567890;ext=12"),
        ("567 x3", "tel:567;ext=3"),
        ("999", "tel:999"),
        ("0123456789012345", None),
        ("01234;phone-context=evil", None),
        ("javascript:1", None),
        ("", None),
    ],
)
def test_a_phone_number_becomes_a_link_of_figures_alone(written: str, link: str | None) -> None:
    assert phone_link(written) == link


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("head@hillcrest.sch.uk", "mailto:head@hillcrest.sch.uk"),
        ("o'neill+hr@x.example", "mailto:o%27neill+hr@x.example"),
        ("a&b@x.example", "mailto:a%26b@x.example"),
        ("a?subject=x@x.example", "mailto:a%3Fsubject%3Dx@x.example"),
        ("a@x.example,b@x.example", None),
        ("a@x.example%0abcc:b@x.example", None),
        ("a b@x.example", None),
        ("nobody", None),
    ],
)
def test_an_address_becomes_a_link_that_adds_nothing(written: str, link: str | None) -> None:
    assert mail_link(written) == link


def test_who_holds_a_post_is_not_looked_up_for_a_name_of_its_own(session: Session, scope: Scope) -> None:
    add_contact(session, scope, MAYA, None, PROVIDER, NOW)
    one = whom_to_ask(session, scope, None, TODAY).whom[0]
    assert (one.vacant, one.tel, one.mailto) == (False, "tel:01234567890;ext=12", "mailto:help@dyfed-hr.example")
    assert session.scalars(select(Person)).all() == []
