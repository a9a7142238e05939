"""What an event of a scenario may say beside at, for, kind and target (DESIGN.md §4.6), and how times are written.

Pure. Says what is wrong with a value, never what it leads to.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

from monitor.city.faults import Event
from monitor.model import DeclarationKind

_LENGTH = re.compile(r"(\d{1,6})\s*([smhd])")
_MOMENT = re.compile(r"(?:(\d{1,5})d)?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Option(NamedTuple):
    """Which values are good, and what to tell whoever wrote another."""

    good: Callable[[object], bool]
    expected: str


def moment(text: object) -> timedelta | None:
    """As in "3d 02:10", "02:10", "40m", "2 h": time since the start; None when it is none."""
    if not isinstance(text, str) or not text.strip():
        return None
    if (length := _LENGTH.fullmatch(text.strip())) is not None:
        return timedelta(seconds=int(length[1]) * _UNITS[length[2]])
    if (found := _MOMENT.fullmatch(text.strip())) is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def jump_of(event: Event) -> timedelta:
    """By how much a clock_jump sets the clock."""
    return signed(event.options.get("by")) or timedelta()


def signed(text: object) -> timedelta | None:
    """As in "-2h", "3h"; None when it is none, or nothing."""
    if not isinstance(text, str):
        return None
    length = moment(text.strip().removeprefix("-").removeprefix("+"))
    return None if not length else -length if text.strip().startswith("-") else length


def since_start(text: object) -> timedelta | None:
    """A time since the start, or before it with a minus: as in "3d 02:10", "-20d"; None when it is none."""
    if not isinstance(text, str):
        return None
    length = moment(text.strip().removeprefix("-"))
    return None if length is None else -length if text.strip().startswith("-") else length


def _one_of(*values: str) -> Option:
    return Option(lambda value: _text(value) in values, " or ".join(f'"{value}"' for value in values))


def _words(expected: str) -> Option:
    return Option(lambda value: isinstance(value, str) and 0 < len(value.strip()) <= 40, expected)


def _text(value: object) -> str | None:
    """A status may be written as a number."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _between(least: float, most: float) -> Option:
    def good(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most

    return Option(good, f"a number from {least:g} to {most:g}")


def _is_channel_answer(value: object) -> bool:
    text = _text(value) or ""
    return text in {"refused", "timeout", "errcode"} or (text.isdecimal() and 100 <= int(text) <= 599)


_TIME = Option(lambda value: since_start(value) is not None, 'a time since the start such as "3d 02:10" or "-20d"')
_DECLARE = tuple(one.value for one in DeclarationKind)

NOTICES = ("own_notice", "portal_notice", "notice")
"""Of a `declared`: true, and the notice stands in the city and its address is told."""
SWITCHES = ("security", "minor")
DATED = (
    *("filed_on", "handed_in", "reported", "announced", "restore_filed", "self_check", "police_check", "consents"),
    *("cancelled", "state_reported", "deregistered", "found_at", "fixed_at"),
)
"""Of a `declared`: fields of its kind, each with the time at which it is entered, and which it says; before `at`: with the filing."""
_TRUE = Option(lambda value: value is True, "true")


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


_WHOLE = Option(lambda value: _is_whole(value, 99), "a whole number to 99")

OPTIONS: Mapping[str, Mapping[str, Option]] = {
    "down": {"how": _one_of("refused", "reset")},
    "dns": {"answer": _one_of("nxdomain", "servfail", "timeout")},
    "slow": {"seconds": _between(1, 25)},  # the fetcher reads for 30 s
    "challenged": {"status": _one_of("412", "521", "200", "401", "403", "429")},
    "maintenance": {"back_days": _between(0, 3660)},
    "hijacked": {"how": _one_of("parked", "spam")},
    "entry_missing": {"how": _one_of("gone", "hidden")},
    "channel_down": {"answer": Option(_is_channel_answer, '"refused", "timeout", "errcode" or an HTTP status')},
    "clock_jump": {"by": Option(lambda value: signed(value) is not None, 'a length of time such as "-2h" or "3h"')},
    "ack": {"by": _words("a name")},
    "declared": {
        "declare": _one_of(*_DECLARE),
        "from": _TIME,
        "to": _TIME,
        "number": _words("a document number"),
        "activity": _words("what was done"),
        "daily": Option(lambda value: _is_whole(value, 3660), "a whole number of days to 3660"),
        **dict.fromkeys((*NOTICES, *SWITCHES), _TRUE),
        **dict.fromkeys(DATED, _TIME),
    },
    "posts": {"original": _WHOLE, "others": _WHOLE},
    "notice_gone": {"how": _one_of("gone", "another"), "notice": _one_of(*NOTICES)},
    "mislisted": {"how": _one_of("no_owner", "no_contact", "second", "other_name")},
    "message": {
        "class": _one_of("jiucuo", "consulting", "handling"),
        "answered": _TIME,
        "by": _one_of("people", "page"),
    },
}
"""By kind and name."""
NEEDED = frozenset(
    {
        *(("clock_jump", "by"), ("declared", "declare"), ("message", "class"), ("mislisted", "how")),
        *(("posts", "original"), ("posts", "others")),
    }
)
"""What must be there."""
