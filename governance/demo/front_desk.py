"""The demonstration's front desk and reminders, ready to be tried: a short set, a code on the poster, somebody waiting, steps.

Reminders stay off, since a demonstration mails nobody; their screen says whom the next school morning would write to.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

from flask import current_app

from governance.chasing.ladder import set_ladder
from governance.chasing.rules import OFFERED, Rung, Whom
from governance.clock import local_day
from governance.demo.days import working_day
from governance.demo.school import School
from governance.reception.addresses import make_address
from governance.reception.arriving import begin_visit
from governance.reception.choosing import choose_policies
from governance.reception.rules import Visitor

SHORT_SET = ("FIR-01", "MOB-01", "SAF-02")
_CHOSEN_AGO = 30
_TO_CHAIR = Rung(10, Whom.CHAIR)


def front_desk_set_up(school: School) -> None:
    """Put into the diary the morning on which Maya set up the front desk and wrote down the steps of reminding."""
    school.on(working_day(school.days.ago(_CHOSEN_AGO)), partial(_set_up, school), hour=10)


def somebody_waits(school: School) -> None:
    """A supply teacher who has just told their name at reception, and whom the front desk has not seen."""
    visitor = Visitor("Jo", "Farrell", agency="Severn Supply", purpose="Year 4 today")
    begin_visit(school.session, school.scope, visitor, now=school.now)


def _set_up(school: School, at: dt.datetime) -> None:
    session, scope, maya = school.session, school.scope, school.maya
    wanted = {school.policies[reference].id for reference in SHORT_SET}
    choose_policies(session, scope, maya, wanted, today=local_day(at, scope.time_zone), now=at)
    make_address(session, scope, maya, current_app.extensions["countersign_settings"].secret_key, now=at)
    set_ladder(session, scope, maya, (*OFFERED, _TO_CHAIR), at)
