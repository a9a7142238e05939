"""`visit`, `rules`, `read`, `due` and `validate`: what they print for programs has exactly the keys of DESIGN.md §4.4."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Done, call, run
from tests.daemon.town import Town

VISIT = {"target", "at", "reach", "tries", "findings", "standings", "reading"}
TRY = {"at", "reach", "status", "seconds"}
FINDING = {"check", "outcome", "subject", "summary", "measures", "evidence"}
STANDING = {"rule", "standing", "since", "until", "why"}
READING = {
    "kind",
    "encoding",
    "title",
    "state",
    "newest_date",
    "newest_precision",
    "items",
    "links",
    "pseudo_links",
    "marks",
    "meta",
    "article",
    "entries",
    "returns_on",
    "needs",
    "tamper",
}
MARKS = {"site_code", "icp", "police", "conac", "jiucuo", "sponsor", "contact", "sitemap"}
RULE = {"pack", "id", "source", "article", "also", "says", "obligation", "limit", "severity", "confidence", "targets"}


def look(*args: str, settings: Path) -> Done:
    return call("visit", *args, "--json", "--config", settings)


def check_shape(shown: dict[str, Any]) -> None:
    assert shown.keys() == VISIT
    assert datetime.fromisoformat(shown["at"]).utcoffset() is not None
    assert shown["tries"]
    for one in shown["tries"]:
        assert one.keys() == TRY
    for one in shown["findings"]:
        assert one.keys() == FINDING
        assert one["outcome"] in {"ok", "fail", "unknown", "broken"}
        assert one["summary"]
        assert all(measure.keys() == {"name", "value", "unit"} for measure in one["measures"])
    for one in shown["standings"]:
        assert one.keys() == STANDING
        assert one["standing"] in {"met", "due", "breached", "exempt", "unknown"}
    if shown["reading"] is not None:
        assert shown["reading"].keys() == READING
        assert shown["reading"]["marks"].keys() == MARKS


def test_a_target_that_is_well(settings: Path) -> None:
    done = look("site-1", settings=settings)
    assert (done.code, done.err) == (0, "")
    shown = done.json()
    check_shape(shown)
    assert (shown["target"], shown["reach"]) == ("site-1", "open")
    assert [one["status"] for one in shown["tries"]] == [200]
    assert {one["check"] for one in shown["findings"]} >= {"reachable"}
    assert shown["reading"]["kind"] == "site"


def test_what_takes_many_looks_is_not_told_from_one(settings: Path) -> None:
    for site in ("site-1", "site-2"):
        told = {one["rule"]: one for one in look(site, settings=settings).json()["standings"]}
        for rule in ("national-2019/N-AVAIL", "national-2019/N-OFF-30"):
            assert (told[rule]["standing"], told[rule]["since"], told[rule]["until"]) == ("unknown", None, None)
            assert told[rule]["why"].startswith("看一次不能判断")


def test_a_certificate_is_asked_of_https_only(town: Town, settings: Path) -> None:
    told = {one["rule"] for one in look("site-1", settings=settings).json()["standings"]}
    https = town.city.plan.site_url(town.city.plan.sites[0]).startswith("https:")
    assert ("house/certificate" in told) is https
    plain = look("http://127.0.0.1:9/", settings=settings).json()["standings"]
    secure = look("https://127.0.0.1:9/", settings=settings).json()["standings"]
    assert "house/certificate" not in {one["rule"] for one in plain}
    assert "house/certificate" in {one["rule"] for one in secure}


def test_a_target_that_does_not_open_is_trouble_and_one_look_confirms_nothing(settings: Path) -> None:
    done = look("site-2", settings=settings)
    assert (done.code, done.err) == (1, "")
    shown = done.json()
    check_shape(shown)
    assert shown["reach"] == "connect"
    assert shown["reading"] is None
    assert len(shown["tries"]) == 1
    (failed,) = [one for one in shown["findings"] if one["outcome"] == "fail"]
    assert failed["check"] == "reachable"
    assert "breached" not in {one["standing"] for one in shown["standings"]}
    assert "met" not in {one["standing"] for one in shown["standings"] if one["rule"] == "house/outage"}


def test_a_column_past_its_limit_is_trouble_without_any_failure(settings: Path) -> None:
    done = look("site-3/column-1", settings=settings)
    assert done.code == 1
    shown = done.json()
    check_shape(shown)
    assert {one["outcome"] for one in shown["findings"]} == {"ok"}
    breached = [one for one in shown["standings"] if one["standing"] == "breached"]
    assert [one["rule"] for one in breached] == ["national-2019/N-COL-DYN"]
    assert breached[0]["since"] is not None
    assert shown["reading"]["newest_date"] < shown["at"][:10]


def test_a_bare_address_is_judged_too(town: Town, settings: Path) -> None:
    url = town.city.plan.site_url(town.city.plan.sites[0])
    done = look(url, settings=settings)
    assert done.code == 0
    check_shape(done.json())
    assert done.json()["target"] == url
    assert {one["rule"].partition("/")[0] for one in done.json()["standings"]} == {"national-2019", "house"}
    (silent,) = [target.url for target in town.city.inventory() if target.id == "site-3/column-1"]
    column = look(silent, "--kind", "column", settings=settings)
    assert column.code == 1, "a bare column is taken for a dynamic one"
    assert "national-2019/N-COL-DYN" in {one["rule"] for one in column.json()["standings"]}
    account = look(town.city.plan.feed_url(town.city.plan.accounts[0]), "--kind", "account", settings=settings)
    assert account.code == 0
    posts = len(account.json()["reading"]["entries"])
    assert posts
    words = call(
        "visit", town.city.plan.feed_url(town.city.plan.accounts[0]), "--kind", "account", "--config", settings
    )
    assert words.out.rstrip().endswith(f"共{posts}条"), "the posts of an account are counted, it has no items"


@pytest.mark.parametrize("what", ["site-99", "htp://x/", "", "ftp://example.com/", "http://[::1/"])
def test_what_is_neither_target_nor_address_cannot_be_visited(settings: Path, what: str) -> None:
    refused = look(what, settings=settings)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.strip()


ADDRESSES = {
    "": "没有写网址",
    "site-99": "网址要以 http:// 或 https:// 开头",
    "www.x.cn/a": "网址要以 http:// 或 https:// 开头（是不是“http://www.x.cn/a”？）",
    "htp://x/": "htp 类地址不能监测（请以 http:// 或 https:// 开头）",
    "http：//x.cn/": "网址中有全角冒号“：”（请改用半角冒号）",
    "http://x y.cn/": "网址中有空格或不可见字符（确需空格处请写 %20）",
    "http:\\\\x.cn": "网址中有反斜杠（请改为 /）",
    "http://1.2.3.256/": "1.2.3.256 不是有效的 IP 地址",
    "http://a..cn/": "a..cn 不是有效的域名",
    "http://x.cn:0/": "端口 0 无法访问",
    f"http://x.cn/{'a' * 2100}": "网址超过2,048个字符",
    "http://me:secret@x/": "（巡检不登录，请去掉 @ 及其前面的用户名和密码）",
}


@pytest.mark.parametrize(("what", "why"), ADDRESSES.items(), ids=[what[:20] for what in ADDRESSES])
@pytest.mark.parametrize("command", ["visit", "discover"])
def test_what_is_wrong_with_an_address_is_said_in_chinese(settings: Path, command: str, what: str, why: str) -> None:
    refused = call(command, what, "--config", settings)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.rstrip().endswith(why)
    english = call(command, what, "--config", settings, "--lang", "en").err
    assert english.isascii() or not what.isascii() or "full-width" in english


def test_an_address_the_guard_refuses_is_unknown_and_no_trouble_of_the_site(config: Path) -> None:
    done = look("http://127.0.0.1:9/", settings=config)
    assert done.code == 0, "could not look is never bad"
    assert done.json()["reach"] == "refused_by_guard"
    assert {one["outcome"] for one in done.json()["findings"]} == {"unknown"}


def test_the_same_for_people_and_from_a_real_process(settings: Path) -> None:
    words = call("visit", "site-2", "--config", settings)
    assert words.code == 1
    assert "  site-2  " in words.out
    assert "[异常] “能否打开”：无法正常连接，服务器拒绝连接" in words.out
    assert (
        "单项否决·站点无法访问 [national-2019/N-AVAIL] 无法判断：看一次不能判断：按最近7天多次访问的占比计算"
        in words.out
    )
    english = call("visit", "site-2", "--lang", "en", "--config", settings)
    assert "[trouble] reachable: the server cannot be reached properly: connection refused" in english.out
    done = run("visit", "site-1", "--json", "--config", settings)
    assert (done.code, done.err) == (0, "")
    check_shape(done.json())


def test_rules_are_listed_with_all_their_keys(settings: Path) -> None:
    done = call("rules", "--json", "--config", settings)
    assert (done.code, done.err) == (0, "")
    shown = done.json()
    assert {one["pack"] for one in shown} == {
        *(
            "national-2019",
            "house",
            "shaoguan-2023",
            "zhongshan-2020",
            "zizhizhou-2020",
            "chongchuan-2023",
            "foshan-2015",
        )
    }
    for one in shown:
        assert one.keys() == RULE
        assert one["source"]
        assert one["article"]
        assert isinstance(one["also"], list)
        assert isinstance(one["targets"], int)
        assert one["confidence"] in {"verbatim", "secondary", "unconfirmed", "house"}
        assert one["severity"] in {"veto", "serious", "breach", "remind"}
    counts = {f"{one['pack']}/{one['id']}": one["targets"] for one in shown}
    assert counts["house/outage"] == 3
    assert counts["national-2019/N-COL-DYN"] == 3
    assert "N-COL-DYN" in call("rules", "--config", settings).out


def test_validate_says_how_much_there_is_and_touches_nothing(settings: Path) -> None:
    before = sorted(settings.parent.rglob("*"))
    done = call("validate", "--config", settings)
    assert done.code == 0
    assert "：网站3个，栏目6个，账号2个，规则包7个" in done.out
    shown = call("validate", "--json", "--config", settings)
    assert shown.json()["problems"] == []
    desk, *other = shown.json()["warnings"]  # the town has a hook, and its desk is on loopback
    assert (desk["place"], desk["message"].split("的人")[1]) == (
        "desk",
        "打不开值班台：127.0.0.1 只能在本机访问",
    )
    assert {one["place"] for one in other} <= {"calendar"}, "in autumn, until the next year is built in"
    assert sorted(settings.parent.rglob("*")) == before


def test_a_saved_page_is_read_for_people_in_their_language(tmp_path: Path, config: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<ul><li><a href='/a/1.html'>关于春节放假的通知</a>2026-01-05</ul>", encoding="utf-8")
    args = ("read", page, "--kind", "column", "--date", "2026-01-06")
    chinese = call(*args, "--lang", "zh-CN").out.splitlines()
    assert chinese[0].rstrip() == "有列表  最新日期 2026-01-05  列表1条，动态0条，链接1个"
    english = call(*args, "--config", config).out.splitlines()
    assert english[0].rstrip() == "listed  newest 2026-01-05  1 items, 0 entries, 1 links"
    assert english[1:] == chinese[1:] == ["  2026-01-05  关于春节放假的通知"]
    gone = call("read", tmp_path / "gone.html", "--kind", "page", "--lang", "zh-CN")
    assert (gone.code, gone.out) == (2, "")
    assert "文件或目录不存在" in gone.err


def test_a_saved_page_is_read_with_all_keys_and_exit_0_whatever_its_state(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><title>某市</title><ul><li><a href='/a/1.html'>关于春节放假的通知</a>2026-01-05</ul>", encoding="utf-8"
    )
    done = call("read", page, "--kind", "column", "--url", "http://x.example/", "--date", "2026-01-06", "--json")
    assert (done.code, done.err) == (0, "")
    shown = done.json()
    assert shown.keys() == READING
    assert shown["marks"].keys() == MARKS
    (tmp_path / "empty.html").write_bytes(b"")
    empty = call("read", tmp_path / "empty.html", "--kind", "page", "--json")
    assert empty.code == 0
    assert empty.json()["state"] == "unreadable"
    gone = call("read", tmp_path / "gone.html", "--kind", "page", "--json")
    assert (gone.code, gone.out) == (2, "")
    lines = tmp_path / "list.jsonl"
    lines.write_text(
        '{"file": "page.html", "kind": "column"}\n{"file": "gone.html", "kind": "page"}\n', encoding="utf-8"
    )
    batch = call("read", "--batch", lines, "--json")
    assert batch.code == 2
    first, second = map(json.loads, batch.out.splitlines())
    assert first.keys() == READING | {"file"}
    assert second.keys() == {"file", "error"}
