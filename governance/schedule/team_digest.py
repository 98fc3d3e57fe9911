"""A weekly mail to each line manager about the late reading of their own people, and of nobody else."""

from __future__ import annotations

from governance.accounts.permissions import Permission
from governance.chasing.digest import Team, digest, sent_on, teams
from governance.chasing.gathering import school_year
from governance.db import reading
from governance.mail.compose import Letter
from governance.mail.hours import OPENS
from governance.render.words import day as in_words
from governance.render.words import plural
from governance.schedule.jobs import Context, Outcome, Post, job
from governance.schedule.local_time import instant_at
from governance.schedule.offers import TEAM_DIGEST

HOLIDAY = "No school this week, so nothing is sent."
ALL_READ = "Nobody's reading is late or due within the week."


@job(TEAM_DIGEST, "Late reading of a line manager's own people", opens=lambda _: Permission.SEE_READING)
def team_digest(context: Context) -> Outcome:
    """Tell each line manager whose reading is late or due within the week. Silent in holidays and where all is read."""
    with reading() as session:
        school = school_year(session, context.scope, context.today)
        leaves_on = sent_on(context.today, school)
        found = [] if leaves_on is None else teams(session, context.scope, context.today, school)
    if leaves_on is None:
        return Outcome(HOLIDAY)
    if not found:
        return Outcome(ALL_READ)
    not_before = instant_at(leaves_on, OPENS, context.scope.time_zone)
    letters = tuple(Post(_letter(context, team), not_before) for team in found)
    held = "" if leaves_on == context.today else f", to leave on {in_words(leaves_on)}"
    return Outcome(f"{plural(len(letters), 'mail')} queued{held}.", letters=letters)


def _letter(context: Context, team: Team) -> Letter:
    links = {"link": context.link("my-reading")}
    return digest(team, context.today, context.scope.name, links)
