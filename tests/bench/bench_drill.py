"""How many visits a core rehearses in a second where nothing changed: `python tests/bench/bench_drill.py [repetitions]`.

A prefecture's pace on one evening and night, when nobody publishes: sites every five minutes, columns so often that visits come
as densely as 12,000 columns every hour do (3.2 a second). Each repetition plays two hours and eight, and takes the six
between: reading every page for the first time is in neither. Beside it the city alone, asked so often by tasks of the same loop
that do nothing else. Processor seconds of this process.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from yarl import URL

from monitor import log
from monitor.app import load_settings
from monitor.city.scenario import Scenario, read_scenario
from monitor.city.virtual import VirtualLoop
from monitor.config.settings import Settings
from monitor.drill import prepare
from monitor.observe.exchange import Ask, Reply
from monitor.rehearsal import Rehearsal

CITY = """
start = "2026-09-01T18:00:00+08:00"
days = 1
seed = 7
[city]
sites = 60
columns_per_site = 6
accounts = 20
links_per_home = 4
[cadence]
site = "5m"
column = "2m"
account = "1h"
links = "7d"
"""
SHORT, LONG = 2 / 24, 8 / 24
"""Virtual days: from 18:00 to 20:00, and to 02:00."""
REPETITIONS = 3


def played(scenario: Scenario, days: float, defaults: Settings, folder: Path) -> tuple[int, float]:
    """Visits and processor seconds of that many days, from the evening on."""
    rehearsal = prepare(replace(scenario, days=days), defaults, folder)  # type: ignore[arg-type]  # a part of a day
    begun = time.process_time()
    rehearsal.play()
    return rehearsal.visits, time.process_time() - begun


def bare(rehearsal: Rehearsal, times: int) -> float:
    """Processor seconds for asking the city's home pages that many times in all, many at once."""
    plan = rehearsal.scenario.plan
    addresses = [URL(plan.site_url(site)) for site in plan.sites]
    loop = VirtualLoop()
    rehearsal.clock.follow(loop)

    async def ask(address: URL) -> None:
        await rehearsal.carrier.exchange(Ask(address, "GET", {}, 3 << 20), Reply())

    async def all_of_them() -> None:
        for _ in range(times // len(addresses)):
            await asyncio.gather(*(ask(address) for address in addresses))

    loop.run_until_complete(ask(addresses[0]))
    loop.run_until_complete(all_of_them())
    begun = time.process_time()
    loop.run_until_complete(all_of_them())
    seconds = time.process_time() - begun
    loop.bury()
    return seconds


def main(repetitions: int = REPETITIONS) -> None:
    log.set_up_logging(level="critical", out=sys.stderr)
    defaults = load_settings(None)
    with tempfile.TemporaryDirectory(prefix="zhishou-bench-") as folder:
        file = Path(folder) / "evening.toml"
        file.write_text(CITY, encoding="utf-8")
        scenario = read_scenario(file, [pack.id for pack in defaults.packs])
        rates, ratios = [], []
        for number in range(repetitions):
            places = [Path(folder) / f"{number}-{name}" for name in ("short", "long", "bare")]
            for place in places:
                place.mkdir()
            few, first = played(scenario, SHORT, defaults, places[0])
            many, whole = played(scenario, LONG, defaults, places[1])
            visits, seconds = many - few, whole - first
            asked = bare(prepare(scenario, defaults, places[2]), visits)
            rates.append(visits / seconds)
            ratios.append(seconds / asked)
            print(f"  {visits:,} visits where nothing changed: {visits / seconds:,.0f} per core-second", flush=True)
    print(f"virtual visits, nothing changed: {statistics.median(rates):,.0f} per core-second (target 3,000)")
    print(f"  {statistics.median(ratios):.1f} times asking the city alone ({min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:2]))
