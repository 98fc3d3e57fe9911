"""A malware scanner beside the program: asked about every file before anything opens it."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator

import pytest

from governance.extract import scanner
from governance.extract.examined import Examined
from governance.intake.reading_in import examined_each

# The test file that every scanner flags, put together here so that no scanner flags this source.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.BaseRequestHandler):
    """Answers as clamd does to INSTREAM."""

    def handle(self) -> None:
        assert self._exactly(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", self._exactly(4))[0]:
            data += self._exactly(length)
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0")

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += self.request.recv(length - len(data))
        return data


@pytest.fixture
def clamd() -> Iterator[None]:
    """A scanner on loopback that the program asks."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        scanner.use(f"127.0.0.1:{server.server_address[1]}")
        yield
        scanner.use(None)
        server.shutdown()


@pytest.mark.usefixtures("clamd")
def test_bad_input_23_a_file_that_the_scanner_flags_is_refused_and_the_others_are_read() -> None:
    found = examined_each(
        [("first.md", b"# Uniform Policy\n"), ("test.txt", b"Policy " + EICAR), ("last.md", b"# Pay Policy\n")]
    )
    assert [isinstance(one, Examined) for one in found] == [True, False, True]
    assert found[1] == (
        "That file was flagged as malware (Eicar-Test-Signature) and was not taken. Do not open it; tell your IT support."
    )


@pytest.mark.usefixtures("clamd")
def test_a_large_file_goes_to_the_scanner_in_pieces() -> None:
    [found] = examined_each([("long.txt", b"A policy. " * 100_000 + EICAR)])
    assert isinstance(found, str) and "flagged as malware" in found


def test_a_scanner_that_does_not_answer_keeps_files_out() -> None:
    scanner.use("127.0.0.1:9")
    try:
        assert examined_each([("uniform.md", b"# Uniform Policy\n")]) == [scanner.AWAY]
    finally:
        scanner.use(None)
