"""The daemon as systemd, a load balancer and a second daemon see it, while it watches a town of troubles."""

import time
from pathlib import Path

from tests.cli.terminal import run
from tests.daemon.conftest import EXPECTED
from tests.daemon.process import Running, eventually, set_up
from tests.daemon.town import Town


def known(daemon: Running) -> set[tuple[str, str]]:
    return {(one["cause"], target) for one in daemon.incidents() for target in one["targets"]}


def told(town: Town) -> str:
    return "".join(message.body.decode() for message in town.received)


def test_systemd_hears_that_it_is_ready_once_and_then_that_it_lives(daemon: Running) -> None:
    (ready,) = daemon.told("READY=1")
    assert any(line.startswith("STATUS=watching ") for line in ready.lines)
    alive = eventually(lambda: daemon.told("WATCHDOG=1"), 20, shown=daemon.log)
    assert alive[0].at >= ready.at, "a sign of life before the first round proves nothing"
    count = len(alive)
    eventually(lambda: len(daemon.told("WATCHDOG=1")) > count, 20, shown=daemon.log)


def test_health_readiness_metrics_and_the_desk_answer(daemon: Running) -> None:
    health = daemon.get("/healthz")
    assert health.status == 200, health.text
    assert health.json()["failing"] == []
    assert daemon.get("/readyz").json() == {"ready": True, "detail": "watching"}
    metrics = daemon.get("/metrics")
    assert metrics.status == 200
    assert "zhishou_" in metrics.text
    assert 'lang="zh-CN"' in daemon.get("/").text
    assert daemon.get("/nowhere").status == 404


def test_what_is_wrong_is_told_to_the_receiver_and_shown_on_the_desk(daemon: Running, town: Town) -> None:
    eventually(lambda: known(daemon) >= EXPECTED, shown=daemon.log)
    titles = [town.city.plan.by_name[target].title for _, target in EXPECTED]
    # How many messages that makes is left open: what is released in one turn goes out in one.
    eventually(lambda: all(title in told(town) for title in titles), shown=lambda: (told(town), daemon.log()))
    assert known(daemon) == EXPECTED, "nothing else is wrong"
    page = daemon.get("/").text
    for name in ("site-2", "site-3"):
        assert town.city.plan.by_name[name].title in page


def test_a_second_daemon_on_the_same_store_is_refused(daemon: Running) -> None:
    before = len(daemon.told("READY=1"))
    second = run("run", "--config", daemon.config)
    assert second.code == 2
    assert "in use by another zhishou process" in second.err
    assert "Traceback" not in second.err
    assert len(daemon.told("READY=1")) == before
    assert daemon.get("/healthz").status == 200, "the first goes on"
    assert daemon.command("incidents", "--json").code == 0, "and still hears commands"


def test_a_daemon_whose_desk_has_no_place_to_listen_says_so(daemon: Running, town: Town, tmp_path: Path) -> None:
    config = town.write_config(tmp_path)
    listen = config.read_text().partition('listen = "')[2].partition('"')[0]
    set_up(config, {listen: f"127.0.0.1:{daemon.port}"})
    begun = time.monotonic()
    refused = run("run", "--config", config)
    assert refused.code == 2, refused.err
    assert "web: " in refused.err
    assert str(daemon.port) in refused.err
    assert "Traceback" not in refused.err
    assert time.monotonic() - begun < 20
