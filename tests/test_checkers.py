"""The outside checkers do find faults: a checker that never complains proves nothing."""

from __future__ import annotations

from playwright.sync_api import Page
from weasyprint import HTML

from tests.checkers import axe_faults, html_faults, pdf_faults

PAGE = '<!DOCTYPE html><html lang="en"><head><title>Policies</title></head><body><h1>Policies</h1>{}</body></html>\n'


def test_a_page_is_told_its_faults_and_another_that_it_has_none() -> None:
    faults = html_faults({"good": PAGE.format("<p>Anti-bullying</p>"), "bad": PAGE.format("<p><div>Late</div></p>")})
    assert faults
    assert all(fault.startswith("bad:1:") for fault in faults)


def test_a_tagged_pdf_passes_and_a_plain_one_does_not() -> None:
    document = HTML(string=PAGE.format("<p>Anti-bullying</p>"))
    assert pdf_faults(document.write_pdf(pdf_variant="pdf/ua-1")) == []
    assert pdf_faults(document.write_pdf()) != []


def test_a_picture_without_words_is_a_fault() -> None:
    picture = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiLz4="
    document = HTML(string=PAGE.format(f'<p><img src="data:image/svg+xml;base64,{picture}"></p>'))
    assert any("FIGURE" in fault for fault in pdf_faults(document.write_pdf(pdf_variant="pdf/ua-1")))


def test_what_a_page_hides_from_some_is_found_each_time_it_is_looked_at(page: Page) -> None:
    page.set_content(PAGE.replace("<h1>", "<main><h1>").format('<p>Late</p><input type="text"></main>'))
    assert [fault.partition(":")[0] for fault in axe_faults(page)] == ["label"]
    page.evaluate("document.querySelector('input').remove()")
    assert axe_faults(page) == []
    page.evaluate("document.querySelector('p').style.color = '#eee'")
    assert [fault.partition(":")[0] for fault in axe_faults(page, levels=())] == ["color-contrast"]
