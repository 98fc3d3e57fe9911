"""The owner's form and the redline in a pack: read by eye, by a screen reader, and by nobody whose name is in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from sqlalchemy.orm import Session

from governance.adoption.preparing import Consulted, Equality, Prepared, Recommends, Round, prepare
from governance.packs.changes import Changes
from governance.packs.gathering import for_meeting
from governance.packs.printing import printed
from governance.packs.values import Pack, PackItem
from governance.policies.models import Policy
from governance.policies.redline import redline
from governance.schools.models import Meeting
from tests import hillcrest
from tests.hillcrest import MAYA
from tests.packs.little_school import NOW, little_school
from tests.packs.oakfield import SOCIAL_MEDIA_TEXT, clause, pack, social_media
from tests.render.pdf_checks import failures, text_of

FORM = Prepared(
    what_changed="Clause 7.8 asks for two-step sign-in.",
    why="Two accounts were taken over last year.\nThe insurer asks for it.",
    prompted_by="The insurer's letter of 3 March",
    equality=Equality.NOT_NEEDED,
    equality_note="It treats nobody differently.",
    recommends=Recommends.ADOPT,
    rounds=(Round(Consulted.UNIONS, "NEU", dt.date(2026, 9, 1), dt.date(2026, 9, 25), "Agreed"),),
    ready=True,
)


def item() -> PackItem:
    after = (
        *SOCIAL_MEDIA_TEXT[:3],
        clause(
            "clause", "The policy has been jointly agreed through consultation with all recognised unions.", "1.2", 2
        ),
        clause("clause", "Use two-step sign-in wherever it is offered.", "1.3", 2),
        *SOCIAL_MEDIA_TEXT[4:9],
    )
    changes = Changes("2022", "2026", redline(SOCIAL_MEDIA_TEXT, after))
    return replace(social_media(), clauses=after, for_meeting=True, is_new_version=True, prepared=FORM, changes=changes)


@cache
def prepared_pack() -> bytes:
    return printed(replace(pack(), items=(item(),)))


def said() -> str:
    return " ".join(text_of(prepared_pack()))


def test_it_passes_the_checker() -> None:
    assert failures(prepared_pack()) == []


def test_the_owners_form_is_printed() -> None:
    for words in (
        "Recommendation Adopt the new version",
        "Two accounts were taken over last year. The insurer asks for it.",
        "No assessment is needed. It treats nobody differently.",
        "Unions and professional associations: NEU 1 Sep 2026 25 Sep 2026 Agreed",
    ):
        assert words in said(), words


def test_the_redline_says_in_words_what_was_taken_out_and_put_in() -> None:
    assert "Version 2026 beside version 2022, which is in force. 1 clause changed, 1 added, 3 removed;" in said()
    assert "consultation with (taken out: the trades) (added: all recognised) unions." in said()
    assert "New: Use two-step sign-in wherever it is offered." in said()
    assert "Taken out: Guidance: Teachers’ Standards" in said()
    assert "clauses unchanged" in said()


def test_what_is_missing_is_said_rather_than_left_out() -> None:
    first = replace(item(), in_force_since=None, changes=None, prepared=None)
    filed = replace(item(), changes=None, power="No power over this policy is recorded as delegated to Pay Committee.")
    text = " ".join(text_of(printed(replace(pack(), items=(first, filed)))))
    assert "Nothing has been prepared for this item." in text
    assert "Nothing is in force yet, so the whole text is new." in text
    assert "one of them is kept as a file without a text" in text
    assert "May this committee decide? No power over this policy is recorded" in text


def test_a_meetings_pack_has_the_form_and_the_redline_of_what_is_new(session: Session) -> None:
    little = little_school(session)
    policy = session.get_one(Policy, little.policies["Social Media"])
    hillcrest.a_version(session, little.scope, policy, "# Social media\n\n1.1 Ask before you post.\n")
    prepare(session, little.scope, MAYA, policy, FORM, NOW)
    meeting = session.get_one(Meeting, little.meeting_id)
    meeting.held_on = hillcrest.TODAY
    found: Pack = for_meeting(session, little.scope, meeting, hillcrest.TODAY, NOW)
    (one,) = [one for one in found.items if one.title == "Social Media Policy"]
    assert (one.for_meeting, one.prepared, one.is_new_version) == (True, FORM, True)
    assert one.changes is not None and one.changes.after == "2"
