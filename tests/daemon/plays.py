"""Trouble of our own, played out: each play has a city and a daemon of its own, takes its time, and returns what it saw.

They begin together, because they mostly wait. None of them judges what it saw.
"""

import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.city.faults import Event
from monitor.city.plan import make_plan
from monitor.daemon import DRAIN
from tests.daemon.process import Answer, Running, eventually, rows, running
from tests.daemon.town import LONG_AGO, Town, fault

Seen = dict[str, Any]
QUICK = {"site": "1s", "column": "2s", "account": "2s", "every": "1s", "group_wait": "500ms"}


def ended_midway(folder: Path) -> Seen:
    """SIGTERM while one site hangs, its receiver hangs, and the rest is being visited."""
    plan = make_plan(3, sites=3, columns_per_site=1, accounts=1, links_per_home=2)
    planted = (Event(LONG_AGO, "timeout", "site-1"), Event(timedelta(days=-20), "silent", "account-1"))
    seen: Seen = {}
    with Town(plan, planted) as town:
        config = town.write_config(folder, **QUICK)
        town.answer("timeout")
        with running(config, folder) as daemon:
            eventually(lambda: town.received, shown=daemon.log)
            eventually(lambda: daemon.ask("SELECT 1 FROM targets WHERE id = 'site-1' AND lease IS NOT NULL"))
            begun = time.monotonic()
            daemon.process.terminate()
            eventually(lambda: daemon.told("STOPPING=1"), shown=daemon.log)
            seen["draining"] = daemon.get("/readyz")
            seen["code"] = daemon.ended(DRAIN + 30)
            seen["seconds"] = time.monotonic() - begun
            seen["log"] = daemon.log()
            seen["drained"] = daemon.logged("daemon.drained")
        seen |= {"store": daemon.store, "left": sorted(path.name for path in daemon.store.parent.iterdir())}
        seen["leases"] = daemon.ask("SELECT id FROM targets WHERE lease IS NOT NULL")
        seen["deliveries"] = daemon.ask("SELECT DISTINCT state FROM deliveries")
        seen["site-1"] = daemon.ask("SELECT visits, last_visit_at FROM targets WHERE id = 'site-1'")
        seen["runs"] = daemon.ask("SELECT check_name FROM runs WHERE target_id = 'site-1'")
        town.answer("ok")
        with running(config, folder) as again:
            eventually(lambda: town.receiver.confirmed, shown=again.log)
            seen["repeat"] = town.receiver.confirmed[0].body.decode()
            # Killed, not ended: what hangs is not waited for once more.
    return seen


def disk_filled_up(folder: Path) -> Seen:
    """A site goes down while nothing can be written; then there is room again."""
    plan = make_plan(3, sites=3, columns_per_site=1, accounts=1, links_per_home=2)
    seen: Seen = {}
    with ExitStack() as stack:
        state = stack.enter_context(_SmallDisk(folder / "state"))
        town = stack.enter_context(Town(plan, (fault(1, "http_500", "site-2"),)))
        daemon = stack.enter_context(running(town.write_config(folder, **QUICK), folder))
        eventually(lambda: daemon.ask("SELECT MIN(visits) FROM targets WHERE kind <> 'link'")[0][0], shown=daemon.log)
        ballast = _fill(state)
        town.phase(1)
        seen["full"] = eventually(lambda: _failing(daemon), shown=daemon.log)
        time.sleep(5)  # several cadences and tries of the site that is down
        seen["still full"] = daemon.get("/healthz")
        seen["ready"], seen["metrics"], seen["page"] = map(daemon.get, ("/readyz", "/metrics", "/"))
        seen["refused"] = daemon.command("log", "盘满了", "--by", "张三")
        seen["read"] = daemon.command("incidents", "--json")
        town.phase(0)
        time.sleep(2)  # looks that begun while the site was down have ended
        looked = dict(daemon.ask("SELECT id, visits FROM targets WHERE kind <> 'link'"))
        ballast.unlink()
        seen["well"] = eventually(lambda: (a := daemon.get("/healthz")).status == 200 and a, 30, shown=daemon.log)
        eventually(lambda: _all_further(daemon, looked), 30, shown=lambda: (looked, daemon.log()))
        seen["incidents"] = [one for one in daemon.incidents() if one["cause"] != "ours"]
        seen["runs"] = daemon.ask("SELECT target_id, check_name, outcome FROM runs WHERE outcome IN ('fail', 'broken')")
        seen["written"] = daemon.command("log", "又有地方了", "--by", "张三")
        ballast = _fill(state)
        eventually(lambda: _failing(daemon), shown=daemon.log)
        seen["code"] = daemon.stop(DRAIN + 20)
        seen["log"] = daemon.log()
        ballast.unlink()
        seen["whole"] = rows(daemon.store, "PRAGMA integrity_check")
    return seen


class _SmallDisk:
    def __init__(self, place: Path) -> None:
        self.place = place
        place.mkdir(parents=True)

    def __enter__(self) -> Path:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "none", self.place], check=False)
        if made.returncode != 0:
            pytest.skip("a small file system can be made by root only")
        return self.place

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", self.place], check=True)


def _fill(place: Path) -> Path:
    """Take every byte that is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            while True:
                try:
                    file.write(b"x" * size)
                except OSError:
                    break
    return ballast


def _failing(daemon: Running) -> Answer | None:
    answer = daemon.get("/healthz")
    return answer if answer.status == 503 else None


def _all_further(daemon: Running, looked: dict[str, int]) -> bool:
    now = dict(daemon.ask("SELECT id, visits FROM targets WHERE kind <> 'link'"))
    return all(now[name] > count for name, count in looked.items())


def uplink_was_cut(folder: Path) -> Seen:
    """Nothing outside answers for thirty seconds; one site was down before, and stays so."""
    plan = make_plan(5, sites=5, columns_per_site=2, accounts=3, links_per_home=4)
    planted = (Event(LONG_AGO, "down", "site-2"), fault(1, "uplink_down", "*"))
    seen: Seen = {}
    with Town(plan, planted) as town:
        # As in earnest, confirming must take longer than an answer of the reference hosts holds (10 s).
        config = town.write_config(folder, group_wait="1s", every="8s")
        with running(config, folder) as daemon:
            eventually(daemon.incidents, shown=daemon.log)
            cut = time.monotonic()
            town.phase(1)
            seen["blind"] = eventually(lambda: _failing(daemon), 30, shown=daemon.log)
            seen["during"] = daemon.incidents()
            time.sleep(max(0.0, 30 - (time.monotonic() - cut)))
            town.phase(0)
            eventually(lambda: daemon.get("/healthz").status == 200, 40, shown=daemon.log)
            looked = dict(daemon.ask("SELECT id, visits FROM targets WHERE kind <> 'link'"))
            eventually(lambda: _all_further(daemon, looked), 40, shown=daemon.log)
            seen["after"] = daemon.incidents()
            seen["blindness"] = daemon.ask("SELECT id FROM targets WHERE blind_since IS NOT NULL")
            seen["excluded"] = daemon.ask("SELECT SUM(excluded) FROM availability WHERE target_id = 'site-1'")
            seen["failed"] = daemon.ask("SELECT SUM(failed) FROM availability WHERE target_id <> 'site-2'")
            seen["told"] = [message.body.decode() for message in town.receiver.confirmed]
            daemon.process.kill()
    return seen


PLAYS: tuple[Callable[[Path], Seen], ...] = (ended_midway, disk_filled_up, uplink_was_cut)
