"""Hillcrest behind the screens."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.tenancy import Scope
from tests.web import people


@pytest.fixture
def hillcrest(app: Flask) -> Scope:
    """The school with its people; see `people`."""
    return people.open_hillcrest(app)


@pytest.fixture
def maya(hillcrest: Scope, client: FlaskClient) -> FlaskClient:
    """Maya's browser, signed in."""
    assert people.sign_in(client).status_code == 303
    return client
