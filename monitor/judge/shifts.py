"""The shifts a roster makes of a stretch of time, and how far somebody is on duty without a gap.

Reads a roster and instants; returns shifts and instants. Wall clock times are those of Shanghai, which has no summer time.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from monitor.clock import SHANGHAI, civil_day
from monitor.model import Repeating, Roster, Shift

_DAY = timedelta(days=1)


def shifts_between(roster: Roster, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Every shift that touches the stretch from `start` to before `end`, whole, by their beginnings. Instants, UTC."""
    made = (shift for one in roster for shift in _made(one, start, end))
    return tuple(sorted(made, key=lambda one: (one.start, one.end, one.people)))


def covered_until(shifts: Iterable[Shift], instant: datetime) -> datetime:
    """How long somebody is on duty from that instant on without a gap: the instant itself when nobody is."""
    for shift in sorted(_manned(shifts), key=lambda one: one.start):
        if shift.start > instant:
            break
        instant = max(instant, shift.end)
    return instant


def last_end(shifts: Iterable[Shift], instant: datetime) -> datetime | None:
    """When the last one before that instant went off duty."""
    return max((one.end for one in _manned(shifts) if one.end <= instant), default=None)


def next_start(shifts: Iterable[Shift], instant: datetime) -> datetime | None:
    """When the next one after that instant comes on duty."""
    return min((one.start for one in _manned(shifts) if one.start > instant), default=None)


def _manned(shifts: Iterable[Shift]) -> Iterator[Shift]:
    return (one for one in shifts if one.people)


def _made(one: Repeating | Shift, start: datetime, end: datetime) -> Iterator[Shift]:
    if isinstance(one, Shift):
        if one.start < end and one.end > start:
            yield Shift(one.start.astimezone(UTC), one.end.astimezone(UTC), one.people)
        return
    day, last = civil_day(start) - _DAY, civil_day(end)
    while day <= last:
        if day.weekday() in one.days and (one.since or day) <= day <= (one.until or day):
            begins = datetime.combine(day, one.start, SHANGHAI).astimezone(UTC)
            ends = datetime.combine(day if one.end > one.start else day + _DAY, one.end, SHANGHAI).astimezone(UTC)
            if begins < end and ends > start:
                yield Shift(begins, ends, one.people)
        day += _DAY
