"""What midnight costs: every site and column of the country judged again by time alone. `python tests/bench/bench_midnight.py [share]`.

A store as the watch leaves it (runs of every check, no trouble but a stale column in 200) at a share of 14,500 sites and 250,000
columns (left out: a hundredth); then the rounds' own sweep until nothing is left to judge. Prints the processor time for the
country and the longest time the writer was held: under the national rules and those of the house, then with those of a town as well
(韶关, which has the most), as if every target of the country lay in one.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.app import load_settings
from monitor.clock import to_ms
from monitor.config.settings import RawTarget
from monitor.heap import kept_meanwhile
from monitor.model import ColumnKind, Finding, Measure, Run, Target, TargetKind, ok, say
from monitor.pipeline import sweep
from monitor.settle.policy import Policy, policy_of
from monitor.store import findings, rules, targets
from monitor.store.database import Database

SITES, COLUMNS = 14_500, 250_000
TARGET_SECONDS, HELD = 20.0, 0.05
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
STALE_ONE_IN = 200
NATIONAL = ("national-2019", "house")
PACKS = (NATIONAL, (*NATIONAL, "shaoguan-2023"))


def estate(share: float, packs: tuple[str, ...]) -> Iterator[RawTarget]:
    """Sites with their columns, 17 or so each (domain.md §6)."""
    sites, each = max(1, round(SITES * share)), COLUMNS / SITES
    for number in range(sites):
        home = f"http://s{number}.example/"
        yield Target(
            id=f"s{number}",
            kind=TargetKind.SITE,
            name=f"网站{number}",
            url=home,
            options={},
            owner=f"单位{number}",
            packs=packs,
        )
        for column in range(round(each * (number + 1)) - round(each * number)):
            kind = list(ColumnKind)[column % 4]
            url, name = f"{home}c{column}/", f"s{number}/c{column}"
            yield Target(
                id=name,
                kind=TargetKind.COLUMN,
                name="栏目",
                url=url,
                options={},
                site=f"s{number}",
                column=kind,
                packs=packs,
            )


def found(target: RawTarget, number: int) -> list[Finding]:
    """What every check of the kind says of a target that is well, or was fed long ago."""
    days = 40 if number % STALE_ONE_IN == 0 else number % 9
    newest = (NOON - timedelta(days=days)).date().isoformat()
    fresh = ok("column_fresh", say("newest item of {day}", day=newest), Measure("newest", newest, "date"))
    plain = ["reachable", "tampered"]
    plain += ["marks_present", "certificate"] if target.kind is TargetKind.SITE else ["column_blank", "dates_honest"]
    return [fresh, *(ok(check, say("opens in {seconds} s", seconds="0.2")) for check in plain)]


def fill(tx: sqlite3.Connection, inventory: list[RawTarget], policy: Policy) -> None:
    targets.sync(tx, inventory, policy.periods, NOON)
    rules.remember(tx, policy.rules.values(), NOON)
    for number, target in enumerate(inventory):
        for finding in found(target, number):
            findings.save_run(tx, target.id, Run(finding, NOON, NOON, 9, 9, NOON), None)
    seen = to_ms(NOON)
    sql = (
        "UPDATE targets SET visits = 9, last_visit_at = ?1, last_look_at = ?1, first_look_at = ?1, next_change_at = ?1"
    )
    tx.execute(sql, (seen,))


def all_due(tx: sqlite3.Connection, now: datetime) -> None:
    tx.execute("UPDATE targets SET next_change_at = ? WHERE kind <> 'link'", (to_ms(now),))


async def swept(database: Database, policy: Policy, now: datetime) -> tuple[int, float, float]:
    """How many targets were judged; processor seconds, and the longest that the writer was held."""
    judged, longest, began = 0, 0.0, time.process_time()
    while True:
        start = time.perf_counter()
        number = await database.write(partial(sweep, policy=policy, now=now))
        longest = max(longest, time.perf_counter() - start)
        judged += number
        if not number:
            return judged, time.process_time() - began, longest


async def main(share: float) -> None:
    for packs in PACKS:
        print(", ".join(packs))
        await midnight(list(estate(share, packs)))


async def midnight(inventory: list[RawTarget]) -> None:
    settings = load_settings(None)
    policy = policy_of(settings.model_copy(update={"targets": tuple(inventory)}))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder, "zhishou.db"), inline=True)
        await database.open()
        await database.write(lambda tx: fill(tx, inventory, policy))
        for name, now in (("first", NOON), ("midnight", MIDNIGHT)):
            await database.write(partial(all_due, now=now))
            with kept_meanwhile():
                judged, seconds, longest = await swept(database, policy, now)
            country = seconds / judged * (SITES + COLUMNS)
            print(
                f"{name:10} {judged:7,} judged, {seconds / judged * 1e6:6.0f} µs each: the country in {country:5.1f} s of one core"
                f" (target {TARGET_SECONDS:.0f} s), the writer held {longest * 1000:.0f} ms at most (target {HELD * 1000:.0f})"
            )


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.01))
