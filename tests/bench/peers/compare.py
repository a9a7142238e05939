"""lychee and blackbox_exporter beside the daemon, on one loopback estate in one run: `compare.py [repetitions]`.

The server has a processor of its own, and each program under measurement another, one after the other; ratios are of the same
repetition. Exit code 2 when a peer cannot be had here: its half is left out aloud, the other is measured.
"""

import contextlib
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.bench.bench_visit import processors
from tests.bench.peers import install
from tests.bench.peers.estate import DISTINCT, HOMES, LINKS_PER_HOME, truth
from tests.bench.peers.links import Ours, Round, lychee_round, our_round, wrong
from tests.bench.peers.probes import CASES, SITES, addresses, probing, visit_all, visiting
from tests.bench.peers.server import Served, serving
from tests.bench.peers.subject import Cost
from tests.bench.peers.table import Line, head, ratios, row, target

REPETITIONS = 3
MOST = 3.0
"""Times lychee's seconds of processor that a first link round may take."""


def compare_links(served: Served, folder: Path, processor: int, repetitions: int) -> None:
    """Both on the same links, in turn."""
    program, pairs = install.lychee(), list[tuple[Round, Ours]]()
    for number in range(repetitions):
        theirs = lychee_round(program, served, folder / f"lychee-{number}", processor)
        pairs.append((theirs, our_round(served, folder / f"links-{number}", processor)))
    show_links(pairs, truth(served.port))


def show_links(pairs: list[tuple[Round, Ours]], true: dict[str, bool]) -> None:
    theirs, ours = [one for one, _ in pairs], [two for _, two in pairs]
    rounds = [two.round for two in ours]
    print(
        f"links of {HOMES} home pages, {LINKS_PER_HOME} each: {DISTINCT:,} addresses, {sum(true.values())} of them dead"
    )
    print(head("lychee"))
    right = Line("correct verdicts", _right(theirs, true), _right(rounds, true), "{:,.0f}")
    processor = Line("seconds of processor", [r.cost.processor for r in theirs], [r.cost.processor for r in rounds])
    lines = (
        right,
        Line("wall seconds", [r.cost.wall for r in theirs], [r.cost.wall for r in rounds]),
        processor,
        Line("peak memory, MB", [r.cost.memory for r in theirs], [r.cost.memory for r in rounds], "{:,.0f}"),
        Line("requests", [r.requests for r in theirs], [r.requests for r in rounds], "{:,.0f}"),
    )
    print("\n".join(row(line) for line in lines))
    _show_parts(ours)
    for name, found in (("lychee", theirs), ("zhishou", rounds)):
        if kinds := sum((wrong(one.said, true) for one in found), start=Counter[str]()):
            print(f"  {name} said otherwise, all repetitions: {dict(kinds)}")
    times, least, early = statistics.median(ratios(processor)), min(right.ours), max(two.again[1] for two in ours)
    words = f"a first link round within {MOST:.0f} times lychee's seconds of processor"
    print(target(words, times <= MOST, f"{times:.2f} times"))
    print(target("every verdict right", least == len(true), f"{least:,.0f} of {len(true):,}"))
    words = "a second look at the city asks no link before its turn (or a fifteenth of its cadence before, in company)"
    print(target(words, early == 0, f"{early} asked, {min(two.again[0] for two in ours)} home pages looked at again"))


def _show_parts(ours: list[Ours]) -> None:
    for words, costs in (
        ("every home page read", [o.read for o in ours]),
        ("then each link once", [o.seen for o in ours]),
    ):
        print(f"  of ours, {words}: {_median(costs, _used):.2f} s of processor, {_median(costs, _waited):.2f} s wall")
    print(f"  of ours, visits of home pages meanwhile: {statistics.median(two.homes for two in ours):.0f}")


def compare_probes(served: Served, folder: Path, processor: int, repetitions: int) -> None:
    """All three in turn; who waits costs nothing."""
    program, config = install.blackbox()
    urls, costs = list(addresses(served.port, "full").values()), dict[str, list[Cost]]()
    with contextlib.ExitStack() as stack:
        blackbox = stack.enter_context(probing(program, config, folder / "blackbox", processor))
        daemons = {kind: stack.enter_context(visiting(served, folder / kind, kind, processor)) for kind in CASES}
        blackbox.probe_all(urls)  # warm, as the daemons are
        for _ in range(repetitions):
            costs.setdefault("probe", []).append(blackbox.probe_all(urls))
            for kind, daemon in daemons.items():
                costs.setdefault(kind, []).append(visit_all(daemon))
    show_probes(costs)


def show_probes(costs: dict[str, list[Cost]]) -> None:
    probes = costs["probe"]
    print(f"{SITES} home pages, a new connection each")
    print(head("blackbox_exporter"))
    for kind, words in CASES.items():
        mine = costs[kind]
        line = Line(f"{words}: per core-second", _rate(probes), _rate(mine), "{:,.0f}")
        print(row(line))
        print(row(Line("  per second", [SITES / c.wall for c in probes], [SITES / c.wall for c in mine], "{:,.0f}")))
        print(row(Line("  peak memory, MB", [c.memory for c in probes], [c.memory for c in mine], "{:,.0f}")))
        times = statistics.median(ratios(line))
        print(target(f"{words}: at least as many per core-second as probes", times >= 1, f"{times:.2f} times"))


def _rate(costs: list[Cost]) -> list[float]:
    return [SITES / cost.processor for cost in costs]


def _right(rounds: list[Round], true: dict[str, bool]) -> list[float]:
    return [sum(one.said.get(url) is dead for url, dead in true.items()) for one in rounds]


def _median(costs: list[Cost], of: Callable[[Cost], float]) -> float:
    return statistics.median(of(cost) for cost in costs)


def _used(cost: Cost) -> float:
    return cost.processor


def _waited(cost: Cost) -> float:
    return cost.wall


def main() -> int:
    """Measure and print."""
    mine, theirs = processors()
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    code = 0
    with tempfile.TemporaryDirectory() as place, serving(theirs) as served:
        for compare in (compare_links, compare_probes):
            try:
                compare(served, Path(place), mine, repetitions)
            except install.Missing as error:
                print(f"NOT MEASURED: {error}")
                code = 2
            print(flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
