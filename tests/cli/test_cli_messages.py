"""`messages list`: by when each is to be answered, by which article, and how late it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.app import load_settings
from monitor.cli.registered import messages
from monitor.clock import SystemClock, civil_day, day_start, iso
from monitor.judge.days import deadline
from monitor.judge.workdays import add_workdays, is_workday
from monitor.model import Limit
from monitor.registers import with_due
from monitor.render import day
from tests.cli.stored import write
from tests.cli.terminal import call
from tests.web.filled import target, watch
from tests.workdays import calendar_for

SETTINGS = """
[store]
path = "{folder}/state/zhishou.db"
[[target]]
id = "city"
kind = "site"
name = "某市人民政府"
url = "http://www.example.gov.cn/"
packs = ["national-2019", "house", "zhongshan-2020", "zizhizhou-2020"]
"""
TODAY = civil_day(SystemClock().now())
DAYS = 40


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A site under the national pack and two local ones; a site that is no longer watched."""
    path = tmp_path / "monitor.toml"
    path.write_text(calendar_for(tmp_path) + SETTINGS.format(folder=tmp_path), "utf-8")
    write(tmp_path / "state" / "zhishou.db", lambda tx: watch(tx, target("city", name="某市人民政府"), target("gone")))
    return path


def add(desk: Path, name: str, cls: str, received: date, answered: date | None = None, *, site: str = "city") -> None:
    told = ("--answered", str(answered)) if answered else ()
    words = ("--site", site, "--class", cls, "--received", str(received), "--by", "张三", "--config", desk)
    assert call("messages", "add", name, *words, *told).code == 0


def late(days: Mapping[date, bool], last: date, until: date = TODAY) -> int:
    return sum(is_workday(last + timedelta(days=n), days) for n in range(1, (until - last).days + 1))


def test_the_strictest_article_its_day_and_how_late_it_is(desk: Path) -> None:
    days, received = load_settings(desk).workdays, TODAY - timedelta(days=DAYS)
    one, seven = add_workdays(received, 1, days), add_workdays(received, 7, days)
    assert deadline(received, Limit(3, "wd"), days) > one, "three rules ask for an answer to an error report"
    add(desk, "1", "找错", received)
    add(desk, "2", "咨询", received, answered=seven + timedelta(days=10))
    add(desk, "3", "咨询", received, answered=seven)
    add(desk, "4", "投诉", TODAY)
    add(desk, "5", "投诉", TODAY, site="gone")
    found = {row["id"]: row for row in call("messages", "list", "--json", "--config", desk).json()}
    assert (found["1"]["state"], found["1"]["due"], found["1"]["rule"]) == (
        "overdue",
        str(one),
        "zhongshan-2020/jiucuo",
    )
    assert (found["1"]["overdue_workdays"], found["1"]["class_name"]) == (late(days, one), "找错")
    assert found["1"]["article"].startswith("中山市政府网站及政务新媒体管理办法")
    assert (found["2"]["state"], found["2"]["due"]) == ("answered_late", str(seven))
    assert found["2"]["overdue_workdays"] == late(days, seven, seven + timedelta(days=10))
    assert (found["3"]["state"], found["3"]["overdue_workdays"]) == ("answered", 0)
    assert (found["4"]["state"], found["4"]["due"]) == ("waiting", str(add_workdays(TODAY, 15, days)))
    assert [found["5"][name] for name in ("state", "due", "rule", "article")] == ["waiting", None, None, None]


def test_the_same_for_people(desk: Path) -> None:
    days, received = load_settings(desk).workdays, TODAY - timedelta(days=DAYS)
    one = add_workdays(received, 1, days)
    add(desk, "ZC-1", "找错", received)
    add(desk, "ZC-2", "找错", TODAY)
    lines = call("messages", "list", "--waiting", "--config", desk).out.splitlines()
    assert lines[0].startswith("ZC-1  某市人民政府  找错  ")
    assert lines[0].endswith(f"收到  未答复，超期{late(days, one)}个工作日")
    assert lines[1].startswith(f"    应于{day(one, 'zh-CN', with_year=one.year != TODAY.year)}前（含当日）答复（中山市")
    assert lines[2].endswith("收到  未答复")
    assert "日前（含当日）答复，" in lines[3]


@pytest.mark.parametrize(("days", "says"), [(0, None), (1, 0)])
def test_less_than_a_working_day_is_said_so(desk: Path, days: int, says: int | None) -> None:
    known = load_settings(desk).workdays
    friday = next(
        one
        for n in range(30, 400)
        if (one := TODAY - timedelta(days=n)).weekday() == 4
        and [is_workday(one + timedelta(days=beside), known) for beside in (-1, 0, 1)] == [True, True, False]
    )
    add(desk, "1", "找错", friday - timedelta(days=1), answered=friday + timedelta(days=days))
    (row,) = call("messages", "list", "--json", "--config", desk).json()
    assert (row["state"], row["overdue_workdays"]) == ("answered" if says is None else "answered_late", 0)
    shown = call("messages", "list", "--config", desk).out
    assert ("已超期，不足1个工作日" in shown) is (says is not None)


def test_beside_a_year_nobody_knows_what_is_known_is_said(desk: Path) -> None:
    """28 December 2189 is a Monday; the year after it has no calendar, and no town's file names one."""
    eve, new_year = date(2189, 12, 28), date(2190, 1, 1)
    days = {eve + timedelta(days=n): True for n in range((new_year - eve).days)}
    settings = load_settings(desk).model_copy(update={"workdays": days})
    add(desk, "1", "找错", TODAY)
    (row,) = call("messages", "list", "--json", "--config", desk).json()
    now = day_start(eve + timedelta(days=1))
    shown = []
    for received, cls in ((eve, "jiucuo"), (eve, "handling"), (eve, "unknown")):
        told = with_due([{**row, "received": iso(day_start(received)), "class": cls}], settings, now)
        shown.append((told[0]["due"], told[0]["unknown_year"], [*messages(told, now, "zh-CN", waiting=True)][1]))
    assert shown[0][:2] == ("2189-12-29", None)
    assert shown[0][2].startswith("    应于12月29日前（含当日）答复，今日到期（中山市")
    assert shown[1][:2] == ("2190-03-28", 2190)
    assert shown[1][2].startswith("    答复期限：2190 年工作日历尚未提供，无法计算；最迟2190年3月28日前（含当日）（")
    assert shown[2][:2] == ("2190-03-28", None), "no rule of working days is about it"
