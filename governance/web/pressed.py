"""A word in a page's form that shows that an act came from that page, where no cookie is read to hold a token.

It is for one private address and twelve hours, worked out with the installation's key. Pages of people who sign in have
Flask-WTF's token instead, which needs the session's cookie.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

LASTS = dt.timedelta(hours=12)


def word_for(key: str, address: str, now: dt.datetime) -> str:
    """The word for a page at a private address."""
    until = int((now + LASTS).timestamp())
    return f"{until}.{_signed(key, address, until)}"


def is_good(key: str, address: str, word: str, now: dt.datetime) -> bool:
    """Whether a word was made for that address, and its page not opened too long ago."""
    until, _, signature = word.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12):
        return False
    same = hmac.compare_digest(signature.encode("utf-8", "replace"), _signed(key, address, int(until)).encode())
    return same and int(until) > now.timestamp()


def _signed(key: str, address: str, until: int) -> str:
    return hmac.digest(key.encode(), f"countersign page {address} {until}".encode(), hashlib.sha256).hex()
