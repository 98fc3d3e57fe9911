"""Making a sheet to be printed and signed: whom it is for, in which parts, and the record of what stood on it.

who has not read what ─▶ parts: people who sign for the same versions ─▶ Sheet with its versions and rows, as printed
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.adoption.register import in_force_on
from governance.errors import Objection, refuse_if
from governance.journal.actions import record
from governance.journal.chain import canonical
from governance.journal.events import Event
from governance.people.models import Category
from governance.people.references import ALPHABET
from governance.people.rules import objections_to_text
from governance.policies.models import Policy, PolicyVersion
from governance.reading.bulk_receipts import WITH_NULLS, InPart, shown_in_part
from governance.reading.facts_query import facts_of
from governance.reading.importing import LONGEST_WITNESS
from governance.reading.listed import Worker, workers
from governance.reading.models import PolicyPart
from governance.reading.outstanding_query import outstanding
from governance.reading.owed import Owed, owed
from governance.reading.paper_models import Sheet, SheetRow, SheetVersion
from governance.render.words import listed, plural
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

SHEET_PRINTED = Event("sheet printed", ids=("sheet",), payload=("number", "title", "people", "versions", "rows_sha256"))

# What one form can carry when the sheet is entered, and what one person will enter.
MOST_ROWS = 400
MOST_RECEIPTS = 4_000
LONGEST_TITLE = 200
_LETTERS = 6


@dataclass(frozen=True)
class Part:
    """People who sign once for the same versions, or the same parts of them; both in the order in which they are printed."""

    versions: tuple[InPart, ...]
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class ToSign:
    """A sheet before it is made."""

    kind: str
    title: str
    parts: tuple[Part, ...]

    @property
    def people(self) -> int:
        """How many lines there are to sign."""
        return sum(len(part.person_ids) for part in self.parts)

    @property
    def receipts(self) -> int:
        """How many receipts it comes to when everybody signs."""
        return sum(len(part.person_ids) * len(part.versions) for part in self.parts)


def for_policy(
    session: Session,
    scope: Scope,
    policy: Policy,
    category: Category | None,
    day: dt.date,
    only: Collection[int] | None = None,
) -> ToSign:
    """Whoever has not read a policy, of one category or of all; of the people `only` alone where these are given."""
    rows = [
        row
        for row in outstanding(session, scope, day, policy_id=policy.id)
        if (category is None or category.id in row.category_ids) and (only is None or row.person_id in only)
    ]
    title = f"{policy.title}: {category.name}" if category else policy.title
    return _grouped(session, scope, "policy", title, _wants(session, scope, rows, day), day)


def for_category(session: Session, scope: Scope, category: Category, day: dt.date) -> ToSign:
    """Everything that the people of a category have not read, whoever asked it of them."""
    held = {number for number, one in workers(session, scope, day).items() if _holds(one, {category.id})}
    rows = [row for row in outstanding(session, scope, day) if row.person_id in held]
    title = f"{category.name}: everything not yet read"
    return _grouped(session, scope, "category", title, _wants(session, scope, rows, day), day)


def for_session(
    session: Session, scope: Scope, title: str, version_ids: Iterable[int], person_ids: Collection[int], day: dt.date
) -> ToSign:
    """Several versions and chosen people, whether or not they have read them.

    Of whom parts of one are asked, they sign for these; of whom nothing is asked, for the whole.
    """
    versions = sorted(set(version_ids))
    parts = _parts_asked(session, scope, versions, person_ids, day)
    wants = {
        person: {InPart(one, parts.get((person, one), 0)) for one in versions} for person in person_ids if versions
    }
    return _grouped(session, scope, "session", tidy(title), wants, day)


def print_sheet(
    session: Session, scope: Scope, actor: Actor, wanted: ToSign, witness: str, today: dt.date, now: dt.datetime
) -> Sheet:
    """Keep what stands on a sheet, under a number of its own.

    Raises:
        Refusal: for nobody, for more lines than a form can carry, or for a title or witness that cannot be printed.
    """
    lock(session, scope)
    refuse_if(_objections(wanted, witness))
    sheet = Sheet(
        organisation_id=scope.organisation_id,
        number=_new_number(session, scope),
        kind=wanted.kind,
        title=wanted.title,
        witness=tidy(witness) or None,
        printed_at=now,
        printed_on=today,
        printed_by=actor.label,
        account_id=actor.account_id,
    )
    session.add(sheet)
    session.flush()
    versions, rows = _printed(session, scope, wanted, sheet.id, today)
    session.execute(insert(SheetVersion), versions, execution_options=WITH_NULLS)
    session.execute(insert(SheetRow), rows)
    content = {
        "number": sheet.number,
        "title": sheet.title,
        "people": len(rows),
        "versions": len(versions),
        "rows_sha256": hashlib.sha256(canonical([versions, rows]).encode("utf-8")).hexdigest(),
    }
    record(session, scope, actor, SHEET_PRINTED, ids={"sheet": sheet.public_id}, payload=content, now=now)
    return sheet


def as_number(typed: str) -> str:
    """A sheet's number as it is printed, from what somebody typed: case, spaces and hyphens do not matter."""
    bare = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    six = bare[1:] if len(bare) == _LETTERS + 1 and bare.startswith("S") else bare
    return f"S-{six[:3]}-{six[3:]}"


def groups(wants: Mapping[int, Collection[InPart]]) -> list[tuple[tuple[InPart, ...], list[int]]]:
    """People who want the same of the same versions, together: the largest group first, then as they came."""
    found: dict[tuple[InPart, ...], list[int]] = {}
    for person_id, versions in wants.items():
        if versions:
            found.setdefault(tuple(sorted(versions)), []).append(person_id)
    return sorted(found.items(), key=lambda group: -len(group[1]))


def _wants(session: Session, scope: Scope, rows: Iterable[Owed], day: dt.date) -> dict[int, set[InPart]]:
    """What each person signs for: the version in force where it is later than the one asked, for nobody signs an old text."""
    now = {one.policy_id: (one.version_number or 0, one.version_id) for one in in_force_on(session, scope, day)}
    wants: dict[int, set[InPart]] = {}
    for row in rows:
        _, version_id = max((row.number, row.version_id), now.get(row.policy_id, (0, None)), key=lambda one: one[0])
        wants.setdefault(row.person_id, set()).add(InPart(version_id or row.version_id, row.parts))
    return wants


def _parts_asked(
    session: Session, scope: Scope, version_ids: Sequence[int], person_ids: Collection[int], day: dt.date
) -> dict[tuple[int, int], int]:
    """The bits of the parts that are asked of each person on a day, by person and version, read or not."""
    divided = session.execute(
        select(PolicyVersion.policy_id, PolicyVersion.id)
        .where(PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.id.in_(version_ids))
        .where(PolicyVersion.policy_id.in_(select(PolicyPart.policy_id)))
        .order_by(PolicyVersion.id)
    ).all()
    if not divided:
        return {}
    versions = {row.policy_id: row.id for row in divided}
    facts = facts_of(session, scope, day, person_ids=person_ids, policy_ids=list(versions))
    return {(row.person_id, versions[row.policy_id]): row.parts for row in owed(facts, day)}


def _grouped(
    session: Session, scope: Scope, kind: str, title: str, wants: Mapping[int, Collection[InPart]], day: dt.date
) -> ToSign:
    if not wants:
        return ToSign(kind, title, ())
    names = workers(session, scope, day, set(wants))
    order = shown_in_part(session, scope, {one for versions in wants.values() for one in versions})
    inorder = {person_id: wants[person_id] for person_id in names}
    parts = [
        Part(tuple(one for one in order if one in versions), tuple(people)) for versions, people in groups(inorder)
    ]
    return ToSign(kind, title, tuple(parts))


def _holds(worker: Worker, category_ids: Collection[int]) -> bool:
    return any(job.category_id in category_ids for job in worker.jobs)


def _objections(wanted: ToSign, witness: str) -> Iterator[Objection]:
    if not wanted.people:
        yield Objection("Nobody has anything of this left to sign, so there is no sheet to print.")
    if wanted.people > MOST_ROWS or wanted.receipts > MOST_RECEIPTS:
        size = f"{plural(wanted.people, 'person', 'people')} and {plural(wanted.receipts, 'receipt')}"
        yield Objection(
            f"That sheet would have {size}; the most is {MOST_ROWS} people and {MOST_RECEIPTS:,} receipts. "
            "Print one for each category, or for fewer policies."
        )
    if not wanted.title:
        yield Objection("Say what the sheet is for, such as the name of the session.", "title")
    yield from objections_to_text(wanted.title, "The title", "title", LONGEST_TITLE * 2)
    yield from objections_to_text(witness, "The name of the witness", "witness", LONGEST_WITNESS)


def _new_number(session: Session, scope: Scope) -> str:
    """Six characters that cannot be mistaken for each other in print, such as S-K7M-4QX."""
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))
        number = f"S-{drawn[:3]}-{drawn[3:]}"
        taken = select(Sheet.id).where(Sheet.organisation_id == scope.organisation_id, Sheet.number == number)
        if session.scalar(taken) is None:
            return number


_Rows = Sequence[Mapping[str, Any]]


def _printed(session: Session, scope: Scope, wanted: ToSign, sheet_id: int, day: dt.date) -> tuple[_Rows, _Rows]:
    """The versions and the people of every part, as they are called today."""
    shown = shown_in_part(session, scope, {one for part in wanted.parts for one in part.versions})
    people = workers(session, scope, day, {one for part in wanted.parts for one in part.person_ids})
    whose = {"organisation_id": scope.organisation_id, "sheet_id": sheet_id}
    versions = [
        {
            **whose,
            "part": part,
            "position": position,
            "version_id": one.version_id,
            "title": shown[one].title,
            "reference": shown[one].reference,
            "label": shown[one].label,
            "documents_sha256": shown[one].shown.documents_sha256,
            "text_sha256": shown[one].shown.text_sha256,
            "wording": shown[one].shown.wording,
            "parts": one.parts,
            "parts_named": listed(shown[one].parts),
        }
        for part, of_part in enumerate(wanted.parts, start=1)
        for position, one in enumerate(of_part.versions, start=1)
    ]
    rows = [
        {
            **whose,
            "part": part,
            "position": position,
            "person_id": one,
            "name": people[one].person.name,
            "number": people[one].person.number,
            "categories": people[one].categories,
        }
        for part, of_part in enumerate(wanted.parts, start=1)
        for position, one in enumerate(of_part.person_ids, start=1)
    ]
    return versions, rows
