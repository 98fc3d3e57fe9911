"""The owner's form for a meeting: what it keeps, what it asks for, and which decision it went with."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from governance.adoption import actions
from governance.adoption.kinds import Kind
from governance.adoption.prepared import form_of, open_forms
from governance.adoption.preparing import (
    Consulted,
    Equality,
    Prepared,
    Recommends,
    Round,
    consultation_warnings,
    objections,
    prepare,
)
from governance.adoption.warnings import warnings_about
from governance.errors import Refusal
from governance.extract.dates import parse_stated
from governance.policies.models import Policy
from tests.adoption.room import HELEN, TYPED_IN, Room

OCTOBER, NOVEMBER = dt.date(2026, 10, 5), dt.date(2026, 11, 6)
UNIONS = Round(Consulted.UNIONS, "NEU, NASUWT", OCTOBER, NOVEMBER, "Agreed, with clause 7 made clearer")
FORM = Prepared(
    what_changed="Clause 4 names the apps that may be used.",
    why="Two complaints last year.",
    prompted_by="The local authority's new model",
    equality=Equality.NOT_NEEDED,
    equality_note="Nothing in it treats anybody differently.",
    recommends=Recommends.ADOPT,
    recommendation="Adopt version 2.",
    rounds=(UNIONS,),
    ready=True,
)


def said(form: Prepared) -> dict[str | None, str]:
    return {one.field: one.message for one in objections(form)}


def prepared(room: Room, policy: Policy, form: Prepared = FORM) -> None:
    prepare(room.session, room.scope, HELEN, policy, form, TYPED_IN)


def test_a_form_is_kept_and_written_over_until_it_is_decided(room: Room) -> None:
    policy = room.policy()
    prepared(room, policy, Prepared(what_changed="  Something.  "))
    assert open_forms(room.session, room.scope)[policy.id] == Prepared(what_changed="Something.")
    prepared(room, policy)
    assert open_forms(room.session, room.scope, [policy.id]) == {policy.id: FORM}


def test_a_form_with_gaps_can_be_kept_and_is_not_ready() -> None:
    assert said(Prepared(what_changed="Clause 4")) == {}
    assert set(said(Prepared(ready=True))) == {"recommends", "equality"}
    assert set(said(Prepared(ready=True, recommends=Recommends.ADOPT, equality=Equality.ASSESSED))) == {
        "what_changed",
        "why",
        "equality_note",
    }
    assert (
        said(Prepared(ready=True, recommends=Recommends.KEEP, equality=Equality.NOT_NEEDED, equality_note="No.")) == {}
    )


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (Round(Consulted.STAFF, until_on=NOVEMBER), "staff_from_on"),
        (Round(Consulted.PARENTS, from_on=NOVEMBER, until_on=OCTOBER), "parents_until_on"),
        (Round(Consulted.UNIONS, outcome="x" * 4001), "unions_outcome"),
    ],
)
def test_consultations_have_their_days_the_right_way_round(one: Round, field: str) -> None:
    assert list(said(Prepared(rounds=(one,)))) == [field]


def test_what_is_wrong_keeps_the_form_as_it_was(room: Room) -> None:
    policy = room.policy()
    prepared(room, policy)
    with pytest.raises(Refusal):
        prepared(room, policy, replace(FORM, why="x" * 4001))
    assert open_forms(room.session, room.scope)[policy.id] == FORM


def test_deciding_before_a_consultation_ends_is_told_and_can_be_recorded(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    prepared(room, policy)
    early = room.facts(version, "24 September 2026")
    (warning,) = warnings_about(room.session, room.scope, early)
    assert warning.startswith("Unions and professional associations: the consultation runs until 6 November 2026")
    room.decide(version)


def test_a_consultation_without_an_end_or_an_outcome_is_told_too() -> None:
    day = dt.date(2026, 12, 3)
    assert consultation_warnings(FORM, day) == []
    endless = replace(FORM, rounds=(replace(UNIONS, until_on=None),))
    assert "has no last day yet" in consultation_warnings(endless, day)[0]
    silent = replace(FORM, rounds=(replace(UNIONS, outcome=""),))
    assert "no outcome is recorded" in consultation_warnings(silent, day)[0]
    assert "before it ends" in consultation_warnings(FORM, NOVEMBER)[0]


def test_a_form_goes_with_the_decision_that_closes_the_matter(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    prepared(room, policy)
    deferred = room.decide(version, kind=Kind.DEFERRED)
    assert form_of(room.session, room.scope, deferred.id) is None
    adopted = room.decide(version, "1 October 2026")
    assert form_of(room.session, room.scope, adopted.id) == FORM
    assert open_forms(room.session, room.scope) == {}


def test_a_correction_hands_the_form_on_and_a_mistaken_entry_opens_it_again(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    prepared(room, policy)
    first = room.decide(version)
    later = room.facts(version, "1 October 2026", reason="Wrong day")
    second = actions.correct(room.session, room.scope, HELEN, first, later, TYPED_IN)
    assert form_of(room.session, room.scope, second.id) == FORM
    mistaken = room.facts(version, kind=Kind.MISTAKEN, reason="Not decided at all")
    actions.correct(room.session, room.scope, HELEN, second, mistaken, TYPED_IN)
    assert open_forms(room.session, room.scope) == {policy.id: FORM}


def test_an_approval_without_a_meeting_leaves_the_form_to_the_body(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    prepared(room, policy)
    room.approve(version, subject_to_ratification=True, next_review=parse_stated("September 2027"))
    assert open_forms(room.session, room.scope) == {policy.id: FORM}
