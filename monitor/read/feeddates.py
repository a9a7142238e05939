"""Dates as feeds write them: RFC 822, ISO 8601 and what Chinese sources make of them, into ISO with the offset.

Text in, (text out, instant) or nothing. A zone that is printed is kept; CST is China's; without one it is Shanghai.
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
_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
_TIME = r"(?:[t\s,]{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?([ap]m)?)?"
_ZONE = r"\s*(?:\(?([a-z]{1,5})\)?|(?:gmt|utc)?([+-]\d{2}):?(\d{2}))?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}{_ZONE}(?:\s*\([a-z ]+\))?")
_RFC = re.compile(
    rf"(?:[a-z]{{3,9}}\.?,?\s+)?(\d{{1,2}})[\s-]([a-z]{{3,9}})\.?[\s,-]\s?(\d{{4}}|\d{{2}}){_TIME}{_ZONE}(?:\s*\([a-z ]+\))?"
)
_US = re.compile(rf"(?:[a-z]{{3,9}}\.?,?\s+)?([a-z]{{3,9}})\.?\s+(\d{{1,2}}),?\s+(\d{{4}}){_TIME}{_ZONE}")
_C = re.compile(r"(?:[a-z]{3}\s+)([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([a-z]{3,4})\s+)?(\d{4})")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_CLOCK = re.compile(r"(\d{1,2})[:时](\d{2})(?:[:分](\d{2}))?")


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


def read_feed_date(raw: str | None, captured: date) -> Dated | None:
    """The date in a feed's own string; None when it has none that can be believed on the day of capture."""
    text = " ".join(widen(raw or "").split()).lower()
    if not text or len(text) > 80:
        return None
    found = _iso(text) or _rfc(text) or _american(text) or _c_time(text) or _epoch(text) or _printed(text, captured)
    return found if found is not None and found.day <= captured and found.day.year >= 1990 else None


def _iso(text: str) -> Dated | None:
    match = _ISO.fullmatch(text)
    return _dated(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:]) if match is not None else None


def _rfc(text: str) -> Dated | None:
    match = _RFC.fullmatch(text)
    if match is None or match[2][:3] not in _MONTHS:
        return None
    year = int(match[3])
    if year < 100:
        year += 2000 if year < 70 else 1900  # RFC 2822 §4.3
    return _dated(year, _MONTHS[match[2][:3]], int(match[1]), match.groups()[3:])


def _american(text: str) -> Dated | None:
    match = _US.fullmatch(text)
    if match is None or match[1][:3] not in _MONTHS:
        return None
    return _dated(int(match[3]), _MONTHS[match[1][:3]], int(match[2]), match.groups()[3:])


def _c_time(text: str) -> Dated | None:
    """Wed Nov 18 09:30:00 CST 2026, as Java and C print it."""
    match = _C.fullmatch(text)
    if match is None or match[1] not in _MONTHS:
        return None
    parts = (match[3], match[4], match[5], None, match[6], None, None)
    return _dated(int(match[7]), _MONTHS[match[1]], int(match[2]), parts)


def _epoch(text: str) -> Dated | None:
    if _EPOCH.fullmatch(text) is None:
        return None
    instant = datetime.fromtimestamp(int(text[:10]), UTC).astimezone(SHANGHAI)
    return Dated(instant.isoformat(), instant.date(), instant.astimezone(UTC))


def _printed(text: str, captured: date) -> Dated | None:
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
    times = (clock[1], clock[2], clock[3]) if clock is not None else (None, None, None)
    return _dated(year, month, day, (*times, None, None, None, None))


def _dated(year: int, month: int, day: int, rest: tuple[str | None, ...]) -> Dated | None:
    """From numbers; `rest` is hour, minute, second, am/pm, zone name, zone hours, zone minutes, as printed."""
    hour, minute, second, half, name, zone_hours, zone_minutes = rest
    try:
        if hour is None:
            own = date(year, month, day)
            return Dated(own.isoformat(), own, datetime(year, month, day, tzinfo=SHANGHAI).astimezone(UTC))
        hours = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
        local = datetime(year, month, day, hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None
    offset = _offset(name, zone_hours, zone_minutes)
    if offset is None:
        return None
    aware = local.replace(tzinfo=timezone(offset))
    try:
        return Dated(aware.isoformat(), local.date(), aware.astimezone(UTC))
    except OverflowError:
        return None


def _offset(name: str | None, hours: str | None, minutes: str | None) -> timedelta | None:
    """The zone as an offset; Shanghai when none is printed, None when it is none we know."""
    if name:
        known = _ZONES.get(name)
        return timedelta(minutes=known) if known is not None else None
    if hours is None:
        return timedelta(hours=8)
    total = abs(int(hours)) * 60 + int(minutes or 0)
    return timedelta(minutes=-total if hours.startswith("-") else total) if total < 24 * 60 else None
