"""./dev bench intake: how well facts are detected in the labelled documents, a field a line, and how long it takes.

Then a folder of forty documents of ten pages, read as a school's is: in children, by a program that should not grow.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from weasyprint import HTML

from governance.extract.examine import examine_here
from governance.extract.guesses import as_json
from governance.intake.reading_in import examined_each
from tests.extract.making import docx, paragraph
from tests.intake.scoring import CONFIDENT, Score, Tally
from tests.intake.writing.made import made_in

FILES, AT_ONCE = 40, 10


def main() -> None:
    """Measure and print."""
    score = Score()
    spent: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="countersign-intake-") as folder:
        for document, path in made_in(Path(folder)):
            data = path.read_bytes()
            started = time.perf_counter()
            found = as_json(examine_here(path.name, data).guesses)
            spent[document.format].append(1000 * (time.perf_counter() - started))
            score.mark(path.name, document.labels, found)
    _say_score(score)
    _say_times(spent)
    for miss in score.misses:
        print(miss)
    _say_folder()


def _say_score(score: Score) -> None:
    print(f"{'field':26}{'right':>6}{'wrong':>6}{'missing':>8}{'precision':>10}{'recall':>8}{'F1':>8}")
    for name, tally in [*score.fields.items(), ("all", score.overall)]:
        print(_row(name, tally))
    print(
        f"given with confidence >= {CONFIDENT}: {score.confident.total()} values, {score.confident_right:.2%} right\n"
    )


def _row(name: str, tally: Tally) -> str:
    counts = f"{tally.right:6}{tally.wrong:6}{tally.missing:8}"
    return f"{name:26}{counts}{tally.precision:10.3f}{tally.recall:8.3f}{tally.f1:8.3f}"


def _say_times(spent: dict[str, list[float]]) -> None:
    whole = [one for times in spent.values() for one in times]
    print(f"{len(whole)} documents, {sum(whole) / len(whole):.1f} ms a document, the slowest {max(whole):.0f} ms")
    for form, times in sorted(spent.items()):
        print(f"    {form:6}{len(times):4} documents {sum(times) / len(times):8.1f} ms a document")
    print()


def _say_folder() -> None:
    files = [(f"policy-{number}.{form}", data) for form, data in ten_pages().items() for number in range(FILES // 2)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    for at in range(0, len(files), AT_ONCE):
        found = examined_each(files[at : at + AT_ONCE])
        assert not any(isinstance(one, str) for one in found), found
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{FILES} documents of ten pages: {time.perf_counter() - started:.1f} s, the program grew by {grown:.0f} MB")


def ten_pages() -> dict[str, bytes]:
    """A document of ten pages as PDF and as a Word file."""
    sentence = (
        "Every adult in the school keeps to this policy and tells the office when something in it no longer holds. "
    )
    sections = [(f"{number}. Section {number}", [sentence * 4] * 3) for number in range(1, 21)]
    html = "".join(f"<h2>{head}</h2>{''.join(f'<p>{text}</p>' for text in texts)}" for head, texts in sections)
    body = "".join(paragraph(head) + "".join(map(paragraph, texts)) for head, texts in sections)
    pdf: bytes = HTML(string=f"<h1>Lettings Policy</h1>{html}").write_pdf()
    return {"pdf": pdf, "docx": docx(paragraph("Lettings Policy") + body)}


if __name__ == "__main__":
    main()
