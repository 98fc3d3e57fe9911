"""A document described once, in a small notation, with what a careful reader would note of it.

A description begins with its labels, one a line ("adopted_on: 2024-03-12", "-" for not stated, ";" between several), and
a line of three dashes. Of a .md or .txt the rest is the document itself. Of the others it is lines of this notation:

    = Title      ^ line of the cover      # Heading, ## deeper      - bullet      + item numbered by the program
    § clause numbered by the program      [box] text box      [contents]      [break]      @name, a passage from passages.txt
    [header] and [footer] stand on every page; in Word they are a table where they have "|"
    | cell | cell | is a row; |! a head row; "<" joins the cell on the left, "^" the one above; "//" is a new line in a cell
    **bold**     "→" a tab     "⏎" a new line in a paragraph
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "labelled"
SINGLE = (
    "title",
    "version_label",
    "adopted_on",
    "adopted_by",
    "last_reviewed_on",
    "next_review_on",
    "review_frequency_months",
    "owner",
)
SEVERAL = ("related_policies", "audience", "legislation")
WHOLE_TEXT = ("md", "txt")
_MARKS = {"=": "title", "^": "cover", "-": "bullet", "+": "number", "§": "clause"}


@dataclass(frozen=True)
class Part:
    """One paragraph or table. `kind` is title, cover, heading, paragraph, bullet, number, clause, table, box, contents
    or break; a heading has a `level` from 1, a table `rows`, of which the first is the heads when `headed`."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    headed: bool = False


@dataclass(frozen=True)
class Described:
    """A document and its labels; `layout` holds words that the writers know, such as "serif" and "numbered"."""

    name: str
    format: str
    layout: frozenset[str]
    labels: dict[str, Any]
    text: str
    parts: tuple[Part, ...]
    header: str
    footer: str

    @property
    def filename(self) -> str:
        return f"{self.name}.{self.format}"


def described() -> list[Described]:
    """Every document of the labelled set, by format and name."""
    return [_described(path) for path in sorted(FOLDER.glob("*/*")) if path.is_file()]


def _described(path: Path) -> Described:
    head, text = path.read_text(encoding="utf-8").split("\n---\n", 1)
    noted = dict(re.split(r":\s*", line, maxsplit=1) for line in head.splitlines())
    layout = frozenset(noted.pop("layout", "").split())
    form = path.parent.name
    parts, header, footer = ((), "", "") if form in WHOLE_TEXT else _parts(_with_passages(text))
    return Described(path.stem, form, layout, _labels(noted), text, parts, header, footer)


def _labels(noted: dict[str, str]) -> dict[str, Any]:
    labels: dict[str, Any] = {}
    for name, said in noted.items():
        if name in SEVERAL:
            labels[name] = [] if said == "-" else [one.strip() for one in said.split(";")]
        else:
            labels[name] = None if said == "-" else said
    if labels.get("review_frequency_months"):
        labels["review_frequency_months"] = int(labels["review_frequency_months"])
    return labels


@cache
def _passages() -> dict[str, str]:
    text = (FOLDER / "passages.txt").read_text(encoding="utf-8")
    return dict(part.split("\n", 1) for part in text.split("\n@@ ")[1:])


def _with_passages(text: str) -> str:
    return re.sub(r"(?m)^@(\w+)$", lambda match: _passages()[match[1]].strip(), text)


def _parts(text: str) -> tuple[tuple[Part, ...], str, str]:
    parts: list[Part] = []
    around = {"header": "", "footer": ""}
    rows: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            parts.append(_table(rows))
            rows = []
        edge = re.match(r"\[(header|footer)\] (.*)", line)
        if edge:
            around[edge[1]] = edge[2]
        elif line.strip():
            parts.append(_part(line))
    return tuple(parts), around["header"], around["footer"]


def _part(line: str) -> Part:
    alone = re.fullmatch(r"\[(contents|break)\]", line)
    if alone:
        return Part(alone[1])
    if line.startswith("[box] "):
        return Part("box", line[6:])
    heading = re.match(r"(#+) (.*)", line)
    if heading:
        return Part("heading", heading[2], len(heading[1]))
    if line[:1] in _MARKS and line[1:2] == " ":
        return Part(_MARKS[line[0]], line[2:])
    return Part("paragraph", line)


def _table(lines: list[str]) -> Part:
    headed = lines[0].startswith("|!")
    rows = [re.sub(r"^\|!?|\|\s*$", "", line).split("|") for line in lines]
    return Part("table", rows=tuple(tuple(cell.strip() for cell in row) for row in rows), headed=headed)


def numbers(document: Described) -> list[str]:
    """The number before each part, as a program would print it; empty where there is none."""
    heading = clause = item = 0
    found = []
    for part in document.parts:
        item = item + 1 if part.kind == "number" else 0
        if part.kind == "heading" and part.level == 1:
            heading, clause = heading + 1, 0
        clause += part.kind == "clause"
        found.append(_number(part, "numbered" in document.layout, heading, clause, item))
    return found


def _number(part: Part, numbered: bool, heading: int, clause: int, item: int) -> str:
    if part.kind == "heading" and part.level == 1 and numbered:
        return f"{heading}."
    return {"clause": f"{heading}.{clause}", "number": f"{item}."}.get(part.kind, "")


def contents(document: Described) -> list[tuple[str, int]]:
    """The lines of a contents page and their pages."""
    found: list[tuple[str, int]] = []
    for part, number in zip(document.parts, numbers(document), strict=True):
        if part.kind == "heading" and part.level == 1:
            found.append((f"{number} {part.text}".strip(), 2 + len(found) // 2))
    return found


def runs(text: str) -> list[tuple[str, bool]]:
    """A text's pieces, and whether each is bold."""
    return [(piece, bool(place % 2)) for place, piece in enumerate(text.split("**")) if piece]
