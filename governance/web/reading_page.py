"""The page on which a version is read and the act at its end, for whoever is signed in and for whoever came by a link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import astuple, dataclass

import structlog
from flask import abort, render_template, request
from sqlalchemy import select
from wtforms import HiddenField

from governance import clock
from governance.db import db, narrow, writing
from governance.extract.clauses import from_json
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.policies.contacts import whom_to_ask
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import files_of, text_of
from governance.reading.acknowledging import Act, Shown, shown_now
from governance.reading.coming import TO_DO, Coming, coming, version_to_read
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.owed import Owed, owed
from governance.reading.parts import part_names
from governance.reading.queries import facts_of
from governance.tenancy import Actor, Scope, lock
from governance.web.forms import Form, TextField, TickField

log = structlog.get_logger("countersign")

FOR_ANOTHER = Event("acknowledging for somebody else refused", ids=("person", "version"))


class AsServed(Form):
    """What was on the page when it was opened, which comes back with the act."""

    documents = HiddenField()
    text = HiddenField()
    wording = HiddenField()
    parts = HiddenField(default="0")

    @property
    def bits(self) -> int:
        """The parts it is for; what is no number is for none that exist, and is refused as that."""
        found = self.parts.data or "0"
        return int(found) if found.isascii() and found.isdigit() and len(found) <= 3 else -1

    @property
    def shown(self) -> Shown:
        """What was on the page."""
        return Shown(self.documents.data or "", self.text.data or None, self.wording.data or "")

    def serve(self, shown: Shown, parts: int) -> bool:
        """Hold what is served now, and say whether that is something else than was held before."""
        changed = (self.shown, self.bits) != (shown, parts)
        self.documents.data, self.text.data, self.wording.data = (value or "" for value in astuple(shown))
        self.parts.data = str(parts)
        return changed


class Acknowledge(AsServed):
    """The act: a tick or a typed name, never filled in beforehand.

    `reader` is whom the page was opened for, so that it is not sent as somebody else who signed in meanwhile.
    """

    ticked = TickField("I have read and understood")
    typed_name = TextField("Or type your name")
    reader = HiddenField()

    def act(self, scope: Scope, method: str, assurance: str, now: dt.datetime) -> Act:
        """What the person did."""
        return Act(
            acknowledged_on=clock.local_day(now, scope.time_zone),
            method=method,
            assurance=assurance,
            typed_name=self.typed_name.data or None,
            ticked=bool(self.ticked.data),
            given_at=now,
            parts=self.bits,
        )


@dataclass(frozen=True)
class Ways:
    """Where the page's links and its form lead."""

    back: tuple[str, str]
    confirm: str
    original: Callable[[str], str]
    receipt: Callable[[str], str]
    read: Callable[[str], str]


@dataclass(frozen=True)
class Mine:
    """What the reader owes for this policy, what is coming, and the receipt they have for this version.

    `instead` is the version to read where this one was replaced, so that it cannot be confirmed any more.
    """

    owed: Owed | None
    coming: Coming | None
    receipt: str | None
    instead: str | None = None

    @property
    def asked(self) -> bool:
        """Whether it is theirs to read now."""
        return self.owed is not None and self.owed.state in TO_DO

    @property
    def parts(self) -> int:
        """The bits of the parts that are theirs to read, now or soon; 0 for the whole."""
        ahead = self.coming.owed if self.coming else None
        row = self.owed if self.asked else ahead or self.owed
        return row.parts if row is not None else 0


def opened(scope: Scope, version: PolicyVersion, person: Person | None) -> Acknowledge:
    """The form as a page just opened has it: empty, with what is served now."""
    parts = _mine(scope, version, person.id, clock.today(scope.time_zone)).parts if person else 0
    form = Acknowledge(formdata=None, reader=person.public_id if person else "")
    form.serve(shown_now(db.session(), scope, version, parts), parts)
    return form


def refuse_another(form: Acknowledge, scope: Scope, actor: Actor, person: Person, version: PolicyVersion) -> None:
    """Stop an act on a page that was opened for somebody else, and write down that it was tried (bad-input row 67)."""
    meant = form.reader.data or request.form.get("person") or person.public_id
    if meant == person.public_id:
        return
    ids = {"person": person.public_id, "version": version.public_id}
    db.session.rollback()
    log.warning("acknowledging for somebody else refused", route=str(request.url_rule))
    with writing() as own:
        narrow(own, scope.organisation_id)
        lock(own, scope)
        record(own, scope, actor, FOR_ANOTHER, ids=ids, now=clock.now())
    abort(
        403,
        "This page was opened for somebody else, so nothing was recorded. Nobody can confirm for another person: "
        "open the policy from your own list.",
    )


def page(
    scope: Scope,
    version: PolicyVersion,
    person: Person | None,
    form: Acknowledge,
    ways: Ways,
    reader_name: str = "",
    **around: object,
) -> str:
    """The text by clause, whom to ask, and the act; what is served may have changed since the form was opened.

    `reader_name` is said beside the act where nothing else on the page says who is reading.
    """
    session, today = db.session(), clock.today(scope.time_zone)
    mine = _mine(scope, version, person.id, today) if person else None
    shown = _shown_again(scope, version, form, mine)
    policy = session.get_one(Policy, version.policy_id)
    text = text_of(session, scope, version.id)
    clauses = from_json(text.clauses) if text else ()
    form.ticked.label.text = shown.wording
    return render_template(
        "reading/read.html",
        policy=policy,
        version=version,
        clauses=clauses,
        contents=[one for one in clauses if one.kind == "heading" and one.level <= 2 and one.text != policy.title],
        files=files_of(session, scope, [version.id])[version.id],
        form=form,
        wording=shown.wording,
        mine=mine,
        parts=part_names(session, scope, policy.id, form.bits) if form.bits > 0 else [],
        asked=whom_to_ask(session, scope, policy.id, today),
        leads=ways,
        reader_name=reader_name,
        **around,
    )


def _shown_again(scope: Scope, version: PolicyVersion, form: Acknowledge, mine: Mine | None) -> Shown:
    """What is served now. Where that is something else than was confirmed, the act has to be done anew."""
    parts = mine.parts if mine else 0
    shown = shown_now(db.session(), scope, version, parts)
    if form.serve(shown, parts):
        form.ticked.data, form.typed_name.data = False, ""
    return shown


def _mine(scope: Scope, version: PolicyVersion, person_id: int, today: dt.date) -> Mine:
    session = db.session()
    facts = facts_of(session, scope, today, person_ids=[person_id], policy_ids=[version.policy_id])
    rows = [row for row in owed(facts, today) if row.person_id == person_id]
    soon = [one for one in coming(facts, person_id, today) if version_to_read(facts, one.owed, today) == version.id]
    given = session.scalars(
        select(Acknowledgement.reference)
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.person_id == person_id,
            Acknowledgement.version_id == version.id,
            Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)),
        )
        .order_by(Acknowledgement.acknowledged_on.desc(), Acknowledgement.id.desc())
    ).first()
    mine = next(iter(rows), None)
    later = session.get_one(PolicyVersion, version_to_read(facts, mine, today)) if mine else version
    instead = later.public_id if later.number > version.number else None
    return Mine(mine, next(iter(soon), None), given, instead)
