"""Feeds: every format, dates with their zones, and the difference between an empty source and a broken one."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st

from monitor.model import State, TargetKind
from monitor.read.feed import looks_like_feed, read_feed
from monitor.read.feeddates import read_feed_date
from tests.read.samples import read

TODAY = date(2026, 11, 20)


def rss(*dates: str | None, extra: str = "") -> str:
    items = "".join(
        f"<item><title>第{at}条</title><link>/p/{at}</link><guid>g{at}</guid>{f'<pubDate>{day}</pubDate>' if day else ''}</item>"
        for at, day in enumerate(dates)
    )
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>发布</title><link>http://s.gov.cn/</link>{extra}{items}</channel></rss>"


@pytest.mark.parametrize(
    ("raw", "text", "shanghai"),
    [
        ("Wed, 18 Nov 2026 09:30:00 +0800", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Wed, 18 Nov 2026 20:30:00 GMT", "2026-11-18T20:30:00+00:00", "2026-11-19"),
        ("Wed, 18 Nov 2026 09:30:00 CST", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Wed, 18 Nov 2026 09:30:00", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Wed, 18 Nov 26 09:30:00 -0800", "2026-11-18T09:30:00-08:00", "2026-11-19"),
        ("Thu, 01 Aug 2019 16:15 EDT", "2019-08-01T16:15:00-04:00", "2019-08-02"),
        ("2026-11-18T09:30:00Z", "2026-11-18T09:30:00+00:00", "2026-11-18"),
        ("2026-11-18T09:30:00.123+08:00", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("2026-11-18 09:30:00", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("2026-11-18", "2026-11-18", "2026-11-18"),
        ("2026/11/18", "2026-11-18", "2026-11-18"),
        ("2026年11月18日", "2026-11-18", "2026-11-18"),
        ("2026年11月18日 09:30", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Sat, Dec 16 2023 02:02:33 PM", "2023-12-16T14:02:33+08:00", "2023-12-16"),
        ("Wed Nov 18 09:30:00 CST 2026", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("1794965400", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("1794965400000", "2026-11-18T09:30:00+08:00", "2026-11-18"),
    ],
)
def test_dates_as_stated(raw: str, text: str, shanghai: str) -> None:
    dated = read_feed_date(raw, TODAY)
    assert dated is not None
    assert (dated.text, dated.shanghai_day) == (text, shanghai)


@pytest.mark.parametrize(
    "raw",
    [None, "", "05/20 7:03 am", "2017-06-13T03:18:00+00:0", "2026-13-45", "2026-11-21", "Fri, 20 Nov 2027 00:00:00 GMT", "soon", "now", "1234",
     "Wed, 18 Nov 2026 25:30:00 GMT", "18-11-2026 09:30 XYZ", "0000-00-00 00:00:00", "Wed, 18 Nov 2026 09:30:00 QQQ"],
)  # fmt: skip
def test_no_date_is_no_date(raw: str | None) -> None:
    assert read_feed_date(raw, TODAY) is None


@given(st.text(max_size=60))
def test_any_date_string_is_borne_and_never_in_the_future(raw: str) -> None:
    dated = read_feed_date(raw, TODAY)
    assert dated is None or dated.day <= TODAY


@given(st.datetimes(datetime(1991, 1, 1), datetime(2025, 12, 31), timezones=st.timezones()))
def test_iso_instants_read_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    offset = whole.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return
    dated = read_feed_date(whole.isoformat(), TODAY)
    assert dated is not None
    assert dated.instant == whole.astimezone(UTC)


FORMATS = {
    "rss 2.0": rss("Wed, 18 Nov 2026 09:30:00 +0800", "Tue, 17 Nov 2026 09:30:00 +0800"),
    "atom": (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>发布</title><link href='http://s.gov.cn/'/>"
        "<entry><id>g0</id><title>第0条</title><link href='/p/0'/><published>2026-11-18T09:30:00+08:00</published>"
        "<updated>2026-11-19T09:30:00+08:00</updated></entry>"
        "<entry><id>g1</id><title>第1条</title><link href='/p/1'/><updated>2026-11-17T09:30:00+08:00</updated></entry></feed>"
    ),
    "rdf": (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><title>发布</title><link>http://s.gov.cn/</link></channel>"
        "<item rdf:about='g0'><title>第0条</title><link>/p/0</link><dc:date>2026-11-18T09:30:00+08:00</dc:date></item>"
        "<item rdf:about='g1'><title>第1条</title><link>/p/1</link><dc:date>2026-11-17T09:30:00+08:00</dc:date></item></rdf:RDF>"
    ),
    "json feed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "发布",
            "home_page_url": "http://s.gov.cn/",
            "items": [
                {"id": "g0", "title": "第0条", "url": "/p/0", "date_published": "2026-11-18T09:30:00+08:00"},
                {"id": "g1", "title": "第1条", "url": "/p/1", "date_modified": "2026-11-17T09:30:00+08:00"},
            ],
        }
    ),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_formats(name: str, codec: str) -> None:
    text = FORMATS[name].replace("encoding='utf-8'", f"encoding='{codec}'")
    assert looks_like_feed(text.encode(codec))
    reading = read_feed(text.encode(codec), url="http://s.gov.cn/rss", charset=codec, captured=TODAY)
    assert (reading.kind, reading.state, reading.title, reading.newest_date) == (
        TargetKind.ACCOUNT,
        State.LISTED,
        "发布",
        "2026-11-18",
    )
    assert [(entry.id, entry.title, entry.url) for entry in reading.entries] == [
        ("g0", "第0条", "http://s.gov.cn/p/0"),
        ("g1", "第1条", "http://s.gov.cn/p/1"),
    ]
    assert reading.entries[0].published == "2026-11-18T09:30:00+08:00"


def test_a_wrong_declaration_does_not_garble_titles() -> None:
    body = FORMATS["rss 2.0"].replace("encoding='utf-8'", "encoding='gb2312'").encode()
    assert read_feed(body, url=None, charset="iso-8859-1", captured=TODAY).entries[0].title == "第0条"


def test_entries_without_dates_have_none_and_future_ones_too() -> None:
    reading = read_feed(rss(None, "Sat, 21 Nov 2026 00:00:00 +0800").encode(), url=None, charset=None, captured=TODAY)
    assert (reading.state, reading.newest_date) == (State.LISTED, None)
    assert [entry.published for entry in reading.entries] == [None, None]


def test_a_sound_feed_without_entries_is_blank_and_a_broken_one_unreadable() -> None:
    assert read_feed(rss().encode(), url=None, charset=None, captured=TODAY).state is State.BLANK
    assert read_feed(b"<rss><chan", url=None, charset=None, captured=TODAY).state is State.UNREADABLE
    assert read_feed(b"{}", url=None, charset=None, captured=TODAY).state is State.UNREADABLE
    assert read_feed(b'{"items": 3', url=None, charset=None, captured=TODAY).state is State.UNREADABLE


@pytest.mark.parametrize(
    ("html", "state"),
    [
        (
            "<html><head><title>Welcome to RSSHub!</title></head><body><h1>Looks like something went wrong</h1></body></html>",
            State.UNREADABLE,
        ),
        ("<html><title>安全验证</title><body>请完成验证</body></html>", State.CHALLENGED),
        ("<html><body><p>页面不存在</p></body></html>", State.SOFT_ERROR),
    ],
)
def test_a_page_in_place_of_a_feed(html: str, state: State) -> None:
    assert not looks_like_feed(html.encode())
    assert read(html, "account").state is state


@given(st.binary(max_size=200))
def test_any_bytes_are_borne(body: bytes) -> None:
    read_feed(body, url=None, charset=None, captured=TODAY)
    read_feed(b"<rss><channel>" + body, url=None, charset=None, captured=TODAY)
    looks_like_feed(body)
