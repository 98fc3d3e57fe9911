"""How long to wait after wrong passwords, what makes a password good enough, and which roles a standing gives. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from governance.accounts.permissions import Role
from governance.errors import Objection

WINDOW = dt.timedelta(hours=1)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128

# Names that an address under `/` already has, so that no school can be called so there.
TAKEN_SLUGS = frozenset(
    {
        "account",
        "accounts",
        "api",
        "calendar",
        "demonstration",
        "link",
        "pack",
        "reception",
        "schools",
        "set-up",
        "sign-in",
        "sign-out",
        "static",
        "status",
        "tablet",
        "to-read",
        "trust",
    }
)

_COMMON = ("password", "qwerty", "letmein", "welcome", "iloveyou", "abc123", "admin", "school", "1234", "changeme")


@dataclass(frozen=True)
class Pace:
    """How many wrong tries an hour pass without a wait, and after how many nothing is looked at for an hour."""

    free: int
    limit: int


# A school is often one address for everybody in it, so an address is given more than an account.
BY_ACCOUNT = Pace(free=5, limit=10)
BY_ADDRESS = Pace(free=30, limit=60)
# How many people may begin a visit in an hour with one poster, and how often one of them may send something.
BY_POSTER = Pace(free=60, limit=120)
BY_VISIT = Pace(free=100, limit=200)
# Wrong names and numbers at one shared tablet, where many people type in the morning.
BY_TABLET = Pace(free=15, limit=30)
# Calendars that ask on for an address that was revoked: many may stand behind one network, asking every few hours.
BY_CALENDAR = Pace(free=60, limit=120)
# Links to packs that work no more or never did; a governing body's may all be opened from the school.
BY_PACK_LINK = Pace(free=30, limit=60)


def closed_until(failures: Sequence[dt.datetime], pace: Pace, now: dt.datetime) -> dt.datetime | None:
    """Until when the next try is refused unread; None where it may be made.

    After the free tries the wait doubles from 30 seconds; at the limit it lasts until an hour has passed since the
    first of the last `limit` tries. House rule, after ASVS 6.3.1; it opens by time alone, so nobody can be locked out
    for good by a stranger.
    """
    recent = sorted(at for at in failures if at > now - WINDOW)
    if len(recent) < pace.free:
        return None
    until = recent[-1] + dt.timedelta(seconds=30 * 2 ** min(len(recent) - pace.free, 10))
    if len(recent) >= pace.limit:
        until = max(until, recent[-pace.limit] + WINDOW)
    return until if until > now else None


def objections_to_password(password: str, about: Collection[str] = (), field: str | None = None) -> list[Objection]:
    """What is wrong with a new password; `about` are the names that whoever guesses would try first.

    Long rather than odd: twelve characters, no rules about kinds of character (ASVS 6.2, NCSC guidance).
    """
    if len(password) < SHORTEST_PASSWORD:
        message = f"Use a password of at least {SHORTEST_PASSWORD} characters. Three random words work well."
        return [Objection(message, field)]
    if len(password) > LONGEST_PASSWORD:
        return [Objection(f"Use a password of at most {LONGEST_PASSWORD} characters.", field)]
    left = _without_what_is_guessed(password.casefold(), about)
    if len(set(password)) < 5 or len(left) < 6:
        return [Objection("That password is too easy to guess. Use three random words.", field)]
    return []


def _without_what_is_guessed(password: str, about: Collection[str]) -> str:
    """What remains of a password after common words, names and runs of digits are taken out."""
    words = [word for name in about for word in re.split(r"[^a-z0-9]+", name.casefold()) if len(word) > 3]
    for word in sorted({*words, *_COMMON}, key=len, reverse=True):
        password = password.replace(word, "")
    return re.sub(r"[\d\W_]+", "", password)


@dataclass(frozen=True)
class Here:
    """The person an account is at a school: the first and the last day they are known for (None: no end is known)."""

    deactivated: bool
    first_on: dt.date | None
    last_on: dt.date | None

    def has_left(self, day: dt.date) -> bool:
        """Whether they are out: their last day has passed, or somebody shut them out by hand."""
        return self.deactivated or (self.last_on is not None and self.last_on < day)


def roles_held(granted: Collection[Role], person: Here | None, day: dt.date) -> frozenset[Role]:
    """The roles that hold on a day. Somebody who left, or was deactivated, holds none, whatever was granted.

    A person with no job and no seat was entered for their role alone, and keeps what was granted. Somebody whose first
    job is still to begin is a reader once they are invited, to see what is coming; a role granted to them holds at once.
    """
    if person is not None and person.has_left(day):
        return frozenset()
    if granted:
        return frozenset({*granted, Role.READER})
    if person is not None and person.first_on is not None:
        return frozenset({Role.READER})
    return frozenset()


def slug_from(name: str) -> str:
    """A school's name as it stands in addresses: plain letters, digits and hyphens, at most 60."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("'", "").replace("’", "")).strip("-")
    return plain[:60].strip("-")


def objections_to_slug(slug: str, taken: Collection[str]) -> list[Objection]:
    """Why a school cannot have this name in addresses."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", slug):
        return [Objection("The short name may have small letters, digits and hyphens only, at most 60.", "slug")]
    if slug in TAKEN_SLUGS or slug in taken:
        return [Objection(f"The short name {slug} is in use. Choose another.", "slug")]
    return []


def objections_to_email(email: str) -> list[Objection]:
    """Why an address cannot be one to sign in with."""
    if len(email) > 254 or not re.fullmatch(r"[^\s@<>\"',;:\\()\[\]]+@[^\s@.]+(?:\.[^\s@.]+)+", email):
        return [Objection("Enter an e-mail address like name@example.sch.uk.", "email")]
    return []


def objections_to_revoking(role: Role, managers: Collection[int], account_id: int, own: bool) -> list[Objection]:
    """Why a role cannot be taken away: a school is never left without a system manager (bad-input row 72)."""
    if role is not Role.SYSTEM_MANAGER or set(managers) - {account_id}:
        return []
    whom = "You are" if own else "This is"
    return [Objection(f"{whom} the only system manager. Make somebody else system manager first.", "role")]
