"""What can be seen when: which of several faults the city shows, what it covers up, and when we are blind ourselves.

Pure. Reads the events; answers for any target in spans of time. Of several faults on one host the city shows one
(`pages.respond` and `carrier.py` decide, retold here): no name before no connection, then whichever began first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from monitor.city.faults import HOST_KINDS, Event
from monitor.city.lateness import Patience, span_of
from monitor.city.options import jump_of
from monitor.city.plan import Plan
from monitor.city.spans import FAR, Span, later, longer, merged, minus, or_none, within
from monitor.city.terms import AFTERGLOW, HIDDEN_WHILE, OUTAGES, Terms, Unit, allowed, cadence, window
from monitor.model import Cause

_COVERING = OUTAGES | {"challenged", "hijacked"}
"""Under these no page of the host shows what it would show; a slow one still does."""


class Shown(NamedTuple):
    """A reach fault as the city shows it: from when to when, and of what kind."""

    begin: datetime
    end: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a unit is about: `spans` are those in which the fault is there to be seen, `dim` those in which it may not be."""

    target: str
    cause: Cause
    kind: str
    rule: str | None
    spans: list[Span]
    dim: Iterable[Span] = ()


class Sight:
    """The events of a rehearsal by target, from `start` on."""

    def __init__(self, plan: Plan, events: tuple[Event, ...], start: datetime, terms: Terms) -> None:
        self.plan, self.events, self.start, self.terms = plan, events, start, terms
        self.patience = Patience(events, start, terms)
        self._by_target: dict[str, list[Event]] = {}
        for event in events:
            self._by_target.setdefault(event.target, []).append(event)
        self.ours = merged(self.span(event) for event in events if event.kind in HIDDEN_WHILE and event.target == "*")
        self._jumps = sorted((start + event.at, jump_of(event)) for event in events if event.kind == "clock_jump")
        self._reach: dict[str, list[Shown]] = {}
        self._known: dict[tuple[str, str, frozenset[str]], list[Span]] = {}

    @property
    def targets(self) -> list[str]:
        """Every target with an event, sorted."""
        return sorted(self._by_target)

    def on(self, target: str, *kinds: str) -> list[Event]:
        """The events of these kinds on a target, earliest first."""
        return [event for event in self._by_target.get(target, ()) if event.kind in kinds]

    def span(self, event: Event) -> Span:
        """When it holds, within the rehearsal."""
        begin, end = span_of(event, self.start)
        return max(begin, self.start), end

    def spans(self, target: str, *kinds: str) -> list[Span]:
        """When any event of these kinds holds on a target."""
        key = "spans", target, frozenset(kinds)
        if key not in self._known:
            self._known[key] = merged(self.span(event) for event in self.on(target, *kinds))
        return self._known[key]

    def reach(self, target: str) -> list[Shown]:
        """The reach faults the city shows at a site, or at a column apart from its site's."""
        if target not in self._reach:
            own = list(
                _shown([(self.span(e), k, _rank(e)) for e in self.on(target, *HOST_KINDS) if (k := plays_as(e))])
            )
            site = self.shown(target.partition("/")[0]) if "/" in target else []
            self._reach[target] = [Shown(*piece, one.kind) for one in own for piece in minus([one[:2]], site)]
        return self._reach[target]

    def shown(self, target: str, kinds: frozenset[str] = HOST_KINDS) -> list[Span]:
        """When the city shows a reach fault of these kinds at a target."""
        key = "shown", target, kinds
        if key not in self._known:
            self._known[key] = merged(one[:2] for one in self.reach(target) if one.kind in kinds)
        return self._known[key]

    def covered(self, target: str, kinds: frozenset[str] = _COVERING) -> list[Span]:
        """When a page's own content is not there to be seen: its own reach fault, or its site's."""
        site = target.partition("/")[0]
        if site == target:
            return self.shown(site, kinds)
        return merged([*self.shown(site, kinds), *self.shown(target, kinds)])

    def muted(self, target: str, kinds: frozenset[str] = HOST_KINDS) -> list[Span]:
        """While the host fails, slowly or wholly, and until its return is confirmed: three good looks."""
        site = target.partition("/")[0]
        key = "muted", site, kinds
        if key not in self._known:
            back = self.terms.site + self.terms.window
            self._known[key] = merged(longer(self.shown(site, kinds), back))
        return self._known[key]

    def by_our_clock(self, limit: datetime) -> datetime:
        """The instant at which the machine's clock, set as often as it was, first shows that time."""
        since, ahead = self.start, timedelta(0)
        for at, by in self._jumps:
            if limit - ahead < at:
                break
            since, ahead = at, ahead + by
        return max(since, limit - ahead)

    def set_between(self, span: Span) -> tuple[timedelta, timedelta]:
        """By how much in all the machine's clock was set forward and back in a span."""
        told = [by for at, by in self._jumps if span[0] < at <= span[1]]
        forward = sum((by for by in told if by > timedelta(0)), timedelta(0))
        return forward, forward - sum(told, timedelta(0))

    def unit(self, case: Case, needed: timedelta | None = None, wait: timedelta | None = None) -> Unit | None:
        """Due once it could be seen for `needed` in one piece, `wait` after that; None when nothing ever shows.

        Optional when no piece is long enough. Its interval is from the first piece to the last; its delay counts from the
        piece that makes it due.
        """
        if not case.spans:
            return None
        terms, kind, target = self.terms, case.kind, case.target
        needed = cadence(terms, kind, target) + window(terms, kind) if needed is None else needed
        wait = allowed(terms, kind, target) if wait is None else wait
        sure = minus(minus(case.spans, self.ours), merged(case.dim))
        since = next((begin for begin, end in sure if end - begin >= needed), None)
        due = None if since is None else self.patience.deadline(since, wait)
        start, end = case.spans[0][0], case.spans[-1][1]
        return Unit(target, case.cause, kind, start, or_none(end), due, case.rule, since or start, self.glow(end))

    def glow(self, end: datetime, after: timedelta = AFTERGLOW) -> timedelta:
        """How long after `end` an incident may open: longer when we could not write down then what we had seen."""
        last = later(end, after)
        held = within([(end, last)], self.ours)
        if held and held[-1][1] < FAR:
            until = next(stop for begin, stop in self.ours if begin <= held[-1][0] < stop)
            last = later(until, after)
        return last - end


def plays_as(event: Event) -> str | None:
    """The kind an event amounts to: a slow page is a timeout from 30 s on, and below 15 s nothing (DESIGN.md §1)."""
    if event.kind != "slow":
        return event.kind
    seconds = event.number("seconds", 16.5)
    return "timeout" if seconds >= 30 else "slow" if seconds >= 15 else None


def _rank(event: Event) -> int:
    """Who goes first on one host: the name, then the connection, then whichever began first."""
    if "/" in event.target:
        return 2
    if event.kind == "dns":
        return 0
    return 1 if event.kind == "down" and event.option("how", "refused") == "refused" else 2


def _shown(held: list[tuple[Span, str, int]]) -> Iterator[Shown]:
    """Of the faults that hold, the one that shows, piece by piece."""
    edges = sorted({edge for span, _, _ in held for edge in span})
    waiting = sorted(range(len(held)), key=lambda n: held[n][0][0])
    active: list[int] = []
    last: Shown | None = None
    for begin, end in pairwise(edges):
        while waiting and held[waiting[0]][0][0] <= begin:
            active.append(waiting.pop(0))
        active = [n for n in active if held[n][0][1] > begin]
        if not active:
            continue
        kind = held[min(active, key=lambda n: (held[n][2], n))][1]
        if last is not None and last.end == begin and last.kind == kind:
            last = Shown(last.begin, end, kind)
        else:
            if last is not None:
                yield last
            last = Shown(begin, end, kind)
    if last is not None:
        yield last
