"""The register of the demonstration school: its policies, with every version and decision put into the diary."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from governance.adoption.actions import add_minute_reference, correct, decide
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.asking import Ask
from governance.adoption.delegating import Power, delegate
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.models import AgendaItem
from governance.clock import local_day
from governance.demo import plan
from governance.demo.plan import By, Step
from governance.demo.school import Round, School
from governance.demo.written import Written, added_since, document
from governance.extract.clauses import EXTRACTOR
from governance.extract.examine import examine_here
from governance.extract.stated_dates import Precision, exactly
from governance.intake.recording import stated_dates
from governance.people.models import Person
from governance.policies.actions import File, NewPolicy, NewVersion, Text, add_policy, record_version, retire
from governance.policies.models import PolicyVersion
from governance.policies.related import relate
from governance.reading.requiring import Requirement, require
from governance.schools.models import GoverningBody, Meeting
from governance.storage.actions import Bytes
from governance.tenancy import Actor

EVENING = 20
HEAD, CHAIR = "James Okafor", "Tariq Iqbal"
_SCHEME = "Scheme of delegation"
_OFFICES = {By.HEAD: (HEAD, MakerKind.HEADTEACHER), By.CHAIR: (CHAIR, MakerKind.CHAIR)}
_WORDS = {
    By.BOARD: "Adopted by the Full Governing Body on {}",
    By.COMMITTEE: "Approved by the Resources Committee on {}",
    By.HEAD: "Approved by the headteacher on {}",
    By.CHAIR: "Approved by the chair of governors on {}",
    By.NOBODY: "Adopted by the governors",
}
_REASON = "Needed before the next meeting; the change follows from new national guidance."


def register_filled(school: School, policies: list[Written]) -> None:
    """Every policy with its owner, its rules and related titles; then its years go into the diary."""
    at, since = school.set_up_at, school.days.years_before(4)
    powers = [
        Power(since, body=school.committee, source=f"{_SCHEME}, minute FGB {since.year}/04"),
        Power(since, office="headteacher", policy_kind="procedure", source=f"{_SCHEME}, minute FGB {since.year}/05"),
    ]
    for power in powers:
        delegate(school.session, school.scope, school.helen, power, at)
    for place, policy in enumerate(policies):
        _added(school, policy, at)
        for step in plan.steps_of(policy, place, school.days):
            school.on(step.on, partial(_decided, school, policy, step), hour=EVENING)
    _special(school, {policy.reference: policy for policy in policies})


def _added(school: School, policy: Written, at: dt.datetime) -> None:
    body = school.board if policy.kind != "guidance" else None
    new = NewPolicy(
        title=policy.title,
        kind=policy.kind,
        reference=policy.reference,
        owner_post_id=school.posts[policy.owner].id,
        approving_body_id=body.id if body else None,
        review_every_months=policy.months,
    )
    row = school.policies[policy.reference] = add_policy(school.session, school.scope, school.maya, new, at)
    for name in policy.categories:
        wanted = Requirement(category_id=school.categories[name].id, repeat=policy.repeat)
        require(school.session, school.scope, school.maya, row, wanted, school.days.set_up_on, at)
    relate(school.session, school.scope, school.maya, row, policy.related, at)


def _special(school: School, written: dict[str, Written]) -> None:
    """What happened to single policies beside their ordinary years."""
    days, last = school.days, plan.last_held(school.days)
    newest = written[plan.NEW_VERSION]
    school.on(days.ago(8), partial(_proposed, school, newest, 4))
    draft = written[plan.DRAFT]
    school.on(last - dt.timedelta(days=9), partial(_proposed, school, draft, 1))
    school.on(last, partial(_put_off, school, draft), hour=EVENING)
    school.on(last, partial(_ratified, school), hour=EVENING + 1)
    school.on(days.ago(plan.RETIRED_AGO), partial(_retired, school))
    reviewed = next(day for day in days.board if day >= days.ago(330))
    school.on(reviewed, partial(_reviewed, school, reviewed), hour=EVENING)


def _decided(school: School, policy: Written, step: Step, at: dt.datetime) -> None:
    version = _recorded(school, policy, step.number, step.back, _front(policy, step), at)
    asks = step.asks and local_day(at, school.scope.time_zone) >= school.days.begun
    body, person, office, meeting = _maker(school, step)
    item = _on_agenda(school, meeting, version, AsksFor.ADOPT, at) if meeting else None
    facts = Decide(
        version=version,
        decided=step.decided,
        kind=_kind(policy, step),
        body=body,
        person=person,
        office=office,
        meeting=meeting,
        item=item,
        next_review=step.next_review,
        in_force_on=step.in_force_on,
        subject_to_ratification=step.pending,
        minute=_minute(school, step) if meeting else "",
        power=_SCHEME if step.by is By.COMMITTEE or policy.kind == "procedure" else "",
        reason=_REASON if person is not None and policy.kind != "guidance" else "",
        ask=Ask(everyone=True) if asks else None,
    )
    actor = school.helen if meeting else _actor(school, step)
    if policy.reference == plan.CORRECTED and step.back == 0:
        _decided_and_corrected(school, actor, facts, at)
    else:
        decide(school.session, school.scope, actor, facts, at)
    if asks:
        school.rounds.append(Round(policy.reference, step.number, max(step.in_force_on or step.on, step.on)))


def _recorded(
    school: School, policy: Written, number: int, back: int, front: list[str], at: dt.datetime
) -> PolicyVersion:
    data = document(policy, number, back, [*front, f"Owner: {policy.owner}"])
    filename = f"{policy.title} v{number}.md"
    found = examine_here(filename, data)
    text = Text(EXTRACTOR, found.text_sha256, found.clauses_json) if found.text_sha256 else None
    new = NewVersion(
        files=(File(filename, Bytes(data, "text/markdown")),),
        text=text,
        change_summary=added_since(policy, back) if number > 1 else "",
        dates=stated_dates(found.guesses),
    )
    row = school.policies[policy.reference]
    version = record_version(school.session, school.scope, school.maya, row, new, at)
    school.versions[policy.reference] = version
    return version


def _front(policy: Written, step: Step) -> list[str]:
    words = "Issued by the headteacher on {}" if policy.kind == "guidance" else _WORDS[step.by]
    said = words.format(step.decided.in_words())
    if step.decided.precision is not Precision.DAY:
        said = said.replace(" on ", " in ")
    return [said, f"Next review: {step.next_review.in_words()}"] if step.next_review else [said]


def _kind(policy: Written, step: Step) -> Kind:
    if policy.kind == "guidance":
        return Kind.ISSUED
    if policy.reference == plan.AMENDED and step.back == 0:
        return Kind.AMENDED
    return Kind.ADOPTED if step.by in (By.BOARD, By.NOBODY) else Kind.APPROVED


def _maker(school: School, step: Step) -> tuple[GoverningBody | None, Person | None, MakerKind | None, Meeting | None]:
    if step.by in _OFFICES:
        name, office = _OFFICES[step.by]
        return None, school.people[name], office, None
    if step.by is By.NOBODY:
        return None, None, None, None
    body = school.board if step.by is By.BOARD else school.committee
    return body, None, None, school.meetings[body.id, step.on] if step.meeting else None


def _actor(school: School, step: Step) -> Actor:
    return Actor(_OFFICES[step.by][0]) if step.by in _OFFICES else school.maya


def _on_agenda(
    school: School, meeting: Meeting, version: PolicyVersion, asks_for: AsksFor, at: dt.datetime
) -> AgendaItem:
    policy = next(row for row in school.policies.values() if row.id == version.policy_id)
    return put_on_agenda(school.session, school.scope, school.helen, meeting, policy, asks_for, at, version)


def _minute(school: School, step: Step) -> str:
    """The next minute reference of the body's academic year; half of the last board meeting's are not written yet."""
    year = step.on.year if step.on.month >= 9 else step.on.year - 1
    body = "FGB" if step.by is By.BOARD else "RC"
    number = school.minutes[f"{body}{year}"] = school.minutes.get(f"{body}{year}", 10) + 1
    unwritten = step.on == plan.last_held(school.days) and number % 2
    return "" if unwritten else f"{body} {year}/{number}"


def _proposed(school: School, policy: Written, number: int, at: dt.datetime) -> None:
    _recorded(school, policy, number, 0, ["Proposed for adoption"], at)


def _put_off(school: School, policy: Written, at: dt.datetime) -> None:
    version, day = school.versions[policy.reference], plan.last_held(school.days)
    meeting = school.meetings[school.board.id, day]
    item = _on_agenda(school, meeting, version, AsksFor.ADOPT, at)
    facts = Decide(
        version=version,
        decided=exactly(day),
        kind=Kind.DEFERRED,
        body=school.board,
        meeting=meeting,
        item=item,
        reason="Governors asked which tools are on the school's list.",
    )
    decide(school.session, school.scope, school.helen, facts, at)


def _ratified(school: School, at: dt.datetime) -> None:
    version, day = school.versions[plan.RATIFIED], plan.last_held(school.days)
    meeting = school.meetings[school.board.id, day]
    item = _on_agenda(school, meeting, version, AsksFor.RATIFY, at)
    facts = Decide(
        version=version, decided=exactly(day), kind=Kind.RATIFIED, body=school.board, meeting=meeting, item=item
    )
    ratification = decide(school.session, school.scope, school.helen, facts, at)
    add_minute_reference(school.session, school.scope, school.helen, ratification, f"FGB {day.year}/09", at)


def _retired(school: School, at: dt.datetime) -> None:
    retire(
        school.session,
        school.scope,
        school.maya,
        school.policies[plan.RETIRED],
        retired_on=school.days.ago(plan.RETIRED_AGO),
        replaced_by=school.policies[plan.REPLACED_BY],
        today=local_day(at, school.scope.time_zone),
        now=at,
    )


def _reviewed(school: School, day: dt.date, at: dt.datetime) -> None:
    meeting = school.meetings[school.board.id, day]
    version = school.versions[plan.REVIEWED_ONLY]
    item = _on_agenda(school, meeting, version, AsksFor.REVIEW, at)
    facts = Decide(
        version=version,
        decided=exactly(day),
        kind=Kind.REVIEWED,
        body=school.board,
        meeting=meeting,
        item=item,
        next_review=plan.month_after(day, 48),
    )
    decide(school.session, school.scope, school.helen, facts, at)


def _decided_and_corrected(school: School, actor: Actor, facts: Decide, at: dt.datetime) -> None:
    """The clerk typed the wrong year of the next review and put it right at once."""
    assert facts.decided.latest_on is not None
    wrong = replace(facts, next_review=plan.month_after(facts.decided.latest_on, 36))
    decision = decide(school.session, school.scope, actor, wrong, at)
    right = replace(facts, reason="The next review was entered a year too late.", ask=None)
    correct(school.session, school.scope, actor, decision, right, at)
