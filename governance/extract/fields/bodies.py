"""Who decides on policies in schools in England and Wales, as they are named in documents."""

from __future__ import annotations

import re

# Longer names first. No groups, so that it can stand inside other patterns.
BODY = (
    r"(?:full\s+|local\s+|school\s+|whole\s+|interim\s+)*(?:governing\s+(?:body|board|council)(?:\s+committee)?|govern(?:ing|ance)\s+committee)"
    r"|(?:full\s+|school\s+)?governors?'?(?:\s+(?:meeting|[a-z&]+(?:\s+(?:and|&)\s+[a-z&]+)?\s+committee))?|(?:local\s+)?(?:academy|advisory|school)\s+(?:council|board|committee)"
    r"|board\s+of\s+(?:governors|trustees|directors|management)"
    r"|(?:(?:mat|trustees?'?|multi[- ]academy|academy|trust)\s+)*board(?:\s+of\s+\w+)?"
    r"|trustees?(?:'\s+board)?|trust\s+board|directors"
    r"|(?:[a-z&]+(?:,\s+[a-z]+)*(?:\s+(?:and|&)\s+[a-z]+)*\s+)?(?:sub-?)?committee"
    r"|fgb|lgb|lgc|igb|\bbo[gmt]\b|\bgb|executive\s+head(?:\s?teacher)?|head\s?teacher|head\s+of\s+school|principal"
    r"|chair(?:\s+of\s+(?:the\s+)?(?:governors|governing\s+(?:body|board)|trustees|board))?|senior\s+leadership\s+team|slt|ceo|chief\s+executive(?:\s+officer)?"
)
_GOVERNING = re.compile(r"(?i)govern|trust|board|fgb|lgb|\bgb\b|\bbo[gmt]\b|committee|council|directors")
_FILLER = re.compile(
    r"(?i)^(?:[\s:;,.\-–—/|()]|\b(?:by|on|at|in|the|date|dated|of|and|meeting|held|their|its|a|from|name|signed)\b(?!\s*\w*\s*committee))+"
)
# What is left where a name was cut in two by a narrow column.
_FRAGMENT = re.compile(r"(?i)local|full|school|academy|trust|the|whole|interim|executive")
_TAIL = re.compile(
    r"(?i)(?:[\s:;,.\-–—/|(\[]|\(\)|\b(?:on|at|in|date|dated|held|their|its|meeting|of|the|from|and)\b)+$"
)


def is_governing(text: str) -> bool:
    """Whether the words name a governing board, trust board or committee rather than a person."""
    return bool(_GOVERNING.search(text))


def first_body(text: str) -> str | None:
    """The first body named in a piece of text, as written."""
    match = re.search(rf"(?i)\b(?:{BODY})\b", text)
    return tidy_body(match[0]) if match else None


def tidy_body(text: str) -> str | None:
    """A body's name without "by", "the", "on" and the like around it; None when nothing is left."""
    shown = _TAIL.sub("", _FILLER.sub("", text)).strip(" .,;:[]|-–")
    shown = shown if shown.count("(") == shown.count(")") else shown.strip("()")
    if _FRAGMENT.fullmatch(shown):
        return None
    return shown if re.search(r"[A-Za-z]{2}", shown) and len(shown) <= 120 else None
