"""Who is in a school without being staff, as an inspector asks. Pure."""

from __future__ import annotations

import re

from governance.schools.names import fold

_VISITING_CODES = frozenset({"agency", "volunteers"})
_VISITING = re.compile(r"\b(?:agency|supply|volunteers?|volunteering)\b")


def is_visiting(category_code: str | None, category: str, agency: str | None) -> bool:
    """Whether a job is that of supply staff or a volunteer: by its category, or because an agency sent them."""
    return category_code in _VISITING_CODES or bool(agency) or bool(_VISITING.search(fold(category)))
