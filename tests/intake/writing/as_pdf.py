"""A described document as a PDF, in the looks that schools' PDFs have."""

from __future__ import annotations

from weasyprint import HTML

from tests.intake.writing.as_html import page
from tests.intake.writing.described import Described

_STYLE = """
body { font: 11pt/1.35 "Liberation Sans", sans-serif } h1 { font-size: 22pt } h2 { font-size: 14pt } h3 { font-size: 12pt }
table { width: 100%; border-collapse: collapse; margin: 8pt 0 } td, th { padding: 3pt 6pt; text-align: left; vertical-align: top }
.box { border: 1pt solid; padding: 6pt; margin: 6pt 0 } .break { break-after: page } .tab { display: inline-block; width: 2em }
.toc { margin: 2pt 0 } .toc span::after { content: leader(".") } .page { font-weight: normal }
"""
_LOOKS = {
    "serif": 'body { font-family: "Liberation Serif", serif }',
    "ruled": "td, th { border: 0.5pt solid #444 }",
    "shaded": "th, td:first-child { background: #dde } td, th { border-bottom: 0.5pt solid #99a }",
    "cover": ".title { margin-top: 180pt; text-align: center } .cover { text-align: center }",
    "narrow": "table { width: 60% } td:first-child { width: 45% }",
    "small": "body { font-size: 9pt } h2 { font-size: 10pt } h1 { font-size: 13pt }",
    "justified": "p, li { text-align: justify; hyphens: auto }",
}


def pdf(document: Described) -> bytes:
    """The file's bytes."""
    edges = f"""@page {{ size: A4; margin: 22mm 20mm;
        @top-center {{ content: {_quoted(document.header)}; font-size: 8pt }}
        @bottom-left {{ content: {_quoted(document.footer)}; font-size: 8pt }}
        @bottom-right {{ content: "Page " counter(page) " of " counter(pages); font-size: 8pt }} }}"""
    looks = "\n".join(_LOOKS[word] for word in sorted(document.layout & _LOOKS.keys()))
    data = HTML(string=page(document, f"{_STYLE}\n{edges}\n{looks}", edges=False)).write_pdf()
    assert isinstance(data, bytes)
    return data


def _quoted(text: str) -> str:
    return '"' + text.replace("→", "   ").replace('"', "'") + '"'
