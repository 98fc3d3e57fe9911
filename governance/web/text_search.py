"""Searching the words of the policies in force."""

from __future__ import annotations

from flask import render_template

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.text_search import saying
from governance.db import db
from governance.web.access import in_school, needs, scope
from governance.web.forms import FilterForm, TextField

screen = in_school("text_search", "register")
_LONGEST = 200


class Words(FilterForm):
    """What to look for."""

    words = TextField("Words in a policy", description="For example mobile phone. Every word has to be in one clause.")


@screen.get("/register/words", needs(Permission.SEE_REGISTER))
def index() -> str:
    """The places where policies in force say the words."""
    form = Words()
    typed = (form.words.data or "")[:_LONGEST]
    found = saying(db.session(), scope(), clock.today(scope().time_zone), typed) if typed else []
    return render_template("register/words.html", form=form, typed=typed, found=found)
