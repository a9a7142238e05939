"""How a home page leads to a declared entry, or does not → what `entry_present` says: real servers, address by address."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from checks.entry_present import Options
from monitor.model import Cause, EntryKind, Finding, Outcome, Target, TargetKind
from tests.checks import pages
from tests.checks.eyes import finding, remembered, watching
from tests.observe.raw_server import Served, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN
ENTRY = "/hdjl/zxts/index.html"
BODY = pages.html(pages.page("<h1>网上咨询</h1><form><textarea></textarea></form><p>请填写您要咨询的问题。</p>"))
LINK = f"<a href='{ENTRY}'>互动交流</a>"
AWAY = "position:absolute;left:-9999px"


def styled(style: str) -> str:
    """The link with a style of its own."""
    return f"<a href='{ENTRY}' style='{style}'>互动交流</a>"


def home(*added: str, head: str = "") -> bytes:
    """A home page with news, and this besides."""
    news = "".join(f"<div class='block'>{pages.items()}</div>" for _ in range(2))
    text = pages.page(news + "".join(added), "某某市人民政府", head)
    return pages.html(text.replace("<li><a href='/hd/'>互动交流</a></li>", ""))


@dataclass(frozen=True)
class Row:
    """`site` holds what answers at which path, `declared` the entry's address: {} is the server."""

    site: Mapping[str, bytes]
    outcome: Outcome
    reason: str = ""
    declared: str = "{}" + ENTRY
    kind: EntryKind = EntryKind.INTERACTION
    asked: int | None = None  # requests at most


def plain(*added: str, head: str = "", more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    return {"/": home(*added, head=head), ENTRY: BODY, **{f"/{name}": answer for name, answer in (more or {}).items()}}


PRESENT = {
    "a link": Row(plain(LINK), OK, asked=2),
    "the folder, not its index": Row(plain("<a href='/hdjl/zxts/'>互动交流</a>"), OK, asked=2),
    "without the slash": Row(plain("<a href='hdjl/zxts'>互动交流</a>"), OK, asked=2),
    "another letter case": Row(plain("<a href='/HDJL/zxts/Index.html'>互动交流</a>"), OK, asked=2),
    "a mark behind #": Row(plain(f"<a href='{ENTRY}#top'>互动交流</a>"), OK, asked=2),
    "a picture": Row(plain(f"<a href='{ENTRY}'><img src='/hd.png' alt='互动交流'></a>"), OK, asked=2),
    "a map": Row(plain(f"<map name='m'><area shape='rect' coords='0,0,9,9' href='{ENTRY}'></map>"), OK, asked=2),
    "a menu to choose from": Row(plain(f"<select><option value='{ENTRY}'>互动交流</option></select>"), OK, asked=2),
    "a click": Row(plain(f"<div onclick=\"window.open('{ENTRY}')\">互动交流</div>"), OK, asked=2),
    "a page that says you are leaving": Row(
        plain("<a href='/jump.html?to=http%3A%2F%2F127.0.0.1%3A1%2Fzxts'>互动交流</a>"),
        OK,
        declared="http://127.0.0.1:1/zxts/",
    ),
    "a menu that folds out": Row(
        plain(f"<ul class='nav'><li><a href='#'>互动</a><ul style='display:none'><li>{LINK}</li></ul></li></ul>"), OK
    ),
    "the second of two tabs": Row(
        plain(f"<div class='pane'>{pages.items()}</div><div class='pane' style='display:none'>{LINK}</div>"), OK
    ),
    "hidden here, shown there": Row(plain(f"<div style='display:none'>{LINK}</div><p>{LINK}</p>"), OK),
    "nothing here, shown there": Row(plain(f"<p><a href='{ENTRY}'></a></p><p>{LINK}</p>"), OK),
    "shown here, nothing there": Row(
        plain(f"<a href='{ENTRY}'><img src='/hd.png'></a><a href='{ENTRY}'></a><p>{styled('display:none')}</p>"), OK
    ),
    "a point of a menu hidden here, shown there": Row(
        plain(f"<ul class='nav'><li style='display:none'>{LINK}</li></ul><p>{LINK}</p>"), OK
    ),
    "a panel with several links": Row(
        plain(
            f"<li class='nav'><a href='#'>互动</a><div style='display:none'>{LINK}<a href='/xf/'>信访</a></div></li>"
        ),
        OK,
    ),
    "a menu kept outside until it opens": Row(
        plain(
            f"<ul class='nav'><li>互动<ul style='{AWAY}'><li>{LINK}</li><li><a href='/xf/'>信访</a></li></ul></li></ul>"
        ),
        OK,
    ),
    "a picture that comes round": Row(
        plain(
            "<ul id='jdt'><li><a href='/a/'><img src='/a.jpg'></a></li>"
            f"<li style='display:none'><a href='{ENTRY}'><img src='/b.jpg'></a></li></ul>"
        ),
        OK,
    ),
    "the points behind 更多": Row(
        plain(
            "<ul><li><a href='/a/'>政务</a></li>"
            + "".join(f"<li style='display:none'>{one}</li>" for one in (LINK, *["<a href='/b/'>其他</a>"] * 2))
            + "</ul>"
        ),
        OK,
    ),
    "a button drawn by a style sheet": Row(plain(f"<a class='hd-btn' href='{ENTRY}'></a>"), OK),
    "a button drawn around it": Row(plain(f"<p style='background:url(/b.png)'><a href='{ENTRY}'></a></p>"), OK),
    "one of several icons drawn by a style sheet": Row(
        plain(f"<p><b class='png'><a href='/a/'></a></b><b class='png'><a href='{ENTRY}'></a></b></p>"), OK
    ),
    "words that a script writes": Row(plain(f"<a href='{ENTRY}'><script>say('互动')</script></a>"), OK),
    "a picture between letters of no size": Row(
        plain(f"<a style='font-size:0' href='{ENTRY}'><img src='/hd.png'></a>"), OK
    ),
    "its own address redirects": Row(
        {"/": home("<a href='/new/zxts/'>咨询</a>"), ENTRY: pages.redirect("/new/zxts/"), "/new/zxts/": BODY},
        OK,
        asked=3,
    ),
    "the link redirects": Row(
        plain("<a href='/go?id=7'>互动交流</a>", more={"go?id=7": pages.redirect(ENTRY)}), OK, asked=4
    ),
    "a menu that a script loads": Row(
        plain(
            "<div id='menu'></div><script>$('#menu').load('/inc/menu.html')</script>",
            more={"inc/menu.html": pages.html(f"<ul><li>{LINK}</li></ul>")},
        ),
        OK,
        asked=3,
    ),
    "a script that writes the menu": Row(
        plain("<script src='/js/nav.js'></script>", more={"js/nav.js": reply(f"document.write('{LINK}')".encode())}), OK
    ),
    "a frame of the home page": Row(
        {
            "/": pages.html(
                "<html><frameset rows='90,*'><frame src='/top.html'><frame src='/main.html'></frameset></html>"
            ),
            "/top.html": pages.html(pages.page(LINK)),
            "/main.html": pages.LISTED,
            ENTRY: BODY,
        },
        OK,
    ),
    "a section of the second level": Row(
        plain("<a href='/hdjl/'>政民互动</a>", more={"hdjl/": pages.html(pages.page(LINK))}), OK, asked=3
    ),
    "an empty list of replies": Row({"/": home(LINK), ENTRY: pages.BLANK}, OK),
    "an entry that is down is reachable's to tell": Row({"/": home(LINK)}, OK),
    "an entrance that leads to it": Row(
        {
            "/": pages.html(f"<html><title>某市</title><body><a href='{ENTRY}'><img src='/in.jpg'></a></body></html>"),
            ENTRY: BODY,
        },
        OK,
    ),
}
MISSING = {
    "no link": Row(plain(), FAIL, "missing", asked=2),
    "another page of its folder": Row(
        plain("<a href='/hdjl/zxts/t20261101_1.html'>关于咨询的答复</a>"), FAIL, "missing"
    ),
    "another page by its query": Row(
        plain("<a href='/list.asp?id=8'>互动</a>", more={"list.asp?id=7": BODY}),
        FAIL,
        "missing",
        declared="{}/list.asp?id=7",
    ),
    "taken off by a remark": Row(plain(f"<!-- <li>{LINK}</li> -->"), FAIL, "missing"),
    "in the head alone": Row(plain(head=f"<link rel='prefetch' href='{ENTRY}'>"), FAIL, "missing"),
    "that name leads to a page that is gone": Row(plain("<a href='/hudong/'>互动交流</a>"), FAIL, "missing"),
    "that name leads back home": Row(
        plain("<a href='/go'>互动交流</a>", more={"go": pages.redirect("/")}), FAIL, "missing"
    ),
    "its own address goes home": Row({"/": home(), ENTRY: pages.redirect("/")}, FAIL, "missing"),
    "a section without it": Row(
        plain("<a href='/hdjl/'>互动</a>", more={"hdjl/": pages.LISTED}), FAIL, "missing", asked=3
    ),
    "a logo and a neighbour that bear the site's name": Row(
        plain(
            "<a href='/'><img src='/logo.png' alt='某某市人民政府'></a><a href='/zf/'>某某市人民政府</a>",
            more={"zf/": pages.LISTED},
        ),
        FAIL,
        "missing",
    ),
    "a report in a section alone": Row(
        plain("<a href='/hdjl/'>互动</a>", more={"hdjl/": pages.html(pages.page(LINK))}),
        FAIL,
        "missing",
        kind=EntryKind.REPORT,
    ),
    "a block nobody opens": Row(plain(f"<div style='display:none'>{LINK}</div>"), FAIL, "hidden"),
    "far outside": Row(plain(f"<p style='position:absolute;left:-9999px'>{LINK}</p>"), FAIL, "hidden"),
    "far outside, in a menu": Row(plain(f"<ul class='nav'><li>{styled(AWAY)}</li></ul>"), FAIL, "hidden"),
    "far outside in a box of a list": Row(
        plain(f"<ul class='list'><li style='{AWAY}'>{LINK}</li></ul>"), FAIL, "hidden"
    ),
    "of no size, in a menu": Row(
        plain(f"<div class='nav'>{styled('display:block;width:0;height:0;overflow:hidden')}</div>"), FAIL, "hidden"
    ),
    "letters of no size, in a menu": Row(plain(f"<div class='nav'>{styled('font-size:0')}</div>"), FAIL, "hidden"),
    "nothing to click on": Row(plain(f"<ul class='nav'><li><a href='{ENTRY}'></a></li></ul>"), FAIL, "hidden"),
    "nothing to click on, beside its like": Row(
        plain(f"<ul><li class='m'><a href='/a/'>政务</a></li><li class='m'><a href='{ENTRY}'></a></li></ul>"),
        FAIL,
        "hidden",
    ),
    "blanks to click on": Row(plain(f"<a href='{ENTRY}' target='_blank'><span> </span>&nbsp;</a>"), FAIL, "hidden"),
    "a picture of one dot": Row(plain(f"<a href='{ENTRY}'><img src='/x.gif' width=1 height=1></a>"), FAIL, "hidden"),
    "a link of a menu that is not displayed": Row(
        plain(f"<ul class='nav'><li>{styled('display: none')}</li></ul>"), FAIL, "hidden"
    ),
    "a point of a menu that is not displayed": Row(
        plain(f"<ul class='nav'><li>公开</li><li style='display:none'>{LINK}</li></ul>"), FAIL, "hidden"
    ),
    "two hidden, none shown": Row(
        plain(f"<ul class='nav'><li style='display:none'>{LINK}</li></ul><a href='{ENTRY}'></a>"), FAIL, "hidden"
    ),
    "an empty page of services": Row({"/": home(LINK), ENTRY: pages.BLANK}, FAIL, "blank", kind=EntryKind.SERVICE),
    "an empty page of reports": Row({"/": home(LINK), ENTRY: pages.BLANK}, FAIL, "blank", kind=EntryKind.REPORT),
}
UNDECIDED = {
    "the home page is down": Row({"/": pages.BROKEN, ENTRY: BODY}, UNKNOWN, "http_error"),
    "a wall": Row({"/": pages.WALL_200, ENTRY: BODY}, UNKNOWN, "challenged"),
    "closed": Row({"/": pages.html(pages.CLOSED), ENTRY: BODY}, UNKNOWN, "maintenance"),
    "sold": Row({"/": pages.html(pages.SOLD), ENTRY: BODY}, UNKNOWN, "hijacked"),
    "made by a program": Row({"/": pages.LEADS_ON, ENTRY: BODY}, UNKNOWN, "shell"),
    "an entrance": Row(
        {
            "/": pages.html("<html><title>某市</title><body><a href='/main/'><img src='/in.jpg'></a></body></html>"),
            ENTRY: BODY,
        },
        UNKNOWN,
        "entrance",
    ),
    "a script that names it": Row(
        plain(f"<script>var menu = [{{name: '互动', url: '{ENTRY}'}}]</script>"), UNKNOWN, "by_script"
    ),
    "JSON that names it": Row(plain('<script>menu({"url": "\\/hdjl\\/zxts\\/"})</script>'), UNKNOWN, "by_script"),
    "a script of menus that names it": Row(
        plain(
            "<script src='/js/nav.js'></script>", more={"js/nav.js": reply(f"var menu = [{{u: '{ENTRY}'}}]".encode())}
        ),
        UNKNOWN,
        "by_script",
    ),
    "a home page that stops before its end": Row(
        {"/": pages.html(f"<html><title>某市人民政府</title><body>{pages.items()}<div class='fo"), ENTRY: BODY},
        UNKNOWN,
        "cut_short",
    ),
    "a menu that does not come": Row(
        plain("<script>$('#m').load('/inc/menu.html')</script>", more={"inc/menu.html": pages.BUSY}),
        UNKNOWN,
        "unfollowed",
    ),
    "more parts than are asked": Row(
        plain("".join(f"<script>$('#m{n}').load('/inc/{n}.html')</script>" for n in range(9)))
        | {f"/inc/{n}.html": pages.html("<p>公告</p>") for n in range(9)},
        UNKNOWN,
        "unfollowed",
        asked=6,
    ),
    "more links than anybody looks through": Row(
        plain("".join(f"<a href='/n/{n}.html'>公告{n}</a>" for n in range(5_100))), UNKNOWN, "unfollowed"
    ),
    "that name leads elsewhere": Row(
        plain("<a href='/hudong/'>互动交流</a>", more={"hudong/": BODY}), UNKNOWN, "moved", asked=3
    ),
}
TABLE = PRESENT | MISSING | UNDECIDED


@asynccontextmanager
async def a_site(pages_at: Mapping[str, bytes]) -> AsyncIterator[Served]:
    """What stands at each path; anything else is 404."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.split(b" ", 2)[1].decode("latin-1")
        writer.write(pages_at.get(path, pages.NOT_FOUND))
        await writer.drain()

    async with serving(answer) as server:
        yield server


def entry(server: Served, declared: str, kind: EntryKind) -> Target[dict[str, dict[str, object]]]:
    url = declared.format(server.url("").rstrip("/"))
    return Target(
        id="portal/hd",
        kind=TargetKind.PAGE,
        name="某某市人民政府·互动交流",
        url=url,
        options={},
        site="portal",
        entry=kind,
        home=server.url("/"),
    )


async def said_of(row: Row, **options: object) -> tuple[Finding, list[bytes]]:
    async with a_site(row.site) as server, watching() as viewer:
        target = replace(entry(server, row.declared, row.kind), options={"entry_present": options})
        visited = await viewer.visit("", target=target)
        return finding(visited, "entry_present"), server.asked


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_is_shown_and_what_is_said(row: Row) -> None:
    said, asked = await said_of(row)
    assert (said.outcome, said.reason) == (row.outcome, row.reason), said
    assert said.cause is (Cause.ENTRY_PRESENT if row.outcome is FAIL else None)
    assert row.asked is None or len(asked) <= row.asked
    assert len(asked) <= 2 + 3 + Options().asks, "the home page with three parts, the entry, and few more"


async def test_www_and_scheme_tell_no_pages_apart() -> None:
    row = Row({"/": home("<a href='https://www.fuwu.example:443/bsfw/index.shtml'>办事服务</a>")}, OK)
    said, _ = await said_of(replace(row, declared="http://fuwu.example/bsfw"))
    assert said.outcome is OK


async def test_none_is_asked_beside_when_none_may_be() -> None:
    said, asked = await said_of(UNDECIDED["that name leads elsewhere"], asks=0)
    assert (said.outcome, said.reason, len(asked)) == (UNKNOWN, "unfollowed", 2)


async def test_a_page_that_nobody_declared_an_entry_is_left_alone() -> None:
    async with a_site(plain()) as server, watching() as viewer:
        target = replace(entry(server, "{}" + ENTRY, EntryKind.OTHER), entry=None, home="")
        visited = await viewer.visit("", target=target)
        assert [said.check for said in visited.findings if said.check == "entry_present"] == []
        assert len(server.asked) == 1


async def test_a_home_page_that_did_not_change_is_read_for_its_links_all_the_same() -> None:
    """What is remembered of the entry's own page says nothing of the home page."""
    async with a_site(plain(LINK)) as server, watching() as viewer:
        target = entry(server, "{}" + ENTRY, EntryKind.SERVICE)
        first = await viewer.visit("", target=target)
        again = await viewer.visit("", target=target, seen=remembered(first))
        assert [finding(one, "entry_present").outcome for one in (first, again)] == [OK, OK]
        assert again.page is not None
        assert again.page.unchanged


async def test_what_is_missing_is_told_with_the_home_page_and_no_secret() -> None:
    async with a_site(plain()) as server, watching() as viewer:
        target = replace(
            entry(server, "{}" + ENTRY, EntryKind.SERVICE), home=f"http://user:hunter2@127.0.0.1:{server.port}/"
        )
        said = finding(await viewer.visit("", target=target), "entry_present")
    assert said.outcome is FAIL
    assert said.evidence["home"] == f"http://127.0.0.1:{server.port}/"
