"""The first page: what stands on it, in both languages, harmless whatever the names are, and at a bounded price."""

import re
import sqlite3
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from monitor.clock import to_ms
from monitor.model import Cause, Compliance, Confidence, Contact, Refused, Sent, Severity, Standing, TargetKind, say
from monitor.store import commands, standings, views
from monitor.web import estate, health, page
from monitor.web.server import Desk
from tests.clock import START, FakeClock
from tests.store.made import store
from tests.web.conftest import Get
from tests.web.filled import (
    DAY,
    HOUR,
    MINUTE,
    OPENS_NOT,
    STALE,
    Tx,
    beat,
    carries,
    falls_due,
    message,
    remember,
    rule,
    target,
    watch,
    wrong,
)

VOID = {"meta", "link", "br"}


class Outline(HTMLParser):
    """The tags of a page, checked for balance, with links, headings and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.language = ""
        self.words = ""
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(given)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        self.language = given["lang"] or "" if tag == "html" else self.language
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"style", "title"}:
            self.words += data


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", Outline(html).words)


async def test_an_empty_store_says_that_nothing_is_known(get: Get) -> None:
    code, html, _ = await get("/?lang=en")
    words = text_of(html)
    assert code == 200
    assert "Nothing is known: nothing is watched." in words
    assert "nothing is watched: the settings name no targets" in words
    assert "Nothing is wrong." not in words


async def test_nothing_is_wrong_only_while_the_watch_works(desk: Desk, get: Get, clock: FakeClock) -> None:
    await desk.database.write(lambda tx: watch(tx, target("site-1")))
    unseen = text_of((await get("/?lang=en"))[1])
    assert "Nothing is wrong." not in unseen
    assert "Nothing is known to be wrong, but 1 of 1 have not been looked at in time." in unseen
    seen = "UPDATE targets SET last_visit_at = ?"
    await desk.database.write(lambda tx: tx.execute(seen, (to_ms(clock.now()),)).rowcount)
    clock.advance(1)
    assert "Nothing is wrong." in text_of((await get("/?lang=en"))[1])
    clock.advance(HOUR)
    words = text_of((await get("/?lang=en"))[1])
    assert "Nothing is wrong." not in words
    assert "Nothing is known to be wrong, but the watch itself is in trouble." in words


def three(tx: Tx) -> None:
    home = target("site-1", name="某市人民政府")
    column = target("c", TargetKind.COLUMN, name="政策文件", owner="某局", contacts=(Contact("李四", "12345转6"),))
    watch(tx, home, column, target("x", TargetKind.COLUMN, name="公告"))
    remember(
        tx,
        rule("national/home", says="首页打不开", article="单项否决", severity=Severity.VETO),
        rule("house/x", confidence=Confidence.HOUSE, says="立即处置", source="内部要求", article="内部要求"),
    )
    outage = wrong(
        tx, Cause.OUTAGE, "site-1", severity=Severity.VETO, rules=("house/x", "national/home", "gone/z"),
        since=START - 2 * HOUR - 20 * MINUTE,
    )  # fmt: skip
    wrong(tx, Cause.STALE, "c", severity=Severity.BREACH, why=STALE, since=START - 3 * DAY)
    links = carries(tx, column, "http://dead.example/1", "http://dead.example/2")
    wrong(tx, Cause.DEAD_LINK, *links, key="dead.example", severity=Severity.REMIND, why=say("the link opens"))
    wrong(tx, Cause.OURS, "*", key="uplink", severity=Severity.REMIND, why=say("the reference hosts answer"))
    commands.ack(tx, START - HOUR, "王五", outage)
    falls_due(
        tx,
        "x",
        START + DAY + 15 * HOUR,
        say("nothing new since {newest}, limit {limit}", newest="2026-11-08", limit="14d"),
    )
    beat(tx, START - 10 * MINUTE)
    message(tx, START - HOUR, Sent())
    message(tx, START - MINUTE)


async def test_what_an_officer_needs_is_there_in_chinese(desk: Desk, get: Get) -> None:
    await desk.database.write(three)
    html = (await get("/"))[1]
    words, shown = text_of(html), Outline(html)
    assert shown.language == "zh-CN"
    for wanted in (
        "网站打不开", "单项否决", "某市人民政府", "11月20日 06:40", "2小时20分钟", "30秒内未能打开", "张三", "王五",
        "首页打不开", "处置：核查主机", "栏目超期未更新", "自 2026-11-01 起未更新，已超过14天时限", "李四", "链接失效",
        "监测端", "公告", "11月21日", "栏目", "10分钟",
    ):  # fmt: skip
        assert wanted in words, wanted
    assert {"tel:07511234567", "tel:12345,6", "http://site-1.example/", "http://dead.example/1"} <= set(shown.links)
    assert "<script" not in html
    for english in ("Wrong", "Due", "watch", " ago", "since", "none"):
        assert english not in words, english


async def test_english_by_switch_and_back(desk: Desk, get: Get) -> None:
    await desk.database.write(three)
    chinese = Outline((await get("/"))[1])
    english = Outline((await get("/?lang=en"))[1])
    assert (chinese.language, english.language) == ("zh-CN", "en")
    assert "?lang=en" in chinese.links
    assert "?lang=zh-CN" in english.links
    for wanted in (
        "Wrong now 4",
        "website cannot be opened",
        "for 2h 20 min",
        "王五 is on it",
        "Basis: ",
        "last day tomorrow",
    ):
        assert wanted in re.sub(r"\s+", " ", english.words), wanted
    assert Outline((await get("/?lang=<script>"))[1]).language == "zh-CN"


async def test_the_page_renews_itself_unless_told_not_to(get: Get) -> None:
    assert '<meta http-equiv="refresh" content="30">' in (await get("/"))[1]
    still = (await get("/?refresh=off&lang=en"))[1]
    assert "http-equiv" not in still
    assert "?lang=zh-CN&refresh=off" in Outline(still).links


async def test_headings_ids_and_landmarks_are_in_order(desk: Desk, get: Get) -> None:
    await desk.database.write(three)
    shown = Outline((await get("/"))[1])
    assert shown.headings[0] == 1
    assert shown.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(shown.headings, shown.headings[1:], strict=False))
    assert len(shown.ids) == len(set(shown.ids))
    assert {"header", "main", "nav", "section", "time", "th"} <= shown.tags
    assert {link for link in shown.links if link.startswith("#")} <= {f"#{name}" for name in shown.ids}


EVIL = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "{{ 7*7 }}", "{% raw %}", "{values}", "{0}",
    "%(x)s", "</style><script>alert(1)</script>", "\u202eevil\u2066", "a\x00b\x1bc", "&lt;b&gt;", "]]>", "javascript:alert(1)",
)  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
async def test_hostile_words_are_harmless_everywhere(desk: Desk, get: Get, evil: str) -> None:
    def fill(tx: Tx) -> None:
        hostile = target(
            "e", TargetKind.COLUMN, name=evil, url=f"javascript:{evil}", owner=evil, contacts=(Contact(evil, evil),)
        )
        watch(tx, hostile)
        remember(tx, rule("p/r", source=evil, article=evil, says=evil, status=evil))
        number = wrong(
            tx, Cause.TAMPER, "e", key=evil, rules=("p/r",), why=say("the server answers HTTP {status}", status=evil)
        )
        commands.ack(tx, START, f"x{evil}", number)
        falls_due(tx, "e", START + DAY, say(evil))

    await desk.database.write(fill)
    desk.status.reload_problems, desk.status.reload_refused_at = (evil,), START
    plain = Outline((await get("/"))[1])
    for path in ("/", "/?lang=en", f"/?lang={evil.replace('%', '')}"):
        code, html, _ = await get(path)
        shown = Outline(html)
        assert code == 200
        assert "script" not in shown.tags
        assert "img" not in shown.tags
        assert not {name for name in shown.attributes if name.startswith("on")}
        assert all(re.match(r"(\?lang=|#|tel:[+\d,]+$|https?://)", link) for link in shown.links), shown.links
        assert "49" not in shown.words.replace("7*7", "") or "{{" not in evil
    assert plain.language == "zh-CN"


async def test_what_is_only_near_is_worded_as_near(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, target("c", TargetKind.COLUMN), target("d", TargetKind.COLUMN))
        wrong(tx, Cause.STALE, "c", rules=("house/fresh",))
        falls_due(tx, "c", START + DAY)

    await desk.database.write(fill)
    words = text_of((await get("/?lang=en"))[1])
    assert "update nearly overdue" in words
    assert "column not updated in time" not in words
    await desk.database.write(lambda tx: falls_due(tx, "c", START, value=Compliance.BREACHED))
    words = text_of((await get("/?lang=en"))[1])
    assert "column not updated in time" in words


async def test_what_is_near_a_veto_stands_first_and_all_that_is_shown_is_counted(desk: Desk, get: Get) -> None:
    near = say("{have} columns are blank, {more} more are a veto", have=4, more=1)
    yearly = say(
        "{activity}: {n} of {of} in {year} so far, asked by {due}",
        activity="yearly appraisal",
        n=0,
        of=1,
        year=2026,
        due="2026-12-31",
    )

    def fill(tx: Tx) -> None:
        watch(tx, target("site-1", name="某局"), target("c", TargetKind.COLUMN, name="公告"))
        remember(tx, rule("n/blank", severity=Severity.VETO))
        standings.replace(tx, "site-1", [Standing("n/blank", Compliance.DUE, near, Cause.COUNT)], None, START)
        owed = Standing("n/appraisal", Compliance.DUE, yearly, Cause.DONE_EVERY, until=START + 40 * DAY)
        standings.replace(tx, "*", [owed], None, START)
        falls_due(tx, "c", START + 2 * DAY)

    await desk.database.write(fill)
    html = (await get("/"))[1]
    words = text_of(html)
    assert "即将到期 3" in words
    assert len(re.findall(r"<li[^>]*><p class=\"day\">", html)) == 3
    assert words.index("已有4个空白栏目，再有1个即单项否决") < words.index("公告") < words.index("年度考评")
    assert re.search(r'<li class="urgent"><p class="day"><span class="left">无日期</span>', html)
    assert "zhishou_standings_due 3.0" in (await get("/metrics"))[1]


async def test_an_incident_with_many_links_is_short_and_counted(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        home = target("site-1", name="某市人民政府")
        watch(tx, home)
        links = carries(tx, home, *[f"http://www.example.gov.cn/{'a' * 90}/{i}.html" for i in range(1137)])
        wrong(
            tx,
            Cause.DEAD_LINK,
            *links,
            key="www.example.gov.cn",
            why=say("the server answers HTTP {status}", status=404),
        )

    await desk.database.write(fill)
    words = text_of((await get("/?lang=en"))[1])
    assert "dead link 1137" in words
    assert "and 1132 more" in words
    assert words.count("the server answers HTTP 404") == 1
    assert "on the page 某市人民政府" in words
    assert "张三" in words


async def test_a_column_an_account_and_a_page_name_their_site(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        column = target("c", TargetKind.COLUMN, name="通知公告", site="site-1")
        account = target("a", TargetKind.ACCOUNT, name="某局微博", site="site-1")
        watch(tx, target("site-1", name="韶关市某局网站"), column, account)
        wrong(tx, Cause.STALE, "c", why=STALE)
        wrong(tx, Cause.DEAD_LINK, *carries(tx, column, "http://dead.example/1"), key="dead.example")
        falls_due(tx, "a", START + DAY)

    await desk.database.write(fill)
    words = text_of((await get("/"))[1])
    assert words.count("韶关市某局网站 › 通知公告") == 2, "the column, and the page that carries the link"
    assert "韶关市某局网站 › 某局微博" in words
    assert "http://dead.example/1" in words


async def test_a_trouble_of_ours_says_what_it_means(desk: Desk, get: Get) -> None:
    await desk.database.write(
        lambda tx: wrong(tx, Cause.OURS, "*", key="uplink", why=say("the reference hosts answer"))
    )
    words = text_of((await get("/"))[1])
    assert "监测端网络中断" in words
    assert "影响：恢复前所有网站、栏目、账号均无法判断" in words
    assert "处置：检查监测端的网线" in words
    assert "(" not in words, "brackets between Chinese letters are those of Chinese"


async def test_what_is_muted_is_marked(desk: Desk, get: Get) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, target("site-1"))
        wrong(tx, Cause.OUTAGE, "site-1")
        commands.mute(tx, START, "张三", "site-1", until=START + HOUR, reason="机房检修")

    await desk.database.write(fill)
    assert " · muted" in text_of((await get("/?lang=en"))[1])
    await desk.database.write(lambda tx: commands.unmute(tx, START, "张三", "site-1"))
    assert " · muted" not in text_of((await get("/?lang=en"))[1])


def crowd(tx: Tx, count: int) -> None:
    pages = [target(f"s{i}", name=f"第{i}局") for i in range(count)]
    watch(tx, *pages)
    remember(tx, *[rule(f"p/r{i}") for i in range(5)])
    for i in range(count):
        members = carries(tx, pages[i], *[f"http://d{i}.example/{n}" for n in range(3)]) if i % 3 == 0 else [f"s{i}"]
        cause = Cause.DEAD_LINK if i % 3 == 0 else list(Cause)[i % 12]
        wrong(tx, cause, *members, key=f"k{i}", severity=list(Severity)[i % 4], rules=(f"p/r{i % 5}",))
        falls_due(tx, f"s{i}", START + i * HOUR)
        message(tx, START - HOUR, Sent() if i % 2 else Refused("no"))


def statements(tx: sqlite3.Connection, run: Callable[[], object]) -> int:
    said: list[str] = []
    tx.set_trace_callback(said.append)
    run()
    tx.set_trace_callback(None)
    return len([line for line in said if not line.startswith("--")])


@pytest.mark.parametrize("count", [1, 3, 250])
def test_the_price_in_statements_does_not_grow(count: int) -> None:
    with store() as tx:
        crowd(tx, count)
        prices = {
            "page": statements(tx, lambda: page.look(tx)),
            "health": statements(tx, lambda: health.look(tx, START)),
            "estate": statements(tx, lambda: estate.look(tx, START)),
        }
    assert prices == {"page": 11, "health": 6, "estate": 7}


async def test_two_hundred_incidents_are_shown_and_the_rest_is_counted(desk: Desk, get: Get) -> None:
    await desk.database.write(lambda tx: crowd(tx, 230))
    code, html, headers = await get("/?lang=en")
    words, shown = text_of(html), Outline(html)
    assert code == 200
    assert len([name for name in shown.ids if name.startswith("incident-")]) == page.SHOWN
    assert "Wrong now 230" in words
    assert "and 30 more; all of them: zhishou incidents" in words
    assert f"and {230 - page.SHOWN_DUE} more; all of them: zhishou due" in words
    assert len(html) < 300_000
    assert headers["Content-Encoding"] in {"deflate", "gzip"}
    severities = [one.severity.rank for one in await desk.database.read(views.wrong_now)]
    assert severities == sorted(severities)


async def test_every_answer_forbids_scripts_frames_and_caches(get: Get) -> None:
    for path in ("/", "/healthz", "/readyz", "/metrics", "/nowhere"):
        _, _, headers = await get(path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Server"] == "zhishou"


async def test_looking_changes_nothing(desk: Desk, get: Get) -> None:
    await desk.database.write(three)
    before = await desk.database.read(lambda tx: "\n".join(tx.iterdump()))
    for path in ("/", "/healthz", "/metrics"):
        await get(path)
    assert await desk.database.read(lambda tx: "\n".join(tx.iterdump())) == before


async def test_nobody_changes_anything_over_http(desk: Desk) -> None:
    methods = {route.method for route in desk._runner.app.router.routes()} if desk._runner else set()
    assert methods == {"GET", "HEAD"}


def test_the_reasons_of_these_tests_are_sentences_of_the_checks() -> None:
    assert OPENS_NOT.template == "no complete answer within {seconds} s"
