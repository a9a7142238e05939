"""Lengths of time and sizes as people write them: "500ms", "30s", "5m", "1h", "1d"; "14d", "6mo"; "3MiB".

Pure text to value and back. Settings use exact lengths (timedelta); rules use calendar limits (model.Limit), which have
no fixed number of seconds. Raises ValueError with a sentence that can be shown as it is.
"""

import re
from datetime import timedelta

from monitor.model import Limit

HINT = 'write a whole number and a unit, such as "500ms", "30s", "5m", "1h" or "1d"'
SIZE_HINT = 'write a number of bytes, or a text such as "512KiB", "3MiB" or "1GiB"'
LIMIT_HINT = (
    'write a whole number and a unit: "15s", "5m", "24h", "14d" (calendar days), "3wd" (working days), "6mo", "1y"'
)

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_LIMIT_UNITS = ("s", "m", "h", "d", "wd", "mo", "y")
_SIZES = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_LONGEST = timedelta(days=3660)  # ten years: longer is a slip of the pen, and timedelta overflows at 2.7 million years
_WRITTEN = re.compile(r"([0-9]{1,12})([A-Za-z]+)")


def parse_duration(text: str) -> timedelta:
    """An exact length of time; raises ValueError for anything but a whole number and ms, s, m, h or d."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in _UNITS:
        raise ValueError(f'"{text}" is not a length of time')
    number = int(match[1])
    if number > _LONGEST // _UNITS[match[2]]:
        raise ValueError(f'"{text}" is longer than ten years')
    return number * _UNITS[match[2]]


def format_duration(length: timedelta) -> str:
    """The shortest text parse_duration reads back as the same length (whole milliseconds)."""
    for unit in ("d", "h", "m", "s"):
        if length and length % _UNITS[unit] == timedelta():
            return f"{length // _UNITS[unit]}{unit}"
    return f"{length // _UNITS['ms']}ms"


def parse_limit(text: str) -> Limit:
    """A limit of a rule; raises ValueError."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in _LIMIT_UNITS:
        raise ValueError(f'"{text}" is not a limit')
    if len(match[1]) > 5:
        raise ValueError(f'"{text}" is not a limit anybody could keep')
    return Limit(int(match[1]), match[2])


def parse_size(text: str) -> int:
    """A number of bytes; raises ValueError."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in _SIZES:
        raise ValueError(f'"{text}" is not a size')
    return int(match[1]) * _SIZES[match[2]]
