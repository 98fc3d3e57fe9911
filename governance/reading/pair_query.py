"""Whom a policy is required of on a day, and who has not read it, as common table expressions for both databases.

present  the people with a job that day (or named and never employed), each in a group
through  what is required of a group, once for each category or name it is required through, with its rule
reading  the same once for each group and policy: the version asked, days, the first good day of a receipt, the cut-offs

Groups are those of `group_query`. What is required is worked out for groups, of which there are few, so that nothing has to
be gathered for each pair of person and policy: the audience comes from head counts, and each pair costs one probe for a
receipt.

A pair bears the earliest and the latest day on which its clock can have started. Where a cut-off lies between them, where
rules of different repeats meet, where parts of a document were read and not all that are asked, or where an absence, an
excuse, an extension or a sheet not signed may matter, the pair is UNDECIDED and `owed_by` decides it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Exists,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
)

from governance.policies.models import PolicyVersion
from governance.reading.cutoff_query import Mix, cutoff, lapsed_by_cutoff
from governance.reading.day_query import ONCE
from governance.reading.dialects import latest, listed
from governance.reading.group_query import present_people, through_groups
from governance.reading.models import Acknowledgement, Declined, Excuse, Withdrawal
from governance.reading.parameters import ALWAYS, DAY, NOUGHT, ONE, ORGANISATION, among
from governance.reading.standing_query import asked_versions, first_in_use, kept, required_readings, standing_versions

IN_TIME, OVERDUE, UNDECIDED = (literal_column(str(number), Integer()) for number in (1, 2, 3))


@dataclass(frozen=True)
class Pairs:
    """The expressions that a statement selects from."""

    present: CTE
    through: CTE
    reading: CTE

    def joined(self, *columns: Any) -> Select[Any]:
        """Pairs of a person and a policy required of their group."""
        return select(*columns).join_from(self.present, self.reading, self.reading.c.group == self.present.c.group)


def pairs(mix: Mix, *, of_person: bool = False, of_policy: bool = False, listing: bool = False) -> Pairs:
    """The expressions for a mix of rules, of the whole school or of the parameters `person_id` and `policy_id`.

    With `listing`, `reading` says through which categories, as one text; they are the same as in `through`.
    """
    standing = standing_versions(of_policy)
    required = required_readings(mix, standing)
    present = present_people(mix, required, of_person)
    through = through_groups(mix, required, present)
    return Pairs(present, through, _reading(mix, asked_versions(mix, standing, required), through, listing))


def excused_from(of: Pairs) -> ColumnElement[bool]:
    """Whether an excuse holds that day. Only people with an excuse are looked up."""
    person_id = of.present.c.person_id
    holds = and_(Excuse.from_on <= DAY, or_(Excuse.until_on.is_(None), Excuse.until_on >= DAY))
    excuse = exists().where(Excuse.person_id == person_id, Excuse.policy_id == of.reading.c.policy_id, holds)
    return and_(among(person_id, "excused"), excuse)


def owing(mix: Mix, of: Pairs) -> list[ColumnElement[bool]]:
    """What makes a pair of somebody not away one that is required and not read."""
    return [_unread(mix, of), *([~excused_from(of)] if mix.excused else [])]


def _unread(mix: Mix, of: Pairs) -> ColumnElement[bool]:
    """No receipt for the version asked, or any later-numbered one, is good that day."""
    reading = of.reading.c
    asked, later = _given(mix, of, *((reading.since_on, reading.good_on) if mix.repeats else ()))
    return and_(~asked, or_(reading.has_later == NOUGHT, ~later))


def _given(mix: Mix, of: Pairs, since_on: Any = None, good_on: Any = None) -> tuple[Exists, Exists]:
    """Whether there is a receipt for the version asked, given from `since_on`; and for a later one, counting from `good_on`.

    Later ones are to be looked for only where there are any: one probe of the covering index answers most pairs.
    """
    reading = of.reading.c
    receipt = _receipt(mix, of).where(_covers(of)) if mix.partial else _receipt(mix, of)
    asked = receipt.where(Acknowledgement.version_id == reading.version_id)
    later = _of_version(receipt, of, PolicyVersion.number > reading.number)
    if since_on is not None:
        asked = asked.where(Acknowledgement.acknowledged_on >= since_on)
        later = later.where(counts_from() >= good_on)
    return asked.exists(), later.exists()


def verdict(mix: Mix, of: Pairs) -> ColumnElement[int]:
    """For an unread pair: in time, overdue, or for `owed_by` to decide."""
    reading, person, lapses = of.reading.c, of.present.c, mix.repeats > 0
    return case(
        *([(among(person.person_id, "watched"), UNDECIDED)] if mix.watched else []),
        *([(_declined(of), UNDECIDED)] if mix.declined else []),
        *([(read_in_part(mix, of), UNDECIDED)] if mix.partial else []),
        *([(reading.low_kind != reading.high_kind, UNDECIDED)] if lapses else []),
        (reading.earliest_on > reading.possible_on, IN_TIME),
        (person.first_job_on > reading.possible_on, IN_TIME),
        *([(_lapsed_after(mix, of, "possible"), IN_TIME)] if lapses else []),
        (reading.latest_on > reading.certain_on, UNDECIDED),
        (person.started_on > reading.certain_on, UNDECIDED),
        *([(_lapsed_after(mix, of, "certain"), UNDECIDED)] if lapses and not mix.exact else []),
        else_=OVERDUE,
    )


def _declined(of: Pairs) -> ColumnElement[bool]:
    """Some version of the policy was given to the person, who did not sign. Only people of whom that is known are looked up."""
    person_id = of.present.c.person_id
    given = exists().where(Declined.person_id == person_id, PolicyVersion.id == Declined.version_id)
    return and_(among(person_id, "declined"), given.where(PolicyVersion.policy_id == of.reading.c.policy_id))


def _covers(of: Pairs) -> ColumnElement[bool]:
    """A receipt is for the whole, or for every part that is required."""
    wanted, read = of.reading.c.parts, Acknowledgement.parts
    return or_(read == NOUGHT, and_(wanted != NOUGHT, wanted.bitwise_and(read) == wanted))


def read_in_part(mix: Mix, of: Pairs) -> ColumnElement[bool]:
    """Some receipt is for parts: together with others it may be enough, and it may move the clock."""
    of_parts = receipts_for(mix, of).where(Acknowledgement.parts != NOUGHT).exists()
    return and_(among(of.reading.c.policy_id, "partial"), of_parts)


def receipts_for(mix: Mix, of: Pairs) -> Select[Any]:
    """The standing receipts of a pair for the version asked or a later one, up to the day."""
    return _of_version(_receipt(mix, of), of, PolicyVersion.number >= of.reading.c.number)


def counts_from() -> ColumnElement[Any]:
    """The day a receipt (joined to its version) counts from where it repeats: its own, or its version's in-force day."""
    began = first_in_use(PolicyVersion.policy_id, PolicyVersion.id).correlate(PolicyVersion).scalar_subquery()
    return latest(Acknowledgement.acknowledged_on, func.coalesce(began, ALWAYS))


def _lapsed_after(mix: Mix, of: Pairs, which: str) -> ColumnElement[bool]:
    """The last receipt lapsed after the cut-off, so that the clock started then."""
    reading = of.reading.c
    good = lapsed_by_cutoff(mix, which, reading.days, reading.low_kind)
    asked, later = _given(mix, of, reading[f"{which}_since_on"], good)
    return and_(reading.low_kind != ONCE, or_(asked, and_(reading.has_later != NOUGHT, later)))


def _receipt(mix: Mix, of: Pairs) -> Select[Any]:
    receipt = Acknowledgement
    given = and_(receipt.person_id == of.present.c.person_id, receipt.acknowledged_on <= DAY)
    if mix.withdrawn:
        withdrawn = select(Withdrawal.acknowledgement_id).where(Withdrawal.organisation_id == ORGANISATION)
        given = and_(given, receipt.id.not_in(withdrawn))
    return select(ONE).select_from(receipt).where(given)


def _of_version(receipts: Select[Any], of: Pairs, numbered: ColumnElement[bool]) -> Select[Any]:
    return receipts.join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id).where(
        PolicyVersion.policy_id == of.reading.c.policy_id, numbered
    )


def _reading(mix: Mix, asked: CTE, through: CTE, listing: bool) -> CTE:
    t, s = through.c, asked.c
    highest = (
        select(
            t.group,
            t.policy_id,
            func.max(t.rank).label("rank"),
            func.min(t.days).label("days"),
            func.max(t.rule_from_on).label("rule_from_on"),
            *(_repeats(t) if mix.repeats else []),
            *([_together(mix, t.parts).label("parts")] if mix.partial else []),
            *([listed(t.category_id).label("through")] if listing else []),
        )
        .group_by(t.group, t.policy_id)
        .subquery("highest")
    ).c
    since, repeats = _since_columns(mix, highest, s) if mix.repeats else ([], [])
    # What every pair is probed by comes first: SQLite reads a row from its beginning as far as it needs to.
    return kept(
        "reading",
        select(
            highest.group,
            highest.policy_id,
            s.version_id,
            s.has_later,
            *since,
            latest(s.first_asked_on, s.first_rule_on).label("earliest_on"),
            latest(s.last_asked_on, highest.rule_from_on).label("latest_on"),
            cutoff(mix, "certain", highest.days).label("certain_on"),
            cutoff(mix, "possible", highest.days).label("possible_on"),
            *repeats,
            *([highest.through] if listing else []),
            *([highest.parts] if mix.partial else []),
            *(s[name] for name in ("number", "in_force_id", "first_asked_on", "last_asked_on")),
            highest.days,
        ).where(s.policy_id == highest.policy_id, s.rank == highest.rank),
    )


def _since_columns(mix: Mix, highest: Any, asked: Any) -> tuple[list[Any], list[Any]]:
    """From when a receipt counts, and what else repeats need: worked out for a few hundred groups and policies, not for
    each person.
    """
    since = [_since(asked.first_on, highest.good_on, "since_on")]
    for which in ("possible",) if mix.exact else ("possible", "certain"):
        good = lapsed_by_cutoff(mix, which, highest.days, highest.low_kind)
        since.append(_since(asked.first_on, good, f"{which}_since_on"))
    return since, [highest.low_kind, highest.high_kind, highest.good_on]


def _since(first_on: Any, good_on: Any, name: str) -> Any:
    """From which day a receipt for a version first in force on `first_on` counts from `good_on` or later: from any day,
    where the version came after it.
    """
    return case((first_on >= good_on, ALWAYS), else_=good_on).label(name)


def _together(mix: Mix, parts: Any) -> Any:
    """Every part that some rule asks for, or 0 where one asks for the whole. SQLite adds up no bits by itself."""
    bits = reduce(add, (func.max(parts.bitwise_and(1 << bit)) for bit in range(mix.bits)), NOUGHT)
    return case((func.min(parts) == NOUGHT, NOUGHT), else_=bits)


def _repeats(through: Any) -> list[Any]:
    """What a statement needs to know where some rule repeats; it would weigh on the others."""
    return [
        func.min(through.kind).label("low_kind"),
        func.max(through.kind).label("high_kind"),
        func.max(through.good_on).label("good_on"),
    ]


def no(kind: Any) -> Any:
    """A null of a kind, which PostgreSQL wants to know in a union."""
    return cast(null(), kind)


NO_NUMBER, NO_TEXT = no(Integer), no(Text)
