"""How long what people filed holds: a return ends a closure; one without a day of its end is over with the outage it explained.

Reads declarations and outages; gives the same declarations, their ends as they came. A permanent closure holds until the site is
launched anew. That a site came back from a closure by order without leave is for the rules about returns to tell (judge/filings.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.clock import civil_day, day_start
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage

OVER_WITH_OUTAGE = frozenset({DeclarationKind.FORCE_MAJEURE, DeclarationKind.ORDERED_CLOSURE})
"""Closures whose end nobody can name when they are filed: 24 hours up end them, as they end the outage."""


def in_effect(filed: Iterable[Declaration], ended: Sequence[Outage] = ()) -> tuple[Declaration, ...]:
    """The declarations of one target, each closure with the end it came to; `ended` are its outages that are over."""
    filed = tuple(filed)
    returns = [_came(one.start, ended) for one in filed if one.kind is DeclarationKind.RETURN]
    launches = [one.start for one in filed if one.kind is DeclarationKind.LAUNCH]
    return tuple(_as_ended(one, returns, launches, ended) if one.kind in CLOSURES else one for one in filed)


def goes_by_outages(filed: Iterable[Declaration]) -> bool:
    """Whether the outages that are over decide how long one of them holds."""
    return any(
        one.kind is DeclarationKind.RETURN or (one.kind in OVER_WITH_OUTAGE and one.end is None) for one in filed
    )


def concerns(returned: datetime, outage: Outage) -> bool:
    """Whether a return of that instant is one from this outage. Midnight stands for the day: often only that is told."""
    day = civil_day(returned)
    only_day = returned == day_start(day)
    return outage.started_at <= returned or (only_day and civil_day(outage.started_at) == day)


def _came(returned: datetime, ended: Iterable[Outage]) -> datetime:
    """When the return came about: at the end of the outage it is from, where that was later than what was told."""
    over = [one.ended_at for one in ended if one.ended_at is not None and concerns(returned, one)]
    return max([returned, *(instant for instant in over if instant > returned)])


def _as_ended(
    closure: Declaration, returns: Iterable[datetime], launches: Iterable[datetime], ended: Iterable[Outage]
) -> Declaration:
    ends = [instant for instant in returns if instant > closure.start]
    if closure.kind is DeclarationKind.PERMANENT_OFFLINE:
        ends += [instant for instant in launches if instant > closure.start]
    if closure.end is not None:
        ends.append(closure.end)
    elif closure.kind in OVER_WITH_OUTAGE:
        ends += [over for one in ended if (over := one.ended_at) is not None and over > closure.start]
    return replace(closure, end=min(ends, default=None))


def covered(outage: Outage, closures: Iterable[Declaration], now: datetime) -> list[tuple[datetime, datetime]]:
    """The parts of an outage that closures explain, in order; what two of them explain is one part."""
    over = outage.ended_at or outage.up_since or now
    spans = [
        (max(one.start, outage.started_at), min(one.end or over, over)) for one in closures if one.kind in CLOSURES
    ]
    parts: list[tuple[datetime, datetime]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if parts and start <= parts[-1][1]:
            parts[-1] = parts[-1][0], max(parts[-1][1], end)
        else:
            parts.append((start, end))
    return parts
