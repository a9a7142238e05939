"""Silence: from when a home page, a column or an account is stale, counted in civil days of Shanghai (domain.md §1.2, §12).

Pure. Day n is civil date minus start date, the start day is day 0 (民法典 art. 201). The limits are those of national-2019,
written here a second time. Home pages and accounts are vetoes: their incident opens at the last warning, a day before.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from monitor.city.days import midnight, months_later
from monitor.city.entries import DeclaredEntry
from monitor.city.plan import Account, Column, Site
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, later, merged, minus
from monitor.city.terms import AFTERGLOW, Unit, allowed, cadence
from monitor.clock import civil_day
from monitor.model import Cause, ColumnKind

TWO_WEEKS = timedelta(days=14)
LAST_WARNING = timedelta(days=1)
"""A veto's incident opens a day before its limit (national-2019 warns 4 days and 1 day before)."""

_RULES = {ColumnKind.DYNAMIC: "N-COL-DYN", ColumnKind.OTHER: "N-COL-OTHER"}


def silences(sight: Sight) -> Iterator[Unit]:
    """Every stale unit."""
    for target in sight.targets:
        for piece in _pieces(sight, target):
            yield from _stale(sight, target, piece)


def _pieces(sight: Sight, target: str) -> Iterator[Span]:
    """The silences of a target as its page shows them: each begin and each end brings an item of its day."""
    spans = [_whole(sight, event.at, event.lasts) for event in sight.on(target, "silent")]
    edges = sorted({edge for span in spans for edge in span})
    silent = merged(spans)
    for begin, end in pairwise(edges):
        if not minus([(begin, end)], silent) and end > sight.start:
            yield begin, end


def _whole(sight: Sight, at: timedelta, lasts: timedelta | None) -> Span:
    """What began before the rehearsal counts from when it began: the demo plants such silences."""
    begin = sight.start + at
    return begin, FAR if lasts is None else later(begin, lasts)


def _stale(sight: Sight, target: str, piece: Span) -> Iterator[Unit]:
    """From the limit, or a veto's last warning, to the next item."""
    found = sight.plan.by_name[target]
    assert not isinstance(found, DeclaredEntry)  # `faults.py` lets no entry fall silent
    limit = max(_opens(found, civil_day(piece[0])), sight.start)
    # A clock that was set wrong brings the day about too early or too late; we go by the later, and mind neither.
    opens, late = sorted((limit, sight.by_our_clock(limit)))
    cycle = cadence(sight.terms, "silent", target)
    clock = timedelta(0) if isinstance(found, Column) else cycle
    if opens >= later(piece[1], clock):
        return
    if opens >= piece[1]:
        # The clock alone makes a veto due: an item newer than the last look is not known yet. Neither asked nor wrong.
        glow = sight.glow(piece[1], clock + AFTERGLOW)
        yield Unit(target, Cause.STALE, "silent", opens, piece[1], None, _rule(found), opens, glow)
        return
    covered = merged([*sight.covered(target), *sight.spans(target, "shell", "blank", "bridge_down")])
    spans = minus([(opens, piece[1])], covered)
    dim = [*sight.muted(target), (opens, late)]
    case = Case(target, Cause.STALE, "silent", _rule(found), spans, dim)
    unit = sight.unit(case, cycle, allowed(sight.terms, "silent", target))
    if unit is not None:
        yield unit


def _opens(found: Site | Column | Account, last: date) -> datetime:
    """00:00 of the day on which the incident opens when the newest item is of the day `last`."""
    if isinstance(found, Column):
        return midnight(_limit(found.kind, last) + timedelta(days=1))
    return midnight(last + TWO_WEEKS - LAST_WARNING)


def _limit(kind: ColumnKind, last: date) -> date:
    """The last day on which a column whose newest item is of `last` is still in time."""
    if kind is ColumnKind.DYNAMIC:
        return last + TWO_WEEKS
    return months_later(last, 12 if kind is ColumnKind.OTHER else 6)


def _rule(found: Site | Column | Account) -> str:
    name = (
        _RULES.get(found.kind, "N-COL-POL")
        if isinstance(found, Column)
        else "N-HOME"
        if isinstance(found, Site)
        else "N-ACC"
    )
    return f"national-2019/{name}"
