"""A decision as somebody enters it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from governance.adoption.asking import Ask
from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.models import AgendaItem
from governance.adoption.proposals import Proposed
from governance.extract.dates import StatedDate
from governance.people.models import Person
from governance.policies.models import PolicyVersion
from governance.schools.models import GoverningBody, Meeting


@dataclass(frozen=True)
class Decide:
    """A decision as somebody enters it: by a `body`, or by a `person` in an `office`; neither where nobody wrote it down.

    `ask` left out asks nobody; in a correction it keeps whom the corrected decision asked. `in_force_on` left out is the
    day decided. A body decides at `meeting`, about an `item` of its agenda, where those are known. What is put off
    comes back at the first meeting from `deferred_to` on.
    """

    version: PolicyVersion
    decided: StatedDate
    kind: Kind = Kind.ADOPTED
    body: GoverningBody | None = None
    person: Person | None = None
    office: MakerKind | None = None
    meeting: Meeting | None = None
    item: AgendaItem | None = None
    next_review: StatedDate | None = None
    in_force_on: dt.date | None = None
    subject_to_ratification: bool = False
    minute: str = ""
    power: str = ""
    reason: str = ""
    ask: Ask | None = None
    deferred_to: dt.date | None = None

    def proposed(self, *, corrects: bool) -> Proposed:
        """The facts that the rules speak of."""
        return Proposed(
            kind=self.kind,
            decided=self.decided,
            next_review=self.next_review,
            in_force_on=self.in_force_on,
            asks_from=self.ask.from_on if self.ask and self.ask.anybody else None,
            minute=self.minute,
            reason=self.reason,
            meeting_on=self.meeting.held_on if self.meeting else None,
            corrects=corrects,
            deferred_to=self.deferred_to,
        )
