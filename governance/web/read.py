"""Reading a version by clause, the act of acknowledging it, and its receipt on screen and on paper."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotAllowed, NotFound
from governance.people.models import Person
from governance.policies.contacts import whom_to_ask
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import files_of
from governance.reading.acknowledging import acknowledge, receipt_referenced
from governance.reading.models import Acknowledgement, Withdrawal, Witnessing
from governance.reading.parts import part_names
from governance.reading.receipt_forms import HOW, printed, receipt_forms
from governance.reading.sheet_queries import origin_of
from governance.reading.witnessing import seen_by
from governance.web import reading_page
from governance.web.access import actor, in_school, needs, scope
from governance.web.documents import visible_version
from governance.web.downloads import download
from governance.web.forms import refusals_into
from governance.web.own_list import own_list
from governance.web.reading_page import Acknowledge, Ways

screen = in_school("read", "my_reading")
READS = needs(Permission.READ)


@screen.get("/read/<version>", READS)
def show(version: str) -> str:
    """The text, and the act at its end for whoever is a person here."""
    found, person = visible_version(version), _person()
    return _page(found, person, reading_page.opened(scope(), found, person))


@screen.post("/read/<version>", READS)
def confirm(version: str) -> ResponseReturnValue:
    """Record the act, and lead to its receipt. Nobody acknowledges for somebody else."""
    found, form, person, now = visible_version(version), Acknowledge(), _person(), clock.now()
    if person is None:
        raise NotAllowed("acknowledge")
    reading_page.refuse_another(form, scope(), actor(), person, found)
    if form.validate():
        with refusals_into(form):
            act = form.act(scope(), "signed_in", "password", now)
            receipt = acknowledge(db.session(), scope(), actor(), person, found, form.shown, act, now)
            return redirect(url_for("read.receipt", reference=receipt.reference))
    return _page(found, person, form), 422


@screen.get("/receipts/<reference>", READS)
def receipt(reference: str) -> str:
    """A receipt, for the person who gave it and for those who may see who has read what."""
    session = db.session()
    found = _receipt(reference)
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
    mine = found.person_id == actor().person_id
    return render_template(
        "reading/receipt.html",
        receipt=found,
        how=HOW.get(found.method, found.method),
        seen=seen,
        origin=origin_of(session, scope(), found.id),
        person=person,
        version=version,
        policy=policy,
        parts=part_names(session, scope(), policy.id, found.parts) if found.parts else [],
        withdrawal=withdrawal,
        files=files_of(session, scope(), [version.id])[version.id],
        asked=whom_to_ask(session, scope(), policy.id, clock.today(scope().time_zone)),
        mine=mine,
        next=own_list().next if mine else None,
    )


@screen.get("/receipts/<reference>/pdf", READS)
def receipt_pdf(reference: str) -> Response:
    """The receipt as a small form to print or to send on."""
    now = clock.now()
    found = _receipt(reference)
    forms = receipt_forms(db.session(), scope(), clock.local_day(now, scope().time_zone), reference=found.reference)
    # nothing is held open while the document is laid out
    db.session.rollback()
    return download(printed(forms, now, scope().time_zone), "application/pdf", f"Receipt {reference}.pdf")


def _receipt(reference: str) -> Acknowledgement:
    found = receipt_referenced(db.session(), scope(), reference)
    if found.person_id != actor().person_id and Permission.SEE_READING not in actor().permissions:
        raise NotFound(reference)
    return found


def _page(version: PolicyVersion, person: Person | None, form: Acknowledge) -> str:
    here = version.public_id
    policy = db.session().get_one(Policy, version.policy_id)
    ways = Ways(
        back=(url_for("policy.show", policy=policy.public_id), policy.reference),
        confirm=url_for("read.confirm", version=here),
        original=lambda document: url_for("documents.original", version=here, document=document),
        receipt=lambda reference: url_for("read.receipt", reference=reference),
        read=lambda later: url_for("read.show", version=later),
    )
    return reading_page.page(scope(), version, person, form, ways)


def _person() -> Person | None:
    """The person who is acting; None for an account that is nobody at the school."""
    person = db.session().get(Person, actor().person_id) if actor().person_id else None
    return person if person is not None and person.organisation_id == scope().organisation_id else None
