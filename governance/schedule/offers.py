"""What a school is offered to have run by itself. Off until a person has confirmed the set-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.accounts.permissions import Role
from governance.schedule.cadence import BeforeMeeting, Cadence, Daily, Weekly
from governance.schedule.recipients import MANAGERS, OWNERS, Recipients

MONDAY_MAIL = "monday_mail"
DRAFT_PACK = "draft_pack"
# Turned on by itself, on the screen *Reminders*: it writes to everybody.
REMINDERS = "reminders"
TEAM_DIGEST = "team_digest"
POLICY_DUE = "policy_due"


@dataclass(frozen=True)
class Offer:
    """A job with the cadence, the recipients and the choices that suit most schools."""

    job: str
    title: str
    cadence: Cadence
    recipients: Recipients
    options: Mapping[str, str] = field(default_factory=dict)


_AT_SEVEN = dt.time(7, 0)

OFFERS = (
    Offer(
        MONDAY_MAIL,
        "What is due, in the body of a mail",
        Weekly(0, _AT_SEVEN),
        Recipients(roles=(Role.SYSTEM_MANAGER, Role.HEADTEACHER, Role.HR)),
        {"files": "attached"},
    ),
    Offer(
        DRAFT_PACK,
        "A draft pack for each meeting",
        BeforeMeeting(14, _AT_SEVEN),
        Recipients(roles=(Role.HEADTEACHER,), offices=("clerk", "chair")),
    ),
    Offer(
        TEAM_DIGEST,
        "Late reading of a line manager's own people",
        Weekly(0, _AT_SEVEN),
        Recipients(own=MANAGERS),
    ),
    Offer(
        POLICY_DUE,
        "Telling owners that their policy is due",
        Daily(_AT_SEVEN, school_days_only=True),
        Recipients(own=OWNERS),
    ),
)
