"""A real mail server in a thread, which can be told to fail at any point of the talk."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

DROP = "drop"
HANG = "hang"


class PostOffice:
    """Accepts mail on 127.0.0.1, on a free port, unless its script says otherwise.

    `script` maps a step (EHLO, MAIL, RCPT, DATA, BODY, ANSWER) to a reply such as "450 4.2.0 busy", to DROP or to HANG;
    a list is used up one a time, then all is well.
    """

    def __init__(self, script: dict[str, str | list[str]] | None = None, **options: Any) -> None:
        self.script = script or {}
        self.options = {"hostname": "post.example"} | options
        self.accepted: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.talks = 0
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> PostOffice:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._socket.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def next_step(self, step: str) -> str | None:
        planned = self.script.get(step)
        if isinstance(planned, list):
            return planned.pop(0) if planned else None
        return planned

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        starting = self._loop.create_server(lambda: _Clerk(self, _Counter(self), **self.options), sock=self._socket)
        server = self._loop.run_until_complete(starting)
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


class _Counter:
    """The handler: says yes, keeps what it took, or follows the script."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def _scripted(self, step: str, server: SMTP) -> str | None:
        told = self.office.next_step(step)
        if told == DROP:
            cut(server)
            return "421 gone"
        if told == HANG:
            await asyncio.sleep(3600)
        return told

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.office.talks += 1
        session.host_name = hostname
        told = await self._scripted("EHLO", server)
        return [told] if told else responses

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        told = await self._scripted("MAIL", server)
        if not told:
            envelope.mail_from = address
        return told or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        told = await self._scripted("RCPT", server)
        if not told:
            envelope.rcpt_tos.append(address)
        return told or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        told = await self._scripted("BODY", server)
        if told:
            return told
        taken = message_from_bytes(envelope.content, policy=SMTP_POLICY)
        assert isinstance(taken, EmailMessage)
        self.office.accepted.append(taken)
        self.office.recipients += envelope.rcpt_tos
        return await self._scripted("ANSWER", server) or "250 OK queued"


class _Clerk(SMTP):
    def __init__(self, office: PostOffice, handler: _Counter, **options: Any) -> None:
        super().__init__(handler, **options)
        self.office = office

    async def smtp_DATA(self, arg: str) -> None:
        told = self.office.next_step("DATA")
        if told == DROP:
            cut(self)
        elif told == "drop while reading":
            await self.push("354 go on")
            await self._reader.read(1000)
            cut(self)
        elif told:
            await self.push(told)
        else:
            await super().smtp_DATA(arg)


def cut(server: SMTP) -> None:
    """Break the connection as a dying machine would: no goodbye."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one account."""

    def check(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=known, handled=known)

    return check


@contextlib.contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does with each connection what it is told; yields its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.2)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection, contextlib.suppress(OSError):
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        ended.set()
        thread.join(5)
        listening.close()


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for `name`, and a server's context that shows it."""
    kept, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", str(key), "-out", str(kept)),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept, key)
    return kept, context
