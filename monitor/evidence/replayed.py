"""Targets of the store walked through their past, a site with its columns at a time, as what-if asks for them.

Reads through one transaction; keeps nothing but what the site at hand needs.
"""

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from monitor.config.settings import RawTarget
from monitor.evidence.history import History
from monitor.evidence.walk import Walked, walk
from monitor.judge.obligations.duty_covered import ahead_of
from monitor.model import Cause, Kin, Outcome, Run, Shift, TargetKind, host_of
from monitor.settle.judging import HOST_TAKEN
from monitor.settle.policy import Policy
from monitor.settle.records import shifts_of
from monitor.store import brought, past, targets
from monitor.store.known import OURS
from monitor.store.past import Past

WEEK = 604_800
"""Seconds."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
Columns = Sequence[tuple[RawTarget, Past, Walked]]


@dataclass(frozen=True, slots=True)
class Group:
    """A site with its columns; or one target that belongs to none (`site` None)."""

    site: RawTarget | None
    others: tuple[RawTarget, ...]


def groups(tx: sqlite3.Connection) -> Iterator[Group]:
    """Every target that is watched, links only where one ever failed; the desk (which is no row) is not among them."""
    by_site: dict[str, list[str]] = {}
    single: list[str] = []
    rows = tx.execute(
        "SELECT id, kind, site FROM targets WHERE removed_at IS NULL AND kind <> 'link' ORDER BY id"
    ).fetchall()
    sites = {name for name, kind, _ in rows if kind == "site"}
    for name, kind, site in rows:
        if kind == "column" and site in sites:
            by_site.setdefault(site, []).append(name)
        elif kind != "site":
            single.append(name)
    for site in sorted(sites):
        yield Group(targets.load_target(tx, site), tuple(targets.load_target(tx, one) for one in by_site.get(site, ())))
    for name in (*single, *past.failed_links(tx)):
        yield Group(None, (targets.load_target(tx, name),))


@dataclass(slots=True)
class Replay:
    """Walks targets under any rules. Remembers when each host did not open, and when our own network was blind."""

    tx: sqlite3.Connection
    until: datetime
    _hosts: dict[str, str] = field(default_factory=dict)
    _down: dict[str, tuple[Run, ...]] = field(default_factory=dict)
    _ours: tuple[Run, ...] = ()

    def __post_init__(self) -> None:
        """What many targets ask for."""
        self._hosts = past.sites_of_hosts(self.tx)
        self._ours = past.runs(self.tx, OURS, "uplink")

    def past_of(self, target: RawTarget) -> Past:
        """All the store knows of it."""
        return past.past_of(self.tx, target.id)

    def walk(self, target: RawTarget, known: Past, policy: Policy, columns: Columns = ()) -> Walked:
        """One target under the rules of that policy; a site with its columns as they were walked under the same."""
        rules, needs = policy.rules_of(target), policy.needs_of(target)
        counts = Counting(columns) if "counts" in needs else None
        history = History(
            past=known,
            confirm=partial(policy.confirmation, target.kind),
            expected=int(WEEK / policy.periods[target.kind].total_seconds()) if target.kind is TargetKind.SITE else 0,
            hidden=partial(_taken, self._host_runs(target)),
            held=partial(_failing, self._ours),
            needs=needs,
            workdays=policy.settings.workdays,
            kin=self._kin(target) if "kin" in needs else None,
            shifts=partial(_shifts, policy, ahead_of(rules)),
        )
        if counts is not None:
            history.counts, history.turns = counts.at, counts.turns
        return walk(target, history, rules, policy.blind_limit(target.kind), self.until)

    def _host_runs(self, target: RawTarget) -> tuple[Run, ...]:
        """How the site on its host did: of a site itself, and of accounts, nothing."""
        site = self._hosts.get(host_of(target.url))
        if site is None or target.kind in {TargetKind.SITE, TargetKind.ACCOUNT, TargetKind.DESK}:
            return ()
        if site not in self._down:
            if len(self._down) > 64:  # groups come site by site
                self._down.clear()
            self._down[site] = past.runs(self.tx, site, "reachable")
        return self._down[site]

    def _kin(self, target: RawTarget) -> Kin:
        return brought.kin(self.tx, target.id)


class Counting:
    """How many columns of a site were in breach at any instant, as store/brought.py counts them: stale while that is told."""

    def __init__(self, columns: Columns) -> None:
        self._spans: list[tuple[str, str, datetime, datetime]] = []  # name of the count, column, from, to
        for target, known, walked in columns:
            kind = target.column.value if target.column is not None else ""
            for alert in walked.alerts:
                if alert.cause is Cause.STALE:
                    packs = sorted({rule.partition("/")[0] for rule in alert.rules})
                    end = alert.until or _NEVER
                    self._spans += [(f"stale:{pack}:{kind}", target.id, alert.at, end) for pack in packs]
            for one in known.conditions:
                if one.check == "column_blank" and not one.subject:
                    end = one.ended_at or _NEVER
                    self._spans.append((f"blank:{kind}", target.id, one.confirmed_at, end))
        self.turns = frozenset(edge for _, _, *edges in self._spans for edge in edges if edge != _NEVER)

    def at(self, now: datetime) -> Mapping[str, int]:
        """The counts at that instant."""
        standing = {(name, column) for name, column, start, end in self._spans if start <= now < end}
        return Counter(name for name, _ in standing)


def _current(runs: Sequence[Run], now: datetime) -> Run | None:
    place = bisect_right(runs, now, key=lambda run: run.first_at)
    return runs[place - 1] if place else None


def _taken(runs: Sequence[Run], now: datetime) -> bool:
    run = _current(runs, now)
    return run is not None and run.finding.cause in HOST_TAKEN


def _failing(runs: Sequence[Run], now: datetime) -> bool:
    run = _current(runs, now)
    return run is not None and run.finding.outcome is Outcome.FAIL


def _shifts(policy: Policy, ahead: timedelta, now: datetime) -> tuple[Shift, ...] | None:
    return shifts_of(policy.settings.shifts, now, ahead)
