"""CSV as it is saved in China: encodings, separators, remarks; and what is none."""

import pytest
from hypothesis import given, strategies as st

from monitor.config.sheets.grid import MOST_ROWS, Unusable
from monitor.config.sheets.reading import read_grid
from tests.config.sheets.tables import delimited

ROWS = [["网站名称", "首页网址", "主办单位"], ["某市人民政府", "https://www.city.example/", "某市府办"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_gives_the_same_lines(encoding: str, separator: str) -> None:
    grid = read_grid(delimited(ROWS, separator).encode(encoding))
    assert [(line.number, line.cells) for line in grid.lines] == [(1, ROWS[0]), (2, ROWS[1])]


def test_rows_are_named_by_the_line_they_begin_on() -> None:
    text = '# 网站清单\n\n网站名称,首页网址\n"某市\n人民政府",https://a.example/\n,,\n县政府,https://b.example/\n'
    grid = read_grid(text.encode())
    assert [(line.number, line.cells[0]) for line in grid.lines] == [
        (3, "网站名称"),
        (4, "某市 人民政府"),
        (7, "县政府"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"a,b\n\0\0\0", "is neither a table of Excel (.xlsx) nor CSV"),
        ("名称,网址\n".encode() * 9 + b"\xff\xfe\xc3,x\n", "line 10 is not UTF-8"),
        ("名称,网址\n".encode("gb18030") * 9 + b"\xff\xff,x\n", "line 10 is not GB18030"),
        (b"<html><table><tr><td>", "is a web page that bears the name of a table"),
        (b'a,b\n"' + b"x" * 200_000, "line 2 cannot be read as CSV: field larger than field limit (131072)"),
        (b"a,b\n" * (MOST_ROWS + 1), "has more than 200,000 rows"),
    ],
)
def test_what_is_no_table_is_said_in_words(data: bytes, said: str) -> None:
    with pytest.raises(Unusable) as refused:
        read_grid(data)
    assert str(refused.value) == said


def test_a_sheet_of_a_csv_file_is_refused() -> None:
    with pytest.raises(Unusable, match="is a CSV file: it has no sheets"):
        read_grid(b"a,b\n1,2\n", "Sheet1")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        grid = read_grid(data)
    except Unusable:
        return
    assert all(any(line.cells) for line in grid.lines)
