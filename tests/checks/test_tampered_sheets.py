"""Links to strangers that a style sheet of the site's own hides: when the sheets are asked for, and what they tell."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from monitor.model import Finding, Outcome, Seen, TargetKind
from monitor.settle.remember import as_remembered
from tests.checks import pages
from tests.checks.eyes import NOON, Here, Viewer, finding, remembered, watching
from tests.observe.raw_server import Served, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN
HEAD = "<link rel='stylesheet' href='/css/base.css'><link rel='stylesheet' href='/css/site.css?v=3'>"
WORDS = ("装修设计", "搬家服务", "驾校报名", "家具定制")
STRANGERS = "".join(f"<a href='http://www.abcd{n}.com/'>{word}</a>" for n, word in enumerate(WORDS))
PLANTED = f"{pages.items()}<div class='wrap'><div class='lk8'>{STRANGERS}</div></div>"
BASE = ".nav li{float:left}\n.wrap{width:1000px;margin:0 auto}"
FAR = ".lk8{position:absolute;left:-9999px;top:0}"


class Site:
    """A page and its style sheets; `asked` has the paths."""

    def __init__(self, page: bytes, sheets: Mapping[str, str | bytes]) -> None:
        self.page, self.sheets = page, sheets

    async def answer(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.decode("latin-1").split(" ", 2)[1].partition("?")[0]
        sheet = self.sheets.get(path)
        if path == "/":
            writer.write(self.page)
        elif isinstance(sheet, str):
            writer.write(reply(sheet.encode(), "200 OK", "Content-Type: text/css"))
        else:
            writer.write(pages.NOT_FOUND if sheet is None else sheet)


def asked(server: Served) -> list[str]:
    return [request.decode("latin-1").split(" ", 2)[1] for request in server.asked]


def site(main: str = PLANTED, css: str | bytes = FAR, *, head: str = HEAD) -> Site:
    return Site(pages.html(pages.page(main, head=head)), {"/css/base.css": BASE, "/css/site.css": css})


async def look(viewer: Viewer, server: Served, seen: Seen | None = None) -> tuple[Finding, Seen]:
    visited = await viewer.visit(server.url("/"), TargetKind.SITE, seen=seen)
    return finding(visited, "tampered"), remembered(visited)


FAR_OFF = {
    "by its class": FAR,
    "far above": ".lk8{position:fixed;top:-5000px}",
    "in its element": ".wrap .lk8{text-indent:-9999px}",
    "clipped to nothing": ".lk8{position:absolute;clip:rect(0 0 0 0)}",
    "of no size": "div.lk8{transform:scale(0)}",
    "by one of several": f".a,.lk8,.b{FAR[4:]}",
    "in a sheet that breaks off": ".lk8{position:absolute;left:-9999px",
    "after a remark": f"/* .lk8{{left:0}} */\n{FAR}",
}


@pytest.mark.parametrize("css", FAR_OFF.values(), ids=FAR_OFF.keys())
async def test_links_that_a_sheet_puts_where_nobody_sees_them(css: str) -> None:
    async with serving(site(css=css).answer) as server, watching() as viewer:
        said, _ = await look(viewer, server)
    assert (said.outcome, said.reason) == (FAIL, "hidden_links")
    assert "装修设计" in str(said.summary)


VISIBLE = {
    "nothing is said of it": ".other{left:-9999px;position:absolute}",
    "it only has its place": ".lk8{position:absolute;left:20px}",
    "a menu that opens under the mouse": f"{FAR}\n.wrap:hover .lk8{{left:0}}",
    "a menu that a script opens": f"{FAR}\n.lk8.open{{left:0}}",
    "folded like every menu": ".lk8{display:none}",
    "a carousel beside its window": ".lk8{position:absolute;left:-960px}",
    "placed otherwise later": f"{FAR}\n.lk8{{left:0}}",
    "a picture in place of its words": ".lk8{text-indent:-9999px;background:url(/a.png)}",
    "on paper only": f"@media print{{{FAR}}}",
    "no style sheet at all": "<html><body>404</body></html>",
}


@pytest.mark.parametrize("css", VISIBLE.values(), ids=VISIBLE.keys())
async def test_what_sheets_do_to_every_page(css: str) -> None:
    async with serving(site(css=css).answer) as server, watching() as viewer:
        said, _ = await look(viewer, server)
    assert said.outcome is OK


NO_DOUBT = {
    "no strangers": site(pages.items()),
    "two of them": site(f"{pages.items()}<div class='lk8'>{'</a>'.join(STRANGERS.split('</a>')[:2])}</a></div>"),
    "public bodies": site(PLANTED.replace("com/", "gov.cn/")),
    "sheets of somebody else alone": site(head="<link rel='stylesheet' href='https://cdn.bootcss.com/a.css'>"),
    "hidden by the page itself": site(PLANTED.replace("class='lk8'", "style='position:absolute;left:-9999px'")),
}


@pytest.mark.parametrize("there", NO_DOUBT.values(), ids=NO_DOUBT.keys())
async def test_sheets_are_asked_for_only_where_there_is_something_to_resolve(there: Site) -> None:
    async with serving(there.answer) as server, watching() as viewer:
        await look(viewer, server)
    assert [path for path in asked(server) if path.startswith("/css")] == []


async def test_what_did_not_change_is_not_asked_again() -> None:
    there, clock = site(css=BASE), Here()
    async with serving(there.answer) as server, watching(clock=clock) as viewer:
        said, seen = await look(viewer, server)
        assert asked(server) == ["/", "/css/base.css", "/css/site.css?v=3"]
        clock.at = NOON + timedelta(days=1)
        for news in (PLANTED, f"{PLANTED}<p>今日要闻</p>", f"{PLANTED}<p>明日要闻</p>"):
            there.page = pages.html(pages.page(news, head=HEAD))
            said, seen = await look(viewer, server, seen)
            assert said.outcome is OK
        assert len(asked(server)) == 3 + 3, "the page alone: the same strangers, the same sheets"
        more = PLANTED.replace("abcd3", "wxyz9")
        there.page, there.sheets = pages.html(pages.page(more, head=HEAD)), {"/css/site.css": FAR}
        said, seen = await look(viewer, server, seen)
    assert (said.outcome, said.reason) == (FAIL, "hidden_links")


async def test_what_was_found_stays_told_without_another_request_while_nothing_changes() -> None:
    there, clock = site(), Here()
    async with serving(there.answer) as server, watching(clock=clock) as viewer:
        first, seen = await look(viewer, server)
        clock.at = NOON + timedelta(minutes=15)
        again, seen = await look(viewer, server, seen)
        assert len(asked(server)) == 3 + 1
        there.page = pages.html(pages.page(f"{PLANTED}<p>今日要闻</p>", head=HEAD))
        changed, seen = await look(viewer, server, seen)
        there.page = pages.html(pages.page(pages.items(), head=HEAD))
        gone, seen = await look(viewer, server, seen)
    assert [one.outcome for one in (first, again, changed, gone)] == [FAIL, FAIL, FAIL, OK]


async def test_sheets_that_do_not_come_are_asked_again_and_prove_nothing() -> None:
    there = site(css=pages.BUSY)
    visited = None
    async with serving(there.answer) as server, watching() as viewer:
        there.sheets = {"/css/base.css": BASE}  # the other is gone: that hides nothing
        said, seen = await look(viewer, server)
        assert said.outcome is OK
        assert seen.reading is not None
        assert seen.reading.familiar is not None
        assert seen.reading.familiar.cleared
        there.sheets = {"/css/base.css": BASE, "/css/site.css": b"rubbish\r\n\r\n"}
        visited = await viewer.visit(server.url("/"), TargetKind.SITE)
    kept = as_remembered(visited)
    assert finding(visited, "tampered").outcome is OK
    assert kept is not None
    assert kept.familiar is not None
    assert not kept.familiar.cleared
