"""When an act cannot be taken as it came, but nothing a person typed may be lost: the same fields again, to be re-sent.

For a page that went stale (bad-input row 63), a session that ended meanwhile, and characters that cannot be kept (48).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from governance.db import db

# NUL, halves of surrogate pairs, non-characters, and the mark that damaged text leaves.
_UNKEPT = re.compile("[\x00\ud800-\udfff\ufffd\ufffe\uffff]")
_TOKEN = "csrf_token"  # noqa: S105  # the field's name
# What a page carries of what it showed, which nobody typed.
_UNSEEN = frozenset({"documents", "text", "wording", "reader"})
_SECRET = re.compile(r"password|token|code", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """One field as it was sent. A secret is asked for again rather than shown."""

    name: str
    label: str
    value: str
    secret: bool
    long: bool
    unseen: bool


def stale(reason: str) -> ResponseReturnValue:
    """The page for a missing or old token."""
    return _again("errors/stale.html", 400, reason=reason)


def signed_out() -> ResponseReturnValue:
    """The page for an act by somebody whose session ended meanwhile."""
    return _again("errors/signed_out.html", 401)


def visit_over() -> ResponseReturnValue:
    """The page for an act of somebody who reads by a link, whose visit ended meanwhile."""
    return _again("errors/visit_over.html", 401)


def hold_to_text() -> ResponseReturnValue | None:
    """Stop text that no database keeps and no page shows; what is left of it is shown to be sent again."""
    if any(_UNKEPT.search(part) for pair in request.args.items(multi=True) for part in pair):
        return render_template("errors/unkept_address.html"), 422
    if any(_UNKEPT.search(part) for pair in request.form.items(multi=True) for part in pair):
        return _again("errors/unkept.html", 422)
    return None


def _again(template: str, status: int, **values: object) -> ResponseReturnValue:
    db.session.rollback()
    # a token that was refused must not be offered once more
    g.pop(_TOKEN, None)
    page = render_template(
        template,
        typed=_typed(),
        files=sorted(request.files),
        token=generate_csrf(),
        by_link=request.blueprint == "by_link",
        **values,
    )
    return page, status


def _typed() -> list[Typed]:
    fields = []
    for name, raw in request.form.items(multi=True):
        if name.endswith(_TOKEN):
            continue
        value = _UNKEPT.sub("", raw)
        label = _UNKEPT.sub("", name).replace("_", " ").replace("-", " ").capitalize()
        long = len(value) > 80 or "\n" in value
        fields.append(
            Typed(_UNKEPT.sub("", name), label, value, _SECRET.search(name) is not None, long, name in _UNSEEN)
        )
    return fields
