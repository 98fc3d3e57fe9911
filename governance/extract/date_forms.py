"""The forms a date takes in writing: what each looks like, and what it then says.

Each form is a pattern and a reader. A reader gives a StatedDate, or raises ImpossibleDate when the words have the form
of a date and cannot be one. Patterns have no nested repeats, so a hostile line costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from governance.extract.stated_dates import (
    MONTHS,
    WEEKDAYS,
    ImpossibleDate,
    StatedDate,
    academic_year,
    calendar_year,
    day_in_words,
    exactly,
    month_of,
    plausible_year,
    real_day,
    term_of,
)

_SHORT = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ?(?:the )?)?"
_DAY = r"(?P<day>\d{1,2}) ?(?:st|nd|rd|th)?"
_BEFORE = r"(?<![\w£$])(?<!\d[-/.])"
_AFTER = r"(?![\w])(?![-/.]\d)"

Reader = Callable[[re.Match[str]], StatedDate]


@dataclass(frozen=True)
class Form:
    """One way of writing a date; `in_documents` is False for what only makes sense in a date field."""

    pattern: re.Pattern[str]
    read: Reader
    in_documents: bool = True


def _form(pattern: str, read: Reader, *, in_documents: bool = True) -> Form:
    return Form(re.compile(_BEFORE + pattern + _AFTER, re.IGNORECASE), read, in_documents)


def _numeric_day(match: re.Match[str]) -> StatedDate:
    year = plausible_year(match["year"])
    return exactly(real_day(int(match["day"]), int(match["monthno"]), year), match[0])


def _worded_day(match: re.Match[str]) -> StatedDate:
    day = real_day(int(match["day"]), _SHORT[match["month"][:3].lower()], plausible_year(match["year"]))
    said = match["weekday"]
    if said and not WEEKDAYS[day.weekday()].lower().startswith(said[:3].lower()):
        raise ImpossibleDate(
            f"{day_in_words(day)} is a {WEEKDAYS[day.weekday()]}, not a {_weekday(said)}. Check the day and the date."
        )
    return exactly(day, match[0])


def _weekday(said: str) -> str:
    return next(name for name in WEEKDAYS if name.lower().startswith(said[:3].lower()))


def _worded_month(match: re.Match[str]) -> StatedDate:
    return month_of(plausible_year(match["year"]), _SHORT[match["month"][:3].lower()], match[0])


def _numeric_month(match: re.Match[str]) -> StatedDate:
    month = int(match["monthno"])
    if not 1 <= month <= 12:
        raise ImpossibleDate(f"There is no month {month}. Write the month and the year, such as 09/{match['year']}.")
    return month_of(plausible_year(match["year"]), month, match[0])


def _two_years(match: re.Match[str]) -> StatedDate:
    first, second = plausible_year(match["year"]), match["second"]
    if int(second) != (first + 1 if len(second) == 4 else (first + 1) % 100):
        raise ImpossibleDate(
            f"{match[0]} is not an academic year: the second year must be the one after the first, "
            f"such as {first}/{(first + 1) % 100:02d}."
        )
    if match["sign"] == "-" and len(second) == 2 and 1 <= int(second) <= 12:
        raise ImpossibleDate(
            f"{match[0]} could be an academic year or a month. Write {first}/{second} for the academic year, "
            f"or {MONTHS[int(second) - 1]} {first} for the month."
        )
    return academic_year(first, match[0])


def _iso_month(match: re.Match[str]) -> StatedDate:
    year, month = plausible_year(match["year"]), int(match["monthno"])
    if month == (year + 1) % 100:
        raise ImpossibleDate(
            f"{match[0]} could be an academic year or a month. Write {year}/{month:02d} for the academic year, "
            f"or {MONTHS[month - 1]} {year} for the month."
        )
    return month_of(year, month, match[0])


def _term(match: re.Match[str]) -> StatedDate:
    name, year = match["term"].lower(), plausible_year(match["year"])
    if match["second"] is None:
        return term_of(name, year, match[0])
    if int(match["second"][-2:]) != (year + 1) % 100:
        raise ImpossibleDate(
            f"{match[0]} does not name an academic year, such as {name} term {year}/{(year + 1) % 100:02d}."
        )
    # In the academic year 2024/25 the autumn term is in 2024, spring and summer are in 2025.
    return term_of(name, year if name == "autumn" else year + 1, match[0])


def _year_only(match: re.Match[str]) -> StatedDate:
    return calendar_year(plausible_year(match["year"]), match[0])


def _month_and_two_figures(match: re.Match[str]) -> StatedDate:
    month = MONTHS[_SHORT[match["month"][:3].lower()] - 1]
    raise ImpossibleDate(
        f"{match[0]} could be a day or a year. Write the whole date, such as 22 {month} 2027, "
        f"or the month and the full year, such as {month} 2027."
    )


def _no_year(match: re.Match[str]) -> StatedDate:
    raise ImpossibleDate(f"{match[0]} has no year. Write the year too, such as 12 September 2027.")


_SECOND = r"(?: ?(?P<sign>[/-]) ?(?P<second>\d{4}|\d{2}))"
_TERM_WORDS = (
    r"(?P<term>autumn|spring|summer)(?: ?(?:half[ -]?)?term)?(?: ?\(?[12]\)?(?!\d))?(?: ?(?:half[ -]?)?term)?,?(?: of)?"
)

# The first form that matches at a place wins, so the fuller forms come first.
FORMS: tuple[Form, ...] = (
    _form(r"(?P<year>\d{4})-(?P<monthno>\d{2})-(?P<day>\d{2})", _numeric_day),
    _form(
        _WEEKDAY + r"(?P<day>\d{1,2}) ?(?P<sign>[/.-]) ?(?P<monthno>\d{1,2}) ?(?P=sign) ?(?P<year>\d{4}|\d{2})",
        _numeric_day,
    ),
    _form(_WEEKDAY + _DAY + r"(?: of)?[ -]?" + _MONTH + r",?[ -]?(?P<year>\d{4})", _worded_day),
    _form(_WEEKDAY + _DAY + r"(?: of)?[ -]" + _MONTH + r"[ -](?P<year>\d{2})", _worded_day),
    _form(_WEEKDAY + _MONTH + " " + _DAY + r",? (?P<year>\d{4})", _worded_day),
    _form(_TERM_WORDS + r" ?(?P<year>\d{4})" + _SECOND + "?", _term),
    _form(r"(?P<year>\d{4})(?P<sign>-)(?P<monthno>0[1-9]|1[0-2])", _iso_month),
    _form(r"(?P<year>\d{4})" + _SECOND, _two_years),
    _form(_MONTH + r",?(?: of)?[ -](?P<year>\d{4})", _worded_month),
    _form(r"(?P<monthno>\d{1,2}) ?[/.-] ?(?P<year>\d{4})", _numeric_month),
    _form(r"(?P<day>\d{1,4})[/.-](?P<monthno>\d{1,2})[/.-](?P<year>\d+)", _numeric_day, in_documents=False),
    _form(_WEEKDAY + _DAY + r"(?: of)? ?" + _MONTH + r",? (?P<year>\d+)", _worded_day, in_documents=False),
    _form(_MONTH + r",? (?P<figures>\d{2})", _month_and_two_figures, in_documents=False),
    _form(_MONTH + r",? (?P<year>\d+)", _worded_month, in_documents=False),
    _form(r"(?P<year>\d{3,})", _year_only, in_documents=False),
    _form(_DAY + r"(?: of)? ?" + _MONTH, _no_year, in_documents=False),
    _form(_MONTH + "(?: " + _DAY + ")?", _no_year, in_documents=False),
    _form(r"\d{1,2} ?[/.-] ?\d{1,2}", _no_year, in_documents=False),
    _form(_TERM_WORDS.removesuffix(",?(?: of)?"), _no_year, in_documents=False),
)
