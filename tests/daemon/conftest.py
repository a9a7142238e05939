"""What the tests of a running daemon share: one small town of troubles, and one daemon that watches it, per module; and the long
plays, for the module that looks at them.
"""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.city.faults import Event
from monitor.city.plan import Plan, make_plan
from monitor.city.receiver import Receiver
from monitor.clock import SystemClock
from tests.daemon.plays import PLAYS, Seen
from tests.daemon.process import Running, running
from tests.daemon.town import LONG_AGO, Town, fault

TROUBLES = (
    Event(LONG_AGO, "down", "site-2"),
    Event(LONG_AGO, "http_500", "site-3"),
    Event(timedelta(days=-20), "silent", "site-1/column-1"),
    Event(timedelta(days=-11), "silent", "site-4/column-1"),
    Event(timedelta(days=-20), "silent", "account-1"),
    fault(1, "http_500", "site-5"),
)
"""What is wrong from the beginning, and what goes wrong in phase 1. A column of site-4 falls due in three days."""

EXPECTED = {("outage", "site-2"), ("outage", "site-3"), ("stale", "site-1/column-1"), ("stale", "account-1")}
"""Cause and target of the incidents of phase 0."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here waits for other processes: it begins early in a run, and may take longer on a busy machine."""
    for item in items:
        if item.path.parent == Path(__file__).parent and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(200))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Where a daemon of the test's own sends its alerts."""
    receiver = Receiver(SystemClock())
    await receiver.start()
    yield receiver
    await receiver.close()


@pytest.fixture(scope="module")
def plays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "Future[Seen]"]]:
    """The long plays by name, all under way at once: they mostly wait."""
    with ThreadPoolExecutor(len(PLAYS)) as pool:
        yield {play.__name__: pool.submit(play, tmp_path_factory.mktemp(play.__name__)) for play in PLAYS}


def small_plan() -> Plan:
    """Five sites, ten columns, two accounts."""
    return make_plan(3, sites=5, columns_per_site=2, accounts=2, links_per_home=4)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """The town of troubles, in phase 0."""
    with Town(small_plan(), TROUBLES) as town:
        yield town


@pytest.fixture(scope="module")
def daemon(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A daemon that watches it, quickly: every test of the module meets the same one."""
    folder = tmp_path_factory.mktemp("watch")
    config = town.write_config(folder, site="1s", column="2s", account="2s", every="1s", group_wait="1s")
    with running(config, folder) as daemon:
        yield daemon
