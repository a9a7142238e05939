"""Registers that people bring as tables: messages of the public, posts of accounts. Rows as the desk takes them over.

Pure. All that is wrong is told at once, with its place; a register with anything wrong in it is not taken over at all. Sites and accounts
are named by id, 网站标识码 or name, as the store knows them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from monitor.config.sheets.fields import PLATFORMS
from monitor.config.sheets.grid import Grid, Unusable, Wrong, unread
from monitor.config.sheets.headings import Field, Header, Record, absent, find_header, missing, normal, records
from monitor.config.sheets.moments import moment
from monitor.model import CLASS_WORDS, MessageClass, Text, say

MESSAGES = (
    Field(
        "id",
        ("编号", "留言编号", "信件编号", "办件编号", "流水号", "受理编号", "id"),
        "必填；同一网站（账号）内不重复，再次导入时据此认出同一条留言",
        "20261101001",
        required=True,
    ),
    Field(
        "site",
        ("网站标识码", "网站", "所属网站", "被找错网站", "网站名称", "账号", "账号名称", "新媒体名称", "site"),
        "必填；监测清单中网站或账号的监测编号、网站标识码或名称",
        "4400000000",
        required=True,
    ),
    Field(
        "class",
        ("类别", "留言类别", "留言类型", "信件类型", "信件类别", "诉求类型", "class"),
        "必填（导入时可用 --class 统一指定）：找错；咨询、建议；投诉、求助、办理。决定答复时限",
        "咨询",
        required=True,
    ),
    Field(
        "received",
        ("接收时间", "转办时间", "收到时间", "提交时间", "留言时间", "来信时间", "写信时间", "received"),
        "必填；全国系统或后台收到的时间，不是有人看到的时间：2026-11-01 09:30，只有日期也可以",
        "2026-11-01 09:30",
        required=True,
    ),
    Field(
        "answered",
        ("办结时间", "答复时间", "回复时间", "反馈时间", "answered"),
        "未答复的留空；不得早于接收时间，也不得晚于现在",
        "2026-11-03 16:00",
    ),
    Field(
        "explained",
        ("说明", "已说明", "是否说明", "是否说明情况", "explained"),
        "是否已向留言人说明延期原因：是、否；不改变时限",
        "否",
    ),
    Field(
        "title",
        ("标题", "留言标题", "信件标题", "来信标题", "诉求标题", "主题", "title"),
        "可不填；与网上公开的来信对上号时用",
        "路灯不亮",
    ),
)
POSTS = (
    Field(
        "account",
        ("账号", "账号名称", "新媒体名称", "帐号", "公众号", "account"),
        "必填；监测清单中账号的监测编号或名称",
        "某市发布",
        required=True,
    ),
    Field(
        "platform", ("平台", "平台类型", "新媒体类型", "账号类型", "platform"), "几个账号同名时据此区分", "微信公众号"
    ),
    Field(
        "date",
        ("发布日期", "发布时间", "日期", "时间", "date"),
        "必填；2026-11-01，不得晚于今天",
        "2026-11-01",
        required=True,
    ),
    Field("title", ("标题", "文章标题", "内容标题", "title"), "标题和链接至少填一项", "关于做好防汛工作的通知"),
    Field(
        "url",
        ("链接", "网址", "地址", "文章链接", "原文链接", "编号", "url", "id"),
        "再次导入时据此认出同一篇；没有链接时以发布日期和标题为准",
        "https://mp.example.cn/s/1",
    ),
    Field("original", ("是否原创", "原创", "original"), "是、否；要求原创的规则据此计算，留空为不清楚", "是"),
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
    unread: tuple[Text, ...] = ()  # of sheets beside it


Take = Callable[[Record, "_Reader"], list[object]]


def read_messages(grid: Grid, names: Iterable[Named], now: str, cls: str | None = None) -> Register:
    """Rows [site, id, class, received, answered, explained]; `cls` is the class of all where no column says it.

    `now` is a day or an instant of Shanghai, as 2026-11-01T09:30: what is later lies in the future. Raises Unusable.
    """
    fields = MESSAGES if cls is None else tuple(one for one in MESSAGES if one.key != "class")
    return _read(grid, fields, list(names), now, lambda record, reader: _message(record, reader, cls))


def read_posts(grid: Grid, names: Iterable[Named], now: str) -> Register:
    """Rows [account, id, day, title, original]. Raises Unusable."""
    return _read(grid, POSTS, [one for one in names if one.kind == "account"], now, _post)


def _read(grid: Grid, fields: tuple[Field, ...], names: list[Named], now: str, take: Take) -> Register:
    header = find_header(grid, fields)
    found, wrong, _ = records(grid, header)
    wrong += [*missing(header, fields), *absent(header, found, fields, wrong)]
    if not found and not wrong:
        raise Unusable(say("has no rows below its headings"))
    register, reader = (
        Register(header, wrong=wrong, hidden=grid.hidden, unread=tuple(unread(grid))),
        _Reader(header, wrong, _known(names), now),
    )
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
    target, kind, received = reader.target(record, "site"), cls or reader.cls(record), reader.moment(record, "received")
    if isinstance(answered, str) and answered and _is_later(received, answered):
        said = {"answered": _on_a_wall(answered), "received": _on_a_wall(received)}
        words = say("answered ({answered}) before it was received ({received})", **said)
        reader.wrong.append(reader.header.wrong(record.row, "answered", words, say("check both times")))
    title = [cells["title"]] if cells.get("title") else []
    return [target, cells.get("id", ""), kind, received, answered, reader.switch(record, "explained"), *title]


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
    now: str

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
        if _is_later(told, self.now):
            words = say("{day} lies in the future", day=_on_a_wall(told))
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


def _is_later(one: str, other: str) -> bool:
    """Of two days or instants of Shanghai, by what both tell: of a day and an instant the day alone."""
    both = min(len(one), len(other))
    return one[:both] > other[:both]


def _on_a_wall(told: str) -> str:
    return told[:16].replace("T", " ")


def _known(names: Iterable[Named]) -> dict[str, tuple[Named, ...]]:
    known: dict[str, list[Named]] = {}
    for one in names:
        for word in {one.id, one.code, one.name} - {""}:
            known.setdefault(word, []).append(one)
    return {word: tuple(found) for word, found in known.items()}
