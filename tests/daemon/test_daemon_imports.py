"""An imported inventory and a register, brought to a daemon that runs: in force at once, or refused with all as it was."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.city.plan import make_plan
from tests.cli.terminal import Done, call
from tests.config.sheets.tables import workbook
from tests.daemon.process import Running, eventually, running
from tests.daemon.town import Town

HEAD = ["网站名称", "首页网址", "主办单位"]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(make_plan(3, sites=2, columns_per_site=1, accounts=1, links_per_home=2)) as town:
        yield town


@pytest.fixture
def daemon(town: Town, tmp_path: Path) -> Iterator[Running]:
    with running(town.write_config(tmp_path), tmp_path) as daemon:
        yield daemon


def brought(daemon: Running, count: int) -> Done:
    address = str(daemon.ask("SELECT url FROM targets WHERE id = 'site-1'")[0][0])
    file = daemon.config.parent / "网站.xlsx"
    rows = [[f"站点{n}", f"{address}?site={n}", "某局"] for n in range(count)]
    file.write_bytes(workbook([["id", *HEAD], *([f"new-{n}", *row] for n, row in enumerate(rows))]))
    return call("targets", "import", file, "--config", daemon.config)


def test_what_is_applied_is_watched_at_once_and_what_is_dropped_no_longer(daemon: Running) -> None:
    done = brought(daemon, 3)
    assert done.code == 0, done.err
    assert daemon.ask("SELECT COUNT(*) FROM targets WHERE id LIKE 'new-%'") == [(0,)]
    applied = daemon.command("targets", "apply", "--by", "李四", "--json")
    assert applied.code == 0, applied.err
    assert (applied.json()["in_force"], applied.json()["added"]) == (True, ["new-0", "new-1", "new-2"])
    assert daemon.ask("SELECT COUNT(*) FROM targets WHERE id LIKE 'new-%' AND removed_at IS NULL") == [(3,)]
    ((who, body),) = daemon.ask("SELECT who, body FROM events WHERE what = 'targets.applied'")
    assert (who, json.loads(body)["added"]) == ("李四", 3)
    eventually(lambda: daemon.ask("SELECT 1 FROM targets WHERE id = 'new-0' AND visits > 0"), shown=daemon.log)
    brought(daemon, 1)
    assert daemon.command("targets", "apply", "--by", "李四").code == 2  # two of five sites
    assert daemon.command("targets", "apply", "--by", "李四", "--yes").code == 0
    gone = daemon.ask("SELECT id FROM targets WHERE removed_at IS NOT NULL ORDER BY id")
    assert gone == [("new-1",), ("new-2",)]


def test_a_daemon_that_refuses_leaves_all_as_it_was(daemon: Running) -> None:
    assert brought(daemon, 1).code == 0
    folder = daemon.config.parent / "targets"
    staged = (folder / "imported.csv.new").read_bytes()
    other = (
        daemon.config.parent / "other.toml"
    )  # the daemon reads another file than the person: that one is broken meanwhile
    other.write_bytes(daemon.config.read_bytes())
    whole = daemon.config.read_bytes()
    daemon.config.write_bytes(whole + b"\n[nonsense]\n")
    refused = call("targets", "apply", "--by", "李四", "--config", other)
    daemon.config.write_bytes(whole)
    assert refused.code == 2
    assert "nonsense" in refused.err
    assert not (folder / "imported.csv").exists()
    assert (folder / "imported.csv.new").read_bytes() == staged
    assert daemon.ask("SELECT COUNT(*) FROM targets WHERE id LIKE 'new-%'") == [(0,)]
    assert call("targets", "apply", "--by", "李四", "--config", other).code == 0
    assert daemon.ask("SELECT COUNT(*) FROM targets WHERE id LIKE 'new-%'") == [(1,)]


def test_a_register_is_taken_over_while_the_daemon_runs(daemon: Running) -> None:
    file = daemon.config.parent / "留言.xlsx"
    file.write_bytes(workbook([["编号", "网站", "类别", "接收时间"], ["1", "site-1", "找错", "2020-01-02 09:00"]]))
    done = daemon.command("messages", "import", str(file), "--by", "张三", "--json")
    assert (done.code, done.json()["new"]) == (0, 1), done.err
    (waiting,) = daemon.command("messages", "list", "--waiting", "--json").json()
    assert (waiting["target"], waiting["received"]) == ("site-1", "2020-01-02T09:00:00+08:00")
    assert daemon.command("messages", "answer", "1", "--at", "2020-01-03", "--by", "张三").code == 0
    assert daemon.command("messages", "list", "--waiting", "--json").json() == []
