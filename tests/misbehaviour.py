"""Run by tests/test_child.py in a child: does what the payload's first word says, well or badly."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable


def answer(payload: bytes) -> bytes:
    """Do the act named first in the payload with the rest of it."""
    act, _, rest = payload.partition(b" ")
    return ACTS[act.decode()](rest)


def _shout(rest: bytes) -> bytes:
    print("chatter that is no part of the answer")
    return rest.upper()


def _loop(rest: bytes) -> bytes:
    while True:
        pass


def _spend(rest: bytes) -> bytes:
    """Use so many seconds of processor time."""
    begun = time.process_time()
    while time.process_time() - begun < float(rest):
        pass
    return b"done"


def _sleep(rest: bytes) -> bytes:
    time.sleep(60)
    return b""


def _hog(rest: bytes) -> bytes:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def _flood(rest: bytes) -> bytes:
    return b"x" * 5_000_000


def _flood_words(rest: bytes) -> bytes:
    for _ in range(2_000):
        sys.stderr.write("x" * 10_000)
    return b"done"


def _abort(rest: bytes) -> bytes:
    os.abort()


def _raise(rest: bytes) -> bytes:
    raise ValueError("a broken document")


def _connect(rest: bytes) -> bytes:
    socket.create_connection(("127.0.0.1", int(rest)), timeout=2).sendall(b"canary")
    return b"connected"


def _native_connect(rest: bytes) -> bytes:
    made = ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    return b"a socket" if made >= 0 else b"none"


def _read(rest: bytes) -> bytes:
    with open(rest, "rb") as canary:
        return canary.read()


def _swallow(rest: bytes) -> bytes:
    with contextlib.suppress(OSError):
        return _read(rest)
    return b"nothing read"


def _write(rest: bytes) -> bytes:
    with open(rest, "wb") as canary:
        canary.write(b"changed")
    return b"written"


def _program(rest: bytes) -> bytes:
    return subprocess.run(["/bin/echo", "ran"], capture_output=True, check=True).stdout


def _environment(rest: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


ACTS: dict[str, Callable[[bytes], bytes]] = {
    name.removeprefix("_"): act for name, act in list(globals().items()) if name.startswith("_") and callable(act)
}
