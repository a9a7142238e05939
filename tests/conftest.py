"""What every test stands on: skips that say why, the corpus, the clock, loop-blocking detection, no network but loopback.

Order is random and its seed is printed; ZHISHOU_SEED repeats it. With `-n` the files are shared out among processes, in that same
order. Nothing here replaces a part of the product.
"""

import logging
import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import HealthCheck, settings

from tests import loopback
from tests.accuracy.labels import ABSENT, corpus_folder
from tests.clock import FakeClock
from tests.installed import install
from tests.turns import in_turn

_SEED = int(os.environ.get("ZHISHOU_SEED") or random.randrange(10**6))
_skipped: dict[str, int] = {}  # reason → tests
_shown: list[str] = []
_LONG = ("root", "slow", "crash", "browser")

# How long an example takes says something about the machine, not about the program.
settings.register_profile("zhishou", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zhishou")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: two more than cores, because the long tests mostly wait; past nine there is nothing left to share out."""
    return min(9, max(2, len(os.sched_getaffinity(0))) + 2)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Every worker process shuffles alike: they must find the same tests in the same order."""
    node.workerinput["seed"] = _SEED


def _why_not(mark: str) -> str | None:
    """Why tests with that mark cannot run here, or None."""
    if mark == "corpus" and not (corpus_folder() / "INDEX.jsonl").is_file():
        return ABSENT
    if mark == "browser" and not shutil.which("chromium"):
        return "no chromium: apt-get install chromium"
    if mark == "root" and os.geteuid() != 0:
        return "not root: systemd-nspawn boots for root only"
    if mark == "root" and not shutil.which("systemd-nspawn"):
        return "no systemd-nspawn: apt-get install systemd systemd-container"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for mark in ("corpus", "browser", "root"):
            if item.get_closest_marker(mark) and (reason := _why_not(mark)):
                item.add_marker(pytest.mark.skip(reason=reason))
    _shuffle(items, getattr(config, "workerinput", {}).get("seed", _SEED))


def _shuffle(items: list[pytest.Item], seed: int) -> None:
    """Files in random order, tests in random order within their file: what leans on its neighbour falls over.

    Files that take long come first, so that none of them is left to run alone at the end.
    """
    chance = random.Random(seed)
    by_file: dict[Path, list[pytest.Item]] = {}
    for item in items:
        by_file.setdefault(item.path, []).append(item)
    files = sorted(by_file)
    chance.shuffle(files)
    for file in files:
        chance.shuffle(by_file[file])
    files.sort(key=lambda file: -max(map(_may_take, by_file[file])))
    items[:] = [item for file in files for item in by_file[file]]


def _may_take(item: pytest.Item) -> float:
    """How long a test may take by its marks: its own limit in seconds, else something when it is marked as long."""
    limit = item.get_closest_marker("timeout")
    if limit and limit.args:
        return float(limit.args[0])
    return 60.0 if any(map(item.get_closest_marker, _LONG)) else 0.0


def pytest_report_header() -> str:
    return f"random order: ZHISHOU_SEED={_SEED}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _shown.extend(str(value) for name, value in report.user_properties if name == "show")
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        _skipped[reason] = _skipped.get(reason, 0) + 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for text in _shown:
        terminalreporter.write_line(text)
    for reason, tests in sorted(_skipped.items()):
        terminalreporter.write_line(f"NOT RUN, {tests} test(s): {reason}", yellow=True, bold=True)
    terminalreporter.write_line(f"random order: ZHISHOU_SEED={_SEED}")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of labelled pages and feeds (INDEX.jsonl, pages/, feeds/)."""
    if reason := _why_not("corpus"):
        pytest.skip(reason)
    return corpus_folder()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the product as a server gets it: `make install` (about half a minute), once."""
    if os.environ.get("ZHISHOU_OFFLINE"):
        pytest.skip("ZHISHOU_OFFLINE is set: the pinned packages cannot be fetched")
    with in_turn(tmp_path_factory, "installed") as folder:
        prefix = folder / "opt" / "zhishou"
        return prefix if (prefix / "bin" / "zhishou").exists() else install(prefix)


@pytest.fixture
def clock() -> FakeClock:
    """A clock standing at Friday 2026-11-20 09:00 in Shanghai."""
    return FakeClock()


@pytest.fixture
def blockbuster() -> Iterator[BlockBuster]:
    """A blocking call on the event loop fails the test: `pytestmark = pytest.mark.usefixtures("blockbuster")`."""
    with blockbuster_ctx(["monitor", "checks"]) as detector:
        yield detector


@pytest.fixture(autouse=True)
def _logging_as_found() -> Iterator[None]:
    """Commands that a test runs in this process set up logging; the next test must not inherit it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


sys.addaudithook(loopback.refuse)


@pytest.fixture(autouse=True)
def _loopback_only() -> Iterator[None]:
    loopback.refused.clear()
    yield
    if loopback.refused:
        pytest.fail(f"the test tried to leave this machine: {', '.join(loopback.refused)}")
