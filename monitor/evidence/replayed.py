"""Targets of the store walked through their past, a site with its columns at a time, as what-if asks for them.

Reads through one transaction, many targets in a statement; keeps nothing but what the sites at hand need.
"""

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from monitor.config.settings import RawTarget
from monitor.evidence.history import History
from monitor.evidence.walk import Walked, walk
from monitor.judge.obligations.duty_covered import ahead_of
from monitor.model import DESK_ID, Cause, Kin, Outcome, Run, Shift, TargetKind, counted_as, host_of
from monitor.settle.desk import watched_since
from monitor.settle.judging import HOST_TAKEN
from monitor.settle.policy import Policy
from monitor.settle.records import shifts_of
from monitor.store import brought, past, targetrows
from monitor.store.known import OURS
from monitor.store.past import Past

AT_ONCE = 50
"""Groups whose targets are loaded together."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
Columns = Sequence[tuple[RawTarget, Past, Walked]]


@dataclass(frozen=True, slots=True)
class Group:
    """A site with its columns; or one target that belongs to none (`site` None)."""

    site: RawTarget | None
    others: tuple[RawTarget, ...]


def watched(tx: sqlite3.Connection) -> int:
    """How many targets `groups` gives."""
    (plain,) = tx.execute("SELECT COUNT(*) FROM targets WHERE removed_at IS NULL AND kind <> 'link'").fetchone()
    return int(plain) + sum(1 for _ in past.failed_links(tx))


def groups(tx: sqlite3.Connection) -> Iterator[list[Group]]:
    """Every target that is watched, links only where one ever failed, some groups at a time. The desk is no row: it is not among them."""
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
    named: list[tuple[str | None, list[str]]] = [(site, by_site.get(site, [])) for site in sorted(sites)]
    named += [(None, [name]) for name in (*single, *past.failed_links(tx))]
    for start in range(0, len(named), AT_ONCE):
        some = named[start : start + AT_ONCE]
        known = targetrows.load_targets(tx, [one for site, others in some for one in (*others, *filter(None, (site,)))])
        yield [
            Group(None if site is None else known[site], tuple(known[one] for one in others)) for site, others in some
        ]


@dataclass(slots=True)
class Replay:
    """Walks targets under any rules. Remembers when each host did not open, and when our own network was blind."""

    tx: sqlite3.Connection
    until: datetime
    _hosts: dict[str, str] = field(default_factory=dict)
    _down: dict[str, tuple[Run, ...]] = field(default_factory=dict)
    _pasts: dict[str, Past] = field(default_factory=dict)
    _kin: dict[str, Kin] = field(default_factory=dict)
    _ours: tuple[Run, ...] = ()
    _last: tuple[object, History] | None = None

    def __post_init__(self) -> None:
        """What many targets ask for."""
        self._hosts = past.sites_of_hosts(self.tx)
        self._ours = past.runs(self.tx, OURS, "uplink")

    def load(self, targets: Collection[RawTarget]) -> None:
        """All the store knows of these, and of the sites on their hosts, in place of what was loaded before."""
        self._last = None
        self._pasts = past.of_many(self.tx, [one.id for one in targets]) if targets else {}
        self._kin = {}
        hosts = {site for one in targets if (site := self._host(one)) is not None}
        self._down = {site: _reachable(self._pasts[site].runs) for site in hosts & self._pasts.keys()}
        missing = sorted(hosts - self._pasts.keys())
        if missing:
            self._down |= {name: _reachable(one.runs) for name, one in past.of_many(self.tx, missing).items()}

    def past_of(self, target: RawTarget) -> Past:
        """All the store knows of it; it must have been loaded."""
        return self._pasts[target.id]

    def of_desk(self) -> Past:
        """What the desk has on record: nobody looks at it."""
        found = past.past_of(self.tx, DESK_ID)
        return found._replace(
            runs=(), conditions=(), outages=(), hours={}, items=(), first_look_at=watched_since(self.tx)
        )

    def walk(self, target: RawTarget, known: Past, policy: Policy, columns: Columns = ()) -> Walked:
        """One target under the rules of that policy; a site with its columns as they were walked under the same."""
        rules, needs = policy.rules_of(target), policy.needs_of(target)
        counts = Counting(columns) if "counts" in needs else None
        same = (target.id, needs, ahead_of(rules) if "shifts" in needs else None, counts)
        if self._last is not None and self._last[0] == same:
            history = self._last[1]  # the same facts: what was known at an instant need not be put together again
        else:
            history = self._history(target, known, policy, needs)
            if counts is not None:
                history.counts, history.turns = counts.at, counts.turns
            self._last = (same, history)
        return walk(target, history, rules, policy.blind_limit(target.kind), self.until)

    def _history(self, target: RawTarget, known: Past, policy: Policy, needs: frozenset[str]) -> History:
        is_desk, is_site = target.kind is TargetKind.DESK, target.kind is TargetKind.SITE
        begun = frozenset({known.first_look_at}) if is_desk and known.first_look_at is not None else frozenset()
        return History(
            past=known,
            confirm=partial(policy.confirmation, target.kind),
            period=policy.periods[target.kind] if is_site else None,
            hidden=partial(_taken, self._host_runs(target)),
            held=partial(_failing, () if is_desk else self._ours),
            needs=needs,
            workdays=policy.settings.workdays,
            kin=self._kin_of(target) if "kin" in needs else None,
            shifts=partial(_shifts, policy, ahead_of(policy.rules_of(target))),
            turns=begun,
        )

    def _host(self, target: RawTarget) -> str | None:
        """The site on its host: of a site itself, and of accounts, none."""
        if target.kind in {TargetKind.SITE, TargetKind.ACCOUNT, TargetKind.DESK}:
            return None
        return self._hosts.get(host_of(target.url) or "")

    def _host_runs(self, target: RawTarget) -> tuple[Run, ...]:
        site = self._host(target)
        return () if site is None else self._down.get(site, ())

    def _kin_of(self, target: RawTarget) -> Kin:
        """Of all that were loaded with it at once."""
        if target.id not in self._kin:
            self._kin = brought.kin_of_many(self.tx, {target.id, *self._pasts})
        return self._kin[target.id]


def _reachable(runs: Sequence[Run]) -> tuple[Run, ...]:
    return tuple(run for run in runs if run.finding.check == "reachable")


class Counting:
    """How many columns of a site were in breach at any instant, as store/brought.py counts them: stale while that is told."""

    def __init__(self, columns: Columns) -> None:
        self._spans: list[tuple[str, str, datetime, datetime]] = []  # name of the count, column, from, to
        for target, known, walked in columns:
            kind = counted_as(target.column.value, target.level) if target.column is not None else ""
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

    def __eq__(self, other: object) -> bool:
        """Whether they count the same at every instant."""
        return isinstance(other, Counting) and sorted(self._spans) == sorted(other._spans)

    __hash__ = None  # type: ignore[assignment]

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
