"""The table of a folder: what each row would record, and why some are to be looked at first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from governance import clock
from governance.db import db
from governance.extract.dates import StatedDate
from governance.extract.fields.source import Guess
from governance.intake.doubts import doubtful, doubts, notes
from governance.intake.known import known_to
from governance.intake.recording import body_named
from governance.intake.several import Folder, folder
from governance.intake.sorting import Known, Row
from governance.web.access import scope
from governance.web.confirm_form import Choices, Confirm, choices, filled, from_kept


@dataclass(frozen=True)
class Value:
    """A cell's words; `unsure` ones are marked, and None says that nothing was found."""

    words: str | None
    unsure: bool = False


@dataclass(frozen=True)
class Shown:
    """A row as the table shows it. `checked` rows were opened and kept by a person; `said` is why one was refused."""

    row: Row
    form: Confirm
    title: Value
    label: Value
    adopted_on: Value
    adopted_by: Value
    next_review: Value
    readers: tuple[str, ...]
    related: int
    doubts: tuple[str, ...]
    notes: tuple[str, ...]
    checked: bool
    said: tuple[str, ...]

    @property
    def ticked(self) -> bool:
        """Whether it is ticked when the page opens: it is sure, or a person has looked at it."""
        return not self.said and (self.checked or not self.doubts)


@dataclass(frozen=True)
class Laid:
    """A folder with its rows as shown."""

    folder: Folder
    offered: Choices
    rows: tuple[Shown, ...]

    @property
    def sure(self) -> int:
        """How many rows need nobody to open them."""
        return sum(one.ticked for one in self.rows)


def laid_out(held: str, now: dt.datetime) -> Laid:
    """The folder with everything the table shows.

    Raises:
        NotFound: when this school holds no such folder, or no longer.
    """
    session, today = db.session(), clock.today(scope().time_zone)
    found = folder_of(held, now)
    read = [file for row in found.rows for file in row.files]
    known, offered = known_to(session, scope(), read, today), choices()
    return Laid(found, offered, tuple(_shown(found, row, known, offered, today) for row in found.rows))


def folder_of(held: str, now: dt.datetime) -> Folder:
    """The folder with its rows. Raises as `laid_out`."""
    session, today = db.session(), clock.today(scope().time_zone)
    return folder(session, scope(), held, lambda read: known_to(session, scope(), read, today), now)


def form_of(found: Folder, row: Row, offered: Choices) -> Confirm:
    """A row's form: as somebody kept it, else with what was detected."""
    by = row.guesses.adopted_by
    typed = found.typed.get(row.id)
    if typed is None:
        body = body_named(db.session(), scope(), by.value if by else None)
        policy = row.known.policy if row.known else None
        return filled(row.guesses, policy, body.public_id if body else None, offered)
    form = from_kept(typed, offered)
    if row.known and not form.policy.data and not typed.get("known"):
        # an earlier version of it was recorded since
        form.policy.data = row.known.policy
    return form


def _shown(found: Folder, row: Row, known: Known, offered: Choices, today: dt.date) -> Shown:
    form, guesses = form_of(found, row, offered), row.guesses
    checked = row.id in found.typed
    names, decided = dict(offered.bodies), bool(form.decided.data)
    by = names.get(form.body.data) if decided and form.body.data else None
    chosen = set(form.audience.data or ())
    unknown = guesses.adopted_by.value if guesses.adopted_by and not checked and not by else None
    return Shown(
        row=row,
        form=form,
        title=_value(form.title.data, guesses.title, checked),
        label=_value(form.label.data, guesses.version_label, checked),
        adopted_on=_value(_words(form.decided_on.data) if decided else None, guesses.adopted_on, checked),
        adopted_by=Value(unknown, unsure=True) if unknown else _value(by, guesses.adopted_by, checked),
        next_review=_value(_words(form.next_review.data), guesses.next_review_on, checked),
        readers=tuple(one.name for one in offered.categories if str(one.id) in chosen),
        related=len([line for line in (form.related.data or "").splitlines() if line.strip()]),
        doubts=() if checked else doubts(row, known, today),
        notes=notes(row),
        checked=checked,
        said=tuple(found.said.get(row.id, ())),
    )


def _value(words: str | None, guess: Guess[str] | Guess[StatedDate] | None, checked: bool) -> Value:
    return Value(words or None, unsure=bool(words) and not checked and doubtful(guess))


def _words(stated: StatedDate | None) -> str | None:
    return stated.in_words() if stated and stated.latest_on else None
