"""./dev bench pack: a full pack of forty policies, printed in parts, beside one WeasyPrint call and Chromium, in turn.

cold           nothing was printed before
one changed    everything but one policy was
Chromium       the same HTML printed to a tagged PDF, with its start
memory         the most that a child held that prints, and the one that binds, and by how much the program grew

Times by the clock need two cores to themselves; on a busy machine the processor time says what they would be.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from governance.guarded import stand_back
from governance.packs.appendix import Appendix, PolicyRead
from governance.packs.printing import Memory, printed
from governance.packs.values import Pack, PackItem
from tests.packs import oakfield, single_shot

POLICIES, TURNS = 40, 3
COLD, CHANGED, CHROMIUM, MEMORY_MB = 0.6, 0.1, 0.5, 150
_SENTENCE = "Every adult in the school keeps to this policy and tells the office when something in it no longer holds. "


def large() -> Pack:
    """Forty policies of about seven pages each."""
    items = tuple(_policy(number) for number in range(1, POLICIES + 1))
    return oakfield.pack(items=items, appendix=_appendix(items))


def _appendix(items: Sequence[PackItem]) -> Appendix:
    """All of them read by many, and every fourth late."""
    model = oakfield.appendix()
    late = tuple(replace(model.late[0], title=item.title, reference=item.reference) for item in items[::4])
    read = tuple(PolicyRead(item.title, item.reference, item.everyone) for item in items)
    return replace(model, late=late, read=read)


def _policy(number: int) -> PackItem:
    clauses = [oakfield.clause("heading", f"Policy number {number}", level=1)]
    for section in range(1, 9 + number % 2):
        clauses.append(oakfield.clause("heading", f"Section {section}", str(section), 2))
        said = (f"{number}: " + _SENTENCE * 3).strip()
        clauses += [oakfield.clause("clause", said, f"{section}.{n}", 2) for n in range(1, 7)]
    model = oakfield.social_media()
    return replace(model, title=f"Policy number {number}", reference=f"P-{number}", clauses=tuple(clauses))


def changed(pack: Pack, turn: int) -> Pack:
    """The pack of a later hour with one policy changed, another way each turn: the cover and the last page change too."""
    at = len(pack.items) // 2
    item = replace(pack.items[at], what_changed=f"Section {turn} is brought up to date.")
    later = {"made_at": pack.made_at + dt.timedelta(hours=1 + turn), "journal_seq": pack.journal_seq + turn}
    return replace(pack, items=(*pack.items[:at], item, *pack.items[at + 1 :]), **later)  # type: ignore[arg-type]


def main() -> None:
    """Measure and print."""
    pack = large()
    shelf = Memory()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Watched() as watched:
        pages = len(PdfReader(BytesIO(printed(pack, shelf))).pages)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(pack.items)} policies, {pages} pages; {TURNS} turns, one after another")
    most = watched.most_mb.get("governance.render.pressing", 0.0)
    print(f"{'a printing child at its largest':32} {most:6.0f} MB   target {MEMORY_MB}{_over(most, MEMORY_MB)}")
    print(f"{'the binding child':32} {watched.most_mb.get('governance.render.binding', 0.0):6.0f} MB")
    print(f"{'the program grew by':32} {grown:6.0f} MB")
    with tempfile.TemporaryDirectory(prefix="countersign-pack-") as folder:
        page = Path(folder) / "pack.html"
        page.write_text(_for_chromium(pack), encoding="utf-8")
        turns = [_turn(pack, shelf, page, turn) for turn in range(TURNS)]
    spent = [statistics.median(one[f"{name} processor"] for one in turns) for name in ("cold", "single shot")]
    print(f"{'processor time':32} {spent[0]:6.2f} s cold, in two children; {spent[1]:.2f} s single shot")
    for name in ("cold", "one changed", "single shot", "Chromium"):
        print(f"{name:32} {statistics.median(one[name] for one in turns):6.2f} s")
    for name, ours, other, target in (
        ("cold / single shot", "cold", "single shot", COLD),
        ("one changed / single shot", "one changed", "single shot", CHANGED),
        ("one changed / Chromium", "one changed", "Chromium", CHROMIUM),
    ):
        ratio = statistics.median(one[ours] / one[other] for one in turns)
        print(f"{name:32} {ratio:6.2f}     target {target:g}{_over(ratio, target)}")


def _turn(pack: Pack, shelf: Memory, page: Path, turn: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, what in {
        "cold": lambda: printed(pack),
        "single shot": lambda: _alone("tests.bench.pack"),
        "one changed": lambda: printed(changed(pack, turn), shelf),
        "Chromium": lambda: _chromium(page),
    }.items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        found[name] = _timed(what)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found[f"{name} processor"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found


def _timed(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def _alone(module: str) -> None:
    """One WeasyPrint call in a process of its own, with its start."""
    _run([sys.executable, "-m", module, "single"])


def _run(command: list[str]) -> None:
    """Another program, as far back as our children stand."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, check=True, start_new_session=True, preexec_fn=stand_back, **quiet)


def _for_chromium(pack: Pack) -> str:
    """The single-shot HTML with its styles inside."""
    styles = "".join(f"<style>{style}</style>" for style in single_shot.styles(pack))
    return single_shot.html(pack).replace("</head>", f"{styles}</head>")


def _chromium(page: Path) -> None:
    program = shutil.which("chromium")
    assert program, "Chromium is not installed"
    flags = (
        "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --no-pdf-header-footer"
    )
    _run([program, *flags.split(), f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()])
    assert page.with_suffix(".pdf").stat().st_size > 100_000


def _over(found: float, target: float) -> str:
    return "" if found <= target else "  ABOVE TARGET"


class Watched:
    """The largest resident size of our children by what they run, asked for twenty times a second."""

    def __init__(self) -> None:
        self.most_mb: dict[str, float] = {}
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> Watched:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        while not self._done.wait(0.05):
            for child in _numbers(children):
                runs, size = _runs(child), _resident_mb(child)
                self.most_mb[runs] = max(self.most_mb.get(runs, 0.0), size)


def _numbers(children: Path) -> list[str]:
    return [one for task in children.parent.parent.iterdir() for one in (task / "children").read_text().split()]


def _runs(pid: str) -> str:
    try:
        said = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return next((word for word in said if word.startswith("governance.")), "")


def _resident_mb(pid: str) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


if __name__ == "__main__":
    single_shot.pdf(large()) if "single" in sys.argv[1:] else main()
