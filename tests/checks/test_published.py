"""What a page of yearly reports shows → what `published` says. It is noon of 2026-11-20 in Shanghai."""

from dataclasses import replace

import pytest

from monitor.model import EntryKind, Outcome, TargetKind
from tests.checks import pages
from tests.checks.eyes import a_target, finding, measured, remembered, watching
from tests.observe.raw_server import reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, UNKNOWN = Outcome.OK, Outcome.UNKNOWN
REPORTS = "政府网站工作年度报表_某某市人民政府"


def listed(*titles: str, title: str = REPORTS) -> bytes:
    rows = "".join(f"<li><a href='t{n}.html'>{told}</a><span>2026-01-2{n}</span></li>" for n, told in enumerate(titles))
    return pages.html(pages.page(f"<ul class='list'>{rows}</ul>", title))


def titled(title: str, text: str = "") -> bytes:
    return pages.html(
        pages.page(f"<h1>{title}</h1><p>{text or '现将有关情况公布如下。' * 40}</p>", f"{title}_某某市人民政府")
    )


TABLE = {
    "a list": (
        listed(
            "2024年某某市政府网站工作年度报表", "2025年某某市政府网站工作年度报表", "政府网站年度工作报表（2023年度）"
        ),
        2025,
    ),
    "the year stands behind": (listed("某某局政府网站年度工作报表（2025年度）", title="公示公告"), 2025),
    "no 年 behind the year": (listed("某某局2025政府网站年度工作报表", title="公示公告"), 2025),
    "written in words": (titled("某某局二〇二五年政府网站工作年度报表"), 2025),
    "only years, under a title that says what they are": (listed("2025年", "2024年", "2023年"), 2025),
    "only years, under another title": (listed("2025年", "2024年", "2023年", title="公示公告"), None),
    "the report itself": (titled("某某局2025年政府网站工作年度报表"), 2025),
    "a heading alone": (
        pages.html(pages.page("<h2>2025年度<b>网站</b>年度报表</h2><p>见附件</p>", "公示公告_某某局")),
        2025,
    ),
    "when it was put there names no year": (listed("2026年1月20日公布2024年政府网站年度报表", title="公示公告"), 2024),
    "a date alone names no year": (listed("政府网站年度报表 2026-01-20", title="公示公告"), None),
    "a year to come is none": (listed("2027年政府网站年度报表", "2024年政府网站年度报表"), 2024),
    "a year before the duty is none": (listed("2009年政府网站年度报表", title="公示公告"), None),
    "网站年报": (listed("某某局2025年网站年报", title="公示公告"), 2025),
    "another report": (
        listed(
            "2025年统计年报",
            "2025年政府信息公开年报",
            "网站数据2025年年报",
            "2025年政府信息公开工作年度报告",
            title="公示公告",
        ),
        None,
    ),
    "another report on a page of its own": (titled("某某局2025年政府信息公开年度报表", "见附件。"), None),
    "a notice that asks for one": (listed("关于报送2025年政府网站年度工作报表的通知", title="公示公告"), None),
    "nothing of the kind": (pages.LISTED, None),
    "blank": (pages.BLANK, None),
    "GBK": (
        reply(
            pages.page("<h1>2025年政府网站年度报表</h1>", "某局").replace("utf-8", "gb2312").encode("gb18030"),
            "200 OK",
            "Content-Type: text/html",
        ),
        2025,
    ),
}


@pytest.mark.parametrize(("answer", "year"), TABLE.values(), ids=TABLE.keys())
async def test_which_year_the_page_shows(answer: bytes, year: int | None) -> None:
    async with serving(answer) as server, watching() as viewer:
        visited = await viewer.visit(server.url("/bb/"), TargetKind.PAGE)
    said = finding(visited, "published")
    assert (said.outcome, said.cause) == (OK, None), "it states facts, the rules say what is too late"
    assert measured(said) == ({} if year is None else {"covers": f"{year}-12"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (pages.SHELL, "shell"),
        (pages.WALL_200, "challenged"),
        (pages.html(pages.CLOSED), "maintenance"),
        (pages.html(pages.SORRY), "soft_error"),
        (pages.NOT_FOUND, "http_error"),
        (reply(b""), "unreadable"),
    ],
)
async def test_what_cannot_be_read_is_unknown(answer: bytes, reason: str) -> None:
    async with serving(answer) as server, watching() as viewer:
        visited = await viewer.visit(server.url("/bb/"), TargetKind.PAGE)
    said = finding(visited, "published")
    assert (said.outcome, said.reason, said.measures) == (UNKNOWN, reason, ())


@pytest.mark.parametrize("entry", [None, *EntryKind])
async def test_only_what_is_declared_as_a_report_is_looked_at(entry: EntryKind | None) -> None:
    async with serving(TABLE["a list"][0]) as server, watching() as viewer:
        url = server.url("/bb/")
        target = replace(a_target(url, TargetKind.PAGE), entry=entry, home=url if entry else "")
        visited = await viewer.visit(url, TargetKind.PAGE, target=target)
    looks = [said for said in visited.findings if said.check == "published"]
    assert bool(looks) is (entry in {EntryKind.REPORT, EntryKind.OTHER})


async def test_other_words_may_be_told() -> None:
    async with serving(titled("某某局2025年网站自评表")) as server, watching() as viewer:
        options: dict[str, dict[str, object]] = {"published": {"words": ("自评表",)}}
        visited = await viewer.visit(server.url("/bb/"), TargetKind.PAGE, options=options)
    said = finding(visited, "published")
    assert measured(said) == {"covers": "2025-12"}
    assert str(said.evidence["title"]).startswith("某某局2025年网站自评表")


@pytest.mark.parametrize("name", ["a list", "nothing of the kind"])
async def test_an_unchanged_page_says_the_same_again(name: str) -> None:
    async with serving(TABLE[name][0]) as server, watching() as viewer:
        first = await viewer.visit(server.url("/bb/"), TargetKind.PAGE)
        before = len(server.asked)
        again = await viewer.visit(server.url("/bb/"), TargetKind.PAGE, seen=remembered(first))
        assert len(server.asked) == before + 1
        assert again.page is not None
        assert again.page.unchanged
        fresh = await viewer.visit(server.url("/bb/"), TargetKind.PAGE, seen=remembered(first, said={}))
    for visited in (again, fresh):  # also when it was never looked at for this before
        said = finding(visited, "published")
        assert (said.outcome, measured(said)) == (OK, measured(finding(first, "published")))
