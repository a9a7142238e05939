"""What keeps the daemon from starting: every reason in plain words, exit 2, and nothing touched."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store.database import Database
from monitor.store.schema import VERSION
from tests.cli.terminal import Done, call, run
from tests.clock import START
from tests.web.filled import target, watch

pytestmark = pytest.mark.timeout(120)

SETTINGS = """
[desk]
language = "en"
[web]
listen = "127.0.0.1:0"
[store]
path = "{store}"
[[target]]
id = "site-1"
kind = "site"
name = "某市"
url = "http://127.0.0.1:9/"
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "state" / "zhishou.db"


@pytest.fixture
def config(tmp_path: Path, store: Path) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(SETTINGS.format(store=store), encoding="utf-8")
    return path


def start(config: Path, begin: Callable[..., Done] = call) -> Done:
    """Start it; it must refuse, and without a word on stdout. What refuses before any loop begins may do so in this process."""
    refused = begin("run", "--config", config)
    assert refused.code == 2, refused.err
    assert refused.out == ""
    assert "Traceback" not in refused.err
    return refused


def write_store(path: Path) -> None:
    """A store of ours with a few thousand rows."""

    async def fill() -> None:
        database = Database(path)
        await database.open()
        await database.write(lambda tx: watch(tx, *(target(f"site-{n}") for n in range(2000)), at=START))
        await database.close()

    path.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(fill())


def newer(path: Path) -> None:
    write_store(path)
    with closing(sqlite3.connect(path)) as tx:
        tx.execute(f"PRAGMA user_version = {VERSION + 1}")


def scratched(path: Path) -> None:
    write_store(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for place in range(4096, size, 8192):
            file.seek(place)
            file.write(b"\xa5" * 512)


def cut_off(path: Path) -> None:
    write_store(path)
    os.truncate(path, path.stat().st_size // 2)


def a_letter(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("尊敬的领导：这不是数据库。" * 100, encoding="utf-8")


def of_another_program(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as tx:
        tx.execute("CREATE TABLE letters (id INTEGER)")
        tx.commit()


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (newer, f"schema {VERSION + 1}"),
        (scratched, "damaged"),
        (cut_off, "damaged"),
        (a_letter, "no database"),
        (of_another_program, "another program"),
        (a_folder, ""),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_store_that_is_not_ours_to_use_is_left_as_it_is(
    config: Path, store: Path, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(store)
    before = store.read_bytes() if store.is_file() else b""
    refused = start(config, run if spoil is newer else call)
    assert "the store cannot be used" in refused.err
    assert str(store) in refused.err
    assert says in refused.err
    if store.is_file():
        assert store.read_bytes() == before
    assert not (store.parent / "control.sock").exists()


def test_every_problem_of_every_file_is_listed_and_nothing_is_created(config: Path, store: Path) -> None:
    text = config.read_text(encoding="utf-8")
    wrong = '\n[cadence]\nsitte = "5m"\ncolumn = "soon"\n[[channel]]\nid = "duty"\nurl = "jsno://x"\n'
    config.write_text(text.replace('url = "http://127.0.0.1:9/"', 'url = "htp://?"') + wrong, encoding="utf-8")
    (config.parent / "targets").mkdir()
    (config.parent / "targets" / "more.csv").write_text(
        "id,kind,name,url\nok,site,好,http://127.0.0.1:9/x\nbad,colunm,坏,http://127.0.0.1:9/y\n", encoding="utf-8"
    )
    before = sorted(config.parent.rglob("*"))
    refused = start(config, run)
    for word in ("sitte", "site", "cadence.column", "channel[1].url", "more.csv:3", "colunm", "target[1].url"):
        assert word in refused.err, word
    lines = refused.err.strip().splitlines()
    assert lines[-1].endswith("nothing was started")
    assert lines[-1].startswith(f"{len(lines) - 1} problem")
    assert sorted(config.parent.rglob("*")) == before
    assert not store.parent.exists()


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused = start(tmp_path / "nowhere.toml")
    assert "nowhere.toml" in refused.err
    assert not list(tmp_path.iterdir())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, which can be made read-only."""
    place = tmp_path / "disk"
    place.mkdir()
    made = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", place], check=False)
    if not made or made.returncode != 0:
        pytest.skip("a read-only file system can be made by root only")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("fill", [lambda _path: None, write_store], ids=["nothing there", "a store there"])
def test_a_folder_that_cannot_be_written(config: Path, small_disk: Path, fill: Callable[[Path], None]) -> None:
    store = small_disk / "state" / "zhishou.db"
    fill(store)
    before = store.read_bytes() if store.exists() else None
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    config.write_text(SETTINGS.format(store=store), encoding="utf-8")
    refused = start(config, run)
    assert "the store cannot be used" in refused.err
    assert str(store.parent) in refused.err
    assert (store.read_bytes() if store.exists() else None) == before
