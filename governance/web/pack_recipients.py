"""What a clerk does about the private links of a pack that was sent: withdraw one or all, send somebody a fresh one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.mailing import Mailing
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.packs.models import Pack, PackLink
from governance.render.words import plural
from governance.schedule.pack_links import renew_link, withdraw_link, withdraw_links
from governance.schools.models import Meeting
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.knocking import run_soon
from governance.web.requests import settings

screen = in_school("pack_recipients", "meetings")
MAKES = needs(Permission.MAKE_PACKS)


@screen.post("/packs/<pack>/links/<link>/withdraw", MAKES)
def withdraw(pack: str, link: str) -> ResponseReturnValue:
    """Withdraw somebody's link."""
    found, row = _pack(pack), _link(pack, link)
    withdraw_link(db.session(), scope(), actor(), row, clock.now())
    flash("The link is withdrawn. It opens nothing any more.")
    return _back(found)


@screen.post("/packs/<pack>/links/<link>/renew", MAKES)
def renew(pack: str, link: str) -> ResponseReturnValue:
    """Send somebody a fresh link."""
    found, row = _pack(pack), _link(pack, link)
    one = renew_link(db.session(), scope(), actor(), row, mailing(), clock.now())
    run_soon()
    flash(f"A fresh link is on its way to {one.name or one.address}. Their earlier link works no more.")
    return _back(found)


@screen.post("/packs/<pack>/links/withdraw", MAKES)
def withdraw_all(pack: str) -> ResponseReturnValue:
    """Withdraw every link of a pack."""
    found = _pack(pack)
    count = withdraw_links(db.session(), scope(), actor(), found, clock.now())
    flash(f"{plural(count, 'link is', 'links are')} withdrawn. Nobody opens this pack by a link any more.")
    return _back(found)


def mailing() -> Mailing:
    """What links in mails need of the installation."""
    return Mailing(settings().base_url, settings().secret_key)


def _pack(pack: str) -> Pack:
    found: Pack = one_of(db.session(), Pack, scope(), pack)
    return found


def _link(pack: str, link: str) -> PackLink:
    found: PackLink = one_of(db.session(), PackLink, scope(), link)
    if found.pack_id != _pack(pack).id:
        raise NotFound(link)
    return found


def _back(pack: Pack) -> ResponseReturnValue:
    meeting = db.session().get_one(Meeting, pack.meeting_id)
    return redirect(url_for("packs.index", meeting=meeting.public_id))
