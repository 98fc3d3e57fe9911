"""A policy in force as a file for the school's website. Whoever may see the register may save it; nothing here is public."""

from __future__ import annotations

from flask import Response, request

from governance import clock
from governance.accounts.permissions import Permission
from governance.child import ChildFailed
from governance.db import db
from governance.errors import Refusal
from governance.packs.website import Website, filename
from governance.packs.website_facts import PDF, original_pdf, website_copy
from governance.packs.website_pages import bound_before, printed
from governance.web.access import in_school, needs, scope
from governance.web.downloads import download
from governance.web.policy import the_policy

screen = in_school("website_copy", "register")
FRONT_ALONE = "front"


@screen.get("/policies/<policy>/website-copy", needs(Permission.SEE_REGISTER))
def file(policy: str) -> Response:
    """The copy: with its text printed, before the original's pages, or (asked for, or of another kind) the front page alone."""
    now = clock.now()
    today = clock.local_day(now, scope().time_zone)
    found = the_policy(policy)
    copy = website_copy(db.session(), scope(), found, today, now)
    alone = request.args.get("only") == FRONT_ALONE
    original = None if copy.clauses or alone else original_pdf(db.session(), scope(), found, today)
    # nothing is held open while the document is laid out
    db.session.rollback()
    if original is not None:
        return download(_bound(copy, original), PDF, filename(copy))
    try:
        return download(printed(copy), PDF, filename(copy, front_alone=not copy.clauses))
    except ChildFailed as failed:
        raise Refusal.one(f"{failed} Try again, or publish the original file.") from failed


def _bound(copy: Website, original: bytes) -> bytes:
    try:
        return bound_before(copy, original)
    except ChildFailed as failed:
        raise Refusal.one(
            "No front page can be bound to this original. It may be locked, signed electronically or damaged. "
            "Go back, save the front page alone, and publish it beside the original."
        ) from failed
