"""What a whole visit costs beside a bare aiohttp fetch loop, on the same terms: `python tests/bench/bench_visit.py [repetitions]`.

The visit is the daemon's own: rounds claim from a real store (synchronous FULL), gates, fetch, hashes, checks, settle. Same run
and loop (uvloop), concurrency, gzip, 200 never 304, a new connection each. This process, writer thread included, has one
processor and the server another. Processor seconds of this process; cases take turns, so that a busy machine hits all.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from monitor.app import assemble, load_settings
from monitor.clock import Alarm, SystemClock
from monitor.config.settings import CadenceSettings, GuardSettings, RawTarget, Settings, StoreSettings
from monitor.daemon import Daemon
from monitor.heap import keep_for_good
from monitor.model import Target, TargetKind
from monitor.observe.exchange import Tls
from monitor.observe.tls import contexts
from tests.bench.canned import HOSTS, Served, run, serving

CONCURRENT = 64
SITES = 300
"""Targets of a case; each repetition visits every one of them once."""
REPETITIONS = 7
PERIOD = timedelta(minutes=5)
LATEST = 60.0  # seconds one repetition may take before something is wrong

CASES = {
    "unchanged page": ("http", "u"),
    "counter ticks": ("http", "k"),
    "changed page": ("http", "c"),
    "unchanged, TLS": ("https", "u"),
    "changed, TLS": ("https", "c"),
}
BARE = {"http": "bare fetch", "https": "bare fetch, TLS"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one look, in seconds."""

    processor: float
    wall: float


@dataclass(slots=True)
class Leap:
    """The machine's clock, some periods ahead: every target falls due without waiting.

    Both hands leap: time went by, and nobody set the clock.
    """

    ahead: timedelta = timedelta()
    real: SystemClock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        return self.real.now() + self.ahead

    def monotonic(self) -> float:
        return self.real.monotonic() + self.ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        await self.real.sleep(seconds)

    def after(self, seconds: float, call: Callable[[], object]) -> Alarm:
        return self.real.after(seconds, call)


@dataclass(slots=True)
class Estate:
    """A daemon with a store of its own, without its doors."""

    daemon: Daemon
    clock: Leap

    async def visit_all(self) -> None:
        """The rounds of the daemon until every target has been visited once more."""
        flights = self.daemon.flights
        goal = flights.finished + SITES
        self.clock.ahead += PERIOD
        rounds = asyncio.create_task(self.daemon.loops.rounds())
        async with asyncio.timeout(LATEST):
            while flights.finished < goal:
                await asyncio.sleep(0.02)
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)

    async def close(self) -> None:
        await self.daemon.watch.database.read(_all_is_well)
        for _name, _start, close in self.daemon.doors:
            await close()


def _all_is_well(tx: sqlite3.Connection) -> None:
    """What was measured were visits that saw a page and settled."""
    outcomes = dict(tx.execute("SELECT outcome, COUNT(*) FROM runs WHERE is_current = 1 GROUP BY outcome").fetchall())
    good = tx.execute("SELECT SUM(good) FROM availability").fetchone()[0]
    visits = tx.execute("SELECT SUM(visits) FROM targets").fetchone()[0]
    assert set(outcomes) == {"ok"}, outcomes
    assert good == visits, (good, visits)


async def open_estate(folder: Path, ca_file: Path, address: str) -> Estate:
    folder.mkdir()
    clock, settings = Leap(), _settings(folder, ca_file, address)
    daemon = await assemble(settings, clock, lambda: settings)
    estate = Estate(daemon, clock)
    await estate.visit_all()  # remembers every page
    for _ in range(3):
        await estate.visit_all()  # confirms every run
    return estate


def _settings(folder: Path, ca_file: Path, address: str) -> Settings:
    """The shipped settings and rules, except that politeness and link checks are not what is measured."""
    shipped = load_settings(None)
    polite = {"ca_file": ca_file, "concurrency": CONCURRENT, "per_host": CONCURRENT, "pace": timedelta()}
    told = {
        "guard": GuardSettings(allow=("127.0.0.0/8",)),  # type: ignore[arg-type]
        "cadence": CadenceSettings(site=PERIOD, links=timedelta(days=36500)),
        "store": StoreSettings(path=folder / "zhishou.db"),
        "fetch": shipped.fetch.model_copy(update=polite),
        "targets": tuple(_site(number, address) for number in range(SITES)),
    }
    return shipped.model_copy(update=told)


def _site(number: int, address: str) -> RawTarget:
    url = address.format(host=HOSTS[number % len(HOSTS)], number=number)
    return Target(
        id=f"site-{number:04}", kind=TargetKind.SITE, name=f"网站 {number}", url=url, options={}, owner="某局"
    )


async def bare_loop(session: aiohttp.ClientSession, address: str, ssl: object) -> None:
    """As many fetches as there are sites, as many at once."""
    urls = iter([address.format(host=HOSTS[number % len(HOSTS)], number=number) for number in range(SITES)])

    async def worker() -> None:
        for url in urls:
            async with session.get(url, ssl=ssl) as response:  # type: ignore[arg-type]
                assert len(await response.read()) > 50_000

    await asyncio.gather(*(worker() for _ in range(CONCURRENT)))


async def cost(work: Callable[[], Awaitable[None]]) -> Cost:
    processor, wall = time.process_time(), time.perf_counter()
    await work()
    return Cost((time.process_time() - processor) / SITES, (time.perf_counter() - wall) / SITES)


async def measure(served: Served, folder: Path, repetitions: int) -> dict[str, list[Cost]]:
    """Every case in turn, over and over."""
    ports = {"http": served.http, "https": served.https}
    addresses = {
        name: f"{scheme}://{{host}}:{ports[scheme]}/{kind}/{{number}}/" for name, (scheme, kind) in CASES.items()
    }
    ca_file = folder / "ca.pem"
    estates = {name: await open_estate(folder / name, ca_file, address) for name, address in addresses.items()}
    costs: dict[str, list[Cost]] = {name: [] for name in (*BARE.values(), *CASES)}
    keep_for_good()  # as the daemon does after its start; the bare loop gains as much
    connector = aiohttp.TCPConnector(limit=0, force_close=True, use_dns_cache=False)
    timeout = aiohttp.ClientTimeout(total=30, sock_connect=8)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        for _ in range(repetitions):
            for scheme, name in BARE.items():
                address = f"{scheme}://{{host}}:{ports[scheme]}/u/{{number}}/"
                ssl = contexts(ca_file)[Tls.STRICT] if scheme == "https" else True
                costs[name].append(await cost(lambda a=address, s=ssl: bare_loop(session, a, s)))  # type: ignore[misc]
                for case in (case for case, (its, _) in CASES.items() if its == scheme):
                    costs[case].append(await cost(estates[case].visit_all))
    for estate in estates.values():
        await estate.close()
    return costs


def report(costs: dict[str, list[Cost]]) -> None:
    """Medians, and each case as so many bare fetches of the same repetition."""
    print(f"{'':18}{'per core-second':>16}{'per second':>12}{'µs each':>9}   {'bare fetches':>12}  (least … most)")
    for name, found in costs.items():
        processor, wall = _median([c.processor for c in found]), _median([c.wall for c in found])
        bare = costs[BARE[CASES[name][0]]] if name in CASES else found
        ratios = [mine.processor / its.processor for mine, its in zip(found, bare, strict=True)]
        spread = f"({min(ratios):.2f} … {max(ratios):.2f})" if name in CASES else ""
        told = f"{1 / processor:>16,.0f}{1 / wall:>12,.0f}{processor * 1e6:>9,.0f}"
        print(f"{name:18}{told}   {_median(ratios):>12.2f}  {spread}")


def _median(values: list[float]) -> float:
    return statistics.median(values)


def processors() -> tuple[int, int]:
    """One for us, one for the server; the same one where there is no other."""
    free = sorted(os.sched_getaffinity(0))
    return free[-1], free[0]


def main() -> None:
    """Measure and print."""
    mine, theirs = processors()
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    with tempfile.TemporaryDirectory() as place, serving(Path(place), theirs) as served:
        os.sched_setaffinity(0, {mine})  # threads made from here on inherit it
        report(run(measure(served, Path(place), repetitions)))


if __name__ == "__main__":
    main()
