"""Registers that people bring as tables: messages of the public, posts of accounts. Rows as the desk takes them over.

Pure. All that is wrong is told at once, with its place; a register with anything wrong in it is not taken over at all. Sites and accounts
are named by id, 网站标识码 or name, as the store knows them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from monitor.config.sheets.fields import PLATFORMS
from monitor.config.sheets.grid import Grid, Unusable, Wrong
from monitor.config.sheets.headings import Field, Header, Record, absent, find_header, missing, normal, records
from monitor.config.sheets.moments import moment
from monitor.model import CLASS_WORDS, MessageClass, say

MESSAGES = (
    Field("id", ("编号", "留言编号", "信件编号", "办件编号", "流水号", "受理编号", "id"), required=True),
    Field(
        "site",
        ("网站标识码", "网站", "所属网站", "被找错网站", "网站名称", "账号", "账号名称", "新媒体名称", "site"),
        required=True,
    ),
    Field("class", ("类别", "留言类别", "留言类型", "信件类型", "信件类别", "诉求类型", "class"), required=True),
    Field(
        "received",
        ("接收时间", "转办时间", "收到时间", "提交时间", "留言时间", "来信时间", "写信时间", "received"),
        required=True,
    ),
    Field("answered", ("办结时间", "答复时间", "回复时间", "反馈时间", "answered")),
    Field("explained", ("说明", "已说明", "是否说明", "是否说明情况", "explained")),
    Field("title", ("标题", "留言标题", "信件标题", "来信标题", "诉求标题", "主题", "title")),
)
POSTS = (
    Field("account", ("账号", "账号名称", "新媒体名称", "帐号", "公众号", "account"), required=True),
    Field("platform", ("平台", "平台类型", "新媒体类型", "账号类型", "platform")),
    Field("date", ("发布日期", "发布时间", "日期", "时间", "date"), required=True),
    Field("title", ("标题", "文章标题", "内容标题", "title")),
    Field("url", ("链接", "网址", "地址", "文章链接", "原文链接", "编号", "url", "id")),
    Field("original", ("是否原创", "原创", "original")),
)
CLASSES: Mapping[str, MessageClass] = {
    **{one.value: one for one in MessageClass if one is not MessageClass.UNKNOWN},
    **CLASS_WORDS,
}
_YES = frozenset({"是", "有", "已说明", "原创", "yes", "true", "1", "√", "y"})
_NO = frozenset({"否", "无", "未说明", "非原创", "转载", "no", "false", "0", "×", "n"})


class Named(NamedTuple):
    """A site or account of the store, by what it is called."""

    id: str
    kind: str
    name: str
    code: str
    removed: bool
    platform: str


@dataclass(slots=True)
class Register:
    """Rows as lists for the desk, and what people are to know of the file."""

    header: Header
    rows: list[list[object]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    hidden: int = 0


Take = Callable[[Record, "_Reader"], list[object]]


def read_messages(grid: Grid, names: Iterable[Named], today: str, cls: str | None = None) -> Register:
    """Rows [site, id, class, received, answered, explained]; `cls` is the class of all where no column says it. Raises Unusable."""
    fields = MESSAGES if cls is None else tuple(one for one in MESSAGES if one.key != "class")
    return _read(grid, fields, list(names), today, lambda record, reader: _message(record, reader, cls))


def read_posts(grid: Grid, names: Iterable[Named], today: str) -> Register:
    """Rows [account, id, day, title, original]. Raises Unusable."""
    return _read(grid, POSTS, [one for one in names if one.kind == "account"], today, _post)


def _read(grid: Grid, fields: tuple[Field, ...], names: list[Named], today: str, take: Take) -> Register:
    header = find_header(grid, fields)
    found, wrong, _ = records(grid, header)
    wrong += [*missing(header, fields), *absent(header, found, fields, wrong)]
    if not found and not wrong:
        raise Unusable(say("has no rows below its headings"))
    register, reader = Register(header, wrong=wrong, hidden=grid.hidden), _Reader(header, wrong, _known(names), today)
    first: dict[tuple[object, object], int] = {}
    for record in found:
        before = len(wrong)
        row = take(record, reader)
        earlier = first.setdefault((row[0], row[1]), record.row)
        if earlier != record.row and row[0] and row[1]:
            words = say("the same stands in row {n} already", n=earlier)
            wrong.append(header.wrong(record.row, "id" if "id" in header.columns else "url", words))
        if len(wrong) == before:
            register.rows.append(row)
    wrong.sort(key=lambda one: (one.row or 0, one.column if one.column is not None else -1))
    return register


def _message(record: Record, reader: "_Reader", cls: str | None) -> list[object]:
    cells = record.cells
    answered: object = None
    if "answered" in reader.header.columns:
        answered = reader.moment(record, "answered") if "answered" in cells else ""
    return [
        reader.target(record, "site"),
        cells.get("id", ""),
        cls or reader.cls(record),
        reader.moment(record, "received"),
        answered,
        reader.switch(record, "explained"),
        *([cells["title"]] if cells.get("title") else ()),
    ]


def _post(record: Record, reader: "_Reader") -> list[object]:
    cells = record.cells
    when = reader.moment(record, "date")[:10]
    name = cells.get("url", "")
    if not name and not cells.get("title"):
        words = say("neither a title nor an address tells which post it is")
        reader.wrong.append(reader.header.wrong(record.row, "title", words))
    seal = blake2b(cells.get("title", "").encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    account = reader.target(record, "account", cells.get("platform", ""))
    return [account, name or f"{when}/{seal}", when, cells.get("title", ""), reader.switch(record, "original")]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes cells apart, and notes what is wrong with them."""

    header: Header
    wrong: list[Wrong]
    known: Mapping[str, tuple[Named, ...]]
    today: str

    def target(self, record: Record, key: str, platform: str = "") -> str:
        """The id of what is called so: by id, else by what is watched, else by what once was."""
        written = record.cells.get(key, "")
        if not written:
            return ""
        found = self.known.get(written, ())
        where = PLATFORMS.get(normal(platform))
        exact = [one for one in found if one.id == written]
        fitting = [one for one in found if where is None or one.platform == where.value] or list(found)
        chosen = exact or [one for one in fitting if not one.removed] or fitting
        if len(chosen) == 1:
            return chosen[0].id
        if chosen:
            words = say('{n} of them are called "{name}"', n=len(chosen), name=written)
            advice = say("write the id: {ids}", ids=", ".join(one.id for one in chosen[:5]))
        else:
            words = say('"{name}" is not watched here', name=written)
            advice = say("expected is the id, 网站标识码 or name of a site or account of the inventory")
        self.wrong.append(self.header.wrong(record.row, key, words, advice))
        return ""

    def moment(self, record: Record, key: str) -> str:
        written = record.cells.get(key, "")
        if not written:
            return ""
        try:
            told = moment(written)
        except ValueError:
            words = say('"{written}" is no date', written=written[:60])
            advice = say("expected is 2026-11-01, 2026-11-01 09:30 or 2026年11月1日")
            self.wrong.append(self.header.wrong(record.row, key, words, advice))
            return ""
        if told[:10] > self.today:
            words = say("{day} lies in the future", day=told[:16].replace("T", " "))
            self.wrong.append(self.header.wrong(record.row, key, words))
        return told

    def cls(self, record: Record) -> str:
        written = record.cells.get("class", "")
        known = CLASSES.get(written) or CLASSES.get(normal(written))
        if known is None and written:
            words = say('"{written}" is no class of message', written=written[:60])
            advice = say("expected is 找错; 咨询, 建议; 投诉, 求助 or 办理")
            self.wrong.append(self.header.wrong(record.row, "class", words, advice))
        return known.value if known else ""

    def switch(self, record: Record, key: str) -> bool | None:
        """None where nobody says."""
        written = record.cells.get(key, "").lower()
        if written and written not in _YES | _NO:
            words = say('"{written}" is neither 是 nor 否', written=written[:60])
            self.wrong.append(self.header.wrong(record.row, key, words))
        return written in _YES if written else None


def _known(names: Iterable[Named]) -> dict[str, tuple[Named, ...]]:
    known: dict[str, list[Named]] = {}
    for one in names:
        for word in {one.id, one.code, one.name} - {""}:
            known.setdefault(word, []).append(one)
    return {word: tuple(found) for word, found in known.items()}
