"""Where to go after signing in: only to a page of ours (bad-input row 52). Pure."""

from __future__ import annotations

import re

# What our own addresses are made of. No backslash, no control character, no second slash at the start: browsers
# read "/\evil" and "/<tab>/evil" as another site.
_OURS = re.compile(r"/(?:[A-Za-z0-9_.~%-][A-Za-z0-9_.~%/-]*)?(?:\?[A-Za-z0-9_.~%/=&+,:-]*)?")
_LONGEST = 500


def onward(asked: str | None, home: str = "/") -> str:
    """The page asked for, or home where it is not certainly one of ours."""
    if asked and len(asked) <= _LONGEST and _OURS.fullmatch(asked):
        return asked
    return home
