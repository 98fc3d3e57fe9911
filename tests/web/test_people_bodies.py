"""Governing bodies, posts, and who sits on and holds them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import reading
from governance.people.models import BodyMember, Category, Person, Post, PostHolder
from governance.schools.models import GoverningBody
from governance.tenancy import Scope
from tests.web.people import sign_in

BODIES, POSTS = "/hillcrest/bodies", "/hillcrest/posts"


@pytest.fixture
def helen(hillcrest: Scope, client: FlaskClient) -> FlaskClient:
    """Helen the clerk, signed in."""
    sign_in(client, "Helen")
    return client


def key_of(app: Flask, model: type, organisation_id: int = 1) -> str:
    with app.app_context(), reading() as session:
        mine = select(model.public_id).where(model.organisation_id == organisation_id)  # type: ignore[attr-defined]
        return session.scalars(mine.order_by(model.id.desc())).first() or ""  # type: ignore[attr-defined]


def test_helen_sets_up_a_committee_and_seats_its_chair(helen: FlaskClient, app: Flask) -> None:
    made = helen.post(f"{BODIES}/new", data={"name": "Resources Committee", "kind": "committee"}, follow_redirects=True)
    assert "Resources Committee is set up" in made.text
    where = f"{BODIES}/{key_of(app, GoverningBody)}"
    term = {"person": key_of(app, Person), "office": "chair", "from_on": "1 September 2025", "until_on": "31/08/2029"}
    page = helen.post(f"{where}/seats/new", data=term, follow_redirects=True)
    assert "Tess Marlow" in page.text and "31 August 2029" in page.text
    listed = helen.get(BODIES).text
    assert "Resources Committee" in listed and "Tess Marlow" in listed
    seat = f"{where}/seats/{key_of(app, BodyMember)}"
    assert helen.get(seat).status_code == 200
    ended = helen.post(seat, data={**term, "until_on": "1 September 2026"}, follow_redirects=True)
    assert "Earlier terms" in ended.text


def test_a_second_chair_is_refused_at_the_field_and_the_days_stay(helen: FlaskClient, app: Flask) -> None:
    where = f"{BODIES}/{key_of(app, GoverningBody)}/seats/new"
    term = {"person": key_of(app, Person), "office": "chair", "from_on": "1 September 2025"}
    assert helen.post(where, data=term).status_code < 400
    again = helen.post(where, data=term)
    assert (again.status_code, "They hold that office there" in again.text) == (422, True)
    assert 'value="1 September 2025"' in again.text


@pytest.mark.parametrize("name, words", [("", "Enter the governing body"), ("FULL governing body", "already there")])
def test_a_body_needs_a_name_of_its_own(helen: FlaskClient, name: str, words: str) -> None:
    page = helen.post(f"{BODIES}/new", data={"name": name, "kind": "board"})
    assert (page.status_code, words in page.text) == (422, True)


def test_a_body_is_renamed(helen: FlaskClient, app: Flask) -> None:
    where = f"{BODIES}/{key_of(app, GoverningBody)}"
    assert helen.get(f"{where}/rename").status_code == 200
    typed = {"name": "Local Governing Board"}
    page = helen.post(f"{where}/rename", data=typed)
    assert page.status_code == 422 and "Choose whether it has a new name" in page.text
    assert 'value="Local Governing Board"' in page.text
    page = helen.post(f"{where}/rename", data=typed | {"why": "renamed"})
    assert page.status_code == 422 and "Enter the first day of the new name." in page.text
    page = helen.post(f"{where}/rename", data=typed | {"why": "renamed", "since": "31/02/2026"})
    assert page.status_code == 422 and "31 February" in page.text and 'value="31/02/2026"' in page.text
    page = helen.post(
        f"{where}/rename", data=typed | {"why": "renamed", "since": "1 September 2026"}, follow_redirects=True
    )
    assert "Local Governing Board" in page.text


def test_a_governor_looks_at_bodies_and_changes_none(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    sign_in(client, "Prof. Iqbal")
    where = f"{BODIES}/{key_of(app, GoverningBody)}"
    assert (client.get(BODIES).status_code, client.get(where).status_code) == (200, 200)
    assert "Seat somebody" not in client.get(where).text
    assert client.post(f"{BODIES}/new", data={"name": "X", "kind": "board"}).status_code == 403


def test_a_body_of_another_school_is_not_there(helen: FlaskClient, app: Flask) -> None:
    theirs = key_of(app, GoverningBody, organisation_id=2)
    assert helen.get(f"{BODIES}/{theirs}").status_code == 404
    assert helen.post(f"{BODIES}/{theirs}/rename", data={"name": "Ours"}).status_code == 404


def test_sam_makes_a_post_and_it_is_vacant_until_tess_takes_it(
    hillcrest: Scope, app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "Sam")
    assert "vacant until somebody takes it" in client.post(POSTS, data={"name": "SENDCo"}, follow_redirects=True).text
    assert "Vacant" in client.get(POSTS).text
    where = f"{POSTS}/{key_of(app, Post)}"
    taken = {"person": key_of(app, Person), "from_on": "1 September 2026"}
    assert client.post(f"{where}/holder", data={**taken, "from_on": "31/02/2026"}).status_code == 422
    page = client.post(f"{where}/holder", data=taken, follow_redirects=True)
    assert "Tess Marlow" in page.text and "Vacant" not in page.text
    holding = key_of(app, PostHolder)
    refused = client.post(f"{where}/vacate/{holding}", data={"vacate-until_on": "1 August 2026"})
    assert (refused.status_code, "is before the first" in refused.text) == (422, True)
    page = client.post(f"{where}/vacate/{holding}", data={"vacate-until_on": "2 September 2026"}, follow_redirects=True)
    assert "Vacant" in page.text
    renamed = client.post(f"{where}/rename", data={"name": "SENCo"}, follow_redirects=True)
    assert "SENCo" in renamed.text
    assert client.post(f"{where}/rename", data={"name": ""}).status_code == 422


def test_a_post_that_is_no_more_leaves_the_list_and_its_holder_goes(
    hillcrest: Scope, app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "Sam")
    client.post(POSTS, data={"name": "Literacy lead"})
    where = f"{POSTS}/{key_of(app, Post)}"
    client.post(f"{where}/holder", data={"person": key_of(app, Person), "from_on": "1 September 2024"})
    refused = client.post(f"{where}/end", data={"end-ended_on": "soon"})
    assert (refused.status_code, 'value="soon"' in refused.text) == (422, True)
    assert (
        "Policies it owns need another owner"
        in client.post(f"{where}/end", data={"end-ended_on": "31 August 2025"}, follow_redirects=True).text
    )
    assert "Literacy lead" not in client.get(POSTS).text
    page = client.get(where).text
    assert "This post ends on 31 August 2025" in page
    assert "Record its last day" not in page
    with app.app_context(), reading() as session:
        assert session.scalars(select(PostHolder.until_on)).one().isoformat() == "2025-08-31"


def test_a_body_is_ended_unless_it_has_a_meeting_planned(helen: FlaskClient, app: Flask) -> None:
    helen.post(f"{BODIES}/new", data={"name": "Covid Committee", "kind": "committee"})
    where = f"{BODIES}/{key_of(app, GoverningBody)}"
    planned = {"body": key_of(app, GoverningBody), "held_on": "12 May 2031"}
    assert helen.post("/hillcrest/meetings/plan", data=planned).status_code == 302
    refused = helen.post(f"{where}/end", data={"ended_on": "31 August 2026"})
    assert refused.status_code == 422
    assert "It has a meeting planned on 12 May 2031" in refused.text
    assert 'value="31 August 2026"' in refused.text
    page = helen.post(f"{where}/end", data={"ended_on": "31 August 2031"}, follow_redirects=True).text
    assert "It ends on 31 August 2031." in page


CATEGORIES = "/hillcrest/settings/categories"


def test_a_school_adds_a_category_and_uses_its_own_words(maya: FlaskClient, app: Flask) -> None:
    page = maya.get(CATEGORIES).text
    assert "agency staff" in page
    assert maya.post(CATEGORIES, data={"name": "Midday supervisors"}, follow_redirects=True).status_code == 200
    refused = maya.post(CATEGORIES, data={"name": " midday  Supervisors "})
    assert refused.status_code == 422
    added = f"{CATEGORIES}/{key_of(app, Category)}"
    assert maya.post(added, data={"name": "Lunchtime team"}).status_code == 302
    page = maya.get(CATEGORIES).text
    assert "Lunchtime team" in page
    assert "Midday supervisors" not in page
    assert "Lunchtime team" in maya.get("/hillcrest/people/add").text
    empty = maya.post(added, data={"name": ""})
    assert (empty.status_code, "Rename Lunchtime team" in empty.text) == (422, True)


def test_categories_are_the_managers(hillcrest: Scope, client: FlaskClient) -> None:
    sign_in(client, "Sam")
    assert client.get(CATEGORIES).status_code == client.post(CATEGORIES, data={"name": "x"}).status_code == 403
