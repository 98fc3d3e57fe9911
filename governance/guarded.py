"""What a fresh interpreter runs that `governance.child` started: limits and a guard first, then one answer a payload.

main(module, limits)
  resource limits, then the guard (no sockets, no programs, files read-only under known folders)
  import the module; for each payload answer(payload), until there are no more

Started as a program and never imported by it, so it needs nothing but Python. Payloads and answers each follow their length
in eight bytes.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import os
import re
import resource
import struct
import sys
import sysconfig
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

MEGABYTE = 1024 * 1024
LENGTH = struct.Struct(">Q")
DETAIL_BYTES = 16 * 1024
NO_MEMORY, REACHED_OUT, RAISED = 70, 71, 72
NICE = 10
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Limits:
    """What one piece of work may use. `seconds` is wall clock; without `cpu_seconds` the processor time is the same.

    `reads` names further folders that may be read, beside Python, this program, its templates, fonts and locale data.
    `pieces` is how many payloads one interpreter may answer; each has the time and the answer's size to itself.
    """

    seconds: float = 30.0
    memory_mb: int = 1024
    output_mb: int = 64
    cpu_seconds: int | None = None
    open_files: int = 128
    file_mb: int = 0
    reads: tuple[str, ...] = ()
    pieces: int = 1

    @property
    def processor(self) -> int:
        """Seconds of processor time for a payload."""
        return max(1, round(self.cpu_seconds or self.seconds))


class Outside(PermissionError):
    """The guard's refusal: a socket, a program, a write, or a file outside the known folders."""


def main(arguments: list[str]) -> NoReturn:
    """Limit this interpreter, guard it, answer each payload on standard input, and exit."""
    module, limits = arguments[0], Limits(**json.loads(arguments[1]))
    # Whatever a library prints must not end up inside the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _limit(limits)
        sys.path.insert(0, str(_ROOT))
        _no_network()
        sys.addaudithook(_guard(_readable(limits.reads)))
        work = importlib.import_module(module)
        for _ in range(limits.pieces):
            payload = _next(sys.stdin.buffer)
            if payload is None:
                break
            _allow_time(limits)
            _reply(out, work.answer(payload))
            del payload
    except MemoryError:
        os._exit(NO_MEMORY)
    except Outside as refused:
        _last_words(str(refused), REACHED_OUT)
    except BaseException:  # noqa: BLE001 - whatever broke, the parent is told
        _last_words(traceback.format_exc(limit=-6), RAISED)
    # Not sys.exit: tearing down large native structures would only cost time.
    os._exit(0)


def _next(given: IO[bytes]) -> bytes | None:
    """The next payload, or None when there are no more."""
    head = given.read(LENGTH.size)
    return given.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _reply(out: IO[bytes], answer: bytes) -> None:
    out.write(LENGTH.pack(len(answer)))
    out.write(answer)
    out.flush()


def _last_words(text: str, code: int) -> NoReturn:
    """Leave the reason on standard error and go."""
    os.write(2, text.encode("utf-8", "replace")[-DETAIL_BYTES:])
    os._exit(code)


def _limit(limits: Limits) -> None:
    """Ask the kernel to hold this process to its limits."""
    stand_back()
    most = (limits.processor + 1) * limits.pieces
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, most))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_mb * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_mb * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def stand_back() -> None:
    """Be nice, so that pages keep being served meanwhile.

    Linux may share processors among sessions before it looks at how nice a process is, and a child is a session of its own:
    so the session is made nice as well. It may be asked for only ten times a second, unless by root.
    """
    os.nice(NICE)
    for _ in range(3):
        try:
            Path("/proc/self/autogroup").write_text(str(NICE), encoding="ascii")
        except BlockingIOError:
            time.sleep(0.1)
        except OSError:  # another system, or sessions are not told apart
            return
        else:
            return


def _allow_time(limits: Limits) -> None:
    """Count the processor time of the next payload from here; what was used before it stays used."""
    if limits.pieces > 1:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        allowed = round(spent.ru_utime + spent.ru_stime) + limits.processor
        resource.setrlimit(resource.RLIMIT_CPU, (min(allowed, most), most))


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
