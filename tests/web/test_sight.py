"""The desk says how sure it is, what to do about this very trouble, and names what could not be judged."""

from datetime import timedelta

from monitor.clock import to_ms
from monitor.model import Cause, Compliance, Confidence, Finding, Outcome, Reach, Run, Severity, TargetKind, Text, say
from monitor.store import findings
from monitor.web.estate import UNTOLD
from monitor.web.server import Desk
from tests.clock import START
from tests.web.conftest import Get
from tests.web.filled import HOUR, OPENS_NOT, Tx, carries, remember, rule, target, watch, wrong
from tests.web.test_front import text_of

REFUSES = say("alive, but refuses programs or stumbles (HTTP {status}): cannot be judged", status=403)


def ran(
    tx: Tx, name: str, check: str, outcome: Outcome, *, cause: Cause | None, reason: str, looks: int, why: Text
) -> None:
    """The check has found this so many times in a row."""
    finding = Finding(check, outcome, why, cause=cause, reason=reason, evidence={"reach": reason})
    findings.save_run(tx, name, Run(finding, START - HOUR, START, looks, looks, START - HOUR), None)


def blinded(tx: Tx, name: str, reason: str, since: timedelta = HOUR) -> None:
    tx.execute(
        "UPDATE targets SET blind_since = ?, blind_reason = ? WHERE id = ?", (to_ms(START - since), reason, name)
    )


async def test_a_card_says_how_sure_and_what_to_do_about_this_very_trouble(desk: Desk, get: Get) -> None:
    reaches = {
        Reach.DNS: "处置：核查域名解析、域名是否到期",
        Reach.HTTP_ERROR: "处置：核查网站程序和后端服务",
        Reach.SOFT_ERROR: "处置：核查网站程序和后端服务",
        Reach.MAINTENANCE: "处置：核实是否计划内维护",
        Reach.MALFORMED: "处置：核查主机、网络和域名",
    }

    def fill(tx: Tx) -> None:
        watch(tx, *[target(reach.value) for reach in reaches])
        for reach in reaches:
            wrong(tx, Cause.OUTAGE, reach.value)
            ran(
                tx, reach.value, "reachable", Outcome.FAIL, cause=Cause.OUTAGE, reason=reach.value, looks=4,
                why=OPENS_NOT,
            )  # fmt: skip

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    for reach, do in reaches.items():
        card = words[words.index(reach.value) :].split("处置", 1)
        assert f"处置{card[1]}".startswith(do), reach
    assert words.count("连续4次打开失败") == len(reaches)


async def test_what_differs_under_one_incident_has_the_words_for_all(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, target("a"), target("b"))
        wrong(tx, Cause.OUTAGE, "a", "b", key="platform:1")
        for name, reach, looks in (("a", Reach.DNS, 5), ("b", Reach.HTTP_ERROR, 3)):
            ran(tx, name, "reachable", Outcome.FAIL, cause=Cause.OUTAGE, reason=reach.value, looks=looks, why=OPENS_NOT)

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    assert "处置：核查主机、网络和域名" in words
    assert "连续3次打开失败" in words


async def test_what_cannot_be_looked_at_breaks_no_rule(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, target("site-1"))
        remember(
            tx,
            rule("n/a", article="单项否决·站点无法访问", says="超过5%的，单项否决", confidence=Confidence.SECONDARY),
            rule("n/b", article="单项否决·站点无法访问"),
            rule("house/x", confidence=Confidence.HOUSE, says="首页应当能打开"),
        )
        wrong(tx, Cause.BLIND, "site-1", rules=("n/a", "n/b", "house/x"), severity=Severity.REMIND)

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    assert "暂无法判断：政府网站发展指引 (2017)单项否决·站点无法访问 " in words
    assert words.count("单项否决·站点无法访问") == 1, "each article once"
    assert "依据" not in words
    assert "单项否决的" not in words


async def test_an_article_is_named_once(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, target("site-1"))
        remember(
            tx, *[rule(f"n/{name}", article=article) for name, article in zip("abcd", "一二二一", strict=True)],
            rule("house/x", confidence=Confidence.HOUSE, says="应当能打开"),
        )  # fmt: skip
        wrong(tx, Cause.OUTAGE, "site-1", rules=("n/a", "n/b", "n/c", "n/d", "house/x"))
        watch(tx, target("site-1"), target("own"))
        wrong(tx, Cause.OUTAGE, "own", rules=("house/x",))

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    assert "依据：政府网站发展指引 (2017)一：" in words
    assert "另涉：政府网站发展指引 (2017)二 " in words
    assert "依据：内部要求：应当能打开" in words


async def test_to_be_seen_without_a_date_is_not_to_be_unseen(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, *[target(name) for name in "abc"])
        for name, reason in (("a", "undated"), ("b", "undated"), ("c", "challenged")):
            blinded(tx, name, reason)

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    assert "无法查看能打开但无日期" in words
    assert "网站0 / 312" in words, "three websites, one not to be looked at, two without a date"
    figures = (await get("/metrics"))[1]
    assert 'zhishou_targets_blind{kind="site"} 1.0' in figures
    assert 'zhishou_targets_undated{kind="site"} 2.0' in figures


async def test_what_could_not_be_judged_is_named_with_the_reason_and_the_page(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        column = target("c", TargetKind.COLUMN, name="通知公告", site="site-1")
        watch(tx, target("site-1", name="某局网站"), column)
        links = carries(tx, column, *[f"http://other.example/{n}" for n in range(UNTOLD + 5)])
        for n, link in enumerate(links):
            blinded(tx, link, "challenged", HOUR + timedelta(minutes=len(links) - n))
            ran(tx, link, "links_alive", Outcome.UNKNOWN, cause=None, reason="challenged", looks=2, why=REFUSES)
        blinded(tx, "site-1", "undated")

    await desk.database.write(fill)
    _, html, _ = await get("/")
    assert html.count("<details") == 2
    folded = text_of(html[html.index("<details") : html.rindex("</details>") + len("</details>")])
    assert f"无法判断{UNTOLD + 5}个" in folded
    assert folded.count("http://other.example/") == UNTOLD
    assert "http://other.example/0有应答，但拒绝程序查看或服务器出错（HTTP 403），无法判断" in folded
    assert "所在页面 某局网站 › 通知公告" in folded
    assert "另有5个" in folded
    assert "11月20日 07:05起，已1小时55分钟" in folded
    assert "某局网站找不到日期" in folded, "without a run the word for it"


async def test_what_is_judged_again_is_not_listed(desk: Desk, get: Get) -> None:
    await desk.database.write(lambda tx: watch(tx, target("site-1")))
    assert "<details" not in (await get("/"))[1]
    assert Compliance.UNKNOWN.value not in text_of((await get("/?lang=en"))[1])


async def test_what_has_just_begun_is_not_said_to_last(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, target("site-1"))
        wrong(tx, Cause.OUTAGE, "site-1", since=START)

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    assert "11月20日 09:00起，不到1分钟" in words
    assert "已 不到" not in words
