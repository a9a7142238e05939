"""SIGHUP to a daemon that works: good changes are taken over without a restart, bad ones leave the running set alone."""

import csv
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.city.faults import Event
from monitor.city.plan import link_id
from tests.daemon.conftest import small_plan
from tests.daemon.process import Running, eventually, running, set_up
from tests.daemon.town import LONG_AGO, Town, fault

pytestmark = pytest.mark.timeout(180)

PLANTED = (
    Event(LONG_AGO, "down", "site-2"),
    Event(LONG_AGO, "dead_link", "site-3/link-2"),
    Event(timedelta(days=-20), "silent", "site-3/column-1"),
    fault(1, "http_500", "site-4"),
)
LATE = "site-5/column-1"
"""What the inventory does not have at the start."""


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(small_plan(), PLANTED) as town:
        yield town


@pytest.fixture(scope="module")
def daemon(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("watch")
    quick = {"site": "1s", "column": "2s", "account": "2s", "every": "1s", "group_wait": "1s"}
    # Links more seldom: with them a host would be asked more often than its pace (5 a second) lets in, and what is new waits long.
    config = town.write_config(folder, links="12s", link_second_look="1s", **quick)
    drop(config, LATE)
    with running(config, folder) as daemon:
        yield daemon


@pytest.fixture(autouse=True)
def _as_it_was(daemon: Running) -> Iterator[None]:
    """Each test leaves the settings as it found them, in the files and in the daemon."""
    files = {path: path.read_bytes() for path in (daemon.config, inventory(daemon.config))}
    yield
    for path, content in files.items():
        path.write_bytes(content)
    pack(daemon.config).unlink(missing_ok=True)
    daemon.reload()
    assert daemon.get("/healthz").json()["settings_problems"] == []


def inventory(config: Path) -> Path:
    return config.parent / "targets" / "city.csv"


def pack(config: Path) -> Path:
    return config.parent / "rules" / "town.toml"


def drop(config: Path, *names: str) -> list[list[str]]:
    """Take targets out of the inventory; their rows."""
    path = inventory(config)
    with path.open(encoding="utf-8", newline="") as held:
        lines = list(csv.reader(held))
    with path.open("w", encoding="utf-8", newline="") as held:
        csv.writer(held).writerows(line for line in lines if line[0] not in names)
    return [line for line in lines if line[0] in names]


def visits(daemon: Running, target: str) -> int:
    found = daemon.ask("SELECT visits FROM targets WHERE id = ?", target)
    return int(found[0][0]) if found else 0


def open_on(daemon: Running, target: str) -> list[str]:
    """Causes of the incidents that go on at a target."""
    going_on = (one for one in daemon.incidents() if one["state"] in {"open", "acknowledged"})
    return sorted(one["cause"] for one in going_on if target in one["targets"])


def goes_on(daemon: Running, target: str = "site-1") -> bool:
    before = visits(daemon, target)
    return eventually(lambda: visits(daemon, target) > before, shown=daemon.log)


def test_a_target_added_is_watched_and_one_removed_is_a_tombstone_whose_incidents_end(
    daemon: Running, town: Town
) -> None:
    link = link_id(town.city.plan.link_url("site-3/link-2"))
    eventually(lambda: open_on(daemon, "site-2"), shown=daemon.log)
    eventually(lambda: open_on(daemon, link), shown=daemon.log)
    eventually(lambda: open_on(daemon, "site-3/column-1"), shown=daemon.log)
    whole = inventory(daemon.config).read_text(encoding="utf-8")
    gone = [line.split(",")[0] for line in whole.splitlines() if line.startswith(("site-2", "site-3"))]
    drop(daemon.config, *gone)
    address = town.city.plan.origin("site-5.yunchuan.example") + "/"
    with daemon.config.open("a", encoding="utf-8") as held:
        held.write(f'\n[[target]]\nid = "new"\nkind = "page"\nname = "新的"\nurl = "{address}"\n')
    told = len(town.received)
    daemon.reload()
    eventually(lambda: visits(daemon, "new"), shown=daemon.log)
    for name in gone:
        assert daemon.ask("SELECT removed_at IS NOT NULL FROM targets WHERE id = ?", name) == [(1,)], name
    assert open_on(daemon, "site-2") == []
    assert open_on(daemon, "site-3/column-1") == []
    assert open_on(daemon, link) == [], "a link whose last page is no longer watched is not watched either"
    over = {one["state"] for one in daemon.incidents() if {"site-2", link, "site-3/column-1"} & set(one["targets"])}
    assert over == {"recovered", "closed"}, (
        "what is no longer watched has not recovered; a link that no page carries is over"
    )
    eventually(lambda: len(town.received) > told, shown=daemon.log)
    assert daemon.ask("SELECT COUNT(*) FROM targets WHERE lease IS NOT NULL AND removed_at IS NOT NULL") == [(0,)]
    counts = {name: visits(daemon, name) for name in gone}
    goes_on(daemon)
    assert {name: visits(daemon, name) for name in gone} == counts, "nobody looks at them any more"
    assert daemon.process.poll() is None


def test_another_channel_is_used_from_then_on(daemon: Running, town: Town) -> None:
    set_up(daemon.config, {f"127.0.0.1:{town.receiver.port}/hook": f"127.0.0.1:{town.other.port}/hook"})
    daemon.reload()
    town.phase(1)
    try:
        name = town.city.plan.by_name["site-4"].title
        eventually(lambda: [m for m in town.other.received if name in m.body.decode()], shown=daemon.log)
        assert not [m for m in town.received if name in m.body.decode()]
    finally:
        town.phase(0)
    eventually(lambda: not open_on(daemon, "site-4"), shown=daemon.log)


def test_another_cadence_holds_from_then_on(daemon: Running) -> None:
    assert daemon.ask("SELECT DISTINCT period FROM targets WHERE kind = 'account'") == [(2000,)]
    set_up(daemon.config, {'account = "2s"': 'account = "500ms"'})
    daemon.reload()
    assert daemon.ask("SELECT DISTINCT period FROM targets WHERE kind = 'account'") == [(500,)]
    before = visits(daemon, "account-1")
    eventually(lambda: visits(daemon, "account-1") >= before + 4, shown=daemon.log)


def unknown_key(config: Path) -> None:
    set_up(config, {"[cadence]\n": '[cadence]\nsitte = "5m"\n'})


def no_toml(config: Path) -> None:
    config.write_text("[desk\n", encoding="utf-8")


def bad_row(config: Path) -> None:
    with inventory(config).open("a", encoding="utf-8") as held:
        held.write("x,colunm,,名,not-an-address,,,,,\n")


def bad_channel(config: Path) -> None:
    set_up(config, {'url = "json://': 'url = "jsno://'})


def bad_pack(config: Path) -> None:
    pack(config).parent.mkdir(exist_ok=True)
    rule = 'id = "a"\nsource = "某办法"\narticle = "第九条"\nsays = "…"\napplies = { kind = "site" }\nobligation = "reachible"\n'
    rest = 'severity = "breach"\nconfidence = "verbatim"\n'
    pack(config).write_text(f'pack = "town"\ntitle = "某办法"\n[[rule]]\n{rule}{rest}', encoding="utf-8")


def gone(config: Path) -> None:
    config.unlink()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (unknown_key, "sitte"),
        (no_toml, "monitor.toml"),
        (bad_row, "city.csv"),
        (bad_channel, "channel[1].url"),
        (bad_pack, "town.toml:9: rule[1].obligation: "),
        (gone, "monitor.toml"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_with_a_bad_file_the_running_set_goes_on_and_the_problem_is_shown(
    daemon: Running, spoil: Callable[[Path], None], says: str
) -> None:
    watched = daemon.ask("SELECT id FROM targets WHERE removed_at IS NULL AND kind <> 'link' ORDER BY id")
    rules = daemon.ask("SELECT key, version FROM rules ORDER BY 1, 2")
    refused = len(daemon.logged("reload.refused"))
    spoil(daemon.config)
    daemon.reload()
    assert goes_on(daemon)
    assert daemon.ask("SELECT id FROM targets WHERE removed_at IS NULL AND kind <> 'link' ORDER BY id") == watched
    assert daemon.ask("SELECT key, version FROM rules ORDER BY 1, 2") == rules
    lines = daemon.logged("reload.refused")
    assert len(lines) == refused + 1
    assert lines[-1]["level"] == "warning"
    assert any(says in one for one in lines[-1]["problems"])
    health = daemon.get("/healthz")
    assert health.status == 200, "watching works"
    assert "settings" in health.json()["notes"]
    assert any(says in one for one in health.json()["settings_problems"])
    assert says.partition(":")[0] in daemon.get("/").text
    assert daemon.process.poll() is None


def test_systemd_hears_of_the_reload_with_the_time(daemon: Running) -> None:
    before = len(daemon.told("RELOADING=1"))
    daemon.reload()
    (said,) = daemon.told("RELOADING=1")[before:]
    (stamp,) = [line for line in said.lines if line.startswith("MONOTONIC_USEC=")]
    assert abs(int(stamp.partition("=")[2]) / 1e6 - said.at) < 5


def test_what_needs_a_restart_is_named(daemon: Running) -> None:
    set_up(daemon.config, {f"127.0.0.1:{daemon.port}": "127.0.0.1:1"})
    daemon.reload()

    def is_named() -> bool:  # other tests change other settings of the same daemon
        return any("web.listen" in line["for_settings"] for line in daemon.logged("reload.needs_restart"))

    eventually(is_named, shown=daemon.log)
    health = daemon.get("/healthz")
    assert health.status == 200
    assert "web.listen" in health.json()["facts"]["settings"]["detail"]


def test_many_at_once_end_with_what_stands_in_the_file(daemon: Running) -> None:
    for period in ("3s", "4s", "5s", "6s", "7s"):
        set_up(daemon.config, {daemon.config.read_text().partition("column = ")[2].partition("\n")[0]: f'"{period}"'})
        daemon.process.send_signal(signal.SIGHUP)
    eventually(
        lambda: (
            daemon.ask("SELECT DISTINCT period FROM targets WHERE kind = 'column' AND removed_at IS NULL") == [(7000,)]
        )
    )
    assert goes_on(daemon)
