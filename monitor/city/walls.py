"""Blindness: when a target could not be looked at for so long that this is an incident of its own (DESIGN.md §1).

Pure. A wall (challenged, shell, maintenance of a column, a bridge that is down) is nothing at first. Walls that follow one
another without a look between them are one blindness. Our own trouble and the host's only hold the count; a look that
tells something begins it anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.city.faults import HOST_KINDS
from monitor.city.sight import Sight
from monitor.city.spans import Span, later, merged, minus, or_none
from monitor.city.terms import AFTERGLOW, Unit
from monitor.model import Cause

_SHOWS_ANYWAY = frozenset({"slow"})
"""A slow page still shows that its list is gone, but the look may end otherwise: counted for the earliest, not for the due."""


@dataclass(frozen=True, slots=True)
class _Wall:
    """What keeps one target from being looked at. `own`: that it is told for; `site`: its site's wall; `held`: no count."""

    target: str
    kind: str
    own: list[Span]
    site: list[Span]
    held: list[Span]
    limit: timedelta
    cycle: timedelta


def blindness(sight: Sight) -> Iterator[Unit]:
    """Every blind unit."""
    for target in _walled(sight):
        wall = _wall(sight, target)
        for run in _runs(wall, sight.ours):
            unit = _unit(sight, wall, run)
            if unit is not None:
                yield unit


def _walled(sight: Sight) -> list[str]:
    """Targets with a wall of their own, and the columns and entries of sites that have one."""
    found = set()
    for target in sight.targets:
        if sight.on(target, "challenged", "shell", "maintenance", "bridge_down"):
            found.add(target)
        if "/" not in target and sight.on(target, "challenged"):
            site = sight.plan.site_of(target)
            found |= {column.name for column in site.columns} | {entry.name for entry in site.entries}
    return sorted(found)


def _wall(sight: Sight, target: str) -> _Wall:
    site, _, column = target.partition("/")
    terms = sight.terms
    if target.startswith("account-"):
        return _Wall(
            target, "bridge_down", sight.spans(target, "bridge_down"), [], [], terms.blind_account, terms.account
        )
    refused = frozenset({"challenged", "maintenance"} if column else {"challenged"})
    shell = minus(sight.spans(target, "shell"), sight.covered(target, HOST_KINDS - _SHOWS_ANYWAY))
    own = merged([*sight.shown(target, refused), *shell])
    events = sight.on(target, "challenged", "shell", "maintenance") or sight.on(site, "challenged")
    kind = events[0].kind
    if not column:
        return _Wall(target, kind, own, [], [], terms.blind_site, terms.site)
    host = sight.shown(site, frozenset({"challenged"}))
    held = minus(sight.muted(target), host)
    limit, cycle = (terms.blind_page, terms.page) if "/entry-" in target else (terms.blind_column, terms.column)
    return _Wall(target, kind, own, host, held, limit, cycle)


def _runs(wall: _Wall, ours: list[Span]) -> list[Span]:
    """Blindness in one piece, at its longest: across gaps in which nobody need have looked."""
    runs: list[Span] = []
    held = merged([*wall.held, *ours])
    for begin, end in merged([*wall.own, *wall.site]):
        gap = minus([(runs[-1][1], begin)], held) if runs else []
        if runs and sum((b - a for a, b in gap), timedelta()) < wall.cycle:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((begin, end))
    return runs


def _unit(sight: Sight, wall: _Wall, run: Span) -> Unit | None:
    """None when it ends more than a cadence before its limit."""
    start, end = run[0] + wall.limit - sight.set_between((run[0], run[0] + wall.limit))[0], run[1]
    if later(end, wall.cycle) <= start:
        return None
    since, due = _due(sight, wall, run) or (start, None)
    # Between the end and the next look the clock alone may bring the limit about.
    glow = sight.glow(end, wall.cycle + AFTERGLOW)
    return Unit(wall.target, Cause.BLIND, wall.kind, start, or_none(end), due, None, since, glow)


def _due(sight: Sight, wall: _Wall, run: Span) -> tuple[datetime, datetime] | None:
    """When the limit has passed, counted without what holds it, and when it must have been told; None: optional."""
    still = merged([*sight.ours, *wall.held, *wall.site])
    dim = merged([*still, *sight.shown(wall.target, _SHOWS_ANYWAY)])
    counted, pauses, last = timedelta(), 0, None
    for begin, end in minus([span for span in wall.own if run[0] <= span[0] < run[1]], dim):
        if last is not None:
            if minus([(last, begin)], still):
                counted, pauses = timedelta(), 0
            else:
                pauses += 1
        last = end
        passed = begin + max(wall.limit - counted, timedelta())
        if end - passed >= wall.cycle:
            terms = sight.terms
            # Each pause may cost a look at either side of it.
            wait = (1 + pauses) * wall.cycle + terms.group + terms.allowance
            set_back = sight.set_between((run[0], passed))[1]
            return passed, sight.patience.deadline(passed + set_back, wait)
        counted += end - begin
    return None
