"""Hostile or heavy work, done in a fresh interpreter with limits on time, memory, output, files and sockets.

    run(module, payload, limits)            in the program
      start a fresh interpreter on this file, environment scrubbed, a process group of its own
      feed the payload, read the answer, watch the wall clock and the size of the answer
      kill the whole group on the first limit broken
    child: main(module, limits)             in the fresh interpreter
      resource limits, then the guard (no sockets, no programs, files read-only under known folders)
      import the module, answer(payload), write the answer

A module that can be run this way has `answer(payload: bytes) -> bytes`. The guard is a Python audit hook: it stops what
libraries do through Python. Native code is held by the resource limits and, on Linux, by having no network (`_no_network`).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib
import json
import os
import re
import resource
import selectors
import signal
import struct
import subprocess
import sys
import sysconfig
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NoReturn, cast

MEGABYTE = 1024 * 1024
_ROOT = Path(__file__).resolve().parent.parent
_KEPT = ("PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_DETAIL_BYTES = 16 * 1024
_NO_MEMORY, _REACHED_OUT, _RAISED = 70, 71, 72


@dataclass(frozen=True)
class Limits:
    """What one piece of work may use. `seconds` is wall clock; without `cpu_seconds` the processor time is the same.

    `reads` names further folders that may be read, beside Python, this program, its templates, fonts and locale data.
    """

    seconds: float = 30.0
    memory_mb: int = 1024
    output_mb: int = 64
    cpu_seconds: int | None = None
    open_files: int = 128
    file_mb: int = 0
    reads: tuple[str, ...] = ()


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
    command = [sys.executable, "-I", "-B", "-X", "utf8", __file__, module, json.dumps(asdict(limits))]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=_scrubbed(), cwd="/", start_new_session=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            broken, answer, words = _converse(process, payload, limits)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        ended = process.wait()
    reason = broken or _reason(ended, words)
    if reason is None:
        return answer
    raise ChildFailed(reason, _sentence(reason, part, limits), words.decode("utf-8", "replace"))


def _scrubbed() -> dict[str, str]:
    """The few variables a child needs; addresses and keys of this installation are not among them."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC", "MALLOC_ARENA_MAX": "2"}


def _converse(process: subprocess.Popen[bytes], payload: bytes, limits: Limits) -> tuple[Reason | None, bytes, bytes]:
    """Feed the payload while reading answer and last words, until both end or a limit is broken."""
    heard = {"answer": bytearray(), "words": bytearray()}
    sent, broken = 0, None
    deadline = time.monotonic() + limits.seconds
    with selectors.DefaultSelector() as watched:
        _watch(watched, process)
        while broken is None and any(key.events == selectors.EVENT_READ for key in watched.get_map().values()):
            for key, _ in watched.select(max(0, deadline - time.monotonic())):
                if key.data == "payload":
                    sent = _feed(watched, key, payload, sent)
                else:
                    _hear(watched, key, heard[key.data])
            broken = _broken(heard["answer"], deadline, limits)
    if broken is None:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            broken = Reason.TOO_LONG
    return broken, bytes(heard["answer"]), bytes(heard["words"])


def _broken(answer: bytearray, deadline: float, limits: Limits) -> Reason | None:
    """The limit that is broken by now, if any."""
    if len(answer) > limits.output_mb * MEGABYTE:
        return Reason.TOO_LARGE
    return Reason.TOO_LONG if time.monotonic() > deadline else None


def _hear(watched: selectors.BaseSelector, key: selectors.SelectorKey, heard: bytearray) -> None:
    """Read what a pipe holds; of last words only as much as a log needs."""
    chunk = os.read(key.fd, MEGABYTE)
    if not chunk:
        watched.unregister(key.fileobj)
    elif key.data == "answer" or len(heard) < _DETAIL_BYTES:
        heard += chunk if key.data == "answer" else chunk[-_DETAIL_BYTES:]


def _watch(watched: selectors.BaseSelector, process: subprocess.Popen[bytes]) -> None:
    """Register the three pipes under the names used for them here."""
    given, answer, words = (cast(IO[bytes], pipe) for pipe in (process.stdin, process.stdout, process.stderr))
    os.set_blocking(given.fileno(), False)
    watched.register(given, selectors.EVENT_WRITE, "payload")
    watched.register(answer, selectors.EVENT_READ, "answer")
    watched.register(words, selectors.EVENT_READ, "words")


def _feed(watched: selectors.BaseSelector, key: selectors.SelectorKey, payload: bytes, sent: int) -> int:
    """Write some of the payload and close the pipe after the last of it; the number of bytes sent so far."""
    try:
        sent += os.write(key.fd, memoryview(payload)[sent : sent + MEGABYTE])
    except BlockingIOError:
        return sent
    except BrokenPipeError:
        sent = len(payload)
    if sent >= len(payload):
        watched.unregister(key.fileobj)
        cast(IO[bytes], key.fileobj).close()
    return sent


def _reason(ended: int, words: bytes) -> Reason | None:
    """Read a child's exit: None when it answered. Native libraries say so on their last line when memory runs out."""
    if ended == 0:
        return None
    if ended == -signal.SIGXCPU:
        return Reason.TOO_LONG
    if ended == _REACHED_OUT:
        return Reason.REACHED_OUT
    native = ended < 0 and any(sign in words.lower() for sign in (b"memory", b"allocat"))
    return Reason.NO_MEMORY if ended == _NO_MEMORY or native else Reason.CRASHED


def _sentence(reason: Reason, part: str, limits: Limits) -> str:
    """The failure for a person: what was being done, and which limit stopped it."""
    return {
        Reason.TOO_LONG: f"{part} took longer than {limits.seconds:g} seconds and was stopped.",
        Reason.NO_MEMORY: f"{part} needed more than {limits.memory_mb} MB of memory and was stopped.",
        Reason.TOO_LARGE: f"{part} came to more than {limits.output_mb} MB and was stopped.",
        Reason.REACHED_OUT: f"{part} tried to reach another file or another computer and was stopped.",
        Reason.CRASHED: f"{part} could not be finished: the program working on it stopped unexpectedly.",
    }[reason]


# The rest runs in the fresh interpreter.


class Outside(PermissionError):
    """The guard's refusal: a socket, a program, a write, or a file outside the known folders."""


def main(arguments: list[str]) -> NoReturn:
    """Limit this interpreter, guard it, answer the payload on standard input, and exit."""
    module, limits = arguments[0], Limits(**json.loads(arguments[1]))
    # Whatever a library prints must not end up inside the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _limit(limits)
        sys.path.insert(0, str(_ROOT))
        _no_network()
        sys.addaudithook(_guard(_readable(limits.reads)))
        answer: bytes = importlib.import_module(module).answer(sys.stdin.buffer.read())
        out.write(answer)
        out.flush()
    except MemoryError:
        os._exit(_NO_MEMORY)
    except Outside as refused:
        _last_words(str(refused), _REACHED_OUT)
    except BaseException:  # noqa: BLE001 - whatever broke, the parent is told
        _last_words(traceback.format_exc(limit=-6), _RAISED)
    # Not sys.exit: tearing down large native structures would only cost time.
    os._exit(0)


def _last_words(text: str, code: int) -> NoReturn:
    """Leave the reason on standard error and go."""
    os.write(2, text.encode("utf-8", "replace")[-_DETAIL_BYTES:])
    os._exit(code)


def _limit(limits: Limits) -> None:
    """Ask the kernel to hold this process to its limits; nice, so that pages keep being served meanwhile."""
    os.nice(5)
    processor = max(1, round(limits.cpu_seconds or limits.seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_mb * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_mb * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# socket, execve and execveat by machine: (audit architecture, system call numbers).
_CALLS = {"x86_64": (0xC000003E, (41, 59, 322)), "aarch64": (0xC00000B7, (198, 221, 281))}
_LOAD, _JUMP_IF_EQUAL, _RETURN, _ALLOW, _DENY = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050000 | errno.EACCES


def _no_network() -> None:
    """On Linux, have the kernel refuse sockets and other programs to native code as well (a seccomp filter)."""
    if sys.platform != "linux" or os.uname().machine not in _CALLS:
        return
    machine, calls = _CALLS[os.uname().machine]
    steps = [(_LOAD, 0, 0, 4), (_JUMP_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _DENY), (_LOAD, 0, 0, 0)]
    steps += [(_JUMP_IF_EQUAL, len(calls) - at, 0, call) for at, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _DENY)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    head = struct.pack("HP", len(steps), ctypes.addressof(program))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_no_new_privileges, set_filter, filter_mode = 38, 22, 2
    if prctl(set_no_new_privileges, 1, 0, 0, 0) == 0:
        prctl(set_filter, filter_mode, ctypes.c_char_p(head), 0, 0)  # a kernel without it leaves the audit hook


def _readable(more: Iterable[str]) -> tuple[str, ...]:
    """Folders and files that may be read: Python, its packages, our code and templates, fonts, locale data, and more."""
    pythons = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    ours = [str(_ROOT / "governance"), str(_ROOT / "templates")]
    shared = ["/usr/share", "/usr/local/share/fonts", "/etc/fonts", "/var/cache/fontconfig", "/etc/mime.types"]
    system = ["/usr/lib", "/usr/local/lib", "/lib", "/dev/null", "/dev/urandom", "/etc/localtime"]
    return tuple({os.path.realpath(path) for path in (*pythons, *ours, *shared, *system, *more)})


_REFUSED = re.compile(
    r"(socket|subprocess|pty|shutil|sqlite3|ftplib|http|smtplib|urllib|webbrowser)\."
    r"|os\.(exec|fork|posix_spawn|spawn|system|remove|rename|mkdir|rmdir|chmod|chown|link|symlink|kill|truncate|utime)"
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _guard(readable: tuple[str, ...]) -> Any:
    """An audit hook that refuses sockets, programs and writes, and reads outside the given folders."""

    def allowed(path: Any) -> bool:
        if isinstance(path, int):
            return True  # already open: the three pipes
        real = os.path.realpath(os.fsdecode(path))
        return any(real == root or real.startswith(root + os.sep) for root in readable)

    def hook(event: str, details: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = details
            if not allowed(path) or (isinstance(flags, int) and flags & _WRITES and not isinstance(path, int)):
                raise Outside(f"{event} {path!r}")
        elif _REFUSED.match(event):
            raise Outside(f"{event} {details!r}"[:300])

    return hook


if __name__ == "__main__":
    main(sys.argv[1:])
