"""Who the people of a list are: those recorded already are found, those who may be are asked about. Pure.

    groups of rows → somebody recorded (staff number, printed reference, else name and e-mail) · a question · somebody new

House rule: who is asked about. The same name where the e-mail or number does not settle it, and one mailbox under
different names. Two people of one name with different staff numbers are two people, and nobody is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from governance.people.grouping import Group, KnownPerson, grouped
from governance.people.import_rows import Row, RowError
from governance.people.rules import Details, email_key, name_key
from governance.schools.names import fold

NEW = "new"
_MOST_CANDIDATES = 6


@dataclass(frozen=True)
class Candidate:
    """Somebody a row may be about: a recorded person, or the person of an earlier row."""

    key: str
    name: str
    email: str | None
    staff_number: str | None
    reference: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Question:
    """Is the person in this row one of these? `key` names the answer: a candidate's key, or NEW for somebody else.

    `settled` is what a program may assume that cannot ask: different names in one mailbox are different people.
    """

    key: str
    row: int
    details: Details
    why: str
    candidates: tuple[Candidate, ...]
    settled: str | None = None


@dataclass
class Matches:
    """Everybody in the file, what is to be asked, which rows cannot be, and what a person should look at."""

    groups: list[Group] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """The people of a school, found by what a list may give of them."""

    by_number: Mapping[str, KnownPerson]
    by_reference: Mapping[str, KnownPerson]
    by_name: Mapping[str, list[KnownPerson]]
    by_email: Mapping[str, list[KnownPerson]]
    by_public_id: Mapping[str, KnownPerson]


def known_people(people: Iterable[KnownPerson]) -> Known:
    """The people of a school, ready to be looked up."""
    everyone = list(people)
    names: dict[str, list[KnownPerson]] = defaultdict(list)
    emails: dict[str, list[KnownPerson]] = defaultdict(list)
    for person in everyone:
        names[_name(person.details)].append(person)
        if person.details.email:
            emails[email_key(person.details.email)].append(person)
    return Known(
        {fold(person.details.staff_number): person for person in everyone if person.details.staff_number},
        {person.reference: person for person in everyone},
        names,
        emails,
        {person.public_id: person for person in everyone},
    )


def match(rows: Iterable[Row], known: Known, answers: Mapping[str, str]) -> Matches:
    """Put the rows of each person together and find who they are."""
    found = Matches()
    found.groups = grouped(rows, found.errors, found.notes)
    newcomers = _Newcomers()
    for group in found.groups:
        _identify(group, known, found)
        if group.rows and group.known is None:
            _settle(group, known, newcomers, answers, found)
            newcomers.add(group)
    found.groups = [group for group in found.groups if group.rows]
    return found


class _Newcomers:
    """People of earlier rows who are not recorded yet."""

    def __init__(self) -> None:
        self.by_key: dict[str, Group] = {}
        self._by_name: dict[str, list[Group]] = defaultdict(list)
        self._by_email: dict[str, list[Group]] = defaultdict(list)

    def add(self, group: Group) -> None:
        if group.same_as is None:
            self.by_key[group.key] = group
            self._by_name[_name(group.details)].append(group)
            if group.details.email:
                self._by_email[email_key(group.details.email)].append(group)

    def like(self, details: Details) -> Iterator[Candidate]:
        """Those a further row may be about."""
        for other in self._by_name.get(_name(details), ()):
            if _may_be_one(details, other.details):
                yield _candidate_in_file(other)
        if details.email:
            yield from map(_candidate_in_file, self._by_email.get(email_key(details.email), ()))


def _identify(group: Group, known: Known, found: Matches) -> None:
    """Find the recorded person that the group's number, reference, or name and e-mail point at."""
    details = group.details
    if group.reference:
        _by_reference(group, known, found)
    elif details.staff_number and fold(details.staff_number) in known.by_number:
        person = known.by_number[fold(details.staff_number)]
        if _somebody_else(details, person.details):
            message = (
                f"Staff number {details.staff_number} is {person.details.name}'s here, not {details.name}'s. Correct the "
                "number; or, if it is one person with a new name, change the name on their record first."
            )
            _refuse(group, message, "staff_number", found)
        group.known = person
    else:
        _by_name_and_email(group, known, found)


def _by_reference(group: Group, known: Known, found: Matches) -> None:
    person = known.by_reference.get(group.reference)
    number = group.details.staff_number
    if person is None:
        _refuse(group, f"Printed reference {group.reference} is not in this school.", "printed_reference", found)
    elif number and fold(number) != fold(person.details.staff_number or number):
        message = f"{person.details.name} has the staff number {person.details.staff_number} here, not {number}."
        _refuse(group, message, "staff_number", found)
    elif _somebody_else(group.details, person.details):
        message = f"Printed reference {group.reference} is {person.details.name}'s here, not {group.details.name}'s."
        _refuse(group, message, "printed_reference", found)
    group.known = person


def _by_name_and_email(group: Group, known: Known, found: Matches) -> None:
    details = group.details
    email = email_key(details.email)
    same = [p for p in known.by_name.get(_name(details), ()) if email_key(p.details.email) == email]
    if details.staff_number:
        # A number nobody has yet: it is theirs when they have none and the mailbox agrees.
        same = [person for person in same if not person.details.staff_number and email]
    if len(same) == 1:
        group.known = same[0]
        if details.name != same[0].details.name:
            found.notes.append(
                f"Row {group.rows[0].number} is taken as {same[0].details.name}, who is recorded: "
                "the name and e-mail differ only in case, accents or spaces."
            )
    elif len(same) > 1:
        message = f"{len(same)} people here are called {details.name}. Give their staff number or printed reference."
        _refuse(group, message, "staff_number", found)


def _refuse(group: Group, message: str, column: str, found: Matches) -> None:
    found.errors.extend(RowError(row.number, message, column) for row in group.rows)
    group.rows = []


def _somebody_else(given: Details, recorded: Details) -> bool:
    """Whether a number was given to another person: neither part of the name nor the mailbox agrees."""
    same_email = bool(given.email) and email_key(given.email) == email_key(recorded.email)
    names = {fold(recorded.given_name), fold(recorded.family_name)} - {""}
    return not same_email and not names & {fold(given.given_name), fold(given.family_name)}


def _settle(group: Group, known: Known, newcomers: _Newcomers, answers: Mapping[str, str], found: Matches) -> None:
    """Find out who a person may be that no number points at: by an answer, else by asking."""
    details = group.details
    possible = (*_recorded_like(details, known), *islice(newcomers.like(details), _MOST_CANDIDATES))
    candidates = tuple({candidate.key: candidate for candidate in possible}.values())[:_MOST_CANDIDATES]
    answer = answers.get(group.key)
    if not candidates or answer == NEW:
        return
    if answer in {candidate.key for candidate in candidates}:
        group.known = known.by_public_id.get(answer)
        group.same_as = newcomers.by_key.get(answer)
        return
    same_name = any(fold(candidate.name) == _name(details) for candidate in candidates)
    why = "has the same name" if same_name else "uses the same e-mail address"
    settled = None if same_name else NEW
    found.questions.append(Question(group.key, group.rows[0].number, details, why, candidates, settled))


def _recorded_like(details: Details, known: Known) -> Iterator[Candidate]:
    """Recorded people who may be meant, those of the same name first."""
    named = (person for person in known.by_name.get(_name(details), ()) if _may_be_one(details, person.details))
    yield from map(_candidate, islice(named, _MOST_CANDIDATES))
    if details.email:
        yield from map(_candidate, islice(known.by_email.get(email_key(details.email), ()), _MOST_CANDIDATES))


def _may_be_one(given: Details, other: Details) -> bool:
    """Whether two people of one name may be one: not when both have a number and their mailboxes differ."""
    both_numbered = bool(given.staff_number and other.staff_number)
    return not both_numbered or (bool(given.email) and email_key(given.email) == email_key(other.email))


def _candidate_in_file(group: Group) -> Candidate:
    details = group.details
    return Candidate(group.key, details.name, details.email, details.staff_number, None, group.rows[0].number)


def _candidate(person: KnownPerson) -> Candidate:
    details = person.details
    return Candidate(person.public_id, details.name, details.email, details.staff_number, person.reference)


def _name(details: Details) -> str:
    return name_key(details.given_name, details.family_name)
