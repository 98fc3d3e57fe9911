"""What a meeting decided about policies, in the words of minutes: frozen values in, one paragraph an item out. Pure.

Extract ─ heading ──▶ whose meeting, and when
        ─ notes ────▶ quorum and short notice, where they are known
        ─ paragraphs ▶ an item each, in the order of the agenda
        ─ plain ────▶ all of it as text to copy

The page, the text and the Word file are made of these and say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from governance.adoption.kinds import SETS_REVIEW, Kind
from governance.extract.stated_dates import StatedDate
from governance.render import words

TO_COME = "minute reference to come"
TITLE = "Decisions on policies"


@dataclass(frozen=True)
class Outcome:
    """A decision that stands. `in_force_version` is the number of the version that is in force by it, if any.

    `asked` are categories by name (None for everyone a rule requires) and from when each is asked.
    """

    decision: str
    kind: Kind
    minute: str = ""
    in_force_from: StatedDate | None = None
    in_force_version: int | None = None
    awaits_ratification: bool = False
    next_review: StatedDate | None = None
    deferred_to_on: dt.date | None = None
    asked: tuple[tuple[str | None, dt.date], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Item:
    """An item of the agenda: what was before the body, what it decided, or the later meeting that has it on its agenda."""

    title: str
    version: int | None = None
    outcome: Outcome | None = None
    comes_back_on: dt.date | None = None


@dataclass(frozen=True)
class Extract:
    """A meeting and its items. `short_notice` are days on which papers went out late, each with the chair's reason."""

    school: str
    body: str
    held_on: dt.date
    items: tuple[Item, ...]
    starts_at: dt.time | None = None
    place: str = ""
    is_quorate: bool = True
    short_notice: tuple[tuple[dt.date, str], ...] = ()

    @property
    def title(self) -> str:
        """ "Decisions on policies: Full Governing Body, 15 October 2026"."""
        return f"{TITLE}: {self.body}, {words.day(self.held_on)}"

    @property
    def heading(self) -> str:
        """ "Full Governing Body: meeting of Thursday 15 October 2026 at 18:00, School library"."""
        at = f" at {self.starts_at:%H:%M}" if self.starts_at else ""
        place = f", {self.place}" if self.place else ""
        return f"{self.body}: meeting of {words.day_full(self.held_on)}{at}{place}"


@dataclass(frozen=True)
class Paragraph:
    """An item in words: `about` what, what was `said` of it, and under which minute; `decision` where there is one."""

    about: str
    said: str
    minute: str = ""
    decision: str = ""

    @property
    def reference(self) -> str:
        """What stands in brackets at its end; nothing for an item that was not decided."""
        if not self.decision:
            return ""
        return f"Minute {self.minute}" if self.minute else TO_COME

    @property
    def is_wanting(self) -> bool:
        """Whether its minute reference is still to be recorded."""
        return bool(self.decision) and not self.minute


def notes(extract: Extract) -> tuple[str, ...]:
    """What is known of the meeting beside its items."""
    found = [f"Papers went out on {words.day(day)} at short notice: {_ended(why)}" for day, why in extract.short_notice]
    if not extract.is_quorate:
        found.append("The meeting was not quorate, so nothing was decided.")
    return tuple(found)


def paragraphs(extract: Extract) -> tuple[Paragraph, ...]:
    """One for each item, in the order of the agenda."""
    return tuple(_paragraph(item) for item in extract.items)


def plain(extract: Extract) -> str:
    """The extract as text: lines, and an empty one between paragraphs."""
    said = [
        f"{one.about}: {one.said}" + (f" ({one.reference})" if one.reference else "") for one in paragraphs(extract)
    ]
    return "\n\n".join([f"{extract.school}\n{extract.heading}", TITLE, *notes(extract), *said]) + "\n"


def _paragraph(item: Item) -> Paragraph:
    about = f"{item.title}, version {item.version}" if item.version is not None else item.title
    outcome = item.outcome
    if outcome is None:
        back = f"on the agenda of the meeting of {words.day(item.comes_back_on)}" if item.comes_back_on else ""
        return Paragraph(about, f"not decided; {back or 'it goes on to the next meeting'}.")
    said = " ".join([f"{_decided(outcome, item.version)}.", *_followed(outcome)])
    return Paragraph(about, said, outcome.minute, outcome.decision)


_PLAINLY = {
    Kind.ADOPTED: "adopted",
    Kind.AMENDED: "adopted with amendments",
    Kind.APPROVED: "approved under a delegated power",
    Kind.ISSUED: "issued",
    Kind.RATIFIED: "ratified",
    Kind.NOTED: "noted",
    Kind.REVIEWED: "reviewed without change",
    Kind.REJECTED: "not adopted",
    Kind.MISTAKEN: "entered by mistake",
}


def _decided(outcome: Outcome, tabled: int | None) -> str:
    """The decision with what is in force by it, as the beginning of a sentence."""
    if outcome.kind is Kind.DEFERRED:
        until = f" until {words.day(outcome.deferred_to_on)}" if outcome.deferred_to_on else " to the next meeting"
        return f"deferred{until}"
    if outcome.kind is Kind.NOT_RATIFIED:
        if outcome.in_force_from is None:
            return "not ratified: no version is in force"
        since = outcome.in_force_from.in_words()
        return f"not ratified: version {outcome.in_force_version}, the earlier one, is in force again from {since}"
    said = _PLAINLY[outcome.kind]
    if outcome.in_force_from is not None:
        other = outcome.in_force_version != tabled and outcome.kind is Kind.AMENDED
        said += f", in force{f' as version {outcome.in_force_version}' if other else ''}"
        said += f" from {outcome.in_force_from.in_words()}"
    return said + (", awaiting ratification" if outcome.awaits_ratification else "")


def _followed(outcome: Outcome) -> Iterator[str]:
    """The sentences after it: why, the next review, and who is asked to read."""
    if outcome.reason.strip():
        yield _ended(outcome.reason)
    if outcome.next_review is not None and outcome.kind in SETS_REVIEW | {Kind.RATIFIED}:
        yield f"Next review by {outcome.next_review.in_words()}."
    what = f"version {outcome.in_force_version}" if outcome.kind is Kind.NOT_RATIFIED else "it"
    for day in dict.fromkeys(day for _, day in outcome.asked):
        names = [name for name, since in outcome.asked if since == day]
        if None in names:
            yield f"All who must read {what} are asked to do so from {words.day(day)}."
        else:
            listed = words.listed([_inside(name) for name in names if name])
            yield f"It goes to {listed} to read from {words.day(day)}."


def _inside(name: str) -> str:
    """A category's name inside a sentence: "Teachers" begins small there, "SEND team" does not."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _ended(sentence: str) -> str:
    tidy = " ".join(sentence.split())
    return tidy if tidy[-1:] in (".", "!", "?") else f"{tidy}."
