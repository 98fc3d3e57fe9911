"""Reading dates: the one a person typed into a field, and those that stand in a line of a document."""

from __future__ import annotations

import re
from datetime import date

from governance.extract.date_forms import FORMS, Reader
from governance.extract.stated_dates import (
    MONTHS,
    ImpossibleDate,
    Precision,
    StatedDate,
    day_in_words,
    exactly,
    month_of,
    not_recorded,
    plausible_year,
    tidy,
)

__all__ = [
    "ImpossibleDate",
    "Precision",
    "Span",
    "StatedDate",
    "day_in_words",
    "exactly",
    "find_dates",
    "impossible_dates",
    "is_short_month",
    "not_recorded",
    "parse_day",
    "parse_stated",
    "short_months",
]

Span = tuple[int, int]

_NOT_RECORDED = {"", "-", "not recorded", "not known", "unknown", "none", "n/a", "not stated"}
_LONGEST_FIELD = 60
_LONGEST_LINE = 20_000
# Every form that is looked for has a year of at least two figures; most lines have none, and there are many forms.
_YEAR = re.compile(r"\d\d")

# "7.1.22 Staff must" and "version 2.1.22" are numbers of clauses and versions, not 7 January and 2 January.
_CLAUSE_NUMBER = re.compile(r"[\s>*•-]*$")
_NUMBERED = re.compile(r"(?:version|v|section|clause|paragraph|para|appendix|annex|no|issue)\.?\s*$", re.IGNORECASE)
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}")
_SHORT_MONTH = re.compile(
    r"(?i)\b(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?(?:\s*[-\u2013/]\s*|\s*['\u2019]|\s+)(?P<year>[0-4]\d)\b(?!\s*(?:st|nd|rd|th|\d|[/.:-]\d))"
)
_COMMON_VERBS = ("may", "march", "mar")


def parse_stated(text: str) -> StatedDate:
    """The date a person typed, with the precision they gave; blank and "not recorded" are not recorded.

    Raises:
        ImpossibleDate: when it is no date, does not exist, is out of range, or could mean two things.
    """
    written = tidy(text)
    if written.lower() in _NOT_RECORDED:
        return not_recorded(written)
    if len(written) <= _LONGEST_FIELD:
        for form in FORMS:
            match = form.pattern.fullmatch(written)
            if match:
                return form.read(match)
    shown = written if len(written) <= _LONGEST_FIELD else written[:_LONGEST_FIELD] + "…"
    raise ImpossibleDate(f"“{shown}” is not a date we can read. Write it like 12 September 2027 or 12/09/2027.")


def parse_day(text: str) -> date:
    """The single day a person typed.

    Raises:
        ImpossibleDate: as `parse_stated`, and when only a month, a term or a year is given, or nothing.
    """
    stated = parse_stated(text)
    if stated.earliest_on is None:
        raise ImpossibleDate("Write a date, such as 12 September 2027 or 12/09/2027.")
    if stated.precision is not Precision.DAY:
        raise ImpossibleDate(f"“{stated.as_written}” has no day. Write the day too, such as 12 September 2027.")
    return stated.earliest_on


def find_dates(line: str) -> list[tuple[StatedDate, Span]]:
    """Every date in a line of a document, in order, with where it stands; what is no real date is left out.

    A year on its own is never a date here ("Education Act 2002"), nor is a day or month without a year.
    """
    return [(stated, span) for stated, span in _looked_at(line) if isinstance(stated, StatedDate)]


def short_months(text: str) -> list[tuple[StatedDate, Span]]:
    """Months with a year of two figures: "Mar-18", "Sept '24", "Aug 19". Only for where a date must stand, such as beside a
    label: elsewhere the figures may be a day. They are doubtful even there.
    """
    found = []
    for match in _SHORT_MONTH.finditer(text[:_LONGEST_LINE]):
        number = next(at for at, name in enumerate(MONTHS, 1) if name.lower().startswith(match["month"].lower()[:3]))
        found.append((month_of(plausible_year(match["year"]), number, match[0]), match.span()))
    return found


def is_short_month(stated: StatedDate) -> bool:
    """Whether it was written with a year of two figures and no day."""
    return bool(_SHORT_MONTH.fullmatch(stated.as_written))


def impossible_dates(line: str) -> list[ImpossibleDate]:
    """What has the form of a date in a line and is none: "31 September 2023", with the words for it."""
    return [problem for problem, _ in _looked_at(line) if isinstance(problem, ImpossibleDate)]


def _looked_at(line: str) -> list[tuple[StatedDate | ImpossibleDate | None, Span]]:
    """Whatever has the form of a date, in order: the date, why it is none, or None where it is a number of another kind."""
    if not _YEAR.search(line, 0, _LONGEST_LINE):
        return []
    line = re.sub("[\u2010-\u2015\u2212]", "-", re.sub(r"[\s\u00a0]", " ", line[:_LONGEST_LINE]))
    taken: list[tuple[Span, StatedDate | ImpossibleDate | None]] = []
    for form in FORMS:
        if not form.in_documents:
            continue
        for match in form.pattern.finditer(line):
            span = match.span()
            if all(span[1] <= start or end <= span[0] for (start, end), _ in taken):
                taken.append((span, None if _only_looks_like_one(match, line) else _read(form.read, match)))
    return [(found, span) for span, found in sorted(taken, key=lambda pair: pair[0])]


def _read(read: Reader, match: re.Match[str]) -> StatedDate | ImpossibleDate:
    try:
        return read(match)
    except ImpossibleDate as problem:
        return problem


def _only_looks_like_one(match: re.Match[str], line: str) -> bool:
    before, after = line[: match.start()], line[match.end() :]
    if match.re.groupindex.get("month") and match["month"] in _COMMON_VERBS and "day" not in match.re.groupindex:
        return True
    if before[-1:] == "/" and before[-2:-1].isalpha():
        return True
    if _DOTTED.fullmatch(match[0]):
        return bool(_NUMBERED.search(before) or (_CLAUSE_NUMBER.fullmatch(before) and after.strip()))
    return False
