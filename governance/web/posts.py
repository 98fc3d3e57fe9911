"""Posts that own policies, and who holds them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.people import posts
from governance.people.models import Person, Post, PostHolder
from governance.people.offices import PostRow, posts_on
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import Choice, DayField, Form, TextField, needed, refusals_into
from governance.web.people_forms import DAY_HINT, day_in, people_choices

screen = in_school("posts", "people")
SEES = needs(Permission.SEE_PEOPLE)
KEEPS = needs(Permission.KEEP_PEOPLE)


class PostForm(Form):
    """A post."""

    name = TextField("Name", description="For example Designated safeguarding lead.")


class HolderForm(Form):
    """Who holds a post from now on."""

    person = Choice("Who", [needed("Choose a person.")])
    from_on = DayField("From", [needed("Enter the first day.")], description=DAY_HINT)
    until_on = DayField("Until", description="The last day. Leave empty where none is set.")


class VacateForm(Form):
    """The end of a holding."""

    until_on = DayField("Last day", [needed("Enter the last day.")], description=DAY_HINT)


class EndForm(Form):
    """The end of a post."""

    ended_on = DayField("Last day", [needed("Enter its last day.")], description=DAY_HINT)


@screen.get("/posts", SEES)
def index() -> str:
    """Every post with its holder; the vacant ones stand out."""
    listed = posts_on(db.session(), scope(), clock.today(scope().time_zone))
    return render_template("bodies/posts.html", posts=listed, form=PostForm())


@screen.post("/posts", KEEPS)
def make() -> ResponseReturnValue:
    """Set up a post. It is vacant at first."""
    form = PostForm()
    if form.validate():
        with refusals_into(form):
            made = posts.make_post(db.session(), scope(), actor(), name=form.name.data or "", now=clock.now())
            flash(f"{made.name} is set up, and vacant until somebody takes it.")
            return redirect(url_for("posts.show", post=made.public_id))
    listed = posts_on(db.session(), scope(), clock.today(scope().time_zone))
    return render_template("bodies/posts.html", posts=listed, form=form), 422


@screen.get("/posts/<post>", KEEPS)
def show(post: str) -> str:
    """Who holds a post, and the forms to change that."""
    return _page(post)


@screen.post("/posts/<post>/holder", KEEPS)
def take(post: str) -> ResponseReturnValue:
    """Give the post to somebody; whoever had it ceases the day before."""
    found, form = _post(post), _holder_form()
    if form.validate():
        with refusals_into(form):
            person: Person = one_of(db.session(), Person, scope(), form.person.data)
            posts.hold_post(
                db.session(),
                scope(),
                actor(),
                found,
                person,
                from_on=day_in(form.from_on),
                until_on=form.until_on.data,
                now=clock.now(),
            )
            flash("The holder is recorded.")
            return redirect(url_for("posts.index"))
    return _page(post, holder=form), 422


@screen.post("/posts/<post>/vacate/<holding>", KEEPS)
def vacate(post: str, holding: str) -> ResponseReturnValue:
    """End somebody's holding of the post."""
    held: PostHolder = one_of(db.session(), PostHolder, scope(), holding)
    if held.post_id != _post(post).id:
        raise NotFound(holding)
    form = VacateForm(prefix="vacate")
    if form.validate():
        with refusals_into(form):
            last = day_in(form.until_on)
            posts.vacate_post(db.session(), scope(), actor(), held, until_on=last, now=clock.now())
            flash("The last day is recorded.")
            return redirect(url_for("posts.index"))
    return _page(post, vacate=form), 422


@screen.post("/posts/<post>/end", KEEPS)
def end(post: str) -> ResponseReturnValue:
    """Say that the post is no more; whoever holds it then ceases to."""
    found, form = _post(post), EndForm(prefix="end")
    if form.validate():
        with refusals_into(form):
            last = day_in(form.ended_on)
            posts.end_post(db.session(), scope(), actor(), found, ended_on=last, now=clock.now())
            flash(f"{found.name} ends. Policies it owns need another owner.")
            return redirect(url_for("posts.index"))
    return _page(post, end=form), 422


@screen.post("/posts/<post>/rename", KEEPS)
def rename(post: str) -> ResponseReturnValue:
    """Call the post something else."""
    found, form = _post(post), PostForm()
    if form.validate():
        with refusals_into(form):
            posts.rename_post(db.session(), scope(), actor(), found, name=form.name.data or "", now=clock.now())
            flash("The name is saved.")
            return redirect(url_for("posts.index"))
    return _page(post, name=form), 422


def _post(post: str) -> Post:
    found: Post = one_of(db.session(), Post, scope(), post)
    return found


def _holder_form(**options: Any) -> HolderForm:
    form = HolderForm(**options)
    form.person.choices = [("", "Choose a person"), *people_choices(clock.today(scope().time_zone))]
    return form


def _page(post: str, **sent: Form) -> str:
    """A post's page; `sent` is the form that was sent and refused, under the name the page has for it."""
    found = _post(post)
    today = clock.today(scope().time_zone)
    row: PostRow | None = next((one for one in posts_on(db.session(), scope(), today) if one.id == found.id), None)
    # a form that was not sent must not read what another one was sent with
    forms: dict[str, Form] = {
        "holder": _holder_form(formdata=None),
        "vacate": VacateForm(prefix="vacate", formdata=None),
        "name": PostForm(data={"name": found.name}, formdata=None),
        "end": EndForm(prefix="end", formdata=None),
    }
    return render_template("bodies/post.html", post=found, row=row, **(forms | sent))
