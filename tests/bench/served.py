"""What granian serves for the bench: the application, with the bare pages beside its own."""

from __future__ import annotations

import os

from governance.settings import from_environment
from governance.web.factory import create_app
from tests.bench.bare import Bench
from tests.bench.pages import PAGES

_settings = from_environment()
app = create_app(_settings)
_bench = Bench(app, _settings.database_url.removeprefix("sqlite:///"), PAGES)
_browser = app.test_client()
_browser.set_cookie("countersign", os.environ["BENCH_COOKIE"], domain="127.0.0.1")
_bench.learn(_browser)
