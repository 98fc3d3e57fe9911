"""Receipts as small printed forms: who, which bytes, which words, when and how, and how anybody can check it.

gather (plain values) → templates/reading/print/receipt.html, or receipt_list.html for several → PDF/UA
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.child import Limits
from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.contacts import Whom, whom_to_ask
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import VersionFile, files_of
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.parts import named_parts
from governance.render.environment import render
from governance.render.pdf import pdf
from governance.render.words import local
from governance.tenancy import Scope

# How it was given and what that says of who gave it.
HOW = {
    "signed_in": "On screen, signed in",
    "link": "On screen, by a link made for this person alone",
    "paper": "On paper",
    "read_aloud": "On paper, read aloud or explained",
    "session": "At a training session",
    "reception": "On their own phone at reception",
    "tablet": "On the shared tablet",
    "import": "From an earlier record",
}
_ASSURED = {
    "password": "with their password",
    "link": "whoever holds the link can use it",
    "paper_witnessed": "signed in front of a witness",
    "paper_scanned": "signed in front of a witness, with the scan kept",
    "session_led": "as whoever led it recorded",
    "reception_unverified": "by the name they typed",
    "tablet_typed": "by name and number",
    "imported": "as that record says",
}
MOST = 300
# Measured: one takes a page and 0.9 s, mostly to begin with; each line of a list 10 ms.
LIMITS = Limits(seconds=90, memory_mb=1024, output_mb=30, file_mb=4)


@dataclass(frozen=True)
class ReceiptForm:
    """One receipt in words. `parts` names what it is for, empty for the whole."""

    reference: str
    school: str
    who: str
    number: str
    policy: str
    policy_reference: str
    version: str
    parts: tuple[str, ...]
    files: tuple[VersionFile, ...]
    documents_sha256: str
    text_sha256: str | None
    wording: str
    acknowledged_on: dt.date
    given: str | None
    recorded: str
    how: str
    typed_name: str | None
    witness: str | None
    recorded_by: str | None
    withdrawn: str | None
    whom: tuple[Whom, ...]


def receipt_forms(
    session: Session, scope: Scope, today: dt.date, *, person_id: int | None = None, reference: str | None = None
) -> list[ReceiptForm]:
    """The receipts of a person, newest first, or the one of a reference."""
    query = (
        select(Acknowledgement, Person, PolicyVersion, Policy, Withdrawal)
        .join(Person, Person.id == Acknowledgement.person_id)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope.organisation_id)
        .order_by(Acknowledgement.acknowledged_on.desc(), Acknowledgement.id.desc())
        .limit(MOST)
    )
    if person_id is not None:
        query = query.where(Acknowledgement.person_id == person_id)
    if reference is not None:
        query = query.where(Acknowledgement.reference == reference)
    rows = session.execute(query).all()
    files = files_of(session, scope, list({row[2].id for row in rows}))
    asked = {policy_id: whom_to_ask(session, scope, policy_id, today).whom for policy_id in {row[3].id for row in rows}}
    named = named_parts(session, scope, ((row[3].id, row[0].parts) for row in rows))
    return [_form(scope, row, named[row[3].id, row[0].parts], files[row[2].id], asked[row[3].id]) for row in rows]


def printed(forms: Sequence[ReceiptForm], made_at: dt.datetime, zone: str) -> bytes:
    """One receipt as a form of a page, or several as a list with the same facts; a tagged PDF.

    Raises:
        ChildFailed: when it could not be made within its limits.
    """
    first, made = forms[0], local(made_at, zone)
    if len(forms) == 1:
        title = f"Read receipt {first.reference}"
        document = render("reading/print/receipt.html", forms=forms, title=title, made=made)
    else:
        title = f"Read receipts of {first.who}"
        schools = list(dict.fromkeys(form.school for form in forms))
        document = render("reading/print/receipt_list.html", forms=forms, title=title, made=made, schools=schools)
    return pdf(document, title=title, made_at=made_at, styles=_STYLES, part="The receipt", limits=LIMITS)


_STYLES = ("print.css", "form.css")


def _form(
    scope: Scope, row: Any, parts: tuple[str, ...], files: Sequence[VersionFile], whom: tuple[Whom, ...]
) -> ReceiptForm:
    receipt, person, version, policy, withdrawal = row
    how = HOW.get(receipt.method, receipt.method)
    assured = _ASSURED.get(receipt.assurance)
    taken_back = None
    if withdrawal is not None:
        when = local(withdrawal.recorded_at, scope.time_zone)
        taken_back = f"Withdrawn on {when} by {withdrawal.recorded_by}: {withdrawal.reason}. It counts for no day."
    return ReceiptForm(
        reference=receipt.reference,
        school=scope.name,
        who=full_name(person.given_name, person.family_name),
        number=person.staff_number or person.printed_reference,
        policy=policy.title,
        policy_reference=policy.reference,
        version=version.label or str(version.number),
        parts=parts,
        files=tuple(files),
        documents_sha256=receipt.documents_sha256,
        text_sha256=receipt.text_sha256,
        wording=receipt.wording,
        acknowledged_on=receipt.acknowledged_on,
        given=local(receipt.given_at, scope.time_zone) if receipt.given_at else None,
        recorded=local(receipt.recorded_at, scope.time_zone),
        how=f"{how} ({assured})" if assured else how,
        typed_name=receipt.typed_name,
        witness=receipt.witness,
        recorded_by=receipt.recorded_by,
        withdrawn=taken_back,
        whom=whom,
    )
