"""A reload applies everything that can change while it runs: each test changes one table and sees the next looks go by it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import time
from functools import partial
from pathlib import Path

import pytest

from monitor.jobs import missed_between
from monitor.model import Cause, fail, say
from monitor.settle.ours import settle_ours
from tests.clock import START, FakeClock
from tests.daemon.inside import Inside, inside, until, write
from tests.daemon.slow_server import SlowServer
from tests.observe.dns_server import naming

HERE = '[guard]\nallow = ["127.0.0.0/8"]\n'
QUICK = '[cadence]\npage = "500ms"\nsite = "500ms"\n[confirm]\nevery = "500ms"\n'
ALONE = "[reference]\nurls = []\n"


@pytest.fixture
def server() -> Iterator[SlowServer]:
    with SlowServer(0.0) as server:
        yield server


async def rewrite(running: Inside, tables: str, targets: dict[str, str]) -> None:
    """Other settings, and a reload that takes them."""
    await asyncio.to_thread(write, running.config.parent, tables, targets)
    assert await running.daemon.take_over() == ()


async def reach(running: Inside) -> str:
    """What the last look said of reach."""
    rows = await running.ask("SELECT outcome, reason FROM runs WHERE check_name = 'reachable' AND is_current = 1")
    return " ".join(rows[0]) if rows else ""


@asynccontextmanager
async def watching(tmp_path: Path, tables: str, url: str) -> AsyncIterator[Inside]:
    async with inside(await asyncio.to_thread(write, tmp_path, tables, {"page": url})) as running:
        yield running


async def reaches(running: Inside, wanted: str) -> None:
    async with asyncio.timeout(30):
        while (await reach(running)).strip() != wanted:
            await asyncio.sleep(0.05)


async def test_the_guard(tmp_path: Path, server: SlowServer) -> None:
    url = f"http://127.0.0.1:{server.port}/"
    async with watching(tmp_path, QUICK + ALONE + HERE, url) as running:
        await reaches(running, "ok")
        await rewrite(running, QUICK + ALONE, {"page": url})
        await reaches(running, "unknown refused_by_guard")
        asked = len(server.agents)
        await asyncio.sleep(1.2)
        assert len(server.agents) == asked
        await rewrite(running, QUICK + ALONE + HERE, {"page": url})
        await reaches(running, "ok")


async def test_the_name_servers(tmp_path: Path, server: SlowServer) -> None:
    async with naming({"one.example": ["127.0.0.1"]}) as knows, naming({}) as knows_not:
        url = f"http://one.example:{server.port}/"
        tables = QUICK + ALONE + HERE + '[resolver]\nnameservers = ["127.0.0.1:{}"]\n'
        async with watching(tmp_path, tables.format(knows.port), url) as running:
            await reaches(running, "ok")
            await rewrite(running, tables.format(knows_not.port), {"page": url})
            await reaches(running, "fail dns")


async def test_the_fetcher_and_what_is_under_way_ends_as_it_began(tmp_path: Path) -> None:
    with SlowServer(1.0) as slow:
        url = f"http://127.0.0.1:{slow.port}/"
        tables = QUICK + ALONE + HERE + '[fetch]\nuser_agent = "{}"\nconcurrency = {}\n'
        async with watching(tmp_path, tables.format("first", 5), url) as running:
            await until(lambda: slow.agents)
            assert running.daemon.flights.slots == 5
            await rewrite(running, tables.format("second", 7), {"page": url})
            assert running.daemon.flights.slots == 7
            assert slow.agents == ["first"], "it is still under way"
            await until(lambda: "second" in slow.agents)
            assert await reach(running) == "ok ", "and ended well"
            await until(lambda: not [task for task in asyncio.all_tasks() if task.get_name() == "wire leaving"])


async def test_the_reference_hosts(tmp_path: Path, server: SlowServer) -> None:
    urls = [f"http://127.0.0.1:{server.port}/reference-{n}" for n in range(3)]
    async with watching(tmp_path, QUICK + ALONE + HERE, "http://127.0.0.1:9/") as running:
        await reaches(running, "fail connect")
        assert not server.agents
        await rewrite(running, QUICK + HERE + f"[reference]\nurls = {urls}\n", {"page": "http://127.0.0.1:9/"})
        await until(lambda: len(server.asked) == 3)


async def test_a_ca_file_renewed_under_its_name_is_read_again(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    await asyncio.to_thread(bundle.write_text, "")
    tables = QUICK + ALONE + HERE + f'[fetch]\nca_file = "{bundle}"\n'
    config = await asyncio.to_thread(write, tmp_path, QUICK + ALONE + HERE)
    async with inside(config) as running:
        tools = running.daemon.watch.tools
        await asyncio.to_thread(write, tmp_path, tables)
        (problem,) = await running.daemon.take_over()
        assert problem, "a file without a certificate is refused"
        assert running.daemon.watch.tools is tools
        assert (await running.health())[1]["settings_problems"] == [problem]


async def test_nothing_of_the_network_is_opened_anew_when_nothing_of_it_changed(
    tmp_path: Path, server: SlowServer
) -> None:
    url = f"http://127.0.0.1:{server.port}/"
    async with watching(tmp_path, QUICK + ALONE + HERE, url) as running:
        tools = running.daemon.watch.tools
        await rewrite(running, QUICK + ALONE + HERE + "[alert]\ngroup_after = 7\n", {"page": url})
        assert running.daemon.watch.tools is tools
        assert running.daemon.watch.policy.settings.alert.group_after == 7


async def test_what_needs_a_restart_is_said_wherever_one_looks(tmp_path: Path, server: SlowServer) -> None:
    url = f"http://127.0.0.1:{server.port}/"
    async with watching(tmp_path, QUICK + ALONE + HERE, url) as running:
        await asyncio.to_thread(write, tmp_path, QUICK + ALONE + HERE, {"page": url})
        text = await asyncio.to_thread(running.config.read_text)
        elsewhere = text.replace("127.0.0.1:0", "127.0.0.1:1").replace("zhishou.db", "other.db")
        await asyncio.to_thread(running.config.write_text, elsewhere)
        answer = await running.daemon.asked_to_reload({})
        assert answer == {"problems": [], "needs_restart": ["store.path", "web.listen"]}
        _, health = await running.health()
        assert "settings" in health["notes"]
        assert "store.path, web.listen" in health["facts"]["settings"]["detail"]
        assert "127.0.0.1:1" not in running.daemon.watch.policy.settings.desk.address, "alerts name where it listens"
        await asyncio.to_thread(running.config.write_text, text)
        assert await running.daemon.asked_to_reload({}) == {"problems": [], "needs_restart": []}
        assert "settings" not in (await running.health())[1]["notes"]


async def test_the_language_of_commands(tmp_path: Path) -> None:
    async with inside(await asyncio.to_thread(write, tmp_path, ALONE)) as running:
        control = running.daemon.doors[2][1].__self__  # type: ignore[attr-defined]
        before = control.handlers
        await rewrite(running, ALONE + '[desk]\nlanguage = "en"\n', {})
        assert control.handlers is not before
        assert control.handlers.keys() == before.keys()


DIGEST = '[alert]\ndigest_at = "{}"\n'


@pytest.mark.parametrize(("at", "told"), [("08:30", 1), ("23:30", 0)])
async def test_the_digest_of_a_day_is_not_lost_when_its_time_moves(tmp_path: Path, at: str, told: int) -> None:
    clock = FakeClock()  # 09:00 in Shanghai
    config = await asyncio.to_thread(write, tmp_path, ALONE + DIGEST.format("22:00"))
    async with inside(config, clock) as running:
        policy, calendar = running.daemon.watch.policy, running.daemon.calendar
        trouble = partial(
            settle_ours, finding=fail("store", Cause.OURS, "store", say("store")), policy=policy, now=START
        )
        await running.daemon.watch.database.write(trouble)
        await rewrite(running, ALONE + DIGEST.format(at), {})
        assert running.daemon.calendar is not calendar
        digests = "SELECT COUNT(*) FROM notices WHERE kind = 'digest'"
        async with asyncio.timeout(30):
            while (await running.ask(digests))[0][0] != told:
                await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("before", "after", "missed"),
    [("08:30", "09:30", False), ("09:30", "08:30", True), ("08:00", "08:30", False), ("09:30", "10:00", False)],
)
def test_when_a_digest_would_be_missed(before: str, after: str, missed: bool) -> None:
    assert missed_between(time.fromisoformat(before), time.fromisoformat(after), START) is missed
