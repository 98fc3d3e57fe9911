"""A later pack says what is new since the one that was sent; a supplement has nothing else in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from governance.packs.printing import printed
from governance.packs.since import Sent, compared
from governance.packs.values import Since
from tests.packs.oakfield import pack
from tests.render.pdf_checks import failures, text_of

SENT_ON = dt.date(2026, 10, 5)


def sent(**changes: dict[str, str]) -> Sent:
    """The pack of Oakfield as it was sent, but for some policies' entries, by reference."""
    items = [
        {"reference": one.reference, "title": one.title, "version": one.version_label, "asks_for": one.asks_for}
        for one in pack().items
    ]
    return Sent(SENT_ON, tuple(one | changes.get(one["reference"], {}) for one in items))


def test_an_agenda_that_is_as_it_was_says_so() -> None:
    since = compared(pack(), sent()).since
    assert since == Since(SENT_ON) and since.is_nothing


def test_new_changed_and_dropped_items_are_told_by_title() -> None:
    first, second, *_ = pack().items
    before = sent(**{second.reference: {"version": "2019"}})
    before = Sent(SENT_ON, (*before.items[1:], {"reference": "OLD-1", "title": "Old Policy", "asks_for": ""}))
    found = compared(pack(), before)
    assert found.since == Since(SENT_ON, (first.title,), (second.title,), ("Old Policy",))
    assert len(found.items) == len(pack().items)
    only = compared(pack(), before, only_new=True)
    assert [one.title for one in only.items] == [first.title, second.title]
    assert only.title.startswith("Supplementary policy pack: Full Governing Body")


def test_it_is_printed_beside_the_contents() -> None:
    first = pack().items[0]
    before = Sent(SENT_ON, sent().items[1:])
    content = printed(compared(replace(pack(), items=(first,)), before, only_new=True))
    text = " ".join(text_of(content))
    assert "Supplementary policy pack" in text
    assert f"Since the pack sent on 5 October 2026 New: {first.title}." in text
    assert failures(content) == []
