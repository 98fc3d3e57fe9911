"""The project names nothing but itself: no path of a machine, no address of a registry, no secret, nothing unfinished."""

from __future__ import annotations

import re

from tests.house.tree import ROOT, files, name_of

# Spelt in parts, so that this file does not hold what it looks for.
MACHINE = [
    re.compile(pattern)
    for pattern in (
        r"\.\./" + "shared",
        r"(?<![\w.<])/" + r"work/",
        r"(?<![\w.])/" + r"(root|home/\w+)/",
        r"/" + r"tmp/(?!countersign)\w",
    )
]
REGISTRY = [
    re.compile(pattern)
    for pattern in (
        r"pypi" + r"\.(org|io)",
        r"files\." + "pythonhosted",
        r"registry\." + r"(npmjs|yarnpkg)",
        r"(deb|security|ftp)\." + r"debian\.org",
        r"--(extra-)?" + r"index-url\s+\S",
    )
]
UNFINISHED = [re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")]
BYTES = (
    ".docx",
    ".pdf",
    ".png",
    ".jpg",
    ".gif",
    ".ico",
    ".xlsx",
    ".zip",
    ".db",
    ".woff2",
    ".pyc",
    ".doc",
    ".odt",
    ".rtf",
)


def _naming(patterns: list[re.Pattern[str]]) -> list[str]:
    found = []
    for path in files():
        if path.suffix in BYTES:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if any(pattern.search(line) for pattern in patterns):
                found.append(f"{name_of(path)}:{number} {line.strip()[:80]}")
    return found


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    found = _naming(MACHINE)
    assert not found, "\n".join(found)


def test_no_file_names_the_address_of_a_registry() -> None:
    found = _naming(REGISTRY)
    assert not found, "\n".join(found)


def test_nothing_is_left_as_a_note_to_finish_later() -> None:
    found = _naming(UNFINISHED)
    assert not found, "\n".join(found)


def test_every_locked_package_has_its_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-setup.txt"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8"))
        locked = [entry for entry in entries if "==" in entry]
        assert locked
        assert [entry.split()[0] for entry in locked if "--hash=sha256:" not in entry] == []
        assert not [entry for entry in entries if "://" in entry or entry.startswith("-i ")]


def test_the_tests_run_on_the_versions_that_the_application_is_given() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


def test_the_lock_of_the_screen_assets_names_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')
