"""How long ago a policy was reviewed and how late its review is, in a governor's words. Pure.

House rule: whole months count, as review days are reckoned (`add_months`); below one month days, from two years on years.
"""

from __future__ import annotations

import datetime as dt

from governance.extract.stated_dates import Precision, StatedDate
from governance.packs.values import Decided
from governance.render import words
from governance.schools.calendar import whole_months

_MONTHS_BEFORE_YEARS = 24


def span(first: dt.date, last: dt.date) -> str:
    """The time between two days: "12 days", "14 months", "2 years and 3 months"."""
    months = whole_months(first, last)
    if not months:
        return words.plural(max((last - first).days, 0), "day")
    if months < _MONTHS_BEFORE_YEARS:
        return words.plural(months, "month")
    years, rest = divmod(months, 12)
    return words.plural(years, "year") + (f" and {words.plural(rest, 'month')}" if rest else "")


def last_reviewed(decided: Decided | None, day: dt.date, *, is_first: bool) -> str:
    """When a policy was last reviewed, in a sentence.

    Args:
        decided: the review; None where none is recorded.
        day: to which the time is counted.
        is_first: that the decision only put the policy in force for the first time.
    """
    if decided is None:
        return "Never reviewed: no adoption or review of it is recorded."
    what = f"Not reviewed yet: {_begun(decided)}" if is_first else "Last reviewed"
    by = f", by {decided.by}" if decided.by else ""
    minute = f" (minute {decided.minute})" if decided.minute else ""
    return f"{what} {_when(decided.on, day)}{by}{minute}."


def last_reviewed_briefly(decided: Decided | None, *, is_first: bool) -> str:
    """The same for a table: "12 Sep 2025", "adopted 12 Sep 2025", "never"."""
    if decided is None:
        return "never"
    on = decided.on.in_words() if decided.on.latest_on else "day not recorded"
    if decided.on.precision is Precision.DAY:
        on = words.day_short(decided.on.latest_on)
    return f"{_begun(decided)} {on}" if is_first else on


def overdue(due: StatedDate | None, day: dt.date) -> str:
    """How late a review is: "15 days", and empty where it is not."""
    if due is None or due.latest_on is None or due.latest_on >= day:
        return ""
    return span(due.latest_on, day)


def _begun(decided: Decided) -> str:
    return f"{decided.what[:1].lower()}{decided.what[1:]}"


def _when(on: StatedDate, day: dt.date) -> str:
    """How long ago, and on which day; of a month or a year, since its end."""
    if on.latest_on is None:
        return "on a day that is not recorded"
    if on.precision is Precision.DAY:
        return f"{'today' if on.latest_on == day else f'{span(on.latest_on, day)} ago'}, on {on.in_words()}"
    said = f"in {'the ' if on.precision is Precision.TERM else ''}{on.in_words()}"
    return said if on.latest_on >= day else f"at least {span(on.latest_on, day)} ago, {said}"
