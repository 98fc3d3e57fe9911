"""Having what was just asked for begin at once instead of within a minute."""

from __future__ import annotations

import os

from flask import Flask, Response, after_this_request, current_app

from governance.schedule import ticker
from governance.settings import Settings


def begin(app: Flask) -> None:
    """Keep time in a process that serves pages. A command on the command line never does."""
    settings: Settings = app.extensions["countersign_settings"]
    if settings.scheduler and os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        ticker.start(app)


def run_soon() -> None:
    """Knock after this request: its view has been committed by then, so that the run is there to be found."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # its way out of the proxy

    @after_this_request
    def knock(response: Response) -> Response:
        ticker.soon(app)
        return response
