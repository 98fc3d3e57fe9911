"""A word in a mail that only its reader may know, such as the end of a link to set a password.

The outbox keeps a mark in its place: whoever reads the database, a backup or the screen of what was sent reads the mark.
The word is worked out from the mail's public id and the installation's key when the mail is handed over, so each attempt
has the same one; what it opens is kept as a hash, as every token is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

from governance.mail.compose import Letter

# It reads as a sentence where a mail is shown on screen, and stands in an address without being changed by it.
MARK = "only-in-the-mail-itself"


def private_word(key: str, mail: str) -> str:
    """The word of a mail, by its public id: 43 letters, figures, hyphens and underscores.

    Raises:
        ValueError: for no key, with which anybody could work it out.
    """
    if not key:
        raise ValueError("a private word needs the installation's key")
    digest = hmac.digest(key.encode(), f"countersign mail {mail}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def filled(letter: Letter, key: str, mail: str) -> Letter:
    """The letter as its reader gets it."""
    if MARK not in letter.text and MARK not in letter.html:
        return letter
    word = private_word(key, mail)
    return replace(letter, text=letter.text.replace(MARK, word), html=letter.html.replace(MARK, word))
