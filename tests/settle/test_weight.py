"""What one thing says of the whole: a filing for one site of a shared platform, a column among those that make a veto."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import SHANGHAI, civil_day
from monitor.config.declaring import Request
from monitor.evidence.verify import verify
from monitor.model import CLOSURES, ColumnKind, Reach, TargetKind
from monitor.settle.filing import file_declaration
from monitor.settle.policy import policy_of
from monitor.store import targets
from tests.settle.desk import INVENTORY, SITE, Estate, a_target, down, opens

MINUTE = timedelta(minutes=1)
KINDS = (ColumnKind.DYNAMIC, ColumnKind.DYNAMIC, ColumnKind.NOTICE, ColumnKind.OTHER, ColumnKind.OTHER)
COLUMNS = tuple(
    a_target(f"{SITE}/more-{n}", TargetKind.COLUMN, f"http://one.example/{n}/", site=SITE, column=kind)
    for n, kind in enumerate(KINDS)
)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def test_a_filing_for_one_site_of_a_platform_makes_the_incident_no_lighter(estate: Estate) -> None:
    kinds = tuple(sorted(CLOSURES))
    yielding = {
        key: replace(one, exempt_by=kinds) if one.obligation == "reachable" and "window" not in one.options else one
        for key, one in estate.policy.rules.items()
    }
    estate.policy = replace(estate.policy, rules=yielding, _applicable={}, _needs={})
    for _ in range(3):
        for number in range(1, 10):
            await estate.look(f"site-{number}", Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    now = estate.clock.now()
    start = (now - timedelta(hours=1)).astimezone(SHANGHAI).isoformat()
    request = Request(kind="force_majeure", target=SITE, start=start, by="张三", fields={"reason": "停电"})
    done = await estate.do(lambda tx: file_declaration(tx, estate.policy, request, now))
    assert [one.body for one in done.changed if one.what == "incident"] == []
    assert await estate.do(lambda tx: tx.execute("SELECT severity FROM incidents WHERE state = 'open'").fetchall()) == [
        ("veto",)
    ]
    sql = "SELECT what, body FROM events WHERE what LIKE 'incident.%eased'"
    ((what, body),) = await estate.do(lambda tx: tx.execute(sql).fetchall())
    assert (what, json.loads(body)["target"]) == ("incident.member_eased", SITE)
    assert (await estate.do(verify)).problems == (), "the log tells what each of them weighs"


async def test_a_column_tells_how_many_count_toward_its_own_veto(estate: Estate) -> None:
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, *COLUMNS)})
    estate.policy = policy_of(told)
    now = estate.clock.now()
    await estate.do(partial(targets.sync, targets=told.targets, periods=estate.policy.periods, now=now))
    await estate.look(SITE, Reach.OPEN, opens(civil_day(now).isoformat()))
    newest = (civil_day(now) - timedelta(days=500)).isoformat()
    for column in COLUMNS:
        await estate.look(column.id, Reach.OPEN, opens(newest))
    sql = "SELECT facts FROM notices WHERE kind = 'opened' ORDER BY id"
    facts = [json.loads(one) for (one,) in await estate.do(lambda tx: tx.execute(sql).fetchall())]
    counts = [one["counts"] for one in facts if one["cause"] == "stale"]
    assert [(one["have"], one["limit"]) for one in counts] == [(1, 5), (2, 5), (3, 5), (1, 10), (2, 10)]
