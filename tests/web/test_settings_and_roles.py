"""Settings, roles, invitations and slips as Maya meets them, and what others meet instead."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.db import reading, writing
from governance.tenancy import Organisation, Scope, scope_by_slug
from tests import hillcrest as school
from tests.web.people import account_called, sign_in

ROLES = "/hillcrest/settings/roles"


def _id(app: Flask, email: str) -> str:
    with app.app_context(), reading() as session:
        return account_called(session, email).public_id


def test_the_list_shows_who_signs_in_and_with_which_role(maya: FlaskClient) -> None:
    page = maya.get(ROLES).text
    for words in ("okafor@hillcrest.sch.uk", "Headteacher", "Tess Marlow", "Reader", "Active"):
        assert words in page
    assert "zed@zeds.sch.uk" not in page


@pytest.mark.parametrize("who", ["Mr Okafor", "Helen", "Prof. Iqbal", "Sam", "tess@hillcrest.sch.uk"])
def test_nobody_but_the_system_manager_keeps_settings(hillcrest: Scope, client: FlaskClient, who: str) -> None:
    sign_in(client, who)
    for path in ("/hillcrest/settings", ROLES, f"{ROLES}/invite", f"{ROLES}/slips"):
        assert client.get(path).status_code == 403
    assert client.post(f"{ROLES}/invite", data={"email": "x@y.uk", "roles": "system_manager"}).status_code == 403
    assert "Settings" not in client.get("/schools").text


def test_an_invitation_shows_its_slip_once_and_the_link_works(maya: FlaskClient, app: Flask) -> None:
    slip = maya.post(f"{ROLES}/invite", data={"email": "new@hillcrest.sch.uk", "roles": ["hr", "clerk"]})
    assert slip.status_code == 200
    link = re.search(r"http://localhost(/link/[\w-]+)", slip.text)
    assert link
    assert 'src="data:image/svg+xml' in slip.text
    assert app.test_client().get(link[1]).status_code == 200
    assert link[1] not in maya.get(ROLES).text


def test_a_refused_invitation_keeps_what_was_typed(maya: FlaskClient) -> None:
    refused = maya.post(f"{ROLES}/invite", data={"email": "new@hillcrest", "roles": ["clerk"]})
    assert refused.status_code == 422
    assert 'value="new@hillcrest"' in refused.text
    assert re.search(r'value="clerk"[^>]*checked', refused.text)
    assert 'href="#email"' in refused.text
    assert "Error: Invite somebody" in refused.text


def test_a_role_is_given_and_taken(maya: FlaskClient, app: Flask) -> None:
    sam = _id(app, "sam@hillcrest.sch.uk")
    maya.post(f"{ROLES}/{sam}/grant", data={"role": "front_desk"})
    assert "Take away<span" in maya.get(f"{ROLES}/{sam}").text
    assert (
        "sam@hillcrest.sch.uk is no longer front desk"
        in maya.post(f"{ROLES}/{sam}/revoke", data={"role": "front_desk"}, follow_redirects=True).text
    )
    assert maya.post(f"{ROLES}/{sam}/grant", data={"role": "emperor"}).status_code == 422


def test_row_72_maya_the_last_system_manager_cannot_remove_herself(maya: FlaskClient, app: Flask) -> None:
    own = _id(app, "maya@hillcrest.sch.uk")
    for verb in ("revoke", "deactivate"):
        refused = maya.post(f"{ROLES}/{own}/{verb}", data={"role": "system_manager"})
        assert refused.status_code == 422
        assert "You are the only system manager" in refused.text
    assert maya.get(ROLES).status_code == 200


def test_slips_are_printed_for_people_without_an_account(maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        viv = school.someone(session, scope_by_slug(session, "hillcrest"), "Viv Okoro", ("volunteers",))
        viv_id, reference = viv.public_id, viv.printed_reference
    choice = maya.get(f"{ROLES}/slips").text
    assert "Viv Okoro (no e-mail)" in choice
    assert "Tess Marlow" not in choice
    slips = maya.post(f"{ROLES}/slips", data={"people": [viv_id]})
    assert slips.status_code == 200
    assert f"{reference}@hillcrest".casefold() in slips.text
    link = re.search(r"http://localhost(/link/[\w-]+)", slips.text)
    assert link
    viv_browser = app.test_client()
    words = "otter marble fence"
    assert viv_browser.post(link[1], data={"password": words, "repeated": words}).status_code == 302
    assert sign_in(viv_browser, f"{reference}@hillcrest".upper(), words).status_code == 303
    assert "Everybody who works or governs here today has an account" in maya.get(f"{ROLES}/slips").text


def test_everybody_without_an_account_is_invited_at_once(maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        for name in ("Viv Okoro", "Ivo Marsh"):
            school.someone(session, scope_by_slug(session, "hillcrest"), name, ("volunteers",))
    slips = maya.post(f"{ROLES}/slips", data={"everybody": "y", "way": "slip"}).text
    assert "Viv Okoro" in slips
    assert "Ivo Marsh" in slips
    assert "Everybody who works or governs here today has an account" in maya.get(f"{ROLES}/slips").text


def test_slips_for_nobody_or_for_a_stranger_are_refused(maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        zeds = school.someone(session, scope_by_slug(session, "zeds"), "Zoe Zander").public_id
    assert maya.post(f"{ROLES}/slips", data={}).status_code in (404, 422)
    assert maya.post(f"{ROLES}/slips", data={"people": [zeds]}).status_code in (404, 422)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"colour": "red"}, "Write the colour as"),
        ({"colour": "#ffff00"}, "hard to read"),
        ({"year_starts_day": "31", "year_starts_month": "6"}, "every year"),
        ({"year_starts_day": "29", "year_starts_month": "2"}, "every year"),
        ({"year_starts_day": "first"}, "whole number"),
        ({"name": " "}, "Enter the school"),
        ({"name": "x" * 121}, "at most 120"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words(maya: FlaskClient, changed: dict[str, str], said: str) -> None:
    form = {
        "name": "Hillcrest",
        "colour": "",
        "year_starts_day": "1",
        "year_starts_month": "9",
        "away_school_days": "10",
        **changed,
    }
    refused = maya.post("/hillcrest/settings", data=form)
    assert refused.status_code == 422
    assert said in refused.text


def test_the_schools_colour_is_on_every_page_after_saving(maya: FlaskClient, app: Flask) -> None:
    form = {
        "name": "Hillcrest",
        "colour": "#7a1f3d",
        "year_starts_day": "1",
        "year_starts_month": "9",
        "away_school_days": "10",
    }
    saved = maya.post("/hillcrest/settings", data=form, follow_redirects=True)
    assert "The settings are saved" in saved.text
    assert "--school-colour: #7a1f3d" in saved.text
    with app.app_context(), reading() as session:
        assert session.get_one(Organisation, 1).colour == "#7a1f3d"
