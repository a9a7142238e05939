"""The words by which reply lists (市长信箱, 互动交流, 12345) name what stands in a row: fields, states, moments.

Pure tables and three questions of a text: which field it names, which state it tells, which moment it prints. A word that is
in no table tells nothing.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from monitor.read.dates import find_dates, widen

LONGEST = 80  # characters of a text that is a moment, with its label


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIELDS: Mapping[str, tuple[str, ...]] = {
    "received": _words(
        "来信时间 来信日期 写信时间 写信日期 去信时间 提问时间 提问日期 留言时间 留言日期 咨询时间 咨询日期 提交时间 提交日期 投诉时间 "
        "投诉日期 诉求时间 反映时间 反映日期 来电时间 来电日期 登记时间 收信时间 收信日期 收到时间 接收时间 接收日期 信件时间 建议时间 "
        "求助时间 发起时间 发帖时间 来访时间 申请时间 诉求日期 找错时间 纠错时间 受理时间 受理日期"
    ),
    "answered": _words(
        "回复时间 回复日期 答复时间 答复日期 回信时间 回信日期 办结时间 办结日期 反馈时间 反馈日期 解答时间 回答时间 办复时间 处理完成时间"
    ),
    "state": _words(
        "状态 办理状态 处理状态 回复状态 答复状态 信件状态 来信状态 留言状态 当前状态 工单状态 办件状态 诉求状态 办理情况 处理情况 "
        "回复情况 答复情况 办理进度 处理进度 是否回复 是否答复 是否办结 受理状态 反馈状态"
    ),
    "class": _words(
        "类别 类型 分类 信件类型 信件类别 信件分类 信件性质 来信类型 来信类别 留言类型 留言类别 诉求类型 诉求类别 写信类型 写信类别 写信目的 "
        "来信目的 咨询类型 问题类型 性质 事项类型 工单类型"
    ),
    "number": _words(
        "编号 信件编号 来信编号 留言编号 受理编号 办件编号 工单编号 诉求编号 咨询编号 流水号 工单号 信件号 受理号 受理单号 查询编号 信件查询号"
    ),
    "title": _words(
        "标题 主题 信件标题 信件主题 来信标题 来信主题 留言标题 留言主题 诉求标题 诉求主题 咨询标题 咨询主题 问题 提问标题 事项 事项标题 "
        "工单标题 信件名称 内容 来信内容 留言内容 信件内容 诉求内容 咨询内容"
    ),
    "when": _words("时间 日期"),
}
"""What a heading or label says of the text below or behind it; `when`: a time, but not whose."""
CONTENT = frozenset(_words("内容 来信内容 留言内容 信件内容 诉求内容 咨询内容 问题 事项"))
"""What is asked: the title of a letter that has no other."""
LESS_SURE = frozenset({"受理时间", "受理日期", "登记时间"})
"""When an office took a letter on: when it came, where nothing nearer to that is printed."""
OF_WORD: Mapping[str, str] = {word: field for field, words in FIELDS.items() for word in words}
_WAITING = frozenset(
    _words(
        "待回复 未回复 待办理 待处理 待答复 未答复 未处理 未办理 未办结 办理中 处理中 受理中 正在办理 正在处理 已受理 已接收 已转办 已交办 "
        "转办中 交办中 待受理 未受理 待办 待审核 审核中 流转中 暂无回复 暂未回复 尚未回复 尚未答复 暂未答复 未回 已派单 已签收 等待回复 "
        "等待答复 待反馈 未反馈 待办结 在办 办理中... 处理中... 未完成 未解答 待解答"
    )
)
_ANSWERED = frozenset(
    _words(
        "已回复 已答复 已办结 办结 已处理 已办理 已反馈 已解决 已办复 已办 办理完毕 处理完毕 办理完成 处理完成 已完成 已结案 已回 回复完毕 "
        "已回信 已解答 已评价 已公开答复 已回复公开 答复完毕 已处理完毕 已办理完毕 办毕 已归档"
    )
)
_NOTHING = frozenset(("", "-", "--", "---", "—", "——", "/", "无", "暂无", "空", "null", "N/A"))
_EDGES = " \t\n\r\u3000\xa0[]【】（）()〔〕<>《》「」|｜·•:：;；,，。●○■□★√"
_TIME = re.compile(r"\s*[T日]?\s*(\d{1,2})\s?[:：时]\s?(\d{2})")
_LABEL = re.compile(
    "(?<![\u4e00-\u9fff])(" + "|".join(sorted(OF_WORD, key=len, reverse=True)) + ")" + r"\s?(?:[:：]|(?=\s?[12]\d\d\d))"
)
_SURE_FORMS = frozenset(
    {"full", "hanfull", "compact", "yearless", "hanless", "twodigit", "twohan", "monthday", "daymonth"}
)
"""A month alone, or a day that is told from the day of reading (3天前), is no moment."""


class Labelled(NamedTuple):
    """A label in a text, with what stands behind it there; "" when that is in the next text."""

    word: str
    value: str

    @property
    def field(self) -> str:
        return OF_WORD[self.word]


def plain(text: str) -> str:
    """A word without the signs and blanks around it, and inside headings that are spread out (状　态)."""
    return "".join(text.split()).strip(_EDGES) if len(text) <= 3 * LONGEST else text


def heading(text: str) -> str | None:
    """The word, where the whole text is the name of a field."""
    word = plain(text) if len(text) <= LONGEST else ""
    return word if word in OF_WORD else None


def labels_in(text: str) -> Iterator[Labelled]:
    """来信时间：2024-01-02 回复时间：2024-01-05: every label of a text with what follows it."""
    found = list(_LABEL.finditer(text))
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        yield Labelled(match[1], text[match.end() : end].strip(_EDGES))


def state_in(text: str, word: str = "") -> bool | None:
    """Whether a text that is a state (已回复, 办理中) says that it is answered; `word` is the heading it stands under."""
    told = plain(text)
    if told in _ANSWERED or (word.startswith("是否") and told in {"是", "已"}):
        return True
    if told in _WAITING or (word.startswith("是否") and told in {"否", "未"}):
        return False
    return None


def is_nothing(text: str) -> bool:
    """A cell left empty, or filled with a stroke."""
    return "".join(text.split()) in _NOTHING


def moment_in(text: str, today: date) -> str | None:
    """The one day a text prints, with its time of day ("2024-01-02T10:22"); midnight is no time of day. None for any other text."""
    if not text or len(text) > LONGEST or not any(sign.isdigit() for sign in text):
        return None
    told = widen(text)
    found = [one for one in find_dates(told, today) if one.precise and one.form in _SURE_FORMS]
    if len(found) != 1 or plain(told[: found[0].start]):
        return None
    rest = told[found[0].end :]
    time = _TIME.match(rest)
    if time is None:
        return found[0].date if len(plain(rest)) <= LONGEST // 2 else None
    hour, minute = int(time[1]), int(time[2])
    if hour > 23 or minute > 59 or not (hour or minute):
        return found[0].date
    return f"{found[0].date}T{hour:02}:{minute:02}"
