"""Why a policy is asked of somebody: the rules that reach them on a day, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from governance.reading.facts import Facts
from governance.reading.owed import rules_asked
from governance.reading.pairs import pairs
from governance.reading.ruled import RuleRow
from governance.render import words


def why(facts: Facts, rules: Sequence[RuleRow], day: dt.date) -> dict[int, str]:
    """By person, the rules of one policy through which it is asked of them that day. `facts` are that policy's."""
    named = {
        (one.category_id, one.person_id, one.title_key, one.joined_since, one.from_on, one.until_on): in_words(one)
        for one in rules
    }
    found: dict[int, str] = {}
    for pair in pairs(facts):
        asked = {_key(rule) for rule in rules_asked(pair, day)}
        if asked:
            # in the order of the rules as they are listed: facts have none
            found[pair.person_id] = _joined(said for key, said in named.items() if key in asked)
    return found


def in_words(rule: RuleRow) -> str:
    """Whom the rule is for and what of the policy: "Teachers", "By name", "Cleaners (job title): Part one only"."""
    who = "By name" if rule.person_id is not None else rule.who
    return f"{who}: {words.listed(rule.parts)} only" if rule.parts else who


def _key(rule: Any) -> tuple[Any, ...]:
    return rule.category_id, rule.person_id, rule.title, rule.joined_since, rule.from_on, rule.until_on


def _joined(said: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(said))
