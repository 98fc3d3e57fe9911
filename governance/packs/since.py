"""What is new since the pack that members were sent last, by the manifest of that pack."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.packs.models import MeetingTold, PackSending
from governance.packs.models import Pack as PackRow
from governance.packs.values import Pack, PackItem, Since
from governance.storage.models import Artefact
from governance.tenancy import Scope


@dataclass(frozen=True)
class Sent:
    """The pack that was sent last for a meeting: when, for which day, and what was on its agenda."""

    sent_on: dt.date
    items: tuple[Mapping[str, Any], ...]
    held_on: dt.date | None = None


def sent_last(session: Session, scope: Scope, meeting_id: int) -> Sent | None:
    """The pack of a meeting that was sent last; None where none was."""
    row = session.execute(
        select(PackSending.sent_at, Artefact.manifest, MeetingTold.held_on)
        .join(PackRow, PackRow.id == PackSending.pack_id)
        .outerjoin(
            MeetingTold,
            (MeetingTold.meeting_id == PackRow.meeting_id) & (MeetingTold.told_at == PackSending.sent_at),
        )
        .join(Artefact, Artefact.id == PackRow.artefact_id)
        .where(PackSending.organisation_id == scope.organisation_id, PackRow.meeting_id == meeting_id)
        .order_by(PackSending.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Sent(local_day(row.sent_at, scope.time_zone), tuple(json.loads(row.manifest)["items"]), row.held_on)


def compared(pack: Pack, sent: Sent, *, only_new: bool = False) -> Pack:
    """The pack with what is new since that one; with `only_new` it is a supplement that has nothing else in it."""
    since = Since(
        sent.sent_on,
        added=_titles(pack.items, sent.items, _is_new),
        changed=_titles(pack.items, sent.items, _is_changed),
        dropped=_dropped(pack.items, sent.items),
        was_on=sent.held_on if sent.held_on != pack.meeting_on else None,
    )
    if not only_new:
        return replace(pack, since=since)
    told = {*since.added, *since.changed}
    items = tuple(item for item in pack.items if item.title in told)
    return replace(pack, since=since, items=items, is_supplement=True, appendix=None)


def _titles(items: Sequence[PackItem], before: Sequence[Mapping[str, Any]], differs: Any) -> tuple[str, ...]:
    known = {one["reference"]: one for one in before}
    return tuple(item.title for item in items if differs(item, known.get(item.reference)))


def _is_new(item: PackItem, before: Mapping[str, Any] | None) -> bool:
    return before is None


def _is_changed(item: PackItem, before: Mapping[str, Any] | None) -> bool:
    """Another version is before the body, or something else is asked. How far people have read it changes every day."""
    if before is None:
        return False
    return (item.asks_for, item.version_label) != (before["asks_for"], before.get("version", item.version_label))


def _dropped(items: Sequence[PackItem], before: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    there = {item.reference for item in items}
    return tuple(one["title"] for one in before if one["reference"] not in there)
