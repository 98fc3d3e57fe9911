"""PDFs made in real children: accessible, the same every time, and blind to everything outside the document."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.child import ChildFailed, Limits, Reason
from governance.render.letters import REPLACEMENT, drawable
from governance.render.pdf import pdf
from tests.render.pdf_checks import attachments_of, failures, text_of

MADE_AT = dt.datetime(2026, 10, 1, 8, 12, tzinfo=dt.UTC)
SECRET = "SECRETOFANOTHERSCHOOL"


def document(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en-GB"><head><title>A test</title>{head}</head><body><h1>A test</h1>{body}</body></html>'


def made(body: str, head: str = "", limits: Limits | None = None) -> bytes:
    more = {"limits": limits} if limits else {}
    return pdf(document(body, head), title="A test", made_at=MADE_AT, part="The review pack", **more)  # type: ignore[arg-type]


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_a_pdf_is_tagged_titled_and_passes_the_checker() -> None:
    rows = "".join(f"<tr><td>Policy {n}</td><td>{n}</td></tr>" for n in range(90))
    printed = made(
        '<p>Read <a href="https://www.gov.uk/">the guidance</a>.</p><h2>Figures</h2><table><thead><tr>'
        f'<th scope="col">Policy</th><th scope="col">Read</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    assert failures(printed) == []
    sheets = text_of(printed)
    assert len(sheets) > 2
    assert all("Policy Read" in sheet for sheet in sheets[:-1]), "the head stands on every page"
    assert f"Page 2 of {len(sheets)}" in sheets[1]


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.render.test_pdf import made;"
        "sys.stdout.buffer.write(made('<p>Adopted on 12 September 2022.</p>'))"
    )
    root = Path(__file__).parents[2]
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=root).stdout
    assert elsewhere == made("<p>Adopted on 12 September 2022.</p>")


def test_another_instant_of_making_is_the_only_difference_it_makes() -> None:
    one = pdf(document(""), title="A test", made_at=MADE_AT)
    later = pdf(document(""), title="A test", made_at=MADE_AT + dt.timedelta(hours=1))
    assert one != later and text_of(one) == text_of(later)
    with pytest.raises(ValueError, match="time zone"):
        pdf(document(""), title="A test", made_at=dt.datetime(2026, 10, 1))


OUTSIDE = (
    '<img alt="x" src="{url}">',
    '<object data="{url}">x</object><embed src="{url}"><iframe src="{url}"></iframe>',
    '<p style="background: url({url}); content: url({url}); list-style-image: url({url})">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>',
    '<style>@import url("{url}"); p {{ background-image: url("{url}") }}</style><p>x</p>',
)
HEADS = (
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<base href="{url}"><link rel="stylesheet" href="x.css">',
)


def test_nothing_in_a_document_reaches_a_file(canary: Path) -> None:
    url = canary.as_uri()
    printed = made("".join(body.format(url=url) for body in OUTSIDE), "".join(head.format(url=url) for head in HEADS))
    assert SECRET.encode() not in printed
    assert SECRET not in "".join(text_of(printed))
    assert attachments_of(printed) == []


def test_nothing_in_a_document_reaches_a_listener(listener: socket.socket) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/canary"
    made("".join(body.format(url=url) for body in OUTSIDE), "".join(head.format(url=url) for head in HEADS))
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_picture_that_holds_others_does_not_lead_out_either(canary: Path) -> None:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='{canary.as_uri()}' width='9' height='9'/></svg>"
    printed = made(f'<img alt="x" src="data:image/svg+xml,{svg.replace("#", "%23")}">')
    assert SECRET.encode() not in printed


def test_a_document_that_brings_its_own_font_gets_no_folder_to_keep_it_in(canary: Path) -> None:
    with pytest.raises(ChildFailed, match="The review pack could not be finished"):
        made(
            "",
            f'<style>@font-face {{ font-family: Odd; src: url("{canary.as_uri()}") }} p {{ font-family: Odd }}</style>',
        )


def test_a_document_without_end_is_stopped_and_named() -> None:
    rows = "<tr><td>a</td><td>b</td></tr>" * 200_000
    with pytest.raises(ChildFailed, match="The review pack took longer than 3 seconds") as failed:
        made(f"<table>{rows}</table>", limits=Limits(seconds=3, memory_mb=1024))
    assert failed.value.reason is Reason.TOO_LONG


def test_a_document_too_large_for_the_memory_is_stopped_and_named() -> None:
    with pytest.raises(ChildFailed, match="The review pack needed more than 260 MB") as failed:
        made("<p>" + "<b>x</b>" * 60_000, limits=Limits(seconds=60, memory_mb=260))
    assert failed.value.reason is Reason.NO_MEMORY


def test_nesting_without_end_fails_that_document_alone() -> None:
    with pytest.raises(ChildFailed):
        made("<div>" * 20_000, limits=Limits(seconds=5))
    assert failures(made("<p>The next one is fine.</p>")) == []


def test_names_of_all_the_worlds_letters_keep_the_document_accessible() -> None:
    printed = made("<p>O’Neill, Ní Bhriain, Łukasz, 李, مرحبا, &#x1F9D1;, \U000f0000, \ue000, \x01end</p>")
    assert failures(printed) == []
    assert "Ní Bhriain" in text_of(printed)[0]


def test_a_letter_nothing_can_draw_is_shown_as_one() -> None:
    assert drawable("<p>a\ue000b&#57344;c&#xe000;</p>\x00", lambda letter: letter == "\ue000") == (
        f"<p>a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}</p>"
    )
    assert drawable("<p>李</p>", lambda letter: True) == "<p>?</p>"
    assert drawable("<p>Ní</p>", lambda letter: True) == "<p>Ní</p>"
