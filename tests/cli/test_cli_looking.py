"""A person who may only read the store looks all the same: without a daemon, beside one, and on what was left by a crash.

Run by root, the person is another user for the while; by anybody else, the folder is closed to writing.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from monitor.store import schema
from tests.cli.conftest import SETTINGS
from tests.cli.stored import write_troubles
from tests.cli.terminal import Done, call
from tests.daemon.process import rows

NOBODY = 65534
"""A user who owns nothing here."""
TAKEN = "UPDATE incidents SET state = 'acknowledged', acknowledged_at = 1, acknowledged_by = '张三' WHERE id = 1"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder anybody may read, with a settings file; pytest's own folders are open to their owner only."""
    with tempfile.TemporaryDirectory(prefix="zhishou-looking-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        (path / "monitor.toml").write_text(SETTINGS.format(folder=folder), encoding="utf-8")
        write_troubles(path / "state" / "zhishou.db")
        yield path


@contextmanager
def with_read_rights_only(place: Path) -> Iterator[None]:
    """Everything may be read and nothing written."""
    paths = [path for path in place.rglob("*") if not path.is_socket()]
    for path in (*paths, place):
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in (place, *paths):
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def as_its_owner() -> Iterator[None]:
    """For the while, who made it again."""
    me = os.geteuid()
    os.seteuid(os.getuid())
    try:
        yield
    finally:
        os.seteuid(me)


def look(place: Path, *args: str) -> Done:
    return call(*args, "--config", place / "monitor.toml")


def files(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "state").iterdir())


def test_who_may_only_read_sees_what_goes_on_and_what_falls_due(place: Path) -> None:
    before = files(place)
    with with_read_rights_only(place):
        shown = look(place, "incidents", "--json")
        due = look(place, "due", "--json")
        words = look(place, "incidents", "--lang", "zh-CN")
    assert (shown.code, shown.err, len(shown.json())) == (0, "", 2)
    assert (due.code, due.err, len(due.json())) == (0, "", 2)
    assert "网站打不开" in words.out
    assert files(place) == before


def test_looking_leaves_no_file_behind_for_who_may_write_either(place: Path) -> None:
    before = files(place)
    assert look(place, "incidents", "--json").code == 0
    assert files(place) == before


def test_beside_a_writer_what_is_in_the_log_is_seen_too(place: Path) -> None:
    store = place / "state" / "zhishou.db"
    with closing(sqlite3.connect(store)) as writer:
        writer.execute(TAKEN)
        writer.commit()
        assert (place / "state" / "zhishou.db-wal").stat().st_size > 0
        with with_read_rights_only(place):
            shown = look(place, "incidents", "--json")
    assert shown.code == 0, shown.err
    assert shown.json()[0]["acknowledged_by"] == "张三"


def test_a_log_that_cannot_be_read_is_not_passed_over(place: Path, tmp_path: Path) -> None:
    """A file alone would show a state that is no longer true."""
    store = place / "state" / "zhishou.db"
    with closing(sqlite3.connect(store)) as writer:
        writer.execute(TAKEN)
        writer.commit()
        for side in ("", "-wal"):
            shutil.copyfile(f"{store}{side}", tmp_path / f"copy{side}")
    for side in ("", "-wal"):
        shutil.copyfile(tmp_path / f"copy{side}", f"{store}{side}")
    with with_read_rights_only(place):
        refused = look(place, "incidents", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{store}：最近的改动还在旁边的 -wal 文件里")


def test_who_may_not_even_read_is_told_so(place: Path) -> None:
    store = place / "state" / "zhishou.db"
    with with_read_rights_only(place):
        with as_its_owner():
            store.chmod(0)
        refused = look(place, "incidents", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{store}：无法打开：没有权限")
    assert "Errno" not in refused.err


def test_who_may_only_read_cannot_change_and_is_told_why(place: Path) -> None:
    store = place / "state" / "zhishou.db"
    with with_read_rights_only(place):
        refused = look(place, "ack", "1", "--by", "张三", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{store}：当前用户对所在目录没有写权限")
    assert rows(store, "SELECT state FROM incidents WHERE id = 1") == [("open",)]


def of_version(number: int) -> Callable[[Path], None]:
    def mark(store: Path) -> None:
        with closing(sqlite3.connect(store)) as tx:
            tx.execute(f"PRAGMA user_version = {number}")
        for side in ("-wal", "-shm"):
            Path(f"{store}{side}").unlink(missing_ok=True)

    return mark


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (of_version(schema.VERSION + 1), "由更新版本的程序写入"),
        (of_version(schema.VERSION - 1), "由旧版本的程序写入" if schema.VERSION > 1 else "不是值守的数据库"),
        (lambda store: store.write_bytes(b""), "不是值守的数据库"),
        (lambda store: store.write_bytes(b"a letter" * 1000), "文件已损坏或不是数据库"),
        (lambda store: store.write_bytes(store.read_bytes()[:20_000]), "文件已损坏或不是数据库"),
    ],
    ids=["newer", "older", "empty", "a letter", "cut off"],
)
def test_what_is_no_store_of_ours_is_said_in_chinese(place: Path, spoil: Callable[[Path], None], says: str) -> None:
    store = place / "state" / "zhishou.db"
    spoil(store)
    refused = look(place, "incidents", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{store}：{says}")
    assert refused.err.count("\n") == 1
