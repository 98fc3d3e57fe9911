"""Printed references: how somebody without a staff number or an e-mail address is found, on slips and sign-off sheets."""

from __future__ import annotations

import secrets
from collections.abc import Collection

# No 0, O, 1, I or L, which are mistaken for each other in print, and no vowels, so that no reference spells a word.
ALPHABET = "BCDFGHJKMNPQRSTVWXYZ23456789"
_LENGTH = 6


def new_reference(taken: Collection[str]) -> str:
    """A reference such as K7M-4QX that is not among those the school has given out."""
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
        reference = f"{drawn[:3]}-{drawn[3:]}"
        if reference not in taken:
            return reference


def as_printed(typed: str) -> str:
    """A reference as it is printed, from what somebody typed: case, spaces and hyphens do not matter."""
    bare = "".join(character for character in typed.upper() if character.isalnum())
    return f"{bare[:3]}-{bare[3:]}" if len(bare) == _LENGTH else bare
