"""The words of one paragraph of an OpenDocument text: its spans, links, notes, and the text boxes anchored in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from governance.extract.clauses import Segment
from governance.extract.odt_styles import DRAW, OFFICE, PLAIN, TEXT, XLINK, Look
from governance.extract.paragraphs import DEEPEST
from governance.extract.unreadable import UnreadableDocument

_SIGNS = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
_SKIPPED = {
    *(f"{TEXT}{name}" for name in ("note-citation", "number", "ruby-text", "script", "hidden-text", "tracked-changes")),
    *(f"{OFFICE}{name}" for name in ("annotation", "annotation-end", "event-listeners")),
}


@dataclass
class Words:
    """What a paragraph holds; "\\n" in a segment is a line broken by hand. `largest` are its largest letters in points."""

    segments: list[Segment] = field(default_factory=list)
    boxes: list[ElementTree.Element] = field(default_factory=list)
    largest: float = 0.0

    def say(self, text: str, like: _Set) -> None:
        """Words more."""
        self.segments.append(replace(like.words, text=text))
        if text.strip():
            self.largest = max(self.largest, like.size)


@dataclass(frozen=True)
class _Set:
    """How words are set: `words` without any text, and `size` in points."""

    words: Segment
    size: float


@dataclass(frozen=True)
class Runs:
    """Reads paragraphs by the document's styles; `too_deep` is the sentence for spans nested beyond reason."""

    looks: Mapping[tuple[str, str], Look]
    too_deep: str

    def read(self, paragraph: ElementTree.Element, look: Look | None) -> Words:
        """A paragraph's words. `look` is that of its style."""
        found = Words()
        if look is None or not look.hidden:
            words = Segment("", bool(look and look.strong), bool(look and look.em))
            usual = self.looks[PLAIN].size or 0.0
            self._walk(paragraph, _Set(words, look.sized(usual) if look else usual), found, 0)
        return found

    def _walk(self, element: ElementTree.Element, like: _Set, found: Words, depth: int) -> None:
        if depth > DEEPEST:
            raise UnreadableDocument(self.too_deep)
        found.say(_one_line(element.text), like)
        for child in element:
            if child.tag in _SIGNS:
                found.say(_SIGNS[child.tag], like)
            elif child.tag.startswith(DRAW):
                found.boxes.append(child)
            elif child.tag == f"{TEXT}note":
                self._note(child, like, found, depth)
            elif child.tag not in _SKIPPED:
                inner = self._inner(child, like)
                if inner is not None:
                    self._walk(child, inner, found, depth + 1)
            found.say(_one_line(child.tail), like)

    def _inner(self, child: ElementTree.Element, like: _Set) -> _Set | None:
        """How the words in a child are set; None when they are hidden."""
        if child.tag == f"{TEXT}a":
            return replace(like, words=replace(like.words, href=child.get(f"{XLINK}href")))
        look = self.looks.get(("text", child.get(f"{TEXT}style-name", ""))) or Look()
        if look.hidden:
            return None
        words = replace(
            like.words,
            strong=like.words.strong if look.strong is None else look.strong,
            em=like.words.em if look.em is None else look.em,
        )
        return _Set(words, look.sized(like.size))

    def _note(self, note: ElementTree.Element, like: _Set, found: Words, depth: int) -> None:
        """A footnote stands in square brackets where its figure stood."""
        said = Words()
        for paragraph in note.findall(f"{TEXT}note-body/{TEXT}p"):
            self._walk(paragraph, like, said, depth + 1)
            said.say(" ", like)
        words = "".join(one.text for one in said.segments).strip()
        if words:
            found.say(f" [{' '.join(words.split())}]", like)


def _one_line(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\t", " ")
