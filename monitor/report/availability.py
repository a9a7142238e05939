"""可用性清单: what the regulation asks of a week, what was sampled of it day by day, what was left out and why, and the share that decides.

Reads lines of the store and the week's samples as judging counts them, handed in; pure. A day with fewer than 20 samples that told
something is marked 样本不足, one without any look at all 未监测: neither is ever shown as a good day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.clock import civil_day
from monitor.model import CLOSURES, Declaration, Text, say
from monitor.store.ledger import DayLine, SiteLine, UnseenLine

ENOUGH = 20
"""Visits a day the indicator asks for at least (国办秘函〔2019〕19号, 站点无法访问)."""
WANTED = 7 * ENOUGH
"""Visits a week it asks for at least."""
DAY = timedelta(days=1)
KEPT = timedelta(days=399)
"""Samples are forgotten after 400 days (store/retention.py): what was before is not unobserved, only gone."""


class Observed(StrEnum):
    """Whether a day can stand in the reckoning."""

    ENOUGH = "enough"
    TOO_FEW = "too_few"  # 样本不足
    UNOBSERVED = "unobserved"  # 未监测: nobody looked at all
    RUNNING = "running"  # today, not over yet


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day. `taken` told something; left out are `filed` failures inside filed closures and `unseen` ones, with `reasons`."""

    day: date
    wanted: int
    taken: int | None  # None: nobody looked
    good: int | None
    failed: int | None
    unseen: int
    filed: int
    too_few: bool
    observed: Observed
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Samples of the last 168 hours as judging counts them. `of` is the denominator, `limit` the failures that are the veto."""

    good: int
    failed: int
    unseen: int
    filed: int
    of: int
    limit: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rolling week as the veto counts it, and the days. `wanted` is the regulation's, `of` a week at our cadence. `more`: failures until the veto."""

    site: str
    watched_since: datetime
    wanted: int
    of: int
    taken: int
    good: int | None  # None, as all that follows from it, when nothing was taken
    failed: int | None
    unseen: int
    filed: int
    percent: float | None
    more: int | None
    minutes: float | None  # of the week, in failed samples times the time between two
    declarations: tuple[int, ...]
    days: tuple[Day, ...]


def sheet(  # noqa: PLR0917  a site, its lines of the store, and the times they are of
    site: SiteLine,
    days: Sequence[DayLine],
    failures: Sequence[tuple[datetime, int]],
    unseen: Sequence[UnseenLine],
    filed: Sequence[Declaration],
    week: Week,
    *,
    asked: tuple[datetime, datetime],
    period: timedelta,
    now: datetime,
) -> Sheet:
    """`failures` are the hours that have any, `period` the time between samples, `asked` from when to before when."""
    closures = [one for one in filed if one.kind in CLOSURES and one.start <= now]
    left_out = _left_out(failures, closures, now)
    by_day = {row.day: row for row in days}
    watched = min([civil_day(site.added_at), *by_day])
    taken = week.good + week.failed
    return Sheet(
        site=site.site,
        watched_since=site.added_at,
        wanted=WANTED,
        of=week.of,
        taken=taken,
        good=week.good if taken else None,
        failed=week.failed if taken else None,
        unseen=week.unseen,
        filed=week.filed,
        percent=round(100 * week.failed / week.of, 2) if taken else None,
        more=max(week.limit - week.failed, 0) if taken else None,
        minutes=round(week.failed * period / timedelta(minutes=1), 1) if taken else None,
        declarations=tuple(one.id for one in closures),
        days=tuple(
            _day(by_day.get(day, DayLine(day, 0, 0, 0)), left_out.get(day, {}), unseen, now)
            for day in _days(asked, watched, now)
        ),
    )


def _days(asked: tuple[datetime, datetime], watched: date, now: datetime) -> Iterator[date]:
    """Every day asked for on which the site was on the inventory, looked at or not."""
    begin, end = asked
    first = max(civil_day(begin), watched, civil_day(now - KEPT))
    last = civil_day(min(end, now) - timedelta(milliseconds=1))
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _left_out(
    failures: Sequence[tuple[datetime, int]], closures: Sequence[Declaration], now: datetime
) -> Mapping[date, Mapping[str, int]]:
    """By day and closure (its number) the failures inside it."""
    found: dict[date, dict[str, int]] = {}
    for hour, count in failures:
        closure = _closure(hour, closures, now)
        if closure is not None:
            of_day, number = found.setdefault(civil_day(hour), {}), closure.number or f"#{closure.id}"
            of_day[number] = of_day.get(number, 0) + count
    return found


def _day(row: DayLine, left_out: Mapping[str, int], unseen: Sequence[UnseenLine], now: datetime) -> Day:
    filed = sum(left_out.values())
    failed, looked = row.failed - filed, row.good + row.failed + row.excluded
    is_over = row.day < civil_day(now)
    too_few = is_over and row.good + failed < ENOUGH
    short = Observed.TOO_FEW if looked else Observed.UNOBSERVED
    closed = (say("{n} failed inside the filed closure {number}", n=n, number=one) for one, n in left_out.items())
    return Day(
        day=row.day,
        wanted=ENOUGH,
        taken=row.good + failed if looked else None,
        good=row.good if looked else None,
        failed=failed if looked else None,
        unseen=row.excluded,
        filed=filed,
        too_few=too_few,
        observed=short if too_few else Observed.ENOUGH if is_over else Observed.RUNNING,
        reasons=(*closed, *(_unseen(row, unseen) if row.excluded else ())),
    )


def _unseen(row: DayLine, unseen: Sequence[UnseenLine]) -> Iterator[Text]:
    """Why looks of that day could not tell: each reason once."""
    told = {repr(one.why): one.why for one in unseen if civil_day(one.first_at) <= row.day <= civil_day(one.last_at)}
    yield from told.values() or (say("could not be told; why is no longer known"),)


def _closure(hour: datetime, closures: Iterable[Declaration], now: datetime) -> Declaration | None:
    """The closure the hour touches, as judging counts it (store/brought.py)."""
    touching = (one for one in closures if one.start < hour + timedelta(hours=1) and (one.end or now) > hour)
    return next(touching, None)
