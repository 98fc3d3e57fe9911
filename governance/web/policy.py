"""One policy: what is in force and since when, who decided it, its versions, who must read it, what belongs to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.queries import OF_DRAFTS, Filters, every_policy, policy_row, timeline
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.packs.website_facts import offered
from governance.people.models import Post
from governance.people.offices import current_holder
from governance.policies import actions
from governance.policies.contacts import whom_to_ask
from governance.policies.models import Policy
from governance.policies.queries import all_policies, dates_stated, files_of
from governance.policies.related import cited_by, relate, relate_to, related_to, unrelate
from governance.policies.rules import Kind, wording_of
from governance.policies.safeguarding import is_about_safeguarding, title_says_safeguarding
from governance.reading.ruled import in_few_words, rules_of
from governance.schools.models import GoverningBody
from governance.tenancy import in_school as one_of
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.forms import (
    Choice,
    DayField,
    Form,
    NumberField,
    RadiosField,
    TextArea,
    TextField,
    needed,
    refusals_into,
)

F = TypeVar("F", bound=Form)

screen = in_school("policy", "register")
SEES, KEEPS = needs(Permission.SEE_REGISTER), needs(Permission.KEEP_POLICIES)


class Details(Form):
    """What may change without a decision."""

    title = TextField("Title")
    kind = Choice("Kind", choices=[(kind.value, kind.in_words) for kind in Kind])
    owner = Choice("Owner", description="A post, whoever holds it.")
    body = Choice("Approving body")
    review_every_months = NumberField(
        "Reviewed every (months)", not_number="Enter a whole number of months from 1 to 60."
    )
    wording = TextArea("What a reader confirms", description="Leave empty for “I have read and understood”.")
    safeguarding = RadiosField(
        "Is it about safeguarding?",
        choices=[("", "Go by its title"), ("yes", "Yes, always"), ("no", "No, never")],
        default="",
        description="The inspection file shows by name who has read each policy that is.",
    )

    @property
    def said_of_safeguarding(self) -> bool | None:
        """What was chosen; None to go by the title."""
        return {"yes": True, "no": False}.get(self.safeguarding.data or "")


class Related(Form):
    """A policy to be read with this one."""

    target = Choice("From the register")
    cited = TextField(
        "Or by its title", description="It shows as missing until a policy of that title is in the register."
    )


class Retire(Form):
    """The end of a policy."""

    retired_on = DayField(
        "Last day in use",
        [needed("Enter the last day on which it was in use.")],
        description="For example 31 August 2026",
    )
    replaced_by = Choice("Replaced by")


def the_policy(policy: str) -> Policy:
    """This school's policy by its public identifier, or the same 404 as for none."""
    found: Policy = one_of(db.session(), Policy, scope(), policy)
    return found


def may_prepare(policy: Policy) -> bool:
    """Whether the person looking keeps policies, or holds the post that owns this one."""
    if allowed(Permission.KEEP_POLICIES):
        return True
    if policy.owner_post_id is None or actor().person_id is None:
        return False
    holder = current_holder(db.session(), scope(), policy.owner_post_id, clock.today(scope().time_zone))
    return holder is not None and holder.id == actor().person_id


@screen.get("/policies/<policy>", SEES)
def show(policy: str) -> str:
    """The policy's page."""
    session, today, found = db.session(), clock.today(scope().time_zone), the_policy(policy)
    row = policy_row(session, scope(), today, found.id)
    if row is None:
        raise NotFound(policy)
    versions, seen = timeline(session, scope(), found), None
    if not allowed(Permission.SEE_DRAFTS):
        versions = [one for one in versions if any(d.in_force_from and d.stands for d in one.decisions)]
        if not versions:
            raise NotFound(policy)
        row = replace(row, flags=tuple(flag for flag in row.flags if flag not in OF_DRAFTS))
        seen = {one.policy_id for one in every_policy(session, scope(), today, Filters(drafts=False))}
    newest = versions[0].version.id if versions else None
    return render_template(
        "policies/show.html",
        policy=found,
        row=row,
        versions=versions,
        files=files_of(session, scope(), [one.version.id for one in versions]),
        dates=dates_stated(session, scope(), newest) if newest else [],
        related=related_to(session, scope(), [found.id])[found.id],
        backlinks=[one for one in cited_by(session, scope(), found.id) if seen is None or one.id in seen],
        seen=seen,
        website=None if found.retired_on else offered(session, scope(), row.version_id),
        prepares=may_prepare(found),
        readers=in_few_words(rules_of(session, scope(), [found.id])[found.id], today),
        wording=wording_of(found.wording),
        safeguarding=is_about_safeguarding(found.title, found.safeguarding),
        asked=whom_to_ask(session, scope(), found.id, today),
        today=today,
    )


@screen.get("/policies/<policy>/details", KEEPS)
def details(policy: str) -> str:
    """Change what no decision fixes."""
    found = the_policy(policy)
    form = Details(
        title=found.title, kind=found.kind, review_every_months=found.review_every_months, wording=found.wording or ""
    )
    form.safeguarding.data = {None: "", True: "yes", False: "no"}[found.safeguarding]
    _owners(form)
    form.owner.data = _public(Post, found.owner_post_id)
    form.body.data = _public(GoverningBody, found.approving_body_id)
    return _details(found, form)


@screen.post("/policies/<policy>/details", KEEPS)
def change(policy: str) -> ResponseReturnValue:
    """Record the changed details."""
    found, form = the_policy(policy), _owners(Details())
    if form.validate():
        with refusals_into(form):
            owner = one_of(db.session(), Post, scope(), form.owner.data) if form.owner.data else None
            body = one_of(db.session(), GoverningBody, scope(), form.body.data) if form.body.data else None
            new = actions.NewPolicy(
                title=form.title.data or "",
                kind=form.kind.data,
                reference=found.reference,
                owner_post_id=owner.id if owner else None,
                approving_body_id=body.id if body else None,
                review_every_months=form.review_every_months.data,
                wording=(form.wording.data or "").strip() or None,
                safeguarding=form.said_of_safeguarding,
            )
            actions.change_policy(db.session(), scope(), actor(), found, new, clock.now())
            flash("The details are changed.")
            return redirect(url_for("policy.show", policy=policy))
    return _details(found, form), 422


@screen.get("/policies/<policy>/related", KEEPS)
def related(policy: str) -> str:
    """What it is to be read with."""
    return _related(the_policy(policy), Related())


@screen.post("/policies/<policy>/related", KEEPS)
def add_related(policy: str) -> ResponseReturnValue:
    """Add a policy to be read with this one."""
    session, found, form = db.session(), the_policy(policy), _targets(Related())
    if form.validate():
        with refusals_into(form):
            if not form.target.data and not form.cited.data:
                raise Refusal.one("Choose a policy from the register, or enter a title.", "cited")
            if form.target.data:
                relate_to(session, scope(), actor(), found, the_policy(form.target.data), clock.now())
            else:
                _cite(found, form.cited.data or "")
            flash("The list is changed.")
            return redirect(url_for("policy.related", policy=policy))
    return _related(found, form), 422


@screen.post("/policies/<policy>/related/<int:row>/remove", KEEPS)
def remove_related(policy: str, row: int) -> ResponseReturnValue:
    """Take one off the list."""
    unrelate(db.session(), scope(), actor(), the_policy(policy), row, clock.now())
    flash("It is off the list.")
    return redirect(url_for("policy.related", policy=policy))


@screen.get("/policies/<policy>/retire", KEEPS)
def retire(policy: str) -> str:
    """Say that a policy is no longer in use."""
    return render_template("policies/retire.html", policy=the_policy(policy), form=_targets(Retire()))


@screen.post("/policies/<policy>/retire", KEEPS)
def record_retired(policy: str) -> ResponseReturnValue:
    """Record its last day."""
    session, found, form = db.session(), the_policy(policy), _targets(Retire())
    if form.validate():
        with refusals_into(form):
            other = the_policy(form.replaced_by.data) if form.replaced_by.data else None
            assert form.retired_on.data is not None
            today = clock.today(scope().time_zone)
            actions.retire(
                session,
                scope(),
                actor(),
                found,
                retired_on=form.retired_on.data,
                replaced_by=other,
                today=today,
                now=clock.now(),
            )
            flash(f"{found.title} is retired.")
            return redirect(url_for("policy.show", policy=policy))
    return render_template("policies/retire.html", policy=found, form=form), 422


def _details(found: Policy, form: Details) -> str:
    """The form, saying what going by the title comes to for the title that is recorded."""
    says = "yes" if title_says_safeguarding(found.title) else "no"
    form.safeguarding.choices = [("", f"Go by its title (now: {says})"), *form.safeguarding.choices[1:]]
    return render_template("policies/details.html", policy=found, form=form)


def _cite(found: Policy, title: str) -> None:
    if not relate(db.session(), scope(), actor(), found, [title], clock.now()):
        raise Refusal.one(f"{title} is already listed.", "cited")


def _related(found: Policy, form: Related) -> str:
    cited = related_to(db.session(), scope(), [found.id])[found.id]
    return render_template("policies/related.html", policy=found, form=_targets(form), related=cited)


def _targets(form: F) -> F:
    own = request.view_args["policy"] if request.view_args else ""
    choices = [
        (one.public_id, f"{one.title} ({one.reference})")
        for one in all_policies(db.session(), scope())
        if one.public_id != own and one.retired_on is None
    ]
    for name in ("target", "replaced_by"):
        if name in form:
            form[name].choices = [("", "None"), *choices]
    return form


def _owners(form: Details) -> Details:
    for field, model, nobody in ((form.owner, Post, "No owner yet"), (form.body, GoverningBody, "Not set")):
        mine = select(model.public_id, model.name).where(model.organisation_id == scope().organisation_id)
        named = db.session().execute(mine.where(model.ended_on.is_(None)).order_by(model.name_key))
        field.choices = [("", nobody), *((public_id, name) for public_id, name in named)]
    return form


def _public(model: type[Post] | type[GoverningBody], row_id: int | None) -> str:
    if row_id is None:
        return ""
    return db.session().scalar(select(model.public_id).where(model.id == row_id)) or ""
