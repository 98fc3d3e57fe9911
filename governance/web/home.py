"""Home: what needs doing, for the person looking; one line when all is well."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, url_for

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.register import RegisterRow, every_policy
from governance.adoption.states import State
from governance.db import db
from governance.mail.queries import refused_since, waiting
from governance.policies.related import related_to
from governance.reading.asking import asking_since, unasked
from governance.reading.coverage import Coverage
from governance.reading.links import asking_again
from governance.reading.owed import State as Reading
from governance.reading.queries import coverage, my_reading
from governance.reception.queries import visitors
from governance.schedule.queries import failed_since
from governance.schools.queries import meetings
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.requests import settings

screen = in_school("home")
_FORTNIGHT = dt.timedelta(days=14)
_STATES = {
    State.REVIEW_LATE: ("policy whose review is overdue", "policies whose review is overdue"),
    State.REVIEW_DUE: ("policy due for review within three months", "policies due for review within three months"),
    State.NO_REVIEW_DATE: ("policy without a review date", "policies without a review date"),
    State.NEW_VERSION_AWAITING: (
        "policy with a new version awaiting a decision",
        "policies with a new version awaiting a decision",
    ),
    State.AMENDED_TEXT_AWAITED: (
        "policy adopted with amendments whose text is awaited",
        "policies adopted with amendments whose text is awaited",
    ),
    State.AWAITING_RATIFICATION: ("policy awaiting ratification", "policies awaiting ratification"),
    State.ADOPTION_NOT_RECORDED: ("policy whose adoption is not recorded", "policies whose adoption is not recorded"),
}
_URGENT = (State.REVIEW_LATE, State.ADOPTION_NOT_RECORDED)


@dataclass(frozen=True)
class Task:
    """Something to do: how many, what, and where. `urgent` ones stand first."""

    count: int
    words: str
    href: str
    urgent: bool = False


@screen.get("/", needs(Permission.READ))
def index() -> str:
    """The home page."""
    session, today = db.session(), clock.today(scope().time_zone)
    policies = every_policy(session, scope(), today) if allowed(Permission.SEE_DRAFTS) else []
    seen = coverage(session, scope(), today) if allowed(Permission.SEE_COVERAGE) else None
    tasks = [*_policy_tasks(policies), *_reading_tasks(seen, today), *_people_tasks(policies), *_running_tasks()]
    tasks += _desk_tasks(today)
    return render_template(
        "home/index.html",
        tasks=sorted(tasks, key=lambda task: not task.urgent),
        mine=_mine(today),
        register_size=sum(row.state is not State.RETIRED for row in policies),
        coverage=seen.totals if seen and seen.totals.audience else None,
        started=asking_since(session, scope()) is not None,
        meetings=meetings(session, scope(), from_on=today, until_on=today + dt.timedelta(days=120))
        if allowed(Permission.SEE_PACKS)
        else [],
        no_mail=settings().smtp_url is None and allowed(Permission.SCHEDULE),
        waiting=waiting(session, scope(), clock.now()).count if allowed(Permission.SCHEDULE) else 0,
        today=today,
    )


def _mine(today: dt.date) -> Counter[Reading]:
    """How many policies I have still to read, by state."""
    person_id = actor().person_id
    rows = my_reading(db.session(), scope(), person_id, today) if person_id else []
    return Counter(row.state for row in rows)


def _policy_tasks(policies: list[RegisterRow]) -> Iterator[Task]:
    counts = Counter(state for row in policies for state in row.states if row.state is not State.RETIRED)
    for state, (one, several) in _STATES.items():
        if counts[state]:
            words = one if counts[state] == 1 else several
            yield Task(counts[state], words, url_for("register.index", state=state.value), state in _URGENT)
    if allowed(Permission.KEEP_POLICIES):
        yield from _missing(policies)


def _missing(policies: list[RegisterRow]) -> Iterator[Task]:
    current = [row.policy_id for row in policies if row.state is not State.RETIRED]
    cited = related_to(db.session(), scope(), current)
    missing = {title.casefold() for citations in cited.values() for one in citations for title in one.missing}
    if missing:
        words = "policy is named by others and is" if len(missing) == 1 else "policies are named by others and are"
        yield Task(len(missing), f"{words} not in the register", url_for("reports.show", name="links"))


def _reading_tasks(seen: Coverage | None, today: dt.date) -> Iterator[Task]:
    if seen is not None and seen.totals.overdue:
        words = "reading overdue" if seen.totals.overdue == 1 else "readings overdue"
        target = "reading.overdue" if allowed(Permission.SEE_READING) else "reading.index"
        yield Task(seen.totals.overdue, words, url_for(target), urgent=True)
    if allowed(Permission.KEEP_READING):
        left = len(unasked(db.session(), scope(), today))
        if left:
            words = (
                "policy in force that nobody is asked to read"
                if left == 1
                else "policies in force that nobody is asked to read"
            )
            yield Task(left, words, url_for("asking.index"))
        wanted = asking_again(db.session(), scope(), clock.now())
        if wanted:
            words = "person asks for a new link to read" if wanted == 1 else "people ask for a new link to read"
            yield Task(wanted, words, url_for("reading_links.several"))


def _people_tasks(policies: list[RegisterRow]) -> Iterator[Task]:
    vacant = {row.owner for row in policies if row.owner and not row.holder and row.state is not State.RETIRED}
    if vacant and allowed(Permission.KEEP_PEOPLE):
        words = "post that owns policies is vacant" if len(vacant) == 1 else "posts that own policies are vacant"
        yield Task(len(vacant), words, url_for("posts.index"), urgent=True)


def _desk_tasks(today: dt.date) -> Iterator[Task]:
    if allowed(Permission.KEEP_DAY_PEOPLE):
        count = sum(row.unseen for row in visitors(db.session(), scope(), today, today))
        if count:
            words = "person here today whom" if count == 1 else "people here today whom"
            yield Task(count, f"{words} the front desk has not seen", url_for("front_desk.index"), urgent=True)


def _running_tasks() -> Iterator[Task]:
    if allowed(Permission.SCHEDULE):
        since = clock.now() - _FORTNIGHT
        failed = failed_since(db.session(), scope(), since)
        refused = refused_since(db.session(), scope(), since)
        if failed:
            yield Task(failed, "scheduled jobs failed in the last fortnight", url_for("scheduled.index"), urgent=True)
        if refused:
            yield Task(refused, "mails were refused in the last fortnight", url_for("scheduled.index"), urgent=True)
