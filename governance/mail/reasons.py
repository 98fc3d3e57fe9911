"""Why a mail did not go, for whoever can do something about it. Pure: exceptions and replies in, sentences out."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

LONGEST_QUOTE = 200
_RETIRED_SIGN_IN = ("5.7.30", "5.7.139", "5.7.57")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_KNOWN_CODES = {
    "5.1.1": "there is no mailbox of that name",
    "5.1.10": "there is no mailbox of that name",
    "5.1.2": "the part after the @ is not known",
    "5.2.1": "the mailbox is closed",
    "5.2.2": "the mailbox is full",
    "4.2.2": "the mailbox is full",
    "5.2.3": "the mail is too large for the mailbox",
    "5.3.4": "the mail is too large for the mail server",
    "5.4.1": "the mail server takes no mail for this address",
    "5.7.60": "the mail account may not send from the address in COUNTERSIGN_MAIL_FROM",
}


def of_connection(problem: Exception, host: str, port: int, seconds: float) -> str:
    """Why no connection came about."""
    if isinstance(problem, socket.gaierror):
        return f"The mail server's name {host} is not known. Check the host in SMTP_URL."
    if isinstance(problem, ConnectionRefusedError):
        return f"{host} refuses connections on port {port}. Check the port in SMTP_URL, or ask whether it is blocked."
    if timed_out(problem):
        return (
            f"{host} did not answer on port {port} within {seconds:g} seconds. The port may be blocked: "
            f"{_other_port(port)}"
        )
    if isinstance(problem, ssl.SSLError):
        return of_encryption(problem, host)
    return f"{host} could not be reached on port {port} ({_cleaned(str(problem))})."


def of_encryption(problem: Exception, host: str) -> str:
    """Why the connection could not be made secure."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        why = _cleaned(problem.verify_message or "not trusted")
        return f"The certificate of {host} is not to be trusted ({why}). Nothing was sent. Check the host in SMTP_URL."
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return (
            f"{host} does not offer a secure connection (STARTTLS) on this port. "
            "Use the port its provider names for sending, usually 587 or 465."
        )
    if isinstance(problem, ssl.SSLError) and "WRONG_VERSION_NUMBER" in str(problem):
        return f"{host} does not begin with TLS on this port. Use smtp:// with port 587, or smtps:// with port 465."
    return f"A secure connection with {host} could not be made ({_cleaned(str(problem))})."


def of_sign_in(problem: Exception, host: str) -> str:
    """Why the mail server did not let us sign in."""
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return f"{host} offers no way of signing in that we know. If it needs none, leave the user out of SMTP_URL."
    if isinstance(problem, smtplib.SMTPResponseException):
        quoted = quoted_reply(problem.smtp_code, problem.smtp_error)
        if any(code in quoted for code in _RETIRED_SIGN_IN):
            return _retired(quoted)
        return f"{host} did not accept the user name and password in SMTP_URL ({quoted})."
    return of_break(problem, host, "signing in")


def of_reply(code: int, text: bytes | str, host: str, while_: str) -> str:
    """Why the mail server said no to this mail, from its reply."""
    quoted = quoted_reply(code, text)
    if any(known in quoted for known in _RETIRED_SIGN_IN):
        return _retired(quoted)
    enhanced = _ENHANCED.search(quoted)
    meaning = _KNOWN_CODES.get(enhanced.group()) if enhanced else None
    if meaning:
        return f"{host} says that {meaning} ({quoted})."
    return f"{host} said no while {while_} ({quoted})."


def of_break(problem: Exception, host: str, while_: str) -> str:
    """Why the talk with the mail server stopped half way."""
    if timed_out(problem):
        return f"{host} stopped answering while {while_}."
    return f"{host} broke off while {while_}."


def timed_out(problem: Exception) -> bool:
    """Whether it was waiting that ended; smtplib wraps a timeout in an error that only its text tells apart."""
    return isinstance(problem, TimeoutError) or "timed out" in str(problem)


def quoted_reply(code: int, text: bytes | str) -> str:
    """A server's reply as one short line, harmless to show."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _cleaned(f"{code} {said}")


def _retired(quoted: str) -> str:
    return (
        "Microsoft 365 no longer lets programs sign in with a user name and password to send mail "
        f"({quoted}). Ask whoever runs it for a relay (a connector for this machine) or use another mail service, "
        "then change SMTP_URL."
    )


def _other_port(port: int) -> str:
    if port == 25:
        return "many networks close 25, so try 587."
    return "ask your network's administrator."


def _cleaned(text: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 1] + "…"
