"""`make bench-scale`: a loopback estate at a hundredth, a tenth and the whole of the national size, watched by the real daemon.

    python -m tests.bench.scale.measure [--scale 1] [--sizes 3] [--hold 600] [--cold 420] [--folder DIR] [--profile]

The server has the first processor, the daemon (`zhishou run`, a child) the last. For each size: the cold start of an empty store,
the load held on a prepared one (prepare.py says what that is), and ticks in isolation. A watchdog ends all of it.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from monitor.app import load_settings
from monitor.clock import SHANGHAI
from monitor.settle.policy import policy_of
from tests.bench.canned import run
from tests.bench.scale import report
from tests.bench.scale.child import free_port, watching
from tests.bench.scale.estate import Estate, of_scale
from tests.bench.scale.model_site import look_at_first_site
from tests.bench.scale.phases import Cold, Held, cold_start, hold, say
from tests.bench.scale.prepare import prepare, wind
from tests.bench.scale.server import Serving, serving
from tests.bench.scale.setup import write_settings
from tests.bench.scale.ticks import Costs, costs

SMALLEST = 0.001
"""Of the national estate: with fewer targets there are none left for the ticks."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One size; None what was left out."""

    estate: Estate
    cold: Cold | None
    held: Held
    costs: Costs
    prepared_in: float  # seconds
    store_bytes: int
    answered: dict[str, int]


def main() -> None:
    """Measure and print."""
    told = _options()
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(int(told.sizes * (told.hold + told.cold + 2400)))
    steps = [told.scale / 10**step for step in reversed(range(told.sizes))]
    sizes = [step for step in steps if step >= SMALLEST]
    with tempfile.TemporaryDirectory(dir=told.folder, prefix="scale-") as place:
        measured = []
        for number, size in enumerate(sizes):
            folder = Path(place) / str(number)
            folder.mkdir()
            measured.append(_measure(folder, size, told))
            shutil.rmtree(folder)
            report.one(measured[-1])
        report.growth(measured)
        report.targets(measured, told.scale)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="of the national estate (default 1)")
    parser.add_argument("--sizes", type=int, default=3, help="this size, a tenth of it, a hundredth (default 3)")
    parser.add_argument("--hold", type=float, default=600.0, help="seconds the load is held (default 600)")
    parser.add_argument("--cold", type=float, default=420.0, help="seconds a cold start is given; 0 leaves it out")
    parser.add_argument("--folder", type=Path, help="where the stores are made (default: the system's)")
    parser.add_argument(
        "--profile", action="store_true", help="the daemon under cProfile; files *.prof stay in --folder"
    )
    told = parser.parse_args()
    if told.scale < SMALLEST:
        parser.error(f"--scale is at least {SMALLEST:g}")
    return told


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("the whole takes longer than it may")


def _measure(folder: Path, scale: float, told: argparse.Namespace) -> Measured:
    now = datetime.now(UTC)
    wanted = replace(of_scale(scale), began=now.timestamp(), day=now.astimezone(SHANGHAI).date().isoformat())
    with serving(wanted, processors()[0]) as server:
        cold = _cold(folder, server, told) if told.cold else None
        took, store = _prepared(folder, server)
    # From here on the pages are as they were when the store was prepared: the clock of their editions begins anew.
    again = replace(server.estate, began=time.time())
    with serving(again, processors()[0]) as server:
        held = _held(folder, server, store, told)
        answered = server.answered()
    size = store.stat().st_size
    say(f"{scale:g}: ticks in isolation")
    ticks = costs(store, policy_of(load_settings(folder / "first" / "monitor.toml")))
    return Measured(server.estate, cold, held, ticks, took, size, answered)


def _cold(folder: Path, server: Serving, told: argparse.Namespace) -> Cold:
    store, desk = folder / "cold.db", free_port()
    config = write_settings(folder / "cold", server.estate, server.nameserver, store, desk=desk)
    with watching(config, desk, processors()[1], _profile(told, server.estate, "cold")) as child:
        found = cold_start(child, store, told.cold)
    for path in folder.glob("cold.db*"):
        path.unlink()
    return found


def _prepared(folder: Path, server: Serving) -> tuple[float, Path]:
    began, store, estate = time.monotonic(), folder / "known.db", server.estate

    def progress(done: int) -> None:
        say(f"prepare: {done:,} of {estate.sites:,} sites known")

    first = run(look_at_first_site(folder, estate, server.nameserver))
    prepare(first, store, estate, datetime.now(UTC), progress)
    return time.monotonic() - began, store


def _held(folder: Path, server: Serving, store: Path, told: argparse.Namespace) -> Held:
    desk = free_port()
    config = write_settings(folder / "known", server.estate, server.nameserver, store, desk=desk)
    wind(store, datetime.now(UTC))
    with watching(config, desk, processors()[1], _profile(told, server.estate, "held")) as child:
        return hold(child, store, told.hold)


def _profile(told: argparse.Namespace, estate: Estate, phase: str) -> Path | None:
    folder = told.folder or Path(tempfile.gettempdir())
    return folder / f"{phase}-{estate.sites}.prof" if told.profile else None


def processors() -> tuple[int | None, int | None]:
    """One for the server, one for the daemon; where there is but one, they share it."""
    free = sorted(os.sched_getaffinity(0))
    if len(free) < 2:
        print("one processor only: the server takes its part of it", file=sys.stderr)
    return free[0], free[-1]


if __name__ == "__main__":
    main()
