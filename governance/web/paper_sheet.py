"""One signed sheet: the version it is for, the day, the witness, and a tick for everybody who signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import Refusal
from governance.people.models import Person
from governance.people.queries import everyone
from governance.policies.models import Policy, PolicyVersion
from governance.reading.listed import Worker, workers
from governance.reading.parts import parts_of
from governance.reading.queries import outstanding
from governance.reading.receipts import Receipt, receipts_of
from governance.reading.sheets import record_sheet
from governance.render.words import plural
from governance.tenancy import in_school as one_of
from governance.web.access import actor, scope
from governance.web.forms import CheckboxesField, DayField, Form, TextField, needed, refusals_into
from governance.web.paper_screen import screen
from governance.web.reading_screen import PAPER, today
from governance.web.summary import error_summary

# Whom the list shows, by the value in the address.
WHO = {"waiting": "Those who have not read it", "here": "Everybody here now", "all": "Everybody, also those who left"}
_PERSON = "person-"


class Sheet(Form):
    """What the sheet says beside the names."""

    signed_on = DayField(
        "Day on which it was signed",
        [needed("Enter the day on which the sheet was signed.")],
        description="For example 1 September 2026",
    )
    witness = TextField(
        "Witness", [needed("Enter who saw the paper signed.")], description="Who saw the paper signed, by name."
    )
    parts = CheckboxesField("Parts that stand on the sheet", description="Tick none where it is for the whole policy.")
    people = CheckboxesField("People", validate_choice=False)


@dataclass(frozen=True)
class Line:
    """Somebody who may have signed."""

    worker: Worker
    ticked: bool
    wrong: str
    receipt: Receipt | None


@screen.get("/reading/paper/sheet/<version>", PAPER)
def enter(version: str) -> str:
    """The form for a sheet. Nobody is ticked."""
    found = _version(version)
    return _page(found, _with_parts(Sheet(), found), (), {})


@screen.post("/reading/paper/sheet/<version>", PAPER)
def record(version: str) -> ResponseReturnValue:
    """Record a receipt for everybody ticked, or none."""
    found = _version(version)
    form = _with_parts(Sheet(), found)
    ticked = list(dict.fromkeys(form.people.data or ()))
    wrong: dict[str, str] = {}
    if form.validate():
        try:
            given = _record(found, form, ticked)
            flash(f"{plural(given, 'receipt is', 'receipts are')} recorded.")
            return redirect(url_for("paper.enter", version=version, who=_who()))
        except Refusal as refusal:
            wrong = {
                one.field or "": one.message for one in refusal.objections if (one.field or "").startswith(_PERSON)
            }
            with refusals_into(form):
                raise Refusal([one for one in refusal.objections if one.field not in wrong]) from refusal
    return _page(_version(version), form, ticked, wrong), 422


def _record(version: PolicyVersion, form: Sheet, ticked: Iterable[str]) -> int:
    people = [one_of(db.session(), Person, scope(), public_id) for public_id in ticked]
    signed_on = form.signed_on.data
    assert signed_on is not None  # the field is needed
    given = record_sheet(
        db.session(),
        scope(),
        actor(),
        version,
        people,
        signed_on=signed_on,
        witness=form.witness.data or "",
        today=today(),
        now=clock.now(),
        parts=sum(1 << int(bit) for bit in set(form.parts.data or ())),
    )
    return len(given)


def _with_parts(form: Sheet, version: PolicyVersion) -> Sheet:
    """The form with the parts of the policy, if it has any."""
    parts = parts_of(db.session(), scope(), [version.policy_id])[version.policy_id]
    form.parts.choices = [(str(one.bit), one.name) for one in parts]
    return form


def _page(version: PolicyVersion, form: Sheet, ticked: Iterable[str], wrong: dict[str, str]) -> str:
    session = db.session()
    policy = session.get_one(Policy, version.policy_id)
    lines = _lines(policy, set(ticked), wrong)
    return render_template(
        "reading/paper_sheet.html",
        policy=policy,
        version=version,
        form=form,
        lines=lines,
        who=_who(),
        choices=WHO,
        summary=[*error_summary(form), *({"text": text, "href": f"#{field}"} for field, text in wrong.items())],
    )


def _lines(policy: Policy, ticked: set[str], wrong: dict[str, str]) -> list[Line]:
    session = db.session()
    receipts: dict[int, Receipt] = {}
    for one in receipts_of(session, scope(), policy.id):
        if one.withdrawn is None:
            receipts.setdefault(one.person_id, one)
    ids = _ids(policy)
    people = workers(session, scope(), today())
    return [
        Line(
            worker,
            worker.person.public_id in ticked,
            wrong.get(_PERSON + worker.person.public_id, ""),
            receipts.get(number),
        )
        for number, worker in people.items()
        if number in ids or worker.person.public_id in ticked
    ]


def _ids(policy: Policy) -> set[int]:
    session, who = db.session(), _who()
    if who == "waiting":
        return {row.person_id for row in outstanding(session, scope(), today(), policy_id=policy.id)}
    return {one.id for one in everyone(session, scope(), as_of=today() if who == "here" else None)}


def _who() -> str:
    who = request.args.get("who", "")
    return who if who in WHO else next(iter(WHO))


def _version(public_id: str) -> PolicyVersion:
    found: PolicyVersion = one_of(db.session(), PolicyVersion, scope(), public_id)
    return found
