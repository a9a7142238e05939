"""Metrics: text that Prometheus parses, the same lines every time, no secrets, no label that grows with the estate."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.model import Cause, DeliveryState, Refused, Sent, Severity, TargetKind
from monitor.web.metrics import CONTENT_TYPE
from monitor.web.server import Desk
from monitor.web.status import Status
from tests.clock import START
from tests.web.conftest import Get
from tests.web.filled import DAY, HOUR, MINUTE, Tx, beat, falls_due, message, target, watch, wrong

Samples = dict[str, dict[tuple[str, ...], float]]


def parsed(text: str) -> Samples:
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def fill(tx: Tx) -> None:
    watch(tx, target("site-1"), target("站点-2"), target("c", TargetKind.COLUMN))
    beat(tx, START - 5 * MINUTE)
    wrong(tx, Cause.OUTAGE, "site-1", severity=Severity.VETO)
    wrong(tx, Cause.STALE, "c", severity=Severity.BREACH)
    falls_due(tx, "c", START + DAY)
    message(tx, START - HOUR, Sent("ok"))
    message(tx, START - HOUR, Refused("token SEKRET is wrong"))
    message(tx, START)
    tx.execute("UPDATE targets SET blind_since = 0, blind_reason = 'shell' WHERE id = 'c'")


async def test_what_the_store_knows_is_counted(desk: Desk, get: Get) -> None:
    await desk.database.write(fill)
    code, text, headers = await get("/metrics")
    seen = parsed(text)
    assert (code, headers["Content-Type"]) == (200, CONTENT_TYPE)
    assert seen["zhishou_incidents_open"]["outage", "veto"] == 1
    assert seen["zhishou_incidents_open"]["stale", "breach"] == 1
    assert sum(seen["zhishou_incidents_open"].values()) == 2
    assert seen["zhishou_deliveries"] == {
        ("pending",): 1, ("sending",): 0, ("sent",): 1, ("superseded",): 0, ("dead",): 1
    }  # fmt: skip
    assert seen["zhishou_targets"] == {("site",): 2, ("column",): 1, ("account",): 0, ("page",): 0, ("link",): 0}
    assert [kind for kind, number in seen["zhishou_targets_blind"].items() if number] == [("column",)]
    assert seen["zhishou_standings_due"][()] == 1
    assert seen["zhishou_age_seconds"][("heartbeat",)] == 300
    assert seen["zhishou_healthy"][("dead_deliveries",)] == 0
    assert seen["zhishou_healthy"][("rounds",)] == 1
    assert seen["zhishou_fact_age_seconds"][("rounds",)] == 5
    assert seen["zhishou_visits_total"][()] == 5000
    assert seen["zhishou_store_transactions_total"][()] >= 1
    assert seen["zhishou_disk_free_bytes"][()] > 0


async def test_every_table_has_its_size(desk: Desk, get: Get) -> None:
    await desk.database.write(fill)
    seen = parsed((await get("/metrics"))[1])
    names = await desk.database.read(
        lambda tx: {row[0] for row in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    )
    assert {label for (label,) in seen["zhishou_table_bytes"]} >= names - {"sqlite_sequence"}
    assert seen["zhishou_table_bytes"][("targets",)] > 0
    whole, log = seen["zhishou_store_bytes"][()], seen["zhishou_wal_bytes"][()]
    path = Path(desk.database.path)
    assert log == path.with_name(f"{path.name}-wal").stat().st_size > 0
    assert whole == path.stat().st_size + log, "what the store takes of the disk"
    assert sum(seen["zhishou_table_bytes"].values()) <= whole


async def test_no_line_comes_and_goes(desk: Desk, get: Get) -> None:
    """An alert rule on a line that is absent while all is well never fires."""
    await desk.database.write(lambda tx: watch(tx, target("site-1"), target("站点-2"), target("c", TargetKind.COLUMN)))
    before = parsed((await get("/metrics"))[1])
    await desk.database.write(fill)
    after = parsed((await get("/metrics"))[1])
    kept = {name: set(lines) for name, lines in before.items() if name != "zhishou_age_seconds"}
    assert kept == {name: set(lines) for name, lines in after.items() if name != "zhishou_age_seconds"}
    assert {state for (state,) in after["zhishou_deliveries"]} == {state.value for state in DeliveryState}
    assert len(after["zhishou_incidents_open"]) == len(Cause) * len(Severity)


async def test_nothing_secret_and_nothing_that_grows(desk: Desk, get: Get) -> None:
    await desk.database.write(fill)
    _, few, _ = await get("/metrics")
    await desk.database.write(lambda tx: watch(tx, *[target(f"n{i}") for i in range(300)]))
    _, many, _ = await get("/metrics")
    assert len(few.splitlines()) == len(many.splitlines())
    for secret in ("SEKRET", "site-1", "站点", "example", "张三", "0751", str(desk.database.path)):
        assert secret not in few


@pytest.mark.parametrize("ready", [True, False])
async def test_names_follow_the_custom_of_prometheus(desk: Desk, status: Status, get: Get, ready: bool) -> None:
    status.ready = ready
    _, text, _ = await get("/metrics")
    for family in text_string_to_metric_families(text):
        assert re.fullmatch(r"zhishou_[a-z][a-z_]*", family.name)
        assert family.type in {"gauge", "counter"}
        assert (family.type == "counter") == any(sample.name.endswith("_total") for sample in family.samples)
    assert parsed(text)["zhishou_ready"][()] == int(ready)
