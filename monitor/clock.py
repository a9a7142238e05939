"""Time: the only place that reads the system clock.

Instants are aware UTC datetimes; the store keeps them as whole milliseconds since 1970 UTC; rules count
civil days in Asia/Shanghai. Everything that needs the time is handed a Clock, so that rehearsals can play a year.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What the time is, and how to wait for it."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step back: for durations and waiting, never stored."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long by this clock."""
        ...

    def after(self, seconds: float, call: Callable[[], object]) -> "Alarm":
        """Call that on the running loop once so long has passed, unless it is cancelled before."""
        ...


class Alarm(Protocol):
    """A call that is planned."""

    def cancel(self) -> object: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def after(self, seconds: float, call: Callable[[], object]) -> Alarm:
        return asyncio.get_running_loop().call_later(seconds, call)


def to_ms(instant: datetime) -> int:
    """An aware instant as whole milliseconds since 1970 UTC (rounded down)."""
    return (instant - _EPOCH) // _MILLISECOND


@lru_cache(maxsize=16_384)  # what one look found bears one instant, and is read again with every judging
def from_ms(milliseconds: int) -> datetime:
    """The aware UTC instant of so many milliseconds since 1970."""
    return _EPOCH + milliseconds * _MILLISECOND


def civil_day(instant: datetime) -> date:
    """The day a calendar on a wall in Shanghai shows at that instant."""
    return instant.astimezone(SHANGHAI).date()


def iso(instant: datetime) -> str:
    """The instant in Shanghai time, as answers and files write it: 2026-11-24T08:00:00+08:00."""
    return instant.astimezone(SHANGHAI).isoformat()


def day_start(day: date) -> datetime:
    """00:00 in Shanghai of that civil day, as a UTC instant."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def civil_days(start: datetime, end: datetime | None) -> tuple[date, date]:
    """The first and the last civil day of a span, its `end` not within it; without one the day of its start is both."""
    first = civil_day(start)
    return first, first if end is None else civil_day(end - _MILLISECOND)


_MILLISECOND = timedelta(milliseconds=1)
