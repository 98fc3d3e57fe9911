"""Requests that are wrong in themselves. Tests are named after the row of the bad inputs they answer."""

from __future__ import annotations

import dataclasses
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from governance.settings import Settings
from governance.tenancy import Scope
from governance.web.access import PUBLIC, outside
from tests.conftest import make_application
from tests.databases import close

SETTINGS = "/hillcrest/settings"
FORM = {
    "name": "Hillcrest Infants",
    "year_starts_day": "1",
    "year_starts_month": "9",
    "away_school_days": "10",
    "colour": "",
}


@pytest.mark.parametrize("bad", ["Hill\x00crest", "Hill\ufffdcrest", "Hill\uffffcrest"])
def test_row_48_text_that_cannot_be_stored_is_shown_again_without_it(maya: FlaskClient, bad: str) -> None:
    answer = maya.post(SETTINGS, data={**FORM, "name": bad})
    assert answer.status_code == 422
    assert "characters we cannot store" in answer.text
    assert 'value="Hillcrest"' in answer.text


def test_row_48_half_a_surrogate_pair_sent_as_bytes_cannot_get_in(maya: FlaskClient) -> None:
    body = "name=Hill%ED%A0%80crest&year_starts_day=1&year_starts_month=9&away_school_days=10"
    # bytes that are no text arrive as the percent signs they were sent as
    assert maya.post(SETTINGS, data=body, content_type="application/x-www-form-urlencoded").status_code == 302
    assert "Hill%ED%A0%80crest" in maya.get(SETTINGS).text
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nHill\xed\xa0\x80crest\r\n--x--\r\n'
    assert maya.post(SETTINGS, data=part, content_type="multipart/form-data; boundary=x").status_code == 422


def test_row_48_in_the_address_it_is_refused_too(maya: FlaskClient) -> None:
    assert maya.get("/hillcrest/settings/roles?page=%00").status_code == 422


def test_row_49_two_megabytes_in_a_text_field_are_refused_with_both_figures(maya: FlaskClient) -> None:
    answer = maya.post(SETTINGS, data={**FORM, "name": "x" * (2 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "2 MB" in answer.text
    assert "1 MB" in answer.text


def test_row_55_unknown_fields_are_ignored_and_noted(maya: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert maya.post(SETTINGS, data={**FORM, "role": "admin", "organisation_id": "2"}).status_code == 302
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    noted = [line for line in lines if line["event"] == "fields ignored"]
    assert noted[0]["fields"] == ["organisation_id", "role"]


def test_row_56_of_a_field_sent_twice_the_first_counts(maya: FlaskClient) -> None:
    answer = maya.post(SETTINGS, data={**FORM, "name": ["First", "Second"]})
    assert answer.status_code == 302
    assert 'value="First"' in maya.get(SETTINGS).text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"name": ', "application/json"),
        ("<name/>", "text/xml"),
        ("--x\r\nnonsense", "multipart/form-data; boundary=x"),
        ("", "multipart/form-data"),
    ],
)
def test_row_57_a_wrong_content_type_or_a_broken_form_stores_nothing(maya: FlaskClient, body: str, kind: str) -> None:
    answer = maya.post(SETTINGS, data=body, content_type=kind)
    assert answer.status_code in (400, 415, 422)
    assert "Hillcrest Primary School" in maya.get(SETTINGS).text


def test_row_58_two_thousand_parts_are_refused(maya: FlaskClient) -> None:
    parts = (
        "".join(f'--x\r\nContent-Disposition: form-data; name="p{n}"\r\n\r\n1\r\n' for n in range(2000)) + "--x--\r\n"
    )
    answer = maya.post(SETTINGS, data=parts, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_row_58_twenty_thousand_query_keys_are_refused(maya: FlaskClient) -> None:
    assert maya.get("/?" + "&".join(f"k{n}=1" for n in range(20_000))).status_code == 400
    assert maya.get("/?" + "&".join("a" for _ in range(150))).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil", ""])
def test_row_59_a_host_that_is_not_ours_is_refused(hillcrest: Scope, client: FlaskClient, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


def test_row_60_forged_forwarded_headers_are_ignored(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    seen = _whoami(app, client, forged)
    assert seen == "127.0.0.1 localhost http"


@pytest.mark.engines("sqlite")
def test_row_60_behind_stated_proxies_only_their_own_hop_is_believed(settings: Settings) -> None:
    app = make_application(dataclasses.replace(settings, trusted_proxies=1))
    seen = _whoami(app, app.test_client(), {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Host": "evil"})
    assert seen == "203.0.113.9 localhost http"
    close(app)


def _whoami(app: Flask, client: FlaskClient, headers: dict[str, str]) -> str:
    from flask import request

    screen = outside("whoami")

    @screen.get("/whoami", PUBLIC)
    def whoami() -> str:
        return f"{request.remote_addr} {request.host} {request.scheme}"

    app.register_blueprint(screen.blueprint)
    return client.get("/whoami", headers=headers).text


@pytest.mark.parametrize("cookie", ["tampered", "x" * 16_000, "eyJzaWduZWRfaW4iOiJ4In0.aRl1aA.bad"])
def test_row_61_a_tampered_cookie_is_a_fresh_stranger(hillcrest: Scope, client: FlaskClient, cookie: str) -> None:
    sent = {"Cookie": f"countersign={cookie}"}
    assert client.get("/sign-in", headers=sent).status_code == 200
    assert client.get(SETTINGS, headers=sent).status_code == 303


def test_row_61_a_cookie_made_with_an_old_key_is_a_fresh_stranger(maya: FlaskClient, settings: Settings) -> None:
    cookie = maya.get_cookie("countersign")
    assert cookie
    app = make_application(dataclasses.replace(settings, secret_key="a newer key that is long enough for the check"))
    client = app.test_client()
    client.set_cookie("countersign", cookie.value)
    assert client.get(SETTINGS).status_code == 303
    close(app)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "BREW"])
def test_row_62_other_methods_are_refused(maya: FlaskClient, method: str) -> None:
    answer = maya.open(SETTINGS, method=method)
    assert answer.status_code == 405
    assert "Allow" in answer.headers


def test_row_62_a_method_override_changes_nothing(maya: FlaskClient) -> None:
    answer = maya.get(f"{SETTINGS}?_method=DELETE", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("key", ["dev", "changeme", "short", "countersign", ""])
def test_row_76_a_default_or_short_key_does_not_start(settings: Settings, key: str) -> None:
    with pytest.raises(RuntimeError, match="COUNTERSIGN_SECRET_KEY"):
        make_application(dataclasses.replace(settings, secret_key=key))


@pytest.mark.engines("sqlite")
def test_row_76_debug_does_not_start_beyond_this_machine(settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="Debug"):
        make_application(dataclasses.replace(settings, debug=True, base_url="https://policies.hillcrest.sch.uk"))
    close(make_application(dataclasses.replace(settings, debug=True)))


def test_a_mistake_of_ours_is_a_plain_page_with_a_reference_that_the_log_has(
    hillcrest: Scope, app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _failing(app, ValueError("a secret thing"))
    assert answer.status_code == 500
    assert "a secret thing" not in answer.text
    assert "Traceback" not in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    logged = next(line for line in lines if line["event"] == "unhandled")
    assert logged["reference"] in answer.text
    assert "a secret thing" in logged["exception"]


def test_a_database_that_is_away_is_an_honest_503(hillcrest: Scope, app: Flask) -> None:
    answer = _failing(app, OperationalError("SELECT 1", {}, Exception("disk I/O error")))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Nothing was stored" in answer.text


def test_a_signed_in_page_says_so_too_when_the_database_goes_away(
    maya: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("unable to open database file"))

    monkeypatch.setattr("governance.web.requests.signed_in_as", away)
    answer = maya.get(SETTINGS)
    assert answer.status_code == 503


def _failing(app: Flask, error: Exception):  # type: ignore[no-untyped-def]  # a test response
    screen = outside("failing")

    @screen.get("/failing", PUBLIC)
    def failing() -> str:
        raise error

    app.register_blueprint(screen.blueprint)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client().get("/failing")
