"""The two ways to load it: the button of the first visit, and the command."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from governance.demo.sign_ins import PASSWORD


def test_the_button_of_the_first_visit_loads_it_and_shows_how_to_sign_in(client: FlaskClient) -> None:
    assert "Load the demonstration school" in client.get("/").text
    page = client.post("/demonstration")
    assert page.status_code == 200
    assert "maya.lund@hillcrest.example" in page.text
    assert PASSWORD in page.text
    sign_in = client.post("/sign-in", data={"email": "maya.lund@hillcrest.example", "password": PASSWORD})
    assert sign_in.status_code == 303
    home = client.get("/hillcrest/")
    assert home.status_code == 200
    assert "Hillcrest Primary School (demonstration)" in home.text
    assert client.post("/demonstration").status_code == 404


def test_the_command_prints_the_sign_ins_and_refuses_a_second_time(app: Flask) -> None:
    first = app.test_cli_runner().invoke(args=["demo"])
    assert (first.exit_code, first.stderr) == (0, "")
    assert "james.okafor@hillcrest.example" in first.stdout
    assert PASSWORD in first.stdout
    again = app.test_cli_runner().invoke(args=["demo"])
    assert again.exit_code == 1
    assert "short name hillcrest already" in again.stderr
    verified = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert (verified.exit_code, "entries hold" in verified.stdout) == (0, True)
