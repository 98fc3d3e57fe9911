"""A folder of files sorted into policies and their versions. Pure: it knows no database and no clock.

    files ─▶ the same bytes: one file, the others are copies of it
          ─▶ one text in several formats: one version, the file whose text can be read first
          ─▶ one title, other dates or labels: versions of one policy, oldest first
          ─▶ a title or reference that the register has: a new version of that policy

What makes a row sure, and why another is not, is in `doubts`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from governance.extract.dates import StatedDate
from governance.extract.guesses import Guesses
from governance.extract.kinds import Kind
from governance.extract.titles import title_key
from governance.intake.signs import Signs
from governance.schools.names import fold

# Of several files of one version the first is the policy: text that can be read by clause, then what people edit.
_FIRST = (Kind.DOCX, Kind.ODT, Kind.RTF, Kind.MARKDOWN, Kind.TEXT, Kind.HTML, Kind.PDF)
_A_REFERENCE = re.compile(r"(?=.*\d)[\w./-]{3,}")


@dataclass(frozen=True)
class Read:
    """A file of the folder and what was found in it. `id` keeps the order in which the files were given.

    `alone` is set where a person said that it is not another form of any other file.
    """

    id: int
    filename: str
    kind: Kind
    sha256: str
    has_text: bool
    guesses: Guesses
    warnings: tuple[str, ...] = ()
    signs: Signs = field(default_factory=Signs)
    alone: bool = False


@dataclass(frozen=True)
class KnownPolicy:
    """A policy of the register, as far as a document can agree or differ with it. `policy` is its public identifier."""

    policy: str
    title: str
    reference: str
    versions: int
    decided: StatedDate | None = None
    next_review: StatedDate | None = None
    review_every_months: int | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Known:
    """What the school has already. `files` tells for a hash which version holds it; `bodies` are names it understands."""

    policies: tuple[KnownPolicy, ...] = ()
    files: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    bodies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One version of one policy: its files, the policy itself first, and how it stands to the others in the folder.

    `copies` have the bytes of one of the files. `place` counts from 1 among `of` versions of the policy found here.
    """

    files: tuple[Read, ...]
    copies: tuple[Read, ...] = ()
    known: KnownPolicy | None = None
    place: int = 1
    of: int = 1

    @property
    def id(self) -> int:
        """What the row is known by: its first file."""
        return self.files[0].id

    @property
    def guesses(self) -> Guesses:
        """What the policy itself says."""
        return self.files[0].guesses

    @property
    def ids(self) -> list[int]:
        """Every file that goes with the row, copies included."""
        return [one.id for one in (*self.files, *self.copies)]

    @property
    def dated(self) -> dt.date | None:
        """The day that orders it among the versions of its policy."""
        return _dated(self.guesses)


def sort_out(files: Iterable[Read], known: Known) -> list[Row]:
    """The rows to confirm, by title; versions of one policy together, oldest first, and untitled ones at the end."""
    kept, copies = _apart(files)
    families: dict[str, list[list[Read]]] = {}
    for one in sorted(kept, key=_preference):
        versions = families.setdefault(_family(one, families), [])
        same = _version_of(one, versions)
        if same is None:
            versions.append([one])
        else:
            same.append(one)
    rows: list[Row] = []
    for versions in families.values():
        ordered = sorted(versions, key=_when)
        rows.extend(
            Row(
                tuple(version),
                tuple(copy for one in version for copy in copies.get(one.sha256, ())),
                _known_policy(version, known),
                place,
                len(ordered),
            )
            for place, version in enumerate(ordered, 1)
        )
    return sorted(rows, key=_shown_order)


def _apart(files: Iterable[Read]) -> tuple[list[Read], dict[str, list[Read]]]:
    """Files that differ, and by hash the further copies of each."""
    kept: dict[str, Read] = {}
    copies: dict[str, list[Read]] = {}
    for one in files:
        if one.sha256 in kept:
            copies.setdefault(one.sha256, []).append(one)
        else:
            kept[one.sha256] = one
    return list(kept.values()), copies


def _family(one: Read, families: Mapping[str, list[list[Read]]]) -> str:
    """What the file's policy is known by: its title; the very words of another file count before that."""
    words = None if one.alone else one.signs.words_sha256
    for key, versions in families.items():
        if words and any(other.signs.words_sha256 == words for version in versions for other in version):
            return key
    title = one.guesses.title
    return (title_key(title.value) if title else "") or f"\x00{one.id}"


def _version_of(one: Read, versions: Sequence[list[Read]]) -> list[Read] | None:
    """The version that a file is another form of; where it could be two of them, it is neither."""
    if one.alone:
        return None
    versions = [version for version in versions if not version[0].alone]
    words = one.signs.words_sha256
    for version in versions:
        if words and any(other.signs.words_sha256 == words for other in version):
            return version
    could = [
        version
        for version in versions
        if one.kind not in {other.kind for other in version} and _agree(one.guesses, version[0].guesses)
    ]
    exact = [version for version in could if _identity(version[0].guesses) == _identity(one.guesses)]
    if exact:
        return exact[0]
    return could[0] if len(could) == 1 else None


def _identity(guesses: Guesses) -> tuple[str | None, dt.date | None]:
    label = fold(guesses.version_label.value) if guesses.version_label else None
    return label, _dated(guesses)


def _agree(one: Guesses, other: Guesses) -> bool:
    """Whether neither label nor date speaks against one version; what is not stated speaks against nothing."""
    pairs = zip(_identity(one), _identity(other), strict=True)
    return all(here is None or there is None or here == there for here, there in pairs)


def _dated(guesses: Guesses) -> dt.date | None:
    stated = guesses.adopted_on or guesses.last_reviewed_on
    return stated.value.latest_on if stated else None


def _preference(one: Read) -> tuple[bool, int, int]:
    return not one.has_text, _FIRST.index(one.kind), one.id


def _when(version: list[Read]) -> tuple[bool, dt.date, int]:
    day = _dated(version[0].guesses)
    return day is None, day or dt.date.min, version[0].id


def _known_policy(version: Sequence[Read], known: Known) -> KnownPolicy | None:
    """The policy of the register that a document names by its title, or whose reference stands in its file's name."""
    title = version[0].guesses.title
    key = title_key(title.value) if title else ""
    by_title = [policy for policy in known.policies if key and title_key(policy.title) == key]
    if by_title:
        return by_title[0]
    names = [fold(one.filename) for one in version]
    for policy in known.policies:
        reference = fold(policy.reference)
        pattern = rf"(?<![^\W_]){re.escape(reference)}(?![^\W_])"
        if _A_REFERENCE.fullmatch(reference) and any(re.search(pattern, name) for name in names):
            return policy
    return None


def _shown_order(row: Row) -> tuple[bool, str, int, int]:
    title = row.guesses.title
    name = row.known.title if row.known else title.value if title else ""
    return not name, title_key(name), row.place, row.id
