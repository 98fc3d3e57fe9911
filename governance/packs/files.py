"""What goes with a pack: the pack as it was frozen, and the originals that its text does not print."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from governance.errors import Refusal
from governance.mail.compose import Attachment
from governance.packs.models import Pack
from governance.policies.models import VersionDocument
from governance.storage.models import Artefact, Document
from governance.tenancy import Scope


@dataclass(frozen=True)
class PackFile:
    """A file that goes with a pack, under a name of its own. `document` is its public id; `size` in bytes."""

    document: str
    filename: str
    media_type: str
    sha256: str
    size: int


def files_of(session: Session, scope: Scope, pack: Pack) -> tuple[PackFile, ...]:
    """The pack first, then its originals in the order of its policies.

    Raises:
        Refusal: naming a file that is no longer kept.
    """
    artefact = session.get_one(Artefact, pack.artefact_id)
    document = session.get_one(Document, artefact.document_id)
    listed = json.loads(artefact.manifest)["originals"]
    return (_file(document, artefact.filename), *_originals(session, scope, listed))


def attachment_of(session: Session, scope: Scope, file: PackFile) -> Attachment:
    """A file with its bytes.

    Raises:
        Refusal: where they are no longer kept, or are not what they were.
    """
    kept = select(Document).where(
        Document.organisation_id == scope.organisation_id, Document.public_id == file.document
    )
    content = session.scalars(kept.options(undefer(Document.bytes))).one().bytes
    if content is None:
        raise _not_kept(file.filename)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refusal.one(f"The pack cannot be sent: its file {file.filename} is not what it was. Build a new one.")
    return Attachment(file.filename, file.media_type, content)


def _originals(session: Session, scope: Scope, listed: Sequence[dict[str, str]]) -> Iterator[PackFile]:
    names: set[str] = set()
    for one in listed:
        found = session.scalars(
            select(Document)
            .join(VersionDocument, VersionDocument.document_id == Document.id)
            .where(Document.organisation_id == scope.organisation_id, Document.sha256 == one["sha256"])
            .limit(1)
        ).first()
        if found is None:
            raise _not_kept(one["filename"])
        name = one["filename"] if one["filename"] not in names else f"{one['sha256'][:8]}-{one['filename']}"
        names.add(name)
        yield _file(found, name)


def _file(document: Document, filename: str) -> PackFile:
    return PackFile(document.public_id, filename, document.media_type, document.sha256, document.size)


def _not_kept(filename: str) -> Refusal:
    return Refusal.one(f"The pack cannot be sent: its file {filename} is no longer kept.")
