"""How a day count comes about, day by day: the start day is day 0, the limit's last day, the first day after it.

That day breaks a ceiling; of a floor, such as the days of a notice, it is the first on which nothing is owed any more. Pure but for
the catalogue. Goes by what a standing says of itself (`inputs`: a first day and a limit) and by its rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.clock import civil_day
from monitor.judge.days import Schedule, last_day_of, schedule
from monitor.judge.workdays import NO_OVERRIDE, CalendarUnknown, is_known, is_workday
from monitor.model import Rule, Standing, Text, say
from monitor.model.finding import Value
from monitor.render import day as day_of, translate

ALL_DAYS = 45
"""Days that are listed one by one; of a longer count the days on which something changes."""
STARTS = ("newest", "started_on")
"""Inputs that name the first day; else any other that is a day and no end."""
ENDS = ("end", "until", "due", "by", "week")
"""How inputs begin that name another day."""
FLOORS = frozenset({"notice_kept"})
"""Obligations whose limit is how long something has to last at the least."""

NOTHING: Mapping[date, Text] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a count. `n` counts from 0; with a limit in working days it counts those, and days off repeat it."""

    n: int
    day: date
    says: Text


def steps(
    rule: Rule,
    standing: Standing,
    now: datetime,
    workdays: Mapping[date, bool] = NO_OVERRIDE,
    told: Mapping[date, Text] = NOTHING,
) -> list[Step]:
    """The count of that standing till the day it was judged, and the limit; empty where no days are counted.

    `told`: what else is to be said of days that count. Where the working days of a year are not known it ends before them.
    """
    start = _start(standing)
    if start is None or rule.limit is None or rule.limit.unit in {"s", "m", "h"}:
        return []
    today = civil_day(now)
    try:
        plan = schedule(start, rule.limit, rule.warn, workdays)
    except CalendarUnknown as error:
        return _as_far_as_known(start, today, error.year, workdays, told)
    end = civil_day(plan.breach)
    special, stop = _special(rule, start, plan), end if told else max(today, end)
    by_work = rule.limit.unit == "wd"
    try:
        days = list(_counted(start, stop, today, special, workdays if by_work else None, told))
    except CalendarUnknown:  # of the days after the limit: they change nothing of the count
        days = list(_counted(start, end, today, special, workdays, told))
    return _listed(days, today, end, by_work=by_work)


def _start(standing: Standing) -> date | None:
    named = [standing.inputs.get(name) for name in STARTS]
    others = [value for name, value in sorted(standing.inputs.items()) if not name.startswith(ENDS)]
    return next((day for day in map(last_day_of, [*named, *others]) if day is not None), None)


def _as_far_as_known(
    start: date, today: date, year: int, workdays: Mapping[date, bool], told: Mapping[date, Text]
) -> list[Step]:
    """The working days that somebody knows, and from where on nobody does."""
    day = start + timedelta(days=1)
    while is_known(day, workdays):
        day += timedelta(days=1)
    if day == start + timedelta(days=1):
        return []
    known = list(_counted(start, day - timedelta(days=1), today, {start: _START}, workdays, told))
    return [*known, Step(known[-1].n, day, say("the working days of {year} are not known", year=year))]


def _special(rule: Rule, start: date, plan: Schedule) -> Mapping[date, Text]:
    """The days of which something else is said than that they count."""
    end = civil_day(plan.breach)
    last, over = (_STAYS, _MAY_END) if rule.obligation in FLOORS else (_LAST, _LIMIT_OVER)
    warned = dict.fromkeys(map(civil_day, plan.warnings), _WARNING)
    return {**warned, end - timedelta(days=1): last, end: over, start: _START}


def _counted(  # noqa: PLR0917 - from when to when, and what is said of which day
    start: date,
    stop: date,
    today: date,
    special: Mapping[date, Text],
    workdays: Mapping[date, bool] | None,
    told: Mapping[date, Text],
) -> Iterator[Step]:
    """Every day, by working days where those are given."""
    n, day = 0, start
    while day <= stop:
        off = workdays is not None and not is_workday(day, workdays)
        n += day > start and not off
        worked = workdays is not None and not off and day.weekday() >= SATURDAY
        usual = _OFF if off else _WORKED if worked else _TODAY if day == today else _COUNTED
        if day in told:
            yield Step(n, day, told[day])
        says = special.get(day, usual)
        if day not in told or says not in (_TODAY, _COUNTED):
            yield Step(n, day, says)
        day += timedelta(days=1)


SATURDAY = 5
_START, _WARNING = say("the day it counts from: not counted"), say("a warning")
_LAST, _LIMIT_OVER = say("the last day of the limit"), say("from 00:00 on the limit is passed")
_STAYS, _MAY_END = say("the last day on which it has to stay"), say("from 00:00 on its days are over: it may go")
_OFF, _COUNTED = say("no working day: not counted"), say("counted")
_WORKED, _TODAY = say("a weekend day on which offices work: counted"), say("the day this was judged")
_ORDINARY = (_OFF, _COUNTED, _WORKED)


def _listed(days: Sequence[Step], today: date, end: date, *, by_work: bool) -> list[Step]:
    """Every day up to now, and what is special of those to come (in working days all: which of them are off decides).

    Of a long count only what is special, and in working days what lies inside the limit.
    """
    short = sum(one.day <= today for one in days) <= ALL_DAYS
    inside = by_work and sum(one.day <= end for one in days) <= ALL_DAYS
    return [
        one
        for one in days
        if one.says not in _ORDINARY
        or (short and one.day <= today)
        or (inside and one.day <= end)
        or (one.says == _WORKED and one.day < end)
        or one is days[-1]
    ]


def in_words(counted: Iterable[Step], language: str) -> list[Text]:
    """The count for people, days in a row that say the same together."""
    return [_together(run, language) for run in _runs(counted)]


def _runs(counted: Iterable[Step]) -> Iterator[list[Step]]:
    run: list[Step] = []
    for step in counted:
        if run and (step.says != run[-1].says or step.day != run[-1].day + timedelta(days=1)):
            yield run
            run = []
        run.append(step)
    if run:
        yield run


def _together(run: Sequence[Step], language: str) -> Text:
    first, last = run[0], run[-1]
    says = translate(first.says, language)
    if len(run) == 1:
        return say("day {n}, {day}: {says}", n=first.n, day=day_of(first.day, language, with_year=True), says=says)
    told: dict[str, Value] = {"days": f"{first.day}..{last.day}", "count": len(run), "says": says}
    if first.n == last.n:
        return say("day {n}, {days}, {count} days: {says}", n=first.n, **told)
    return say("days {first} to {last}, {days}, {count} days alike: {says}", first=first.n, last=last.n, **told)
