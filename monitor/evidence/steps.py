"""How a day count comes about, day by day: the start day is day 0, the limit's last day, the first day that breaks it.

Pure. Goes by what a standing says of itself (`inputs`: a first day and a limit) and by its rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.clock import civil_day
from monitor.judge.days import Schedule, last_day_of, schedule
from monitor.judge.workdays import NO_OVERRIDE, CalendarUnknown, is_workday
from monitor.model import Rule, Standing, Text, say

ALL_DAYS = 45
"""Days that are listed one by one; of a longer count the days on which something changes."""
STARTS = ("newest", "started_on")
"""Inputs that name the first day; else any other that is a day and no end."""
ENDS = ("end", "until", "due", "by", "week")
"""How inputs begin that name another day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a count. `n` counts from 0; with a limit in working days it counts those, and days off repeat it."""

    n: int
    day: date
    says: Text


def steps(rule: Rule, standing: Standing, now: datetime, workdays: Mapping[date, bool] = NO_OVERRIDE) -> list[Step]:
    """The count of that standing till the day it was judged, and the limit; empty where no days are counted."""
    start = _start(standing)
    if start is None or rule.limit is None or rule.limit.unit in {"s", "m", "h"}:
        return []
    try:
        plan = schedule(start, rule.limit, rule.warn, workdays)
        today = civil_day(now)
        return _listed(list(_counted(rule, start, plan, today, workdays)), today)
    except CalendarUnknown:
        return []


def _start(standing: Standing) -> date | None:
    named = [standing.inputs.get(name) for name in STARTS]
    others = [value for name, value in sorted(standing.inputs.items()) if not name.startswith(ENDS)]
    return next((day for day in map(last_day_of, [*named, *others]) if day is not None), None)


def _counted(rule: Rule, start: date, plan: Schedule, today: date, workdays: Mapping[date, bool]) -> Iterator[Step]:
    breach, last = civil_day(plan.breach), civil_day(plan.breach) - timedelta(days=1)
    warned = {civil_day(one) for one in plan.warnings}
    by_work = rule.limit is not None and rule.limit.unit == "wd"
    n, day = 0, start
    while day <= max(today, breach):
        off = by_work and not is_workday(day, workdays)
        n += day > start and not off
        yield Step(n, day, _says(day, start, last, breach, today, warned, off=off))
        day += timedelta(days=1)


def _says(  # noqa: PLR0917 - a day, and every day that is special
    day: date, start: date, last: date, breach: date, today: date, warned: set[date], *, off: bool
) -> Text:
    if day == start:
        return say("the day it counts from: not counted")
    if day == breach:
        return say("from 00:00 on the limit is passed")
    if day == last:
        return say("the last day of the limit")
    if day in warned:
        return say("a warning")
    if off:
        return say("no working day: not counted")
    return say("the day this was judged") if day == today else say("counted")


def _listed(days: Sequence[Step], today: date) -> list[Step]:
    """Every day up to now, and what is special of those to come; of a long count only what is special."""
    ordinary = {say("counted").template, say("no working day: not counted").template}
    short = sum(one.day <= today for one in days) <= ALL_DAYS
    return [one for one in days if one.says.template not in ordinary or (short and one.day <= today) or one is days[-1]]
