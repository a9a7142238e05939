"""The real daemon on the test's own loop, put together from a settings file: what cannot be waited for from outside.

Its store, sockets and servers are real; only the clock may be the test's. `until` asks again and again, pushing a clock that stands.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from monitor.app import assemble, load_settings
from monitor.clock import Clock, SystemClock
from monitor.config.settings import Settings
from monitor.daemon import Daemon
from tests.clock import FakeClock

TOML = """
[web]
listen = "127.0.0.1:0"
[store]
path = "{folder}/state/zhishou.db"
{more}
"""
PAGE = """
[[target]]
id = "{name}"
kind = "{kind}"
name = "{name}"
url = "{url}"
"""


def write(folder: Path, tables: str = "", targets: Mapping[str, str] | None = None, *, kind: str = "page") -> Path:
    """A settings file with these tables and targets (name → address); without [reference] in them no host is asked."""
    path = folder / "monitor.toml"
    tables += "" if "[reference]" in tables else "[reference]\nurls = []\n"
    lines = [PAGE.format(name=name, url=url, kind=kind) for name, url in (targets or {}).items()]
    path.write_text(TOML.format(folder=folder, more=tables) + "".join(lines), encoding="utf-8")
    return path


class Inside:
    """A daemon that runs in `task`."""

    def __init__(self, daemon: Daemon, config: Path) -> None:
        self.daemon, self.config = daemon, config
        self.task = asyncio.create_task(daemon.run(), name="the daemon")

    async def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What its store holds."""
        return await self.daemon.watch.database.read(lambda tx: tx.execute(sql, values).fetchall())

    async def health(self) -> tuple[int, Any]:
        """Status and body of /healthz."""
        desk = self.daemon.doors[1][1].__self__  # type: ignore[attr-defined]
        async with aiohttp.ClientSession() as session, session.get(f"{desk.address}/healthz") as answer:
            return answer.status, await answer.json()

    async def end(self) -> None:
        """As SIGTERM does; raises what ended it otherwise."""
        self.daemon.stop.set()
        push = self.daemon.clock if isinstance(self.daemon.clock, FakeClock) else None
        await until(self.task.done, push)
        await self.task


@asynccontextmanager
async def inside(
    config: Path, clock: Clock | None = None, *, reread: Callable[[], Settings] | None = None
) -> AsyncIterator[Inside]:
    """A daemon that is ready; it is ended at the end, if the test did not."""
    again = reread or partial(load_settings, config)
    settings = await asyncio.to_thread(load_settings, config)
    daemon = await assemble(settings, clock or SystemClock(), again)
    daemon.drain_seconds = 5.0
    running = Inside(daemon, config)
    try:
        await until(lambda: daemon.status.ready or running.task.done())
        assert daemon.status.ready, running.task
        yield running
    finally:
        if not running.task.done():
            await running.end()


async def until(asked: Callable[[], object], clock: FakeClock | None = None, *, step: float = 1.0) -> None:
    """Until that is so, within thirty real seconds; a clock is pushed on by `step` seconds each time."""
    async with asyncio.timeout(30):
        while not asked():
            if clock is not None:
                clock.advance(step)
            await asyncio.sleep(0.02)
