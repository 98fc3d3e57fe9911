"""What a request may be, before anything else is done with it: its host, its size, its parts, its address."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.exceptions import RequestEntityTooLarge

from governance.settings import MEGABYTE, Settings
from governance.web import access

FORM_BYTES = MEGABYTE
_PARTS = 1_000
_QUERY_KEYS = 100
_QUERY_BYTES = 16_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask's own limits. A request to a host that is not ours is answered 400 (bad-input row 59)."""
    host = settings.host.rpartition("@")[2].partition(":")[0]
    return {
        "TRUSTED_HOSTS": list(_LOOPBACK) if host in _LOOPBACK else [host],
        "MAX_CONTENT_LENGTH": FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_BYTES,
        "MAX_FORM_PARTS": _PARTS,
    }


def install(app: Flask, settings: Settings) -> None:
    """Check each request before it is read."""

    @app.before_request
    def hold_to_limits() -> None:
        most = FORM_BYTES
        files = access.takes_files(app, request.endpoint)
        if files:
            # a little more than the files, for the form around them
            most = files * settings.upload_bytes
            request.max_content_length = most + MEGABYTE
        length = request.content_length or 0
        if length > (request.max_content_length or FORM_BYTES):
            raise RequestEntityTooLarge(_too_large(length, most))
        query = request.query_string
        if len(query) > _QUERY_BYTES or query.count(b"&") >= _QUERY_KEYS:
            abort(400, "The address of that page has too much in it.")
        if "\x00" in request.path:
            abort(404)


def _too_large(length: int, limit: int) -> str:
    sent, most = (f"{size / MEGABYTE:.1f}".removesuffix(".0") for size in (length, limit))
    return f"What you sent is {sent} MB; this page takes at most {most} MB. Nothing was stored."
