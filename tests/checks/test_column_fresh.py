"""What a column or home page shows → what `column_fresh` says. It is noon of 2026-11-20 in Shanghai."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest

from monitor.model import EntryKind, Outcome, Seen, TargetKind
from monitor.settle.remember import as_remembered
from tests.checks import pages
from tests.checks.eyes import a_target, finding, measured, remembered, watching
from tests.observe.raw_server import Answer, Served, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, UNKNOWN = Outcome.OK, Outcome.UNKNOWN
COLUMN, SITE = TargetKind.COLUMN, TargetKind.SITE


def dated(*days: str) -> bytes:
    return pages.html(pages.page(pages.items(days)))


@dataclass(frozen=True)
class Row:
    answer: bytes | Sequence[bytes]
    newest: str | None = None
    reason: str = ""
    source: str = "page"
    newest_seen: str | None = None
    kinds: tuple[TargetKind, ...] = (COLUMN, SITE)


OLD_LIST = ("2024-03-01", "2024-02-20", "2024-02-11", "2024-01-30")

TABLE = {
    "dated": Row(pages.LISTED, "2026-11-18"),
    "old": Row(dated(*OLD_LIST), "2024-03-01"),
    "pinned first": Row(dated("2025-01-06", *pages.DAYS), "2026-11-18"),
    "a date to come is no date": Row(dated("2026-12-24", *pages.DAYS), "2026-11-18"),
    "only dates to come": Row(dated("2026-12-24", "2027-01-04", "2027-02-01"), reason="future_dates"),
    "only dates to come, though new addresses were seen": Row(
        dated("2026年12月24日", "2027年1月4日", "2027年2月1日"), reason="future_dates", newest_seen="2026-11-09"
    ),
    "only months are known": Row(dated("2026-10", "2026-09", "2026-08", "2026-07"), "2026-10"),
    "GBK": Row(
        reply(
            pages.page(pages.items()).replace("utf-8", "gb2312").encode("gb18030"), "200 OK", "Content-Type: text/html"
        ),
        "2026-11-18",
    ),
    "undated": Row(pages.UNDATED, reason="undated", kinds=(SITE,)),
    "undated, and its items lead to no articles": Row(pages.UNDATED, reason="no_publish_time", kinds=(COLUMN,)),
    "undated, but a new address was seen": Row(
        pages.UNDATED, "2026-11-09", source="first_seen", newest_seen="2026-11-09"
    ),
    "what is printed beats when it was seen": Row(dated(*OLD_LIST), "2024-03-01", newest_seen="2026-11-09"),
    "blank": Row(pages.BLANK, reason="blank", kinds=(COLUMN,)),
    "blank, though addresses were seen once": Row(
        pages.BLANK, reason="blank", newest_seen="2026-11-09", kinds=(COLUMN,)
    ),
    "shell": Row(pages.SHELL, reason="shell", kinds=(COLUMN,)),
    "shell, though addresses were seen once": Row(
        pages.SHELL, reason="shell", newest_seen="2026-11-09", kinds=(COLUMN,)
    ),
    "leads on by script": Row(pages.LEADS_ON, reason="shell"),
    "wall with 200": Row(pages.WALL_200, reason="challenged"),
    "wall with 412": Row(pages.WALL_412, reason="challenged"),
    "403": Row(pages.html(pages.page(pages.items()), "403 Forbidden"), reason="challenged"),
    "maintenance": Row(pages.html(pages.CLOSED), reason="maintenance"),
    "error page with 200": Row(pages.html(pages.SORRY), reason="soft_error"),
    "sold": Row(pages.html(pages.SOLD), reason="hijacked"),
    "404 with a list": Row(pages.html(pages.page(pages.items()), "404 Not Found"), reason="http_error"),
    "500": Row(pages.BROKEN, reason="http_error"),
    "empty": Row(reply(b""), reason="unreadable"),
    "binary": Row(reply(b"%PDF-1.7 \x00\x01\x02" * 30, "200 OK", pages.HTML), reason="unreadable"),
    "cut short": Row(reply(b"<html>", length=900), reason="connect"),
    "larger than we read": Row(reply(b"<p>" * 100_000), reason="too_large"),
    "a frame holds the list": Row(
        (
            pages.html("<html><head><title>公告</title></head><frameset><frame src='/in.html'></frameset></html>"),
            pages.LISTED,
        ),
        "2026-11-18",
        kinds=(COLUMN,),
    ),
    "a refresh leads to the list": Row(
        (pages.html("<html><head><meta http-equiv='refresh' content='0;url=/in.html'></head></html>"), pages.LISTED),
        "2026-11-18",
    ),
}
ENTRY = "<html><head><title>某某市人民政府</title></head><body>{}</body></html>"
PICTURE = ENTRY.format("<a href='/main/'><img src='/in.jpg' alt='进入网站'></a>")


@pytest.mark.parametrize(
    ("html", "options"),
    [
        (PICTURE, {}),
        (ENTRY.format("<a href='/cn/'>中文版</a><a href='/en/'>English</a>"), {}),
        (pages.page(pages.items()), {"entrance": True}),  # a person knows better
    ],
)
async def test_a_home_page_that_only_leads_on_says_so(html: str, options: dict[str, object]) -> None:
    async with serving(pages.html(html)) as server, watching(timeout=20, slow=18) as viewer:
        visited = await viewer.visit(server.url("/"), SITE, options={"column_fresh": options})
    said = finding(visited, "column_fresh")
    assert (said.outcome, said.reason, said.measures) == (OK, "entrance", ())


CASES = [pytest.param(row, kind, id=f"{name}-{kind}") for name, row in TABLE.items() for kind in row.kinds]


@pytest.mark.parametrize(("row", "kind"), CASES)
async def test_what_is_shown_and_what_is_said(row: Row, kind: TargetKind) -> None:
    async with serving(row.answer) as server, watching(max_body=200_000, timeout=20, slow=18) as viewer:
        visited = await viewer.visit(server.url("/tzgg/"), kind, seen=Seen(newest_seen=row.newest_seen))
    said = finding(visited, "column_fresh")
    assert said.cause is None, "it states facts, the rules say what is too late"
    if row.newest is not None:
        ours = "first_seen" if row.source == "first_seen" else ""
        assert (said.outcome, measured(said), said.reason) == (OK, {"newest": row.newest}, ours)
        assert ("prints no dates" in str(said.summary)) == (ours != "")
        assert said.evidence["date_from"] == row.source
    else:
        assert (said.outcome, said.reason, said.measures) == (UNKNOWN, row.reason, ())


@pytest.mark.parametrize(
    ("entry", "newest"), [("replies", "2026-11-18"), ("statistics", "2026-11-18"), ("report", None)]
)
async def test_of_pages_only_lists_that_owe_something_new(entry: str, newest: str | None) -> None:
    async with serving(pages.LISTED) as server, watching(timeout=20, slow=18) as viewer:
        page = a_target(server.url("/tzgg/"), TargetKind.PAGE)
        visited = await viewer.visit(page.url, target=replace(page, entry=EntryKind(entry), home=server.url("/")))
    found = [one for one in visited.findings if one.check == "column_fresh"]
    assert [measured(one) for one in found] == ([] if newest is None else [{"newest": newest}])


# A list without dates: its articles


def site(list_page: bytes, articles: Mapping[str, bytes], rest: bytes = pages.NOT_FOUND) -> Answer:
    """A server with a column and some articles; `articles` by the number in their address."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.decode("latin-1").split(" ", 2)[1]
        name = path.rpartition("/")[2]
        writer.write(list_page if path.endswith("/tzgg/") else articles.get(name.removesuffix(".html"), rest))

    return answer


def article(line: str, head: str = "") -> bytes:
    body = f"<h1>{pages.TITLES[0]}</h1><div>{line}</div><p>{'现将有关事项通知如下，请认真贯彻执行。' * 30}</p>"
    return pages.html(pages.page(body, f"{pages.TITLES[0]}_某某市人民政府", head))


def printed(day: str) -> bytes:
    return article(f"发布时间：{day} 09:00　来源：市教育局")


def asked(server: Served) -> list[str]:
    return [request.split(b" ", 2)[1].decode().rpartition("/")[2].removesuffix(".html") for request in server.asked]


def day_in(answer: bytes) -> str:
    """The day an article of this file prints, else that of its tag."""
    text = answer.decode()
    found = re.search("发布时间：([0-9-]{10})", text) or re.search("PubDate' content='([0-9-]{10})", text)
    assert found is not None
    return found[1]


NO_TIME = article("来源：市教育局")
TAG = article("", "<meta name='PubDate' content='2026-11-15 10:00'>")
WRONG_TAG = article("发布时间：2026-11-04", "<meta name='PubDate' content='2026-11-15 10:00'>")


@dataclass(frozen=True)
class Behind:
    """What stands behind the items t0 to t5, what is said of the list, and the items asked for, in order."""

    articles: Mapping[str, bytes]
    newest: str | None
    reason: str = ""
    source: str = "article"
    items: tuple[str, ...] = ("t5", "t0", "t1")
    newest_seen: str | None = None


BEHIND = {
    "printed": Behind({f"t{n}": printed(f"2026-11-{18 - n:02}") for n in range(6)}, "2026-11-18"),
    "pinned first": Behind(
        {"t0": printed("2024-01-03"), "t1": printed("2024-01-02"), "t5": printed("2026-11-17")}, "2026-11-17"
    ),
    "only a tag": Behind({"t0": TAG, "t1": TAG, "t5": TAG}, "2026-11-15"),
    "printed beats the tag": Behind({"t0": WRONG_TAG, "t1": WRONG_TAG, "t5": WRONG_TAG}, "2026-11-04"),
    "some are gone": Behind({"t1": printed("2026-11-02")}, "2026-11-02"),
    "none prints a time": Behind({f"t{n}": NO_TIME for n in range(6)}, None, "no_publish_time"),
    "all are gone": Behind({}, None, "undated"),
    "a wall stops it": Behind({"t5": pages.WALL_412, "t0": printed("2026-11-02")}, None, "undated", items=("t5",)),
    "error pages with 200": Behind({f"t{n}": pages.html(pages.SORRY) for n in range(6)}, None, "undated"),
    "a date to come is no date": Behind({f"t{n}": printed("2026-12-24") for n in range(6)}, None, "no_publish_time"),
    "a new address was seen later": Behind(
        {f"t{n}": printed("2026-11-02") for n in range(6)}, "2026-11-09", source="first_seen", newest_seen="2026-11-09"
    ),
    "an article is younger": Behind(
        {f"t{n}": printed("2026-11-12") for n in range(6)}, "2026-11-12", newest_seen="2026-11-09"
    ),
}


@pytest.mark.parametrize("row", BEHIND.values(), ids=BEHIND.keys())
async def test_the_articles_of_a_list_without_dates(row: Behind) -> None:
    async with serving(site(pages.UNDATED, row.articles)) as server, watching() as viewer:
        visited = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=Seen(newest_seen=row.newest_seen))
    said = finding(visited, "column_fresh")
    if row.newest is not None:
        assert (said.outcome, measured(said)) == (OK, {"newest": row.newest})
        assert said.evidence["date_from"] == row.source
        read = {
            server.url(f"/tzgg/{name}.html"): day_in(row.articles[name]) for name in row.items if name in row.articles
        }
        assert said.evidence["articles"] == read, "nothing is said of those that were not asked"
    else:
        assert (said.outcome, said.reason, said.measures) == (UNKNOWN, row.reason, ())
    assert tuple(asked(server)[1:]) == row.items


@pytest.mark.parametrize("row", [BEHIND["printed"], BEHIND["none prints a time"]], ids=["dated", "undated"])
async def test_an_unchanged_list_is_not_asked_again(row: Behind) -> None:
    async with serving(site(pages.UNDATED, row.articles)) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), COLUMN)
        asked_then = len(server.asked)
        again = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(first))
    one, two = finding(first, "column_fresh"), finding(again, "column_fresh")
    assert (two.outcome, two.reason, two.measures) == (one.outcome, one.reason, one.measures)
    assert len(server.asked) == asked_then + 1


async def test_where_nothing_was_known_it_is_asked_again() -> None:
    async with serving(site(pages.UNDATED, {"t0": pages.BUSY})) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), COLUMN)
        kept = as_remembered(first)
        again = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(first, reading=kept))
    assert {finding(one, "column_fresh").reason for one in (first, again)} == {"undated"}
    assert len(server.asked) == 2 * (1 + 3), "though the page did not change, and its list is not kept"


async def test_a_changed_list_is_asked_again() -> None:
    longer = pages.html(pages.page(pages.items([""] * 7)))
    articles = {f"t{n}": printed("2026-11-02") for n in range(6)}
    async with serving(site(pages.UNDATED, articles)) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), COLUMN)
    async with serving(site(longer, articles | {"t6": printed("2026-11-19")})) as server, watching() as viewer:
        again = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(first))
    assert measured(finding(again, "column_fresh")) == {"newest": "2026-11-19"}


async def test_a_home_page_is_not_worth_it() -> None:
    """It is looked at every quarter of an hour."""
    answer = site(pages.UNDATED, {f"t{n}": printed("2026-11-02") for n in range(6)})
    async with serving(answer) as server, watching() as viewer:
        said = finding(await viewer.visit(server.url("/tzgg/"), SITE), "column_fresh")
    assert (said.outcome, said.reason, len(server.asked)) == (UNKNOWN, "undated", 1)


async def test_a_column_that_lands_on_the_home_page_tells_nothing() -> None:
    async with serving((pages.redirect("/"), pages.LISTED)) as server, watching() as viewer:
        visited = await viewer.visit(server.url("/zwgk/tzgg/"), COLUMN)
    said = finding(visited, "column_fresh")
    assert (said.outcome, said.reason) == (UNKNOWN, "soft_error")
    assert visited.page is not None
    assert visited.page.reading is not None
    assert visited.page.reading.items == ()
