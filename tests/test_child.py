"""Real children, behaving well and badly."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from governance.child import Child, ChildFailed, Limits, Reason, run
from governance.guarded import NICE

HERE = str(Path(__file__).parent)
QUICK = Limits(seconds=20, memory_mb=512, output_mb=2, reads=(HERE,))


def act(payload: bytes, limits: Limits = QUICK) -> bytes:
    return run("tests.misbehaviour", payload, limits, part="Reading the policy")


def failure(payload: bytes, limits: Limits = QUICK) -> ChildFailed:
    with pytest.raises(ChildFailed) as failed:
        act(payload, limits)
    return failed.value


def test_a_child_answers_and_its_chatter_is_kept_out_of_the_answer() -> None:
    assert act(b"shout policy") == b"POLICY"


def test_a_child_stands_back_so_that_pages_are_served_first() -> None:
    with Child("tests.misbehaviour", QUICK) as child:
        child.ask(b"shout policy")
        pid = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[-1]
        assert os.getpriority(os.PRIO_PROCESS, int(pid)) == NICE
        session = Path(f"/proc/{pid}/autogroup")
        assert not session.exists() or session.read_text().endswith(f"nice {NICE}\n")


def test_a_payload_larger_than_any_pipe_arrives_whole() -> None:
    assert act(b"shout " + b"ab" * 900_000) == b"AB" * 900_000


def test_an_endless_loop_is_stopped_and_the_limit_is_named() -> None:
    began = time.monotonic()
    failed = failure(b"loop", Limits(seconds=2, reads=(HERE,)))
    assert failed.reason is Reason.TOO_LONG
    assert str(failed) == "Reading the policy took longer than 2 seconds and was stopped."
    assert time.monotonic() - began < 7


def test_processor_time_is_limited_apart_from_the_clock() -> None:
    assert failure(b"loop", Limits(seconds=30, cpu_seconds=1, reads=(HERE,))).reason is Reason.TOO_LONG


def test_a_child_that_only_waits_is_stopped_too() -> None:
    assert failure(b"sleep", Limits(seconds=1, reads=(HERE,))).reason is Reason.TOO_LONG


def test_a_memory_hog_is_stopped() -> None:
    failed = failure(b"hog")
    assert failed.reason is Reason.NO_MEMORY
    assert "512 MB" in str(failed)


def test_an_answer_without_end_is_stopped() -> None:
    assert failure(b"flood").reason is Reason.TOO_LARGE


def test_endless_last_words_neither_block_the_child_nor_fill_the_parent() -> None:
    assert act(b"flood_words") == b"done"


@pytest.mark.parametrize("payload", [b"abort", b"raise"])
def test_a_crash_is_reported_with_its_last_words_for_the_log(payload: bytes) -> None:
    failed = failure(payload)
    assert failed.reason is Reason.CRASHED
    assert "Traceback" not in str(failed)
    assert payload == b"abort" or "a broken document" in failed.detail


def test_a_missing_module_is_a_crash_and_no_hang() -> None:
    with pytest.raises(ChildFailed):
        run("governance.no_such_room", b"", QUICK)


def test_a_child_reaches_no_listener() -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        failed = failure(b"connect %d" % canary.getsockname()[1])
        with pytest.raises(TimeoutError):
            canary.accept()
    assert failed.reason is Reason.REACHED_OUT


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
def test_native_code_gets_no_socket_either() -> None:
    assert act(b"native_connect") == b"none"


def test_a_child_reads_no_file_outside_the_known_folders(tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("secret of another school")
    assert failure(b"read " + bytes(canary)).reason is Reason.REACHED_OUT
    assert act(b"swallow " + bytes(canary)) == b"nothing read"


def test_a_link_inside_a_known_folder_does_not_lead_out(tmp_path: Path) -> None:
    canary, folder = tmp_path / "canary.txt", tmp_path / "assets"
    canary.write_text("secret of another school")
    folder.mkdir()
    (folder / "link").symlink_to(canary)
    limits = Limits(reads=(HERE, str(folder)))
    assert failure(b"read " + bytes(folder / "link"), limits).reason is Reason.REACHED_OUT


def test_a_child_writes_no_file_and_starts_no_program(tmp_path: Path) -> None:
    kept = Path(HERE) / "misbehaviour.py"
    before = kept.read_bytes()
    assert failure(b"write " + bytes(tmp_path / "new")).reason is Reason.REACHED_OUT
    assert failure(b"write " + bytes(kept)).reason is Reason.REACHED_OUT
    assert failure(b"program").reason is Reason.REACHED_OUT
    assert kept.read_bytes() == before
    assert not (tmp_path / "new").exists()


def test_a_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "SMTP_URL", "COUNTERSIGN_SECRET_KEY", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "not for children")
    told = set(act(b"environment").decode().split())
    assert told.isdisjoint({"DATABASE_URL", "SMTP_URL", "COUNTERSIGN_SECRET_KEY", "PYTHONSTARTUP"})


def test_nothing_is_left_running_or_open() -> None:
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    for payload in (b"shout x", b"abort"):
        try:
            act(payload)
        except ChildFailed:
            continue
    assert sys.platform != "linux" or len(os.listdir("/proc/self/fd")) == before


def test_a_child_answers_several_payloads_each_with_the_time_to_itself() -> None:
    limits = Limits(seconds=20, cpu_seconds=2, pieces=4, output_mb=2, reads=(HERE,))
    with Child("tests.misbehaviour", limits) as child:
        answers = [child.ask(b"spend 1"), child.ask(b"spend 1"), child.ask(b"shout policy")]
        with pytest.raises(ChildFailed) as failed:
            child.ask(b"loop", part="The last piece")
        assert (failed.value.reason, str(failed.value)[:14]) == (Reason.TOO_LONG, "The last piece")
        with pytest.raises(ChildFailed):
            child.ask(b"shout again")
    assert answers == [b"done", b"done", b"POLICY"]


def test_a_child_answers_no_more_payloads_than_it_may() -> None:
    with Child("tests.misbehaviour", QUICK) as child:
        assert child.ask(b"shout once") == b"ONCE"
        with pytest.raises(ChildFailed):
            child.ask(b"shout twice")
