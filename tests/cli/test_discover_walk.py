"""A made-up site with everything that is no column in it: what `discover` proposes is what an inspector would list."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from monitor.config.settings import FetchSettings, GuardSettings, RawTarget, ResolverSettings, Settings
from monitor.discover import Budget, Found, NoHome, as_json_list, discover, inventory
from monitor.model import Target, TargetKind
from tests.observe.dns_server import naming
from tests.observe.raw_server import Answer, Served, reply, serving

HTML = "Content-Type: text/html; charset=utf-8"
ROWS = "".join(
    f"<li><a href='/info/{{c}}/{n}.htm'>关于某某事项第{n}次工作安排的情况说明</a><span>2025-0{n}-1{n}</span></li>"
    for n in range(1, 7)
)
MENU = """<div class="top">某某市水务局</div><div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/news/">新闻中心</a></li><li><a href="/zwgk/index.html">政务公开</a></li>
<li><a href="http://hd.odd.example:{port}/letters/list.jsp">来信选登</a></li><li><a href="http://zwfw.odd.example:{port}/">政务服务</a></li>
<li><a href="http://www.other.example:{port}/data/">开放数据</a></li><li><a href="/login.jsp">用户登录</a></li></ul></div>"""
FOOT = "<div class='footer'><a href='/map.html'>网站地图</a> <a href='/lxwm.html'>联系我们</a> <a href='javascript:;'>设为首页</a></div>"


def listed(name: str, column: int, extra: str = "") -> str:
    return f"<h2>{name}</h2>{extra}<ul class='list'>{ROWS.replace('{c}', str(column))}</ul>"


SIDE = """<div class="side"><ul><li><a href="ywdt/">要闻动态</a></li><li><a href="mtbd.jsp?id=3">媒体报道</a></li><li><a href="/news/index.html">新闻中心</a></li>
<li><a href="mtbd.jsp?id=3&page=2">下一页</a></li><li><a href="/news/img/">图片报道</a></li></ul></div>"""
SECTION = """<ul class="lanmu"><li><a href="zcwj/">政策文件</a></li><li><a href="tzgg/">通知公告</a></li><li><a href="kong/">人事任免</a></li><li><a href="js/">财政资金</a></li>
<li><a href="frame/">规划计划</a></li><li><a href="gone/">统计数据</a></li><li><a href="home/">应急管理</a></li><li><a href="wall/">重点领域</a></li></ul>"""

PAGES: dict[str, str] = {
    "/": "<div class='block'><h3>要闻<a href='/news/ywdt/index.shtml'>更多&gt;&gt;</a></h3><ul>"
    + ROWS.replace("{c}", "11")
    + "</ul></div><div class='pics'><a href='/info/11/77.htm'>某地春耕忙</a></div>"
    "<a href='/files/form.pdf'>表格下载</a><a href='/2025/0103/c1a2.html'>某某会议召开</a>"
    "<p><a href='/topic/one.html'>专项行动专栏</a></p><p><a href='/topic/two.html'>办理须知</a></p>",
    "/news/": listed("新闻中心", 10, SIDE),
    "/news/ywdt/": listed("要闻动态", 11),
    "/news/mtbd.jsp?id=3": listed("媒体报道", 12),
    "/news/img/": listed("图片报道", 13),
    "/zwgk/index.html": SECTION,
    "/zwgk/zcwj/": listed("政策文件", 21),
    "/zwgk/tzgg/": listed("通知公告", 22),
    "/zwgk/kong/": "<div class='position'>当前位置：<a href='/'>首页</a> > 人事任免</div><ul class='list'><li>暂无内容</li></ul>",
    "/zwgk/js/": "<div id='app'></div><script src='/js/app.js'></script>",
    "/zwgk/frame/": "<iframe src='/zwgk/frame/inner.html' width='100%'></iframe>",
    "/zwgk/frame/inner.html": listed("规划计划", 24),
    "/topic/one.html": listed("专项行动专栏", 31),
    "/topic/two.html": "<p>" + "办理事项时请携带有效证件原件和复印件，到窗口提交申请。" * 12 + "</p>",
    "/map.html": "<h2>网站地图</h2><ul><li><a href='/zwgk/bgt/'>领导信箱</a></li><li><a href='/news/'>新闻中心</a></li>"
    "<li><a href='/zwgk/zcwj/'>政策文件</a></li><li><a href='/zwgk/tzgg/'>通知公告</a></li></ul>",
    "/zwgk/bgt/": listed("领导信箱", 41),
    "/lxwm.html": "<p>电话：0000-1234567</p>",
    "hd.odd.example/letters/list.jsp": listed("来信选登", 51),  # its own menu, of the same words, is not walked
    "zwfw.odd.example/": listed("政务服务", 61),
    "www.other.example/data/": listed("开放数据", 71),
}
NAKED = ("/zwgk/js/", "/zwgk/frame/", "/zwgk/frame/inner.html")
ODD: dict[str, bytes] = {
    "/zwgk/gone/": reply(b"<h1>404 Not Found</h1>", "404 Not Found", HTML),
    "/zwgk/home/": reply(b"", "302 Found", "Location: /"),
    "/zwgk/wall/": reply(b"<script>$_ts=window['$_ts']</script>", "412 Precondition Failed", HTML),
}

WANTED = {
    ("新闻中心", "/news/"): ("dynamic", "2025-06-16"),
    ("要闻动态", "/news/ywdt/index.shtml"): ("dynamic", "2025-06-16"),
    ("媒体报道", "/news/mtbd.jsp?id=3"): ("dynamic", "2025-06-16"),
    ("图片报道", "/news/img/"): ("dynamic", "2025-06-16"),
    ("来信选登", "hd.odd.example/letters/list.jsp"): ("other", "2025-06-16"),
    ("政策文件", "/zwgk/zcwj/"): ("policy", "2025-06-16"),
    ("通知公告", "/zwgk/tzgg/"): ("notice", "2025-06-16"),
    ("人事任免", "/zwgk/kong/"): ("other", None),
    ("财政资金", "/zwgk/js/"): ("other", None),
    ("规划计划", "/zwgk/frame/"): ("other", "2025-06-16"),
    ("专项行动专栏", "/topic/one.html"): ("other", "2025-06-16"),
    ("领导信箱", "/zwgk/bgt/"): ("other", "2025-06-16"),
}


def page(path: str, port: int) -> bytes:
    body = PAGES[path]
    title = (
        "某某市水务局"
        if path == "/"
        else f"{body[4 : body.index('</h2>')]}-某某市水务局"
        if "<h2>" in body
        else "某某市水务局"
    )
    frame = "{}" if path in NAKED else MENU.replace("{port}", str(port)) + "{}" + FOOT
    text = f"<html><head><title>{title}</title></head><body>{frame.replace('{}', body)}</body></html>"
    return reply(text.encode(), "200 OK", HTML)


def answering(served: list[Served], odd: Mapping[str, bytes] = ODD) -> Answer:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        head = request.decode()
        path = head.split(" ", 2)[1].replace("/news/index.html", "/news/").replace("index.shtml", "")
        host = head.lower().partition("\nhost: ")[2].partition(":")[0]
        key = path if host in {"www.odd.example", "odd.example"} else host + path
        missing = reply(b"<h1>404</h1>", "404 Not Found", HTML)
        writer.write(odd.get(key) or (page(key, served[0].port) if key in PAGES else missing))
        await writer.drain()

    return answer


HOSTS = ("www.odd.example", "hd.odd.example", "zwfw.odd.example", "www.other.example")
NAMES = dict.fromkeys(HOSTS, ("127.0.0.1",))
PLENTY = Budget()


@asynccontextmanager
async def odd_site(odd: Mapping[str, bytes] = ODD) -> AsyncIterator[tuple[Served, Settings]]:
    """The site on loopback, and the settings that can see it."""
    served: list[Served] = []
    async with naming(NAMES) as zone, serving(answering(served, odd)) as server:
        served.append(server)
        yield (
            server,
            Settings(
                guard=GuardSettings.model_validate({"allow": ("127.0.0.0/8",)}),
                resolver=ResolverSettings(nameservers=(f"127.0.0.1:{zone.port}",), timeout=timedelta(seconds=2)),
                fetch=FetchSettings(
                    timeout=timedelta(seconds=10), slow=timedelta(seconds=9), pace=timedelta(milliseconds=1)
                ),
            ),
        )


def quiet(_done: int, _of: int) -> None:
    return


async def walk(server: Served, settings: Settings, budget: Budget = PLENTY) -> Found:
    return await discover(settings, server.url("/", "www.odd.example"), budget, quiet)


def asked(server: Served) -> list[str]:
    return [request.decode().split(" ", 2)[1] for request in server.asked]


async def test_every_column_and_nothing_else() -> None:
    async with odd_site() as (server, settings):
        found = await walk(server, settings)
    base = f"http://www.odd.example:{server.port}"
    told = {
        (one["name"], str(one["url"]).removeprefix(base).replace(f":{server.port}", "").removeprefix("http://")): (
            one["column"],
            one["newest_date"],
        )
        for one in as_json_list(found)
    }
    assert told == WANTED
    assert {one["kind"] for one in as_json_list(found)} == {"column"}
    assert found.name == "某某市水务局"
    assert {url.removeprefix(base) for url, _ in found.unread} == {"/zwgk/gone/", "/zwgk/home/", "/zwgk/wall/"}
    assert (found.left, found.gave_up) == (0, False)


async def test_no_address_is_asked_twice_and_none_that_cannot_be_a_column() -> None:
    async with odd_site() as (server, settings):
        await walk(server, settings)
    paths = [path for path in asked(server) if path != "/"]  # the home page comes again where a page sends there
    assert len(paths) == len(set(paths))
    assert not [
        path for path in paths if any(word in path for word in ("login", ".pdf", "page=2", "c1a2", "/data/", "robots"))
    ]


async def test_the_lines_are_an_inventory() -> None:
    async with odd_site() as (server, settings):
        found = await walk(server, settings)
    lines = list(inventory(found, ()))
    assert lines[0] == "id,kind,column,name,url,site,owner,contact,packs,on_home,entry,platform,level,site_code"
    assert lines[1].startswith("odd.example,site,,某某市水务局,http://www.odd.example:")
    ids = [line.partition(",")[0] for line in lines[1:]]
    assert len(ids) == len(set(ids)) == len(WANTED) + 1
    assert [line.split(",")[-5] for line in lines if "要闻动态" in line] == ["yes"], "the home page shows it"
    known: RawTarget = Target(id="mine", kind=TargetKind.COLUMN, name="要闻", url=found.columns[0].url, options={})
    (line,) = [line for line in inventory(found, [known]) if line.startswith("# ")]
    assert line.startswith("# mine,column,")


@pytest.mark.parametrize("pages", [1, 2, 5])
async def test_the_budget_of_pages_is_kept(pages: int) -> None:
    async with odd_site() as (server, settings):
        found = await walk(server, settings, Budget(pages=pages))
    assert found.looked == pages
    assert found.left > 0
    assert len([path for path in asked(server) if "frame" not in path]) <= pages


async def test_the_budget_of_time_ends_a_walk_with_what_was_found() -> None:
    async def hang(_request: bytes, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    served: list[Served] = []
    usual = answering(served)

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        await (usual if request.startswith((b"GET / ", b"GET /news/ ")) else hang)(request, writer)

    async with naming(NAMES) as zone, serving(answer) as server:
        served.append(server)
        settings = Settings(
            guard=GuardSettings.model_validate({"allow": ("127.0.0.0/8",)}),
            resolver=ResolverSettings(nameservers=(f"127.0.0.1:{zone.port}",)),
            fetch=FetchSettings(pace=timedelta(milliseconds=1)),
        )
        found = await walk(server, settings, Budget(seconds=4))
    assert [one.name for one in found.columns] == ["新闻中心"]
    assert found.left > 0


async def test_a_site_that_stops_answering_is_left_alone() -> None:
    wall = reply(b"<script>$_ts=window['$_ts']</script>", "412 Precondition Failed", HTML)
    odd = {path: wall for path in (*PAGES, *ODD) if path not in {"/", "/news/"}}
    async with odd_site(odd) as (server, settings):
        found = await walk(server, settings)
    assert found.gave_up
    assert [one.name for one in found.columns] == ["新闻中心"]


@pytest.mark.parametrize(
    ("home", "why"),
    [
        (reply(b"no", "503 Service Unavailable", HTML), "the server answers HTTP"),
        (reply(b"<script>$_ts=window['$_ts']</script>", "412 Precondition Failed", HTML), "alive, but refuses programs"),
        (reply("<html><title>升级维护</title><body>网站正在升级维护，暂停访问。</body></html>".encode(), "200 OK", HTML), "closed for maintenance"),
        (reply(bytes(range(256)) * 20, "200 OK", HTML), "be read"),
    ],
)  # fmt: skip
async def test_a_home_page_that_cannot_be_looked_at_says_why(home: bytes, why: str) -> None:
    async with odd_site({"/": home}) as (server, settings):
        with pytest.raises(NoHome) as caught:
            await walk(server, settings)
    assert why in caught.value.why.template
