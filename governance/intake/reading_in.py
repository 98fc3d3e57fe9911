"""Files as they come in, ready to be recorded: the bytes, what they are, their text, and what was detected in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from governance import child
from governance.errors import Objection, Refusal
from governance.extract.clauses import EXTRACTOR
from governance.extract.door import examine
from governance.extract.examined import Examined, from_answer
from governance.extract.kinds import Kind
from governance.extract.scanner import refuse_malware
from governance.extract.unreadable import UnreadableDocument
from governance.policies.actions import File, Text
from governance.storage.actions import Bytes

MEDIA_TYPES = {kind: kind.media_type for kind in Kind}
_BATCH_FILES, _BATCH_BYTES = 50, 20 * 1024 * 1024
_LIMITS = child.Limits(seconds=120, memory_mb=1536, output_mb=256, cpu_seconds=110)


@dataclass(frozen=True)
class ReadIn:
    """A file that may be recorded."""

    file: File
    examined: Examined

    @property
    def text(self) -> Text | None:
        """Its text by clause, or None where only the original can be shown."""
        sha256 = self.examined.text_sha256
        return Text(EXTRACTOR, sha256, self.examined.clauses_json) if sha256 else None


def read_in(files: Sequence[tuple[str, bytes]]) -> list[ReadIn]:
    """Files by name and content, examined in children with limits.

    Raises:
        Refusal: naming every file that cannot be taken and why.
    """
    made, objections = [], []
    for few in _batches(files):
        for (name, data), found in zip(few, examined_each(few), strict=True):
            if isinstance(found, str):
                objections.append(Objection(f"{name}: {found}", "files"))
            else:
                made.append(ReadIn(File(found.filename, Bytes(data, MEDIA_TYPES[found.kind])), found))
    if objections:
        raise Refusal(objections)
    return made


def examined_each(files: list[tuple[str, bytes]]) -> list[Examined | str]:
    """What each file says, or why it is refused. What a scanner flags is not opened."""
    flagged = [_flagged(name, data) for name, data in files]
    opened = iter(_opened([file for file, said in zip(files, flagged, strict=True) if said is None]))
    return [next(opened) if said is None else said for said in flagged]


def _flagged(name: str, data: bytes) -> str | None:
    try:
        refuse_malware(name, data)
    except UnreadableDocument as refused:
        return refused.message
    return None


def _opened(files: list[tuple[str, bytes]]) -> list[Examined | str]:
    """Together first; one by one when the batch came to grief, so that only the culprit is refused."""
    if len(files) > 1:
        try:
            answers = json.loads(child.run("governance.intake.batch", _question(files), _LIMITS))
            return [from_answer(one.encode()) for one in answers]
        except child.ChildFailed:
            pass  # the next lines say which file it was
    return [_one(name, data) for name, data in files]


def _question(files: list[tuple[str, bytes]]) -> bytes:
    """What `batch.answer` reads. That module is not imported: it would load the PDF library into the program."""
    header = json.dumps([[name, len(data)] for name, data in files]).encode()
    return header + b"\n" + b"".join(data for _, data in files)


def _one(name: str, data: bytes) -> Examined | str:
    try:
        return examine(name, data)
    except UnreadableDocument as refused:
        return refused.message


def _batches(files: Sequence[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    few: list[tuple[str, bytes]] = []
    for file in files:
        if few and (len(few) == _BATCH_FILES or sum(len(data) for _, data in few) + len(file[1]) > _BATCH_BYTES):
            yield few
            few = []
        few.append(file)
    if few:
        yield few
