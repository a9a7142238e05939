"""Columns whose list is not in their HTML, visited over real sockets: what is named is asked, and the newest date is found."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from monitor.model import Outcome, TargetKind, Visited
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe.raw_server import Answer, Served, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

COLUMN = TargetKind.COLUMN
JSON = "Content-Type: application/json; charset=utf-8"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
LISTED = {"newest": "2026-11-18"}


def told(data: object) -> bytes:
    return reply(json.dumps(data).encode(), "200 OK", JSON)


def at(answers: Mapping[str, bytes]) -> Answer:
    """A server with these paths (their queries aside) and nothing else."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.split(b" ", 2)[1].decode().partition("?")[0]
        writer.write(answers.get(path, pages.NOT_FOUND))
        await writer.drain()

    return answer


async def visited(answers: Mapping[str, bytes], path: str) -> tuple[Visited, Served]:
    async with serving(at(answers)) as served, watching() as eyes:
        return await eyes.visit(served.url(path), COLUMN), served


def paths(served: Served) -> list[str]:
    return [request.split(b" ", 2)[1].decode() for request in served.asked]


CONFIG = pages.html(
    "<html><head><title>政府信息公开目录</title></head><body><div id='app'></div><script>window._CONFIG = {SID: '751001', "
    f"TREE: {json.dumps([{'id': n, 'name': str(n)} for n in (11, 12, 13)])}, X: 1}}</script></body></html>"
)
ARTICLES = {
    "classify": {"id": 12},
    "total": 3,
    "articles": [
        {"title": pages.TITLES[n], "url": f"/gkmlpt/content/post_{n}.html", "display_publish_time": 1_794_970_800 - n * 86_400}
        for n in range(3)
    ],
}  # fmt: skip


@pytest.mark.parametrize("begin", ["", "/old"])
async def test_a_catalogue_of_guangdong(begin: str) -> None:
    """The column is told by what stands behind #, which a redirect keeps."""
    answers = {
        "/old": pages.redirect("/rsj/gkmlpt/index"),
        "/rsj/gkmlpt/index": CONFIG,
        "/rsj/gkmlpt/api/all/12": told(ARTICLES),
    }
    seen, served = await visited(answers, f"{begin or '/rsj/gkmlpt/index'}#12")
    assert measured(finding(seen, "column_fresh")) == LISTED
    assert finding(seen, "column_blank").outcome is Outcome.OK
    assert paths(served)[-1] == "/rsj/gkmlpt/api/all/12?page=1&sid=751001"
    assert seen.page is not None
    assert seen.page.reading is not None
    assert len(seen.page.reading.items) == 3


async def test_a_catalogue_whose_call_is_refused_is_unknown_with_the_call_as_evidence() -> None:
    seen, served = await visited({"/gkmlpt/index": CONFIG}, "/gkmlpt/index#12")
    for check in ("column_fresh", "column_blank"):
        found = finding(seen, check)
        assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "shell")
        assert found.evidence == {"needs": [served.url("/gkmlpt/api/all/12?page=1&sid=751001")]}


def unit(tag: str) -> str:
    query = f"{{'webId':'9','tplSetId':'a','pageType':'column','tagId':'{tag}','pageId':'7','parseType':'bulidstatic'}}"
    return f'<script src="/unitbuild.js" url="{UNIT}" queryData="{query}"></script>'


async def test_a_column_of_jpaas() -> None:
    answers = {"/col/col7/": pages.html(pages.page(unit("信息列表"))), UNIT: told({"data": {"html": pages.items()}})}
    seen, served = await visited(answers, "/col/col7/")
    assert measured(finding(seen, "column_fresh")) == LISTED
    assert "tagId=%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8" in paths(served)[-1]


async def test_a_unit_of_jpaas_that_comes_empty_is_not_blank() -> None:
    answers = {"/": pages.html(pages.page(unit("信息列表"))), UNIT: told({"data": {"html": ""}})}
    seen, _ = await visited(answers, "/")
    assert finding(seen, "column_blank").reason == "shell"


async def test_a_pager_of_hanweb_that_comes_empty_is_not_blank() -> None:
    proxy = "/module/web/jpage/dataproxy.jsp"
    store = f"<script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"{proxy}?page=1&unitid=5\"></a>]]></nextgroup><recordset></recordset></datastore></script>"
    empty = reply(b"<?xml version='1.0' encoding='utf-8'?><datastore></datastore>", "200 OK", pages.XML)
    seen, served = await visited({"/": pages.html(pages.page(store)), proxy: empty}, "/")
    assert finding(seen, "column_blank").reason == "shell"
    assert paths(served)[1:] == [f"{proxy}?startrecord=1&endrecord=45&perpage=15&unitid=5"]


LABEL = "/site/label/8888"
POSTED = {
    "a label, posted": (
        "<ul id='x'></ul><script>$.ajax({type: 'post', url: '/site/label/8888', data: {labelName: 'publicInfoList', siteId: 678}})</script>",
        LABEL,
        "POST {label}?labelName=publicInfoList&siteId=678",
    ),
    "a label put together": (
        "<ul id='x'></ul><script>$('#x').load('/site/label/8888?labelName=publicInfoList&siteId=' + site)</script>",
        None,
        "GET {label}?labelName=publicInfoList&siteId=…",
    ),
    "a grid, posted, with data of a program": (
        "<ul id='list'></ul><script>$.post('/site/label/8888', {labelName: name, page: n}, function (d) { $('#list').html(d) })</script>",
        None,
        "POST {label}…",
    ),
    "a list, posted": (
        "<ul id='list'></ul><script>$.post('/gk/queryList.do', function (d) { $('#list').html(d) })</script>",
        "/gk/queryList.do",
        "POST {root}gk/queryList.do",
    ),
}


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize(
    "refusal",
    [pages.NOT_FOUND, reply(b"", "405 Method Not Allowed"), reply(b"", "200 OK", JSON), told({"code": 1})],
    ids=["404", "405", "empty", "an error in JSON"],
)
async def test_what_only_a_program_can_ask_is_unknown_and_the_call_is_told(name: str, refusal: bytes) -> None:
    """A visit asks by GET alone: what answers nothing to that, or cannot be asked at all, is a person's to look at."""
    inside, path, call = POSTED[name]
    answers = {"/": pages.html(pages.page(inside)), **({path: refusal} if path else {})}
    seen, served = await visited(answers, "/")
    call = call.format(label=served.url(LABEL), root=served.url())
    for check in ("column_fresh", "column_blank"):
        found = finding(seen, check)
        assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "shell")
        assert found.evidence["asks"] == [call]
        assert call.partition("?")[0] in str(found.summary)
    assert {request.split(b" ")[0] for request in served.asked} == {b"GET"}
    assert paths(served)[1:] == ([one] if path and (one := call.partition(str(served.port))[2]) else [])


@pytest.mark.parametrize("name", ["a label, posted", "a list, posted"])
async def test_what_is_posted_and_answers_a_get_is_read(name: str) -> None:
    inside, path, _ = POSTED[name]
    seen, _ = await visited({"/": pages.html(pages.page(inside)), str(path): pages.html(pages.items())}, "/")
    assert measured(finding(seen, "column_fresh")) == LISTED


async def test_a_column_in_a_frame() -> None:
    framed = pages.html(pages.page("<iframe src='/list/in.html' width='100%' height='800'></iframe>"))
    seen, _ = await visited({"/": framed, "/list/in.html": pages.LISTED}, "/")
    assert measured(finding(seen, "column_fresh")) == LISTED


async def test_a_refresh_to_a_page_that_a_call_fills() -> None:
    """Three addresses in all: the refresh, the frame in it, the call that this one needs."""
    answers = {
        "/": pages.html("<html><head><meta http-equiv='refresh' content='0;url=/a/'></head></html>"),
        "/a/": pages.html("<html><frameset><frame src='/gkmlpt/index'></frameset></html>"),
        "/gkmlpt/index": CONFIG,
        "/gkmlpt/api/all/0": told(ARTICLES),
    }
    seen, served = await visited(answers, "/")
    assert measured(finding(seen, "column_fresh")) == LISTED
    assert paths(served) == ["/", "/a/", "/gkmlpt/index", "/gkmlpt/api/all/0?page=1&sid=751001"]


async def test_a_grid_that_a_call_fills() -> None:
    grid = "<table id='dg'></table><script>$('#dg').datagrid({url:'/gk/queryPage.json',queryParams:{cid:9}})</script>"
    rows = [
        {"id": n, "title": t, "publishDate": d} for n, (t, d) in enumerate(zip(pages.TITLES, pages.DAYS, strict=True))
    ]
    seen, _ = await visited(
        {"/": pages.html(pages.page(grid)), "/gk/queryPage.json": told({"rows": rows, "total": 6})}, "/"
    )
    assert measured(finding(seen, "column_fresh")) == LISTED
