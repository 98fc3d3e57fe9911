"""A mail to the owner of each policy whose review comes up, or whose amended text is awaited: each step once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.adoption.owners import Told, note_told, told_today
from governance.db import reading
from governance.mail.actions import queue
from governance.mail.compose import Letter, compose
from governance.mail.hours import OPENS
from governance.reading.calendar import is_school_day
from governance.reading.school_year import school_year
from governance.render.words import plural
from governance.schedule.jobs import Context, Outcome, job
from governance.schedule.local_time import instant_at
from governance.schedule.offers import POLICY_DUE
from governance.tenancy import Scope

NO_SCHOOL = "No school today, so nothing is sent. The next school morning tells whatever was reached meanwhile."
NOBODY = "No policy has reached a step."


@job(POLICY_DUE, "Telling owners that their policy is due", opens=lambda _: Permission.SEE_DRAFTS)
def policy_due(context: Context) -> Outcome:
    """Tell owners whose policies have reached a step, and remember it with the run's end. Silent in holidays."""
    with reading() as session:
        if not is_school_day(context.today, school_year(session, context.scope)):
            return Outcome(NO_SCHOOL)
        told, nobody = told_today(session, context.scope, context.today)
    missing = "" if not nobody else f" Nobody to tell about {', '.join(one.title for one in nobody)}."
    if not told:
        return Outcome(NOBODY + missing)

    def then(session: Session, scope: Scope, _: int | None, now: dt.datetime) -> str:
        not_before = instant_at(context.today, OPENS, scope.time_zone)
        # asked again under the lock: another run may have told some of it meanwhile
        still, _nobody = told_today(session, scope, context.today)
        for one in still:
            key = f"policy-due:{context.slot}:{one.owner.public_id}"
            letter = _letter(context, one)
            queue(
                session, scope, letter, dedupe_key=key, now=now, cause_run=context.run, not_before=max(now, not_before)
            )
        note_told(session, scope, still, context.today)
        return f"{plural(len(still), 'mail')} queued.{missing}"

    return Outcome("", then=then)


def _letter(context: Context, told: Told) -> Letter:
    due = [
        {
            "title": one.title,
            "about_on": one.about_on,
            "awaits_text": one.awaits_text,
            "late": one.about_on < context.today and not one.awaits_text,
            "step": one.step,
            "link": context.link(f"policies/{one.policy}/prepare"),
        }
        for one in told.due
    ]
    return compose(
        POLICY_DUE,
        to=told.owner.address,
        school=context.scope.name,
        values={"name": told.owner.name, "today": context.today, "due": due},
        to_person=told.owner.public_id,
    )
