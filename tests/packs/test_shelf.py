"""Printed parts of packs in the database: one school's own, and gone when nobody needs them."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from governance.db import reading, writing
from governance.packs.gathering import for_meeting
from governance.packs.models import PrintedPart
from governance.packs.shelf import KEPT_FOR, SchoolShelf
from governance.packs.values import Size
from governance.render.press import Printed
from governance.schedule.actions import ask
from governance.schedule.models import Run
from governance.schedule.packing import BUILD_PACK
from governance.schedule.rounds import let_go, run_due
from governance.schools.models import Meeting
from governance.storage.models import Artefact, Document
from governance.tenancy import Scope
from tests import hillcrest
from tests.packs.little_school import HELEN, NOW, TODAY, Little, little_school

KEY, PART = "a" * 64, Printed(3, b"%PDF-1.7 a part")


@pytest.fixture
def little(rooms: Flask) -> Little:
    with writing() as session:
        return little_school(session)


def shelf(scope: Scope, at: dt.datetime = NOW) -> SchoolShelf:
    return SchoolShelf(scope, lambda: at)


def test_a_printed_part_of_another_school_is_never_used(little: Little) -> None:
    with writing() as session:
        zeds = hillcrest.a_school(session, "Zed's School", "zeds")
    shelf(zeds).keep(KEY, Printed(9, b"%PDF-1.7 theirs"))
    assert shelf(little.scope).pages_of({KEY}) == shelf(little.scope).contents_of({KEY}) == {}
    shelf(little.scope).keep(KEY, PART)
    assert shelf(little.scope).pages_of({KEY}) == {KEY: 3}
    assert shelf(little.scope).contents_of({KEY}) == {KEY: PART.content}
    assert shelf(zeds).contents_of({KEY}) == {KEY: b"%PDF-1.7 theirs"}


def test_a_part_that_two_runs_print_is_kept_once(little: Little) -> None:
    for _ in range(2):
        shelf(little.scope).keep(KEY, PART)
    with reading() as session:
        assert session.scalars(select(PrintedPart.key)).all() == [KEY]


def test_parts_printed_long_ago_go(little: Little) -> None:
    shelf(little.scope, NOW - KEPT_FOR).keep(KEY, PART)
    shelf(little.scope).keep("b" * 64, PART)
    let_go(NOW)
    assert shelf(little.scope).pages_of({KEY, "b" * 64}) == {"b" * 64: 3}


@pytest.mark.engines("sqlite")
def test_a_pack_asked_for_again_in_another_size_is_another_pack(little: Little) -> None:
    made = {}
    for size in Size:
        with writing() as session:
            ask(session, little.scope, HELEN, BUILD_PACK, {"meeting": little.meeting, "size": size.value}, NOW)
        assert run_due(lambda: NOW) == (1, 0)
        with reading() as session:
            document = session.scalars(select(Document).join(Artefact).order_by(Artefact.id.desc())).first()
            assert document is not None
            made[size] = (document.media_type, document.bytes)
            told = session.scalars(select(Run.result).order_by(Run.id.desc())).first()
            assert told and "policies" in told
    assert [media for media, _ in made.values()] == ["application/pdf", "application/pdf", "application/zip"]
    assert len({content for _, content in made.values()}) == 3


def test_a_short_pack_is_gathered_without_texts_and_with_their_pages(little: Little) -> None:
    with reading() as session:
        meeting = session.get_one(Meeting, little.meeting_id)
        site = "https://countersign.example/hillcrest"
        short = for_meeting(session, little.scope, meeting, TODAY, NOW, size=Size.SHORT, site=site)
        full = for_meeting(session, little.scope, meeting, TODAY, NOW)
    assert all(item.clauses == () and item.address.startswith(f"{site}/policies/") for item in short.items)
    assert all(item.clauses and not item.address for item in full.items)
    assert [item.originals for item in short.items] == [item.originals for item in full.items]
