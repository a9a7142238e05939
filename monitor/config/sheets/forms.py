"""Templates to fill in: inventory lists in the columns of the national filing systems, the registers; each with an example and a few words.

Pure: gives bytes. One cell of the example begins with 示例：, and an import leaves such a row out.
"""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from monitor.config.sheets.fields import ACCOUNT, COLUMN, SITE
from monitor.config.sheets.headings import EXAMPLE, Field
from monitor.config.sheets.registers import MESSAGES, POSTS
from monitor.config.sheets.workbook import NOTES_SHEET
from monitor.model import TargetKind


class Form(NamedTuple):
    """A table to fill in. `key`: the column whose example says that it is one; `command` takes it over."""

    title: str
    fields: Sequence[Field]
    notes: Sequence[str]
    key: str = "name"
    command: str = "targets import"


_ANY = "列的顺序可以调整，表上方可以有标题，多余的列不导入。", "以“示例：”开头的行不导入，可以删去。"
_LISTS = (
    "一行一个监测对象；" + _ANY[0],
    "可以直接使用从全国政府网站信息报送系统、政务新媒体信息报送系统导出的表，表头不必改动。",
    _ANY[1],
    "导入：zhishou targets import 本文件；核对：zhishou targets plan；生效：zhishou targets apply --by 姓名。",
    "再次导入时，本表就是这一类对象的全部：上次导入有、这次没有的，不再监测，历史保留。",
)
_REGISTER = "有一处错误就整表不导入，并逐格列出；再次导入时只补充新的和有变化的，已登记的不会因此删除。"
FORMS = {
    TargetKind.SITE: Form("网站清单", SITE, _LISTS),
    TargetKind.COLUMN: Form("栏目清单", COLUMN, _LISTS),
    TargetKind.ACCOUNT: Form("新媒体账号清单", ACCOUNT, _LISTS),
}
MESSAGES_FORM = Form(
    "留言登记表",
    MESSAGES,
    ("一行一条留言；" + _ANY[0], _ANY[1], "导入：zhishou messages import 本文件 --by 姓名。", _REGISTER),
    "id",
    "messages import",
)
POSTS_FORM = Form(
    "账号发布登记表",
    POSTS,
    ("一行一篇；" + _ANY[0], _ANY[1], "导入：zhishou posts import 本文件 --by 姓名。", _REGISTER),
    "title",
    "posts import",
)
_HEAD = PatternFill("solid", fgColor="DDE6F0")


def template_csv(form: Form) -> bytes:
    """The form as CSV with the mark that makes Excel read UTF-8; the words are remarks."""
    out = io.StringIO()
    out.write("".join(f"# {line}\r\n" for line in (form.title, *form.notes, *_notes(form.fields))))
    table = csv.writer(out, lineterminator="\r\n")
    table.writerows((_headings(form.fields), _example(form)))
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(form: Form) -> bytes:
    """The form as a workbook: the list, every cell a text, and a second sheet 说明."""
    book = Workbook()
    sheet, notes = book.worksheets[0], book.create_sheet(NOTES_SHEET)
    sheet.title = form.title
    sheet.append(_headings(form.fields))
    sheet.append(_example(form))
    for number, field in enumerate(form.fields, 1):
        head = sheet.cell(1, number)
        head.font, head.fill, head.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True)
        column = sheet.column_dimensions[head.column_letter]
        column.width, column.number_format = max(14, len(field.example) * 1.4), "@"
        sheet.cell(2, number).number_format = "@"  # codes and telephone numbers keep their zeros
    sheet.freeze_panes = "A2"
    for line in (form.title, *form.notes, *_notes(form.fields)):
        notes.append([line])
    notes.column_dimensions["A"].width = 100
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headings(fields: Sequence[Field]) -> list[str]:
    return [field.titles[0] for field in fields]


def _example(form: Form) -> list[str]:
    return [f"{EXAMPLE}{field.example}" if field.key == form.key else field.example for field in form.fields]


def _notes(fields: Sequence[Field]) -> list[str]:
    return [f"{field.titles[0]}：{field.note}" for field in fields if field.note]
