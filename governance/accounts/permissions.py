"""What can be allowed, and which role allows it: one enum, one map."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """A role at a school. Everybody is a reader besides; the value is what the command line calls it."""

    SYSTEM_MANAGER = "system_manager"
    HEADTEACHER = "headteacher"
    CLERK = "clerk"
    GOVERNOR = "governor"
    HR = "hr"
    FRONT_DESK = "front_desk"
    READER = "reader"

    @property
    def in_words(self) -> str:
        """The role as screens say it."""
        return _WORDS[self]


_WORDS = {
    Role.SYSTEM_MANAGER: "System manager",
    Role.HEADTEACHER: "Headteacher",
    Role.CLERK: "Clerk",
    Role.GOVERNOR: "Governor",
    Role.HR: "HR",
    Role.FRONT_DESK: "Front desk",
    Role.READER: "Reader",
}


class Permission(StrEnum):
    """Something a person may do at a school, in words that complete "may …"."""

    READ = "read what they are asked to, and acknowledge it for themselves"
    SEE_REGISTER = "see the register and read any policy"
    SEE_DRAFTS = "see versions that are not yet adopted"
    KEEP_POLICIES = "record policies, versions and what belongs together"
    KEEP_MEETINGS = "keep governing bodies, meetings and agendas"
    DECIDE = "record what a governing body decided"
    APPROVE = "approve without a meeting, within their own power"
    SEE_COVERAGE = "see how many have read what, without names"
    SEE_READING = "see who has read what, and who has not"
    KEEP_READING = "keep reading rules, start asking, record training sessions, excuse people and give them more time"
    RECORD_PAPER = "enter receipts from signed paper"
    KEEP_DAY_PEOPLE = "add and approve people who are here for the day"
    SEE_PEOPLE = "see people and their jobs"
    KEEP_PEOPLE = "import and change people"
    SEE_ABSENCE_REASONS = "see why somebody is away"
    SEE_PACKS = "open packs"
    MAKE_PACKS = "build and send packs"
    SCHEDULE = "set what runs by itself and see what was sent"
    KEEP_SETTINGS = "change the school's settings, roles and invitations"


P = Permission
_READER = frozenset({P.READ, P.SEE_REGISTER})
_GOVERNOR = _READER | {P.SEE_DRAFTS, P.SEE_COVERAGE, P.SEE_PACKS}
_CLERK = _GOVERNOR | {P.KEEP_MEETINGS, P.DECIDE, P.MAKE_PACKS, P.KEEP_POLICIES, P.SCHEDULE}
_HR = _READER | {
    P.SEE_COVERAGE,
    P.SEE_READING,
    P.KEEP_READING,
    P.RECORD_PAPER,
    P.KEEP_DAY_PEOPLE,
    P.SEE_PEOPLE,
    P.KEEP_PEOPLE,
    P.SEE_ABSENCE_REASONS,
}
_HEADTEACHER = _GOVERNOR | {P.APPROVE, P.SEE_READING, P.KEEP_READING, P.SEE_PEOPLE, P.KEEP_POLICIES, P.SCHEDULE}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.READER: _READER,
    Role.FRONT_DESK: _READER | {P.KEEP_DAY_PEOPLE},
    Role.GOVERNOR: _GOVERNOR,
    Role.CLERK: _CLERK,
    Role.HR: _HR,
    Role.HEADTEACHER: _HEADTEACHER,
    Role.SYSTEM_MANAGER: frozenset(Permission) - {P.APPROVE, P.SEE_ABSENCE_REASONS},
}


def permissions_of(roles: Iterable[Role]) -> frozenset[str]:
    """Everything that somebody holding `roles` may do."""
    return frozenset().union(*(GRANTS[role] for role in roles))
