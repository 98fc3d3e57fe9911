"""What a visitor sees on their own phone, under the address on the poster: who they are, what to read, what they signed.

    scan ─▶ name, agency, purpose ─▶ read and sign, one after another ─▶ “Show this at reception”

Nobody is signed in here. The phone's cookie stands for one visit on its day and opens nothing else. The page is the same
whoever looks: nobody's name is looked up, and opening an address changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts import attempts
from governance.db import db, narrow, writing
from governance.errors import NotFound, Refusal
from governance.extract.clauses import from_json
from governance.policies.models import PolicyVersion
from governance.policies.queries import files_of, text_of
from governance.reading.acknowledging import shown_now
from governance.reception.addresses import school_at
from governance.reception.arriving import begin_visit, sign, visit_behind
from governance.reception.models import Visit
from governance.reception.queries import Row, one_visitor
from governance.reception.rules import Visitor
from governance.reception.short_set import ToRead, short_set
from governance.reception.visits import course_of
from governance.tenancy import Scope
from governance.web import access
from governance.web.access import PUBLIC
from governance.web.documents import file_of
from governance.web.forms import Form, TextField, refusals_into
from governance.web.reading_page import AsServed
from governance.web.requests import looking

screen = access.outside("reception")
_VISIT = "visit"  # what the phone's cookie carries


class ArrivalForm(Form):
    """What a visitor tells. No e-mail address is asked for, and one of the two names is enough."""

    given_name = TextField("Given name")
    family_name = TextField("Family name")
    agency = TextField("Agency or organisation", description="Leave it empty if you come from none.")
    purpose = TextField("What are you here for?", description="For example to teach Year 4 today.")

    @property
    def visitor(self) -> Visitor:
        """What was typed."""
        fields = (self.given_name, self.family_name, self.agency, self.purpose)
        return Visitor(*(field.data or "" for field in fields))


class SignatureForm(AsServed):
    """The act: the visitor's name, never filled in beforehand."""

    typed_name = TextField("Type your name")


@dataclass(frozen=True)
class Here:
    """The school of a poster's address, and the visit of this phone, if there is one today."""

    scope: Scope
    colour: str | None
    poster: str
    visit: Visit | None

    def shows(self, template: str, **values: Any) -> str:
        """A page under the school's name, of which the address is all that links anywhere."""
        return render_template(
            template,
            school_name=self.scope.name,
            colour=self.colour,
            own_home=url_for("reception.arrive", poster=self.poster),
            poster=self.poster,
            visit=self.visit,
            **values,
        )


@screen.get("/reception/<poster>", PUBLIC)
def arrive(poster: str) -> ResponseReturnValue:
    """The form that everybody gets who scans the poster; a phone with a visit goes on with it."""
    here = _here(poster)
    if here is None:
        return _dead()
    if here.visit is not None:
        return redirect(url_for("reception.reading", poster=poster))
    return here.shows("reception/arrive.html", form=ArrivalForm())


@screen.post("/reception/<poster>", PUBLIC)
def begin(poster: str) -> ResponseReturnValue:
    """Begin a visit. The same form sent again by the same phone goes on with the first."""
    here, now = _here(poster), clock.now()
    if here is None:
        return _dead()
    if here.visit is not None:
        return redirect(url_for("reception.reading", poster=poster))
    form = ArrivalForm()
    if form.validate():
        with refusals_into(form):
            _take_turn(attempts.by_poster(here.poster, request.remote_addr or ""))
            begun = begin_visit(db.session(), here.scope, form.visitor, now=now)
            session[_VISIT], session.permanent = begun.token, True
            return redirect(url_for("reception.reading", poster=poster))
    return here.shows("reception/arrive.html", form=form), 422


@screen.get("/reception/<poster>/reading", PUBLIC)
def reading(poster: str) -> ResponseReturnValue:
    """What there is to read and what was signed."""
    here = _here(poster)
    if here is None or here.visit is None:
        return _start_again(here)
    row, wanted = _row(here, here.visit), _wanted(here)
    return here.shows("reception/reading.html", row=row, wanted=wanted, next=_next(wanted, row))


@screen.get("/reception/<poster>/reading/<version>", PUBLIC)
def read(poster: str, version: str) -> ResponseReturnValue:
    """One text, and the signature at its end."""
    here = _here(poster)
    if here is None or here.visit is None:
        return _start_again(here)
    found = _of_short_set(here, version)
    form = SignatureForm()
    fill_again(here.scope, found, form)
    return _text(here, here.visit, found, form)


@screen.post("/reception/<poster>/reading/<version>", PUBLIC)
def confirm(poster: str, version: str) -> ResponseReturnValue:
    """Sign it, and lead to what is next."""
    here, now = _here(poster), clock.now()
    if here is None or here.visit is None:
        return _start_again(here)
    visit_id, form = here.visit.id, SignatureForm()
    if form.validate():
        with refusals_into(form):
            _take_turn(attempts.by_visit(here.visit.public_id))
            visit = db.session().get_one(Visit, visit_id)
            found, typed = _of_short_set(here, version), form.typed_name.data or ""
            sign(db.session(), here.scope, visit, found.version, form.shown, typed, parts=form.bits, now=now)
            left = _next(_wanted(here), _row(here, visit))
            return redirect(_address_of(poster, left))
    return _refused(here, db.session().get_one(Visit, visit_id), version, form), 422


@screen.get("/reception/<poster>/shown", PUBLIC)
def shown(poster: str) -> ResponseReturnValue:
    """What the visitor shows at reception: their name, and the references of what they signed."""
    here = _here(poster)
    if here is None or here.visit is None:
        return _start_again(here)
    row = _row(here, here.visit)
    return here.shows("reception/shown.html", row=row, signed=[one for one in row.signed if one.withdrawn is None])


@screen.get("/reception/<poster>/reading/<version>/files/<document>", PUBLIC)
def original(poster: str, version: str, document: str) -> ResponseReturnValue:
    """A file of a text that there is to read, for what can only be read in its original form."""
    here = _here(poster)
    if here is None or here.visit is None:
        return _start_again(here)
    answer: Response = file_of(here.scope, _of_short_set(here, version).version, document)
    return answer


def _here(poster: str) -> Here | None:
    """The school behind an address and the visit behind the cookie; from here on the session sees that school alone."""
    with looking() as look:
        found = school_at(look, poster)
        if found is None:
            return None
        school, colour = found
        narrow(look, school.organisation_id)
        token = session.get(_VISIT)
        visit = visit_behind(look, school, token, now=clock.now()) if isinstance(token, str) else None
    narrow(db.session(), school.organisation_id)
    return Here(school, colour, poster, visit)


def _dead() -> ResponseReturnValue:
    """The plain page for an address that was replaced, cut short or never made (bad-input row 64)."""
    return render_template("reception/dead.html"), 404


def _start_again(here: Here | None) -> ResponseReturnValue:
    """To the first page, for a phone without a visit today."""
    return _dead() if here is None else redirect(url_for("reception.arrive", poster=here.poster))


def _take_turn(turns: attempts.Turns) -> None:
    """Count the act in a transaction of its own, before the act has one.

    Raises:
        Refusal: where there were too many.
    """
    now = clock.now()
    with writing() as own:
        until = attempts.take_turn(own, turns, now=now)
    if until is not None:
        raise Refusal.one(attempts.busy_in_words(until, now))


def _row(here: Here, visit: Visit) -> Row:
    return one_visitor(db.session(), here.scope, visit, clock.today(here.scope.time_zone))


def _wanted(here: Here) -> list[ToRead]:
    """What there is to read; for a visitor who is recorded already, in the parts asked of them."""
    who = course_of(db.session(), here.visit).who if here.visit is not None else None
    return short_set(db.session(), here.scope, clock.today(here.scope.time_zone), who.person_id if who else None)


def _next(wanted: list[ToRead], row: Row) -> ToRead | None:
    """The first text that was not read."""
    return next((one for one in wanted if one.policy_id in row.unread_ids), None)


def _address_of(poster: str, left: ToRead | None) -> str:
    if left is None:
        return url_for("reception.shown", poster=poster)
    return url_for("reception.read", poster=poster, version=left.version.public_id)


def _of_short_set(here: Here, version: str) -> ToRead:
    """A text that there is to read; any other version is no more here than none."""
    for one in _wanted(here):
        if one.version.public_id == version:
            return one
    raise NotFound(version)


def _refused(here: Here, visit: Visit, version: str, form: SignatureForm) -> str:
    """The text again."""
    found = _of_short_set(here, version)
    fill_again(here.scope, found, form)
    return _text(here, visit, found, form)


def fill_again(school: Scope, found: ToRead, form: SignatureForm) -> None:
    """What is served now. Where that is something else than was confirmed, the name has to be typed anew."""
    if form.serve(shown_now(db.session(), school, found.version, found.parts), found.parts):
        form.typed_name.data = ""


def _text(here: Here, visit: Visit, found: ToRead, form: SignatureForm) -> str:
    database, version = db.session(), found.version
    text = text_of(database, here.scope, version.id)
    wanted, row = _wanted(here), _row(here, visit)
    return here.shows(
        "reception/read.html",
        found=found,
        version=_described(version),
        clauses=from_json(text.clauses) if text else (),
        files=files_of(database, here.scope, [version.id])[version.id],
        form=form,
        number=[one.policy_id for one in wanted].index(found.policy_id) + 1,
        count=len(wanted),
        unread=found.policy_id in row.unread_ids,
        next=_next(wanted, row),
    )


def _described(version: PolicyVersion) -> str:
    return version.label or str(version.number)
