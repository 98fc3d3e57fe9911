"""A malware scanner beside the program, where an installation has one: clamd, asked before a file is opened.

Its protocol is the INSTREAM command of ClamAV's clamd: pieces with their length, a length of nought, one line of answer.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

import structlog

from governance.extract.filenames import clean_filename
from governance.extract.unreadable import UnreadableDocument

AWAY = (
    "The malware scanner does not answer, so the file was not taken. Try again in a few minutes; if it stays so, tell "
    "whoever runs this installation."
)
_PIECE = 256 * 1024
_SECONDS = 20.0
_LONGEST_ANSWER = 4096

log = structlog.get_logger("countersign")
_address: str | None = None


def use(address: str | None) -> None:
    """Ask the clamd at "host:port" or at the path of its socket from now on; nobody where it is None."""
    global _address  # noqa: PLW0603  # one scanner an installation, said once when the application is put together
    _address = address


def refuse_malware(filename: str, data: bytes) -> None:
    """Have the file looked at.

    Raises:
        UnreadableDocument: when it is flagged, or when there is a scanner and it does not answer.
    """
    if _address is None:
        return
    try:
        verdict = _asked(_address, data)
    except OSError as problem:
        log.error("malware scanner away", error=type(problem).__name__)
        raise UnreadableDocument(AWAY) from problem
    if verdict.endswith("FOUND"):
        name = verdict.removeprefix("stream:").removesuffix("FOUND").strip()
        log.warning("malware refused", file=clean_filename(filename), signature=name[:100])
        raise UnreadableDocument(
            f"That file was flagged as malware ({name[:100]}) and was not taken. Do not open it; tell your IT support."
        )
    if not verdict.endswith("OK"):
        log.error("malware scanner away", answer=verdict[:100])
        raise UnreadableDocument(AWAY)


def _asked(address: str, data: bytes) -> str:
    with closing(_connected(address)) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for piece in _pieces(data):
            scanner.sendall(struct.pack(">I", len(piece)) + piece)
        scanner.sendall(struct.pack(">I", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < _LONGEST_ANSWER and (more := scanner.recv(_LONGEST_ANSWER)):
            answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(_SECONDS)
        scanner.connect(address)
        return scanner
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
