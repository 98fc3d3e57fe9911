"""The pages as they leave us, held to the HTML standard."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from governance.db import writing
from governance.tenancy import scope_by_slug
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.web.people import account_called, open_hillcrest, sign_in


def test_every_page_of_this_part_follows_the_standard(app: Flask, client: FlaskClient) -> None:
    pages = {
        "welcome": client.get("/").text,
        "set-up": client.get("/set-up").text,
        "set-up refused": client.post("/set-up", data={}).text,
    }
    open_hillcrest(app)
    with app.app_context(), writing() as session:
        viv = school.someone(session, scope_by_slug(session, "hillcrest"), "Viv Okoro", ("volunteers",)).public_id
        sam = account_called(session, "sam@hillcrest.sch.uk").public_id
    pages["sign in refused"] = sign_in(client, password="wrong").text
    pages["dead link"] = client.get("/link/x").text
    sign_in(client)
    roles = "/hillcrest/settings/roles"
    for path in (
        "/account/password",
        "/schools",
        "/hillcrest/settings",
        roles,
        f"{roles}/{sam}",
        f"{roles}/slips",
        "/x/y/z.php",
    ):
        pages[path] = client.get(path).text
    pages["settings refused"] = client.post("/hillcrest/settings", data={}).text
    pages["unkept"] = client.post("/hillcrest/settings", data={"name": "a\x00b\nc"}).text
    pages["invitation refused"] = client.post(f"{roles}/invite", data={}).text
    pages["saved"] = client.post(f"{roles}/{sam}/grant", data={"role": "clerk"}, follow_redirects=True).text
    pages["slips"] = client.post(f"{roles}/slips", data={"people": [viv]}).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)
