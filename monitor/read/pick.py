"""Which of the dates in the rows of one list is the date of publishing.

Reads rows with their Stamps; gives (date, source, source text) per row, or None. A label decides, else the header of
the table, else the column of dates that is sorted as lists are; a deadline never counts, the date of writing (of a document, of a letter beside its answer) only alone.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from monitor.read.dates import SURE, YEARLESS, find_dates
from monitor.read.html import Document, Node
from monitor.read.rows import Row
from monitor.read.stamps import PURE, Stamp
from monitor.read.urldates import url_date

Picked = tuple[str, str, str]

_HEADER = re.compile(
    r"(?P<other>截止|截至|有效|失效|生效|实施|施行|开标|到期|开始|结束|活动|考试|报名|听证|开庭|拍卖|竞价|面试|笔试|出生|征集|举办|"
    r"deadline|closing|due|event|effective|expir)|(?P<written>成文|印发|签发|制发|生成|[来写]信|提问|留言|咨询|提交|投诉|会议)|"
    r"(?P<published>发布|发文|公布|公开|更新|发表|日期|时间|publish|post|date)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|届|级|学年|度|[-—~～至]\d{2,4}年)")
_SUMMARY = 40  # characters; a labelled date in a longer text is part of a summary
_SCRIPT_LENGTH = 400  # characters; a longer script does more than print a date
_SPOKEN_SIGNS = frozenset("今昨前刚")


def pick_date(document: Document, rows: Sequence[Row], today: date) -> list[Picked | None]:
    """The publish date of each row."""
    labels = _table_labels(document, rows)
    lists = [_usable(document, row, labels) for row in rows]
    place = _place(lists)
    picked: list[Picked | None] = []
    for row, stamps in zip(rows, lists, strict=True):
        stamp = stamps[min(place, len(stamps) - 1)] if stamps else None
        if stamp is None:
            picked.append(None)
            continue
        value = _year_from_address(stamp, row, today)
        picked.append((value, stamp.source, stamp.raw))
    return picked


def doubtful_years(rows: Sequence[Row], picked: Sequence[Picked | None], today: date) -> bool:
    """True when year-less dates rolled back to this year or last, but the titles speak of older years only.

    Such a list has stood still for years; nothing on the page says how many, so its dates stay unknown.
    """
    bare = [row for row in rows if any(stamp.form in YEARLESS and not stamp.year_above for stamp in row.stamps)]
    if len(bare) < len([one for one in picked if one]) or not bare:
        return False
    spoken = [int(year) for row in rows for year in _SPOKEN.findall(row.anchor.title)]
    credible = [year for year in spoken if date(year - 1, 1, 1) <= today]
    rolled = [int(one[0][:4]) for one in picked if one]
    return bool(credible) and bool(rolled) and max(credible) < min(rolled) - 1


def script_date(document: Document, row: Row, today: date) -> Picked | None:
    """The one full date a short script inside the row prints."""
    for node in document.nodes[row.start : row.end]:
        if node.tag == "script" and 0 < len(node.text) <= _SCRIPT_LENGTH:
            found = {one.date for one in find_dates(node.text, today) if one.form in SURE}
            if len(found) == 1:
                return found.pop(), "script", node.text[:64]
    return None


def _usable(document: Document, row: Row, labels: dict[int, str]) -> list[Stamp]:
    """The stamps of a row that may tell when it was published, best kind only."""
    if len(row.stamps) <= 1:
        return [stamp for stamp in row.stamps if _label(document, row, stamp, labels) != "other"]
    marked = [(_label(document, row, stamp, labels), stamp) for stamp in row.stamps]
    kept = [(label, stamp) for label, stamp in marked if label != "other"]
    if any(stamp.place == PURE for _, stamp in kept):  # a label inside a summary is that of something else
        kept = [(label, stamp) for label, stamp in kept if len(stamp.raw) < _SUMMARY or stamp.place == PURE]
    published = [stamp for label, stamp in kept if label == "published"]
    plain = [stamp for label, stamp in kept if label == ""]
    best = published or plain or [stamp for _, stamp in kept]
    pure = [stamp for stamp in best if stamp.place == PURE] or best
    days = [stamp for stamp in pure if len(stamp.date) == 10] or pure
    attributes = [stamp for stamp in days if stamp.source == "attribute"]
    texts = [stamp for stamp in days if stamp.source == "text"]
    if texts and attributes:
        return [_fuller(stamp, attributes) for stamp in texts]
    return days


def _fuller(stamp: Stamp, attributes: list[Stamp]) -> Stamp:
    """A year-less text whose attribute tells the whole date takes it from there."""
    if stamp.form in YEARLESS:
        return next((one for one in attributes if one.date[5:] == stamp.date[5:]), stamp)
    return stamp


def _place(lists: Sequence[list[Stamp]]) -> int:
    """Which of several dates per row is the list's own: the column of dates best sorted downwards.

    On a tie the column whose newest date is older, so that a doubt never makes a list look fresh.
    """
    width = max((len(stamps) for stamps in lists), default=0)
    full = [stamps for stamps in lists if len(stamps) == width]
    if width < 2 or not full:
        return 0
    columns = [[stamps[at].date for stamps in full] for at in range(width)]
    order = sorted(range(width), key=lambda at: (-_sortedness(columns[at]), max(columns[at])))
    return order[0]


def _sortedness(dates: list[str]) -> float:
    pairs = list(pairwise(dates))
    return sum(1 for one, two in pairs if one >= two) / len(pairs) if pairs else 0.0


def _year_from_address(stamp: Stamp, row: Row, today: date) -> str:
    """A year-less date whose address shows the same day, or month, of an earlier year belongs to that year."""
    if stamp.form not in YEARLESS or stamp.year_above:
        return stamp.date
    shown = url_date(row.anchor.href, today)
    if shown and stamp.date[5:].startswith(shown[5:]):
        return shown[:4] + stamp.date[4:]
    return stamp.date


def _label(document: Document, row: Row, stamp: Stamp, labels: dict[int, str]) -> str:
    """The stamp's own label, else that of its table column, else that of the text just before it in the row."""
    if stamp.label:
        return stamp.label
    if labels:
        cell = _cell_number(document, stamp, row)
        if cell is not None:
            return labels.get(cell, "")
    before = document.nodes[stamp.index - 1] if stamp.index - 1 > row.start else None
    if before is not None and before.tag != "#text":
        before = document.nodes[stamp.index - 2] if stamp.index - 2 > row.start else None
    if before is not None and before.tag == "#text" and len(before.text) <= 12 and before.text.endswith(("：", ":")):
        return _kind(before.text)
    return ""


def _kind(text: str) -> str:
    match = _HEADER.search(text)
    return str(match.lastgroup) if match is not None else ""


def _table_labels(document: Document, rows: Sequence[Row]) -> dict[int, str]:
    """Column number → kind of date, from the header row of the table the rows stand in."""
    first = document.nodes[rows[0].start] if rows else None
    if first is None or first.tag != "tr":
        return {}
    table = next((node for node in first.up() if node.tag == "table"), first.parent)
    if table is None:
        return {}
    header = next((node for node in document.nodes[table.index : first.index] if node.tag == "tr"), None)
    if header is None:
        return {}
    cells = [node for node in document.children(header) if node.tag in {"td", "th"}]
    kinds = {at: _kind(document.text_of(cell)) for at, cell in enumerate(cells) if len(document.text_of(cell)) <= 12}
    return {at: kind for at, kind in kinds.items() if kind}


def _cell_number(document: Document, stamp: Stamp, row: Row) -> int | None:
    tr: Node = document.nodes[row.start]
    for at, cell in enumerate(node for node in document.children(tr) if node.tag in {"td", "th"}):
        if cell.index <= stamp.index < cell.end:
            return at
    return None


def is_spoken(raw: str | None) -> bool:
    """Whether a date may be told from the day it is read: 今天, 昨天, 刚刚, 3天前. `raw` is the text it was read from."""
    return raw is not None and not _SPOKEN_SIGNS.isdisjoint(raw)
