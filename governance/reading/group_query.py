"""People of a day in groups, and what is required of each group, as common table expressions for both databases.

A group is everybody who holds the same set of categories; somebody whom a rule names is a group alone. Where rules are for
job titles or for people who join, a group also shares the titles that rules know, and which of the days to join from it
met.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, Text, and_, bindparam, case, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from governance.people.models import Engagement
from governance.reading.cutoff_query import Mix, joined_number, title_number
from governance.reading.dialects import listed
from governance.reading.parameters import ALWAYS, DAY, NOUGHT, ONE, ORGANISATION, among
from governance.reading.standing_query import kept


def present_people(mix: Mix, required: CTE, of_person: bool) -> CTE:
    """Everybody with a job that day (or named and never employed), each in a group."""
    job, named = Engagement, select(required.c.person_id).where(required.c.person_id.is_not(None))
    titles = [title_number(mix, job.title_key).label("title")] if mix.titles else []
    held = _narrowed(_held(job.person_id, job.category_id, job.started_on, *titles), job.person_id, of_person)
    jobs = held.order_by(job.person_id, job.category_id, *titles).subquery("jobs").c
    alone = literal("n") + cast(jobs.person_id, Text)
    shared = _shared(mix, jobs)
    people: Any = select(
        jobs.person_id,
        (case((jobs.person_id.in_(named), alone), else_=shared) if mix.named else shared).label("holding"),
        func.max(jobs.started_on).label("started_on"),
    ).group_by(jobs.person_id)
    if mix.named:
        people = union_all(people, _never_employed(required, of_person))
    person = people.subquery("people").c
    ever = aliased(Engagement)
    first_job = select(func.min(ever.started_on)).where(ever.person_id == person.person_id).scalar_subquery()
    first_job_on: Any = func.coalesce(first_job, ALWAYS).label("first_job_on")
    holding = person.holding
    if mix.joiners:
        person = kept("joined", select(person.person_id, person.holding, person.started_on, first_job_on)).c
        joined = cast(joined_number(mix, person.first_job_on), Text)
        first_job_on, holding = person.first_job_on, person.holding + literal("j") + joined
    return kept(
        "present",
        select(
            person.person_id,
            func.dense_rank().over(order_by=holding).label("group"),
            person.started_on,
            first_job_on,
            (case((among(person.person_id, "away"), ONE), else_=NOUGHT) if mix.away else NOUGHT).label("away"),
        ),
    )


def _shared(mix: Mix, jobs: Any) -> Any:
    """What a person has in common with others: categories, and the job titles that rules know."""
    categories = listed(jobs.category_id)
    return categories + literal("t") + func.coalesce(listed(jobs.title), "") if mix.titles else categories


def _never_employed(required: CTE, of_person: bool) -> Select[Any]:
    """People whom a rule names and of whom no job was ever recorded."""
    person_id, ever = required.c.person_id, aliased(Engagement)
    statement = select(person_id, (literal("n") + cast(person_id, Text)).label("holding"), ALWAYS.label("started_on"))
    statement = statement.where(person_id.is_not(None), ~exists().where(ever.person_id == person_id)).distinct()
    return _narrowed(statement, person_id, of_person)


def through_groups(mix: Mix, required: CTE, present: CTE) -> CTE:
    """What is required of each group, once for each category, job title or name it is required through, with its rule."""
    job, person, r = Engagement, present.c, required.c
    shared = [person.group, job.category_id]
    shared += [title_number(mix, job.title_key).label("title")] if mix.titles else []
    joined = [func.min(person.first_job_on).label("first_job_on")] if mix.joiners else []
    member = kept("member", _held(*shared, *joined).join(present, person.person_id == job.person_id).group_by(*shared))
    columns = [column for column in r if column.name not in {"person_id", "title", "joined_since"}]
    ways = [(member, r.category_id == member.c.category_id)]
    ways += [(member, r.title == member.c.title)] if mix.titles else []
    ways += [(present, r.person_id == person.person_id)] if mix.named else []
    found = [
        select(by.c.group, *columns).join(
            required,
            and_(same, or_(r.joined_since.is_(None), r.joined_since <= by.c.first_job_on)) if mix.joiners else same,
        )
        for by, same in ways
    ]
    return kept("through", found[0].union_all(*found[1:]) if len(found) > 1 else found[0])


def _held(*columns: Any) -> Select[Any]:
    """Jobs held that day."""
    job = Engagement
    lasts = or_(job.ended_on.is_(None), job.ended_on >= DAY)
    return select(*columns).where(job.organisation_id == ORGANISATION, job.started_on <= DAY, lasts)


def _narrowed(statement: Select[Any], person_id: Any, of_person: bool) -> Select[Any]:
    return statement.where(person_id == bindparam("person_id")) if of_person else statement
