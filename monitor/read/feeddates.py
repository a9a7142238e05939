"""Dates as feeds write them: RFC 822, ISO 8601 and what Chinese sources make of them, into ISO with the offset.

Text in, (text out, instant) or nothing. A zone that is printed is kept; CST is China's; without one it is Shanghai, or
what the caller says.
No date is no date: a time without a year, a cut zone, an impossible or future day give nothing, never a guess.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from monitor.clock import SHANGHAI
from monitor.read.dates import SURE, find_dates, widen

_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    "cst": 480,
    "bjt": 480,
    "hkt": 480,
    "sgt": 480,
    "jst": 540,
    "kst": 540,
    "ist": 330,
    "msk": 180,
    "est": -300,
    "edt": -240,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "met": 60,
    "mest": 120,
    "eet": 120,
    "eest": 180,
    "aest": 600,
    "aedt": 660,
    "awst": 480,
    "nzst": 720,
    "nzdt": 780,
}
_NAMES = dict(enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1))  # noqa: SIM905
_MONTHS = {name: at for at, name in _NAMES.items()}
_HAN = {
    month: at
    for at, month in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)
}
_TIME = r"(?:[t\s,]{1,3}(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,9})?)?\s?([ap]m)?)?"
_PLACE = r"(?:\[?(?:asia/(?:shanghai|chongqing|urumqi|harbin)|prc)\]?)"  # the zone database's names of China's one zone
_IN_CHINA = re.compile(_PLACE)
_ZONE = (
    rf"\s*(?:\(?([a-z]{{1,5}})\)?|(?:gmt|utc)?\s?([+-]\d{{1,2}})(?::?(\d{{2}}))?(?:\s?(?:[a-z]{{3,4}}|{_PLACE}))?|{_PLACE})?"
    r"(?:\s*\([^()]{1,40}\))?"
)
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}{_ZONE}")
_DIGITS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2}))?(z)?")
_RFC = re.compile(
    rf"(?:[a-z]{{3,9}}\.?(?:,\s*|\s+))?(\d{{1,2}})[\s-]([a-z]{{3,9}})\.?[\s,-]\s?(\d{{4}}|\d{{2}}){_TIME}{_ZONE}"
)
_US = re.compile(rf"(?:[a-z]{{3,9}}\.?,?\s+)?([a-z]{{3,9}})\.?\s+(\d{{1,2}}),?\s+(\d{{4}}){_TIME}{_ZONE}")
_JS = re.compile(r"(?:[a-z]{3}\s+)([a-z]{3})\s+(\d{1,2})\s+(\d{4})" + _TIME + _ZONE)
_C = re.compile(r"(?:[a-z]{3}\s+)([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([a-z]{3,4})\s+)?(\d{4})")
_EPOCH = re.compile(r"(?:/date\()?(1\d{9})(?:\d{3})?(?:\.\d{1,9})?(?:[+-]\d{4})?(?:\)/)?")
_HAN_MONTH = re.compile(r"(?<=\s)(十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月(?=\s)")
_HAN_WEEKDAY = re.compile(r"^(?:星期|周|礼拜)[一二三四五六日天][,\s]\s*")
_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_CLOCK = re.compile(r"(上午|早上|凌晨|中午|下午|晚上|晚)?\s?(\d{1,2})[:时](\d{2})(?:[:分](\d{2}))?")
_AFTERNOON = frozenset({"下午", "晚上", "晚"})


@dataclass(frozen=True, slots=True)
class Dated:
    """`text` is ISO with its offset, or a date alone; `day` its own civil day; `instant` orders entries (UTC)."""

    text: str
    day: date
    instant: datetime

    @property
    def shanghai_day(self) -> str:
        """The day a calendar in Shanghai showed."""
        return self.text if len(self.text) == 10 else self.instant.astimezone(SHANGHAI).date().isoformat()


def read_feed_date(raw: str | None, captured: date, zone: int = 8) -> Dated | None:
    """The date in a feed's own string; None when it has none that can be believed on the day of capture.

    `zone` is that of a time which prints none, in hours east of UTC.
    """
    text = " ".join(widen(raw or "").split()).lower()
    if not text or len(text) > 80:
        return None
    written, zone = _in_english(text), 8 if _IN_CHINA.search(text) else zone
    found = (
        _iso(text, zone)
        or _rfc(written, zone)
        or _american(text, zone)
        or _c_time(text, zone)
        or _digits(text, zone)
        or _epoch(text)
        or _printed(text, captured, zone)
    )
    return found if found is not None and found.day <= captured and found.day.year >= 1990 else None


def _in_english(text: str) -> str:
    """星期三, 18 十一月 2026 09:30:00 +0800, as RFC 822 comes out under a Chinese locale, in the words of the standard."""
    plain = _HAN_WEEKDAY.sub("", text)
    return _HAN_MONTH.sub(lambda month: _NAMES[_HAN.get(month[1]) or int(month[1])], plain, count=1)


def _iso(text: str, zone: int) -> Dated | None:
    match = _ISO.fullmatch(text)
    return _dated(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:], zone) if match is not None else None


def _rfc(text: str, zone: int) -> Dated | None:
    match = _RFC.fullmatch(text)
    if match is None or match[2][:3] not in _MONTHS:
        return None
    year = int(match[3])
    if year < 100:
        year += 2000 if year < 70 else 1900  # RFC 2822 §4.3
    return _dated(year, _MONTHS[match[2][:3]], int(match[1]), match.groups()[3:], zone)


def _american(text: str, zone: int) -> Dated | None:
    match = _US.fullmatch(text) or _JS.fullmatch(text)
    if match is None or match[1][:3] not in _MONTHS:
        return None
    return _dated(int(match[3]), _MONTHS[match[1][:3]], int(match[2]), match.groups()[3:], zone)


def _c_time(text: str, zone: int) -> Dated | None:
    """Wed Nov 18 09:30:00 CST 2026, as Java and C print it."""
    match = _C.fullmatch(text)
    if match is None or match[1] not in _MONTHS:
        return None
    parts = (match[3], match[4], match[5], None, match[6], None, None)
    return _dated(int(match[7]), _MONTHS[match[1]], int(match[2]), parts, zone)


def _digits(text: str, zone: int) -> Dated | None:
    """20261118093000, or the day alone."""
    match = _DIGITS.fullmatch(text)
    if match is None:
        return None
    return _dated(int(match[1]), int(match[2]), int(match[3]), (*match.groups()[3:6], None, match[7], None, None), zone)


def _epoch(text: str) -> Dated | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    instant = datetime.fromtimestamp(int(match[1]), UTC).astimezone(SHANGHAI)
    return Dated(instant.isoformat(), instant.date(), instant.astimezone(UTC))


def _printed(text: str, captured: date, zone: int) -> Dated | None:
    """Chinese forms with a year: 2026年11月18日 09:30, 2026/11/18."""
    found = [one for one in find_dates(text, captured) if one.form in SURE and one.precise]
    if len(found) != 1:
        return None
    one = found[0]
    clock = _CLOCK.search(text, one.end)
    rest = text[: one.start] + (text[one.end : clock.start()] + text[clock.end() :] if clock else text[one.end :])
    if re.search(r"[0-9a-z+]", _WEEKDAY.sub("", rest)):  # a zone we do not know, a cut one, something else altogether
        return None
    year, month, day = (int(part) for part in one.date.split("-"))
    times = (clock[2], clock[3], clock[4]) if clock is not None else (None, None, None)
    half = "pm" if clock is not None and clock[1] in _AFTERNOON and int(clock[2]) < 12 else None
    return _dated(year, month, day, (*times, half, None, None, None), zone)


def _dated(year: int, month: int, day: int, rest: tuple[str | None, ...], zone: int) -> Dated | None:
    """From numbers; `rest` is hour, minute, second, am/pm, zone name, zone hours, zone minutes, as printed."""
    hour, minute, second, half, name, zone_hours, zone_minutes = rest
    if hour is None and zone_hours and not zone_minutes:  # 2026-02-18-1 is a number of a document
        return None
    try:
        if hour is None:
            own = date(year, month, day)
            return Dated(own.isoformat(), own, datetime(year, month, day, tzinfo=SHANGHAI).astimezone(UTC))
        hours = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
        local = datetime(year, month, day, hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None
    offset = _offset(name, zone_hours, zone_minutes, zone)
    if offset is None:
        return None
    aware = local.replace(tzinfo=timezone(offset))
    try:
        return Dated(aware.isoformat(), local.date(), aware.astimezone(UTC))
    except OverflowError:
        return None


def _offset(name: str | None, hours: str | None, minutes: str | None, zone: int) -> timedelta | None:
    """The zone as an offset; `zone` when none is printed, None when it is none we know."""
    if name:
        known = _ZONES.get(name)
        return timedelta(minutes=known) if known is not None else None
    if hours is None:
        return timedelta(hours=zone)
    total = abs(int(hours)) * 60 + int(minutes or 0)
    return timedelta(minutes=-total if hours.startswith("-") else total) if total < 24 * 60 else None
