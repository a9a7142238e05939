"""Declarations and attestations over the socket of a daemon that watches a town of troubles."""

from typing import Any

import pytest

from tests.daemon.process import Running, eventually

pytestmark = pytest.mark.timeout(180)


def outage(daemon: Running, site: str) -> dict[str, Any]:
    """The open outage of a site, once there is one."""

    def found() -> list[dict[str, Any]]:
        return [one for one in daemon.incidents() if one["targets"] == [site] and one["cause"] == "outage"]

    return eventually(found, shown=daemon.log)[0]


def test_an_outage_filed_late_is_judged_at_once_and_what_changed_is_told(daemon: Running) -> None:
    outage(daemon, "site-3")
    done = daemon.command(
        *(
            "declare",
            "force-majeure",
            "site-3",
            "--from",
            "2026-01-01",
            "--set",
            "reason=停电",
            "--by",
            "张三",
            "--json",
        )
    )
    assert (done.code, done.err) == (0, "")
    told = {one["what"]: one for one in done.json()["changed"]}
    assert told["outage"]["seconds"][0] == 0
    assert told["outage"]["seconds"][1] >= 0
    assert all(one["words"] for one in done.json()["changed"])
    logged = daemon.ask("SELECT who FROM events WHERE what = 'declaration.filed' AND body LIKE '%site-3%'")
    assert logged == [("张三",)]
    listed = daemon.command("declare", "list", "site-3", "--json").json()
    assert [one["declaration"] for one in listed] == [done.json()["declaration"]]


def test_a_return_of_what_does_not_open_is_refused_by_the_daemon(daemon: Running) -> None:
    outage(daemon, "site-2")
    ahead = daemon.ask("SELECT strftime('%Y-%m-%d', 'now', '+300 days')")[0][0]
    refused = daemon.command("declare", "return", "site-2", "--from", ahead, "--by", "张三")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("from: ")
    assert "Traceback" not in refused.err
    now = daemon.ask("SELECT strftime('%Y-%m-%d', 'now', '+8 hours')")[0][0]
    refused = daemon.command("declare", "return", "site-2", "--from", now, "--by", "张三")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "target: 网站打不开：最近一次巡检仍为失败（网站能打开后再登记恢复上线）\n"


def test_a_notice_named_in_a_declaration_brings_the_site_its_turn(daemon: Running) -> None:
    done = daemon.command(
        *(
            "declare",
            "migration",
            "site-4",
            "--from",
            "2026-01-01",
            "--set",
            "new_url=http://new.example/",
            "--by",
            "张三",
        ),
        "--json",
    )
    assert done.code == 0, done.err
    told, look = done.json()["changed"]
    assert (told["rule"], told["standing"]) == ("national-2019/N-MOVE-DOMAIN", ["met", "unknown"]), "no notice is named"
    assert look["what"] == "look"


def test_an_account_seen_by_hand_is_written_down(daemon: Running) -> None:
    eventually(lambda: daemon.ask("SELECT 1 FROM targets WHERE id = 'account-2' AND visits > 0"), shown=daemon.log)
    today = daemon.ask("SELECT strftime('%Y-%m-%d', 'now', '+8 hours')")[0][0]
    done = daemon.command("attest", "account-2", "--newest", today, "--by", "李四", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json()["known"]["newest"] == today
    assert daemon.ask("SELECT target_id, who FROM attestations") == [("account-2", "李四")]
    assert "account-2" in daemon.command("attest", "account-2", "--show").out
