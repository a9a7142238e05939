"""What a link of other people leads to: when it is read, and when it is suspected to have become something else (外链变异)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.model import Cause, Outcome, Seen, TargetKind, Visited
from monitor.settle.remember import as_remembered, remembered_json
from monitor.store import canon
from tests.checks import pages
from tests.checks.eyes import NOON, Here, Viewer, finding, remembered, said_again, watching
from tests.observe.dns_server import naming
from tests.observe.raw_server import Served, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

ABOUT = "<p>协会简介：成立于一九九八年，服务会员企业，组织培训与展览，提供行业信息。</p>" * 8
FRIEND = pages.html(pages.page(ABOUT, "某某市纺织协会"))
"""Long enough that HEAD settles it."""
CASINO = pages.html(
    "<html><head><meta charset='utf-8'><title>真人娱乐城_百家乐官网</title></head><body><p>百家乐官网，老虎机游戏，注册送彩金，"
    "六合彩资料，时时彩计划。</p></body></html>"
)
SPAM_TITLE = pages.html(pages.page(ABOUT, "澳门新葡京官网-注册送彩金"))
LOTTERY = pages.html(pages.page("<p>快三 开奖公告</p>", "某某省福利彩票发行中心 快3 双色球开奖公告"))
REPORT = pages.html(pages.page("<p>警方查获一批老虎机。</p>", "警方捣毁网络赌博平台 涉六合彩百家乐"))
OTHERS = pages.html(pages.page("<p>本店主营家具。</p>", "某某家具商城"))
LEADS_THERE = pages.html("<html><head><meta http-equiv='refresh' content='0;url=/k'></head><body></body></html>")


class Server:
    """`page` is what a GET brings now; HEAD says yes with these headers."""

    def __init__(self, page: bytes, *headers: str) -> None:
        self.page, self.headers = page, headers
        self.more: dict[str, bytes] = {}
        self.sent = 0  # whole pages

    async def answer(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        method, path, _ = request.decode("latin-1").split(" ", 2)
        page = self.more.get(path, self.page)
        same = (
            f"if-{kind}: {one.split(' ', 1)[1]}" for one in self.headers for kind in ("none-match", "modified-since")
        )
        if (
            page is self.page
            and page.startswith(b"HTTP/1.1 200")
            and any(one.encode() in _lower_names(request) for one in same)
        ):
            writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
            return
        self.sent += method == "GET"
        told = "".join(f"{header}\r\n" for header in self.headers).encode()
        start, _, rest = page.partition(b"\r\n")
        whole = start + b"\r\n" + told + rest
        writer.write(whole if method == "GET" else whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")


def _lower_names(request: bytes) -> bytes:
    lines = request.split(b"\r\n")
    return b"\r\n".join(name.lower() + colon + value for name, colon, value in (line.partition(b":") for line in lines))


def methods(server: Served) -> list[str]:
    return [request.split(b" ", 1)[0].decode() for request in server.asked]


async def look(viewer: Viewer, server: Served, seen: Seen | None = None, site: str | None = None) -> Visited:
    return await viewer.visit(server.url("/"), TargetKind.LINK, seen=seen, site=site)


def known_after(visited: Visited, before: Seen | None = None) -> Seen:
    """What the store hands out with the next claim: a suspected page is not remembered, nor one that was not read."""
    said = {(one.check, one.subject): said_again(one, visited) for one in visited.findings}
    if visited.page is None or visited.page.unchanged or as_remembered(visited) is None:
        return (before or Seen())._replace(visits=2, said=said)
    return remembered(visited)


TURNS = {
    "a casino": (CASINO, "link_spam", "真人娱乐城"),
    "spam in the title of a page like any": (SPAM_TITLE, "link_spam", "澳门新葡京"),
    "for sale": (pages.html(pages.SOLD), "link_parked", "域名出售"),
}


@pytest.mark.parametrize(("page", "reason", "shown"), TURNS.values(), ids=TURNS.keys())
@pytest.mark.parametrize("known", [True, False])
async def test_a_page_that_turned_is_suspected(page: bytes, reason: str, shown: str, *, known: bool) -> None:
    there = Server(FRIEND)
    clock = Here()
    async with serving(there.answer) as server, watching(clock=clock) as viewer:
        seen = known_after(await look(viewer, server)) if known else None
        there.page, clock.at = page, NOON + timedelta(days=7)
        said = finding(await look(viewer, server, seen), "links_alive")
    assert (said.outcome, said.cause, said.reason) == (Outcome.FAIL, Cause.TAMPER, reason)
    assert shown in str(said.summary)
    assert ("before: 某某市纺织协会" in str(said.summary)) is known
    assert said.evidence["url"] == server.url("/")


@pytest.mark.parametrize(
    "page", [FRIEND, LOTTERY, REPORT, OTHERS, pages.WALL_200, pages.html(pages.SORRY), pages.BLANK]
)
async def test_what_is_no_turn(page: bytes) -> None:
    """Another title alone is none, nor a lottery office, a report, a wall, an error page that HEAD answered for."""
    there = Server(FRIEND)
    clock = Here()
    async with serving(there.answer) as server, watching(clock=clock) as viewer:
        seen = known_after(await look(viewer, server))
        there.page, clock.at = page, NOON + timedelta(days=7)
        said = finding(await look(viewer, server, seen), "links_alive")
    assert said.outcome is not Outcome.FAIL or said.cause is not Cause.TAMPER


async def test_a_page_that_only_leads_to_a_casino() -> None:
    there = Server(LEADS_THERE)
    there.more["/k"] = CASINO
    async with serving(there.answer) as server, watching() as viewer:
        said = finding(await look(viewer, server), "links_alive")
    assert (said.outcome, said.reason) == (Outcome.FAIL, "link_spam")


async def test_pages_of_our_own_sites_are_not_read() -> None:
    there = Server(SPAM_TITLE)
    async with serving(there.answer) as server, watching() as viewer:
        said = finding(await look(viewer, server, site="site-1"), "links_alive")
    assert said.outcome is Outcome.OK
    assert methods(server) == ["HEAD"]


DAILY = 29
READS = {
    "without a word of change once a week": ((), 5, 5),
    "with the same ETag it is asked whether it changed": (('ETag: "1"',), DAILY, 1),
    "with the same day of change likewise": (("Last-Modified: Mon, 02 Nov 2026 08:00:00 GMT",), DAILY, 1),
}


@pytest.mark.parametrize(("headers", "asked", "sent"), READS.values(), ids=READS.keys())
async def test_how_often_a_page_is_read_that_stays_as_it_is(headers: Sequence[str], asked: int, sent: int) -> None:
    there = Server(FRIEND, *headers)
    clock = Here()
    seen: Seen | None = None
    async with serving(there.answer) as server, watching(clock=clock) as viewer:
        for day in range(DAILY):
            clock.at = NOON + timedelta(days=day)
            visited = await look(viewer, server, seen)
            assert finding(visited, "links_alive").outcome is Outcome.OK
            seen = known_after(visited, seen)
    assert len(server.asked) == DAILY, "one request a look"
    assert methods(server).count("GET") == asked
    assert there.sent == sent


async def test_a_change_that_the_server_tells_is_read_the_same_day() -> None:
    there = Server(FRIEND, 'ETag: "1"')
    clock = Here()
    async with serving(there.answer) as server, watching(clock=clock) as viewer:
        seen = known_after(await look(viewer, server))
        there.page, there.headers, clock.at = CASINO, ('ETag: "2"',), NOON + timedelta(days=1)
        first = await look(viewer, server, seen)
        again = await look(viewer, server, known_after(first, seen))
        there.page, there.headers = FRIEND, ('ETag: "1"',)
        back = await look(viewer, server, known_after(again, seen))
    assert [finding(one, "links_alive").outcome for one in (first, again, back)] == [
        Outcome.FAIL,
        Outcome.FAIL,
        Outcome.OK,
    ]
    assert "before: 某某市纺织协会" in str(finding(again, "links_alive").summary)


async def test_a_name_that_leads_to_another_host_now_is_read_the_same_day() -> None:
    there = Server(FRIEND, 'ETag: "1"')
    names = naming({"sold.example": ["127.0.0.1"]})
    async with serving(there.answer) as server, names as zone, watching(nameserver=zone.port) as viewer:
        seen = known_after(await look(viewer, server))
        there.page, there.more["/sale"] = pages.redirect(server.url("/sale", "sold.example")), pages.html(pages.SOLD)
        said = finding(await look(viewer, server, seen), "links_alive")
    assert (said.outcome, said.reason) == (Outcome.FAIL, "link_parked")


async def test_little_is_remembered_of_a_link() -> None:
    async with serving(Server(FRIEND).answer) as server, watching() as viewer:
        visited = await look(viewer, server)
    stored = remembered_json(visited)
    assert stored is not None
    assert len(stored.encode()) <= 120, stored
    assert canon.load_reading(stored) == as_remembered(visited)
    assert canon.load_reading(stored).title == "某某市纺织协会"
