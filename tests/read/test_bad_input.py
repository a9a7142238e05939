"""What must not crash, hang or fill memory. Bounds are counted in nodes and calls, or proved by doubling, not by seconds."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import State, TargetKind
from monitor.read import html
from monitor.read.feed import MAX_FEED, read_feed
from monitor.read.normal import normal_hash
from tests.read.samples import TODAY, frame, read, rows

KINDS = ["site", "column", "page", "account"]

HOSTILE: dict[str, Callable[[int], str]] = {
    "nested div": lambda n: "<div>" * n,
    "nested and closed": lambda n: "<div>" * n + "x" + "</div>" * n,
    "nested with stray closers": lambda n: "<div></b>" * n,
    "formatting blown up": lambda n: "".join(f"<font size={at}><p>x" for at in range(n)),
    "formatting with stray closers": lambda n: "".join(f"<b id={at}></x><p>x" for at in range(n)),
    "options": lambda n: "<select>" + "<option>x" * n,
    "attributes": lambda n: "<div " + " ".join(f"a{at}=1" for at in range(n)) + ">",
    "unclosed comment": lambda n: "<p>text</p><!-- " + "<b>x</b>" * n,
    "comment starts": lambda n: "<!--" * n,
    "unclosed script": lambda n: "<script>" + "var a = 1 < 2;" * n,
    "unclosed tag": lambda n: "<a href='" + "x" * n,
    "tables": lambda n: "<table><tr><td>" * n,
    "bare lt": lambda n: "<" * n,
    "digits": lambda n: "<p>" + "1" * n + "</p>",
    "dates": lambda n: "<p>" + "2026-11-02 " * n + "</p>",
    "dashes": lambda n: "<p>" + "2-" * n + "</p>",
    "links": lambda n: "<a href=x>某某某某某某某某</a>" * n,
    "dated links": lambda n: "<li><a href=x>某某某某某某某某</a>2026-11-02" * n,
    "hidden blocks": lambda n: "<div style='display:none'>" * (n // 10) + "<a href=http://a.com>x</a>" * n,
    "style sheets": lambda n: "<style>" + ".a{display:none" * n + "</style>",
    "datastore": lambda n: "<datastore>" * n + "<record><![CDATA[" * n,
    "blanks": lambda n: "<p>" + " \n" * n + "</p>",
    "label": lambda n: "发布时间：" * n,
    "urls": lambda n: "".join(f"<a href='{'../' * 50}{at}'>x</a>" for at in range(n // 10)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_cost_no_more_than_their_size(name: str) -> None:
    """Four times the size may cost at most about four times the time; quadratic would be sixteen."""

    def seconds(size: int) -> float:
        text = HOSTILE[name](size)
        began = time.process_time()
        read(text, "column")
        return time.process_time() - began

    small, large = min(seconds(4_000) for _ in range(3)), min(seconds(16_000) for _ in range(2))
    assert large < 0.25 + 9 * small, (small, large)


@pytest.mark.parametrize("name", ["nested div", "formatting blown up", "options", "attributes"])
def test_what_lexbor_cannot_bear_goes_to_the_fallback(name: str) -> None:
    document = html.parse(HOSTILE[name](200_000 if name == "nested div" else 20_000))
    assert document.abnormal
    assert len(document.nodes) < html.MAX_NODES


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_pages_get_a_reading(name: str, kind: str) -> None:
    reading = read(HOSTILE[name](3_000), kind)
    assert reading.state in State
    assert reading.state is not State.BLANK


def test_a_large_real_page_is_not_taken_for_hostile() -> None:
    page = frame(
        "<ul>"
        + rows(["2026-11-02"] * 6, "<li><div><p><a href='{href}'>{title}</a></p><span>{date}</span></div></li>") * 500
        + "</ul>"
    )
    assert len(page.encode()) > 300_000
    assert not html.parse(page).abnormal
    assert read(page).newest_date == "2026-11-02"


def test_an_unclosed_comment_hides_what_follows() -> None:
    """As in a browser: what a visitor cannot see is not there; and it is not blank, for nothing proves that."""
    page = frame(f"<!-- <ul>{rows(['2026-11-02'], '<li><a href={href}>{title}</a>{date}</li>')}</ul>", side="")
    reading = read(page)
    assert (reading.newest_date, reading.items) == (None, ())
    assert reading.state is not State.BLANK


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lollollol">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(12))
    + "]><rss version='2.0'><channel><title>x</title><item><title>&m;</title><pubDate>Mon, 02 Nov 2026 09:00:00 +0800</pubDate></item></channel></rss>"
)


def test_an_entity_bomb_does_not_go_off() -> None:
    reading = read_feed(BOMB.encode(), url=None, charset=None, captured=TODAY)
    assert (reading.state, reading.newest_date) == (State.LISTED, "2026-11-02")
    assert len(reading.entries[0].title or "") < 100


def test_external_entities_are_not_fetched() -> None:
    feed = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><item><title>a&x;b</title></item></channel></rss>'
    (entry,) = read_feed(feed, url=None, charset=None, captured=TODAY).entries
    assert "&x;" in (entry.title or "") or entry.title in {"ab", None}


def test_a_feed_over_the_cap_is_unreadable() -> None:
    feed = (
        b"<rss version='2.0'><channel><item><description><![CDATA["
        + b"<p>x</p>" * 650_000
        + b"]]></description></item></channel></rss>"
    )
    assert len(feed) > 5_000_000 > MAX_FEED
    assert read_feed(feed, url=None, charset=None, captured=TODAY).state is State.UNREADABLE


@given(st.binary(max_size=400), st.sampled_from(KINDS), st.sampled_from([None, 200, 404, 412, 503]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_get_a_reading(body: bytes, kind: str, status: int | None) -> None:
    reading = read(body, kind, status=status)
    assert reading.kind is TargetKind(kind)
    assert normal_hash(body)


PIECES = st.sampled_from(
    ["<ul>", "</ul>", "<li>", "<a href=x.html>", "</a>", "关于某某工作的通知", "2026-11-02", "[11-02]", "<table>", "<tr>", "<td>", "02", "2026-11", "暂无内容",
     "<script>", "</script>", "<!--", "-->", "<div style='display:none'>", "</div>", "当前位置：", "<span>", "发布时间：", "昨天", "&nbsp;", "<iframe src=a>", "\x00", "<base href='//['>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60), st.sampled_from(KINDS))
@settings(max_examples=300, deadline=None)
def test_any_soup_gets_a_reading_without_a_future_date(pieces: list[str], kind: str) -> None:
    reading = read("".join(pieces), kind)
    assert reading.newest_date is None or reading.newest_date <= TODAY.isoformat()
