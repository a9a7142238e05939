"""Days and instants as people write them: 2026-12-01, 2026-12-01 08:00, or ISO with a zone; without one it is Shanghai's time.

Pure. What is no such text raises NoMoment, which says in words what was expected.
"""

import re
from datetime import UTC, date, datetime, timedelta

from monitor.clock import SHANGHAI, day_start
from monitor.model import Text, say

FIRST, LAST = 2000, 2100
"""Years that make sense: before them there were no government websites, after them somebody mistyped."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.IGNORECASE
)


class NoMoment(ValueError):
    """The text names no day or instant that makes sense; `words` say what is wrong, `advice` what to write."""

    def __init__(self, words: Text, advice: Text) -> None:
        super().__init__(str(words))
        self.words = words
        self.advice = advice


def read_day(text: str) -> date:
    """A civil day, YYYY-MM-DD. Raises NoMoment."""
    written = text.strip()
    try:
        day = date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        day = None
    if day is None:
        raise NoMoment(say("“{text}” is no day", text=text), say("write it as 2026-12-01"))
    _check_sense(text, day.year)
    return day


def is_bare_day(text: str) -> bool:
    """Whether it names a day and no time."""
    return _DAY.fullmatch(text.strip()) is not None


def read_when(text: str, *, through: bool = False) -> datetime:
    """An instant, UTC. A bare day is its 00:00 in Shanghai; with `through` the end of that day. Raises NoMoment."""
    written = text.strip()
    if _DAY.fullmatch(written):
        return day_start(read_day(written) + timedelta(days=int(through)))
    found = _INSTANT.fullmatch(written)
    try:
        instant = None if found is None else datetime.fromisoformat(f"{found[1]}T{found[2]}{(found[3] or '').upper()}")
    except ValueError:
        instant = None
    if instant is None:
        advice = say("write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00+08:00")
        raise NoMoment(say("“{text}” is no day or time", text=text), advice)
    _check_sense(text, instant.year)
    local = instant if instant.tzinfo is not None else instant.replace(tzinfo=SHANGHAI)
    return local.astimezone(UTC)


def _check_sense(text: str, year: int) -> None:
    if not FIRST <= year <= LAST:
        words = say("“{text}” does not lie between {first} and {last}", text=text, first=FIRST, last=LAST)
        raise NoMoment(words, say("check the year"))
