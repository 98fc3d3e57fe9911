"""A school to decide in: bodies, people in office, policies and their versions, put in the database directly."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import decide
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.models import Asking, Decision, InForce
from governance.extract.dates import StatedDate, parse_stated
from governance.people.models import BodyMember, Category, Engagement, Person
from governance.policies.models import Policy, PolicyVersion, VersionDate
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Actor, Organisation, Scope, scope_of

TYPED_IN = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 20)
EARLY = dt.datetime(2020, 9, 1, 8, 0, tzinfo=dt.UTC)
CATEGORIES = ("headteacher", "teachers", "support staff", "governors", "volunteers", "agency staff")
HELEN = Actor("Helen Marsh", permissions=frozenset())


@dataclass
class Room:
    """One school, its session and what tests do most."""

    session: Session
    scope: Scope
    body: GoverningBody
    committee: GoverningBody
    okafor: Person
    iqbal: Person
    categories: dict[str, int]
    actor: Actor = HELEN
    _numbers: dict[int, int] = field(default_factory=dict)

    def policy(self, title: str = "Child protection", **facts: Any) -> Policy:
        """A policy that has been in the register since 2020."""
        values = {
            "organisation_id": self.scope.organisation_id,
            "title": title,
            "sort_key": title.casefold(),
            "title_key": title.casefold(),
            "reference": title[:10].upper().replace(" ", "-") + f"-{len(self._numbers)}",
            "recorded_at": EARLY,
        }
        policy = Policy(**values | facts)
        self.session.add(policy)
        self.session.flush()
        self._numbers[policy.id] = 0
        return policy

    def version(self, policy: Policy, *, recorded_at: dt.datetime = EARLY, **dates: str) -> PolicyVersion:
        """The next version of a policy; `dates` are what its text states, as `updated="September 2022"`."""
        self._numbers[policy.id] += 1
        number = self._numbers[policy.id]
        version = PolicyVersion(
            organisation_id=self.scope.organisation_id,
            policy_id=policy.id,
            number=number,
            documents_sha256=hashlib.sha256(f"{policy.id} {number}".encode()).hexdigest(),
            recorded_at=recorded_at,
            recorded_by="Maya Lund",
        )
        self.session.add(version)
        self.session.flush()
        for kind, written in dates.items():
            self._states(version, kind, parse_stated(written))
        return version

    def _states(self, version: PolicyVersion, kind: str, stated: StatedDate) -> None:
        self.session.add(
            VersionDate(
                organisation_id=self.scope.organisation_id,
                version_id=version.id,
                kind=kind,
                earliest_on=stated.earliest_on,
                latest_on=stated.latest_on,
                precision=stated.precision,
                as_written=stated.as_written,
            )
        )
        self.session.flush()

    def meeting(self, held_on: dt.date, body: GoverningBody | None = None, state: str = "planned") -> Meeting:
        """A meeting of the board, or of another body."""
        meeting = Meeting(
            organisation_id=self.scope.organisation_id, body_id=(body or self.body).id, held_on=held_on, state=state
        )
        self.session.add(meeting)
        self.session.flush()
        return meeting

    def facts(self, version: PolicyVersion, decided: str = "24 September 2026", **more: Any) -> Decide:
        """A decision of the board, unless `more` says otherwise."""
        values: dict[str, Any] = {"version": version, "decided": parse_stated(decided), "body": self.body}
        if more.get("person") is not None:
            values["body"] = None
        return Decide(**values | more)

    def decide(
        self, version: PolicyVersion, decided: str = "24 September 2026", now: dt.datetime = TYPED_IN, **more: Any
    ) -> Decision:
        """Record it."""
        return decide(self.session, self.scope, self.actor, self.facts(version, decided, **more), now)

    def approve(self, version: PolicyVersion, decided: str = "24 September 2026", **more: Any) -> Decision:
        """The headteacher approves it without a meeting."""
        reason = {"reason": "Term begins before the board meets"}
        facts = {"kind": Kind.APPROVED, "person": self.okafor, "office": MakerKind.HEADTEACHER} | reason
        return self.decide(version, decided, **facts | more)

    def start_asking(self) -> None:
        """What *Start asking* records about the school."""
        organisation = self.session.get_one(Organisation, self.scope.organisation_id)
        organisation.asking_since = dt.date(2026, 9, 1)
        self.session.flush()

    def rows(self, policy: Policy) -> list[tuple[int, dt.date, str, bool]]:
        """The in-force rows of a policy: version number, day, precision, pending."""
        rows = self.session.execute(
            select(PolicyVersion.number, InForce.from_on, InForce.from_precision, InForce.pending_ratification)
            .join(PolicyVersion, PolicyVersion.id == InForce.version_id)
            .where(InForce.policy_id == policy.id)
            .order_by(InForce.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]

    def asked(self, decision: Decision) -> list[tuple[int | None, dt.date]]:
        """Whom a decision's in-force row asks."""
        rows = self.session.execute(
            select(Asking.category_id, Asking.from_on)
            .join(InForce, InForce.id == Asking.in_force_id)
            .where(InForce.decision_id == decision.id)
            .order_by(Asking.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def open_room(session: Session, slug: str = "oakfield") -> Room:
    """A school with a board, a committee, a headteacher since 2021 and a chair until August 2026."""
    organisation = Organisation(name=slug.title(), slug=slug)
    session.add(organisation)
    session.flush()
    scope = scope_of(organisation)
    mine = {"organisation_id": organisation.id}
    body = GoverningBody(**mine, name="Full Governing Body", name_key="full governing body")
    committee = GoverningBody(**mine, name="Resources Committee", name_key="resources committee", kind="committee")
    people = [_person(organisation.id, slug, given, family) for given, family in (("Ike", "Okafor"), ("Sana", "Iqbal"))]
    categories = [
        Category(**mine, name=name, name_key=name, code=name.replace(" ", "_"), position=place)
        for place, name in enumerate(CATEGORIES)
    ]
    session.add_all([body, committee, *people, *categories])
    session.flush()
    okafor, iqbal = people
    session.add_all(
        [
            Engagement(
                **mine,
                person_id=okafor.id,
                category_id=categories[0].id,
                started_on=dt.date(2021, 9, 1),
                job_title="Head",
            ),
            BodyMember(
                **mine,
                body_id=body.id,
                person_id=iqbal.id,
                office="chair",
                from_on=dt.date(2022, 9, 1),
                until_on=dt.date(2026, 8, 31),
            ),
        ]
    )
    session.flush()
    return Room(session, scope, body, committee, okafor, iqbal, {c.name: c.id for c in categories})


def _person(organisation_id: int, slug: str, given: str, family: str) -> Person:
    return Person(
        organisation_id=organisation_id,
        given_name=given,
        family_name=family,
        sort_key=f"{family} {given}".casefold(),
        printed_reference=f"{slug[:4]}{family[:4]}",
        recorded_at=EARLY,
    )
