"""Silence: from when a home page, a column or an account is stale, counted in civil days of Shanghai (domain.md §1.2, §12).

Pure. Day n is civil date minus start date, the start day is day 0 (民法典 art. 201). The limits are those of the packs, written here
a second time. Home pages and accounts are vetoes of the national one: their incident opens at the last warning, a day before.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from monitor.city.closures import gone_spans
from monitor.city.days import DAY, midnight, months_later
from monitor.city.entries import DeclaredEntry
from monitor.city.plan import Account, Column, Site
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, later, merged, minus
from monitor.city.terms import AFTERGLOW, Unit, allowed, cadence
from monitor.clock import civil_day
from monitor.model import Cause, ColumnKind

LAST_WARNING = timedelta(days=1)
"""A veto's incident opens a day before its limit (national-2019 warns 4 days and 1 day before)."""


class Window(NamedTuple):
    """How old the newest item may be: days, or calendar months. A veto's incident opens at its last warning."""

    rule: str
    days: int = 0
    months: int = 0
    veto: bool = False

    def opens(self, last: date) -> date:
        """The day on which the incident opens when the newest item is of the day `last`."""
        limit = months_later(last, self.months) + self.days * DAY
        return limit - LAST_WARNING if self.veto else limit + DAY


WINDOWS: Mapping[str, tuple[Window, ...]] = {
    "site": (Window("national-2019/N-HOME", 14, veto=True),),
    "account": (
        Window("national-2019/N-ACC", 14, veto=True),
        Window("shaoguan-2023/accounts", 14),
        Window("chongchuan-2023/zombie", months=3),
    ),
    ColumnKind.DYNAMIC: (
        Window("national-2019/N-COL-DYN", 14),
        Window("shaoguan-2023/dynamic-columns", 14),
        Window("zizhizhou-2020/dynamic-columns", 14),
    ),
    ColumnKind.POLICY: (
        Window("national-2019/N-COL-POL", months=6),
        Window("zizhizhou-2020/policy-columns", months=6),
    ),
    ColumnKind.OTHER: (
        Window("national-2019/N-COL-OTHER", months=12),
        Window("zizhizhou-2020/other-columns", months=12),
    ),
}
"""中山 and 佛山 have none. The blocks of a home page that 韶关 asks for are dynamic columns here."""


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
    opening = _opening(sight, found, civil_day(piece[0]))
    if opening is None:
        return
    limit, rule = max(midnight(opening[0]), sight.start), opening[1]
    # A clock that was set wrong brings the day about too early or too late; we go by the later, and mind neither.
    opens, late = sorted((limit, sight.by_our_clock(limit)))
    cycle = cadence(sight.terms, "silent", target)
    clock = timedelta(0) if isinstance(found, Column) else cycle
    if opens >= later(piece[1], clock):
        return
    if opens >= piece[1]:
        # The clock alone makes a veto due: an item newer than the last look is not known yet. Neither asked nor wrong.
        glow = sight.glow(piece[1], clock + AFTERGLOW)
        yield Unit(target, Cause.STALE, "silent", opens, piece[1], None, rule, opens, glow)
        return
    unread = [*sight.covered(target), *sight.spans(target, "shell", "blank", "bridge_down")]
    covered = merged([*unread, *gone_spans(sight, target)])
    spans = minus([(opens, piece[1])], covered)
    dim = [*sight.muted(target), (opens, late)]
    case = Case(target, Cause.STALE, "silent", rule, spans, dim)
    unit = sight.unit(case, cycle, allowed(sight.terms, "silent", target))
    if unit is not None:
        yield unit


def _opening(sight: Sight, found: Site | Column | Account | DeclaredEntry, last: date) -> tuple[date, str] | None:
    """The day on which the first of the loaded rules has its incident when the newest item is of the day `last`."""
    kind = "site" if isinstance(found, Site) else "account" if isinstance(found, Account) else found.kind
    asked = [one for one in WINDOWS.get(kind, ()) if one.rule.partition("/")[0] in sight.terms.rules]
    return min(((one.opens(last), one.rule) for one in asked), default=None, key=_day)


def _day(opening: tuple[date, str]) -> date:
    return opening[0]
