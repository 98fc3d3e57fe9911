"""The shared tablet's pages. It knows no account: who is at it is told by a name and a number, one person after another.

The turn is held by the database and by a word in the browser's cookie, both of which end with it. Going back shows
nothing: no page is kept by the browser, and a step of a finished turn leads to “Who are you?”. No file is opened here
either: it would stay among the tablet's downloads for whoever comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import verify_password

from governance import clock
from governance.accounts import attempts
from governance.accounts.models import Account
from governance.db import db, narrow, writing
from governance.errors import NotFound, Refusal
from governance.extract.clauses import from_json
from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.queries import text_of
from governance.reception.models import TabletSession, TabletTurn
from governance.reception.short_set import ToRead
from governance.reception.tablets import (
    Tablet,
    begin_turn,
    end_tablet,
    end_turns,
    given_in,
    sign_on_tablet,
    tablet_behind,
    to_read,
    turn_behind,
)
from governance.web import access
from governance.web.access import PUBLIC
from governance.web.forms import Form, HiddenField, PasswordField, TextField, needed, refusals_into
from governance.web.reception import SignatureForm, fill_again
from governance.web.requests import looking

screen = access.outside("tablet")
TABLET, _TURN = "tablet", "turn"  # what the browser's cookie carries
_WRONG = "We cannot match that name and number to somebody who is expected today. Check both and try again, or ask at reception."


class WhoForm(Form):
    """Who is at the tablet."""

    name = TextField("Your name", [needed("Type your name.")])
    number = TextField(
        "Your staff number or printed reference",
        [needed("Type your staff number, or the reference printed on your sheet.")],
        description="For example 1042, or K7M-4QX",
    )


class TurnForm(SignatureForm):
    """The act, and in whose turn the page was opened."""

    turn = HiddenField()


class LeaveForm(Form):
    """The password of whoever started the tablet."""

    password = PasswordField("Password", [needed("Type the password.")])


@dataclass(frozen=True)
class At:
    """The tablet, and whose turn it is."""

    tablet: Tablet
    turn: TabletTurn | None
    person: Person | None

    def shows(self, template: str, *, clears_after: int = 60, without_script: int = 60, **values: Any) -> str:
        """A page that clears itself. Without a script, reading cannot be noticed and is given longer."""
        return render_template(
            template,
            school_name=self.tablet.scope.name,
            colour=self.tablet.colour,
            own_home=url_for("tablet.index"),
            clears_after=clears_after,
            without_script=without_script,
            **values,
        )


@screen.get("/tablet", PUBLIC)
def index() -> ResponseReturnValue:
    """Who are you? Whoever was at the tablet before is gone from this browser."""
    at = _at()
    if at is None:
        return _no_tablet()
    session.pop(_TURN, None)
    return at.shows("tablet/who.html", form=WhoForm())


@screen.post("/tablet", PUBLIC)
def begin() -> ResponseReturnValue:
    """Begin a turn. Every wrong pair gets the same answer, and is counted before it is looked at."""
    at, form = _at(), WhoForm()
    if at is None:
        return _no_tablet()
    session.pop(_TURN, None)
    if form.validate():
        with refusals_into(form):
            turn = _let_in(at.tablet, form.name.data or "", form.number.data or "")
            if turn is None:
                raise Refusal.one(_WRONG)
            session[_TURN] = turn.public_id
            return redirect(url_for("tablet.reading"))
    return at.shows("tablet/who.html", form=form), 422


@screen.get("/tablet/reading", PUBLIC)
def reading() -> ResponseReturnValue:
    """What this person has to read."""
    at = _at()
    if at is None or at.turn is None or at.person is None:
        return _who(at)
    wanted, given = _wanted(at, at.person), given_in(db.session(), at.tablet.scope, at.turn)
    name = full_name(at.person.given_name, at.person.family_name)
    return at.shows("tablet/reading.html", name=name, wanted=wanted, given=given)


@screen.get("/tablet/reading/<version>", PUBLIC)
def read(version: str) -> ResponseReturnValue:
    """One text, and the signature at its end."""
    at = _at()
    if at is None or at.turn is None or at.person is None:
        return _who(at)
    found = _one_of(_wanted(at, at.person), version)
    form = TurnForm(turn=at.turn.public_id)
    fill_again(at.tablet.scope, found, form)
    return _text(at, found, form)


@screen.post("/tablet/reading/<version>", PUBLIC)
def confirm(version: str) -> ResponseReturnValue:
    """Sign it. A page of an earlier person's turn signs nothing."""
    at, form, now = _at(), TurnForm(), clock.now()
    if at is None or at.turn is None or at.person is None or form.turn.data != at.turn.public_id:
        return _who(at)
    scope, turn_id = at.tablet.scope, at.turn.public_id
    if form.validate():
        with refusals_into(form):
            tablet = db.session().get_one(TabletSession, at.tablet.row.id)
            found = _one_of(_wanted(at, at.person, also_given=True), version)
            signing = (found.version, form.shown, form.typed_name.data or "")
            sign_on_tablet(db.session(), scope, tablet, turn_id, *signing, parts=form.bits, now=now)
            left = _wanted(at, at.person)
            if left:
                return redirect(url_for("tablet.read", version=left[0].version.public_id))
            return redirect(url_for("tablet.reading"))
    found = _one_of(_wanted(at, at.person), version)
    fill_again(at.tablet.scope, found, form)
    return _text(at, found, form), 422


@screen.post("/tablet/clear", PUBLIC)
def clear() -> ResponseReturnValue:
    """This person is done, or left the tablet alone."""
    at = _at()
    session.pop(_TURN, None)
    if at is None:
        return _no_tablet()
    tablet = db.session().get_one(TabletSession, at.tablet.row.id)
    end_turns(db.session(), at.tablet.scope, tablet, now=clock.now())
    return redirect(url_for("tablet.index"))


@screen.get("/tablet/leave", PUBLIC)
def leaving() -> ResponseReturnValue:
    """What ends tablet mode: a password."""
    at = _at()
    if at is None:
        return _no_tablet()
    return at.shows("tablet/leave.html", form=LeaveForm(), email=at.tablet.email)


@screen.post("/tablet/leave", PUBLIC)
def leave() -> ResponseReturnValue:
    """End it, when the password is that of whoever started it. It is judged outside any transaction."""
    at, form, now = _at(), LeaveForm(), clock.now()
    if at is None:
        return _no_tablet()
    if form.validate():
        with refusals_into(form):
            _judge_password(at.tablet, form.password.data or "")
            tablet = db.session().get_one(TabletSession, at.tablet.row.id)
            end_tablet(db.session(), at.tablet.scope, tablet, at.tablet.email, now=now)
            session.clear()
            return redirect(url_for("security.login"))
    return at.shows("tablet/leave.html", form=form, email=at.tablet.email), 422


def _at() -> At | None:
    """The tablet behind the cookie and whose turn it is; from here on the session sees that school alone."""
    token, turn_id, now = session.get(TABLET), session.get(_TURN), clock.now()
    if not isinstance(token, str):
        return None
    with looking() as look:
        tablet = tablet_behind(look, token, now=now)
        if tablet is None:
            return None
        narrow(look, tablet.scope.organisation_id)
        known = turn_behind(look, tablet.scope, tablet.row, turn_id, now=now) if isinstance(turn_id, str) else None
    narrow(db.session(), tablet.scope.organisation_id)
    turn, person = known or (None, None)
    return At(tablet, turn, person)


def _no_tablet() -> ResponseReturnValue:
    """A browser that is no tablet, or no longer."""
    return render_template("tablet/none.html"), 404


def _who(at: At | None) -> ResponseReturnValue:
    """To "Who are you?", whatever was asked for."""
    return _no_tablet() if at is None else redirect(url_for("tablet.index"))


def _let_in(tablet: Tablet, name: str, number: str) -> TabletTurn | None:
    """Count the try in a transaction of its own, then judge it; a right pair is not charged.

    Raises:
        Refusal: where there were too many wrong ones.
    """
    now, turns = clock.now(), attempts.by_number(tablet.row.public_id, number)
    with writing() as own:
        until = attempts.take_turn(own, turns, now=now)
    if until is not None:
        raise Refusal.one(attempts.wait_in_words(until, now))
    row = db.session().get_one(TabletSession, tablet.row.id)
    turn = begin_turn(db.session(), tablet.scope, row, name, number, now=now)
    if turn is not None:
        attempts.forget(db.session(), turns, now=now)
    return turn


def _judge_password(tablet: Tablet, password: str) -> None:
    """Raise unless it is the password of the account that started the tablet.

    Raises:
        Refusal: for another one, or after too many.
    """
    now, turns = clock.now(), attempts.by_email(tablet.email, tablet.row.public_id)
    with writing() as own:
        until = attempts.take_turn(own, turns, now=now)
    if until is not None:
        raise Refusal.one(attempts.wait_in_words(until, now))
    with looking() as look:
        kept = look.get_one(Account, tablet.row.account_id).password
    if not kept or not verify_password(password, kept):
        raise Refusal.one("The password is wrong.", "password")
    with writing() as own:
        attempts.forget(own, turns, now=now)


def _wanted(at: At, person: Person, *, also_given: bool = False) -> list[ToRead]:
    """What the person has to read; with `also_given`, what they signed today too, so that a repeated act finds it."""
    database, scope = db.session(), at.tablet.scope
    today = clock.today(scope.time_zone)
    return to_read(database, scope, person, today, also_read_on=today if also_given else None)


def _one_of(wanted: list[ToRead], version: str) -> ToRead:
    for one in wanted:
        if one.version.public_id == version:
            return one
    raise NotFound(version)


def _text(at: At, found: ToRead, form: TurnForm) -> str:
    text = text_of(db.session(), at.tablet.scope, found.version.id)
    return at.shows(
        "tablet/read.html",
        without_script=600,
        found=found,
        clauses=from_json(text.clauses) if text else (),
        form=form,
    )
