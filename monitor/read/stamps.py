"""Where a page shows dates: every text or attribute that is a date by itself, or starts, ends or is labelled with one.

Reads a Document; gives Stamps in document order. A date inside a sentence is no stamp: titles and summaries are full
of dates of other things. Joins dates whose day and month stand in separate tags. Knows nothing of lists.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from monitor.read.attributes import attribute_dates
from monitor.read.bounds import MAX_DATED, TooMuch
from monitor.read.captured import CaptureDay
from monitor.read.dates import YEARLESS, Found, find_dates, read_day, widen, writes_day_first
from monitor.read.fragments import SIGNS, names_month
from monitor.read.html import Document
from monitor.read.joined import joined_dates
from monitor.read.yearheads import days_below, year_headings, year_of

PURE, LABELLED, LEAD, TAIL = "pure", "labelled", "lead", "tail"

MAX_LABELS = 40  # labels looked at in one text; a real one holds a handful
KNOWN = 16_384  # short texts remembered, of at most 64 characters: 5 MB
_CELL = 64  # characters; a longer text is no date cell
_PUBLISHED = (
    "发布时间|发布日期|发布于|发布|发表时间|发表日期|发表于|发稿时间|公开时间|公开日期|发文时间|发文日期|更新时间|更新日期|"
    "上传时间|添加时间|录入时间|创建时间|公布日期|公示时间|推送时间|刊登时间|刊发时间|挂网时间|答复时间|答复日期|回复时间|回复日期|办结时间|办结日期|"
    "(?<![\u4e00-\u9fff])(?:时间|日期)|published(?: on)?|publish date|release date|posted(?: on)?|updated|(?<![a-z] )(?<![a-z])(?:date|time)"
)
_WRITTEN = "成文日期|成文时间|印发日期|印发时间|签发日期|制发日期|生成日期|生成时间|落款日期|来信时间|来信日期|写信时间|写信日期|提问时间|提问日期|留言时间|咨询时间|提交时间|投诉时间|会议时间|会议日期"
_OTHER = (
    "截止日期|截止时间|截止|截至|报名时间|报名日期|有效期至?|失效日期|失效时间|生效日期|生效时间|实施日期|施行日期|开标时间|"
    "活动时间|活动日期|举办时间|开始时间|开始日期|结束时间|结束日期|到期|考试时间|出生日期|答复时限|起止时间|"
    "征集时间|受理时间|页面生成时间|今天是|当前时间|现在是|听证会?时间|开庭时间|拍卖时间|面试时间|笔试时间|最后更新|"
    "deadline|closing date|due date|event date|effective date|expires?(?: on)?"
)
_LABEL = re.compile(
    rf"(?:(?P<other>{_OTHER})|(?P<written>{_WRITTEN})|(?P<published>{_PUBLISHED}))\s*[:：]?\s*$", re.IGNORECASE
)
_ANY_LABEL = re.compile(rf"(?:{_OTHER}|{_WRITTEN}|{_PUBLISHED})\s*[:：]\s*", re.IGNORECASE)
_ISO = re.compile(
    r"[\[(（【]?\s*((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*[\])）】]?(?:\s+\d\d?:\d\d(?::\d\d)?)?"
)
_NOISE = re.compile(
    r"\d{1,2}\s?[:时点]\s?\d{1,2}(?:\s?[:分]\s?\d{1,2}秒?)?分?(?:\.\d+)?z?|[+-]\d\d:?\d\d|星期[一二三四五六日天]|周[一二三四五六日天]|"
    r"上午|下午|\b[ap]m\b|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|gmt|北京时间|t(?=\d)|"
    r"(?:浏览|阅读|点击|访问|查看|人气|点击率|阅读量|浏览量|点击数|浏览次数|点击次数|阅读次数)(?:量|数|次数)?\s*[:：(（]?\s*\d*\s*[)）]?\s*次?|new",
    re.IGNORECASE,
)
_DAY = r"\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s+\d\d?:\d\d(?::\d\d)?)?"
_SPAN = re.compile(
    rf"(?:19|20)\d\d\s?[-/.年]\s?{_DAY}\s*(?:至|到|[-—–~～]{{1,2}})\s*(?:(?:19|20)\d\d\s?[-/.年]\s?)?{_DAY}"
)
_OPEN = re.compile(r"(?:征集|征求|公示|起止|调查|公开|投票|听取)(?:意见)?(?:时间|日期|期限|期间|期)?\s*[:：]?\s*$")
_BEHIND = 8  # characters behind a span: 进行中, 已结束
_COUNTED = re.compile(r"(?:浏览|阅读|点击|访问|人气|查看)[量数次]*\s*[:：(]?\s*$")
_HAS_HINT = re.compile(  # begins with a set of signs, which is looked for ten times faster than one of several words
    r"[\d今昨前刚〇零一二三四五六七八九十](?:(?<=\d)|(?<=[今昨前])[天日]|(?<=刚)[刚才]|(?<=[〇零一二三四五六七八九十])[年月])"
)
_HEADS = frozenset({"jus", "tod", "yes", "yea"})  # just now, today, yesterday, year
_CLOSING = "])）】〕」』"  # behind a month written out
_ENDS = "日" + _CLOSING
_EDGELESS = frozenset(
    {"month", "compact", "numeralmonth", "numeralless", "monthless", "dayless", "dayshort", "agoenglish"}
)
"""Forms that titles end with."""
_SKIP = frozenset({"option", "select", "input", "button", "marquee"})


@dataclass(slots=True)
class Stamp:
    """A date the page shows at `index`. `place` is pure, labelled, lead or tail; `label` published, written, other."""

    index: int
    date: str
    form: str
    place: str
    source: str  # text | attribute
    raw: str
    label: str = ""
    year_above: bool = False

    def at(self, index: int) -> "Stamp":
        """The same date shown there."""
        return Stamp(index, self.date, self.form, self.place, self.source, self.raw, self.label, self.year_above)


def find_stamps(document: Document, today: date) -> list[Stamp]:
    """All stamps of the page, in document order."""
    hinted = _HAS_HINT.search
    places = [
        (at, node)
        for at, node in enumerate(document.texts)
        if hinted(node.text) or node.text[-1] in _CLOSING or (node.text[0].isascii() and _may_be_english(node.text))
    ]
    texts = [node for _, node in places]
    if len(texts) > MAX_DATED:
        raise TooMuch(f"more than {MAX_DATED} texts that may be dates")
    day_first = writes_day_first([node.text for node in texts if len(node.text) <= _CELL])
    stamps: list[Stamp] = []
    years = year_headings(places)
    for node in texts:
        if node.parent is not None and node.parent.tag in _SKIP:
            continue
        like = _recall(node.text, today, day_first)
        if like is not None:
            stamp = like.at(node.index)
            _apply_year(stamp, year_of(node, years) if years and stamp.form in YEARLESS else None, today)
            stamps.append(stamp)
    below, parts = days_below(places, today)
    if below:
        stamps = [stamp for stamp in stamps if stamp.index not in parts]
        stamps += [Stamp(one.index, one.date, "full", PURE, "text", one.raw) for one in below]
        places = [(at, node) for at, node in places if node.index not in parts]
    joined = joined_dates(document.texts, places, today)
    if joined:
        used = {index for one in joined for index in one.used}
        stamps = [stamp for stamp in stamps if stamp.index not in used]
        stamps += [Stamp(one.used[0], one.date, one.form, PURE, "text", one.raw) for one in joined]
    for node, one, value in attribute_dates(document, today):
        stamps.append(Stamp(node.index, one.date, one.form, PURE, "attribute", value[:_CELL]))
    stamps.sort(key=lambda stamp: stamp.index)
    return stamps


def _apply_year(stamp: Stamp, year: int | None, today: date) -> None:
    """Gives a year-less date the year of the heading above."""
    dated = find_dates(stamp.raw, today, year=year) if year is not None else []
    if dated:
        stamp.date, stamp.year_above = dated[0].date, True


def _may_be_english(text: str) -> bool:
    return text[:3].lower() in _HEADS or names_month(text)


def _recall(text: str, today: date, day_first: bool | None) -> Stamp | None:
    """As `_read_text`; what short texts are is remembered, for a day is printed on many pages, and many times on each."""
    if len(text) > _CELL:
        return _read_text(text, today, day_first)
    stamp, timeless = _known(text, today.toordinal(), day_first)
    if isinstance(today, CaptureDay):
        today.told(timeless=timeless)
    return stamp


@lru_cache(maxsize=KNOWN)
def _known(text: str, today: int, day_first: bool | None) -> tuple[Stamp | None, bool]:
    """What a text is on that ordinal day, and whether it would be the same on any later one."""
    day = CaptureDay.fromordinal(today)
    return _read_text(text, day, day_first), day.timeless


def _read_text(text: str, today: date, day_first: bool | None) -> Stamp | None:
    """The stamp a text is, wherever it stands; None for a sentence or a number."""
    match = _ISO.fullmatch(text)
    if match is not None:
        value = read_day(int(match[1]), int(match[2]), int(match[3]), today)
        return Stamp(0, value, "full", PURE, "text", text) if value else None
    if len(text) > _CELL and not (_digit(text[0]) or _digit(text[1]) or _digit(text[-1]) or _digit(text[-2])):
        return _labelled(text, today, day_first)
    if len(text) > 4 * _CELL:
        return _labelled(text, today, day_first)
    found = find_dates(text, today, day_first=day_first)
    if not found:
        return None
    span = _SPAN.search(text) if len(text) <= _CELL else None
    if span is not None:
        return _span(text, found, span)
    return _cell(text, found) or _labelled(text, today, day_first) or _edge(text, found)


def _span(text: str, found: list[Found], span: re.Match[str]) -> Stamp | None:
    """From one day to another: what is open to the public was published by the first of them; other spans tell nothing."""
    before, after = text[: span.start()], text[span.end() :]
    begun = next((one for one in found if one.start == span.start()), None)
    if begun is None or _reads(_OPEN.sub("", before)) or len(after.strip()) > _BEHIND:
        return None
    return Stamp(0, begun.date, begun.form, PURE, "text", text, "written")


def _digit(char: str) -> bool:
    return char.isdigit() or char in _ENDS


def _cell(text: str, found: list[Found]) -> Stamp | None:
    """A text that holds one date, its label, a time of day, and nothing else to read."""
    if len(found) > 1 or len(text) > _CELL:
        return None
    one = found[0]
    before, after = widen(text[: one.start]), widen(text[one.end :])
    if _COUNTED.search(before):
        return None  # 浏览：20261118
    label, before = _split_label(before) if before else ("", "")
    if _reads(before) or _reads(after):
        return None
    if one.form == "yearless" and "." in one_text(text, one) and not re.fullmatch(r"\W*\d\d\.\d\d\W*", text):
        return None  # 3.15, 13.7: a number until it is written like a date
    if one.form == "compact" and not re.fullmatch(r"\D*\d{8}\D*", text):
        return None
    return Stamp(0, one.date, one.form, PURE, "text", text, label)


def _reads(text: str) -> bool:
    """True when there is more to read than a time of day, a day of the week, a counter."""
    return bool(text) and bool(_NOISE.sub(" ", text).strip(SIGNS))


def one_text(text: str, found: Found) -> str:
    """The part of the text that is the date."""
    return text[found.start : found.end]


def _split_label(before: str) -> tuple[str, str]:
    """The kind of label that ends the text before a date, and what stands before the label."""
    match = _LABEL.search(before)
    if match is None:
        return "", before
    return str(match.lastgroup), before[: match.start()]


def _labelled(text: str, today: date, day_first: bool | None) -> Stamp | None:
    """来源：… 发布时间：2023-08-03 浏览：12: the first date that follows a label of publishing."""
    for match in islice(_ANY_LABEL.finditer(text), MAX_LABELS):
        label, _ = _split_label(match[0])
        rest = text[match.end() : match.end() + 32]
        found = find_dates(rest, today, day_first=day_first)
        if label == "published" and found and not rest[: found[0].start].strip(SIGNS):
            return Stamp(0, found[0].date, found[0].form, LABELLED, "text", text[:_CELL], label)
    return None


def _edge(text: str, found: list[Found]) -> Stamp | None:
    """A date before or after a title in the same text; 年月日 at the head is how sentences begin, so it is no stamp."""
    first, last = found[0], found[-1]
    head, tail = text[: first.start].strip(SIGNS), _NOISE.sub(" ", text[last.end :]).strip(SIGNS)
    spoken = last.form == "relative" and one_text(text, last).isascii()  # titles end with today
    if not tail and not spoken and last.form not in _EDGELESS and _set_apart(text, last.start, last.form):
        return Stamp(0, last.date, last.form, TAIL, "text", one_text(text, last))
    if not head and first.form in {"full", "yearless", "twodigit"} and _set_off(text, first.end):
        return Stamp(0, first.date, first.form, LEAD, "text", one_text(text, first))
    return None


def _set_apart(text: str, start: int, form: str) -> bool:
    return start > 0 and text[start - 1] in (
        " \t\n[(（【\u3000\xa0|/" if form in YEARLESS else " \t\n[(（【\u3000\xa0|:：/"
    )


def _set_off(text: str, end: int) -> bool:
    return end < len(text) and text[end] in " \t\n])）】\u3000\xa0|:：日"


__all__ = ["LABELLED", "LEAD", "PURE", "TAIL", "Stamp", "find_stamps"]
