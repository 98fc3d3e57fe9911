"""What can come of one attempt to hand a mail over, and what is done next. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """The four ways an attempt can end. Only `uncertain` may lead to a second copy."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class Phase(StrEnum):
    """How far the talk with the mail server had come; the words complete "while …"."""

    CONNECTING = "connecting"
    GREETING = "being greeted"
    ENCRYPTING = "making the connection secure"
    SIGNING_IN = "signing in"
    SENDER = "naming the sender"
    RECIPIENT = "naming the recipient"
    CONTENT = "handing over the mail"
    ANSWER = "waiting for the answer to the whole mail"


# A failure in these has nothing to do with the mail: the next one would fail in the same way.
_BEFORE_ANY_MAIL = frozenset({Phase.CONNECTING, Phase.GREETING, Phase.ENCRYPTING, Phase.SIGNING_IN})


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. `reason` is a sentence for a person; empty when accepted."""

    result: Result
    reason: str = ""
    phase: Phase = Phase.ANSWER

    @property
    def concerns_every_mail(self) -> bool:
        """Whether the mail server or our settings failed, rather than this mail."""
        return self.result is Result.TEMPORARY and self.phase in _BEFORE_ANY_MAIL


_MINUTE = dt.timedelta(minutes=1)
# House rule: quick at first, since grey-listing servers want a second try within minutes; then hourly for five days,
# which carries a mail over a long weekend (48 hours is the promise).
BACK_OFF = (*(minutes * _MINUTE for minutes in (1, 5, 10, 15, 30)), *((60 * _MINUTE,) * 120))
# While the server cannot be reached at all no mail uses up its attempts; one of them knocks now and then.
SERVER_PAUSE = 5 * _MINUTE
# Before the one repeat of a mail whose answer was not heard.
UNCERTAIN_PAUSE = 5 * _MINUTE


def next_pause(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts (1 is the first); None when it is time to give up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
