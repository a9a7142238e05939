"""A report as CSV: with a BOM, so that spreadsheets on Windows read Chinese; tables one after the other, an empty line between.

What begins like a formula is marked as text with an apostrophe, for spreadsheets carry it out.
"""

import csv
import io

from monitor.report.table import Cell, Report, words_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(report: Report) -> bytes:
    """UTF-8 with a BOM, lines ended as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.writer(out)
    for n, table in enumerate(report.tables):
        if n:
            out.write("\r\n")
        writer.writerow([_safe(one.heading) for one in table.columns])
        writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(cell: Cell) -> str | int | float:
    if cell is None or isinstance(cell, int | float):
        return "" if cell is None else cell
    return _safe("" if cell in ("", ()) else words_of(cell))


def _safe(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words
