"""Who may do what at a school: roles, invitations, and slips to hand to people without mail."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.granting import account_here, deactivate, grant_role, revoke_role
from governance.accounts.inviting import invite, invite_person, new_link, sign_in_name
from governance.accounts.links import LINK_LASTS
from governance.accounts.mailing import Mailing, can_be_mailed
from governance.accounts.models import Account
from governance.accounts.permissions import Permission, Role
from governance.accounts.queries import holders, unaccounted
from governance.clock import local_day
from governance.db import db
from governance.errors import Refusal
from governance.people.models import Person
from governance.people.rules import full_name
from governance.render import words
from governance.tenancy import in_school
from governance.web import access
from governance.web.access import actor, needs, scope
from governance.web.forms import (
    CheckboxesField,
    Choice,
    EmailField,
    Form,
    RadiosField,
    TickField,
    needed,
    refusals_into,
)
from governance.web.knocking import run_soon
from governance.web.requests import settings
from governance.web.slips import Slip, slip

screen = access.in_school("roles", section="settings")

_MAY = needs(Permission.KEEP_SETTINGS)
_ROLES = [(role.value, role.in_words) for role in Role if role is not Role.READER]
# Enough for a term's joiners; more are invited in several goes, since each slip is a password to keep.
_MOST_SLIPS = 200


# How a one-time link reaches its person.
_MAIL, _SLIP = "mail", "slip"
_NO_MAIL_SERVER = "No mail server is set: a mail would wait until one is."


class WayForm(Form):
    """How the link is to reach somebody."""

    way = RadiosField("How do they get their link?", choices=[(_MAIL, "By mail"), (_SLIP, "As a slip to print")])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(way=_MAIL if settings().smtp_url else _SLIP, **kwargs)
        self.way.description = "" if settings().smtp_url else _NO_MAIL_SERVER

    @property
    def mailing(self) -> Mailing | None:
        """What a mail needs; None for a slip."""
        return Mailing(settings().base_url, settings().secret_key) if self.way.data == _MAIL else None


class InviteForm(WayForm):
    """An address and what it may do."""

    email = EmailField("E-mail address", [needed("Enter an e-mail address.")])
    roles = CheckboxesField("Roles", choices=_ROLES)


class RoleForm(Form):
    """One role of one account."""

    role = Choice("Role", choices=_ROLES)


class PeopleForm(WayForm):
    """People to invite as readers."""

    way = RadiosField(
        "How do they get their links?",
        choices=[(_MAIL, "By mail, and slips for those without an e-mail address"), (_SLIP, "As slips to print")],
    )
    everybody = TickField("Everybody in this list")
    people = CheckboxesField("People")


@screen.get("/settings/roles", _MAY)
def index() -> ResponseReturnValue:
    """Everybody with an account here."""
    return render_template("accounts/roles.html", holders=holders(db.session(), scope(), now=clock.now()))


@screen.get("/settings/roles/invite", _MAY)
def invitation() -> ResponseReturnValue:
    """The form for an invitation."""
    return render_template("accounts/invite.html", form=InviteForm())


@screen.post("/settings/roles/invite", _MAY)
def send_invitation() -> ResponseReturnValue:
    """Make the account, and mail its link or show it as a slip, the only time that it is known."""
    form = InviteForm()
    if form.validate():
        with refusals_into(form):
            roles, way = [Role(role) for role in form.roles.data], form.mailing
            now, email = clock.now(), form.email.data
            made = invite(db.session(), scope(), actor(), email=email, roles=roles, mailing=way, now=now)
            return _handed_over(made.account.email, made.token)
    return render_template("accounts/invite.html", form=form), 422


@screen.get("/settings/roles/<public_id>", _MAY)
def show(public_id: str) -> ResponseReturnValue:
    """One account: its roles, and what can be done about it."""
    return _account_page(_account(public_id), RoleForm())


@screen.post("/settings/roles/<public_id>/grant", _MAY)
def grant(public_id: str) -> ResponseReturnValue:
    """Give a role."""
    account, form = _account(public_id), RoleForm()
    if form.validate():
        grant_role(db.session(), scope(), actor(), account, Role(form.role.data), now=clock.now())
        flash(f"{account.email} is now {Role(form.role.data).in_words.lower()}.")
        return redirect(url_for("roles.show", public_id=public_id))
    return _account_page(account, form), 422


@screen.post("/settings/roles/<public_id>/revoke", _MAY)
def revoke(public_id: str) -> ResponseReturnValue:
    """Take a role away."""
    account, form = _account(public_id), RoleForm()
    if form.validate():
        with refusals_into(form):
            revoke_role(db.session(), scope(), actor(), account, Role(form.role.data), now=clock.now())
            flash(f"{account.email} is no longer {Role(form.role.data).in_words.lower()}.")
            return redirect(url_for("roles.index"))
    return _account_page(_account(public_id), form), 422


@screen.post("/settings/roles/<public_id>/deactivate", _MAY)
def close(public_id: str) -> ResponseReturnValue:
    """Close the account at this school."""
    account = _account(public_id)
    email = account.email
    form = RoleForm()
    with refusals_into(form):
        deactivate(db.session(), scope(), actor(), account, now=clock.now())
        flash(f"{email} can no longer sign in here.")
        return redirect(url_for("roles.index"))
    return _account_page(_account(public_id), form), 422


@screen.post("/settings/roles/<public_id>/link", _MAY)
def fresh_link(public_id: str) -> ResponseReturnValue:
    """A new link, for somebody who lost theirs or forgot their password."""
    account = _account(public_id)
    form = WayForm()
    if form.validate():
        with refusals_into(form):
            token = new_link(db.session(), scope(), actor(), account, mailing=form.mailing, now=clock.now())
            return _handed_over(account.email, token)
    return _account_page(_account(public_id), RoleForm(), form), 422


@screen.get("/settings/roles/slips", _MAY)
def choose_people() -> ResponseReturnValue:
    """Everybody here without an account."""
    return _choice_page(_people_form())


@screen.post("/settings/roles/slips", _MAY)
def print_slips() -> ResponseReturnValue:
    """Accounts for those chosen, as readers: their links are mailed, or shown as slips to print."""
    form = _people_form()
    if form.validate():
        with refusals_into(form):
            everybody = [public_id for public_id, _ in form.people.choices]
            chosen = everybody if form.everybody.data else form.people.data
            slips, mailed = _invited(chosen, form.mailing)
            if mailed:
                run_soon()
                flash(f"Links for {words.plural(mailed, 'person', 'people')} go by mail. See Scheduled and sent.")
            return _slips(slips) if slips else redirect(url_for("roles.index"))
    return _choice_page(form), 422


def _handed_over(email: str, token: str | None) -> ResponseReturnValue:
    """What follows when a link was made: its slip, or word that it goes by mail."""
    if token is not None:
        return _slips([slip(email, email, token)])
    run_soon()
    flash(f"The link for {email} goes by mail. See Scheduled and sent.")
    return redirect(url_for("roles.index"))


def _invited(chosen: list[str], mailing: Mailing | None) -> tuple[list[Slip], int]:
    """Slips for those whose link does not go by mail, and how many do."""
    if not chosen:
        raise Refusal.one("Choose at least one person.", "people")
    if len(chosen) > _MOST_SLIPS:
        raise Refusal.one(f"Choose at most {_MOST_SLIPS} people at once.", "people")
    slips = []
    for public_id in chosen:
        person: Person = in_school(db.session(), Person, scope(), public_id)
        way = mailing if can_be_mailed(sign_in_name(person, scope())) else None
        invitation = invite_person(db.session(), scope(), actor(), person, mailing=way, now=clock.now())
        if invitation.token is not None:
            name = full_name(person.given_name, person.family_name)
            slips.append(slip(name, invitation.account.email, invitation.token))
    return slips, len(chosen) - len(slips)


def _people_form() -> PeopleForm:
    form = PeopleForm()
    people = unaccounted(db.session(), scope(), local_day(clock.now(), scope().time_zone))
    form.people.choices = [(one.public_id, f"{one.name}{'' if one.email else ' (no e-mail)'}") for one in people]
    if request.method == "GET":
        form.people.data = []
    return form


def _choice_page(form: PeopleForm) -> str:
    return render_template("accounts/choose_people.html", form=form)


def _slips(made: list[Slip]) -> str:
    until = local_day(clock.now() + LINK_LASTS, scope().time_zone)
    return render_template("accounts/slips.html", slips=made, until=until)


def _account(public_id: str) -> Account:
    return account_here(db.session(), scope(), public_id)


def _account_page(account: Account, form: RoleForm, way: WayForm | None = None) -> str:
    found = [one for one in holders(db.session(), scope(), now=clock.now()) if one.public_id == account.public_id]
    mailable = can_be_mailed(account.email)
    return render_template("accounts/account.html", holder=found[0], form=form, way=way or WayForm(), mailable=mailable)
