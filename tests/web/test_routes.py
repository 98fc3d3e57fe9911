"""Every route with its rule: the list is the map of who may do what, and a route without a rule does not start."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from governance.accounts.rules import TAKEN_SLUGS
from governance.db import db
from governance.tenancy import Organisation, Scope
from governance.web import access
from governance.web.access import PUBLIC
from tests.web.people import sign_in

OPEN = {
    # a calendar program, by the private address in it
    "calendar_feed.show",
    "by_link.ask",
    "by_link.confirm",
    "by_link.door",
    "by_link.enter",
    "by_link.finished",
    "by_link.index",
    "by_link.original",
    "by_link.read",
    "by_link.receipt",
    "by_link.receipt_pdf",
    "front.index",
    "front.look_round",
    "front.set_up",
    "front.set_up_school",
    # a governor, by the private link in a mail
    "pack_link.file",
    "pack_link.show",
    "pack_link.take",
    # a visitor's phone, under the address on the poster
    "reception.arrive",
    "reception.begin",
    "reception.confirm",
    "reception.original",
    "reception.read",
    "reception.reading",
    "reception.shown",
    # the shared tablet asks for its own cookie, and for the desk's password to be left
    "tablet.begin",
    "tablet.clear",
    "tablet.confirm",
    "tablet.index",
    "tablet.leave",
    "tablet.leaving",
    "tablet.read",
    "tablet.reading",
    "one_time_link.choose",
    "one_time_link.show",
    "security.login",
    "security.logout",
    "static",
}


def test_every_route_states_its_rule_and_the_open_ones_are_known(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = access.rules_of(app)
    for endpoint, rule in sorted(rules.items()):
        assert rule is not None, endpoint
        print(f"{endpoint:40} {rule.words}")
    assert {endpoint for endpoint, rule in rules.items() if rule and not rule.signed_in} <= OPEN


def test_every_route_of_a_school_needs_a_permission_or_says_why_not(app: Flask) -> None:
    free = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "school" in rule.arguments and access.rules_of(app)[rule.endpoint].permission is None  # type: ignore[union-attr]
    }
    assert free <= {"home.index"}


def test_a_route_without_a_rule_does_not_start(app: Flask) -> None:
    stray = Flask("stray")
    stray.register_blueprint(Blueprint("stray", "stray"))
    stray.add_url_rule("/stray", view_func=lambda: "stray", endpoint="stray.show")
    with pytest.raises(RuntimeError, match=r"static, stray\.show"):
        access.refuse_to_start_unruled(stray)


def test_no_page_of_a_school_opens_for_a_stranger_or_tells_that_the_school_is_there(
    hillcrest: Scope, app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "zed@zeds.sch.uk")
    none = client.get("/no-such-school/settings")
    assert none.status_code == 404
    for rule in app.url_map.iter_rules():
        if "school" in rule.arguments:
            others = {name: "0" for name in rule.arguments if name != "school"}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, {"school": "hillcrest", **others})
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answer = client.open(path, method=method)
            assert (answer.status_code, _bare(answer.text)) == (404, _bare(none.text)), path


def test_no_school_can_be_called_what_an_address_of_ours_begins_with(app: Flask) -> None:
    ours = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if "school" not in rule.arguments}
    assert ours - {""} <= TAKEN_SLUGS


@pytest.mark.parametrize(
    "path",
    [
        "/hillcrest/settings/roles/0",
        "/hillcrest/settings/roles/-1",
        "/hillcrest/settings/roles/1e9",
        "/hillcrest/settings/roles/8a6f2f6e-8d2b-4a11-9f0e-2f2f2f2f2f2f",
        "/hillcrest/settings/roles/1'%20OR%20'1'='1",
        "/hillcrest/settings/roles/%00",
        "/nowhere/settings",
        "/hillcrest/nothing/here",
        "/nothing/at/all.php",
    ],
)
def test_row_53_what_is_not_there_is_the_same_404_page(maya: FlaskClient, path: str) -> None:
    answer = maya.get(path)
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    # nothing of the address is repeated: under the school's own head the page is the same for all
    assert _main(answer.text) == _main(maya.get("/no/such/page.php").text)


def test_the_account_of_another_school_is_the_same_404(hillcrest: Scope, app: Flask, maya: FlaskClient) -> None:
    from governance.db import reading
    from tests.web.people import account_called

    with app.app_context(), reading() as session:
        zed = account_called(session, "zed@zeds.sch.uk").public_id
    foreign, absent = (maya.get(f"/hillcrest/settings/roles/{one}") for one in (zed, "x" * 36))
    assert (foreign.status_code, foreign.text) == (404, absent.text) or _bare(foreign.text) == _bare(absent.text)
    for verb in ("grant", "revoke", "deactivate", "link"):
        assert maya.post(f"/hillcrest/settings/roles/{zed}/{verb}", data={"role": "hr"}).status_code == 404


def test_a_page_cannot_write_even_where_its_code_tries(app: Flask, hillcrest: Scope) -> None:
    with app.test_request_context("/"):
        db.session.add(Organisation(name="Sly", slug="sly"))
        with pytest.raises(OperationalError, match="readonly"):
            db.session.commit()
        db.session.rollback()


def test_a_page_that_tries_to_write_is_our_mistake_and_not_the_databases(app: Flask, hillcrest: Scope) -> None:
    screen = access.outside("sly")

    @screen.get("/sly", PUBLIC)
    def sly() -> str:
        db.session.add(Organisation(name="Sly", slug="sly"))
        db.session.commit()
        return "written"

    app.register_blueprint(screen.blueprint)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/sly").status_code == 500


def _bare(page: str) -> str:
    """A page without its nonces and tokens."""
    import re

    return re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", page)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]
