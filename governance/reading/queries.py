"""Questions about reading: how many, who has not, one person's list, and the facts themselves."""

from governance.reading.coverage_query import coverage, coverage_rows
from governance.reading.facts_query import facts_of
from governance.reading.outstanding_query import my_reading, outstanding, overdue

__all__ = ["coverage", "coverage_rows", "facts_of", "my_reading", "outstanding", "overdue"]
