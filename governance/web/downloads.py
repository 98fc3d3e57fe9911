"""How files leave: as attachments under a name people understand, never sniffed, in a sandbox if opened all the same."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()")


def download(data: bytes, media_type: str, filename: str) -> Response:
    """An answer that saves a file. The name goes out in ASCII and, whole, as RFC 6266 says."""
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = disposition(filename)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def disposition(filename: str) -> str:
    """The header for an attachment of that name; emoji, Welsh and Arabic survive, quotes and line breaks cannot."""
    plain = unicodedata.normalize("NFKD", filename)
    ascii_name = "".join(letter for letter in plain if letter in _SAFE).strip() or "document"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename, safe='')}"
