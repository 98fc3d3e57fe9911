"""Governing bodies and who sits on them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.people import membership
from governance.people.models import BodyMember, Person
from governance.people.offices import Seat, seats
from governance.people.rules import Office
from governance.schools import actions
from governance.schools.models import GoverningBody
from governance.schools.queries import bodies, meetings
from governance.schools.rules import KINDS
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import Choice, DayField, Form, RadiosField, TextField, needed, refusals_into
from governance.web.people_forms import DAY_HINT, day_in, people_choices

screen = in_school("bodies", "meetings")
SEES = needs(Permission.SEE_DRAFTS)
KEEPS = needs(Permission.KEEP_MEETINGS)

_OFFICES = [(office.value, office.in_words) for office in Office]


class BodyForm(Form):
    """A board or committee."""

    name = TextField("Name", description="As the school calls it, for example Resources Committee.")
    kind = RadiosField("What is it?", choices=list(KINDS.items()), default="board")


class NameForm(Form):
    """Another name for a body."""

    name = TextField("Name")
    why = RadiosField(
        "What happened?",
        [needed("Choose whether it has a new name or the old one was written wrongly.")],
        choices=[
            ("renamed", "It has a new name: what it did before stays under the old one"),
            ("mended", "The old name was written wrongly: it never had it"),
        ],
    )
    since = DayField("First day of the new name", description="Only where it has a new name. " + DAY_HINT)

    def validate_since(self, field: DayField) -> None:
        """A new name began on some day."""
        if self.why.data == "renamed" and field.data is None:
            raise ValidationError("Enter the first day of the new name.")


class TermForm(Form):
    """An office and its term."""

    office = Choice("Office", choices=[("", "Choose an office"), *_OFFICES])
    from_on = DayField("First day of the term", [needed("Enter the first day of the term.")], description=DAY_HINT)
    until_on = DayField("Last day of the term", description="Leave empty where no end is set.")


class EndForm(Form):
    """The end of a body."""

    ended_on = DayField("Last day", [needed("Enter its last day.")], description=DAY_HINT)


class SeatForm(TermForm):
    """Somebody new on a body."""

    person = Choice("Who", [needed("Choose a person.")])


@screen.get("/bodies", SEES)
def index() -> str:
    """Every body with its chair and clerk."""
    today = clock.today(scope().time_zone)
    sitting: dict[int, list[Seat]] = {}
    for seat in seats(db.session(), scope(), day=today):
        sitting.setdefault(seat.body_id, []).append(seat)
    coming = {row.body_id: row for row in reversed(meetings(db.session(), scope(), from_on=today))}
    listed = bodies(db.session(), scope())
    return render_template("bodies/index.html", bodies=listed, sitting=sitting, coming=coming, today=today, kinds=KINDS)


@screen.get("/bodies/new", KEEPS)
def start() -> str:
    """The form for a further body."""
    return render_template("bodies/new.html", form=BodyForm())


@screen.post("/bodies/new", KEEPS)
def make() -> ResponseReturnValue:
    """Set up a body."""
    form = BodyForm()
    if form.validate():
        with refusals_into(form):
            name, kind = form.name.data or "", form.kind.data
            made = actions.make_body(db.session(), scope(), actor(), name=name, kind=kind, now=clock.now())
            flash(f"{made.name} is set up. Now say who sits on it.")
            return redirect(url_for("bodies.show", body=made.public_id))
    return render_template("bodies/new.html", form=form), 422


@screen.get("/bodies/<body>", SEES)
def show(body: str) -> str:
    """Who sits on a body, who did, and when it meets next."""
    found, today = _body(body), clock.today(scope().time_zone)
    everybody = seats(db.session(), scope(), body_id=found.id)
    now = [seat for seat in everybody if seat.until_on is None or seat.until_on >= today]
    past = [seat for seat in everybody if seat not in now]
    coming = meetings(db.session(), scope(), from_on=today, body_id=found.id)
    return render_template("bodies/show.html", body=found, now=now, past=past, coming=coming, today=today)


@screen.get("/bodies/<body>/rename", KEEPS)
def naming(body: str) -> str:
    """The form for another name."""
    found = _body(body)
    return render_template("bodies/rename.html", body=found, form=NameForm(name=found.name))


@screen.post("/bodies/<body>/rename", KEEPS)
def rename(body: str) -> ResponseReturnValue:
    """Give a body another name."""
    found, form = _body(body), NameForm()
    if form.validate():
        with refusals_into(form):
            name, since = form.name.data or "", form.since.data if form.why.data == "renamed" else None
            actions.rename_body(db.session(), scope(), actor(), found, name=name, since=since, now=clock.now())
            flash("The name is saved.")
            return redirect(url_for("bodies.show", body=body))
    return render_template("bodies/rename.html", body=_body(body), form=form), 422


@screen.get("/bodies/<body>/end", KEEPS)
def ending(body: str) -> str:
    """The form for a body's last day."""
    return render_template("bodies/end.html", body=_body(body), form=EndForm())


@screen.post("/bodies/<body>/end", KEEPS)
def end(body: str) -> ResponseReturnValue:
    """Say that a body was dissolved."""
    found, form = _body(body), EndForm()
    if form.validate():
        with refusals_into(form):
            last = day_in(form.ended_on)
            actions.end_body(db.session(), scope(), actor(), found, ended_on=last, now=clock.now())
            flash("The last day is recorded.")
            return redirect(url_for("bodies.show", body=body))
    return render_template("bodies/end.html", body=_body(body), form=form), 422


@screen.get("/bodies/<body>/seats/new", KEEPS)
def seating(body: str) -> str:
    """The form to seat somebody."""
    return render_template("bodies/seat.html", body=_body(body), form=_seat_form(), seat=None)


@screen.post("/bodies/<body>/seats/new", KEEPS)
def seat(body: str) -> ResponseReturnValue:
    """Give somebody an office on a body."""
    found, form = _body(body), _seat_form()
    if form.validate():
        with refusals_into(form):
            membership.seat_member(
                db.session(),
                scope(),
                actor(),
                found,
                one_of(db.session(), Person, scope(), form.person.data),
                office=form.office.data,
                from_on=day_in(form.from_on),
                until_on=form.until_on.data,
                now=clock.now(),
            )
            flash("The term is recorded.")
            return redirect(url_for("bodies.show", body=body))
    return render_template("bodies/seat.html", body=_body(body), form=form, seat=None), 422


@screen.get("/bodies/<body>/seats/<seat>", KEEPS)
def term(body: str, seat: str) -> str:
    """The form to put a term right or end it."""
    held = _seat(body, seat)
    form = TermForm(data={"office": held.office, "from_on": held.from_on, "until_on": held.until_on})
    return _term_page(held, form)


@screen.post("/bodies/<body>/seats/<seat>", KEEPS)
def correct(body: str, seat: str) -> ResponseReturnValue:
    """Put a term right, or end it."""
    held, form = _seat(body, seat), TermForm()
    if form.validate():
        with refusals_into(form):
            membership.correct_membership(
                db.session(),
                scope(),
                actor(),
                held,
                office=form.office.data,
                from_on=day_in(form.from_on),
                until_on=form.until_on.data,
                now=clock.now(),
            )
            flash("The term is saved.")
            return redirect(url_for("bodies.show", body=body))
    return _term_page(_seat(body, seat), form), 422


def _body(body: str) -> GoverningBody:
    found: GoverningBody = one_of(db.session(), GoverningBody, scope(), body)
    return found


def _seat(body: str, seat: str) -> BodyMember:
    held: BodyMember = one_of(db.session(), BodyMember, scope(), seat)
    if held.body_id != _body(body).id:
        raise NotFound(seat)
    return held


def _seat_form() -> SeatForm:
    form = SeatForm()
    form.person.choices = [("", "Choose a person"), *people_choices()]
    return form


def _term_page(held: BodyMember, form: TermForm) -> str:
    body = db.session().get_one(GoverningBody, held.body_id)
    person = db.session().get_one(Person, held.person_id)
    return render_template("bodies/term.html", body=body, person=person, seat=held, form=form)
