"""Reading a version by clause, and the act of acknowledging it."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import HiddenField

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotAllowed, NotFound
from governance.extract.clauses import from_json
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import files_of, text_of
from governance.reading.acknowledging import Act, Shown, acknowledge, receipt_referenced, shown_now
from governance.reading.models import Acknowledgement, Withdrawal, Witnessing
from governance.reading.owed import Owed, State
from governance.reading.parts import part_names
from governance.reading.queries import my_reading
from governance.reading.sheet_queries import origin_of
from governance.reading.witnessing import seen_by
from governance.web.access import actor, in_school, needs, scope
from governance.web.documents import visible_version
from governance.web.forms import Form, TextField, TickField, refusals_into

screen = in_school("read", "my_reading")
READS = needs(Permission.READ)
# How a receipt came to be, as its own page says it.
HOW = {
    "signed_in": "Signed in",
    "paper": "On paper",
    "read_aloud": "On paper, read aloud or explained",
    "session": "At a training session",
    "import": "From an earlier record",
    "reception": "On their own phone at reception",
    "tablet": "On the shared tablet",
}


class Acknowledge(Form):
    """The act: a tick or a typed name, never filled in beforehand, and what was on the page when it was opened."""

    ticked = TickField("I have read and understood")
    typed_name = TextField("Or type your name")
    documents = HiddenField()
    text = HiddenField()
    wording = HiddenField()
    parts = HiddenField(default="0")

    @property
    def bits(self) -> int:
        """The parts it is for; what is no number is for none that exist, and is refused as that."""
        found = self.parts.data or "0"
        return int(found) if found.isascii() and found.isdigit() and len(found) <= 3 else -1


@dataclass(frozen=True)
class Mine:
    """What the reader owes for this policy, and the receipt they have for this version."""

    owed: Owed | None
    receipt: str | None

    @property
    def parts(self) -> int:
        """The bits of the parts that are theirs to read; 0 for the whole."""
        return self.owed.parts if self.owed is not None else 0

    @property
    def asked(self) -> bool:
        """Whether it is theirs to read now."""
        if self.owed is None:
            return False
        return self.owed.state in (State.NOT_YET_READ, State.READING_OVERDUE, State.AWAY, State.DECLINED)


@screen.get("/read/<version>", READS)
def show(version: str) -> str:
    """The text, and the act at its end for whoever is a person here."""
    found = visible_version(version)
    mine = _mine(found)
    parts = mine.parts if mine else 0
    shown = shown_now(db.session(), scope(), found, parts)
    kept = {"documents": shown.documents_sha256, "text": shown.text_sha256 or "", "wording": shown.wording}
    return _page(found, shown, Acknowledge(**kept, parts=str(parts)), mine)


@screen.post("/read/<version>", READS)
def confirm(version: str) -> ResponseReturnValue:
    """Record the act, and lead to its receipt."""
    found, form, now = visible_version(version), Acknowledge(), clock.now()
    if form.validate():
        with refusals_into(form):
            act = Act(
                acknowledged_on=clock.local_day(now, scope().time_zone),
                method="signed_in",
                assurance="password",
                typed_name=form.typed_name.data or None,
                ticked=bool(form.ticked.data),
                given_at=now,
                parts=form.bits,
            )
            shown = Shown(form.documents.data or "", form.text.data or None, form.wording.data or "")
            receipt = acknowledge(db.session(), scope(), actor(), _myself(), found, shown, act, now)
            return redirect(url_for("read.receipt", reference=receipt.reference))
    mine = _mine(found)
    return _page(found, _shown_again(found, form, mine), form, mine), 422


@screen.get("/receipts/<reference>", READS)
def receipt(reference: str) -> str:
    """A receipt, for the person who gave it and for those who may see who has read what."""
    session = db.session()
    found = receipt_referenced(session, scope(), reference)
    if found.person_id != actor().person_id and Permission.SEE_READING not in actor().permissions:
        raise NotFound(reference)
    person, version, policy, withdrawal, seen = session.execute(
        select(Person, PolicyVersion, Policy, Withdrawal, seen_by())
        .select_from(Acknowledgement)
        .join(Person, Person.id == Acknowledgement.person_id)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .outerjoin(Witnessing, Witnessing.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope().organisation_id, Acknowledgement.id == found.id)
    ).one()
    return render_template(
        "reading/receipt.html",
        receipt=found,
        person=person,
        version=version,
        policy=policy,
        withdrawal=withdrawal,
        how=HOW[found.method],
        seen=seen,
        files=files_of(session, scope(), [version.id])[version.id],
        origin=origin_of(session, scope(), found.id),
        mine=found.person_id == actor().person_id,
    )


def _shown_again(version: PolicyVersion, form: Acknowledge, mine: Mine | None) -> Shown:
    """What is served now. Where that is something else than was confirmed, the act has to be done anew."""
    form.parts.data = str(mine.parts if mine else 0)
    shown = shown_now(db.session(), scope(), version, form.bits)
    if (form.documents.data, form.text.data or None, form.wording.data) != astuple(shown):
        form.ticked.data, form.typed_name.data = False, ""
        form.documents.data, form.text.data, form.wording.data = (value or "" for value in astuple(shown))
    return shown


def _page(version: PolicyVersion, shown: Shown, form: Acknowledge, mine: Mine | None) -> str:
    session = db.session()
    policy = session.get_one(Policy, version.policy_id)
    text = text_of(session, scope(), version.id)
    clauses = from_json(text.clauses) if text else ()
    form.ticked.label.text = shown.wording
    return render_template(
        "reading/read.html",
        policy=policy,
        version=version,
        clauses=clauses,
        contents=[one for one in clauses if one.kind == "heading" and one.level <= 2 and one.text != policy.title],
        files=files_of(session, scope(), [version.id])[version.id],
        form=form,
        wording=shown.wording,
        mine=mine,
        parts=part_names(session, scope(), policy.id, form.bits) if form.bits > 0 else [],
    )


def _mine(version: PolicyVersion) -> Mine | None:
    """What this reader has to do with the version; None for an account that is nobody at the school."""
    person_id = actor().person_id
    if person_id is None:
        return None
    session, today = db.session(), clock.today(scope().time_zone)
    owed = [row for row in my_reading(session, scope(), person_id, today) if row.policy_id == version.policy_id]
    given = session.scalars(
        select(Acknowledgement.reference)
        .where(
            Acknowledgement.organisation_id == scope().organisation_id,
            Acknowledgement.person_id == person_id,
            Acknowledgement.version_id == version.id,
            Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)),
        )
        .order_by(Acknowledgement.acknowledged_on.desc(), Acknowledgement.id.desc())
    ).first()
    return Mine(owed[0] if owed else None, given)


def _myself() -> Person:
    """The person who is acting. Nobody acknowledges for somebody else: there is no field that says for whom."""
    person = db.session().get(Person, actor().person_id) if actor().person_id else None
    if person is None or person.organisation_id != scope().organisation_id:
        raise NotAllowed("acknowledge")
    return person
