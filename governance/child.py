"""Hostile or heavy work, done in a fresh interpreter with limits on time, memory, output, files and sockets.

    run(module, payload, limits)            one piece of work
    Child(module, limits).ask(payload)      several, one after another, in one interpreter
      start a fresh interpreter on `governance.guarded`, environment scrubbed, a process group of its own
      feed the payload, read the answer, watch the wall clock and the size of the answer
      kill the whole group on the first limit broken, and in the end

A module that can be run this way has `answer(payload: bytes) -> bytes`. The guard is a Python audit hook: it stops what
libraries do through Python. Native code is held by the resource limits and, on Linux, by having no network.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from governance.guarded import DETAIL_BYTES, LENGTH, MEGABYTE, NO_MEMORY, REACHED_OUT
from governance.guarded import Limits as Limits

_INSIDE = Path(__file__).with_name("guarded.py")
_KEPT = ("PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class Reason(StrEnum):
    """Why a piece of work ended without an answer."""

    TOO_LONG = "too long"
    NO_MEMORY = "no memory"
    TOO_LARGE = "too large"
    REACHED_OUT = "reached out"
    CRASHED = "crashed"


class ChildFailed(Exception):
    """The work was stopped or broke. The message is for people; `detail` (the child's last words) is for the log."""

    def __init__(self, reason: Reason, message: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(message)


def run(module: str, payload: bytes, limits: Limits, *, part: str = "This piece of work") -> bytes:
    """The module's answer to the payload, worked out in a fresh interpreter. `part` names the work in the error.

    Raises:
        ChildFailed: when a limit was broken, the guard refused something, or the work raised or crashed.
    """
    with Child(module, limits) as child:
        return child.ask(payload, part=part)


class Child:
    """A fresh interpreter that answers payloads one after another, each within the limits; gone when the block ends.

    It starts at once, so that its imports run while the program still gathers what to ask.
    """

    def __init__(self, module: str, limits: Limits) -> None:
        self._limits = limits
        command = [sys.executable, "-I", "-B", "-X", "utf8", str(_INSIDE), module, json.dumps(asdict(limits))]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        self._process: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
            command, env=_scrubbed(), cwd="/", start_new_session=True, **pipes
        )
        os.set_blocking(_pipe(self._process.stdin).fileno(), False)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: TracebackType | type[BaseException] | BaseException | None) -> None:
        with self._process:
            self.kill()

    def kill(self) -> None:
        """End it with whatever it started; whoever waits for its answer is told that it stopped. May be said twice."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def ask(self, payload: bytes | bytearray, *, part: str = "This piece of work") -> bytes:
        """The answer to a payload. `part` names the work in the error.

        Raises:
            ChildFailed: as `run`; the child is gone then and answers nothing more.
        """
        said = _Conversation(self._process, payload, self._limits)
        broken = said.held()
        if broken is None and said.answer is not None:
            return said.answer
        self.kill()
        reason = broken or _reason(self._process.wait(), bytes(said.words))
        raise ChildFailed(reason, _sentence(reason, part, self._limits), said.words.decode("utf-8", "replace"))


def _scrubbed() -> dict[str, str]:
    """The few variables a child needs; addresses and keys of this installation are not among them."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC", "MALLOC_ARENA_MAX": "2"}


class _Conversation:
    """One payload and what comes back: `answer` once it is whole, else the child's last `words`."""

    def __init__(self, process: subprocess.Popen[bytes], payload: bytes | bytearray, limits: Limits) -> None:
        self.answer: bytes | None = None
        self.words = bytearray()
        self._process, self._limits = process, limits
        self._deadline = time.monotonic() + limits.seconds
        self._unsent = [memoryview(LENGTH.pack(len(payload))), memoryview(payload)]
        self._heard = bytearray()

    def held(self) -> Reason | None:
        """Talk until there is an answer or the child is gone; the limit broken meanwhile, if any."""
        broken = None
        with selectors.DefaultSelector() as watched:
            watched.register(_pipe(self._process.stdin), selectors.EVENT_WRITE, self._feed)
            watched.register(_pipe(self._process.stdout), selectors.EVENT_READ, self._hear)
            watched.register(_pipe(self._process.stderr), selectors.EVENT_READ, self._overhear)
            while broken is None and self.answer is None and _reads(watched):
                for key, _ in watched.select(max(0, self._deadline - time.monotonic())):
                    key.data(watched, key)
                broken = self._broken()
        if broken is None and self.answer is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(0.1, self._deadline - time.monotonic()))
                return None
            return Reason.TOO_LONG
        return broken

    def _broken(self) -> Reason | None:
        """The limit that is broken by now, if any."""
        if len(self._heard) > self._limits.output_mb * MEGABYTE:
            return Reason.TOO_LARGE
        return Reason.TOO_LONG if self.answer is None and time.monotonic() > self._deadline else None

    def _feed(self, watched: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        """Write some of the payload; a child that listens no more will say why."""
        try:
            self._unsent[0] = self._unsent[0][os.write(key.fd, self._unsent[0][:MEGABYTE]) :]
            self._unsent = [view for view in self._unsent if view]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._unsent = []
        if not self._unsent:
            watched.unregister(key.fileobj)

    def _hear(self, watched: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        """Read some of the answer, whose length comes first."""
        chunk = os.read(key.fd, MEGABYTE)
        if not chunk:
            watched.unregister(key.fileobj)
        self._heard += chunk
        if len(self._heard) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._heard)[0]
            if len(self._heard) >= end:
                self.answer = bytes(memoryview(self._heard)[LENGTH.size : end])

    def _overhear(self, watched: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        """Read what is said beside the answer; only as much as a log needs is kept."""
        chunk = os.read(key.fd, MEGABYTE)
        if not chunk:
            watched.unregister(key.fileobj)
        elif len(self.words) < DETAIL_BYTES:
            self.words += chunk[-DETAIL_BYTES:]


def _reads(watched: selectors.BaseSelector) -> bool:
    return any(key.events == selectors.EVENT_READ for key in watched.get_map().values())


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    return cast(IO[bytes], pipe)


def _reason(ended: int, words: bytes) -> Reason:
    """Read a child's exit. Native libraries say so on their last line when memory runs out."""
    if ended == -signal.SIGXCPU:
        return Reason.TOO_LONG
    if ended == REACHED_OUT:
        return Reason.REACHED_OUT
    native = ended < 0 and any(sign in words.lower() for sign in (b"memory", b"allocat"))
    return Reason.NO_MEMORY if ended == NO_MEMORY or native else Reason.CRASHED


def _sentence(reason: Reason, part: str, limits: Limits) -> str:
    """The failure for a person: what was being done, and which limit stopped it."""
    return {
        Reason.TOO_LONG: f"{part} took longer than {limits.seconds:g} seconds and was stopped.",
        Reason.NO_MEMORY: f"{part} needed more than {limits.memory_mb} MB of memory and was stopped.",
        Reason.TOO_LARGE: f"{part} came to more than {limits.output_mb} MB and was stopped.",
        Reason.REACHED_OUT: f"{part} tried to reach another file or another computer and was stopped.",
        Reason.CRASHED: f"{part} could not be finished: the program working on it stopped unexpectedly.",
    }[reason]
