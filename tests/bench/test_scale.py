"""The parts of `make bench-scale` at a thousandth: the estate answers, and the prepared store is one that the daemon itself could have written."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

from monitor.app import assemble, load_settings
from monitor.clock import SHANGHAI, SystemClock
from monitor.observe.dns import Resolver
from monitor.pipeline import look_and_settle
from monitor.settle.policy import policy_of
from monitor.store import inventory, targets
from monitor.store.opening import connect
from tests.bench.scale import report
from tests.bench.scale.estate import Estate, address_of, host, of_scale
from tests.bench.scale.measure import Measured
from tests.bench.scale.model_site import look_at_first_site
from tests.bench.scale.phases import HOMES, LATE, Cold, Held
from tests.bench.scale.prepare import prepare, wind
from tests.bench.scale.server import Serving, serving
from tests.bench.scale.setup import write_settings
from tests.bench.scale.ticks import DUE, Costs, costs


@dataclass(frozen=True, slots=True)
class Prepared:
    """A served estate and its store; `config` names both."""

    estate: Estate
    server: Serving
    config: Path
    store: Path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder, now = tmp_path_factory.mktemp("scale"), datetime.now(UTC)
    wanted = replace(of_scale(0.001), began=now.timestamp(), day=now.astimezone(SHANGHAI).date().isoformat())
    with serving(wanted, None) as server:
        estate, store = server.estate, folder / "known.db"
        first = asyncio.run(look_at_first_site(folder, estate, server.nameserver))
        prepare(first, store, estate, now, lambda _done: None)
        yield Prepared(estate, server, write_settings(folder, estate, server.nameserver, store), store)


def test_the_whole_is_as_large_as_the_country() -> None:
    whole = of_scale(1)
    assert (whole.sites, whole.columns, whole.accounts) == (14_500, 250_000, 100_000)
    assert (whole.links, whole.uses) == (1_000_500, 4_001_500)
    assert round(whole.looks_a_second()) == 157  # 48 home pages, 70 columns, 28 accounts, 12 links
    assert sum(len(whole.columns_of(site)) for site in range(whole.sites)) == whole.columns
    assert len({address_of(site) for site in range(whole.sites)}) == whole.sites


def _ask(estate: Estate, method: str, path: str, **fields: str) -> tuple[int, bytes, str | None]:
    with closing(HTTPConnection("127.0.0.1", estate.port, timeout=10)) as connection:
        connection.request(method, path, headers={"Host": host(1)} | fields)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.getheader("ETag")


def test_the_estate_answers(prepared: Prepared) -> None:
    status, body, tag = _ask(prepared.estate, "GET", "/")
    assert status == 200
    assert body[:2] == b"\x1f\x8b"  # gzip
    assert tag is not None
    assert _ask(prepared.estate, "GET", "/", **{"If-None-Match": tag})[:2] == (304, b"")
    assert _ask(prepared.estate, "HEAD", "/a/1.html")[:2] == (200, b"")
    assert _ask(prepared.estate, "GET", "/nothing")[0] == 404
    assert prepared.server.answered()["304"] >= 1


async def test_names_lead_to_addresses_of_their_own(prepared: Prepared) -> None:
    resolver = Resolver([prepared.server.nameserver])
    try:
        assert await resolver.addresses(host(7)) == (address_of(7),)
        assert (await resolver.resolve("www.elsewhere.example")).failure == "nxdomain"
    finally:
        await resolver.close()


def test_pages_change_as_time_passes() -> None:
    estate = replace(of_scale(0.001), began=1000.0)
    assert estate.edition("home", "0/", 1000.0) == 0
    assert estate.edition("home", "0/", 1000.0 + 2 * 86_400) in {6, 7}


def test_the_prepared_store_is_sound_and_complete(prepared: Prepared) -> None:
    estate = prepared.estate
    with closing(connect(str(prepared.store))) as tx:
        assert tx.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert tx.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = dict(tx.execute("SELECT kind, COUNT(*) FROM targets GROUP BY kind").fetchall())
        assert counts == {
            "site": estate.sites,
            "column": estate.columns,
            "account": estate.accounts,
            "link": estate.links,
        }
        assert tx.execute("SELECT COUNT(*), COUNT(DISTINCT link_id) FROM carriers").fetchone() == (
            estate.uses,
            estate.links,
        )
        lost = "SELECT COUNT(*) FROM {} WHERE {} NOT IN (SELECT id FROM targets)"
        for table, key in (
            ("carriers", "page_id"),
            ("carriers", "link_id"),
            ("runs", "target_id"),
            ("items", "target_id"),
        ):
            assert tx.execute(lost.format(table, key)).fetchone() == (0,), (table, key)


def test_the_daemon_finds_nothing_to_take_in_anew(prepared: Prepared) -> None:
    settings = load_settings(prepared.config)
    policy = policy_of(settings)
    with closing(connect(str(prepared.store))) as tx:
        synced = inventory.sync(tx, settings.targets, policy.periods, datetime.now(UTC))
        assert (synced.added, synced.changed, synced.removed, synced.hosts) == ((), (), (), ())
        assert not inventory.judge_all_again(tx, policy.measure(), datetime.now(UTC))


async def test_looks_at_what_is_known_find_everything_as_it_was(prepared: Prepared) -> None:
    """Claimed and settled by the daemon's own code: no run ends, no page is read, nothing comes or goes."""
    settings = load_settings(prepared.config)
    daemon = await assemble(settings, SystemClock(), lambda: settings)
    database, shape = (
        daemon.watch.database,
        "SELECT COUNT(*), (SELECT COUNT(*) FROM carriers WHERE gone_at IS NULL) FROM runs",
    )
    try:
        before = await database.read(lambda tx: tx.execute(shape).fetchone())
        began, soon = time.time() * 1000, datetime.now(UTC) + timedelta(minutes=5)
        claims = await database.write(partial(targets.claim, now=soon, limit=40, lease=timedelta(minutes=1)))
        assert {claim.target.kind for claim in claims} >= {"site", "column"}
        await asyncio.gather(*(look_and_settle(daemon.watch, claim) for claim in claims))
        after = await database.read(lambda tx: tx.execute(shape).fetchone())
        outcomes = await database.read(
            lambda tx: tx.execute("SELECT DISTINCT outcome FROM runs WHERE check_name <> 'hosted_in'").fetchall()
        )
        looked = (
            "SELECT COUNT(*) FROM targets WHERE last_visit_at >= ? AND next_due_at > last_visit_at AND lease IS NULL"
        )
        visits = await database.read(lambda tx: tx.execute(looked, (began,)).fetchone())
    finally:
        for _name, _start, close in daemon.doors:
            await close()
    assert after == before
    assert outcomes == [("ok",)]
    assert visits == (len(claims),)


def test_ticks_claim_what_is_due(prepared: Prepared) -> None:
    wind(prepared.store, datetime.now(UTC))
    policy = policy_of(load_settings(prepared.config))
    found = costs(prepared.store, policy)  # asserts itself that DUE were due
    assert DUE == 100
    assert found.round > 0
    assert "next_wake" in found.questions


def test_what_waits_counts_as_late(prepared: Prepared) -> None:
    now = int(time.time() * 1000)
    with closing(connect(str(prepared.store))) as tx:
        homes = tx.execute(HOMES).fetchone()[0]
        due = tx.execute(
            "SELECT COUNT(*) FROM targets WHERE kind = 'site' AND next_due_at < ?", (now + 600_000,)
        ).fetchone()
        late = tx.execute(LATE, (now + 599_000, now + 600_000)).fetchall()
    assert homes == prepared.estate.sites
    assert sum(kind == "site" for kind, _ in late) == due[0] > 0


def _measured(estate: Estate, *, took: float | None, peak: int, tick: float) -> Measured:
    cold = Cold(ready=1.0, took=took, given=400.0, homes=20, looked=10, visits=30, processor=0.6, peak=peak)
    wanted = int(estate.looks_a_second() * 100)
    held = Held(
        ready=1.0, round_of_homes=300.0, seconds=100.0, visits=wanted, processor=20.0, written=4096 * wanted, grown=0,
        resident=[peak], peak=peak, longest_wait=1.0, late={"site": [0.1] * 99 + [61.0]},
    )  # fmt: skip
    return Measured(estate, cold, held, Costs(tick, 0.1, {"next_wake": 0.02}), 1.0, 10**6, {"304": 7})


def test_the_report_says_what_falls_short(capsys: pytest.CaptureFixture[str]) -> None:
    small = _measured(of_scale(0.01), took=299.0, peak=10**8, tick=10.0)
    large = _measured(of_scale(0.1), took=None, peak=2 * 10**9, tick=25.0)
    for measured in (small, large):
        report.one(measured)
    report.growth([small, large])
    report.targets([small, large], 0.1)
    told = capsys.readouterr().out
    assert "every home page looked at once: 299 s" in told
    assert "not within 400 s (10 of 20)" in told
    assert told.count("FALLS SHORT") == 4
    report.targets([small], 0.01)
    assert capsys.readouterr().out.count("FALLS SHORT") == 1  # a hundredth of the looks are more than a minute late
