"""One report, the same figures in every format; each format fit for its use."""

from __future__ import annotations

import datetime as dt
import io
import json as standard
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from lxml import html as lxml_html

from governance.errors import Refusal
from governance.reports.formats import pages
from governance.reports.formats.csv import csv
from governance.reports.formats.json import json
from governance.reports.formats.pages import html, pdf
from governance.reports.formats.xlsx import xlsx
from governance.reports.report import Report
from tests.render.pdf_checks import failures, text_of
from tests.reports.figures import COLUMNS, DANGEROUS, ROWS, TOTALS, dangerous, report

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def workbook(made: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made))


def sheets_xml(made: bytes) -> list[etree._Element]:
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        return [etree.fromstring(book.read(name)) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]


def test_json_has_the_shape_that_programs_rely_on() -> None:
    shape = standard.loads(json(report()))
    assert list(shape) == ["title", "as_of", "columns", "rows", "totals"]
    assert shape["as_of"] == "2026-10-12" and shape["totals"] == TOTALS
    assert shape["columns"] == [column.key for column in COLUMNS]
    assert shape["rows"][0] == ["S001", "Tess Ní Bhriain", "Social Media Policy", "2026-09-28", "2022-09-12", 14, 79]
    assert shape["rows"][2][3:] == [None, "not recorded", 0, None]


def test_a_workbook_has_real_dates_and_figures_and_keeps_leading_noughts() -> None:
    sheet = workbook(xlsx(report()))["Report"]
    first, second = list(sheet.iter_rows(min_row=2, max_row=3, values_only=True))
    assert first[3] == dt.datetime(2026, 9, 28) and first[5] == 14
    assert second[0] == "0042" and second[4] == "September 2022"
    assert sheet["F5"].value == 1_204


def test_a_workbook_is_ready_to_read_filter_and_print() -> None:
    book = workbook(xlsx(report()))
    sheet = book["Report"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:G5" and sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0
    assert all(8 <= sheet.column_dimensions[letter].width <= 50 for letter in "ABCDEFG")
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Report"] == "Reading overdue" and about["As of"] == "12 October 2026" and about["Rows"] == 4
    assert about["People"] == 4 and about["Late"] == 3
    assert book.sheetnames == ["Report", "About"]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    made = xlsx(dangerous())
    for sheet in sheets_xml(made):
        assert not list(sheet.iter(f"{SHEET}f")), "a formula"
        assert not list(sheet.iter(f"{SHEET}hyperlink")), "a link"
    cells = [row[0] for row in workbook(made)["Report"].iter_rows(min_row=2, values_only=True)]
    assert [str(cell).replace("_x000D_", "\r") for cell in cells] == list(DANGEROUS), (
        "_x000D_ is how XML keeps a return"
    )


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice Calc")
def test_a_spreadsheet_program_recalculates_and_finds_nothing_to_evaluate(tmp_path: Path) -> None:
    source = tmp_path / "report.xlsx"
    source.write_bytes(xlsx(dangerous()))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    told = (tmp_path / "report.fods").read_text(encoding="utf-8")
    assert "table:formula" not in told and "<text:a" not in told
    assert told.count("=1+1") >= 4 and "cmd|" in told, "the texts are there as they were typed"


def test_the_same_report_gives_the_same_bytes() -> None:
    made_at = dt.datetime(2026, 10, 12, 6, 0, tzinfo=dt.UTC)
    for writer in (csv, json, xlsx, html, pdf):
        assert writer(report(made_at=made_at)) == writer(report(made_at=made_at))


def table_of(made: bytes) -> list[list[str]]:
    page = lxml_html.fromstring(made.decode())
    return [["".join(map(str, cell.itertext())) for cell in row.iter("th", "td")] for row in page.iter("tr")]


def test_a_web_page_of_a_report_is_whole_accessible_and_loads_nothing() -> None:
    made = html(report()).decode()
    page = lxml_html.fromstring(made)
    assert page.get("lang") == "en-GB" and page.findtext(".//title") and len(page.findall(".//h1")) == 1
    assert page.find(".//caption") is not None and all(head.get("scope") == "col" for head in page.iter("th"))
    assert not re.search(r"<script|\bsrc=|\bhref=|url\(|@import|style=", made)
    assert "&lt;script&gt;{{7*7}}%s${x}&lt;/script&gt;" in made


def test_the_same_figures_stand_in_every_format() -> None:
    made = report()
    on_page = table_of(html(made))[1:]
    printed = " ".join(text_of(pdf(made)))
    for row, shown in zip(ROWS, on_page, strict=True):
        assert shown[1] == row[1] and shown[5] == f"{row[5]:,}"
        assert shown[6] == ("–" if row[6] is None else f"{row[6]}%")
    assert on_page[0][3:5] == ["28 Sep 2026", "12 September 2022"]
    for said in ("28 Sep 2026", "12 September 2022", "September 2022", "1,204", "79%", "Tess Ní Bhriain", "{{7*7}}"):
        assert said in printed
    assert standard.loads(json(made))["rows"][3][5] == 1_204
    assert workbook(xlsx(made))["Report"]["F5"].value == 1_204


def test_a_pdf_of_a_report_is_accessible_and_says_what_it_is_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROWS_IN_A_TABLE", 60)
    made = pdf(report(rows=ROWS * 16))
    assert failures(made) == []
    sheets = text_of(made)
    assert "Rows 1 to 60" in sheets[0] and "Reading overdue" in sheets[0]
    for number, sheet in enumerate(sheets, start=1):
        assert "Oakfield Primary & Nursery School" in sheet and "As of Monday 12 October 2026" in sheet
        assert f"Page {number} of {len(sheets)}" in sheet and "Reading overdue" in sheet
    assert all("Staff number" in sheet for sheet in sheets[:-1]), "the last may hold the notes alone"
    assert "Rows 61 to 64" in " ".join(sheets)


@pytest.mark.parametrize("writer", [html, pdf])
def test_a_report_of_nothing_says_so(writer: type) -> None:
    made = writer(report(rows=(), totals={}, notes=()))
    said = (
        " ".join(text_of(made)) if writer is pdf else "".join(map(str, lxml_html.fromstring(made.decode()).itertext()))
    )
    assert "Nothing to show" in said and "Staff number" in said
    assert writer is html or failures(made) == []


def test_a_workbook_of_nothing_is_a_header_alone() -> None:
    assert list(workbook(xlsx(report(rows=())))["Report"].iter_rows(values_only=True)) == [
        tuple(column.title for column in COLUMNS)
    ]


@pytest.mark.parametrize("writer", [xlsx, html, pdf])
def test_a_report_too_long_for_its_format_is_refused_and_csv_is_offered(writer: type) -> None:
    endless: Report = report(rows=(ROWS[0],) * 200_001)
    with pytest.raises(Refusal, match=r"200,001 rows.*Choose CSV"):
        writer(endless)
    assert csv(endless).count(b"\r\n") == 200_002


def test_a_pdf_holds_every_row_of_the_largest_usual_school() -> None:
    assert pages.MOST_PRINTED_ROWS >= 60 * 50
