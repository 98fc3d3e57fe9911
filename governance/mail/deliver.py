"""The one door to SMTP.

    connect → greeting → TLS → sign in → sender → recipient → content → answer to the whole mail

Mail servers promise at least once, not exactly once. Until the last byte is handed over the mail has certainly not been
taken, so a break means "try again". Only when the connection is lost after that, and before the answer, is it
uncertain: one more copy may go, with the same Message-ID, by which mailboxes recognise it.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from governance.errors import Refusal
from governance.mail import reasons
from governance.mail.outcomes import Outcome, Phase, Result

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"smtp": 587, "smtps": 465}
_FIRST_DOT = re.compile(rb"(?m)^\.")

Encryption = Literal["none", "starttls", "from the start"]


@dataclass(frozen=True)
class SmtpSettings:
    """Where mail is handed over. `seconds` bounds each step, `answer_seconds` the wait for the last reply."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str | None = None
    seconds: float = 30.0
    answer_seconds: float = 180.0

    @property
    def longest_seconds(self) -> float:
        """After so many seconds an attempt has ended, whatever the server does."""
        return 4 * self.seconds + self.answer_seconds

    @classmethod
    def from_url(cls, url: str) -> SmtpSettings:
        """Settings from `smtp://user:password@host:587?tls=starttls` or `smtps://user:password@host`.

        `tls` is `starttls` unless the host is this machine, then `none`; `ca` names a file of certificates to trust.
        User and password are percent-encoded.

        Raises:
            Refusal: in words, for an address that is none, or would send a password in the open.
        """
        parts = _split(url)
        choices = parse_qs(parts.query)
        host = parts.hostname or ""
        encryption = _encryption(parts.scheme, (choices.get("tls") or [""])[0], host)
        user = unquote(parts.username or "")
        if user and encryption == "none" and host not in LOOPBACK:
            raise Refusal.one("SMTP_URL would send its password in the open. Use tls=starttls, or smtps://.")
        return cls(
            host=host,
            port=parts.port or PORTS[parts.scheme],
            encryption=encryption,
            user=user,
            password=unquote(parts.password or ""),
            authorities=choices["ca"][0] if "ca" in choices else None,
        )


def send(settings: SmtpSettings, message: EmailMessage) -> Outcome:
    """Hand one mail over. Never raises for anything the server or the network does."""
    return _Talk(settings).hand_over(message)


def knock(settings: SmtpSettings) -> Outcome:
    """Connect, encrypt and sign in, and send nothing: what a *test the settings* button asks."""
    return _Talk(settings).hand_over(None)


# smtplib checks a certificate against the host only when it connects as it is made. These connect later, so that the
# watch over the time is set before the first byte.
class _Plain(smtplib.SMTP):
    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(timeout=seconds)
        self._host = host


class _FromTheStart(smtplib.SMTP_SSL):
    def __init__(self, host: str, seconds: float, context: ssl.SSLContext) -> None:
        super().__init__(timeout=seconds, context=context)
        self._host = host


class _Talk:
    """One conversation with the mail server, knowing at each moment how far it has come."""

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self.phase = Phase.CONNECTING

    def hand_over(self, message: EmailMessage | None) -> Outcome:
        """Everything in order; whatever is raised on the way is told by the phase it was raised in."""
        content = _content(message) if message is not None else b""
        try:
            with self._connected() as server:
                self._encrypt(server)
                self._sign_in(server)
                if message is not None:
                    return self._post(server, message, content)
            return Outcome(Result.ACCEPTED, phase=Phase.SIGNING_IN)
        except smtplib.SMTPNotSupportedError as problem:
            return self._failed(problem)
        except smtplib.SMTPResponseException as problem:
            return self._answered(problem.smtp_code, problem.smtp_error, problem)
        except (smtplib.SMTPException, OSError, ValueError, AttributeError) as problem:
            # A connection shut under a reader's feet surfaces as any of these.
            return self._failed(problem)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        wanted = self.settings
        if wanted.encryption == "from the start":
            server: smtplib.SMTP = _FromTheStart(wanted.host, wanted.seconds, self._trust())
        else:
            server = _Plain(wanted.host, wanted.seconds)
        try:
            with _bounded(server, wanted.longest_seconds):
                code, text = server.connect(wanted.host, wanted.port)
                self.phase = Phase.GREETING
                if code != 220:
                    raise smtplib.SMTPResponseException(code, text)
                server.ehlo_or_helo_if_needed()
                yield server
        finally:
            _leave(server)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.authorities)

    def _encrypt(self, server: smtplib.SMTP) -> None:
        if self.settings.encryption == "starttls":
            self.phase = Phase.ENCRYPTING
            code, text = server.starttls(context=self._trust())
            if code != 220:
                raise smtplib.SMTPResponseException(code, text)
            server.ehlo_or_helo_if_needed()

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self.settings.user:
            self.phase = Phase.SIGNING_IN
            server.login(self.settings.user, self.settings.password)

    def _post(self, server: smtplib.SMTP, message: EmailMessage, content: bytes) -> Outcome:
        self.phase = Phase.SENDER
        _expect(250, server.mail(message["From"].addresses[0].addr_spec))
        self.phase = Phase.RECIPIENT
        _expect(250, server.rcpt(message["To"].addresses[0].addr_spec))
        self.phase = Phase.CONTENT
        _expect(354, server.docmd("DATA"))
        server.send(content)
        self.phase = Phase.ANSWER
        if server.sock is not None:
            server.sock.settimeout(self.settings.answer_seconds)
        _expect(250, server.getreply())
        return Outcome(Result.ACCEPTED)

    def _answered(self, code: int, text: bytes | str, problem: Exception) -> Outcome:
        host = self.settings.host
        if self.phase is Phase.SIGNING_IN:
            return self._outcome(Result.TEMPORARY, reasons.of_sign_in(problem, host))
        reason = reasons.of_reply(code, text, host, self.phase.value)
        if code == -1:
            # smtplib's way of saying that what came was no reply at all.
            return self._failed(problem)
        before_any_mail = Outcome(Result.TEMPORARY, phase=self.phase).concerns_every_mail
        refused = 500 <= code <= 599 and not before_any_mail
        return self._outcome(Result.REFUSED if refused else Result.TEMPORARY, reason)

    def _failed(self, problem: Exception) -> Outcome:
        host, port = self.settings.host, self.settings.port
        match self.phase:
            case Phase.CONNECTING:
                reason = reasons.of_connection(problem, host, port, self.settings.seconds)
            case Phase.ENCRYPTING:
                reason = reasons.of_encryption(problem, host)
            case Phase.SIGNING_IN:
                reason = reasons.of_sign_in(problem, host)
            case Phase.ANSWER:
                reason = reasons.of_break(problem, host, self.phase.value) + " It may or may not have taken the mail."
                return self._outcome(Result.UNCERTAIN, reason)
            case _:
                reason = reasons.of_break(problem, host, self.phase.value)
        return self._outcome(Result.TEMPORARY, reason)

    def _outcome(self, result: Result, reason: str) -> Outcome:
        return Outcome(result, reason, self.phase)


@contextlib.contextmanager
def _bounded(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Shut the connection after so long: a server that drips one byte now and then outlasts any socket timeout."""

    def shut() -> None:
        with contextlib.suppress(OSError, AttributeError):
            if server.sock is not None:
                server.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(seconds, shut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye without waiting for the answer: whether the mail was taken is known by now."""
    with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
        if server.sock is not None:
            server.sock.settimeout(1.0)
            server.send(b"QUIT\r\n")
    with contextlib.suppress(OSError):
        server.close()


def _expect(code: int, reply: tuple[int, bytes]) -> None:
    """Go on after the expected class of reply (250 and 251 are both a yes)."""
    if reply[0] // 10 != code // 10:
        raise smtplib.SMTPResponseException(*reply)


def _content(message: EmailMessage) -> bytes:
    """The bytes that follow DATA: CRLF line ends, leading dots doubled, the final dot."""
    body = _FIRST_DOT.sub(b"..", message.as_bytes())
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in PORTS and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        known = False
    if not known:
        raise Refusal.one("SMTP_URL must look like smtp://user:password@smtp.example.org:587 or smtps://…")
    return parts


def _encryption(scheme: str, wanted: str, host: str) -> Encryption:
    if scheme == "smtps":
        return "from the start"
    if wanted not in ("", "none", "starttls"):
        raise Refusal.one("In SMTP_URL tls can be starttls or none; for TLS from the start write smtps://.")
    if wanted == "none" or (not wanted and host in LOOPBACK):
        return "none"
    return "starttls"


def with_limits(settings: SmtpSettings, seconds: float, answer_seconds: float) -> SmtpSettings:
    """The same server with other limits, in seconds."""
    return replace(settings, seconds=seconds, answer_seconds=answer_seconds)
