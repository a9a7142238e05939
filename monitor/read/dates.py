"""Dates as Chinese pages print them (domain.md §8): text and a capture day in, civil days out.

Knows full, compact, two-digit, ROC, full-width, Chinese-numeral, English, month-only, year-less and relative forms.
A year-less date in the future belongs to last year. Nothing later than the capture day comes out, nothing impossible,
and nothing from numbers that only look like dates (index numbers, versions): never a guess.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR = 1990  # no government site is older; earlier years are history in titles

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EN = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_CN = "〇零○一二三四五六七八九0oοо"  # a zero is written in many ways, the letter o of three alphabets among them
_TENS = "[一二三四五六七八九十廿卅]"
_Y4 = r"(?:19|20)\d\d"
_FORMS = (
    ("full", rf"(?<!\d)(?<!\d[-/.])({_Y4})\s?<SEP>\s?(\d{{1,2}})\s?<SAME>\s?(\d{{1,2}})(?!\d)(?!-\d)"),
    ("hanfull", rf"(?<!\d)({_Y4})\s{{0,2}}年\s{{0,2}}(\d{{1,2}})\s{{0,2}}月\s{{0,2}}(\d{{1,2}})(?!\d)\s?[日号]?"),
    (
        "numerals",
        rf"([二一][{_CN}]{{3}})\s?年\s?({_TENS}{{1,2}})\s?月\s?({_TENS}{{1,3}})\s?[日号]",
    ),
    ("numeralmonth", rf"([二一][{_CN}]{{3}})\s?年\s?({_TENS}{{1,2}})\s?月"),
    ("numeralless", rf"(?<!年)(?<!{_TENS})({_TENS}{{1,2}})月({_TENS}{{1,3}})[日号]"),
    ("roc", r"(?:中[华華])?民[国國]\s?(\d{2,3})\s?(?:年|[-/.])\s?(\d{1,2})\s?(?:月|[-/.])\s?(\d{1,2})(?!\d)\s?日?"),
    ("rocbare", r"(?<![\d.\-/])(1[01]\d)<SEP>(\d{1,2})<SAME>(\d{1,2})(?!\d)(?![-/.]\d)"),
    ("rochan", r"(?<!\d)(1[01]\d)年(\d{1,2})月(\d{1,2})日"),
    ("compact", rf"(?<!\d)({_Y4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"),
    ("western", rf"(?<![\d/.\-])(\d{{1,2}})<SEP>(\d{{1,2}})<SAME>({_Y4})(?!\d)"),
    (
        "daymonth",
        rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?:\sof\s|[\s\-/,.]{{0,2}})({_EN})[\s\-/,.]{{1,2}}({_Y4})(?!\d)",
    ),
    ("dayshort", rf"(?<!\d)(\d{{1,2}})-({_EN})-(\d\d)(?![\d\-])"),  # 03-AUG-23, as databases print it
    ("yearfirst", rf"(?<!\d)({_Y4})[\s\-/,.]({_EN})[\s\-/,.]{{1,2}}(\d{{1,2}})(?!\d)"),
    ("monthday", rf"(?<![a-z])({_EN})[\s\-/,.]{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/,.]{{1,2}}({_Y4})(?!\d)"),
    ("javadate", rf"(?<![a-z])({_EN})\s(\d\d)\s\d\d:\d\d:\d\d\scst\s({_Y4})(?!\d)"),  # as Java prints it
    ("monthyear", rf"(?<![a-z])({_EN})[\s\-/,.]{{1,2}}({_Y4})(?!\d)"),
    ("monthless", rf"(?<![a-z])({_EN})[\s.]{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:\-])(?!,?\s?\d{{4}})"),
    ("dayless", rf"(?<![\d.])(\d{{1,2}})(?:st|nd|rd|th)?[\s\-]({_EN})(?![a-z\-/,.])(?!\s?\d)"),
    ("hanmonth", rf"(?<!\d)({_Y4})\s?年\s?(\d{{1,2}})\s?月(?:份)?"),
    ("month", rf"(?<!\d)(?<!\d[-/.])({_Y4})\s?[-/.]\s?(\d{{1,2}})(?!\d)(?![-/.]\s?\d)"),
    ("twodigit", r"(?<![\d.\-/])(\d\d)<SEP>(\d{1,2})<SAME>(\d{1,2})(?!\d)(?![-/.]\d)"),
    ("twohan", r"(?<!\d)(\d\d)年(\d{1,2})月(\d{1,2})[日号]"),
    ("hanless", r"(?<![\d年])(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]"),
    ("yearless", r"(?<![\d.\-/])(?<!\d:)(\d{1,2})([-/.])(\d{1,2})(?!\d)(?![-/.:]\d)"),
    ("ago", r"(\d{1,3})\s?(秒钟?|分钟|个?小时|天|日)(?:之|以)?前"),
    ("agoenglish", r"(\d{1,3})\s(second|minute|hour|day)s?\sago(?![a-z])"),
    ("relative", r"刚刚|刚才|半小时前|[今昨前][天日]|just now|today|yesterday"),
)
_PATTERNS = {
    name: pattern.replace("<SEP>", f"(?P<sep_{name}>[-/.])").replace("<SAME>", f"(?P=sep_{name})")
    for name, pattern in _FORMS
}
_START = re.compile(r"[\da-z一二三四五六七八九十中民刚半今昨前](?:(?<=\d)\d*|(?<=[a-z])[a-z]*|)")
_AFTER_DIGITS = frozenset("-/.,年月日秒分小个天abcdefghijklmnopqrstuvwxyz")


def _any_of(*names: str) -> re.Pattern[str]:
    """One pattern for several forms, tried in the order of `_FORMS`."""
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items() if name in names))


_SHORT = (
    "western", "daymonth", "dayshort", "dayless", "twodigit", "twohan", "hanless", "yearless", "ago", "agoenglish",
)  # fmt: skip
_BY_DIGITS = {
    1: _any_of(*_SHORT),
    2: _any_of(*_SHORT),
    3: _any_of("rocbare", "rochan", "ago", "agoenglish"),
    4: _any_of("full", "hanfull", "yearfirst", "hanmonth", "month"),
    8: _any_of("compact"),
}
"""By how many digits stand where a date may begin, the forms that begin so."""
_BY_MONTH = _any_of("monthday", "javadate", "monthyear", "monthless")
_BY_SIGN = _any_of("numerals", "numeralmonth", "numeralless", "roc", "relative")
_SPOKEN = frozenset({"just", "today", "yesterday"})
_WESTERN = re.compile(_PATTERNS["western"])
_GROUPS = {name: re.compile(pattern).groups for name, pattern in _PATTERNS.items()}
_YEAR_LAST = re.compile(r"[-/.](?:19|20)\d\d(?!\d)")
_WIDE_SIGN = re.compile("[０-９－–—−／．：（）［］　\xa0]")
_WIDE = str.maketrans("０１２３４５６７８９－–—−／．：（）［］　\xa0", "0123456789----/.:()[]  ")

SURE = frozenset({"full", "hanfull", "numerals", "roc", "daymonth", "monthday", "yearfirst", "javadate"})
"""Forms that are a date wherever they stand; the others need a place of their own to be believed."""
YEARLESS = frozenset({"yearless", "hanless", "numeralless", "monthless", "dayless"})
"""Forms without a year."""


@dataclass(slots=True)
class Found:
    """A date in a text. `date` is YYYY-MM-DD or YYYY-MM; `form` is how it was written; [start:end] is where."""

    date: str
    form: str
    start: int
    end: int

    @property
    def precise(self) -> bool:
        """True for a day, False for a month."""
        return len(self.date) == 10


def widen(text: str) -> str:
    """Full-width digits and signs as plain ones, one character for one."""
    return text.translate(_WIDE) if _WIDE_SIGN.search(text) else text


def find_dates(text: str, today: date, *, year: int | None = None, day_first: bool | None = None) -> list[Found]:
    """Every credible date in the text, in order; `today` is the capture day in Shanghai.

    `year` is that of a heading above, for year-less dates. `day_first` tells 03/04/2023 apart; None accepts it
    only when one reading is impossible.
    """
    found = []
    plain = widen(text).lower()
    if len(plain) != len(text):  # a few letters grow in lower case; places must stay
        plain = widen(text)
    end = 0
    for start in _START.finditer(plain):
        forms = _may_begin(start[0], plain[start.end() : start.end() + 1]) if start.start() >= end else None
        match = forms.match(plain, start.start()) if forms is not None else None
        if match is None:
            continue
        end = match.end()
        form = str(match.lastgroup)
        value = _value(form, match, today, year, day_first)
        if value is not None:
            found.append(Found(value, form, match.start(), end))
    return found


def _may_begin(word: str, following: str) -> re.Pattern[str] | None:
    """The forms that digits, a Chinese sign or letters can be the start of; None spares most texts the long look."""
    if word[0].isdigit():
        forms = _BY_DIGITS.get(len(word))
        return forms if following in _AFTER_DIGITS or len(word) == 8 or following.isspace() else None
    if not word.isascii():
        return _BY_SIGN
    return _BY_MONTH if word[:3] in _MONTHS else _BY_SIGN if word in _SPOKEN else None


def read_day(year: int, month: int, day: int, today: date) -> str | None:
    """YYYY-MM-DD when there was such a day, not before 1990 and not after `today`."""
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return value.isoformat() if year >= FIRST_YEAR and value <= today else None


def read_month(year: int, month: int, today: date) -> str | None:
    """YYYY-MM when that month has begun by `today`."""
    if not (1 <= month <= 12 and year >= FIRST_YEAR) or date(year, month, 1) > today:
        return None
    return f"{year:04d}-{month:02d}"


def roll_back(month: int, day: int, today: date) -> str | None:
    """The last such day not after `today`: a year-less date in the future belongs to last year."""
    for year in range(today.year, today.year - 5, -1):  # 29 February may be four years back, eight around 2100
        value = read_day(year, month, day, today)
        if value is not None:
            return value
    return None


def newest(dates: list[str]) -> str | None:
    """The latest of days and months; a month counts as its first day, so a day inside it is later."""
    return max(dates, key=lambda value: (value[:7], len(value), value), default=None)


def last_day(text: str) -> date | None:
    """A capture day as settings write it: YYYY-MM-DD, or YYYY-MM for the last day of that month."""
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    try:
        return date(year, month, int(match[3]) if match[3] else monthrange(year, month)[1])
    except ValueError:
        return None


def _value(form: str, match: re.Match[str], today: date, year: int | None, day_first: bool | None) -> str | None:
    """The ISO date of one match, by its form."""
    first = match.re.groupindex[form]
    part = match.groups()[first : first + _GROUPS[form]]
    if form == "relative":
        return _relative(match[0], today)
    if form.startswith("ago"):
        return _ago(int(part[0]), part[1], today)
    if form in YEARLESS:
        month, day = _month_and_day(form, part)
        return roll_back(month, day, today) if year is None else read_day(year, month, day, today)
    if form == "western":
        return _western(int(part[0]), int(part[2]), int(part[3]), today, day_first)
    if form in {"hanmonth", "month"}:
        return read_month(int(part[0]), int(part[1]), today)
    if form == "numeralmonth":
        return read_month(_han_year(part[0]), _han(part[1]), today)
    if form == "monthyear":
        return read_month(int(part[1]), _month(part[0]), today)
    return read_day(*_numbers(form, part, today), today)


def _numbers(form: str, part: tuple[str, ...], today: date) -> tuple[int, int, int]:
    """Year, month and day of the forms that print all three."""
    if form == "numerals":
        return _han_year(part[0]), _han(part[1]), _han(part[2])
    if form in {"daymonth", "dayshort"}:
        year = int(part[2])
        return year if form == "daymonth" else _century(year, today) + year, _month(part[1]), int(part[0])
    if form in {"monthday", "javadate"}:
        return int(part[2]), _month(part[0]), int(part[1])
    if form == "yearfirst":
        return int(part[0]), _month(part[1]), int(part[2])
    groups = [int(group) for group in part if group not in "-/."]
    if form.startswith("roc"):
        return groups[0] + 1911, groups[1], groups[2]
    if form in {"twodigit", "twohan"}:
        return _century(groups[0], today) + groups[0], groups[1], groups[2]
    return groups[0], groups[1], groups[2]


def _century(year: int, today: date) -> int:
    """Two digits are of this century unless that year is still to come."""
    return 2000 if date(2000 + year, 1, 1) <= today else 1900


def _month_and_day(form: str, part: tuple[str, ...]) -> tuple[int, int]:
    """Month and day of the forms that print no year."""
    if form == "numeralless":
        return _han(part[0]), _han(part[1])
    if form == "monthless":
        return _month(part[0]), int(part[1])
    if form == "dayless":
        return _month(part[1]), int(part[0])
    return int(part[0]), int(part[-1])


def _western(first: int, second: int, year: int, today: date, day_first: bool | None) -> str | None:
    """31/12/2020 and 12/31/2020; 03/04/2020 only when the page shows elsewhere which order it uses."""
    american, british = read_day(year, first, second, today), read_day(year, second, first, today)
    if first > 12 or second > 12 or first == second:
        return american or british
    if day_first is None:
        return None
    return british if day_first else american


def writes_day_first(texts: list[str]) -> bool | None:
    """How a page orders 03/04/2020, shown by a date that reads only one way; None when it does not show."""
    joined = "\n".join(texts)
    for match in _WESTERN.finditer(joined) if _YEAR_LAST.search(joined) else ():
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second or second > 12 >= first:
            return first > 12
    return None


def _relative(word: str, today: date) -> str:
    back = {"昨": 1, "y": 1, "前": 2}.get(word[0], 0)
    return (today - timedelta(days=back)).isoformat()


def _ago(count: int, unit: str, today: date) -> str:
    """So many days or hours ago; the hour of capture is not known, so hours count from the end of that day."""
    days = count if unit in {"天", "日", "day"} else count // 24 if unit.endswith("小时") or unit == "hour" else 0
    return (today - timedelta(days=days)).isoformat()


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _han_year(text: str) -> int:
    return int(
        "".join(str("〇一二三四五六七八九".find(char)) if char in "一二三四五六七八九" else "0" for char in text)
    )


def _han(text: str) -> int:
    """1–99 in Chinese numerals: 三, 十, 十二, 二十, 三十一, 廿一, 卅."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (digits.index(tens) if tens else 1) * 10 * bool(ten) + (digits.index(ones) if ones else 0)
