"""What a settle costs beside many rules and many papers: `python tests/bench/bench_settle.py [times]`.

A site, a column and an account under the shipped rules; a look that says the same as before, and one that is judged anew (its facts
gathered, judged, stored). Measured as it is, beside 10,000 rules that do not concern the target, and after 500 declarations were filed of it.
Prints microseconds of processor time and the ratio to the plain estate, measured in turns in the same run.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from monitor.heap import kept_meanwhile
from monitor.model import DeclarationKind, Finding, Measure, Reach, Rule, ok, say
from monitor.settle.judging import rejudge
from monitor.settle.policy import Policy
from monitor.store import declarations, targets
from tests.judge.filed import filed
from tests.judge.made import rule
from tests.settle.desk import ACCOUNT, COLUMN, SITE, Estate

TIMES, TURNS = 200, 5
RULES, PAPERS = 10_000, 500
TARGETS = {"site": SITE, "column": COLUMN, "account": ACCOUNT}
FRESH = {"site": "column_fresh", "column": "column_fresh", "account": "feed_fresh"}
KINDS: dict[str, tuple[tuple[DeclarationKind, dict[str, object]], ...]] = {
    "site": (
        (DeclarationKind.CHANGE, {"what": "负责人变更", "filed_on": "2026-10-01"}),
        (DeclarationKind.ORDER, {"problem": "错别字", "fixed_at": "2026-10-02T10:00:00+08:00"}),
        (DeclarationKind.FORCE_MAJEURE, {"reason": "停电", "reported": "2026-10-02"}),
    ),
    "column": ((DeclarationKind.ORDER, {"problem": "错别字", "fixed_at": "2026-10-02T10:00:00+08:00"}),),
    "account": ((DeclarationKind.CHANGE, {"what": "头像变更", "filed_on": "2026-10-01"}),),
}
"""What is filed in the year: carried out, reported and filed, as by far the most of it is."""


def others(kind: str) -> list[Rule]:
    """Rules of other kinds of targets, in equal parts."""
    apart = [one for one in TARGETS if one != kind]
    plain = [rule("updated_within", apart[n % 2], "14d", id=f"other-{n}", pack="house") for n in range(RULES // 2)]
    owed = [rule("fixed_within", apart[n % 2], "1d", id=f"owed-{n}", pack="another-town") for n in range(RULES // 2)]
    return [*plain, *owed]


def found(kind: str, day: str) -> list[Finding]:
    """A look that finds all well, its newest item of that day."""
    newest = ok(FRESH[kind], say("newest item of {day}", day=day), Measure("newest", day, "date"))
    return [newest, ok("reachable", say("opens")), *([ok("tampered", say("clean"))] if kind != "account" else [])]


def with_rules(policy: Policy, kind: str) -> Policy:
    more = {one.key: one for one in others(kind)}
    return replace(policy, rules={**policy.rules, **more}, _applicable={}, _needs={})


def file_all(tx: sqlite3.Connection, target: str, kind: str, estate: Estate) -> None:
    """One every 18 hours of the last year, none of them open."""
    now, kinds = estate.clock.now(), KINDS[kind]
    for n in range(PAPERS):
        what, fields = kinds[n % len(kinds)]
        start = now - timedelta(hours=18 * (n + 2))
        end = start + timedelta(hours=6) if what is DeclarationKind.FORCE_MAJEURE else None
        one = replace(filed(what.value, start, end, f"第{n}号", **fields), target=target, filed_at=start)
        declarations.file(tx, one, now)


async def estate_of(folder: Path, kind: str, *, rules: bool = False, papers: bool = False) -> Estate:
    estate = await Estate.open(folder)
    if rules:
        estate.policy = with_rules(estate.policy, kind)
    if papers:
        await estate.do(lambda tx: file_all(tx, TARGETS[kind], kind, estate))
    for _ in range(4):
        await look(estate, kind, "2026-11-19")
    return estate


async def look(estate: Estate, kind: str, day: str) -> None:
    estate.clock.advance(timedelta(minutes=5))
    await estate.look(TARGETS[kind], Reach.OPEN, found(kind, day))


async def judged(estate: Estate, kind: str) -> None:
    """Judged from the store, as after a look that changed something."""
    target = await estate.do(partial(targets.load_target, target_id=TARGETS[kind]))
    await estate.do(lambda tx: rejudge(tx, target, estate.policy, estate.clock.now()))


async def cost(work: Callable[[], Awaitable[None]], times: int) -> float:
    """Microseconds of processor time each."""
    began = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - began) / times * 1e6


async def measure(folder: Path, kind: str, times: int) -> dict[str, dict[str, float]]:
    """Medians by what is done and on which estate; the estates take turns."""
    estates = {
        "plain": await estate_of(folder / "plain", kind),
        f"{RULES:,} rules": await estate_of(folder / "rules", kind, rules=True),
        f"{PAPERS} papers": await estate_of(folder / "papers", kind, papers=True),
    }
    told: dict[str, dict[str, list[float]]] = {"same look": {}, "judged": {}}
    for _ in range(TURNS):
        for name, estate in estates.items():
            same = await cost(partial(look, estate, kind, "2026-11-19"), times)
            anew = await cost(partial(judged, estate, kind), times)
            told["same look"].setdefault(name, []).append(same)
            told["judged"].setdefault(name, []).append(anew)
    for estate in estates.values():
        await estate.close()
    return {what: {name: median(each) for name, each in known.items()} for what, known in told.items()}


async def main(times: int) -> None:
    with tempfile.TemporaryDirectory() as held, kept_meanwhile():
        for kind in TARGETS:
            for name in ("plain", "rules", "papers"):
                (Path(held) / kind / name).mkdir(parents=True)
            for what, known in (await measure(Path(held) / kind, kind, times)).items():
                plain = known["plain"]
                rest = "; ".join(
                    f"{name} {each:6.0f} µs ({each / plain:.2f} times)"
                    for name, each in known.items()
                    if name != "plain"
                )
                print(f"{kind:8}{what:10} {plain:6.0f} µs; {rest}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
