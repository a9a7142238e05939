"""The truth about a rehearsal: which incidents a scenario must lead to, written without a look at how the daemon works.

Pure. Imports the words and the city only, never plan/, judge/ or alert/: what they get wrong must not be wrong here too.
A unit is one target under one cause in one interval (DESIGN.md §4.6). `score.py` compares it with what was found.
What looks tell of a fault is in `looked.py`, blindness in `walls.py`, silence in `silences.py` and `weeks.py`, the 5 % in `share.py`, count
vetoes in `counts.py`, what records decide in `closures.py`, `replies.py`, `records.py`, `returns.py` and `notices.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.city.asked import LOOKED_AT, kind_of
from monitor.city.closures import closed_for_good, second_closures
from monitor.city.counts import counts
from monitor.city.entries import is_notice
from monitor.city.faults import Event, expand
from monitor.city.kept import notices
from monitor.city.looked import looked
from monitor.city.options import jump_of
from monitor.city.originals import originals
from monitor.city.plan import Plan, Site
from monitor.city.records import records
from monitor.city.replies import overdue
from monitor.city.share import shares
from monitor.city.sight import Sight
from monitor.city.silences import silences
from monitor.city.spans import FAR, Span, merged, minus, or_none
from monitor.city.terms import AFTERGLOW, OURS, Terms, Unit, allowed, terms_of
from monitor.city.walls import blindness
from monitor.city.weeks import weeks
from monitor.model import Cause

__all__ = ["Terms", "Unit", "terms_of", "truth", "units_of"]

JUMP_TOLD = timedelta(hours=1)
"""How long after the machine's clock was set its incident may open: it is over at once."""
SMALL_JUMP = timedelta(minutes=1)
"""What NTP sets right in passing; telling it is neither missed nor false."""


def truth(plan: Plan, events: Iterable[Event], start: datetime, terms: Terms) -> list[Unit]:
    """Every unit, earliest first. Raises ScenarioError like Faults."""
    return units_of(Sight(plan, expand(plan, events), start, terms))


def units_of(sight: Sight) -> list[Unit]:
    """Every unit of events that are expanded already."""
    units = [unit for event in sight.events for unit in _units(sight, event)]
    units += [*blindness(sight), *silences(sight), *shares(sight), *second_closures(sight), *overdue(sight)]
    units += [*records(sight), *notices(sight), *weeks(sight), *originals(sight)]
    units = [kept for unit in units if (kept := _until_closed(sight, unit)) is not None]
    units += counts(sight, units)
    return sorted((unit for unit in units if _is_asked(unit, sight.terms.rules)), key=_order)


def _units(sight: Sight, event: Event) -> Iterator[Unit]:
    """What one event leads to by itself."""
    span = sight.span(event)
    if event.kind not in OURS:
        yield from looked(sight, event)
    elif span[1] > sight.start or event.kind == "clock_jump":
        yield from _ours(sight, event, span)


_GONE = frozenset({Cause.OUTAGE, Cause.BLANK, Cause.STALE, Cause.ENTRY_PRESENT, Cause.BLIND, Cause.DEAD_LINK})
"""What nobody asks any more of the pages of a site that closed for good; of the site itself news and marks."""


def _until_closed(sight: Sight, unit: Unit) -> Unit | None:
    """What goes on until its site closed for good ends there."""
    site, _, page = unit.target.partition("/")
    found = sight.plan.by_name.get(site)
    closed = closed_for_good(sight, site) if isinstance(found, Site) else None
    if closed is None or unit.cause not in (_GONE if page else {Cause.STALE, Cause.MARKS}):
        return unit
    if page and is_notice(sight.plan.by_name.get(unit.target)):
        return unit
    if unit.start >= closed:
        return None
    if unit.end is not None and unit.end <= closed:
        return unit
    return replace(unit, end=closed, due=unit.due if unit.due is not None and unit.due <= closed else None)


def _order(unit: Unit) -> tuple[datetime, str, str, str, datetime]:
    return unit.start, unit.target, unit.cause, unit.kind, unit.end or FAR


def _is_asked(unit: Unit, packs: frozenset[str]) -> bool:
    """Is its rule loaded; our own trouble breaks none, and nobody is blind who has nothing to look for."""
    if unit.rule is not None:
        return unit.rule.partition("/")[0] in packs
    if unit.cause is Cause.BLIND:
        return not LOOKED_AT[kind_of(unit.target)].isdisjoint(packs)
    return unit.cause is Cause.OURS


def _ours(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """Our own trouble. Told once we can: a full disk after it, a cut uplink after it too when the channel needs it."""
    terms = sight.terms
    if event.kind == "clock_jump":
        yield from _jump(sight, event, span[0])
        return
    killed, full = sight.spans("*", "killed"), sight.spans("*", "disk_full")
    worse = merged([*killed, *full]) if event.kind == "uplink_down" else killed
    sure = minus([span], worse)
    needed = terms.site + terms.windows.get(event.kind, terms.window)
    since = next((begin for begin, end in sure if end - begin >= needed), None)
    due = None if since is None else sight.patience.deadline(since, allowed(terms, event.kind, "*"))
    # Nothing can be written on a full disk: its incident opens once there is room again.
    after = terms.retry + needed if event.kind == "disk_full" else AFTERGLOW
    glow = sight.glow(span[1], after)
    yield Unit("*", Cause.OURS, event.kind, span[0], or_none(span[1]), due, None, span[0], glow)


def _jump(sight: Sight, event: Event, at: datetime) -> Iterator[Unit]:
    """The machine's clock was set. Nobody can tell who was not there, and nobody minds a little."""
    dead = any(begin <= at < end for begin, end in sight.spans("*", "killed"))
    small = "by" in event.options and abs(jump_of(event)) < SMALL_JUMP
    due = None if dead or small else sight.patience.deadline(at, allowed(sight.terms, event.kind, "*"))
    yield Unit("*", Cause.OURS, event.kind, at, at, due, None, at, JUMP_TOLD)
