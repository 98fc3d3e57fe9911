"""Promise 9: reading a document opens no socket and no file, whatever it points at. One that listens, and one that lies there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from weasyprint import HTML

from governance.extract.door import examine
from governance.extract.examined import as_answer
from tests.extract import making, making_other

SECRET = "the canary sings at noon"


class Listener:
    """Listens on loopback and counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/canary.png"

    def was_called(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


def documents(url: str, file: str) -> dict[str, bytes]:
    """A document of each format that points at an address and at a file in every way its format knows."""
    html = (
        f'<html><head><link rel="stylesheet" href="{url}"><base href="{url}"></head><body><h1>Uniform Policy</h1>'
        f'<img src="{url}"><img src="{file}"><iframe src="{file}"></iframe><object data="{url}"></object>'
        f'<p style="background:url({url})">Ties are worn.</p><a href="{url}">see</a></body></html>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="x/image" Target="{url}" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="x/attachedTemplate" Target="{file}" TargetMode="External"/></Relationships>'
    )
    rtf = (
        r"{\rtf1\ansi Uniform Policy\par {\field{\*\fldinst INCLUDEPICTURE "
        f'"{url}"'
        r"}{\fldrslt }}{\field{\*\fldinst INCLUDETEXT "
        f'"{file}"'
        r"}{\fldrslt }} Ties are worn.\par}"
    )
    pdf: bytes = HTML(string=f'<h1>Uniform Policy</h1><p>Ties are worn. <a href="{url}">see</a></p>').write_pdf()
    return {
        "uniform.html": html.encode(),
        "uniform.docx": making.docx(making.paragraph("Uniform Policy"), **{"word/_rels/document.xml.rels": relations}),
        "uniform.rtf": rtf.encode(),
        "uniform.odt": opendocument(url, file),
        "uniform.md": f"# Uniform Policy\n\n![see]({url}) ![see]({file})\n\n[see]({file})\n".encode(),
        "uniform.pdf": pdf,
    }


def opendocument(url: str, file: str) -> bytes:
    """Pictures, objects, linked sections, links, a background and a template, here and elsewhere."""
    body = (
        f'<text:p>Uniform Policy<draw:frame><draw:image xlink:href="{url}"/><draw:image xlink:href="{file}"/></draw:frame>'
        f'<draw:frame><draw:object xlink:href="{file}"/><draw:plugin xlink:href="{url}"/></draw:frame></text:p>'
        f'<text:section text:name="S"><text:section-source xlink:href="{url}"/><text:p>Ties are worn.</text:p></text:section>'
        f'<text:section text:name="T"><text:section-source xlink:href="{file}" text:section-name="All"/></text:section>'
        f'<text:p><text:a xlink:href="{url}">see</text:a> <text:a xlink:href="{file}">this</text:a></text:p>'
    )
    background = f'<style:style style:name="P1" style:family="paragraph"><style:background-image xlink:href="{url}"/></style:style>'
    template = (
        '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><office:meta>'
        f'<meta:template xlink:href="{url}"/><meta:template xlink:href="{file}"/><meta:auto-reload xlink:href="{url}"/>'
        "</office:meta></office:document-meta>"
    )
    return making_other.odt(body, background, **{"meta.xml": template})


@pytest.mark.parametrize(
    "name", ["uniform.html", "uniform.docx", "uniform.odt", "uniform.rtf", "uniform.md", "uniform.pdf"]
)
def test_promise_9_a_document_is_read_without_reaching_out(name: str, listener: Listener, tmp_path: Path) -> None:
    secret = tmp_path / "canary.txt"
    secret.write_text(SECRET, encoding="utf-8")
    examined = examine(name, documents(listener.address, secret.as_uri())[name])
    assert examined.clauses
    assert not listener.was_called()
    assert SECRET.encode() not in as_answer(examined)
