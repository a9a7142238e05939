"""`make drill`: every shipped scenario at full length for many random seeds; a line for each play and a table at the end.

    python tests/drill.py [SEEDS [SCENARIO…]]

SEEDS: how many seeds each is played with (5), drawn anew every time and printed, so that `zhishou drill SCENARIO --seed N`
repeats one. Ends with 1 when any play is not faultless. Each play has a process of its own; so many at once as there are cores.
"""

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, NamedTuple

COLUMNS = (
    "scenario",
    "seed",
    "days",
    "visits",
    "seconds",
    "expected",
    "found",
    "missed",
    "false",
    "late",
    "lost",
    "twice",
)


class Played(NamedTuple):
    """How one play went: its row of the table, and whether nothing is wrong."""

    row: tuple[object, ...]
    faultless: bool


def drill(name: str, seed: int) -> Played:
    """Play a shipped scenario with that seed."""
    from monitor import log
    from monitor.app import load_settings
    from monitor.city.reckoning import unexcused
    from monitor.city.scenario import read_scenario
    from monitor.drill import is_faultless, run_drill, shipped

    log.set_up_logging(level="critical", out=sys.stderr)
    defaults = load_settings(None)
    result: dict[str, Any] = run_drill(
        read_scenario(shipped()[name], [pack.id for pack in defaults.packs], seed), defaults
    )
    counts = (len(result[key]) for key in ("missed", "false", "late", "notices_lost"))
    told = (result[key] for key in ("virtual_days", "visits", "wall_seconds", "expected", "found"))
    return Played((name, seed, *told, *counts, len(unexcused(result["notices_twice"]))), is_faultless(result))


def plays(names: Iterable[str], seeds: int) -> Iterator[Played]:
    """Every play as it ends. One that breaks off is told and not faultless."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        begun: dict[Future[Played], tuple[str, int]] = {}
        for name in names:
            for seed in [secrets.randbelow(10**6) for _ in range(seeds)]:
                begun[pool.submit(drill, name, seed)] = (name, seed)
        for done in as_completed(begun):
            error = done.exception()
            if error is not None:
                print(f"{begun[done]}: {error!r}", file=sys.stderr)
                yield Played((*begun[done], *("-" for _ in COLUMNS[2:])), faultless=False)
            else:
                yield done.result()


def line(row: Iterable[object]) -> str:
    """A row in columns."""
    name, *rest = row
    return f"{name!s:<14}" + "".join(f"{one!s:>10}" for one in rest)


def main(seeds: int = 5, *names: str) -> int:
    """Play, print, 1 when anything is wrong; 2 for a scenario that is not shipped."""
    from monitor.drill import shipped

    if unknown := set(names) - shipped().keys():
        print(f"no such scenario: {', '.join(sorted(unknown))}; there are {', '.join(shipped())}", file=sys.stderr)
        return 2
    print(line(COLUMNS), flush=True)
    found = []
    for played in plays(names or shipped(), seeds):
        found.append(played)
        print(line(played.row) + ("" if played.faultless else "  WRONG"), flush=True)
    print()
    for row in table(found):
        print(line(row))
    return 0 if all(played.faultless for played in found) else 1


def table(found: list[Played]) -> Iterator[tuple[object, ...]]:
    """A line for each scenario: of how many plays how many were faultless."""
    yield "scenario", "plays", "faultless"
    for name in sorted({str(played.row[0]) for played in found}):
        mine = [played for played in found if played.row[0] == name]
        yield name, len(mine), sum(played.faultless for played in mine)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, *sys.argv[2:]))
