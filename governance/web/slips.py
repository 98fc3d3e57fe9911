"""A slip to cut out and hand over: who it is for, what they sign in with, and their one-time link as text and as a code."""

from __future__ import annotations

from dataclasses import dataclass

import segno

from governance.web.requests import settings


@dataclass(frozen=True)
class Slip:
    """One person's way in. `code` is a picture as a data address."""

    name: str
    signs_in_as: str
    address: str
    code: str


def slip(name: str, signs_in_as: str, token: str) -> Slip:
    """A slip for a link that was just made."""
    address = f"{settings().base_url}/link/{token}"
    code = segno.make_qr(address, error="m").svg_data_uri(scale=4, border=2)
    return Slip(name, signs_in_as, address, code)
