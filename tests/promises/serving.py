"""The server of `forking` as a test holds it, and a browser of the plainest kind that talks to it over a socket."""

from __future__ import annotations

import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from tests.databases import ROOT
from tests.web.people import PASSWORD

PATIENCE = 120.0  # seconds, on a machine that is busy with other tests


class Served:
    """Real processes on one database."""

    def __init__(self, database_url: str, instance: Path, workers: int) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "COUNTERSIGN_INSTANCE": str(instance),
            "COUNTERSIGN_BASE_URL": "http://127.0.0.1:8000",
            "COUNTERSIGN_SECRET_KEY": "a key for tests and for nothing else, long enough",
            "COUNTERSIGN_SCHEDULER": "off",
        }
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.forking", str(workers)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._parent.stdout is not None
        self.port = int(self._parent.stdout.readline())

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: TracebackType | type[BaseException] | BaseException | None) -> None:
        os.killpg(self._parent.pid, signal.SIGKILL)
        self._parent.wait(30)
        assert self._parent.stdout is not None
        self._parent.stdout.close()

    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self._parent.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Browser:
    """Cookies, and the token that forms of this session carry."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def sign_in(self, email: str) -> None:
        """Sign in and keep a form's token."""
        self.token = token_in(self.get("/sign-in")[1])
        status, _, _ = self.post("/sign-in", {"email": email, "password": PASSWORD})
        assert status == 303, status
        self.token = token_in(self.get("/account/password")[1])

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, text and where it leads."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: Mapping[str, str | Sequence[str]]) -> tuple[int, str, str]:
        """The same, for an act. A list of values is a box ticked for each."""
        return self._ask("POST", path, urlencode({**data, "csrf_token": self.token}, doseq=True))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, urlsplit(answer.headers.get("Location", "")).path


def token_in(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def slowest_of_twenty(browser: Browser, path: str, pages: int) -> float:
    """The 95th percentile of so many looks at a page, in seconds."""
    times = []
    for _ in range(pages):
        begun = time.perf_counter()
        assert browser.get(path)[0] == 200
        times.append(time.perf_counter() - begun)
    return statistics.quantiles(times, n=20)[-1]
