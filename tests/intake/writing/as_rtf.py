"""A described document as Rich Text, as Word and WordPad save it."""

from __future__ import annotations

from tests.intake.writing.described import Described, Part, contents, numbers, runs

_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\deflang2057{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset0 Times New Roman;}}"
    "\n"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\outlinelevel1 heading 2;}"
    r"{\s15 Title;}}{\*\generator Riched20 10.0;}{\info{\title Document}{\author Office}}"
    "\n"
)
_SIGNS = {"→": r"\tab ", "⏎": r"\line "}


def rtf(document: Described) -> bytes:
    """The file's bytes, all ASCII."""
    edges = rf"{{\header \pard\qc {_words(document.header)}\par}}" if document.header else ""
    edges += rf"{{\footer \pard {_words(document.footer)}\par}}" if document.footer else ""
    parts = zip(document.parts, numbers(document), strict=True)
    body = "\n".join(_part(part, number, document) for part, number in parts)
    return f"{_HEAD}{edges}\n{body}\n}}".encode("ascii")


def _part(part: Part, number: str, document: Described) -> str:
    if part.kind == "table":
        return "\n".join(_row(row) for row in part.rows) + r"\pard"
    if part.kind == "contents":
        lines = "\n".join(rf"\pard\tqr\tldot\tx9000 {_words(line)}\tab {page}\par" for line, page in contents(document))
        return r"\pard Contents\par" + "\n" + lines
    if part.kind == "break":
        return r"\page"
    if part.kind == "box":
        return "\n".join(rf"\pard\brdrt\brdrs {_words(line)}\par" for line in part.text.split("//"))
    if part.kind == "bullet":
        return rf"\pard{{\listtext\'b7\tab}}\fi-360\li720 {_words(part.text)}\par"
    if part.kind == "number":
        return rf"\pard{{\listtext {number}\tab}}\fi-360\li720 {_words(part.text)}\par"
    style = {"title": r"\s15\qc\b\fs40 ", "cover": r"\qc ", "heading": rf"\s{part.level}\b "}.get(part.kind, " ")
    closed = r"\b0" if r"\b" in style else ""
    return rf"\pard\plain{style}{_words(f'{number} {part.text}'.strip())}{closed}\par"


def _row(row: tuple[str, ...]) -> str:
    kept = ["" if cell in ("<", "^") else cell for cell in row]
    edges = "".join(rf"{_merge(cell)}\cellx{2400 * place}" for place, cell in enumerate(row, 1))
    cells = "".join(rf"{_words(cell).replace('//', chr(92) + 'line ')}\cell " for cell in kept)
    return rf"\trowd\trgaph108{edges}\pard\intbl {cells}\row"


def _merge(cell: str) -> str:
    return {"<": r"\clmrg", "^": r"\clvmrg"}.get(cell, "")


def _words(text: str) -> str:
    return "".join(rf"{{\b {_escaped(piece)}}}" if bold else _escaped(piece) for piece, bold in runs(text))


def _escaped(text: str) -> str:
    shown = ""
    for character in text:
        if character in "\\{}":
            shown += "\\" + character
        elif character in _SIGNS:
            shown += _SIGNS[character]
        elif ord(character) < 128:
            shown += character
        else:
            shown += _beyond_ascii(character)
    return shown


def _beyond_ascii(character: str) -> str:
    try:
        return rf"\'{character.encode('cp1252')[0]:02x}"
    except UnicodeEncodeError:
        return rf"\u{ord(character)}?"
