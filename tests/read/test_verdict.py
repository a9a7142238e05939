"""The table of reach, JSON there and back, and hashes that stand still."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.model import Fetched, Reach, Reading, State, TargetKind
from monitor.read.normal import normal_hash
from monitor.read.page import error_state, read_page
from monitor.read.slim import from_json, shown, slim, to_json
from monitor.read.verdict import charset_of, reach_of
from tests.read.samples import frame, read, rows

PAGE = frame(f"<ul>{rows(['2026-11-02', '2026-10-30'], '<li><a href={href}>{title}</a><i>{date}</i></li>')}</ul>")


def fetched(reach: Reach, status: int | None = 200, headers: tuple[tuple[str, str], ...] = ()) -> Fetched:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Fetched(
        url="http://a.cn/",
        final_url="http://a.cn/",
        reach=reach,
        detail="",
        started_at=at,
        seconds=0.1,
        status=status,
        headers=headers,
    )


def seen(state: State) -> Reading:
    return Reading(kind=TargetKind.SITE, state=state)


@pytest.mark.parametrize(
    ("wire", "status", "state", "reach"),
    [
        (Reach.OPEN, 200, State.LISTED, Reach.OPEN),
        (Reach.OPEN, 200, State.BLANK, Reach.OPEN),
        (Reach.OPEN, 200, State.SHELL, Reach.OPEN),
        (Reach.SLOW, 200, State.READABLE, Reach.SLOW),
        (Reach.OPEN, 200, State.MAINTENANCE, Reach.MAINTENANCE),
        (Reach.SLOW, 200, State.MAINTENANCE, Reach.MAINTENANCE),
        (Reach.OPEN, 200, State.SOFT_ERROR, Reach.SOFT_ERROR),
        (Reach.OPEN, 200, State.HIJACKED, Reach.HIJACKED),
        (Reach.OPEN, 200, State.CHALLENGED, Reach.CHALLENGED),
        (Reach.OPEN, 200, State.UNREADABLE, Reach.OPEN),
        (Reach.HTTP_ERROR, 404, State.SOFT_ERROR, Reach.HTTP_ERROR),
        (Reach.HTTP_ERROR, 502, State.SOFT_ERROR, Reach.HTTP_ERROR),
        (Reach.HTTP_ERROR, 503, State.MAINTENANCE, Reach.MAINTENANCE),
        (Reach.HTTP_ERROR, 521, State.CHALLENGED, Reach.CHALLENGED),
        (Reach.HTTP_ERROR, 412, State.CHALLENGED, Reach.CHALLENGED),
        (Reach.HTTP_ERROR, 403, None, Reach.CHALLENGED),
        (Reach.HTTP_ERROR, 405, None, Reach.CHALLENGED),
        (Reach.HTTP_ERROR, 404, None, Reach.HTTP_ERROR),
        (Reach.REDIRECT_LOOP, 302, State.CHALLENGED, Reach.CHALLENGED),
        (Reach.REDIRECT_LOOP, 302, State.READABLE, Reach.REDIRECT_LOOP),
        (Reach.DNS, None, None, Reach.DNS),
        (Reach.TIMEOUT, None, None, Reach.TIMEOUT),
        (Reach.TOO_LARGE, 200, None, Reach.TOO_LARGE),
        (Reach.REFUSED_BY_GUARD, None, None, Reach.REFUSED_BY_GUARD),
    ],
)
def test_reach(wire: Reach, status: int | None, state: State | None, reach: Reach) -> None:
    reading = seen(state) if state is not None else None
    for kind in (TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE):
        assert reach_of(fetched(wire, status), reading, kind) is reach


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=GBK", "GBK"),
        ('text/html;charset="utf-8"', "utf-8"),
        ("text/html", None),
        ("application/rss+xml; Charset = gb2312 ", "gb2312"),
    ],
)
def test_charset_of_the_header(header: str, charset: str | None) -> None:
    assert charset_of(fetched(Reach.OPEN, headers=(("Content-Type", header),))) == charset
    assert charset_of(fetched(Reach.OPEN)) is None


def test_json_has_every_key_and_reads_back() -> None:
    reading = read(PAGE)
    plain = json.loads(json.dumps(to_json(reading)))
    assert list(shown(reading)) == [
        "kind", "state", "encoding", "title", "newest_date", "newest_precision", "items", "links", "pseudo_links", "marks", "meta", "article",
        "entries", "returns_on", "needs", "tamper",
    ]  # fmt: skip
    assert from_json(plain) == reading
    items: Any = shown(reading)["items"]
    assert items[0] == {
        "title": reading.items[0].title,
        "url": reading.items[0].url,
        "date": "2026-11-02",
        "date_from": "text",
    }


def test_slim_keeps_the_facts_and_drops_the_bulk() -> None:
    reading = read(PAGE)
    assert slim(reading) == replace(reading, items=(), links=(), entries=())


CHANGES = {
    "counter": ("访问量：<b>{}</b>", "12,345", "12,346"),
    "gbk counter": ("<meta charset='gbk'>浏览次数:{}", "9", "10"),
    "clock": ("<div>今天是{}</div>", "2026年11月19日", "2026年11月20日"),
    "comment": ("<!-- cached {} -->", "10:01", "10:02"),
    "token": ("<input type='hidden' name='_scode_' value='{}'>", "1617951897288", "1617951999999"),
    "csrf meta": ("<meta name='csrf-token' content='{}'>", "abc", "def"),
    "buster": ("<script src='a.js?v={}'></script>", "1", "2"),
    "session": ("<a href='x.jsp;jsessionid={}'>x</a>", "AB12.n1", "CD34.n2"),
    "nonce": ("<script nonce='{}'></script>", "x1", "x2"),
    "moment": ("<script>var t={};</script>", "1794965400123", "1794965500123"),
    "second": ("<p>{}</p>", "2026-11-20 10:20:59", "2026-11-20 9:21:00"),
    "random id": ('<div id="w{}">x</div>', "0123456789abcdef01", "fedcba987654321000"),
    "blanks": ("<p>{}</p>", " \n", "\n\t "),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_by_itself_does_not_count(name: str) -> None:
    pattern, before, after = CHANGES[name]
    codec = "gb18030" if name == "gbk counter" else "utf-8"
    one, other = (f"{pattern.format(part)}{PAGE}".encode(codec) for part in (before, after))
    assert normal_hash(one) == normal_hash(other)


@pytest.mark.parametrize(
    "change",
    [("2026-11-02", "2026-11-03"), ("post_10000", "post_10001"), ("优化", "改善"), ("</ul>", "<li>x</li></ul>")],
)
def test_news_counts(change: tuple[str, str]) -> None:
    assert normal_hash(PAGE.encode()) != normal_hash(PAGE.replace(*change).encode())


@pytest.mark.parametrize("status", [404, 410, 500, 503, 521])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01\x02",
        "<p>网站系统升级维护中，暂停访问。</p>",
        "<p>抱歉，您访问的页面不存在！</p>",
        "<p>本域名出售。</p>",
        PAGE,
        "<p>请完成安全验证后继续访问</p>",
        "<p>404</p>" * 9000,
    ],
    ids=["empty", "binary", "closed", "sorry", "sold", "list", "wall", "long"],
)
def test_an_error_page_is_judged_alike_whether_read_whole_or_for_its_state(text: str, status: int) -> None:
    for _ in range(2):  # the second time from memory
        state = error_state(text.encode(), host="a.gov.cn", charset="utf-8", status=status, captured=date(2026, 11, 20))
        whole = read_page(
            text.encode(),
            url="http://a.gov.cn/x/y.html",
            kind=TargetKind.PAGE,
            charset="utf-8",
            status=status,
            captured=date(2026, 11, 20),
        )
        assert state is whole.state
