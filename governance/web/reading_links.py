"""Making links for people without an account: for one from their page, or for several of those who have not read."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.mailing import Mailing, can_be_mailed
from governance.accounts.permissions import Permission
from governance.accounts.queries import signing_in
from governance.clock import local_day
from governance.db import db
from governance.errors import refuse_if
from governance.mail.hours import leaves_at
from governance.mail.queries import mail as one_mail
from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.contacts import whom_to_ask
from governance.reading.link_letters import LinkLetter, printed
from governance.reading.links import KIND as MAILED
from governance.reading.links import (
    LETTER,
    MAIL,
    LinkLine,
    LinkState,
    close_links,
    latest_links,
    mail_links,
    objections_to_people,
    print_links,
    until_on,
)
from governance.reading.listed import workers
from governance.reading.mine import mine_at
from governance.reading.queries import outstanding
from governance.render.words import day, local, plural
from governance.tenancy import in_school as one_of
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.downloads import download
from governance.web.forms import CheckboxesField, Form, RadiosField, TickField, refusals_into
from governance.web.knocking import run_soon
from governance.web.requests import looking, settings

screen = in_school("reading_links", "reading")
KEEPS = needs(Permission.KEEP_READING)


class WayForm(Form):
    """How the links reach their people."""

    way = RadiosField(
        "How it reaches them",
        choices=[(MAIL, "By e-mail, from Monday to Friday between 7:30 and 17:00"), (LETTER, "As a letter to print")],
        default=MAIL,
    )


class SeveralForm(WayForm):
    """For whom links are made."""

    everybody = TickField("Everybody on this list")
    people = CheckboxesField("People")


@screen.get("/people/<person>/reading-link", KEEPS)
def show(person: str) -> str:
    """How somebody's link stands, and the form for a new one."""
    return _one(one_of(db.session(), Person, scope(), person), WayForm())


@screen.post("/people/<person>/reading-link", KEEPS)
def make(person: str) -> ResponseReturnValue:
    """Make a link: a mail is queued, or a letter is handed back to print."""
    with looking() as look:
        found: Person = one_of(look, Person, scope(), person)
    form = WayForm()
    if form.validate():
        with refusals_into(form):
            return _made(form, [found]) or redirect(url_for("reading_links.show", person=person))
    return _one(one_of(db.session(), Person, scope(), person), form), 422


@screen.post("/people/<person>/reading-link/close", KEEPS)
def close(person: str) -> ResponseReturnValue:
    """Close somebody's link."""
    found, form = one_of(db.session(), Person, scope(), person), WayForm()
    with refusals_into(form):
        close_links(db.session(), scope(), actor(), found, clock.now())
        flash("The link is closed.")
        return redirect(url_for("reading_links.show", person=person))
    return _one(one_of(db.session(), Person, scope(), person), form), 422


@screen.get("/reading/links", KEEPS)
def several() -> str:
    """Everybody who has something to read and cannot sign in."""
    form = SeveralForm()
    lines = _choices(form)
    if request.method == "GET":
        form.people.data = []
    return render_template("reading/links.html", form=form, lines=lines)


@screen.post("/reading/links", KEEPS)
def make_several() -> ResponseReturnValue:
    """Make links for those chosen, or for none where one of them cannot have one."""
    form = SeveralForm()
    lines = _choices(form)
    db.session.rollback()
    if form.validate():
        with refusals_into(form):
            return _made(form, _chosen(form)) or redirect(url_for("reading_links.several"))
    return render_template("reading/links.html", form=form, lines=lines), 422


def _chosen(form: SeveralForm) -> list[Person]:
    """Those ticked; with everybody by e-mail, those who have an address: the others stay on the list for letters."""
    everybody = [public_id for public_id, _ in form.people.choices]
    with looking() as look:
        ids = everybody if form.everybody.data else form.people.data or []
        people: list[Person] = [one_of(look, Person, scope(), public_id) for public_id in ids]
    if form.everybody.data and form.way.data == MAIL:
        mailable = [person for person in people if can_be_mailed(person.email or "")]
        if len(mailable) < len(people):
            left = plural(len(people) - len(mailable), "person has", "people have")
            flash(f"{left} no e-mail address: print letters for them.")
        return mailable
    return people


def _made(form: WayForm, people: Sequence[Person]) -> ResponseReturnValue | None:
    """Make the links. Letters are laid out first, outside any transaction; their links are made once they are there."""
    now = clock.now()
    if form.way.data == MAIL:
        mailing = Mailing(settings().base_url, settings().secret_key)
        count = mail_links(db.session(), scope(), actor(), people, mailing, now)
        run_soon()
        leaves = leaves_at(MAILED, now, scope().time_zone)
        when = "" if leaves <= now else f", on {local(leaves, scope().time_zone)}; closing a link takes its mail back"
        seen = " See Scheduled and sent." if allowed(Permission.SCHEDULE) else ""
        flash(f"{plural(count, 'link goes', 'links go')} by mail{when}.{seen}")
        return None
    tokens = {person.id: secrets.token_urlsafe(32) for person in people}
    letters = _letters(people, tokens)
    document = printed(letters, local_day(now, scope().time_zone), now)
    print_links(db.session(), scope(), actor(), people, tokens, now)
    name = letters[0].name if len(letters) == 1 else f"{len(letters)} people"
    return download(document, "application/pdf", f"Reading link for {name}.pdf")


def _letters(people: Sequence[Person], tokens: dict[int, str]) -> list[LinkLetter]:
    now = clock.now()
    today = local_day(now, scope().time_zone)
    with looking() as look:
        refuse_if(objections_to_people(look, scope(), people, now))
        whom = whom_to_ask(look, scope(), None, today).whom
        letters = []
        for person in people:
            mine = mine_at(look, scope(), person.id, today)
            letters.append(
                LinkLetter(
                    school=scope().name,
                    name=full_name(person.given_name, person.family_name),
                    count=len(mine.to_read) or len(mine.coming),
                    due_on=mine.first_due_on,
                    until_on=until_on(LETTER, today),
                    address=f"{settings().base_url}/to-read/{tokens[person.id]}",
                    whom=whom,
                )
            )
    return letters


def _one(person: Person, form: WayForm) -> str:
    session, now = db.session(), clock.now()
    today = local_day(now, scope().time_zone)
    link = latest_links(session, scope(), now, [person.id]).get(person.id)
    if not can_be_mailed(person.email or "") and request.method == "GET":
        form.way.data = LETTER
    return render_template(
        "reading/link.html",
        person=person,
        name=full_name(person.given_name, person.family_name),
        form=form,
        link=link,
        works=link is not None and link.state is LinkState.OPEN,
        mail=one_mail(session, scope(), link.mail).line if link is not None and link.mail else None,
        mine=mine_at(session, scope(), person.id, today),
        signs_in=person.id in signing_in(session, scope()),
    )


def _choices(form: SeveralForm) -> list[LinkLine]:
    """Put those without an account on the form; the newest links of those among them who asked for a new one."""
    session, now = db.session(), clock.now()
    today = local_day(now, scope().time_zone)
    count: dict[int, int] = {}
    for row in outstanding(session, scope(), today):
        count[row.person_id] = count.get(row.person_id, 0) + 1
    accounts, links = signing_in(session, scope()), latest_links(session, scope(), now)
    asking = {one.person_id for one in links.values() if one.asked_again_on and one.state is not LinkState.OPEN}
    found = workers(session, scope(), today, (set(count) | asking) - accounts)
    form.people.choices = [
        (
            worker.person.public_id,
            _said(worker.person.name, worker.person.email, count.get(number, 0), links.get(number)),
        )
        for number, worker in found.items()
    ]
    return [links[number] for number in found if number in asking]


def _said(name: str, email: str | None, count: int, link: LinkLine | None) -> str:
    about = [f"{count} to read", "" if can_be_mailed(email or "") else "no e-mail"]
    if link is not None and link.state is LinkState.OPEN:
        about.append(f"has a link until {day(link.until_on)}")
    if link is not None and link.asked_again_on and link.state is not LinkState.OPEN:
        about.append(f"asked for a new link on {day(link.asked_again_on)}")
    return f"{name} ({', '.join(one for one in about if one)})"
