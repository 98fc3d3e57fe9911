"""People of a day in groups, and what is required of each group, as common table expressions for both databases.

A group is everybody who holds the same set of categories. Where a policy has rules for job titles, for people who join or
for a named person, its groups are finer: they also share the titles that rules know, and which of the days to join from
they met; somebody whom a rule names is a finer group alone. Such policies are few, so most are still looked at by the
broad groups; a person is in one of each sort.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from governance.people.models import Engagement
from governance.reading.cutoff_query import Mix, joined_number, title_number
from governance.reading.dialects import listed
from governance.reading.parameters import ALWAYS, DAY, NOUGHT, ONE, ORGANISATION, among
from governance.reading.standing_query import kept


def present_people(mix: Mix, required: CTE, of_person: bool) -> CTE:
    """Everybody with a job that day (or named and never employed), each in a group of each sort that there is."""
    people: Any = _people(mix, of_person)
    if not mix.refined:
        return _numbered(mix, people.subquery("people").c, ())
    if mix.named:
        people = union_all(people, _never_employed(mix, required, of_person))
    person = kept("people", people).c
    named = select(required.c.person_id).where(required.c.person_id.is_not(None))
    fine = literal("n") + cast(person.person_id, Text)
    shared = _shared(mix, person)
    fine = case((person.person_id.in_(named), fine), else_=shared) if mix.named else shared
    columns = (person.person_id, person.started_on, person.first_job_on)
    sorts = union_all(
        select(*columns, person.holding, NOUGHT.label("refined")).where(person.holding.is_not(None)),
        select(*columns, fine, ONE),
    )
    rows = sorts.subquery("sorts").c
    return _numbered(mix, rows, (rows.refined,))


def _people(mix: Mix, of_person: bool) -> Select[Any]:
    """Each person with a job that day: the categories held, since when and since when at all, and titles that rules know."""
    job, ever = Engagement, aliased(Engagement)
    titles = [title_number(mix, job.title_key).label("title")] if mix.titles else []
    held = _narrowed(_held(job.person_id, job.category_id, job.started_on, *titles), job.person_id, of_person)
    jobs = held.order_by(job.person_id, job.category_id, *titles).subquery("jobs").c
    first_job = select(func.min(ever.started_on)).where(ever.person_id == jobs.person_id).scalar_subquery()
    return select(
        jobs.person_id,
        listed(jobs.category_id).label("holding"),
        func.max(jobs.started_on).label("started_on"),
        func.coalesce(first_job, ALWAYS).label("first_job_on"),
        *([func.coalesce(listed(jobs.title), "").label("titles")] if mix.titles else []),
    ).group_by(jobs.person_id)


def _shared(mix: Mix, person: Any) -> Any:
    """What a person has in common with others of a finer group."""
    shared = person.holding
    if mix.titles:
        shared = shared + literal("t") + person.titles
    return shared + literal("j") + cast(joined_number(mix, person.first_job_on), Text) if mix.joiners else shared


def _numbered(mix: Mix, person: Any, sort: tuple[Any, ...]) -> CTE:
    return kept(
        "present",
        select(
            person.person_id,
            func.dense_rank().over(order_by=(*sort, person.holding)).label("group"),
            person.started_on,
            person.first_job_on,
            (case((among(person.person_id, "away"), ONE), else_=NOUGHT) if mix.away else NOUGHT).label("away"),
            *sort,
        ),
    )


def _never_employed(mix: Mix, required: CTE, of_person: bool) -> Select[Any]:
    """People whom a rule names and of whom no job was ever recorded."""
    person_id, ever = required.c.person_id, aliased(Engagement)
    titles = [literal("").label("titles")] if mix.titles else []
    statement = select(
        person_id,
        cast(null(), Text).label("holding"),
        ALWAYS.label("started_on"),
        ALWAYS.label("first_job_on"),
        *titles,
    )
    statement = statement.where(person_id.is_not(None), ~exists().where(ever.person_id == person_id)).distinct()
    return _narrowed(statement, person_id, of_person)


def through_groups(mix: Mix, required: CTE, present: CTE) -> CTE:
    """What is required of each group, once for each category, job title or name it is required through, with its rule."""
    job, person, r = Engagement, present.c, required.c
    shared = [person.group, job.category_id]
    shared += [title_number(mix, job.title_key).label("title")] if mix.titles else []
    shared += [person.refined] if mix.refined else []
    joined = [func.min(person.first_job_on).label("first_job_on")] if mix.joiners else []
    member = kept("member", _held(*shared, *joined).join(present, person.person_id == job.person_id).group_by(*shared))
    columns = [column for column in r if column.name not in {"person_id", "title", "joined_since", "refined"}]
    ways = [(member, r.category_id == member.c.category_id)]
    ways += [(member, r.title == member.c.title)] if mix.titles else []
    ways += [(present, r.person_id == person.person_id)] if mix.named else []
    found = [select(by.c.group, *columns).join(required, and_(same, *_of_sort(mix, r, by.c))) for by, same in ways]
    return kept("through", found[0].union_all(*found[1:]) if len(found) > 1 else found[0])


def _of_sort(mix: Mix, rule: Any, group: Any) -> list[ColumnElement[bool]]:
    """Groups of the sort that the rule's policy is looked at by, whose people joined late enough for the rule."""
    late_enough = or_(rule.joined_since.is_(None), rule.joined_since <= group.first_job_on) if mix.joiners else None
    sort = [rule.refined == group.refined] if mix.refined else []
    return sort if late_enough is None else [*sort, late_enough]


def _held(*columns: Any) -> Select[Any]:
    """Jobs held that day."""
    job = Engagement
    lasts = or_(job.ended_on.is_(None), job.ended_on >= DAY)
    return select(*columns).where(job.organisation_id == ORGANISATION, job.started_on <= DAY, lasts)


def _narrowed(statement: Select[Any], person_id: Any, of_person: bool) -> Select[Any]:
    return statement.where(person_id == bindparam("person_id")) if of_person else statement
