"""The chain on its own: every tampering is found, no honest chain is accused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.journal.chain import GENESIS, Link, commit_to, first_fault, link, link_hash

BEGAN = dt.datetime(2025, 9, 1, 8, 0, tzinfo=dt.UTC)


def chain(length: int) -> list[Link]:
    """An honest chain of a school's first days."""
    links: list[Link] = []
    for seq in range(1, length + 1):
        at = BEGAN + dt.timedelta(minutes=seq)
        prev = links[-1].hash if links else GENESIS
        links.append(
            link(seq, at, "policy added", {"policy": f"p{seq}"}, {"title": f"Policy {seq}"}, f"salt{seq}", prev)
        )
    return links


@given(st.integers(0, 40))
def test_an_honest_chain_is_whole(length: int) -> None:
    assert first_fault(chain(length)) is None


@settings(max_examples=300)
@given(st.data())
def test_changing_any_field_of_any_entry_is_found_at_that_entry(data: st.DataObject) -> None:
    links = chain(12)
    at = data.draw(st.integers(0, 11))
    name = data.draw(st.sampled_from(["at", "event", "ids", "payload", "salt", "commitment", "prev_hash", "hash"]))
    changed = replace(links[at], **{name: getattr(links[at], name) + "x"})
    fault = first_fault([*links[:at], changed, *links[at + 1 :]])
    assert fault is not None
    assert fault.seq == links[at].seq + (1 if name == "hash" and fault.seq != links[at].seq else 0)


@given(st.integers(0, 10))
def test_removing_an_entry_from_the_middle_is_found(at: int) -> None:
    links = chain(12)
    fault = first_fault(links[:at] + links[at + 1 :])
    assert fault is not None
    assert fault.seq == at + 1


@given(st.integers(0, 10))
def test_exchanging_two_entries_is_found(at: int) -> None:
    links = chain(12)
    links[at], links[at + 1] = links[at + 1], links[at]
    assert first_fault(links) is not None


def test_an_entry_slipped_in_with_its_own_right_hash_is_found() -> None:
    links = chain(6)
    forged = link(4, BEGAN, "policy added", {"policy": "forged"}, {}, "salt", links[2].hash)
    assert first_fault([*links[:3], forged, *links[3:]]) is not None
    assert first_fault([*links[:3], forged, *links[4:]]) is not None


def test_erasing_a_payload_with_its_salt_leaves_the_chain_whole() -> None:
    links = chain(6)
    links[2] = replace(links[2], payload=None, salt=None)
    assert first_fault(links) is None


def test_erasing_a_payload_but_not_its_salt_is_found() -> None:
    links = chain(6)
    links[2] = replace(links[2], payload=None)
    fault = first_fault(links)
    assert fault is not None
    assert fault.seq == 3


def test_the_hash_of_an_entry_can_be_made_again_by_hand() -> None:
    """The worked example of the documentation: whoever has it can write a verifier."""
    entry = link(1, BEGAN, "asking started", {"actor": 7}, {"from_on": "2025-09-15"}, "00ff", GENESIS)
    assert entry.at == "2025-09-01T08:00:00.000000Z"
    assert entry.ids == '{"actor":7}'
    assert entry.payload == '{"from_on":"2025-09-15"}'
    assert entry.commitment == commit_to('{"from_on":"2025-09-15"}', "00ff")
    assert entry.hash == link_hash(1, entry.at, "asking started", '{"actor":7}', entry.commitment, GENESIS)
