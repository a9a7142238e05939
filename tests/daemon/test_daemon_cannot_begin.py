"""A daemon that cannot begin, started over and over: people are called once, and told when it watches again."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.alert.distress import ONCE_IN, REMIND, RETRY, Past
from monitor.alert.series import NAME, Series, call_for_help
from monitor.app import load_settings
from monitor.city.receiver import Receiver
from monitor.store.database import Database
from monitor.store.schema import VERSION
from tests.cli.terminal import Done, run
from tests.clock import START, FakeClock
from tests.daemon.process import eventually, free_port, running

pytestmark = pytest.mark.timeout(120)

SETTINGS = """
[web]
listen = "127.0.0.1:{listen}"
[store]
path = "{store}"
[reference]
urls = []
[[channel]]
id = "duty"
url = "json://127.0.0.1:{port}/hook"
[[channel]]
id = "only-vetoes"
url = "json://127.0.0.1:{port}/hook"
severities = ["veto"]
"""


def written(folder: Path, receiver: Receiver, *, listen: int = 0, store: Path | None = None) -> Path:
    path = folder / "monitor.toml"
    store = store or folder / "state" / "zhishou.db"
    path.write_text(SETTINGS.format(listen=listen, store=store, port=receiver.port), encoding="utf-8")
    (folder / "run").mkdir(exist_ok=True)
    return path


async def start(config: Path, *, by_systemd: bool = True) -> Done:
    """It must refuse."""
    runtime = str(config.parent / "run") if by_systemd else ""
    done = await asyncio.to_thread(partial(run, "run", "--config", config, RUNTIME_DIRECTORY=runtime))
    assert done.code == 2, done.err
    assert "Traceback" not in done.err
    return done


def newer(store: Path) -> None:
    """A store of a program that is still to be written."""
    store.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(_made(store))
    mark(store, VERSION + 1)


def mark(store: Path, version: int) -> None:
    with closing(sqlite3.connect(store)) as tx:
        tx.execute(f"PRAGMA user_version = {version}")


async def _made(store: Path) -> None:
    database = Database(store)
    await database.open()
    await database.close()


async def test_people_are_called_once_in_a_series_and_told_when_it_is_over(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, store = written(tmp_path, receiver, listen=free_port()), tmp_path / "state" / "zhishou.db"
    await asyncio.to_thread(newer, store)
    refused = await start(config)
    assert str(store) in refused.err
    assert f"schema {VERSION + 1}" in refused.err
    (told,) = receiver.received
    assert f"schema {VERSION + 1}" in told.body.decode()
    for _ in range(2):
        await start(config)
    assert len(receiver.received) == 1, "once, and not to those who want vetoes only"
    await asyncio.to_thread(mark, store, VERSION)
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "run"))
    await asyncio.to_thread(watch_until_told, config, tmp_path, receiver)
    assert not (tmp_path / "run" / NAME).exists()


def watch_until_told(config: Path, folder: Path, receiver: Receiver) -> None:
    with running(config, folder) as daemon:
        eventually(lambda: len(receiver.received) == 2, shown=daemon.log)
        (incident,) = daemon.incidents()
        assert (incident["cause"], incident["key"], incident["state"]) == ("ours", "start", "recovered")
        assert daemon.stop() == 0


async def test_a_desk_that_cannot_listen_is_a_start_that_failed_too(tmp_path: Path, receiver: Receiver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = written(tmp_path, receiver, listen=taken.getsockname()[1])
        refused = await start(config)
        await start(config)
    assert "web: " in refused.err
    assert len(receiver.received) == 1
    assert "web: " in receiver.received[0].body.decode()


async def test_a_file_of_authorities_that_is_none_is_named(tmp_path: Path, receiver: Receiver) -> None:
    config = written(tmp_path, receiver)
    (tmp_path / "ca.pem").write_text("", encoding="utf-8")
    config.write_text(config.read_text(encoding="utf-8") + '[fetch]\nca_file = "ca.pem"\n', encoding="utf-8")
    assert "fetch.ca_file: " in (await start(config)).err
    assert len(receiver.received) == 1


async def test_nobody_is_called_while_it_runs_elsewhere(tmp_path: Path, receiver: Receiver) -> None:
    config, database = written(tmp_path, receiver), Database(tmp_path / "state" / "zhishou.db")
    (tmp_path / "state").mkdir()
    await database.open()
    await start(config)
    await database.close()
    assert receiver.received == []


async def test_without_systemd_it_remembers_beside_the_store_or_where_temporary_files_are(
    tmp_path: Path, receiver: Receiver
) -> None:
    config, store = written(tmp_path, receiver), tmp_path / "state" / "zhishou.db"
    store.parent.mkdir()
    store.write_text("尊敬的领导：这不是数据库。", encoding="utf-8")
    for _ in range(2):
        await start(config, by_systemd=False)
    assert len(receiver.received) == 1
    assert (store.parent / NAME).stat().st_mode & 0o777 == 0o600
    assert NAME in Series.of(Path("/proc/nowhere/zhishou.db"), {})._places[1].name


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    made = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], check=False)
    if not made or made.returncode != 0:
        pytest.skip("a small file system can be made by root only")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


async def test_a_full_disk_does_not_make_it_forget(tmp_path: Path, full_disk: Path, receiver: Receiver) -> None:
    config = written(tmp_path, receiver, store=full_disk / "state" / "zhishou.db")
    with (full_disk / "ballast").open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    for _ in range(2):
        assert str(full_disk) in (await start(config)).err
    assert len(receiver.received) == 1


class At:
    """One start after the other, at times the test sets."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.clock, self.settings = FakeClock(), load_settings(config)
        self.series = Series((folder / NAME,))

    async def fails(self) -> int:
        """A process of its own in everything but this: its clock."""
        clock = FakeClock(self.clock.now())  # monotonic time of a process says nothing to the next
        return await call_for_help(self.series, self.settings, clock, "disk I/O error")


async def test_what_did_not_arrive_is_tried_again_and_what_lasts_is_told_again(
    tmp_path: Path, receiver: Receiver
) -> None:
    at = At(tmp_path, written(tmp_path, receiver))
    await receiver.answer_with("refused")
    assert await at.fails() == 0
    await receiver.answer_with("ok")
    at.clock.advance(RETRY / 2)
    assert await at.fails() == 0, "not every ten seconds"
    at.clock.advance(RETRY)
    assert await at.fails() == 1
    for _ in range(10):
        at.clock.advance((REMIND - ONCE_IN) / 10)
        assert await at.fails() == 0
    at.clock.advance(ONCE_IN + 1)
    assert await at.fails() == 1, "by then others are on duty"
    past = at.series.read()
    assert past is not None
    assert past.since == START


async def test_a_clock_that_was_set_back_silences_nobody_for_long(tmp_path: Path, receiver: Receiver) -> None:
    at = At(tmp_path, written(tmp_path, receiver))
    far = START + timedelta(days=400)
    assert at.series.write(Past("x", START, {"duty": far}, frozenset()))
    assert await at.fails() == 0
    at.clock.advance(ONCE_IN + 1)
    past = at.series.read()
    assert past is not None
    assert past.quiet_until["duty"] <= START + timedelta(seconds=ONCE_IN)
    assert await at.fails() == 1


BAD: tuple[Callable[[Path], object], ...] = (
    lambda place: place.write_text("", encoding="utf-8"),
    lambda place: place.write_text("[]", encoding="utf-8"),
    lambda place: place.write_bytes(b"\xff\xfe"),
    lambda place: place.write_text(json.dumps({"error": "x", "since": 10**30, "quiet_until": {}, "told": []})),
    lambda place: place.mkdir(),
    lambda place: place.symlink_to("/etc/passwd"),
    os.mkfifo,
)


@pytest.mark.parametrize("spoil", BAD)
def test_whatever_stands_there_it_does_not_stumble(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(tmp_path / NAME)
    assert Series((tmp_path / NAME,)).read() is None
