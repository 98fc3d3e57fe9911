import pytest

from governance.errors import Refusal
from governance.people.tables import Table, read_table

HEADER = "given_name,family_name,category\n"
PLAIN = HEADER + "Niamh,Ní Bhriain,teachers\n"


def read(data: bytes | str, name: str = "people.csv", most_rows: int = 50_000) -> Table:
    return read_table(name, data.encode() if isinstance(data, str) else data, most_rows=most_rows)


@pytest.mark.parametrize("data", [b"", b"  \r\n\r\n", b"\xef\xbb\xbf"])
def test_row_1_an_empty_file_is_named_as_such(data: bytes) -> None:
    with pytest.raises(Refusal, match="That file is empty"):
        read(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_row_35_a_list_is_read_however_it_was_encoded(encoding: str) -> None:
    table = read(PLAIN.encode(encoding))
    assert table.header == ("given_name", "family_name", "category")
    assert table.records[0].cells == ("Niamh", "Ní Bhriain", "teachers")


def test_row_35_where_the_encoding_was_guessed_the_accents_are_to_be_checked() -> None:
    assert "check that accents" in read(PLAIN.encode("cp1252")).notes[0]
    assert read(PLAIN).notes == ()


def test_row_35_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Refusal, match="how the text was saved"):
        read(PLAIN.encode() + b"\x81\x8d")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_row_36_the_separator_is_found(separator: str) -> None:
    text = separator.join(("given_name", "family_name", "category", "job_title"))
    text += "\n" + separator.join(("Tess", "Marlow", '"teachers; governors"', '"Class, and\nyear lead"')) + "\n"
    table = read(text)
    assert table.records[0].cells == ("Tess", "Marlow", "teachers; governors", "Class, and\nyear lead")


def test_row_36_excels_own_line_about_the_separator_is_no_row() -> None:
    table = read("sep=;\r\ngiven_name;family_name;category\r\nTess;Marlow;teachers\r\n")
    assert table.header == ("given_name", "family_name", "category")
    assert table.records[0].number == 3


def test_rows_keep_the_numbers_a_spreadsheet_shows() -> None:
    table = read(HEADER + "Tess,Marlow,teachers\n\n,,,\nViv,Lane,volunteers\n")
    assert [record.number for record in table.records] == [2, 4, 5]


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_line_ends_of_every_system_are_read(line_end: str) -> None:
    assert len(read(PLAIN.replace("\n", line_end)).records) == 1


def test_column_names_are_read_whatever_their_case_and_spaces() -> None:
    assert read(" Given Name ,FAMILY-NAME,Category\n").header == ("given_name", "family_name", "category")


def test_row_38_one_row_more_than_the_limit_is_refused_with_the_limit() -> None:
    rows = "Tess,Marlow,teachers\n" * 50_001
    with pytest.raises(Refusal, match="more than 50,000 rows"):
        read(HEADER + rows)
    assert len(read(HEADER + rows[: len("Tess,Marlow,teachers\n") * 50_000]).records) == 50_000


def test_row_49_a_cell_of_two_megabytes_is_refused_with_its_row() -> None:
    with pytest.raises(Refusal, match="Row 3 cannot be read"):
        read(HEADER + "Tess,Marlow,teachers\n" + "x" * 2_000_000 + ",Lane,volunteers\n")


@pytest.mark.parametrize(
    "name, data",
    [("people.pdf", b"%PDF-1.7 ..."), ("people.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"), ("a.docx", b"text")],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(name: str, data: bytes) -> None:
    with pytest.raises(Refusal, match=r"save it as CSV or \.xlsx"):
        read(data, name)
