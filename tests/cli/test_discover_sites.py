"""`discover` on made-up sites of other makes: deep sections, menus without links, hosts below, sessions in addresses, huge menus."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

import pytest

from monitor.config.settings import FetchSettings, GuardSettings, ResolverSettings, Settings
from monitor.discover import Budget, Found, as_json_list, discover
from tests.observe.dns_server import naming
from tests.observe.raw_server import Served, reply, serving

HTML = "Content-Type: text/html; charset=utf-8"
PLENTY = Budget()
Page = Callable[[str], str | None]
"""The body of an address (host and path with query), None for none."""


def items(column: int, newest: str, many: int = 8) -> str:
    """A list of articles, one every three days."""
    days = [date.fromisoformat(newest) - timedelta(days=3 * n) for n in range(many)]
    return "".join(
        f"<li><a href='/info/{column}/{900 - n}.htm'>关于某某事项第{n}次工作安排的情况说明</a><span>{day}</span></li>"
        for n, day in enumerate(days)
    )


def listed(name: str, column: int, newest: str) -> str:
    crumb = f"<div class='position'>当前位置：<a href='/'>首页</a> &gt; {name}</div>"
    return f"{crumb}<ul class='list'>{items(column, newest)}</ul>"


def menu(links: Sequence[tuple[str, str]], name: str = "nav") -> str:
    rows = "".join(f"<li><a href='{url}'>{text}</a></li>" for text, url in links)
    return f"<div class='{name}'><ul>{rows}</ul></div>"


@dataclass
class Walked:
    """What was found, what was asked, and how the progress went."""

    found: Found
    asked: list[str]
    progress: list[tuple[int, int]] = field(default_factory=list)

    @property
    def told(self) -> dict[str, tuple[object, object, object]]:
        """Address without port and scheme → kind of column, name, newest date."""
        listed = as_json_list(self.found)
        assert all(list(one) == ["kind", "column", "name", "url", "newest_date"] for one in listed)
        assert {one["kind"] for one in listed} <= {"column"}
        assert {one["column"] for one in listed} <= {"dynamic", "policy", "notice", "other"}
        return {plain(str(one["url"])): (one["column"], one["name"], one["newest_date"]) for one in listed}


def plain(url: str) -> str:
    return re.sub(r"^https?://|:\d+", "", url)


@asynccontextmanager
async def online(page: Page, hosts: Sequence[str], title: str) -> AsyncIterator[tuple[Served, Settings, list[str]]]:
    asked: list[str] = []
    served: list[Served] = []

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        head = request.decode()
        host = head.lower().partition("\nhost: ")[2].partition(":")[0].strip()
        asked.append(host + head.split(" ", 2)[1])
        body = page(asked[-1])
        text = f"<html><head><title>{title}</title></head><body>{body}</body></html>".replace(
            "{port}", str(served[0].port)
        )
        writer.write(reply(b"404", "404 Not Found", HTML) if body is None else reply(text.encode(), "200 OK", HTML))
        await writer.drain()

    async with naming(dict.fromkeys(hosts, ("127.0.0.1",))) as zone, serving(answer) as server:
        served.append(server)
        settings = Settings(
            guard=GuardSettings.model_validate({"allow": ("127.0.0.0/8",)}),
            resolver=ResolverSettings(nameservers=(f"127.0.0.1:{zone.port}",), timeout=timedelta(seconds=2)),
            fetch=FetchSettings(pace=timedelta(milliseconds=1)),
        )
        yield server, settings, asked


async def walk(page: Page, *hosts: str, title: str = "某某县人民政府", budget: Budget = PLENTY) -> Walked:
    progress: list[tuple[int, int]] = []
    async with online(page, hosts, title) as (server, settings, asked):
        found = await discover(
            settings, server.url("/", hosts[0]), budget, lambda done, of: progress.append((done, of))
        )
    return Walked(found, asked, progress)


def of(pages: Mapping[str, str]) -> Page:
    return pages.get


DEEP = (
    ("政策文件", "policy"), ("通知公告", "notice"), ("人事任免", "other"), ("财政预决算", "other"), ("规划计划", "other"),
    ("统计数据", "other"), ("政策解读", "policy"), ("行政规范性文件", "policy"), ("部门动态", "dynamic"), ("乡镇要闻", "dynamic"),
    ("重大建设项目", "other"), ("公示公告", "notice"), ("法规规章", "policy"), ("环境保护", "other"), ("应急管理", "other"),
)  # fmt: skip


async def test_a_section_with_many_columns_below_it() -> None:
    """The section shows the first items of each of them under headings; each has a list, and the same side menu, of its own."""
    host, top = "www.deep.example", menu([("首页", "/"), ("政务要闻", "/zwyw/"), ("政务公开", "/zwgk/")])
    columns = [(name, f"/zwgk/c{n}/", f"2025-10-{n + 1:02}") for n, (name, _) in enumerate(DEEP)]
    side = menu([(name, url) for name, url, _ in columns], "left")
    boxes = "".join(
        f"<div class='box'><h3><a href='{url}'>{name}</a></h3><ul>{items(n, day, 3)}</ul></div>"
        for n, (name, url, day) in enumerate(columns)
    )
    pages = {
        f"{host}/": f"{top}<h3>政务要闻<a href='/zwyw/'>更多</a></h3><ul>{items(90, '2025-11-02')}</ul>",
        f"{host}/zwyw/": top + listed("政务要闻", 90, "2025-11-02"),
        f"{host}/zwgk/": f"{top}{side}<div class='main'>{boxes}</div>",
        **{f"{host}{url}": top + side + listed(name, n, day) for n, (name, url, day) in enumerate(columns)},
    }
    walked = await walk(of(pages), host)
    told = walked.told
    kinds = dict(DEEP)
    assert {url: told[url] for url in told if "/zwgk/c" in url} == {
        f"{host}{url}": (kinds[name], name, day) for name, url, day in columns
    }
    assert told.keys() - {f"{host}{url}" for _, url, _ in columns} == {f"{host}/zwyw/", f"{host}/zwgk/"}
    assert len(walked.asked) == len(set(walked.asked)) == len(pages), "no page twice, none that is an article"
    assert [one.name for one in walked.found.columns if one.on_home] == ["政务要闻"]


MENU = (("首页", "/"), ("工作动态", "/gzdt/"), ("通知公告", "/tzgg/"), ("政策法规", "/zcfg/"))


def entries(row: str, between: str = "") -> str:
    """A row for each entry of the menu; ` is the inner quotation mark."""
    return between.join(row.replace("NAME", name).replace("URL", url).replace("`", "'") for name, url in MENU)


WRITTEN = entries('document.write("<li><a href=`URL`>NAME</a></li>");')
DATA = entries("{name: `NAME`, url: `URL`}", ",")
NESTED = entries("{'title': 'NAME', 'href': 'URL', 'children': []}", ",")
WITHOUT_LINKS = {
    "clicks on items": "<ul class='menu'>" + entries('<li onclick="location.href=`URL`">NAME</li>') + "</ul>",
    "clicks on links": entries('<a href="javascript:void(0)" onclick="window.open(`URL`)">NAME</a>'),
    "a function of the page": entries('<a href="javascript:goTo(`URL`, 1)">NAME</a>'),
    "written by a script": f"<script>{WRITTEN}</script>",
    "data in a script": f"<div id='nav'></div><script>var menus = [{DATA}]; render(menus)</script>",
    "data, one below another": "<script>show([{title: '全部', url: '', children: [" + NESTED + "]}])</script>",
    "a frame": "<iframe src='/top.html' width='100%' height='90' frameborder='0'></iframe>",
    "a list to choose from": "<select onchange='go(this)'>"
    + entries("<option value=`URL`>NAME</option>")
    + "</select>",
}


@pytest.mark.parametrize("shape", WITHOUT_LINKS)
async def test_a_menu_in_which_nothing_is_a_plain_link(shape: str) -> None:
    host, top = "www.script.example", WITHOUT_LINKS[shape]
    columns = [(name, url, f"2025-10-0{n}") for n, (name, url) in enumerate(MENU[1:], 1)]
    pages = {
        f"{host}/": f"{top}<ul>{items(9, '2025-11-01')}</ul>",
        f"{host}/top.html": "<ul>" + entries("<li><a href=URL target=_parent>NAME</a></li>") + "</ul>",
        **{f"{host}{url}": top + listed(name, n, day) for n, (name, url, day) in enumerate(columns)},
    }
    walked = await walk(of(pages), host)
    assert {url: (one[1], one[2]) for url, one in walked.told.items()} == {
        f"{host}{url}": (name, day) for name, url, day in columns
    }


async def test_hosts_below_the_site_s_own() -> None:
    """A catalogue on a host of its own is a part of the site; a department, a service hall and strangers are not."""
    www, catalogue = "www.hosts.example", "xxgk.hosts.example"
    below = [("法规文件", "/fgwj/"), ("财政信息", "/czxx/"), ("人事信息", "/rsxx/")]
    top = menu(
        [
            ("首页", "/"),
            ("新闻中心", "/xwzx/"),
            ("信息公开", f"http://{catalogue}:{{port}}/"),
            ("公示公告", f"http://{catalogue}:{{port}}/tzgg/"),
            ("政务服务", "http://zwfw.hosts.example:{port}/"),
            ("教育局", "http://jyj.hosts.example:{port}/"),
            ("新闻联播", "http://www.strangers.example:{port}/"),
        ]
    )
    side = menu([*below, ("公示公告", "/tzgg/")], "left")
    departments = "<h3>部门动态<a href='http://jyj.hosts.example:{port}/bmdt/'>更多</a></h3>"
    pages = {
        f"{www}/": f"{top}{departments}<ul>{items(1, '2025-11-02')}</ul>",
        f"{www}/xwzx/": top + listed("新闻中心", 1, "2025-11-02"),
        f"{catalogue}/": f"{top}{side}<p>请选择信息类别。</p>",
        f"{catalogue}/tzgg/": side + listed("公示公告", 2, "2025-11-01"),
        **{f"{catalogue}{url}": side + listed(name, 5 + n, f"2025-10-0{n + 1}") for n, (name, url) in enumerate(below)},
    }
    walked = await walk(of(pages), www, catalogue, "zwfw.hosts.example", "jyj.hosts.example", "www.strangers.example")
    assert walked.told == {
        f"{www}/xwzx/": ("dynamic", "新闻中心", "2025-11-02"),
        f"{catalogue}/tzgg/": ("notice", "公示公告", "2025-11-01"),
        f"{catalogue}/fgwj/": ("policy", "法规文件", "2025-10-01"),
        f"{catalogue}/czxx/": ("other", "财政信息", "2025-10-02"),
        f"{catalogue}/rsxx/": ("other", "人事信息", "2025-10-03"),
    }
    assert {address.partition("/")[0] for address in walked.asked} == {www, catalogue}


async def test_addresses_with_the_session_of_a_visitor() -> None:
    """Every page names every column anew: with a session in its path, with one in its query, with the time of day."""
    host, ticks = "www.session.example", count(1)
    columns = [("工作动态", 1), ("通知公告", 2), ("政策法规", 3), ("行政执法", 4), ("办事指南", 5)]

    def page(address: str) -> str | None:
        session = f"{next(ticks):032X}"
        query = f"PHPSESSID={session}&amp;t={1_700_000_000_000 + next(ticks)}"
        top = menu(
            [("首页", "/")]
            + [(name, f"/list.jsp;jsessionid={session}?id={n}") for name, n in columns]
            + [(name, f"/list.jsp?id={n}&amp;{query}") for name, n in columns]
        )
        if address == f"{host}/":
            return f"{top}<ul>{items(9, '2025-11-01')}</ul>"
        found = re.fullmatch(rf"{host}/list\.jsp\?id=(\d)", address)
        return top + listed(columns[int(found[1]) - 1][0], int(found[1]), f"2025-10-0{found[1]}") if found else None

    walked = await walk(page, host, title="某某区住房和城乡建设局")
    assert {url: one[1] for url, one in walked.told.items()} == {f"{host}/list.jsp?id={n}": name for name, n in columns}
    assert walked.found.looked == len(walked.asked) == 1 + len(columns)
    assert walked.found.unread == []


async def test_a_huge_menu_is_walked_as_far_as_the_budget_goes() -> None:
    host, most = "www.huge.example", 40
    columns = [(f"第{n}类{('信息', '动态', '公告', '文件')[n % 4]}", f"/c/{n}/") for n in range(1, 601)]
    top = menu([("首页", "/"), *columns])
    names = {f"{host}{url}": (name, n) for n, (name, url) in enumerate(columns)}

    def page(address: str) -> str | None:
        if address == f"{host}/":
            return f"{top}<p><a href='/other/'>其他事项办理须知</a></p>"
        known = names.get(address)
        return top + listed(known[0], known[1], "2025-10-09") if known is not None else None

    walked = await walk(page, host, budget=Budget(pages=most))
    assert (walked.found.looked, len(walked.asked)) == (most, most)
    assert [one.name for one in walked.found.columns] == [name for name, _ in columns[: most - 1]], (
        "in the menu's order"
    )
    assert walked.found.left == len(columns) - (most - 1) + 1, "and the one that stands in no menu"
    done = [done for done, _ in walked.progress]
    assert done == sorted(done)
    assert walked.progress[-1] == (most, most + walked.found.left)
    assert all(one <= of for one, of in walked.progress)
