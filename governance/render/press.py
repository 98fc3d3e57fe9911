"""A long document printed in parts by two children at once, and bound into one PDF by a third.

    Press.printed(parts) ─▶ two children, each with one part at a time ─▶ parts as they come
    Press.one(part)      ─▶ one more, such as a contents page that had to wait for the others
    Binder               ─▶ takes each as it comes, and makes one PDF/UA-1 (`governance.render.binding`)

Both start their children at once, so that their imports run while the program still looks up what was printed before.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from queue import Queue, SimpleQueue
from threading import Lock, Thread
from types import TracebackType

from governance.child import Child, ChildFailed, Limits, Reason
from governance.guarded import LENGTH
from governance.render.pdf import LIMITS, STYLES

AT_ONCE = 2
# Below so many, a second child would take longer to start than it saves.
WORTH_ANOTHER = 4
_COUNT_BYTES = 4
_TURN_AND_PLACE = struct.Struct(">II")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Piece:
    """A part to print. `name` is how a failure calls it: "Part 7, Behaviour policy". `html` is asked for when its turn comes.

    `mark` starts the marks of its table heads and must differ between parts that are bound together. `tagged` is False for a
    sheet that is never read as a document.
    """

    name: str
    title: str
    mark: str
    html: Callable[[], str]
    styles: tuple[str, ...]
    tagged: bool = True


@dataclass(frozen=True)
class Printed:
    """A printed part and how many pages it has."""

    pages: int
    content: bytes


@dataclass(frozen=True)
class About:
    """What the bound document says of itself. The first `plain` pages bear neither number nor running title."""

    title: str
    made_at: dt.datetime
    plain: int = 0
    lang: str = "en-GB"


class Press:
    """As many children as there are cores, two at most, each of which prints one part after another; gone with the block.

    `pieces` is how many are to be printed.
    """

    def __init__(self, pieces: int, limits: Limits = LIMITS) -> None:
        at_once = min(AT_ONCE, os.cpu_count() or 1) if pieces >= WORTH_ANOTHER else 1
        # One that comes last may have to be laid out more than once.
        each = replace(limits, pieces=pieces + 20)
        self._children = [Child("governance.render.pressing", each) for _ in range(at_once)]
        self._work: list[Thread] = []

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: TracebackType | type[BaseException] | BaseException | None) -> None:
        for child in self._children:
            child.__exit__()
        for one in self._work:
            one.join()

    def printed(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, Printed]]:
        """Each part with its place in `pieces`, in the order in which they are done. Printing begins at once.

        Raises:
            ChildFailed: when one broke a limit or could not be laid out; the message names it.
        """
        waiting, done, turn = iter(enumerate(pieces)), SimpleQueue[tuple[int, Printed] | Exception](), Lock()
        self._work = [Thread(target=_work, args=(child, waiting, done, turn)) for child in self._children]
        for one in self._work:
            one.start()
        return self._as_they_come(len(pieces), done)

    def _as_they_come(
        self, count: int, done: SimpleQueue[tuple[int, Printed] | Exception]
    ) -> Iterator[tuple[int, Printed]]:
        for _ in range(count):
            found = done.get()
            if isinstance(found, Exception):
                raise found
            yield found

    def one(self, piece: Piece, pages: int | None = None) -> Printed:
        """One part. When it does not come to `pages`, it is not written: its content is empty, its number of pages true.

        Raises:
            ChildFailed: as `printed`.
        """
        return _asked(self._children[0], piece, pages)


class Binder:
    """A child that binds; gone with the block. It takes parts while others are still printed, in any order.

    `parts` is how many it takes before it binds, `documents` how many times. Nobody waits for a part to be taken: what went
    wrong with one is told when the document is asked for.
    """

    def __init__(self, parts: int, documents: int = 1, limits: Limits = LIMITS) -> None:
        self._child = Child("governance.render.binding", replace(limits, pieces=(parts + 1) * documents))
        self._given: Queue[tuple[bytes, str] | None] = Queue()
        self._failed: Exception | None = None
        self._hand = Thread(target=self._hand_over)
        self._hand.start()

    def __enter__(self) -> Binder:
        return self

    def __exit__(self, *_: TracebackType | type[BaseException] | BaseException | None) -> None:
        self._child.kill()
        self._given.put(None)
        self._hand.join()
        self._child.__exit__()

    def _hand_over(self) -> None:
        while (given := self._given.get()) is not None:
            payload, part = given
            if self._failed is None:
                try:
                    self._child.ask(payload, part=part)
                except Exception as problem:  # noqa: BLE001 - raised again where the document is asked for
                    self._failed = problem
            self._given.task_done()

    def take(self, turn: int, place: int, content: bytes, *, part: str) -> None:
        """A part of the document that comes next, with its place there. `part` names the document in the error.

        Args:
            turn: when the part is moved in, counted from 0. The same document has the same turns, in whichever order its
                parts come; what is known to come last had best be moved in last.
        """
        self._given.put((b"".join((b"+", _TURN_AND_PLACE.pack(turn, place), content)), part))

    def bound(self, about: About, sheet: bytes, *, part: str) -> bytes:
        """The parts that were taken as one document; the same parts and arguments give the same bytes.

        Args:
            about: its title, language and instant of making.
            sheet: the printed running titles and letters of page numbers (`governance.render.stamping`).
            part: what is being bound, for the sentence when it fails.

        Raises:
            ChildFailed: when a limit was broken, one of them is no part, or they do not fit together.
        """
        self._given.join()
        if self._failed is not None:
            raise self._failed
        said = {
            "title": about.title,
            "lang": about.lang,
            "made_at": about.made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "plain": about.plain,
        }
        frames = (json.dumps(said).encode(), sheet)
        return self._child.ask(b"=" + b"".join(LENGTH.pack(len(one)) + one for one in frames), part=part)


def _work(
    child: Child,
    waiting: Iterator[tuple[int, Piece]],
    done: SimpleQueue[tuple[int, Printed] | Exception],
    turn: Lock,
) -> None:
    """Print whatever waits next until nothing does, or until one fails."""
    while True:
        with turn:
            place, piece = next(waiting, (-1, None))
        if piece is None:
            return
        try:
            done.put((place, _asked(child, piece, None)))
        except Exception as problem:  # noqa: BLE001 - raised again where the parts are awaited
            done.put(problem)
            return


def _asked(child: Child, piece: Piece, pages: int | None) -> Printed:
    name = piece.name if len(piece.name) <= _LONGEST_NAME else f"{piece.name[:_LONGEST_NAME]}…"
    said = {
        "html": _html(piece, name),
        "title": piece.title,
        "lang": "en-GB",
        "styles": [(STYLES / name).read_text(encoding="utf-8") for name in piece.styles],
        "mark": piece.mark,
        "tagged": piece.tagged,
        "pages": pages,
    }
    try:
        answer = child.ask(json.dumps(said).encode(), part="it")
    except ChildFailed as failed:
        raise ChildFailed(failed.reason, f"{name}, could not be printed: {failed}", failed.detail) from failed
    return Printed(int.from_bytes(answer[:_COUNT_BYTES], "big"), answer[_COUNT_BYTES:])


def _html(piece: Piece, name: str) -> str:
    try:
        return piece.html()
    except RecursionError as error:
        words = f"{name}, could not be printed: its text has lists inside lists too deep to lay out."
        raise ChildFailed(Reason.CRASHED, words) from error
