"""Templates to fill in: an inventory list in the columns of the national filing systems, with an example and a few words.

Pure: gives bytes. The example's name begins with 示例：, and an import leaves such a row out.
"""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from monitor.config.sheets.fields import ACCOUNT, COLUMN, SITE
from monitor.config.sheets.headings import EXAMPLE, Field
from monitor.config.sheets.workbook import NOTES_SHEET
from monitor.model import TargetKind

FORMS = {
    TargetKind.SITE: ("网站清单", SITE),
    TargetKind.COLUMN: ("栏目清单", COLUMN),
    TargetKind.ACCOUNT: ("新媒体账号清单", ACCOUNT),
}
NOTES = (
    "一行一个监测对象；列的顺序可以调整，表上方可以有标题，多余的列不导入。",
    "可以直接使用从全国政府网站信息报送系统、政务新媒体信息报送系统导出的表，表头不必改动。",
    "以“示例：”开头的行不导入，可以删去。",
    "导入：zhishou targets import 本文件；核对：zhishou targets plan；生效：zhishou targets apply --by 姓名。",
    "再次导入时，本表就是这一类对象的全部：上次导入有、这次没有的，不再监测，历史保留。",
)
_HEAD = PatternFill("solid", fgColor="DDE6F0")


def template_csv(kind: TargetKind) -> bytes:
    """The form as CSV with the mark that makes Excel read UTF-8; the words are remarks."""
    title, fields = FORMS[kind]
    out = io.StringIO()
    out.write("".join(f"# {line}\r\n" for line in (title, *NOTES, *_notes(fields))))
    table = csv.writer(out, lineterminator="\r\n")
    table.writerows((_headings(fields), _example(fields)))
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(kind: TargetKind) -> bytes:
    """The form as a workbook: the list, every cell a text, and a second sheet 说明."""
    title, fields = FORMS[kind]
    book = Workbook()
    sheet, notes = book.worksheets[0], book.create_sheet(NOTES_SHEET)
    sheet.title = title
    sheet.append(_headings(fields))
    sheet.append(_example(fields))
    for number, field in enumerate(fields, 1):
        head = sheet.cell(1, number)
        head.font, head.fill, head.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True)
        column = sheet.column_dimensions[head.column_letter]
        column.width, column.number_format = max(14, len(field.example) * 1.4), "@"
        sheet.cell(2, number).number_format = "@"  # codes and telephone numbers keep their zeros
    sheet.freeze_panes = "A2"
    for line in (title, *NOTES, *_notes(fields)):
        notes.append([line])
    notes.column_dimensions["A"].width = 100
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headings(fields: Sequence[Field]) -> list[str]:
    return [field.titles[0] for field in fields]


def _example(fields: Sequence[Field]) -> list[str]:
    return [f"{EXAMPLE}{field.example}" if field.key == "name" else field.example for field in fields]


def _notes(fields: Sequence[Field]) -> list[str]:
    return [f"{field.titles[0]}：{field.note}" for field in fields if field.note]
