import pytest

from governance.schools.names import fold, tidy, unstorable


@pytest.mark.parametrize(
    "typed, key",
    [
        ("Ní Bhriain", "ni bhriain"),
        ("O\u2019Neill", "o'neill"),
        ("  FULL   Governing Body ", "full governing body"),
        ("Łukasz Øster", "lukasz oster"),
        ("李", "李"),
        ("Strauß", "strauss"),
    ],
)
def test_a_name_is_found_whatever_its_case_accents_and_spaces(typed: str, key: str) -> None:
    assert fold(typed) == key


def test_two_ways_of_writing_an_accent_are_kept_as_one() -> None:
    assert tidy("  Ni\u0301  Bhriain ") == "Ní Bhriain"


@pytest.mark.parametrize("typed", ["Tess\x00", "Tess\x07", "\ud800Tess", "Tess\u202egnitar"])
def test_row_48_text_that_cannot_be_kept_is_known(typed: str) -> None:
    assert unstorable(typed)


@pytest.mark.parametrize(
    "typed", ["O'Neill", "Ní Bhriain", "李", "<script>", "=cmd|'/c calc'!A1", "😀", "\tTess", "علی‌رضا"]
)
def test_rows_45_to_47_unusual_names_are_ordinary_text(typed: str) -> None:
    assert not unstorable(typed)
