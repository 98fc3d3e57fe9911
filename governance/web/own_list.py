"""What an account has at every school: its own list of reading, its desk. Each school is looked at under its own scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.models import Account
from governance.accounts.standing import Standing, standings
from governance.db import narrow, reading
from governance.reading.mine import Mine, mine_at, together


def everywhere() -> list[Standing]:
    """Every school where the account holds anything, by name."""
    with reading() as own:
        account = own.get(Account, g.account.id)
        return standings(own, account, now=clock.now()) if account else []


def persons() -> list[tuple[Standing, int]]:
    """Where the account is a person, by the school's name, with that person's id."""
    return [(standing, standing.person_id) for standing in everywhere() if standing.person_id is not None]


@contextmanager
def at(standing: Standing) -> Iterator[Session]:
    """A session that sees that school alone."""
    with reading() as own:
        narrow(own, standing.scope.organisation_id)
        yield own


def own_list() -> Mine:
    """Everything to read, coming and done, at every school."""
    lists = []
    for standing, person_id in persons():
        with at(standing) as session:
            lists.append(mine_at(session, standing.scope, person_id, clock.today(standing.scope.time_zone)))
    return together(lists)
