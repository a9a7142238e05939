"""Whose turn it is: never the same target twice at once, and after a pause not everybody at the same moment."""

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.daemon.process import eventually, free_port, rows, running, set_up
from tests.daemon.slow_server import SlowServer

pytestmark = pytest.mark.timeout(120)

SETTINGS = """
[web]
listen = "127.0.0.1:{desk}"
[store]
path = "{folder}/state/zhishou.db"
[guard]
allow = ["127.0.0.0/8"]
[reference]
urls = []
[fetch]
per_host = 100
pace = "1ms"
[cadence]
page = "{period}"
"""
TARGET = """
[[target]]
id = "{name}"
kind = "page"
name = "{name}"
url = "http://127.0.0.1:{port}/{name}"
"""


def write_config(folder: Path, server: SlowServer, names: Sequence[str], period: str) -> Path:
    path = folder / "monitor.toml"
    targets = [TARGET.format(name=name, port=server.port) for name in names]
    path.write_text(
        SETTINGS.format(desk=free_port(), folder=folder, period=period) + "".join(targets), encoding="utf-8"
    )
    return path


def asked(server: SlowServer, times: int) -> bool:
    return all(len(at) >= times for at in list(server.asked.values())) and bool(server.asked)


def test_no_target_is_visited_twice_at_once_however_the_cadence_changes(tmp_path: Path) -> None:
    names = [f"page-{n}" for n in range(12)]
    with SlowServer(1.2) as server:
        config = write_config(tmp_path, server, names, "300ms")
        with running(config, tmp_path) as daemon:
            eventually(lambda: asked(server, 2), shown=daemon.log)
            for old, new in (("300ms", "400ms"), ("400ms", "200ms")):
                set_up(config, {f'page = "{old}"': f'page = "{new}"'})
                daemon.reload()
            least = min(len(at) for at in server.asked.values()) + 2
            eventually(lambda: asked(server, least), shown=daemon.log)
            assert daemon.stop() == 0
        assert len(server.asked) == len(names)
        assert set(server.together.values()) == {1}, server.together


def test_what_was_under_way_when_the_address_changed_says_nothing_of_the_new_one(tmp_path: Path) -> None:
    with SlowServer(1.5) as old, SlowServer(0.0) as new:
        config = write_config(tmp_path, old, ["page-1"], "2s")
        with running(config, tmp_path) as daemon:
            eventually(lambda: old.asked["/page-1"], shown=daemon.log)
            visits = daemon.ask("SELECT visits FROM targets")
            assert visits == [(0,)], "the old address has not answered yet"
            set_up(config, {f":{old.port}/": f":{new.port}/"})
            daemon.reload()
            while len(new.asked["/page-1"]) < 2:
                settled = daemon.ask("SELECT visits FROM targets")[0][0]
                assert settled <= len(new.asked["/page-1"]), "a look at the old address was counted"
                assert daemon.process.poll() is None
                time.sleep(0.05)
            assert daemon.stop() == 0
        assert len(old.asked["/page-1"]) == 1


def test_after_downtime_the_overdue_are_spread_over_one_period(tmp_path: Path) -> None:
    names = [f"page-{n}" for n in range(60)]
    period = 3_600_000  # ms: nobody's turn comes while this test looks on, however slow the machine
    with SlowServer(0.0) as server:
        config = write_config(tmp_path, server, names, "1h")
        with running(config, tmp_path) as daemon:
            assert daemon.stop() == 0
        with closing(sqlite3.connect(daemon.store)) as tx:
            tx.execute("UPDATE targets SET next_due_at = next_due_at - ?1, sample_due_at = next_due_at", (24 * period,))
            tx.commit()
        server.asked.clear()
        before = int(time.time() * 1000)
        with running(config, tmp_path) as daemon:
            due = [at for (at,) in daemon.ask("SELECT next_due_at FROM targets ORDER BY next_due_at")]
            assert daemon.stop() == 0
    assert len(due) == len(names)
    assert before <= due[0]
    assert due[-1] <= time.time() * 1000 + period, "all within one period"
    in_each_quarter = Counter((at - before) * 4 // period for at in due)
    assert all(in_each_quarter[quarter] >= 5 for quarter in range(4)), "and over the whole of it"
    assert max(in_each_quarter.values()) <= 25, "never most of them at once"
    assert len(server.asked) <= 10, "nor are they asked at once"
    assert rows(daemon.store, "SELECT COUNT(*) FROM targets WHERE lease IS NOT NULL") == [(0,)]
