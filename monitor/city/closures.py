"""Closures people filed: when they explain that a site does not open, and when one more is one too many.

Pure. What is filed is known from the instant it is filed, also when it began before. Only 临时下线 counts toward the year
(domain.md §12: by its start date, in calendar years); it leads to nothing else by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from monitor.city.asked import OFFLINE_ONCE, first_of
from monitor.city.days import midnight
from monitor.city.filings import Filing, filings_of
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, longer, merged, or_none
from monitor.city.terms import OUTAGES, Unit, allowed
from monitor.clock import civil_day, day_start
from monitor.model import CLOSURES, Cause, DeclarationKind

OPEN_FOR = timedelta(hours=24)
"""So long open ends an outage (domain.md §12)."""
PER_YEAR = 1
"""临时下线 a calendar year (国办发〔2017〕47号)."""


@dataclass(frozen=True, slots=True)
class Closure:
    """From when to when it was filed that a site does not open, and from when on that was known."""

    begin: datetime
    end: datetime
    known: datetime


def filings(sight: Sight, target: str) -> list[Filing]:
    """What was filed for a target, earliest first; filed twice alike it is one."""
    told = (one for event in sight.on(target, "declared") for one in filings_of(event, sight.start))
    return list(dict.fromkeys(sorted(told, key=_filed)))


def closures(sight: Sight, target: str) -> list[Closure]:
    """The closures filed for it."""
    filed = [one for one in filings(sight, target) if one.kind in CLOSURES]
    return [Closure(one.start, over_at(sight, target, one), brought(sight, one.at)) for one in filed]


def over_at(sight: Sight, target: str, one: Filing) -> datetime:
    """When a closure is over: on its day; force majeure and an order that name none, with the first outage that is over after it began."""
    if one.end is not None or one.kind not in {DeclarationKind.FORCE_MAJEURE, DeclarationKind.ORDERED_CLOSURE}:
        return one.end or FAR
    return min((up for _, up in outages(sight, target) if up > one.start), default=FAR)


def outages(sight: Sight, target: str) -> list[Span]:
    """What is shorter than its confirmation is none; recoveries of less than 24 hours are gaps in one."""
    spans = merged(longer(confirmed(sight, target), OPEN_FOR))
    return [(begin, end - OPEN_FOR if end < FAR else FAR) for begin, end in spans]


def confirmed(sight: Sight, target: str) -> list[Span]:
    """When the city shows it does not open, as long as the shortest confirmation takes; gaps are between them."""
    return [span for span in sight.shown(target, OUTAGES) if span[1] - span[0] >= sight.terms.tries]


def brought(sight: Sight, at: datetime) -> datetime:
    """When what people bring at that instant is in the store: nobody takes it down while the process is gone or the disk full."""
    shut = merged([*sight.spans("*", "killed"), *sight.spans("*", "disk_full")])
    return next((end for begin, end in shut if begin <= at < end), at)


def filed_spans(sight: Sight, target: str) -> list[Span]:
    """When it is known that the site is closed by what was filed."""
    return merged((max(one.begin, one.known), one.end) for one in closures(sight, target))


def gone_spans(sight: Sight, target: str) -> list[Span]:
    """From when it is known that an account was deregistered: what it posts no more, nobody asks for."""
    closing = (one for one in filings(sight, target) if one.kind is DeclarationKind.ACCOUNT_CLOSING)
    told = ((one, one.dated["deregistered"]) for one in closing if "deregistered" in one.dated)
    return merged((max(one.start, day_start(civil_day(at)), entered(sight, one, at)), FAR) for one, at in told)


def entered(sight: Sight, one: Filing, at: datetime) -> datetime:
    """When a field of that time is in the store: told with the filing, or later."""
    return brought(sight, max(at, one.at))


def closed_for_good(sight: Sight, site: str) -> datetime | None:
    """From when it is known that a site closed for good; None: never."""
    filed = (one for one in filings(sight, site) if one.kind is DeclarationKind.PERMANENT_OFFLINE)
    return min((max(one.start, brought(sight, one.at)) for one in filed), default=None)


def second_closures(sight: Sight) -> Iterator[Unit]:
    """From the second 临时下线 of a calendar year that has begun to the end of that year."""
    for target in sight.targets:
        temporary = (one for one in filings(sight, target) if one.kind is DeclarationKind.TEMPORARY_OFFLINE)
        for year, of_year in groupby(_anew(sorted(temporary, key=_start)), key=_year):
            yield from _too_many(sight, target, year, [max(one.start, brought(sight, one.at)) for one in of_year])


def _anew(filed: Iterable[Filing]) -> Iterator[Filing]:
    """Of closures by start those that go on with none before: what touches or overlaps is one closure."""
    reached = None
    for one in filed:
        end = one.end or FAR
        if reached is None or one.start > reached:
            yield one
        reached = end if reached is None else max(reached, end)


def _too_many(sight: Sight, target: str, year: int, begun: list[datetime]) -> Iterator[Unit]:
    end = midnight(date(year + 1, 1, 1))
    if len(begun) <= PER_YEAR:
        return
    since = max(sorted(begun)[PER_YEAR], sight.start)
    if since < end:
        rule = first_of(OFFLINE_ONCE, sight.terms.rules) or OFFLINE_ONCE[0]
        yield by_the_clock(sight, Case(target, Cause.OFFLINE_AT_MOST, "declared", rule, [(since, end)]))


def by_the_clock(sight: Sight, case: Case) -> Unit:
    """A unit that needs no look: due at once, unless it ends before anybody need have judged. Our clock may be wrong."""
    ((begin, end),) = case.spans
    opens, late = sorted((begin, sight.by_our_clock(begin)))
    due = sight.patience.deadline(late, allowed(sight.terms, case.kind, case.target))
    return Unit(
        case.target,
        case.cause,
        case.kind,
        opens,
        or_none(end),
        due if due <= end else None,
        case.rule,
        late,
        sight.glow(end),
    )


def _start(one: Filing) -> datetime:
    return one.start


def _filed(one: Filing) -> datetime:
    return one.at


def _year(one: Filing) -> int:
    return civil_day(one.start).year
