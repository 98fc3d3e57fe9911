"""Reading without an account: the door that a link leads to, the list behind it, and the act for each policy.

The link's address shows a button and nothing else. Pressing it begins a visit in that browser, which opens these pages
and no others; it ends after 30 minutes without use, when its reader is finished, and with the link.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance import clock
from governance.accounts.sessions import IDLE
from governance.accounts.standing import standing_at
from governance.adoption.models import InForce
from governance.db import db, narrow
from governance.errors import NotFound
from governance.policies.contacts import whom_to_ask
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import receipt_referenced
from governance.reading.mine import Mine, mine_at
from governance.reading.models import Acknowledgement
from governance.reading.parts import part_names
from governance.reading.receipt_forms import printed, receipt_forms
from governance.reading.visits import (
    Reader,
    ask_again,
    confirm_by_link,
    end_visit,
    finish,
    open_visit,
    reader_of,
    visiting,
)
from governance.tenancy import in_school as one_of
from governance.web import access, again, reading_page
from governance.web.access import PUBLIC
from governance.web.documents import file_of
from governance.web.downloads import download
from governance.web.forms import refusals_into
from governance.web.reading_page import Acknowledge, Ways

screen = access.outside("by_link")
# What the browser's cookie carries of a visit: its token, and when it was last used.
VISIT, VISIT_SEEN = "visit", "visit_seen"


def _visited(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a visit: handed its reader; without one it says how to come back, and keeps what was typed."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        found = _reader()
        if found is None:
            return again.visit_over() if request.method == "POST" else _page("reading/link_over.html", 404)
        if g.account is not None:
            return _whose(found)
        return view(reader=found, **arguments)

    return guarded


@screen.get("/to-read/<token>", PUBLIC)
def door(token: str) -> ResponseReturnValue:
    """The button, or the plain page for a link that works no more (bad-input row 64). Looking spends nothing."""
    found = reader_of(db.session(), token, clock.now())
    if found is None:
        return _dead(token)
    if g.account is not None:
        return _whose(found, token)
    return render_template("reading/link_door.html", token=token, **_around(found))


@screen.post("/to-read/<token>", PUBLIC)
def enter(token: str) -> ResponseReturnValue:
    """Begin a visit in this browser, which ends an earlier one."""
    now = clock.now()
    found = reader_of(db.session(), token, now)
    if found is None:
        return _dead(token)
    if g.account is not None:
        return _whose(found, token)
    earlier = session.get(VISIT)
    if isinstance(earlier, str):
        end_visit(db.session(), earlier, now)
    session[VISIT] = open_visit(db.session(), found, now)
    session[VISIT_SEEN] = int(now.timestamp())
    session.permanent = True
    return redirect(url_for("by_link.index"))


@screen.post("/to-read/<token>/again", PUBLIC)
def ask(token: str) -> ResponseReturnValue:
    """Ask for a new link. The answer is the same whatever the old one was."""
    ask_again(db.session(), token, clock.now())
    return render_template("reading/link_asked.html")


@screen.get("/to-read", PUBLIC)
@_visited
def index(reader: Reader) -> str:
    """The reader's list."""
    mine, today = _mine(reader), clock.today(reader.scope.time_zone)
    asked = whom_to_ask(db.session(), reader.scope, None, today)
    return render_template("reading/link_list.html", mine=mine, asked=asked, **_around(reader))


@screen.get("/to-read/read/<version>", PUBLIC)
@_visited
def read(reader: Reader, version: str) -> str:
    """The text of a policy on the list, and the act at its end."""
    found = _version(reader, version)
    return _reading(reader, found, reading_page.opened(reader.scope, found, reader.person))


@screen.post("/to-read/read/<version>", PUBLIC)
@_visited
def confirm(reader: Reader, version: str) -> ResponseReturnValue:
    """Record the act of the link's own person."""
    now, form, found = clock.now(), Acknowledge(), _version(reader, version)
    reading_page.refuse_another(form, reader.scope, reader.actor, reader.person, found)
    if form.validate():
        with refusals_into(form):
            act = form.act(reader.scope, "link", "link", now)
            receipt = confirm_by_link(db.session(), session[VISIT], reader, found, form.shown, act, now)
            return redirect(url_for("by_link.receipt", reference=receipt.reference))
    return _reading(reader, found, form), 422


@screen.get("/to-read/read/<version>/files/<document>", PUBLIC)
@_visited
def original(reader: Reader, version: str, document: str) -> Response:
    """A file of a policy on the list as it came in."""
    return file_of(reader.scope, _version(reader, version), document)


@screen.get("/to-read/receipts/<reference>", PUBLIC)
@_visited
def receipt(reader: Reader, reference: str) -> str:
    """A receipt of the reader's, and what is next."""
    found = _receipt(reader, reference)
    version = db.session().get_one(PolicyVersion, found.version_id)
    policy = db.session().get_one(Policy, version.policy_id)
    today = clock.today(reader.scope.time_zone)
    return render_template(
        "reading/link_receipt.html",
        receipt=found,
        version=version,
        policy=policy,
        parts=part_names(db.session(), reader.scope, policy.id, found.parts) if found.parts else [],
        next=_mine(reader).next,
        asked=whom_to_ask(db.session(), reader.scope, policy.id, today),
        **_around(reader),
    )


@screen.get("/to-read/receipts/<reference>/pdf", PUBLIC)
@_visited
def receipt_pdf(reader: Reader, reference: str) -> Response:
    """The receipt as a small form."""
    now, scope = clock.now(), reader.scope
    found = _receipt(reader, reference).reference
    forms = receipt_forms(db.session(), scope, clock.local_day(now, scope.time_zone), reference=found)
    db.session.rollback()
    return download(printed(forms, now, scope.time_zone), "application/pdf", f"Receipt {found}.pdf")


@screen.post("/to-read/finished", PUBLIC)
@_visited
def finished(reader: Reader) -> ResponseReturnValue:
    """End the visit; the link too where nothing is left to read."""
    left = len(_mine(reader).to_read)
    around = {name: value for name, value in _around(reader).items() if name != "reader_name"}
    finish(db.session(), reader, session[VISIT], all_read=not left, now=clock.now())
    session.pop(VISIT, None)
    return render_template("reading/link_finished.html", left=left, **around)


def _reader() -> Reader | None:
    """Who reads in this browser's visit, while it is in use; from here on the database shows their school alone."""
    held, seen, now = session.get(VISIT), session.get(VISIT_SEEN), clock.now()
    if not isinstance(held, str) or not isinstance(seen, int) or now.timestamp() - seen > IDLE.total_seconds():
        return None
    found = visiting(db.session(), held, now)
    if found is not None:
        narrow(db.session(), found.scope.organisation_id)
        if now.timestamp() - seen >= 60:
            session[VISIT_SEEN] = int(now.timestamp())
    return found


def _mine(reader: Reader) -> Mine:
    today = clock.today(reader.scope.time_zone)
    return mine_at(db.session(), reader.scope, reader.person.id, today)


def _version(reader: Reader, public_id: str) -> PolicyVersion:
    """A version of a policy on the reader's list that is, was or will be in force: others are not there for them."""
    found: PolicyVersion = one_of(db.session(), PolicyVersion, reader.scope, public_id)
    ever = select(InForce.id).where(InForce.version_id == found.id).limit(1)
    if found.policy_id not in _mine(reader).policy_ids or db.session().scalar(ever) is None:
        raise NotFound(public_id)
    return found


def _receipt(reader: Reader, reference: str) -> Acknowledgement:
    found = receipt_referenced(db.session(), reader.scope, reference)
    if found.person_id != reader.person.id:
        raise NotFound(reference)
    return found


def _reading(reader: Reader, version: PolicyVersion, form: Acknowledge) -> str:
    here = version.public_id
    leads = Ways(
        back=(url_for("by_link.index"), "My list"),
        confirm=url_for("by_link.confirm", version=here),
        original=lambda document: url_for("by_link.original", version=here, document=document),
        receipt=lambda reference: url_for("by_link.receipt", reference=reference),
        read=lambda later: url_for("by_link.read", version=later),
    )
    return reading_page.page(reader.scope, version, reader.person, form, leads, **_around(reader))


def _around(reader: Reader) -> dict[str, Any]:
    """What the page's head shows in place of a school that somebody is signed in at."""
    list_at = url_for("by_link.index")
    return {
        "school_name": reader.scope.name,
        "colour": reader.colour,
        "reader_name": reader.name,
        "home": lambda: list_at,
    }


def _whose(reader: Reader, token: str | None = None) -> ResponseReturnValue:
    """Somebody is signed in: ask who is reading, and credit nobody (bad-input row 65)."""
    standing = standing_at(db.session(), g.account, reader.scope.slug, now=clock.now())
    own = standing is not None and standing.person_id == reader.person.id
    values = {"own": own, "token": token, "slug": reader.scope.slug, "school": reader.scope.name}
    return _page("reading/link_whose.html", 409 if request.method == "POST" else 200, **values)


def _dead(token: str) -> ResponseReturnValue:
    return _page("reading/link_dead.html", 404, token=token)


def _page(template: str, status: int, **values: Any) -> ResponseReturnValue:
    return render_template(template, **values), status
