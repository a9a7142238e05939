"""Limits counted on civil days in Shanghai: last days, breach instants, warnings.

Reads dates and limits, returns dates and instants. Never reads a clock.
By 民法典 art. 201 the start day is day 0: 14 days from the 1st end with the 15th, and are passed from 00:00 of the 16th.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from monitor.clock import civil_day, day_start
from monitor.judge.workdays import NO_OVERRIDE, add_workdays
from monitor.model import Limit

_EXACT = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what began on a day is warned of, is on its last day, and has passed its limit. Instants, UTC."""

    warnings: tuple[datetime, ...]  # in order
    last_day: datetime
    breach: datetime
    due: datetime = field(
        init=False
    )  # from when on a person should know: the first warning, at the latest the last day
    turns: tuple[datetime, ...] = field(init=False)  # all of them in order: of each somebody may be told

    def __post_init__(self) -> None:
        turns = tuple(sorted((*self.warnings, self.last_day, self.breach)))
        object.__setattr__(self, "turns", turns)
        object.__setattr__(self, "due", turns[0])

    def warned(self, now: datetime) -> int:
        """How many warnings have passed."""
        return bisect_right(self.warnings, now)

    def next_after(self, now: datetime) -> datetime | None:
        """The next instant anything changes, None when all is past."""
        for turn in self.turns:  # few, and asked of every column at midnight
            if turn > now:
                return turn
        return None


def schedule(
    start: date, limit: Limit, warn: Iterable[Limit] = (), override: Mapping[date, bool] = NO_OVERRIDE
) -> Schedule:
    """The instants of a limit that runs from `start`; raises workdays.CalendarUnknown for a limit in wd.

    A limit in h, m or s runs from the end of `start`, because the hour of a bare date is not known.
    """
    told = tuple(warn)
    if not override or all(one.unit != "wd" for one in (limit, *told)):
        return _usual_schedule(start, limit, told)
    return _schedule(start, limit, told, override)


@lru_cache(maxsize=8192)  # at midnight every column is asked, and most were fed on one of a few days
def _usual_schedule(start: date, limit: Limit, warn: tuple[Limit, ...]) -> Schedule:
    return _schedule(start, limit, warn, NO_OVERRIDE)


def _schedule(start: date, limit: Limit, warn: Iterable[Limit], override: Mapping[date, bool]) -> Schedule:
    breach = breach_of(start, limit, override)
    last_day = breach if limit.unit in _EXACT else breach - _DAY
    warnings = sorted(_warning(breach, one, override) for one in warn)
    return Schedule(tuple(warnings), last_day, breach)


def schedule_to(last_day: date, warn: Iterable[Limit] = (), override: Mapping[date, bool] = NO_OVERRIDE) -> Schedule:
    """The instants of what is to be done by the end of a day that is known."""
    breach = day_start(last_day + _DAY)
    return Schedule(tuple(sorted(_warning(breach, one, override) for one in warn)), day_start(last_day), breach)


def schedule_from(
    start: datetime, limit: Limit, warn: Iterable[Limit] = (), override: Mapping[date, bool] = NO_OVERRIDE
) -> Schedule:
    """The instants of a limit that runs from an instant: a day is 24 hours of it (domain.md §12, "1天").

    Limits in wd, mo and y are of civil days all the same; their `last_day` is a day, that of the others the last 24 hours.
    """
    if limit.unit not in {*_EXACT, "d"}:
        return schedule(civil_day(start), limit, warn, override)
    breach = start + length(limit)
    warnings = sorted(
        breach - length(one) if one.unit in {*_EXACT, "d"} else _warning(breach, one, override) for one in warn
    )
    return Schedule(tuple(warnings), max(start, breach - _DAY), breach)


def breach_of(start: date, limit: Limit, override: Mapping[date, bool] = NO_OVERRIDE) -> datetime:
    """The first instant at which the limit has passed."""
    if limit.unit in _EXACT:
        return day_start(start + _DAY) + length(limit)
    return day_start(deadline(start, limit, override) + _DAY)


def deadline(start: date, limit: Limit, override: Mapping[date, bool] = NO_OVERRIDE) -> date:
    """The last day inside a limit of days, working days, months or years; negative numbers count back."""
    match limit.unit:
        case "d":
            return start + timedelta(days=limit.number)
        case "wd":
            return add_workdays(start, limit.number, override)
        case "mo":
            return add_months(start, limit.number)
        case "y":
            return add_months(start, 12 * limit.number)
        case unit:
            raise ValueError(f"{unit} is not a limit on civil days")


def add_months(day: date, months: int) -> date:
    """The same day so many months on (back when negative), or the last of that month: 31 August + 6 = end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of(text: object) -> date | None:
    """The last day a date or a month ("2026-11") can mean; None when it is neither."""
    return _last_day(text) if isinstance(text, str) else None


@lru_cache(maxsize=2048)  # nearly all that is watched was fed on one of a few days
def _last_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text if len(text) > len("2026-11") else f"{text}-01")
    except ValueError:
        return None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None
    if len(text) > len("2026-11"):
        return day
    return day.replace(day=monthrange(day.year, day.month)[1])


def length(limit: Limit) -> timedelta:
    """A limit in s, m or h as an exact length, one in d as so many times 24 hours; ValueError for the others."""
    if limit.unit == "d":
        return limit.number * _DAY
    if limit.unit not in _EXACT:
        raise ValueError(f"{limit} has no exact length")
    return limit.number * _EXACT[limit.unit]


def earlier(instant: datetime, limit: Limit, override: Mapping[date, bool] = NO_OVERRIDE) -> datetime:
    """So long before an instant; by working days, months or years the start of the civil day so long before its own."""
    if limit.unit == "d" or limit.unit in _EXACT:
        return instant - length(limit)
    return day_start(deadline(civil_day(instant), Limit(-limit.number, limit.unit), override))


def days_between(start: datetime, now: datetime) -> int:
    """Day n of what began at `start`: the start day is day 0."""
    return (civil_day(now) - civil_day(start)).days


def next_midnight(now: datetime) -> datetime:
    """The next 00:00 in Shanghai after `now`."""
    return day_start(civil_day(now) + _DAY)


def next_hour(now: datetime) -> datetime:
    """The next full hour after `now`."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_of(now: datetime, *instants: datetime | None) -> datetime | None:
    """The earliest of the instants that is still to come."""
    return min((one for one in instants if one is not None and one > now), default=None)


def _warning(breach: datetime, before: Limit, override: Mapping[date, bool]) -> datetime:
    """The start of the day so long before the last day; so many hours before the breach when it is in h."""
    if before.unit in _EXACT:
        return breach - length(before)
    last_day = civil_day(breach) - _DAY
    return day_start(deadline(last_day, Limit(-before.number, before.unit), override))


_FIRST_YEAR, _LAST_YEAR = 1970, 2999
"""A newest date outside these is no date of ours; it also keeps calendar arithmetic inside what Python has."""
