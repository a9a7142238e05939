"""可用性清单: the samples of a site day by day, what was left out and why, and the share of a week that decides the veto.

Reads lines of the store that are handed in; pure. A day with fewer than 20 good or failed samples is marked 样本不足.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from monitor.clock import civil_day
from monitor.model import CLOSURES, Declaration
from monitor.store.ledger import DayLine

ENOUGH = 20
"""Visits a day the indicator asks for at least (国办秘函〔2019〕19号, 站点无法访问)."""
SHARE = 5
"""Percent of the week's visits that are a veto."""


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day. `filed` are failed samples inside closures people had filed: left out, like `unseen` ones."""

    day: date
    good: int
    failed: int
    unseen: int
    filed: int
    too_few: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The days, and the rolling week up to now as the veto counts it. `more`: failures until it is reached."""

    site: str
    days: tuple[Day, ...]
    failed: int
    of: int
    percent: float
    more: int
    minutes: float  # of the week, in failed samples times the time between two
    declarations: tuple[int, ...]


def sheet(
    site: str,
    days: Sequence[DayLine],
    failures: Sequence[tuple[datetime, int]],
    filed: Sequence[Declaration],
    *,
    period: timedelta,
    now: datetime,
) -> Sheet:
    """`failures` are the hours that have any, `period` the time between samples."""
    closures = [one for one in filed if one.kind in CLOSURES and one.target == site]
    left_out = [(hour, count) for hour, count in failures if _is_filed(hour, closures, now)]
    rows = tuple(_day(row, left_out, now) for row in days)
    since = now - timedelta(days=7)
    gone = sum(count for hour, count in left_out if hour > since - timedelta(hours=1))
    failed = sum(count for hour, count in failures if hour > since - timedelta(hours=1)) - gone
    seen = sum(row.good for row in rows if row.day > civil_day(since)) + failed
    of = max(int(timedelta(days=7) / period), seen)
    limit = max(1, ceil(SHARE * of / 100))
    return Sheet(
        site=site,
        days=rows,
        failed=failed,
        of=of,
        percent=round(100 * failed / of, 2) if of else 0.0,
        more=max(limit - failed, 0),
        minutes=round(failed * period / timedelta(minutes=1), 1),
        declarations=tuple(one.id for one in closures),
    )


def _day(row: DayLine, left_out: Sequence[tuple[datetime, int]], now: datetime) -> Day:
    filed = sum(count for hour, count in left_out if civil_day(hour) == row.day)
    failed = row.failed - filed
    is_over = row.day < civil_day(now)
    return Day(row.day, row.good, failed, row.excluded, filed, is_over and row.good + failed < ENOUGH)


def _is_filed(hour: datetime, closures: Iterable[Declaration], now: datetime) -> bool:
    """Whether the hour touches a closure, as judging counts it (settle/judging.py)."""
    return any(one.start < hour + timedelta(hours=1) and (one.end or now) > hour for one in closures)
