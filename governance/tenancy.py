"""Who a fact belongs to, and who is acting: the school, its scope, the actor, and the lock every verb begins with."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db import Model
from governance.errors import NotAllowed, NotFound


def new_public_id() -> str:
    """A random identifier for addresses, receipts and the journal; it tells nothing about how many there are."""
    return str(uuid.uuid4())


class Organisation(Model):
    """A school, trust or partnership: the tenant."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(20), default="school")  # school, trust, partnership
    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    urn: Mapped[str | None] = mapped_column(String(20))
    nation: Mapped[str] = mapped_column(String(20), default="england")
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/London")
    # The day, as month and day, from which a yearly reading counts anew.
    year_starts_month: Mapped[int] = mapped_column(Integer, default=9)
    year_starts_day: Mapped[int] = mapped_column(Integer, default=1)
    # An absence of at least so many school days takes a person out of what is required meanwhile.
    away_school_days: Mapped[int] = mapped_column(Integer, default=10)
    # Set by *Start asking*; before it nobody is asked and nothing is mailed. Kept by the journal too.
    asking_since: Mapped[dt.date | None] = mapped_column(Date)
    colour: Mapped[str | None] = mapped_column(String(7))
    # How packs that the clerk sends reach governors: attached to the mail, or by a private link.
    pack_way: Mapped[str] = mapped_column(String(20), default="attached")
    rev: Mapped[int] = mapped_column(Integer, default=0)
    journal_seq: Mapped[int] = mapped_column(Integer, default=0)
    journal_head: Mapped[str] = mapped_column(String(64), default="0" * 64)

    __table_args__ = (UniqueConstraint("id", "parent_id"),)


@dataclass(frozen=True)
class Scope:
    """The school whose facts a query may see."""

    organisation_id: int
    slug: str
    name: str
    time_zone: str = "Europe/London"


@dataclass(frozen=True)
class Actor:
    """Who acts: an opaque identifier and a name for the record, the person they are here, and what they may do."""

    label: str
    account_id: int | None = None
    person_id: int | None = None
    permissions: frozenset[str] = frozenset()

    def need(self, permission: str) -> None:
        """Stop unless the actor holds the permission.

        Raises:
            NotAllowed: when they do not.
        """
        if permission not in self.permissions:
            raise NotAllowed(permission)


@dataclass(frozen=True)
class Locked:
    """An organisation's counters, held until the transaction ends."""

    rev: int
    journal_seq: int
    journal_head: str


def scope_of(organisation: Organisation) -> Scope:
    """The scope that sees one organisation."""
    return Scope(organisation.id, organisation.slug, organisation.name, organisation.time_zone)


def scope_by_slug(session: Session, slug: str) -> Scope:
    """The school of that name in addresses.

    Raises:
        NotFound: when there is none.
    """
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound(slug)
    return scope_of(organisation)


def lock(session: Session, scope: Scope) -> Locked:
    """Take the organisation's row for this transaction. Every verb begins here, so that its checks stay true."""
    row = session.execute(
        update(Organisation)
        .where(Organisation.id == scope.organisation_id)
        .values(rev=Organisation.rev + 1)
        .returning(Organisation.rev, Organisation.journal_seq, Organisation.journal_head)
        .execution_options(synchronize_session=False)
    ).one()
    return Locked(*row)


def in_school(session: Session, model: type[Any], scope: Scope, public_id: str) -> Any:
    """One row of a school by its public identifier.

    Raises:
        NotFound: when this school has none, whether or not another has.
    """
    row = session.scalar(
        select(model).where(model.organisation_id == scope.organisation_id, model.public_id == public_id)
    )
    if row is None:
        raise NotFound(public_id)
    return row
