"""A meeting's review packs: build one, open it, send it to the members."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.packs.models import Pack
from governance.packs.told import news_of
from governance.packs.values import Size
from governance.schedule.actions import ask
from governance.schedule.cadence import seven_clear_days_before
from governance.schedule.meeting_news import tell_members
from governance.schedule.pack_links import circle
from governance.schedule.pack_recipients import RecipientLine, recipients_of
from governance.schedule.pack_sending import PackLine, packs_of, send_pack, without_address
from governance.schedule.packing import BUILD_PACK
from governance.schools.models import Meeting
from governance.schools.queries import MeetingRow, meeting_row
from governance.schools.rules import PackWay
from governance.storage.models import Artefact
from governance.tenancy import Organisation
from governance.tenancy import in_school as one_of
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.downloads import frozen
from governance.web.forms import Form, RadiosField, TextArea, TickField, refusals_into
from governance.web.knocking import run_soon
from governance.web.pack_recipients import mailing

screen = in_school("packs", "meetings")
SEES, MAKES = needs(Permission.SEE_PACKS), needs(Permission.MAKE_PACKS)


class Build(Form):
    """What a pack is to print."""

    size = RadiosField(
        "How much of each policy is printed?",
        choices=[
            (Size.SHORT.value, "Short: a sheet for each policy, with its text linked"),
            (Size.FULL.value, "Full: with the text of each policy"),
            (Size.SEPARATE.value, "One PDF for each policy with its text, together in a ZIP file"),
        ],
        default=Size.SHORT.value,
    )
    only_new = TickField("Only what is new or changed since the pack that was sent: a supplement")


class Send(Form):
    """Sending a pack."""

    short_notice = TextArea(
        "The chair's reason for short notice",
        description="Only needed when members will have fewer than seven clear days.",
    )


@screen.get("/meetings/<meeting>/packs", SEES)
def index(meeting: str) -> str:
    """The packs of a meeting."""
    return _page(meeting, Build(), Send())


@screen.post("/meetings/<meeting>/packs", MAKES)
def build(meeting: str) -> ResponseReturnValue:
    """Ask for a pack to be built; the next page shows how far it is."""
    _meeting(meeting)
    form = Build()
    if not form.validate():
        return _page(meeting, form, Send()), 422
    wanted = {"meeting": meeting, "size": form.size.data} | ({"only_new": True} if form.only_new.data else {})
    run = ask(db.session(), scope(), actor(), BUILD_PACK, wanted, clock.now())
    run_soon()
    return redirect(url_for("scheduled.run", run=run.public_id))


@screen.get("/packs/<pack>/file", SEES)
def file(pack: str) -> Response:
    """A pack as it was frozen."""
    found: Pack = one_of(db.session(), Pack, scope(), pack)
    return frozen(db.session().get_one(Artefact, found.artefact_id).public_id)


@screen.post("/meetings/<meeting>/packs/<pack>/send", MAKES)
def send(meeting: str, pack: str) -> ResponseReturnValue:
    """Send a pack to the members of the meeting's body."""
    row = _meeting(meeting)
    found: Pack = one_of(db.session(), Pack, scope(), pack)
    if found.meeting_id != row.id:
        raise NotFound(pack)
    form = Send()
    if form.validate():
        with refusals_into(form):
            reason = form.short_notice.data or ""
            sent = send_pack(db.session(), scope(), actor(), found, reason, clock.now(), mailing())
            flash(f"The pack is on its way to {sent} {'person' if sent == 1 else 'people'}.")
            return redirect(url_for("packs.index", meeting=meeting))
    return _page(meeting, Build(formdata=None), form), 422


@screen.post("/meetings/<meeting>/packs/tell", MAKES)
def tell(meeting: str) -> ResponseReturnValue:
    """Tell the members that a meeting whose pack they have was moved or cancelled."""
    found = db.session().get_one(Meeting, _meeting(meeting).id)
    told = tell_members(db.session(), scope(), actor(), found, clock.now())
    flash(f"The news is on its way to {told} {'person' if told == 1 else 'people'}.")
    return redirect(url_for("packs.index", meeting=meeting))


def _meeting(meeting: str) -> MeetingRow:
    row = meeting_row(db.session(), scope(), meeting)
    if row is None:
        raise NotFound(meeting)
    return row


def _recipients(lines: list[PackLine], meeting: Meeting) -> dict[str, list[RecipientLine]]:
    """To whom each pack was sent: for whoever sends them, since it tells who opened theirs."""
    session, now = db.session(), clock.now()
    entitled = circle(session, scope(), meeting, now)
    return {
        line.pack: recipients_of(session, scope(), one_of(session, Pack, scope(), line.pack), meeting, now, entitled)
        for line in lines
        if line.sent_at is not None
    }


def _page(meeting: str, build_form: Build, form: Send) -> str:
    row, session, today = _meeting(meeting), db.session(), clock.today(scope().time_zone)
    found, last = session.get_one(Meeting, row.id), seven_clear_days_before(row.held_on)
    lines = packs_of(session, scope(), row.id)
    return render_template(
        "meetings/packs.html",
        meeting=row,
        packs=lines,
        recipients=_recipients(lines, found) if allowed(Permission.MAKE_PACKS) else {},
        by_link=session.get_one(Organisation, scope().organisation_id).pack_way == PackWay.LINK,
        handed=without_address(session, scope(), found, today),
        news=news_of(session, scope(), found),
        build_form=build_form,
        form=form,
        last=last,
        late=today > last,
        over=row.held_on < today,
    )
