"""Which policies are about safeguarding. Pure.

House rule: what the school said of a policy counts; where it said nothing, the title tells. A title is about safeguarding
where it says safeguarding, child protection, keeping children safe (or KCSIE), low-level concerns, or the conduct of staff,
which the statutory guidance also calls a code of conduct or a staff behaviour policy.
"""

from __future__ import annotations

import re

from governance.schools.names import fold

_SAFEGUARDING = re.compile(
    r"""\bsafeguard(?:ing)?\b
    | \bchild(?:ren)?(?:'s|s)?[\s-]+protection\b | \bprotection\s+of\s+children\b
    | \bkeeping\s+(?:our\s+)?(?:children|pupils|learners)\s+safe\b | \bkcsie\b
    | \blow[\s-]*level\s+concerns?\b
    | \b(?:staff|employees?|workforce|adults?)(?:'s|s)?\s+behaviour\b""",
    re.VERBOSE,
)
_CONDUCT, _OF_STAFF = re.compile(r"\bconduct\b"), re.compile(r"\b(?:staff|employees?|workforce|adults?|volunteers?)\b")
_CODE_ALONE = re.compile(r"(?:the\s+)?code of conduct(?:\s+(?:policy|procedure))?")


def is_about_safeguarding(title: str, said_so: bool | None = None) -> bool:
    """Whether a policy is about safeguarding: as the school said, or where it said nothing (None) by its title."""
    return title_says_safeguarding(title) if said_so is None else said_so


def title_says_safeguarding(title: str) -> bool:
    """Whether a policy's title says that it is about safeguarding."""
    said = fold(title).replace("’", "'")
    if _SAFEGUARDING.search(said) or _CODE_ALONE.fullmatch(said):
        return True
    return bool(_CONDUCT.search(said) and _OF_STAFF.search(said))
