"""Phone numbers and e-mail addresses as people write them, and as links that a phone can follow. Pure.

What was typed is shown; the link is made anew from letters and figures that we know, so that it can be nothing else.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_PHONE = re.compile(r"\+?[0-9() .-]{3,30}?(?:\s*(?:ext(?:ension)?\.?|x)\s*([0-9]{1,6}))?", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_FEWEST_FIGURES, _MOST_FIGURES = 3, 15


def phone_link(phone: str) -> str | None:
    """ "tel:01234567890" of "01234 567 890"; None where it is no phone number. An extension is dialled after a pause."""
    written = phone.strip()
    found = _PHONE.fullmatch(written)
    if found is None:
        return None
    number = written[: found.start(1)] if found[1] else written
    # "+44 (0)1234": the nought in brackets is for callers at home
    number = number.replace("(0)", "") if number.startswith("+") else number
    figures = "".join(one for one in number if one.isdigit())
    if not _FEWEST_FIGURES <= len(figures) <= _MOST_FIGURES:
        return None
    return f"tel:{'+' if number.startswith('+') else ''}{figures}{f';ext={found[1]}' if found[1] else ''}"


def mail_link(email: str) -> str | None:
    """ "mailto:office@hillcrest.sch.uk"; None where it is no address. Whatever could add a header is written as a code."""
    written = email.strip()
    if _EMAIL.fullmatch(written) is None or ".." in written:
        return None
    return f"mailto:{quote(written, safe='@.+-_')}"
