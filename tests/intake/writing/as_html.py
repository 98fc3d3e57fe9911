"""A described document as a web page, as a school's site or a word processor would save it."""

from __future__ import annotations

from html import escape
from itertools import groupby

from tests.intake.writing.described import Described, Part, contents, numbers, runs

_LISTS = {"bullet": "ul", "number": "ol"}


def html(document: Described) -> bytes:
    """The page's bytes."""
    return page(document, "body { font-family: sans-serif }").encode()


def page(document: Described, style: str, *, edges: bool = True) -> str:
    """The page as text. Its head and foot stand in `header` and `footer` when `edges`."""
    header = f"<header><p>{_words(document.header)}</p></header>" if edges and document.header else ""
    footer = f"<footer><p>{_words(document.footer)}</p></footer>" if edges and document.footer else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(document.name)}</title>'
        f"<style>{style}</style></head>\n<body>{header}\n<main>{_body(document)}</main>\n{footer}</body></html>\n"
    )


def _body(document: Described) -> str:
    numbered = list(zip(document.parts, numbers(document), strict=True))
    shown = []
    for kind, group in groupby(numbered, key=lambda pair: pair[0].kind):
        if kind in _LISTS:
            items = "".join(f"<li>{_words(part.text)}</li>" for part, _ in group)
            shown.append(f"<{_LISTS[kind]}>{items}</{_LISTS[kind]}>")
        else:
            shown.extend(_part(part, number, document) for part, number in group)
    return "\n".join(shown)


def _part(part: Part, number: str, document: Described) -> str:
    words = _words(f"{number} {part.text}".strip())
    if part.kind == "table":
        return _terms(part) if "terms" in document.layout and len(part.rows[0]) == 2 else _table(part)
    if part.kind == "contents":
        lines = "".join(
            f'<p class="toc"><span>{escape(text)}</span><b class="page">{page}</b></p>'
            for text, page in contents(document)
        )
        return f'<p class="contents">Contents</p>{lines}'
    if part.kind == "break":
        return '<div class="break"></div>'
    if part.kind == "box":
        return f'<div class="box"><p>{words.replace("//", "</p><p>")}</p></div>'
    tag = {"title": "h1", "heading": f"h{min(part.level + 1, 6)}"}.get(part.kind, "p")
    return f'<{tag} class="{part.kind}">{words}</{tag}>'


def _words(text: str) -> str:
    shown = "".join(f"<strong>{escape(piece)}</strong>" if bold else escape(piece) for piece, bold in runs(text))
    return shown.replace("→", '<span class="tab">&nbsp;&nbsp;&nbsp;&nbsp;</span>').replace("⏎", "<br>")


def _table(part: Part) -> str:
    rows = ""
    for place, row in enumerate(part.rows):
        tag = "th" if part.headed and place == 0 else "td"
        cells = "".join(
            f"<{tag}{_joined(part, place, column)}>{_words(cell).replace('//', '<br>')}</{tag}>"
            for column, cell in enumerate(row)
            if cell not in ("<", "^")
        )
        rows += f"<tr>{cells}</tr>"
    return f"<table>{rows}</table>"


def _terms(part: Part) -> str:
    """Labels and values as a list of terms."""
    return "<dl>" + "".join(f"<dt>{_words(term)}</dt><dd>{_words(said)}</dd>" for term, said in part.rows) + "</dl>"


def _joined(part: Part, row: int, column: int) -> str:
    wide = tall = 1
    while column + wide < len(part.rows[row]) and part.rows[row][column + wide] == "<":
        wide += 1
    while row + tall < len(part.rows) and part.rows[row + tall][column] == "^":
        tall += 1
    return (f' colspan="{wide}"' if wide > 1 else "") + (f' rowspan="{tall}"' if tall > 1 else "")
