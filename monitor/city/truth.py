"""The truth about a rehearsal: which incidents a scenario must lead to, written without a look at how the daemon works.

Pure. Imports the words and the city only, never plan/, judge/ or alert/: what they get wrong must not be wrong here too.
A unit is one target under one cause in one interval (DESIGN.md §4.6). `score.py` compares it with what was found.
"""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.city.faults import Event, expand
from monitor.city.plan import Column, Plan
from monitor.clock import SHANGHAI
from monitor.model import Cause, ColumnKind

OUTAGES = frozenset({"down", "dns", "timeout", "http_500", "http_404", "maintenance", "soft_error"})
OURS = frozenset({"uplink_down", "clock_jump", "disk_full"})
HIDDEN_WHILE = frozenset({"uplink_down", "disk_full", "killed"})
"""While one of these holds, we see nothing."""
LAST_WARNING_DAYS = 1
"""A veto's incident opens a day before its limit (national-2019 warns 4 days and 1 day before)."""

_ONCE = {"tls_expired": Cause.CERTIFICATE, "blank": Cause.BLANK, "dead_link": Cause.DEAD_LINK, "hijacked": Cause.TAMPER}
_ONCE |= {"hidden_link": Cause.TAMPER, "backdated": Cause.FORGED_DATE, "marks_missing": Cause.MARKS, "slow": Cause.SLOW}
_ONCE |= dict.fromkeys(OUTAGES, Cause.OUTAGE) | dict.fromkeys(OURS, Cause.OURS)
_WALLS = frozenset({"challenged", "shell", "bridge_down"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The waits of the daemon that is rehearsed; the defaults are those of its settings and of DESIGN.md §4.6."""

    site: timedelta = timedelta(minutes=5)
    column: timedelta = timedelta(hours=1)
    account: timedelta = timedelta(hours=1)
    links: timedelta = timedelta(days=1)
    certificate: timedelta = timedelta(days=1)
    blind_site: timedelta = timedelta(hours=24)
    blind_column: timedelta = timedelta(days=3)
    blind_account: timedelta = timedelta(days=3)
    link_window: timedelta = timedelta(hours=1)
    window: timedelta = timedelta(minutes=2, seconds=30)  # confirmation of reach kinds
    windows: Mapping[str, timedelta] = field(default_factory=dict)  # kinds whose window differs
    group: timedelta = timedelta(seconds=30)
    allowance: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Unit:
    """One expected incident membership. `end` None: to the end. `due` is when its notice must have been confirmed.

    `due` None: optional, finding it is neither missed nor false.
    """

    target: str
    cause: Cause
    kind: str
    start: datetime
    end: datetime | None
    due: datetime | None


Span = tuple[datetime, datetime | None]


def truth(plan: Plan, events: Iterable[Event], start: datetime, terms: Terms) -> list[Unit]:
    """Every unit, earliest first. Raises ScenarioError like Faults."""
    known = expand(plan, events)
    units = [unit for event in known for unit in _units(plan, event, known, start, terms)]
    return sorted(units, key=lambda unit: (unit.start, unit.target, unit.cause))


def _units(plan: Plan, event: Event, events: tuple[Event, ...], start: datetime, terms: Terms) -> Iterator[Unit]:
    began, end = start + event.at, None if event.lasts is None else start + event.until
    span = (max(began, start), end)
    if end is not None and end <= start:
        return
    is_column = "/column-" in event.target
    if event.kind == "silent":
        yield from _stale(plan, event, began, end, _Sight(events, start, terms))
    elif event.kind in _WALLS or (event.kind == "maintenance" and is_column):
        yield from _blind(plan, event, span, _Sight(events, start, terms))
    elif event.kind in _ONCE:
        yield _Sight(events, start, terms).unit(event, event.target, _ONCE[event.kind], span)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What can be seen when: the events, and the waits until something seen is told."""

    events: tuple[Event, ...]
    start: datetime
    terms: Terms

    def unit(self, event: Event, target: str, cause: Cause, span: Span, needed: timedelta | None = None) -> Unit:
        """Due once it could be seen for long enough in one piece; optional when it never could."""
        wait = needed if needed is not None else cadence(self.terms, event) + window(self.terms, event)
        seen = next((since for since, until in self._visible(event, target, span) if _long(since, until, wait)), None)
        due = None if seen is None else seen + wait + self._grouping(event) + self.terms.allowance
        return Unit(target, cause, event.kind, span[0], span[1], due)

    def _grouping(self, event: Event) -> timedelta:
        return self.terms.group + (self.terms.links if event.kind == "dead_link" else timedelta(0))

    def _visible(self, event: Event, target: str, span: Span) -> list[Span]:
        """The pieces of a span in which nothing hid the target."""
        pieces = [span]
        for other in self.events:
            if other is not event and _hides(other, event, target):
                gone = (self.start + other.at, None if other.lasts is None else self.start + other.until)
                pieces = [left for piece in pieces for left in _minus(piece, gone)]
        return pieces


def cadence(terms: Terms, event: Event) -> timedelta:
    """How often that is looked at."""
    if event.kind == "tls_expired":
        return terms.certificate
    if event.kind == "dead_link":
        return terms.site + terms.links
    if "/column-" in event.target:
        return terms.column
    return terms.account if event.target.startswith("account-") else terms.site


def window(terms: Terms, event: Event) -> timedelta:
    """How long confirming takes after the first look (DESIGN.md §4.6)."""
    if event.kind in terms.windows:
        return terms.windows[event.kind]
    if event.kind in OUTAGES or event.kind == "slow":
        return terms.window
    return {"dead_link": terms.link_window, "blank": terms.column}.get(event.kind, timedelta(0))


def _hides(other: Event, event: Event, target: str) -> bool:
    """Does `other` keep people from seeing `event` at `target`."""
    if other.kind in HIDDEN_WHILE and other.target == "*":
        return event.kind not in OURS
    if other.kind == "bridge_down":
        return other.target == target and event.kind == "silent"
    shown = other.kind in OUTAGES or other.kind in {"slow", "challenged", "hijacked"}
    whole_host = other.target == target.partition("/")[0] and "/" in target
    same_page = other.target == target and event.kind not in OUTAGES | {"slow", "challenged"}
    hides_content = other.kind == "shell" and same_page
    return (shown and (whole_host or same_page)) or hides_content


def _blind(plan: Plan, event: Event, span: Span, sight: _Sight) -> Iterator[Unit]:
    """Nothing, then one blind incident after the limit; columns behind the same wall may be told of too."""
    terms = sight.terms
    limits = {"site": terms.blind_site, "column": terms.blind_column, "account": terms.blind_account}
    targets = [event.target]
    if event.kind == "challenged" and "/" not in event.target:
        targets += [column.name for column in plan.site_of(event.target).columns]
    for target in targets:
        limit, cycle = limits[target.rpartition("/")[2].partition("-")[0]], cadence(terms, event)
        since = span[0] + limit
        if span[1] is not None and span[1] <= since - cycle:
            continue
        unit = sight.unit(event, target, Cause.BLIND, (since, span[1]), cycle)
        # A column behind its site's wall: one incident is enough, its own is neither asked for nor wrong.
        yield unit if target == event.target else Unit(target, Cause.BLIND, event.kind, since, span[1], None)


def _stale(plan: Plan, event: Event, began: datetime, end: datetime | None, sight: _Sight) -> Iterator[Unit]:
    """From the day after the limit; under a veto from its last warning on."""
    last = began.astimezone(SHANGHAI).date()
    late = _midnight(_limit(plan, event.target, last) + timedelta(days=1))
    since = late - timedelta(days=LAST_WARNING_DAYS + 1) if _is_veto(plan, event.target) else late
    opens = max(since, sight.start)
    if end is None or opens < end:
        yield sight.unit(event, event.target, Cause.STALE, (opens, end), cadence(sight.terms, event))


def _limit(plan: Plan, target: str, last: date) -> date:
    """The last day on which the newest item of `last` is still in time (domain.md §1.2, §12)."""
    found = plan.by_name[target]
    if not isinstance(found, Column) or found.kind is ColumnKind.DYNAMIC:
        return last + timedelta(days=14)
    return _months_later(last, 12 if found.kind is ColumnKind.OTHER else 6)


def _is_veto(plan: Plan, target: str) -> bool:
    """Home pages and accounts are single vetoes; a column only counts toward one."""
    return not isinstance(plan.by_name[target], Column)


def _months_later(day: date, months: int) -> date:
    """31 August and six months: the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _minus(piece: Span, gone: Span) -> list[Span]:
    begin, end = piece
    left: list[Span] = []
    if gone[0] > begin:
        left.append((begin, gone[0] if end is None else min(end, gone[0])))
    if gone[1] is not None and (end is None or gone[1] < end):
        left.append((max(begin, gone[1]), end))
    return [(a, b) for a, b in left if b is None or a < b]


def _long(since: datetime, until: datetime | None, wait: timedelta) -> bool:
    return until is None or until - since >= wait
