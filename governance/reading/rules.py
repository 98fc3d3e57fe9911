"""What must be read, by whom and by when: the pure rules of this room. See `owed` for how each sentence is read."""

from governance.reading.calendar import (
    SchoolYear,
    Term,
    add_months,
    days_after,
    due_day,
    is_school_day,
    last_year_start,
    next_school_day,
    next_year_start,
)
from governance.reading.coverage import Count, Coverage, counted, coverage_of
from governance.reading.cutoffs import OverdueStarts, first_good_day, overdue_starts
from governance.reading.facts import (
    Absence,
    Asking,
    Declined,
    Engagement,
    Excuse,
    Extension,
    Facts,
    InForce,
    Receipt,
    Repeat,
    Rule,
)
from governance.reading.owed import Owed, State, due_after_absences, is_long, lapse_day, owed, owed_by, stretch_start

__all__ = [
    "Absence", "Asking", "Count", "Coverage", "Declined", "Engagement", "Excuse", "Extension", "Facts", "InForce", "OverdueStarts",
    "Owed", "Receipt", "Repeat", "Rule", "SchoolYear", "State", "Term", "add_months", "counted", "coverage_of",
    "days_after", "due_after_absences", "due_day", "first_good_day", "is_long", "is_school_day", "lapse_day",
    "last_year_start", "next_school_day", "next_year_start", "overdue_starts", "owed", "owed_by",
    "stretch_start",
]  # fmt: skip
