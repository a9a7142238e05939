"""What Prometheus collects: counts out of the store, ages out of the process. The home of prometheus-client.

Names are `zhishou_…` with the unit at the end. Nothing is counted in memory that the store already knows; labels are closed
vocabularies (kind, state, cause, severity, table, fact), never a target, an address or a person.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.model import Cause, DeliveryState, Severity, TargetKind
from monitor.store import views
from monitor.store.database import WriterFigures
from monitor.web.estate import Estate
from monitor.web.health import Fact
from monitor.web.status import Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The format `generate_latest` writes without being asked for another one; Prometheus 3 insists on the version."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the store tells."""

    deliveries: Mapping[str, int]
    incidents: Mapping[tuple[Cause, Severity], int]
    due: int
    tables: Mapping[str, int]  # bytes
    store_bytes: int  # with the log
    wal_bytes: int
    free_bytes: int


def count(tx: sqlite3.Connection, path: str) -> Counted:
    """Ask the store, and the disk it lies on."""
    file, wal = Path(path), Path(f"{path}-wal")
    log = wal.stat().st_size if wal.exists() else 0
    return Counted(
        views.deliveries(tx),
        views.open_by_cause(tx),
        views.totals(tx).due,
        views.table_sizes(tx),
        file.stat().st_size + log,
        log,
        shutil.disk_usage(file.absolute().parent).free,
    )


def exposition(
    status: Status,
    facts: Iterable[Fact],
    writer: WriterFigures,
    now: datetime,
    *,
    counted: Counted | None,
    estate: Estate | None,
) -> bytes:
    """The text format; without the store what the process knows."""
    found = [*_process(status, now), *_health(facts), *_writer(writer)]
    if counted is not None:
        found += _store(counted)
    if estate is not None:
        found += _estate(estate, now)
    registry = CollectorRegistry()
    registry.register(_Once(found))
    return generate_latest(registry)


class _Once(Collector):
    """Families that are already there."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _process(status: Status, now: datetime) -> Iterator[Metric]:
    age = max((now - (status.last_round_at or status.started_at)).total_seconds(), 0.0)
    yield _gauge("last_round_age_seconds", "Since a round claimed, settled and committed", age)
    yield _gauge("start_time_seconds", "When this process began to watch, since 1970", status.started_at.timestamp())
    yield _counter("rounds", "Rounds since the start", status.rounds)
    yield _counter("visits", "Visits settled since the start", status.visits)
    yield _gauge("visits_in_flight", "Visits under way", status.in_flight)
    yield _gauge("ready", "1 once the first round has come through, until the end begins", _is_ready(status))
    yield _gauge("uplink_blind", "1 while no reference host answers", status.uplink_blind)
    yield _gauge("reload_refused", "1 while the last reload was refused", status.reload_refused_at is not None)


def _health(facts: Iterable[Fact]) -> Iterator[Metric]:
    fine = GaugeMetricFamily("zhishou_healthy", "1 while this fact is as it should be", labels=["fact"])
    age = GaugeMetricFamily("zhishou_fact_age_seconds", "Age of the trouble, else of the knowledge", labels=["fact"])
    for fact in facts:
        fine.add_metric([fact.name], int(fact.ok))
        age.add_metric([fact.name], fact.age_seconds)
    yield from (fine, age)


def _writer(writer: WriterFigures) -> Iterator[Metric]:
    yield _counter("store_transactions", "Transactions written", writer.transactions)
    yield _counter("store_refused", "Changes the store could not keep", writer.refused)
    yield _gauge("store_waiting", "Changes waiting for the writer", writer.waiting)
    yield _gauge("store_longest_transaction_seconds", "The longest transaction so far", writer.longest_seconds)


def _store(counted: Counted) -> Iterator[Metric]:
    """Every state, cause and severity has its line, with 0 too: a line that comes and goes cannot be alerted on."""
    deliveries = GaugeMetricFamily("zhishou_deliveries", "Deliveries by state", labels=["state"])
    for state in DeliveryState:
        deliveries.add_metric([state.value], counted.deliveries.get(state.value, 0))
    incidents = GaugeMetricFamily("zhishou_incidents_open", "Incidents that go on", labels=["cause", "severity"])
    for cause in Cause:
        for severity in Severity:
            incidents.add_metric([cause.value, severity.value], counted.incidents.get((cause, severity), 0))
    tables = GaugeMetricFamily("zhishou_table_bytes", "Size of a table with its indexes", labels=["table"])
    for name, size in counted.tables.items():
        tables.add_metric([name], size)
    yield from (deliveries, incidents, tables)
    yield _gauge("standings_due", "Obligations that fall due", counted.due)
    yield _gauge("store_bytes", "Size of the database with its write-ahead log", counted.store_bytes)
    yield _gauge("wal_bytes", "Size of the write-ahead log alone", counted.wal_bytes)
    yield _gauge("disk_free_bytes", "Free beside the store", counted.free_bytes)


def _estate(estate: Estate, now: datetime) -> Iterator[Metric]:
    watched = GaugeMetricFamily("zhishou_targets", "Targets watched", labels=["kind"])
    in_time = GaugeMetricFamily("zhishou_targets_in_time", "Targets looked at within their period", labels=["kind"])
    blind = GaugeMetricFamily("zhishou_targets_blind", "Targets that cannot be looked at", labels=["kind"])
    undated = GaugeMetricFamily("zhishou_targets_undated", "Targets that are seen, but show no date", labels=["kind"])
    overdue = GaugeMetricFamily("zhishou_oldest_overdue_seconds", "The longest a due target waits", labels=["kind"])
    covered = {one.kind: one for one in estate.coverage}
    for kind in (one for one in TargetKind if one is not TargetKind.DESK):
        one = covered.get(kind, views.Coverage(kind, 0, 0, 0, None))
        watched.add_metric([kind.value], one.total)
        in_time.add_metric([kind.value], one.within)
        unseen = estate.blind.get(kind, views.Unseen(0, 0))
        blind.add_metric([kind.value], unseen.blind)
        undated.add_metric([kind.value], unseen.undated)
        late = (now - one.oldest_due_at).total_seconds() if one.oldest_due_at else 0.0
        overdue.add_metric([kind.value], max(late, 0.0))
    age = GaugeMetricFamily("zhishou_age_seconds", "Since this last happened; no line: never", labels=["of"])
    for one_age in estate.ages:
        if one_age.at is not None:
            age.add_metric([one_age.name], max((now - one_age.at).total_seconds(), 0.0))
    yield from (watched, in_time, blind, undated, overdue, age)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"zhishou_{name}", says, value=float(value))


def _counter(name: str, says: str, value: float) -> Metric:
    return CounterMetricFamily(f"zhishou_{name}", says, value=float(value))


def _is_ready(status: Status) -> bool:
    return status.ready and not status.stopping
