"""XLSX as Excel and WPS save it, and packages made to do harm; every file is made here by openpyxl and zipfile."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from openpyxl import Workbook

from monitor.config.sheets.grid import Grid, Unusable, letters
from monitor.config.sheets.package import UNPACKED
from monitor.config.sheets.reading import read_grid
from tests.config.sheets.tables import Rows, saved, with_cached, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"


def texts(grid: Grid) -> list[list[str]]:
    return [line.cells for line in grid.lines]


def refused(data: bytes, sheet: str | None = None) -> str:
    with pytest.raises(Unusable) as told:
        read_grid(data, sheet)
    return str(told.value)


def test_cells_come_as_people_see_them() -> None:
    def formats(sheet: Any) -> None:
        sheet["A3"].number_format = "0000000000"

    grid = read_grid(
        workbook(
            [
                [" 某市\n人民政府 ", 13800138000, 3.0, 0.5, True, False],
                [
                    date(2026, 11, 1),
                    datetime(2026, 11, 1, 9, 30),
                    datetime(2026, 11, 1, 9, 29, 59, 700_000),
                    time(9, 30),
                ],
                [44000001, None, -7],
            ],
            formats,
        )
    )
    assert texts(grid) == [
        ["某市 人民政府", "13800138000", "3", "0.5", "是", "否"],
        ["2026-11-01", "2026-11-01 09:30:00", "2026-11-01 09:30:00", "09:30:00"],
        ["0044000001", "", "-7"],
    ]


def test_formulas_give_the_value_they_had_and_say_when_there_is_none() -> None:
    data = with_cached(workbook([["a", "b"], ['="x"&"y"', "=1+1"]]), "A2", "xy")
    # a text of a formula has t="str"
    data = with_part(data, SHEET, lambda xml: xml.replace(b'<c r="A2"', b'<c r="A2" t="str"'))
    grid = read_grid(data)
    assert grid.lines[1].cells == ["xy"]
    assert {column: str(words) for column, words in grid.lines[1].faults.items()} == {
        1: "a formula that was never calculated: open the file in Excel and save it"
    }


def test_errors_and_numbers_too_long_for_excel_wait_at_their_cell() -> None:
    def fault(sheet: Any) -> None:
        sheet["A2"].data_type = "e"

    grid = read_grid(workbook([["a", "b"], ["#REF!", 44010302000001123]], fault))
    assert {letters(column): str(words) for column, words in grid.lines[1].faults.items()} == {
        "A": "the error #REF! of a formula",
        "B": "a number of more than 15 digits, of which Excel keeps 15: make the cell a text",
    }


def test_hidden_and_empty_rows_are_left_out_and_merged_cells_stand_for_all() -> None:
    def lay_out(sheet: Any) -> None:
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A3:A5")
        sheet.row_dimensions[4].hidden = True
        sheet.row_dimensions[7].hidden = True

    rows: Rows = [
        ["某市清单"],
        ["单位", "名称", "x"],
        ["府办", "a", 1],
        [None, "b", 2],
        [None, "c", 3],
        [None, None],
        [None, None],
    ]
    grid = read_grid(workbook(rows, lay_out))
    assert [(line.number, line.cells) for line in grid.lines] == [
        (1, ["某市清单"]),
        (2, ["单位", "名称", "x"]),
        (3, ["府办", "a", "1"]),
        (5, ["府办", "c", "3"]),
    ]
    assert grid.hidden == 1


def test_the_first_visible_sheet_with_anything_in_it_is_read_or_the_one_named() -> None:
    book = Workbook()
    book.worksheets[0].title = "空"
    hidden, visible, other = (book.create_sheet(name) for name in ("旧", "清单", "别的"))
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    visible.append(["visible"])
    other.append(["other"])
    data = saved(book)
    assert texts(read_grid(data)) == [["visible"]]
    assert texts(read_grid(data, "别的")) == [["other"]]
    assert texts(read_grid(data, "旧")) == [["hidden"]]
    with pytest.raises(Unusable) as told:
        read_grid(data, "清单2")
    assert (str(told.value), str(told.value.advice)) == ('has no sheet "清单2"', 'did you mean "清单"?')
    assert refused(workbook([])) == "has no sheet with anything in it"


def test_words_on_how_to_fill_it_in_are_read_only_where_there_is_nothing_else() -> None:
    book = Workbook()
    notes, table = book.worksheets[0], book.create_sheet("清单")
    notes.title = " 说明 "
    notes.append(["先看这里"])
    table.append(["网站名称"])
    grid = read_grid(saved(book))
    assert (texts(grid), grid.sheet, grid.others) == ([["网站名称"]], "清单", ())
    assert texts(read_grid(saved(book), "说明")) == [["先看这里"]]
    book.remove(table)
    assert texts(read_grid(saved(book))) == [["先看这里"]]


def test_old_protected_binary_and_damaged_files_are_refused_in_words() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert refused(ole) == "is a file of old Excel or WPS (.xls, .et)"
    assert refused(ole + "EncryptedPackage".encode("utf-16-le")) == "is protected with a password"
    good = workbook([["a", "b"]])
    assert refused(good[: len(good) // 2]) == "is damaged, or no workbook of Excel"
    assert refused(b"PK\x03\x04 and nothing more") == "is damaged, or no workbook of Excel"
    assert refused(with_part(good, SHEET, lambda xml: xml[:-40])) == "is damaged, or no workbook of Excel"
    assert refused(with_part(good, "xl/workbook.xml", lambda _: b"<a>")) == "is damaged, or no workbook of Excel"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.bin", b"x")
        package.writestr("[Content_Types].xml", b"<Types/>")
    assert refused(out.getvalue()) == "is a binary workbook (.xlsb)"


def test_a_bomb_is_refused_by_what_it_declares_before_anything_is_unpacked() -> None:
    out = io.BytesIO()
    block = b" " * (1 << 20)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        for number in range(2):
            with package.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for _ in range((UNPACKED >> 21) + 1):
                    part.write(block)
    assert len(out.getvalue()) < 1 << 20
    assert refused(out.getvalue()) == "would unpack to more than 400 MB: it is not opened"


def test_a_package_that_declares_less_than_it_holds_is_damaged() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in _parts(workbook([["a", "b"]])):
            package.writestr(name, body if name != SHEET else body + b" " * (1 << 20))
    data = bytearray(out.getvalue())
    real = (len(dict(_parts(workbook([["a", "b"]])))[SHEET]) + (1 << 20)).to_bytes(4, "little")
    assert data.count(real) == 2
    lying = bytes(data).replace(real, (100).to_bytes(4, "little"))
    assert refused(lying) == "is damaged, or no workbook of Excel"


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [(part.filename, package.read(part)) for part in package.infolist()]


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_are_refused(name: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    good = workbook([["a", "b"]])
    assert refused(with_part(good, name, lambda xml: laughs + xml)) == "is damaged, or no workbook of Excel"


def test_rows_and_columns_beyond_all_sheets_do_not_take_for_ever() -> None:
    far = workbook([["a", "b"]], lambda sheet: sheet.cell(2, 16_384, "far"))
    far = with_part(far, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999999"'))
    assert texts(read_grid(far)) == [["a", "b"]]


def test_progress_is_told_of_a_long_table() -> None:
    seen: list[int] = []
    grid = read_grid(workbook([[f"name {n}", n] for n in range(11_000)]), progress=seen.append)
    assert len(grid.lines) == 11_000
    assert seen == [5_000, 10_000]


CELLS = st.one_of(
    st.text(
        st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=["C", "Z"]), min_size=1, max_size=20
    ),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2200, 1, 1)),
)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_whatever_is_written_is_read_as_people_see_it(rows: list[list[Any]]) -> None:
    def as_texts(sheet: Any) -> None:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type in {"f", "e"}:
                    cell.data_type = "s"  # a text that begins with = or looks like an error

    seen = [_seen(row) for row in rows if not str(_seen(row)[0]).startswith("#")]
    assert texts(read_grid(workbook(rows, as_texts))) == seen if seen else True


def _seen(row: list[Any]) -> list[str]:
    words = {True: "是", False: "否"}
    return [words[cell] if isinstance(cell, bool) else str(cell) for cell in row]
