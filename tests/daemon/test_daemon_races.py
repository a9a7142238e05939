"""Things that meet: two reloads, an end in the middle of a reload, a reload in the middle of the end, a loop that breaks."""

import asyncio
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor import service
from monitor.app import load_settings
from monitor.config.settings import Settings
from monitor.control import Refusal, ask
from monitor.daemon import STOPPING
from monitor.store.database import Database
from tests.daemon.inside import Inside, inside, until, write

ALONE = "[reference]\nurls = []\n"


class Reread:
    """Reads the files again, and waits inside until it is let through."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.begun = 0
        self.through = threading.Semaphore(0)
        self.breaks: Exception | None = None

    def __call__(self) -> Settings:
        self.begun += 1
        assert self.through.acquire(timeout=30)
        if self.breaks is not None:
            raise self.breaks
        return load_settings(self.config)


@pytest.fixture(autouse=True)
def logged() -> Iterator[Sequence[Mapping[str, Any]]]:
    """What is logged, and not drawn on a terminal with all its locals."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write(tmp_path, ALONE)


def group_after(running: Inside) -> int:
    return running.daemon.watch.policy.settings.alert.group_after


async def say(config: Path, number: int) -> None:
    await asyncio.to_thread(write, config.parent, ALONE + f"[alert]\ngroup_after = {number}\n")


async def test_of_two_reloads_the_second_reads_what_the_file_holds_then(config: Path) -> None:
    reread = Reread(config)
    async with inside(config, reread=reread) as running:
        await say(config, 6)
        first = asyncio.create_task(running.daemon.take_over())
        await until(lambda: reread.begun == 1)
        second = asyncio.create_task(running.daemon.take_over())
        reread.through.release()
        assert await first == ()
        assert group_after(running) == 6
        await say(config, 7)
        reread.through.release()
        assert await second == ()
        assert (reread.begun, group_after(running)) == (2, 7)


async def test_an_end_in_the_middle_of_a_reload_leaves_everything_as_it_was(config: Path) -> None:
    reread = Reread(config)
    async with inside(config, reread=reread) as running:
        await say(config, 6)
        socket_path = config.parent / "state" / "control.sock"
        asked = asyncio.create_task(ask(socket_path, "reload", {}))
        await until(lambda: reread.begun == 1)
        running.daemon.stop.set()
        assert await asked == {"problems": [STOPPING], "needs_restart": []}
        reread.through.release()
        await running.end()
        assert group_after(running) == 5
        assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_who_asks_for_a_reload_and_goes_does_not_end_it(config: Path) -> None:
    reread = Reread(config)
    async with inside(config, reread=reread) as running:
        await say(config, 6)
        asked = asyncio.create_task(running.daemon.take_over())
        await until(lambda: reread.begun == 1)
        asked.cancel()
        reread.through.release()
        await until(lambda: group_after(running) == 6)


async def test_while_it_ends_nothing_is_taken_over(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(config.parent / "notify"))
        ear.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(config.parent / "notify"))
        async with inside(config) as running:
            running.daemon.stop.set()
            assert await running.daemon.take_over() == (STOPPING,)
            await running.end()
        said = b"\n".join(ear.recv(4096) for _ in range(2)).decode()
        assert "READY=1" in said.partition("STOPPING=1")[0]
        assert "READY=1" not in said.partition("STOPPING=1")[2]
        assert "RELOADING=1" not in said


async def test_whatever_a_reload_stumbles_over_the_running_set_goes_on(config: Path) -> None:
    reread = Reread(config)
    async with inside(config, reread=reread) as running:
        reread.breaks = TypeError("checks/new.py: needs a class Options")
        reread.through.release()
        assert await running.daemon.take_over() == ("TypeError: checks/new.py: needs a class Options",)
        assert (await running.health())[1]["notes"].count("settings") == 1
        reread.breaks = None
        await say(config, 6)
        reread.through.release()
        assert await running.daemon.take_over() == ()
        assert group_after(running) == 6


async def test_a_store_that_refuses_the_new_inventory_changes_nothing(config: Path) -> None:
    async with inside(config) as running:
        before = running.daemon.watch.policy, running.daemon.watch.tools
        await say(config, 6)
        text = await asyncio.to_thread(config.read_text)
        await asyncio.to_thread(config.write_text, text + '[guard]\nallow = ["127.0.0.0/8"]\n')
        await running.daemon.watch.database.write(lambda tx: tx.execute("DROP TABLE rules"))
        problems = await running.daemon.take_over()
        assert "no such table" in problems[0]
        assert (running.daemon.watch.policy, running.daemon.watch.tools) == before


def bad_target(tx: sqlite3.Connection) -> None:
    """A target nobody can read, due now."""
    tx.execute("UPDATE targets SET packs = 'not JSON', next_due_at = 0")


async def test_a_loop_that_breaks_ends_the_daemon_in_good_order_and_says_why(
    tmp_path: Path, logged: Sequence[Mapping[str, Any]]
) -> None:
    config = await asyncio.to_thread(write, tmp_path, ALONE, {"page": "http://127.0.0.1:9/"})
    async with inside(config) as running:
        await running.daemon.watch.database.write(bad_target)
        await until(running.task.done)
        with pytest.raises(ValueError, match="literal"):
            running.task.result()
        assert running.daemon.status.stopping
    assert [line["loop"] for line in logged if line["event"] == "daemon.loop_broke"] == ["rounds"]
    assert not await asyncio.to_thread((tmp_path / "state" / "control.sock").exists)
    again = Database(tmp_path / "state" / "zhishou.db")
    await again.open()  # nobody holds it any more
    leased = await again.read(lambda tx: tx.execute("SELECT 1 FROM targets WHERE lease IS NOT NULL").fetchall())
    assert leased == []
    await again.close()


async def test_a_command_meets_the_end(config: Path) -> None:
    async with inside(config) as running:
        place = config.parent / "state" / "control.sock"
        asking = partial(ask, place, "incidents", {})
        answers = asyncio.gather(*(asking() for _ in range(20)), return_exceptions=True)
        running.daemon.stop.set()
        for answer in await answers:
            assert answer == [] or isinstance(answer, Refusal | OSError | ValueError), answer
        await running.end()


def test_a_full_socket_of_systemd_holds_nobody_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        environ = dict(os.environ) | {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        while service.alive(environ=environ):
            pass  # nobody listens: the socket fills up, and then the word is given up
