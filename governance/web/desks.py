"""What waits for a clerk at the other schools whose meetings they keep."""

from __future__ import annotations

from dataclasses import dataclass

from governance import clock
from governance.accounts.permissions import Permission
from governance.packs.desk import Desk, clerks_desk
from governance.render import words
from governance.web.access import scope
from governance.web.own_list import at, everywhere


@dataclass(frozen=True)
class DeskElsewhere:
    """The desk of another school, by its short name and name."""

    slug: str
    school: str
    desk: Desk

    @property
    def waiting(self) -> str:
        """ "1 pack to send and 2 minute references missing"."""
        told = (
            (self.desk.to_send, "pack", " to send"),
            (self.desk.to_tell, "meeting", " of which members are to be told"),
            (self.desk.to_enter, "meeting", " with decisions to enter"),
            (self.desk.minutes, "minute reference", " missing"),
        )
        return words.listed([f"{words.plural(len(found), one)}{rest}" for found, one, rest in told if found])


def desks_elsewhere() -> list[DeskElsewhere]:
    """Those on which anything waits, by the school's name."""
    found = []
    for standing in everywhere():
        there = standing.scope
        if (
            there.organisation_id == scope().organisation_id
            or Permission.KEEP_MEETINGS not in standing.actor.permissions
        ):
            continue
        with at(standing) as session:
            desk = clerks_desk(session, there, clock.today(there.time_zone))
        if not desk.is_clear:
            found.append(DeskElsewhere(there.slug, there.name, desk))
    return found
