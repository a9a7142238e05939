"""Lengths of time and sizes as people write them: "500ms", "30s", "5m", "1h", "1d"; "14d", "6mo"; "3MiB".

Pure text to value and back. Settings use exact lengths (timedelta); rules use calendar limits (model.Limit), which have
no fixed number of seconds. What is none raises Unfitting, with a sentence for people.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from monitor.model import Limit, Text, say

HINT = say('write a whole number and a unit, such as "500ms", "30s", "5m", "1h" or "1d"')
SIZE_HINT = say('write a number of bytes, or a text such as "512KiB", "3MiB" or "1GiB"')
LIMIT_HINT = say(
    'write a whole number and a unit: "15s", "5m", "24h", "14d" (calendar days), "3wd" (working days), "6mo", "1y"'
)

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_LIMIT_UNITS: Mapping[str, tuple[timedelta, timedelta]] = {  # the least and the most that one of it takes
    **{unit: (_UNITS[unit], _UNITS[unit]) for unit in ("s", "m", "h", "d")},
    "wd": (timedelta(days=1), timedelta(days=12)),  # 春节 and 国庆 are the longest holidays: 8 days, and weekends
    "mo": (timedelta(days=28), timedelta(days=31)),
    "y": (timedelta(days=365), timedelta(days=366)),
}
_SIZES = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_LONGEST = timedelta(days=3660)  # ten years: longer is a slip of the pen, and timedelta overflows at 2.7 million years
_LONGEST_LIMIT = timedelta(days=36_525)  # a hundred years: nobody keeps to more, and dates end with the year 9999
_LARGEST = 1 << 50  # bytes: more than a million GiB is a slip of the pen
_WRITTEN = re.compile(r"([0-9]{1,4000})([A-Za-z]+)")  # Python refuses to read numbers of 4,300 digits


class Unfitting(ValueError):
    """The text is none of what it should be; `words` say so."""

    def __init__(self, words: Text) -> None:
        super().__init__(str(words))
        self.words = words


def parse_duration(text: str) -> timedelta:
    """An exact length of time; raises Unfitting for anything but a whole number and ms, s, m, h or d."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in _UNITS:
        raise Unfitting(say('"{text}" is not a length of time', text=_short(text)))
    number = int(match[1])
    if number > _LONGEST // _UNITS[match[2]]:
        raise Unfitting(say('"{text}" is longer than ten years', text=_short(text)))
    return number * _UNITS[match[2]]


def parse_limit(text: str) -> Limit:
    """A limit of a rule; raises Unfitting."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in _LIMIT_UNITS:
        raise Unfitting(say('"{text}" is not a limit', text=_short(text)))
    if int(match[1]) > _LONGEST_LIMIT // _LIMIT_UNITS[match[2]][0]:
        raise Unfitting(say('"{text}" is longer than a hundred years', text=_short(text)))
    return Limit(int(match[1]), match[2])


def is_as_long(one: Limit, other: Limit) -> bool:
    """Whether one limit is as long as the other or longer, whatever the calendar: False where that depends on it."""
    if one.unit == other.unit:
        return one.number >= other.number
    return one.number * _LIMIT_UNITS[one.unit][0] >= other.number * _LIMIT_UNITS[other.unit][1]


def parse_size(text: str) -> int:
    """A number of bytes; raises Unfitting."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in _SIZES:
        raise Unfitting(say('"{text}" is not a size', text=_short(text)))
    if int(match[1]) > _LARGEST // _SIZES[match[2]]:
        raise Unfitting(say('"{text}" is more than any disk holds', text=_short(text)))
    return int(match[1]) * _SIZES[match[2]]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
