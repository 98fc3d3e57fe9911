"""What ./dev sets up beside the code: GOV.UK Frontend without what only GOV.UK may use."""

from __future__ import annotations

import pytest

from tests.house.tree import ROOT, files, name_of

VENDOR = ROOT / "governance" / "web" / "static" / "vendor"


def test_the_style_sheet_holds_no_typeface_or_crest_of_gov_uk() -> None:
    css = (VENDOR / "govuk-frontend.min.css").read_text(encoding="utf-8")
    assert len(css) > 100_000
    for theirs in ("GDS", "@font-face", "crest.svg", "url(/", "url(http", "sourceMappingURL"):
        assert theirs not in css
    assert "font-family:arial,sans-serif" in css


def test_only_the_style_sheet_and_the_script_are_kept() -> None:
    kept = {path.name for path in VENDOR.iterdir() if not path.name.startswith(".")}
    assert kept == {"govuk-frontend.min.css", "govuk-frontend.min.js"}


@pytest.mark.parametrize("suffix", [".css", ".js", ".html", ".jinja"])
def test_no_page_or_style_of_ours_loads_from_another_site(suffix: str) -> None:
    loads = ('src="http', "src='http", 'src="//', "url(http", "url(//", "@import", 'rel="stylesheet" href="http')
    found = [
        f"{name_of(path)}: {what}"
        for folder in ("templates", "governance")
        for path in files(suffix, under=folder)
        for what in loads
        if what in path.read_text(encoding="utf-8")
    ]
    assert found == []
