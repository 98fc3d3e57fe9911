"""The blueprint of the screens for signed paper, and its first page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance.adoption.models import Decision, InForce
from governance.adoption.standing import stands
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.policies.models import Policy, PolicyVersion
from governance.reading.sheet_queries import sheets_printed
from governance.web.access import in_school, scope
from governance.web.forms import FileField, FilterForm, Form, TextField, refusals_into
from governance.web.reading_screen import PAPER, today
from governance.web.sheets_screen import the_sheet

screen = in_school("paper", "reading")


class Upload(Form):
    """A list of receipts."""

    file = FileField(
        "List of receipts",
        description="CSV or Excel with the columns staff_number, reference, version, acknowledged_on, method, witness.",
    )


class Number(FilterForm):
    """The number of a sheet that came back."""

    number = TextField("Number of the sheet", description="It stands at the top of every page, such as S-K7M-4QX.")


@dataclass(frozen=True)
class SignedVersion:
    """A version that people can have signed for. `current` where it is the one in force."""

    public_id: str
    policy: str
    title: str
    number: int
    label: str
    current: bool


@screen.get("/reading/paper", PAPER)
def index() -> str:
    """Which sheet it is, or a list to upload."""
    return first_page(Upload())


@screen.get("/reading/paper/open", PAPER)
def open_sheet() -> ResponseReturnValue:
    """Lead to the sheet whose number was typed."""
    form = Number()
    if form.validate():
        with refusals_into(form):
            try:
                return redirect(url_for("sheets.show", sheet=the_sheet(form.number.data or "").number))
            except NotFound as missing:
                said = request.args.get("number", "").strip()
                wrong = f"There is no sheet {said[:40]}. Check the number" if said else "Type the number"
                raise Refusal.one(f"{wrong}: it stands at the top of every page.", "number") from missing
    return first_page(Upload(), form), 422


def first_page(form: Upload, number: Number | None = None) -> str:
    """The page where paper begins."""
    return render_template(
        "reading/paper.html",
        versions=_versions(),
        form=form,
        number=number or Number(),
        sheets=sheets_printed(db.session(), scope()),
    )


def _versions() -> list[SignedVersion]:
    """Every version that was ever in force, by title, newest first."""
    day = today()
    rows = (
        db.session()
        .execute(
            select(
                PolicyVersion.public_id,
                Policy.public_id,
                Policy.title,
                PolicyVersion.number,
                PolicyVersion.label,
                InForce,
            )
            .join(Policy, Policy.id == PolicyVersion.policy_id)
            .join(InForce, InForce.version_id == PolicyVersion.id)
            .join(Decision, Decision.id == InForce.decision_id)
            .where(PolicyVersion.organisation_id == scope().organisation_id, stands())
            .order_by(Policy.sort_key, Policy.id, InForce.from_on.desc(), InForce.id.desc())
        )
        .all()
    )
    begun: set[str] = set()
    found: dict[str, SignedVersion] = {}
    for version, policy, title, number, label, row in rows:
        current = row.from_on <= day and policy not in begun
        if row.from_on <= day:
            begun.add(policy)
        found.setdefault(version, SignedVersion(version, policy, title, number, label or "", current))
    return list(found.values())
