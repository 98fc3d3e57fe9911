"""How files leave: as attachments under a name people understand, never sniffed, in a sandbox if opened all the same."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response
from sqlalchemy.orm import undefer

from governance.db import db
from governance.errors import NotFound
from governance.storage.models import Artefact, Document
from governance.tenancy import in_school
from governance.web.access import scope

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()")


def download(data: bytes, media_type: str, filename: str) -> Response:
    """An answer that saves a file. The name goes out in ASCII and, whole, as RFC 6266 says."""
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = disposition(filename)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def frozen(public_id: str | None) -> Response:
    """An artefact of this school, as it was frozen.

    Raises:
        NotFound: when there is none, or its bytes are no longer kept.
    """
    artefact: Artefact = in_school(db.session(), Artefact, scope(), public_id or "")
    document = db.session().get_one(Document, artefact.document_id, options=[undefer(Document.bytes)])
    if document.bytes is None:
        raise NotFound(public_id or "")
    return download(document.bytes, document.media_type, artefact.filename)


def disposition(filename: str) -> str:
    """The header for an attachment of that name; emoji, Welsh and Arabic survive, quotes and line breaks cannot."""
    plain = unicodedata.normalize("NFKD", filename)
    ascii_name = "".join(letter for letter in plain if letter in _SAFE).strip() or "document"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename, safe='')}"
