"""A file is not read again at a start when it is the very one that an orderly end left, and only then."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import backup, whole
from monitor.store.database import Damaged, Database
from tests.store.made import keys, put

KILLED = """
import asyncio, os, signal, sys
from monitor.store.database import Database
from tests.store.made import put
async def main():
    database = Database(sys.argv[1])
    await database.open()
    await database.write(put("killed"))
    if sys.argv[2] == "tidied":
        await database.tidy()
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


@pytest.fixture
async def ended(tmp_path: Path) -> Path:
    """A database of some pages after an orderly end."""
    path = tmp_path / "zhishou.db"
    database = Database(path)
    await database.open()
    rows = [(f"key {n}", "x" * 900) for n in range(200)]
    await database.write(lambda tx: tx.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", rows).rowcount)
    assert not whole.is_vouched(str(path)), "while it is in use"
    await database.close()
    return path


def damage(path: Path) -> None:
    """In pages of `meta`, which came last."""
    raw = bytearray(path.read_bytes())
    for page in range(len(raw) // 4096 - 20, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(raw)


def forge(path: Path) -> None:
    """A mark for the file as it is now, whatever it holds."""
    whole.begin(str(path))
    whole.vouch(str(path))


async def test_after_an_orderly_end_it_is_vouched_for(ended: Path) -> None:
    assert whole.is_vouched(str(ended))
    again = Database(ended)
    await again.open()
    await again.close()
    assert whole.is_vouched(str(ended)), "also when nothing was written"
    assert Path(f"{ended}.whole").stat().st_mode & 0o777 == 0o640


async def test_a_file_that_is_vouched_for_is_not_read_again(ended: Path) -> None:
    damage(ended)
    assert not whole.is_vouched(str(ended))
    forge(ended)
    database = Database(ended)
    await database.open()
    await database.close()


def copied_over(path: Path) -> None:
    """As `cp -p` does it: same size, same time."""
    shutil.copy2(path, f"{path}.copy")
    shutil.copy2(f"{path}.copy", path)


def put_in_its_place(path: Path) -> None:
    shutil.copy2(path, f"{path}.copy")
    Path(f"{path}.copy").rename(path)


def written_elsewhere(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as tx:
        tx.execute("DELETE FROM meta WHERE key = 'key 7'")


def with_a_log(path: Path) -> None:
    Path(f"{path}-wal").write_bytes(b"")


def of_another_boot(path: Path) -> None:
    mark = Path(f"{path}.whole")
    boot, *rest = mark.read_text("ascii").split()
    mark.write_text(" ".join((boot[::-1], *rest)))


def torn(path: Path) -> None:
    mark = Path(f"{path}.whole")
    mark.write_bytes(mark.read_bytes()[:-1])


def unreadable(path: Path) -> None:
    Path(f"{path}.whole").write_bytes(b"\xff\xfe")


def restored(path: Path) -> None:
    backup.backup(path, Path(f"{path}.kept"))
    backup.restore(Path(f"{path}.kept"), path)


@pytest.mark.parametrize(
    "happens",
    [damage, copied_over, put_in_its_place, written_elsewhere, with_a_log, of_another_boot, torn, unreadable, restored,
     lambda path: os.truncate(path, path.stat().st_size - 4096), lambda path: Path(f"{path}.whole").unlink(),
     lambda path: os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))],
)  # fmt: skip
def test_whatever_happened_to_it_since_makes_the_mark_worthless(ended: Path, happens: Callable[[Path], object]) -> None:
    happens(ended)
    assert not whole.is_vouched(str(ended))


@pytest.mark.parametrize("when", ["at once", "tidied"])
async def test_after_a_kill_it_is_checked(ended: Path, when: str) -> None:
    child = subprocess.run([sys.executable, "-c", KILLED, str(ended), when], check=False, timeout=60)  # noqa: ASYNC221
    assert child.returncode == -signal.SIGKILL
    assert not whole.is_vouched(str(ended))
    database = Database(ended)
    await database.open()
    assert "killed" in await database.read(keys)
    await database.close()
    assert whole.is_vouched(str(ended))


async def test_damage_met_in_use_is_refused_at_the_next_start(ended: Path) -> None:
    damage(ended)
    forge(ended)
    database = Database(ended)
    await database.open()
    with pytest.raises(Damaged):
        await database.read(keys)
    await database.close()
    assert not whole.is_vouched(str(ended))
    before = ended.read_bytes()
    with pytest.raises(Damaged):
        await Database(ended).open()
    assert ended.read_bytes() == before


async def test_a_doubt_goes_when_the_file_was_found_whole(ended: Path) -> None:
    whole.doubt(str(ended))
    whole.vouch(str(ended))
    assert not whole.is_vouched(str(ended))
    database = Database(ended)
    await database.open()
    await database.close()
    assert whole.is_vouched(str(ended))


def test_nobody_vouches_for_what_was_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "backup.db"
    path.write_bytes(b"x" * 4096)
    whole.doubt(str(path))
    whole.vouch(str(path))
    assert list(tmp_path.iterdir()) == [path]


async def test_what_is_not_waited_for_on_the_disk_is_not_vouched_for(tmp_path: Path) -> None:
    database = Database(tmp_path / "rehearsal.db", inline=True)
    await database.open()
    await database.write(put("a"))
    await database.tidy()
    await database.close()
    assert not whole.is_vouched(str(tmp_path / "rehearsal.db"))


async def test_a_reader_that_stays_leaves_the_log_and_no_trust(ended: Path) -> None:
    database = Database(ended)
    await database.open()
    with closing(sqlite3.connect(f"file:{ended}?mode=ro", uri=True, isolation_level=None)) as elsewhere:
        elsewhere.execute("BEGIN")
        keys(elsewhere)
        await database.write(put("b"))
        await database.close()
    assert not whole.is_vouched(str(ended))


async def test_by_another_name_it_is_the_same_file(ended: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(ended)
    assert whole.is_vouched(str(tmp_path / "link.db"))
    other = Database(tmp_path / "link.db")
    await other.open()
    assert not whole.is_vouched(str(ended))
    await other.close()
    assert whole.is_vouched(str(ended))
