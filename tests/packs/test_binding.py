"""A pack bound of parts: to a reader the same as one printed at once, and no part is printed twice."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Dictionary, Pdf
from PIL import Image, ImageChops
from pypdf import PdfReader

from governance.child import ChildFailed, Limits, Reason
from governance.packs import printing
from governance.packs.printing import Memory, printed
from governance.packs.values import Pack, Related, Size
from governance.render.press import Printed
from tests.checkers import pdf_faults
from tests.packs import oakfield, single_shot
from tests.packs.anatomy import Anatomy, anatomy
from tests.render.pdf_checks import failures, links_of, text_of


def believable(size: Size = Size.FULL) -> Pack:
    """Three policies, of which one names another; without texts their pages' addresses, as they are gathered."""
    media = oakfield.social_media()
    named = Related("Child Protection and Safeguarding Policy", "In force since 9 October 2025", reference="SG-01")
    media = replace(media, related=(*media.related, named))
    if size is Size.SHORT:
        media = replace(media, clauses=(), address="https://countersign.example/oakfield/policies/hr-07")
    return oakfield.pack(items=(oakfield.child_protection(), media, oakfield.outside_guidance()), size=size)


class Counting(Memory):
    """A shelf that remembers what was printed for it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = 0

    def keep(self, key: str, printed: Printed) -> None:
        """Keep a part, and count it."""
        self.kept += 1
        super().keep(key, printed)


SHELF = Counting()


@cache
def bound(size: Size = Size.FULL) -> bytes:
    return printed(believable(size), SHELF)


@cache
def at_once() -> bytes:
    return single_shot.pdf(believable())


@cache
def taken_apart() -> tuple[Anatomy, Anatomy]:
    return anatomy(bound()), anatomy(at_once())


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_has_the_same_tags_words_and_pictures_in_the_same_order() -> None:
    ours, other = taken_apart()
    assert ours.tags == other.tags
    assert {tag for _, tag, *_ in ours.tags} >= {
        "/H1",
        "/H2",
        "/H3",
        "/H4",
        "/Link",
        "/Figure",
        "/Table",
        "/TH",
        "/TD",
        "/L",
    }


def test_it_has_the_same_bookmarks_at_the_same_depth_and_page() -> None:
    ours, other = taken_apart()
    assert ours.bookmarks == other.bookmarks
    assert {depth for depth, *_ in ours.bookmarks} == {0, 1, 2}


def test_its_links_are_tagged_and_lead_to_the_same_pages() -> None:
    ours, other = taken_apart()
    assert ours.links == other.links
    [page] = {place for place, said, _ in ours.links if said == "2. Social Media Policy"}
    [begins] = {leads for _, said, leads in ours.links if said == "2. Social Media Policy"}
    assert (page, begins) == (2, 4)
    leading = {place for place, said, leads in ours.links if leads == 3 and place > 3}
    assert leading == {4, ours.pages - 1}, "from one policy to the other, which it names, and from the appendix"


def test_it_has_the_same_pages_with_the_same_words_and_numbers() -> None:
    ours, other = taken_apart()
    assert (ours.pages, ours.words, ours.numbers) == (other.pages, other.words, other.numbers)
    assert ours.numbers == [[], *([f"Page {number} of {ours.pages}"] for number in range(2, ours.pages + 1))]


def test_its_pages_look_the_same(tmp_path: Path) -> None:
    for ours, other in zip(pictures(bound(), tmp_path / "a"), pictures(at_once(), tmp_path / "b"), strict=True):
        assert ImageChops.difference(ours, other).getbbox() is None


def pictures(content: bytes, stem: Path) -> list[Image.Image]:
    stem.with_suffix(".pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "40", "-gray", "-png", stem.with_suffix(".pdf"), stem], check=True)
    return [Image.open(file) for file in sorted(stem.parent.glob(f"{stem.name}-*.png"))]


@pytest.mark.parametrize("size", list(Size))
def test_every_kind_of_pack_is_sound_and_accessible(size: Size, tmp_path: Path) -> None:
    documents = members(bound(size)) if size is Size.SEPARATE else {"pack.pdf": bound(size)}
    for name, content in documents.items():
        assert failures(content) == pdf_faults(content) == []
        file = tmp_path / name
        file.write_bytes(content)
        checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert marks_of_heads(content), name


def marks_of_heads(content: bytes) -> set[str]:
    """The marks of all table heads, none of which two may share, and that cells name no other."""
    with Pdf.open(BytesIO(content)) as pdf:
        cells = [one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/S", None) in ("/TH", "/TD")]
        marks = [str(cell.ID) for cell in cells if "/ID" in cell]
        named = {str(head) for cell in cells for head in cell.A.get("/Headers", ())}
    assert len(marks) == len(set(marks))
    assert named <= set(marks)
    return named


def test_separate_documents_are_whole_each_with_its_own_pages() -> None:
    held = members(bound(Size.SEPARATE))
    names = [
        "01 Child Protection and Safeguarding Policy",
        "02 Social Media Policy",
        "03 Keeping Children Safe in Education",
        "04 Appendix late reviews and reading coverage",
    ]
    assert list(held) == [f"{name}.pdf" for name in names]
    said = text_of(held[f"{names[1]}.pdf"])
    assert all(f"Page {number} of {len(said)}" in page for number, page in enumerate(said, start=1))
    assert "Policy review pack: Full Governing Body, 15 October 2026" in said[0]
    assert (
        PdfReader(BytesIO(held[f"{names[1]}.pdf"])).metadata["/Title"] == "Social Media Policy, Oakfield Primary School"
    )  # type: ignore[index]
    assert links_of(held[f"{names[1]}.pdf"]) == {"https://www.gov.uk/government/publications/teachers-standards"}


def test_a_short_pack_says_where_the_text_is_read_and_lists_them() -> None:
    said = text_of(bound(Size.SHORT))
    address = "https://countersign.example/oakfield/policies/hr-07"
    assert links_of(bound(Size.SHORT)) == {address}
    assert "the text of version" in " ".join(said) and "Everything shared" not in " ".join(said)
    assert "Where the texts are" in said[-1] and "Social Media Policy" in said[-1]


@pytest.mark.parametrize("size", [Size.FULL, Size.SEPARATE])
def test_the_same_values_give_the_same_bytes_whatever_was_printed_before(size: Size) -> None:
    assert printed(believable(size)) == bound(size)


def test_a_changed_policy_costs_its_part_and_the_contents_where_they_say_so() -> None:
    pack = believable()
    before, count = bound(), SHELF.kept
    assert printed(pack, SHELF) == before and SHELF.kept == count, "nothing changed and something was printed"
    first, *others = pack.items
    note = replace(pack, items=(replace(first, what_changed="Contacts are brought up to date."), *others))
    assert "Contacts are brought up to date." in " ".join(text_of(printed(note, SHELF)))
    assert SHELF.kept == count + 1, "its part alone: the contents do not say what changed"
    title = replace(pack, items=(replace(first, title="Safeguarding Policy"), *others))
    assert "1. Safeguarding Policy" in text_of(printed(title, SHELF))[1]
    assert SHELF.kept == count + 3, "its part and the contents"


@pytest.mark.parametrize("guess", [1, 9])
def test_contents_of_any_length_come_to_rest_on_the_right_numbers(guess: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = replace(oakfield.outside_guidance(), groups=())
    many = oakfield.pack(items=tuple(replace(bare, title=f"Guidance {n}", reference=f"G-{n}") for n in range(1, 31)))
    monkeypatch.setattr(printing, "likely_contents", lambda pack: guess)
    made = anatomy(printed(many, SHELF))
    leads = {said: page for place, said, page in made.links if place == 2}
    numbered = [(said, page) for said, page in leads.items() if said.isdigit()]
    assert len(numbered) > 20 and all(int(said) == page for said, page in numbered)
    assert ("About this pack", made.pages) in [mark[1:] for mark in made.bookmarks]


def endless(title: str) -> Pack:
    """A pack of which the second policy holds more than can be laid out in time."""
    first, media, last = believable().items
    return replace(believable(), items=(first, replace(media, title=title, what_changed="<b>& " * 900_000), last))


def children() -> set[str]:
    """The processes that this one has begun and that are still there; a run of the tests may have some of its own."""
    return {one for each in Path("/proc/self/task").glob("*/children") for one in each.read_text().split()}


def test_a_part_that_breaks_a_limit_is_named_and_the_others_stay_printed() -> None:
    shelf, before = Counting(), children()
    with pytest.raises(ChildFailed) as failed:
        printed(endless("Behaviour policy"), shelf, limits=Limits(seconds=8, memory_mb=1024, file_mb=8))
    assert failed.value.reason in (Reason.TOO_LONG, Reason.NO_MEMORY)
    assert str(failed.value).startswith("Part 2, Behaviour policy, could not be printed: it ")
    assert shelf.kept > 0
    assert children() <= before, "no child outlives it"
    assert printed(believable()) == bound(), "another pack is none the worse"
