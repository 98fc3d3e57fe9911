"""The one script that sets up and runs everything."""

from __future__ import annotations

import subprocess

import pytest

from tests.house.tree import ROOT

COMMANDS = ("run", "test", "setup", "check", "bench", "soak", "shots")


def _dev(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "dev", *words], capture_output=True, text=True, timeout=60, check=False)


def test_it_is_plain_shell() -> None:
    """Minimal Debian has no bash to count on."""
    assert (ROOT / "dev").read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", ROOT / "dev"], check=False).returncode == 0


def test_without_a_word_it_lists_what_it_can_do() -> None:
    listed = _dev()
    assert listed.returncode == 0
    assert [command for command in COMMANDS if f"./dev {command}" not in listed.stdout] == []


def test_an_unknown_word_is_refused_in_plain_words() -> None:
    refused = _dev("trst")
    assert refused.returncode != 0
    assert 'there is no command "trst"' in refused.stderr


@pytest.mark.parametrize("file", ["dev", ".ci/run"])
def test_it_can_be_started(file: str) -> None:
    assert (ROOT / file).stat().st_mode & 0o111
