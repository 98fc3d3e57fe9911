"""Promise 7: a pack that was made stays, byte for byte, whatever becomes of the rows it was made from."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from governance.db import reading, writing
from governance.packs import parts
from governance.packs.models import Pack
from governance.people.models import Person
from governance.policies.models import Policy
from governance.schedule.actions import ask
from governance.schedule.packing import BUILD_PACK
from governance.schedule.rounds import run_due
from governance.storage.models import Artefact, Document
from governance.tenancy import Organisation
from tests.packs.little_school import HELEN, NOW, Little, little_school


@pytest.mark.slow
@pytest.mark.engines("sqlite")
def test_a_pack_stays_as_it_was_made_and_changed_facts_or_another_library_make_another(
    rooms: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing() as session:
        little = little_school(session)
    first = _built(little)
    again = _built(little)
    assert again == first, "the same facts made another pack"

    with writing() as session:
        session.execute(update(Policy).values(title="Renamed", wording="Other words"))
        session.execute(update(Person).values(given_name="Changed", family_name="Name"))
        session.execute(update(Organisation).values(name="Another School"))
    assert _packs()[0] == first
    later = _built(little)
    assert later != first
    assert _packs() == [first, later]

    found = parts.made_with()
    upgraded = found | {"libraries": found["libraries"] | {"weasyprint": "99.0"}}
    monkeypatch.setattr(parts, "_made_with", lambda: upgraded)
    third = _built(little)
    assert third[1] != later[1] and '"weasyprint":"99.0"' in third[1].replace(" ", "")
    assert _packs() == [first, later, third], "what was frozen is not printed again"


def _built(little: Little) -> tuple[str, str, bytes]:
    with writing() as session:
        ask(session, little.scope, HELEN, BUILD_PACK, {"meeting": little.meeting}, NOW)
    assert run_due(lambda: NOW)[0] == 1
    return _packs()[-1]


def _packs() -> list[tuple[str, str, bytes]]:
    """Identifier, manifest and bytes of every pack, and that what is stored is what was hashed."""
    query = (
        select(Pack.public_id, Artefact.manifest, Document.sha256, Document.bytes)
        .join(Artefact, Artefact.id == Pack.artefact_id)
        .join(Document, Document.id == Artefact.document_id)
        .order_by(Pack.id)
    )
    with reading() as session:
        rows = session.execute(query).all()
        assert session.scalar(select(func.count(Pack.id))) == len(rows)
    for _, manifest, sha256, content in rows:
        assert content and hashlib.sha256(content).hexdigest() == sha256 == json.loads(manifest)["sha256"]
    return [(public_id, manifest, content) for public_id, manifest, _, content in rows if content]
