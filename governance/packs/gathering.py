"""What goes into a pack, as plain values: one statement a section, no names of staff.

meeting or day ─▶ which policies, why, and what is asked of the body
               ─▶ their facts: decisions, versions, readers and how far they are, related policies
               ─▶ their text by clause, or the originals to go beside the pack
               ─▶ the appendix: late reviews of the whole school, and how far these policies were read
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.competence import Competence, competences
from governance.adoption.prepared import open_forms
from governance.adoption.preparing import Prepared
from governance.adoption.proposing import proposed_agenda
from governance.adoption.queries import DecisionRow, RegisterRow, decisions, every_policy, meeting_agenda
from governance.adoption.reviewed import last_review
from governance.adoption.states import State
from governance.extract.clauses import from_json
from governance.journal.verify import checkpoint
from governance.packs.appendix_facts import Known, appendix
from governance.packs.changes import Changes
from governance.packs.facts import Wanted, asked_of_day, asked_of_meeting, related_of, resolution, versions_of
from governance.packs.named import decided_by, labels, makers
from governance.packs.readers import Counts, Group
from governance.packs.reviewed import last_reviewed, overdue
from governance.packs.values import Original, Pack, PackItem, Size
from governance.policies.queries import VersionClauses, VersionFile, files_of, texts_of, with_text
from governance.policies.redline import redline
from governance.policies.related import Citation, related_to
from governance.reading.coverage import Count, Coverage
from governance.reading.queries import coverage
from governance.reading.ruled import RuleRow, rules_of
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Organisation, Scope


@dataclass(frozen=True)
class _Facts:
    """Everything that was asked of the database for all items at once."""

    register: Mapping[int, RegisterRow]
    decided: Mapping[int, list[DecisionRow]]
    makers: dict[int, str]
    labels: Mapping[int, tuple[int, str, str]]
    readers: Coverage
    rules: Mapping[int, list[RuleRow]]
    related: Mapping[int, list[Citation]]
    texts: Mapping[int, VersionClauses]
    readable: frozenset[int]
    files: Mapping[int, list[VersionFile]]
    prepared: Mapping[int, Prepared]
    powers: Mapping[int, Competence]
    compared: Mapping[int, VersionClauses]


@dataclass(frozen=True)
class _How:
    """The day the pack is about, when it is made, whether it prints the texts, and where it says they are."""

    as_of: dt.date
    now: dt.datetime
    size: Size
    site: str
    for_meeting: bool


def for_meeting(
    session: Session,
    scope: Scope,
    meeting: Meeting,
    today: dt.date,
    now: dt.datetime,
    *,
    size: Size = Size.FULL,
    site: str = "",
) -> Pack:
    """The pack of a meeting: its agenda, or while that is empty what is proposed for it.

    Args:
        session: reads only.
        scope: the school.
        meeting: of that school.
        today: its calendar day.
        now: UTC, when the pack is made.
        size: whether the texts are in it.
        site: the address of the school's pages, where a short pack says that the texts are.
    """
    as_of = min(today, meeting.held_on)
    register = {row.policy_id: row for row in every_policy(session, scope, as_of)}
    agenda = meeting_agenda(session, scope, meeting.id)
    proposed = {} if agenda else {item.policy_id: item for item in proposed_agenda(session, scope, meeting)}
    wanted = asked_of_meeting(agenda, proposed, register, meeting.held_on)
    body = session.get_one(GoverningBody, meeting.body_id)
    how = _How(as_of, now, size, site, for_meeting=True)
    return _pack(session, scope, body.name, meeting, wanted, register, how)


def for_day(
    session: Session, scope: Scope, as_of: dt.date, now: dt.datetime, *, size: Size = Size.FULL, site: str = ""
) -> Pack:
    """The pack of a day: every policy in force, those due for review or without a review date first. As `for_meeting`."""
    register = {row.policy_id: row for row in every_policy(session, scope, as_of)}
    current = [row for row in register.values() if row.version_id is not None and row.state is not State.RETIRED]
    body = session.scalars(
        select(GoverningBody.name)
        .where(GoverningBody.organisation_id == scope.organisation_id, GoverningBody.kind == "board")
        .order_by(GoverningBody.id)
    ).first()
    how = _How(as_of, now, size, site, for_meeting=False)
    return _pack(session, scope, body or scope.name, None, asked_of_day(current, as_of), register, how)


def _pack(
    session: Session,
    scope: Scope,
    body: str,
    meeting: Meeting | None,
    wanted: Sequence[Wanted],
    register: Mapping[int, RegisterRow],
    how: _How,
) -> Pack:
    facts = _facts(session, scope, how, wanted, register, meeting)
    end = checkpoint(session, scope, how.now)
    colour = session.scalar(select(Organisation.colour).where(Organisation.id == scope.organisation_id))
    return Pack(
        school=scope.name,
        body=body,
        meeting_on=meeting.held_on if meeting else None,
        as_of=how.as_of,
        made_at=how.now,
        items=tuple(_item(one, facts, how) for one in wanted),
        journal_seq=end.seq,
        journal_head=end.hash,
        place=(meeting.place or "") if meeting else "",
        time_zone=scope.time_zone,
        size=how.size,
        colour=colour or Pack.colour,
        appendix=appendix(session, scope, _known(facts), [one.policy_id for one in wanted], meeting, how.as_of),
    )


def _known(facts: _Facts) -> Known:
    """What the appendix is worked out from."""
    everyone = {policy_id: _counts(count) for (policy_id, who), count in facts.readers.cells.items() if who is None}
    return Known(facts.register, facts.decided, facts.makers, everyone)


def _facts(
    session: Session,
    scope: Scope,
    how: _How,
    wanted: Sequence[Wanted],
    register: Mapping[int, RegisterRow],
    meeting: Meeting | None,
) -> _Facts:
    policies = [one.policy_id for one in wanted]
    shown = [one.version_id for one in wanted if one.version_id is not None]
    decided: dict[int, list[DecisionRow]] = {policy_id: [] for policy_id in register}
    ids = {row.policy: row.policy_id for row in register.values()}
    for row in decisions(session, scope, corrected=False):
        if row.policy in ids and _made_by(row, how.as_of):
            decided[ids[row.policy]].append(row)
    return _Facts(
        register=register,
        decided=decided,
        makers=makers(session, scope),
        labels=labels(session, scope),
        readers=coverage(session, scope, how.as_of),
        rules=rules_of(session, scope, policies),
        related=related_to(session, scope, policies),
        texts=texts_of(session, scope, shown) if how.size.prints_texts else {},
        readable=with_text(session, scope, shown),
        files=files_of(session, scope, shown),
        prepared=open_forms(session, scope, policies) if meeting else {},
        powers=_powers(session, scope, meeting, policies) if meeting else {},
        compared=texts_of(session, scope, _to_compare(wanted, register)) if meeting else {},
    )


def _powers(session: Session, scope: Scope, meeting: Meeting, policies: Sequence[int]) -> dict[int, Competence]:
    """Whether a committee may decide; of a full board there is nothing to say."""
    body = session.get_one(GoverningBody, meeting.body_id)
    return competences(session, scope, body, meeting.held_on, policies) if body.kind != "board" else {}


def _to_compare(wanted: Sequence[Wanted], register: Mapping[int, RegisterRow]) -> list[int]:
    """The versions before the meeting and those in force, where these differ."""
    pairs = [(one.version_id, register[one.policy_id].version_id) for one in wanted]
    return sorted({version for pair in pairs if None not in pair and pair[0] != pair[1] for version in pair if version})


def _made_by(row: DecisionRow, as_of: dt.date) -> bool:
    """Whether a decision can have been made by a day; one of which the day is not recorded counts."""
    return row.decided.earliest_on is None or row.decided.earliest_on <= as_of


def _item(one: Wanted, facts: _Facts, how: _How) -> PackItem:
    row = facts.register[one.policy_id]
    readable = one.version_id in facts.readable
    text = facts.texts.get(one.version_id or 0)
    everyone = facts.readers.cells.get((row.policy_id, None), Count())
    label = facts.labels[one.version_id][1] if one.version_id else ""
    last = last_review(facts.decided[row.policy_id], how.as_of)
    reviewed = decided_by(last.decision, facts.makers) if last else None
    holding = next((d for d in reversed(facts.decided[row.policy_id]) if d.decision == row.decision), None)
    return PackItem(
        reference=row.reference,
        title=row.title,
        kind=row.kind,
        why_due=one.why,
        asks_for=one.asks_for,
        owner=row.owner or "",
        version_label=label,
        in_force_since=row.in_force_since.latest_on if row.in_force_since else None,
        awaiting_ratification=row.state is State.AWAITING_RATIFICATION,
        decided=decided_by(holding, facts.makers) if holding else None,
        next_review=row.next_review,
        last_review=last_reviewed(reviewed, how.as_of, is_first=last.is_first if last else False),
        overdue=overdue(row.next_review, how.as_of) if State.REVIEW_LATE in row.flags else "",
        choices=one.choices,
        what_changed=facts.labels[one.version_id][2] if one.version_id else "",
        for_meeting=how.for_meeting,
        resolution=resolution(one.asks, row.title, label) if how.for_meeting else "",
        power=facts.powers[row.policy_id].reason if row.policy_id in facts.powers else "",
        prepared=facts.prepared.get(row.policy_id),
        is_new_version=how.for_meeting and one.version_id not in (None, row.version_id),
        changes=_changes(one, row, facts),
        versions=versions_of(facts.decided[row.policy_id], facts.labels, facts.makers),
        groups=tuple(_groups(facts.rules[row.policy_id], facts.readers, how.as_of)),
        everyone=_counts(everyone),
        related=related_of(facts.related[row.policy_id], facts.register),
        clauses=from_json(text.clauses) if text else (),
        originals=tuple(_originals(_unprinted(facts.files.get(one.version_id or 0, []), printed=readable))),
        address=f"{how.site}/policies/{row.policy}" if readable and not how.size.prints_texts else "",
    )


def _changes(one: Wanted, row: RegisterRow, facts: _Facts) -> Changes | None:
    """What a new version changes, where it and the one in force have a text."""
    before, after = facts.compared.get(row.version_id or 0), facts.compared.get(one.version_id or 0)
    if before is None or after is None or row.version_id is None or one.version_id is None:
        return None
    lines = redline(from_json(before.clauses), from_json(after.clauses))
    return Changes(facts.labels[row.version_id][1], facts.labels[one.version_id][1], lines)


def _groups(rules: Iterable[RuleRow], readers: Coverage, as_of: dt.date) -> Iterable[Group]:
    """The categories that must read it. People named in person are counted under everyone alone."""
    for rule in rules:
        if rule.category_id is not None and rule.holds_on(as_of):
            counts = readers.cells.get((rule.policy_id, rule.category_id), Count())
            yield Group(rule.who, rule.days_to_read, _counts(counts))


def _counts(count: Count) -> Counts:
    return Counts(
        required=count.required,
        acknowledged=count.acknowledged,
        outstanding=count.outstanding,
        overdue=count.overdue,
        away=count.away,
        excused=count.excused,
        declined=count.declined,
    )


def _unprinted(files: Sequence[VersionFile], *, printed: bool) -> Sequence[VersionFile]:
    """The text of a version is that of its first file; annexes go beside the pack."""
    return files[1:] if printed else files


def _originals(files: Iterable[VersionFile]) -> Iterable[Original]:
    return (Original(file.filename, file.media_type, file.sha256, file.size) for file in files)
