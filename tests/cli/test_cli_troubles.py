"""What people meet of a store that refuses is said in Chinese, whoever says it: the store itself, or the daemon by its words."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.cli.troubles import is_known, told
from monitor.store import lock
from monitor.store.lock import InUse
from monitor.store.opening import Damaged, NewerSchema, StoreError, refusal
from tests.cli.terminal import call

STORE = Path("/srv/zhishou/zhishou.db")


def of_sqlite(folder: Path) -> Iterator[tuple[sqlite3.Error, str]]:
    """Real errors of SQLite, and what they mean."""
    path = folder / "x.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as one:
        one.execute("CREATE TABLE t (a)")
        one.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as full:
            one.execute("INSERT INTO t VALUES (zeroblob(1000000))")
        yield full.value, "磁盘已满"
        one.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(path, timeout=0)) as other, pytest.raises(sqlite3.Error) as busy:
            other.execute("BEGIN IMMEDIATE")
        yield busy.value, "正被其他程序占用"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader, pytest.raises(sqlite3.Error) as only:
        reader.execute("INSERT INTO t VALUES (1)")
    yield only.value, "只能读取"
    with pytest.raises(sqlite3.Error) as gone:
        sqlite3.connect(f"file:{folder}/no/x.db?mode=ro", uri=True)
    yield gone.value, "无法打开"
    path.write_bytes(b"a letter" * 1000)
    with closing(sqlite3.connect(path)) as letter, pytest.raises(sqlite3.Error) as none:
        letter.execute("SELECT * FROM t")
    yield none.value, "文件已损坏或不是数据库"


def test_errors_of_sqlite(tmp_path: Path) -> None:
    for error, says in of_sqlite(tmp_path):
        trouble = refusal(str(STORE), error)
        words = told(trouble, "zh-CN", STORE)
        assert words.startswith(f"{STORE}：{says}"), words
        assert told(str(trouble), "zh-CN", STORE) == words, "from the daemon it comes as words alone"
        assert told(trouble, "en", STORE).startswith(str(STORE))


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "磁盘已满（No space left on device）"),
        (errno.EACCES, "当前用户没有权限（Permission denied）"),
        (errno.EPERM, "当前用户没有权限（Operation not permitted）"),
        (errno.EROFS, "所在磁盘为只读（Read-only file system）"),
        (errno.ENOENT, "文件或目录不存在（No such file or directory）"),
        (errno.EIO, "磁盘读写出错（Input/output error）"),
        (errno.EISDIR, "路径不对：把目录当成了文件，或把文件当成了目录（Is a directory）"),
    ],
)
def test_errors_of_the_system_without_their_numbers(number: int, says: str) -> None:
    error = OSError(number, os.strerror(number), str(STORE))
    assert told(error, "zh-CN") == f"{STORE}：{says}"
    assert told(refusal(str(STORE), error), "zh-CN", STORE) == f"{STORE}：{says}"
    assert told(error, "en") == f"{STORE}: {os.strerror(number)}"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (InUse(f"{STORE} is in use by another zhishou process"), "数据库正被另一个监测程序占用"),
        (NewerSchema(f"{STORE} has schema 9, this program knows 1: use the newer program"), "由更新版本的程序写入"),
        (NewerSchema("the database has schema 9, this program knows 1: use the newer program"), "由更新版本的程序写入"),
        (Damaged(f"{STORE} is damaged (row 3 missing): restore a backup, the file is left as it is"), "文件已损坏"),
        (Damaged(f"{STORE} is no database: it is left as it is"), "不是值守的数据库"),
        (Damaged(f"{STORE} is a database of another program: it is left as it is"), "不是值守的数据库"),
        (StoreError("the store is closed"), "监测程序正在停止"),
    ],
)
def test_what_the_store_says_itself(error: StoreError, says: str) -> None:
    assert told(error, "zh-CN", STORE).startswith(f"{STORE}：{says}")
    assert is_known(str(error))
    assert str(STORE) in told(error, "en", STORE)


def test_what_nobody_has_met_yet_is_shown_as_it_came() -> None:
    assert told(StoreError(f"{STORE}: the moon is full"), "zh-CN", STORE) == f"{STORE}: the moon is full"
    assert told(OSError("odd"), "zh-CN", STORE) == f"{STORE}: odd"
    assert not is_known("事件1为“已认领”状态，恢复后才能办结")


def test_a_store_another_process_holds_is_said_in_chinese(config: Path, store: Path) -> None:
    chinese = config.with_name("zh.toml")
    chinese.write_text(config.read_text("utf-8").replace('"en"', '"zh-CN"'), encoding="utf-8")
    with lock.held(str(store)):
        changed = call("ack", "1", "--by", "张三", "--config", chinese)
        started = call("run", "--config", chinese)
    assert changed.err.startswith(f"{store}：数据库正被另一个监测程序占用（")
    assert started.code == 2
    assert f"数据库无法使用：{store}：数据库正被另一个监测程序占用（" in started.err
