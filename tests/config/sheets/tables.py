"""Workbooks and CSV files as people and filing systems save them."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

from monitor.config.sheets.grid import Wrong

Rows = Sequence[Sequence[object]]


def workbook(rows: Rows, change: Callable[[Any], object] = lambda _sheet: None, title: str = "清单") -> bytes:
    """A workbook of one sheet; `change` may do to the sheet what it likes before it is saved."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def delimited(rows: Rows, separator: str = ",") -> str:
    return "".join(separator.join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in package.infolist():
            body = package.read(part)
            made.writestr(part.filename, change(body) if part.filename == name else body)
    return out.getvalue()


def with_cached(data: bytes, cell: str, value: str) -> bytes:
    """As Excel saves a formula: with the value it had."""

    def put(xml: bytes) -> bytes:
        pattern = rf'(<c r="{cell}"[^>]*>\s*<f>[^<]*</f>)\s*<v\s*(?:/>|></v>)'
        made, count = re.subn(pattern, rf"\g<1><v>{value}</v>", xml.decode())
        assert count == 1
        return made.encode()

    return with_part(data, "xl/worksheets/sheet1.xml", put)


def told(wrong: Sequence[Wrong]) -> list[str]:
    """Each problem in a line: C3 首页网址: what (what to do)."""
    return [
        " ".join(part for part in (one.cell, one.heading) if part)
        + f": {one.words}"
        + (f" ({one.advice})" if one.advice else "")
        for one in wrong
    ]
