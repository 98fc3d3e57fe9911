"""The rows of a list by person: a staff number or printed reference tells, else the name with the e-mail. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from governance.people.import_rows import Row, RowError
from governance.people.rules import Details, email_key, name_key
from governance.schools.names import fold


@dataclass(frozen=True)
class KnownPerson:
    """Somebody recorded at the school."""

    id: int
    public_id: str
    details: Details
    reference: str


@dataclass
class Group:
    """The rows of one person in the file, and who that is."""

    rows: list[Row]
    details: Details
    reference: str = ""
    known: KnownPerson | None = None
    same_as: Group | None = None

    @property
    def key(self) -> str:
        """How an answer names this person: by the first row they are in."""
        return f"row-{self.rows[0].number}"


def grouped(rows: Iterable[Row], errors: list[RowError], notes: list[str]) -> list[Group]:
    """Rows by person. Those with a number come first, so that a row without one can join them by name and e-mail."""
    everyone = sorted(rows, key=lambda row: not (row.details.staff_number or row.reference))
    numbered: dict[tuple[str, str], Group] = {}
    named: dict[tuple[str, str], Group] = {}
    for row in everyone:
        number = ("reference", row.reference) if row.reference else ("number", fold(row.details.staff_number or ""))
        same = (_name(row.details), email_key(row.details.email))
        group = numbered.get(number) if number[1] else named.get(same)
        if group is None:
            group = Group([row], row.details, row.reference)
            named.setdefault(same, group)
            if number[1]:
                numbered[number] = group
            continue
        _join(group, row, errors, notes)
    groups = {id(group): group for group in (*numbered.values(), *named.values())}
    return sorted(groups.values(), key=lambda group: group.rows[0].number)


def _join(group: Group, row: Row, errors: list[RowError], notes: list[str]) -> None:
    """Take a further row of a person in, or say why it is not the same person's."""
    first = group.rows[0]
    if _name(row.details) != _name(group.details):
        errors.append(
            RowError(
                row.number,
                f"Staff number or reference {row.details.staff_number or row.reference} is {group.details.name}'s in row "
                f"{first.number}, and {row.details.name}'s here. Correct one of them.",
                "staff_number",
            )
        )
        return
    email, kept = row.details.email, group.details.email
    if email and kept and email_key(email) != email_key(kept):
        errors.append(
            RowError(
                row.number, f"Row {first.number} gives {kept} for {group.details.name}. Give one address.", "email"
            )
        )
        return
    if row.details.name != group.details.name or (email and kept and email != kept):
        notes.append(
            f"Rows {first.number} and {row.number} are taken as one person, {group.details.name}: "
            "the name and e-mail differ only in case, accents or spaces."
        )
    group.rows.append(row)
    number = group.details.staff_number or row.details.staff_number
    group.details = Details(group.details.given_name, group.details.family_name, kept or email, number)


def _name(details: Details) -> str:
    return name_key(details.given_name, details.family_name)
