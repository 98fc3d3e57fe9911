"""python -m tests.promises.forking WORKERS: the application behind a socket, in processes that can be killed and come back.

Prints its port. The parent only forks: a worker that was killed is replaced at once, so that hundreds of deaths fit in a
test. Whoever started it ends it with its whole group.
"""

from __future__ import annotations

import os
import socket
import sys

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from governance.db import db
from governance.settings import from_environment
from governance.web.factory import create_app


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, *_: object) -> None:
        """Nothing."""


def main(workers: int) -> None:
    """Fork workers until killed."""
    app = create_app(from_environment(), TESTING=False)
    _warm(app)
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    alive: set[int] = set()
    while True:
        while len(alive) < workers:
            child = os.fork()
            if child == 0:
                _serve(app, listening)
            alive.add(child)
        gone, _ = os.wait()
        alive.discard(gone)


def _warm(app: Flask) -> None:
    """Compile what the first request would, then let go of the database: a connection must not cross a fork."""
    with app.test_client() as client:
        client.get("/sign-in")
    for name in ("reading/read.html", "reading/receipt.html"):
        app.jinja_env.get_template(name)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _serve(app: Flask, listening: socket.socket) -> None:
    host, port = listening.getsockname()
    make_server(host, port, app, request_handler=Quiet, fd=listening.fileno()).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
