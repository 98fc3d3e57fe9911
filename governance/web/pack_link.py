"""A governor's private link to a pack: the page behind it and its files. Outside the session: no account and no cookie.

Opening the page shows what is there and writes nothing down, so that programs which look through mail do no harm. Pressing
a button is a POST, which notes the first time and leads to the file's own address; that address opens nothing before.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts import attempts
from governance.db import db, narrow
from governance.errors import NotFound, Refusal
from governance.packs.rules import works_until
from governance.schedule.pack_opening import Held, file_behind, held_by, offers, press
from governance.schools.queries import meeting_row
from governance.web import access, pressed
from governance.web.access import HOLDER
from governance.web.downloads import download
from governance.web.misses import count_a_miss
from governance.web.requests import settings

screen = access.outside("pack_link")


@screen.get("/pack/<token>", HOLDER)
def show(token: str) -> ResponseReturnValue:
    """The meeting and its packs, or the one plain page for a link that does not work (bad-input row 64)."""
    held = _held(token)
    return _dead(token, 404) if held is None else _page(held, token)


@screen.post("/pack/<token>", HOLDER)
def take(token: str) -> ResponseReturnValue:
    """Somebody pressed the button of a file."""
    held, word = _held(token), request.form.get("csrf_token", "")
    good = pressed.is_good(settings().secret_key, token, word, clock.now())
    if held is None:
        return _dead(token, 404 if good else 400)
    if not good:
        return _page(held, token, went_stale=True), 400
    pack, document = request.form.get("pack", ""), request.form.get("document", "")
    try:
        press(db.session(), held.scope, token, pack, document, clock.now())
    except NotFound:
        db.session.rollback()
        return _dead(token, 404)
    return redirect(url_for("pack_link.file", token=token, pack=pack, document=document), 303)


@screen.get("/pack/<token>/<pack>/<document>", HOLDER)
def file(token: str, pack: str, document: str) -> ResponseReturnValue:
    """A file, once a button was pressed; before that the page. Fetching it in parts, or again, needs nothing more."""
    held = _held(token)
    if held is None:
        return _dead(token, 404)
    if held.link.opened_on is None:
        return redirect(url_for("pack_link.show", token=token))
    try:
        found = file_behind(db.session(), held, pack, document, clock.now())
    except Refusal:
        abort(404)
    return download(found.content, found.media_type, found.filename)


@screen.blueprint.after_request
def keep_out_of_searches(response: Response) -> Response:
    """No search engine is to keep what a link opens. That no browser does, and that no site is told, is so everywhere."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _held(token: str) -> Held | None:
    """What a link opens; from here on the database shows its school alone."""
    found = held_by(db.session(), token, clock.now())
    if found is not None:
        narrow(db.session(), found.scope.organisation_id)
    return found


def _page(held: Held, token: str, *, went_stale: bool = False) -> str:
    now, meeting = clock.now(), meeting_row(db.session(), held.scope, held.meeting.public_id)
    values: dict[str, Any] = {
        "school_name": held.scope.name,
        "colour": held.colour,
        "own_home": url_for("pack_link.show", token=token),
    }
    return render_template(
        "pack_link/show.html",
        token=token,
        meeting=meeting,
        offers=offers(db.session(), held, now),
        until=works_until(held.meeting.held_on),
        zone=held.scope.time_zone,
        word=pressed.word_for(settings().secret_key, token, now),
        went_stale=went_stale,
        **values,
    )


def _dead(token: str, status: int) -> ResponseReturnValue:
    """The same page whatever was wrong with a link; too many such from one network are refused for a while."""
    now = clock.now()
    until = count_a_miss(token, attempts.by_pack_link(request.remote_addr or ""))
    if until is None:
        return render_template("pack_link/dead.html", wait=None), status
    seconds = max(1, round((until - now).total_seconds()))
    page = render_template("pack_link/dead.html", wait=attempts.wait_in_words(until, now))
    return page, 429, {"Retry-After": str(seconds)}
