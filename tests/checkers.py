"""Checkers that are not ours: of PDF files for PDF/UA-1, of pages for the HTML standard and for being open to everybody."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import page
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / ".venv" / "bin" / "node"
HTML_VALIDATE = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"

# The standard and what makes a page readable by everybody; the rest of the checker's rules are matters of taste.
PRESETS = "standard,a11y,document"
# A hash beside each script and style guards against other sites; ours come from our own.
LEFT_OUT = ("--rule", "require-sri:off")

# WCAG 2.2 AA and what axe's makers advise beside it.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_faults(shown: Page, levels: Sequence[str] = LEVELS) -> list[str]:
    """What axe finds on a page as it is shown now, one line a rule; every rule of axe's without levels.

    The script is brought to a page once, and only what is wrong comes back: the rest is most of the work.
    """
    if not shown.evaluate("'axe' in window"):
        shown.evaluate(AXE_SCRIPT)
    asked = {"resultTypes": ["violations"], "selectors": False} | ({"runOnly": list(levels)} if levels else {})
    faults = shown.evaluate("asked => axe.run(asked).then(found => found.violations)", asked)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in faults]


def pdf_faults(pdf: bytes) -> list[str]:
    """What keeps a PDF from being PDF/UA-1, one line a fault; nothing when it is."""
    report = page.validate_pdf_bytes(pdf, profile="ua1")
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def html_faults(pages: Mapping[str, str]) -> list[str]:
    """What is wrong with pages, given by name; one line a fault. One call for many pages, since starting Node is slow."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        # a file, since Node ends before a long answer has left through a pipe
        report = Path(folder) / "report.json"
        for number, (name, text) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(text, encoding="utf-8")
            names[str(file)] = name
        done = subprocess.run(
            [str(NODE), str(HTML_VALIDATE), "--preset", PRESETS, *LEFT_OUT, "--formatter", f"json={report}", *names],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if not report.exists():
            raise RuntimeError(done.stderr)
        results = json.loads(report.read_text(encoding="utf-8"))
    return [
        f"{names[result['filePath']]}:{message['line']}: {message['message']} ({message['ruleId']})"
        for result in results
        for message in result["messages"]
    ]
