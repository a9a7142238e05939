"""What records owe: orders to rectify, filings within working days, what is to be done every quarter and year, hours without a shift.

Pure. The limits are those of the packs, written here a second time from domain.md §10. Records decide and the clock alone breaks
them (DESIGN.md §4.2); of several things overdue at a target under one cause one incident tells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from monitor.city.asked import DUTY, first_of, kind_of
from monitor.city.closures import brought, by_the_clock, entered, filings
from monitor.city.days import DAY, midnight, months_later, workdays_later
from monitor.city.filings import Filing
from monitor.city.returns import unpapered
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, merged, minus
from monitor.city.terms import Unit
from monitor.clock import civil_day
from monitor.model import Cause, DeclarationKind

DESK = "*"
ONE_DAY = timedelta(hours=24)
"""1天 (韶关 第三十五条, 中山 第三十六条): from the dispatch of an order about something serious."""
ORDERS: Mapping[str, str] = {"entry": "page"}
"""How the packs call what a scenario calls otherwise."""


class Within(NamedTuple):
    """A record of these kinds is to have that date within so many working days."""

    rule: str
    where: str
    kinds: frozenset[DeclarationKind]
    field: str
    working_days: int
    activity: str = ""


WITHIN = (
    Within(
        "chongchuan-2023/filing",
        "account",
        frozenset(
            {
                DeclarationKind.LAUNCH,
                DeclarationKind.CHANGE,
                DeclarationKind.SPONSOR_CHANGE,
                DeclarationKind.ACCOUNT_CLOSING,
            }
        ),
        "filed_on",
        3,
    ),
    Within(
        "foshan-2015/self-check-report",
        "desk",
        frozenset({DeclarationKind.ACTIVITY}),
        "reported",
        15,
        "self_check",
    ),
)
"""崇川 第十六条, 佛山 第二十八条. All other filings are 及时 without days: a line of the digest."""


@dataclass(frozen=True, slots=True)
class Often:
    """An activity that is owed so many times a year, or (`number` 0) in every quarter."""

    rule: str
    activity: str
    number: int = 1


OFTEN = (
    Often("shaoguan-2023/quarter-check", "quarter_check", 0),
    Often("shaoguan-2023/appraisal", "appraisal"),
    Often("zhongshan-2020/appraisal", "appraisal"),
    Often("zizhizhou-2020/meeting", "meeting"),
    Often("chongchuan-2023/quarter-check", "quarter_check", 0),
    Often("chongchuan-2023/appraisal", "appraisal"),
    Often("foshan-2015/self-check", "self_check", 2),
    Often("foshan-2015/drill", "drill"),
    Often("foshan-2015/appraisal", "appraisal"),
)

DAILY = (("foshan-2015/daily-reading", "reading", 1),)
"""Within so many days of the last one (佛山 第二十七条: 每天登录读网), from the first day of the watch on."""

YEARS = 11
"""A scenario has 3660 days at most."""

Owed = tuple[Span, str, bool]
"""When something is overdue, by which rule, and whether the days are known by which that was counted."""


def records(sight: Sight) -> Iterator[Unit]:
    """Every unit of what people owe and nobody looks at."""
    for target in sight.targets:
        yield from _units(sight, target, Cause.FIXED_WITHIN, list(_orders(sight, target)))
        yield from _units(sight, target, Cause.FILED_WITHIN, [*_unfiled(sight, target), *unpapered(sight, target)])
    yield from _units(sight, DESK, Cause.DONE_EVERY, [*_undone(sight), *_not_again(sight)])
    yield from _units(sight, DESK, Cause.DUTY_COVERED, list(_unmanned(sight)))


def _units(sight: Sight, target: str, cause: Cause, owed: list[Owed]) -> Iterator[Unit]:
    """A unit for each stretch in which at least one thing is overdue; what is not sure may be told or not."""
    loaded = [one for one in owed if one[1].partition("/")[0] in sight.terms.rules and one[0][0] < one[0][1]]
    spans = [(max(begin, sight.start), end) for (begin, end), _, _ in loaded if end > sight.start]
    sure = merged((begin, end) for (begin, end), _, is_sure in loaded if is_sure)
    for begin, end in merged(spans):
        rule = min(one for one in loaded if begin <= max(one[0][0], sight.start) <= end)[1]
        unit = by_the_clock(sight, Case(target, cause, "declared", rule, [(begin, end)]))
        certain = [piece for piece in sure if begin <= max(piece[0], sight.start) and piece[1] <= end]
        if not certain:
            yield replace(unit, due=None)
        else:
            told = by_the_clock(sight, Case(target, cause, "declared", rule, [(max(certain[0][0], begin), end)]))
            yield replace(unit, due=told.due, since=told.since)


def _orders(sight: Sight, target: str) -> Iterator[Owed]:
    kind = kind_of(target)
    for one in filings(sight, target):
        if one.kind is not DeclarationKind.ORDER or "minor" in one.switches:
            continue
        fixed = entered(sight, one, one.dated["fixed_at"]) if "fixed_at" in one.dated else FAR
        for pack in ("shaoguan-2023", "zhongshan-2020"):
            begin = max(one.start + ONE_DAY, brought(sight, one.at))
            yield (begin, fixed), f"{pack}/fixed-{ORDERS.get(kind, kind)}", True


def _unfiled(sight: Sight, target: str) -> Iterator[Owed]:
    for asked in WITHIN:
        for one in filings(sight, target):
            if one.kind in asked.kinds and kind_of(target) == asked.where and one.activity == asked.activity:
                yield _overdue(sight, one, asked)


def _overdue(sight: Sight, one: Filing, asked: Within) -> Owed:
    """A document number is as good as the day of filing. What is recorded late counts from when it is."""
    told = brought(sight, one.at)
    done = _last_day(one) if one.kind is DeclarationKind.ACTIVITY else civil_day(one.start)
    first = civil_day(one.dated["handed_in"]) if "handed_in" in one.dated else max(done, civil_day(told))
    last = workdays_later(first, asked.working_days)
    by = last if last is not None else first + asked.working_days * DAY
    filed = entered(sight, one, one.dated[asked.field]) if asked.field in one.dated else FAR
    if one.number and asked.field == "filed_on":
        filed = told
    return (max(midnight(by + DAY), told), filed), asked.rule, last is not None


def _last_day(one: Filing) -> date:
    """Its end is not within it."""
    return civil_day(one.start) if one.end is None else civil_day(one.end - timedelta(microseconds=1))


def _undone(sight: Sight) -> Iterator[Owed]:
    """By calendar years whose January, and quarters of which all days, this desk saw."""
    for asked in OFTEN:
        done = _done(sight, asked.activity)
        for first, after, following in _periods(sight.start, by_quarter=asked.number == 0):
            begin, end = midnight(after), midnight(following)
            enough = sorted(max(known, begin) for one, known in done if first <= civil_day(one.start) < after)
            again = (max(known, one.start, begin) for one, known in done if civil_day(one.start) >= after)
            met = enough[asked.number - 1 if asked.number else 0 :][: 1 if asked.number else None]
            yield (begin, min([end, *met, *again])), asked.rule, True


def _done(sight: Sight, activity: str) -> list[tuple[Filing, datetime]]:
    """Each time with the instant from which on it is known."""
    filed = (one for one in filings(sight, DESK) if one.kind is DeclarationKind.ACTIVITY)
    return [(one, brought(sight, one.at)) for one in filed if one.activity == activity]


def _not_again(sight: Sight) -> Iterator[Owed]:
    """From the midnight after the last day for it to the next time."""
    for rule, activity, days in DAILY:
        told = sorted((max(known, one.start), _last_day(one)) for one, known in _done(sight, activity))
        last = civil_day(sight.start)
        for at, day in [*told, (FAR, last)]:
            yield (midnight(last + (days + 1) * DAY), at), rule, True
            last = max(last, day)


def _periods(start: datetime, *, by_quarter: bool) -> Iterator[tuple[date, date, date]]:
    """First day, the first day after it, and that of the one after the next: as long as it can be said of this one."""
    today = civil_day(start)
    months = 3 if by_quarter else 12
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) if by_quarter else date(today.year, 1, 1)
    seen = first if by_quarter else date(today.year, 1, 31)
    if today > seen:
        first = months_later(first, months)
    for _ in range(YEARS * 12 // months):
        after = months_later(first, months)
        yield first, after, months_later(after, months)
        first = after


def _unmanned(sight: Sight) -> Iterator[Owed]:
    rule = first_of(DUTY, sight.terms.rules)
    for span in minus(sight.spans(DESK, "unmanned"), []):
        if rule is not None:
            yield span, rule, True
