"""A report as XLSX: a worksheet a table, and one that says what they are. Nothing in it is ever carried out: text stays text.

The home of XlsxWriter. Dates are dates, by the clock of Beijing; headings stay in sight, columns fit Chinese text, and every sheet
prints on A4 across.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from monitor.clock import SHANGHAI
from monitor.model import say
from monitor.render import translate
from monitor.report.table import Cell, Report, Table, widest, words_of

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
LONGEST = 32_767
"""Characters of a cell (Excel's own limit)."""
NARROW, BROAD = 6, 60
"""Widths of columns, in digits."""
A4 = 9
INCH = 1 / 2.54
"""A centimetre."""


def xlsx(report: Report) -> bytes:
    """The whole file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": report.title, "created": _naive(report.made_at)})
        formats = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#E7EBF0", "border": 1, "text_wrap": True, "valign": "vcenter"}
            ),
            "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            "number": book.add_format({"valign": "top"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        for table in report.tables:
            _table(book.add_worksheet(table.name[:31]), report, table, formats)
        about = translate(say("about"), report.language)
        _about(book.add_worksheet(about), (report.title, *report.about, "", *report.notes), formats["text"])
    return out.getvalue()


def _table(sheet: Any, report: Report, table: Table, formats: dict[str, Any]) -> None:
    _on_paper(sheet, f"{report.title} {table.name}")
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    for n, column in enumerate(table.columns):
        sheet.write_string(0, n, column.heading, formats["head"])
        sheet.set_column(n, n, _width([column.heading, *(words_of(row[n]) for row in table.rows)]))
    for line, row in enumerate(table.rows, 1):
        for n, cell in enumerate(row):
            _write(sheet, line, n, cell, formats)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None | "" | ():
            sheet.write_blank(row, column, None, formats["text"])
        case datetime():
            sheet.write_datetime(row, column, _naive(cell), formats["moment"])
        case date():
            sheet.write_datetime(row, column, cell, formats["day"])
        case int() | float():
            sheet.write_number(row, column, cell, formats["number"])
        case _:
            sheet.write_string(row, column, words_of(cell)[:LONGEST], formats["text"])


def _about(sheet: Any, lines: Sequence[str], form: Any) -> None:
    _on_paper(sheet, lines[0])
    sheet.set_column(0, 0, 100)
    for n, line in enumerate(lines):
        sheet.write_string(n, 0, line, form)


def _on_paper(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=INCH, right=INCH, top=1.5 * INCH, bottom=1.5 * INCH)
    sheet.set_header(f"&L{title.replace('&', '&&')}")
    sheet.set_footer("&C&P / &N")


def _width(cells: Iterable[str]) -> int:
    return min(max(max(map(widest, cells)) + 2, NARROW), BROAD)


def _naive(instant: datetime) -> datetime:
    """As a clock in Beijing shows it: a sheet knows no zones. Excel keeps milliseconds."""
    return instant.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
