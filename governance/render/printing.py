"""Run in a child by `governance.render.pdf`: lays a document out with WeasyPrint and answers the PDF's bytes."""

from __future__ import annotations

import gc
import json
import logging
from functools import cache
from typing import Any
from urllib.request import DataHandler, Request

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from governance.render.letters import drawable

_LONGEST_PICTURE = 4 * 1024 * 1024


class NothingOutside(URLFetcher):  # type: ignore[misc]
    """Answers addresses that hold their own content, and no others; unlike its parent it has no way to a network."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The content of a data address.

        Raises:
            ValueError: for every other address; WeasyPrint then leaves the picture out.
        """
        if not url.startswith("data:") or len(url) > _LONGEST_PICTURE:
            raise ValueError("only small pictures inside the document are shown")
        response = DataHandler().data_open(Request(url))  # noqa: S310 - a data address, checked above
        return URLFetcherResponse(url, response.read(), dict(response.headers.items()))


def answer(payload: bytes) -> bytes:
    """The PDF asked for by a JSON of `html`, `title`, `lang`, `made_at` and `styles`."""
    asked = json.loads(payload)
    gc.disable()  # a process that lives for one document; collecting costs a seventh of the time
    document = laid_out(asked["html"], asked["styles"])
    about = document.metadata
    about.title, about.lang, about.generator = asked["title"], asked["lang"], "Countersign"
    about.created = about.modified = asked["made_at"]
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


def laid_out(html: str, styles: list[str]) -> Document:
    """A document on its pages, loading nothing from outside."""
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fetcher, fonts, sheets = _furnished(tuple(styles))
    return HTML(string=drawable(html), url_fetcher=fetcher, base_url=None).render(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )


@cache
def _furnished(styles: tuple[str, ...]) -> tuple[NothingOutside, FontConfiguration, list[CSS]]:
    """What documents of one look have in common; our styles bring no fonts of their own."""
    fetcher, fonts = NothingOutside(allowed_protocols=["data"]), FontConfiguration()
    return fetcher, fonts, [CSS(string=style, url_fetcher=fetcher, font_config=fonts) for style in styles]
