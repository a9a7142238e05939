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
        ("2026年11月18日 星期三 下午3:30", "2026-11-18T15:30:00+08:00", "2026-11-18"),
        ("2026-11-18 晚上8:05", "2026-11-18T20:05:00+08:00", "2026-11-18"),
        ("2026-11-18 中午12:05", "2026-11-18T12:05:00+08:00", "2026-11-18"),
        ("二〇二六年十一月十八日", "2026-11-18", "2026-11-18"),
        ("星期三, 18 十一月 2026 09:30:00 +0800", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("周三, 18 11月 2026 09:30:00 +0800", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Wed Nov 18 2026 20:30:00 GMT+0000 (协调世界时)", "2026-11-18T20:30:00+00:00", "2026-11-19"),
        ("Wed Nov 18 2026 09:30:00 GMT+0800 (China Standard Time)", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Wed,18 Nov 2026 09:30:00 GMT+8", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("Wed, 18 Nov 2026 9:3:5 +0800", "2026-11-18T09:03:05+08:00", "2026-11-18"),
        ("2026-11-18 09:30:00 +0800 CST", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("2026-11-18T09:30:00+08:00[Asia/Shanghai]", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("2026-11-18T09:30+08", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("20261118093000", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("20261118", "2026-11-18", "2026-11-18"),
        ("1794965400", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("1794965400.0", "2026-11-18T09:30:00+08:00", "2026-11-18"),
        ("/Date(1794965400000+0800)/", "2026-11-18T09:30:00+08:00", "2026-11-18"),
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
     "Wed, 18 Nov 2026 25:30:00 GMT", "18-11-2026 09:30 XYZ", "0000-00-00 00:00:00", "Wed, 18 Nov 2026 09:30:00 QQQ", "2026-02-18-1", "2026-02-00018", "11-18 09:30", "昨天", "20261332", "2026111809300", "18 十三月 2026",
     "-1794965400", "99999999999", "2026-11-18T24:00:00+08:00"],
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


@pytest.mark.parametrize(
    ("raw", "zone", "shanghai"),
    [
        ("2026-11-18 20:30:00", 8, "2026-11-18"),
        ("2026-11-18 20:30:00", 0, "2026-11-19"),
        ("Wed, 18 Nov 2026 20:30:00", 0, "2026-11-19"),
        ("2026年11月18日 20:30", 0, "2026-11-19"),
        ("20261118203000", 0, "2026-11-19"),
        ("2026-11-18 20:30:00 CST", 0, "2026-11-18"),
        ("2026-11-18 20:30:00 +0800", 0, "2026-11-18"),
        ("2026-11-18 20:30:00 Asia/Shanghai", 0, "2026-11-18"),
        ("2026-11-18", 0, "2026-11-18"),
    ],
)
def test_the_zone_that_is_told_counts_where_none_is_printed(raw: str, zone: int, shanghai: str) -> None:
    reading = read_feed(rss(raw).encode(), url=None, charset=None, captured=TODAY, zone=zone)
    assert reading.newest_date == shanghai


OLD = {
    "rss 0.90": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple" "/0.9/'><channel><title>发布</title>"
    "<link>http://s.gov.cn/</link></channel><item><title>第0条</title><link>/p/0</link></item></rdf:RDF>",
    "rss 0.91": "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel>"
    "<title>发布</title><link>http://s.gov.cn/</link><pubDate>Wed, 18 Nov 2026 09:30:00 +0800</pubDate><item><title>第0条</title><link>/p/0</link></item></channel></rss>",
    "rss 0.92": "<rss version='0.92'><channel><title>发布</title><link>http://s.gov.cn/</link><lastBuildDate>Wed, 18 Nov 2026 09:30:00 +0800</lastBuildDate>"
    "<item><title>第0条</title><link>/p/0</link><source url='http://o.gov.cn/rss'>某报</source></item></channel></rss>",
    "rss 0.93": "<rss version='0.93'><channel><title>发布</title><link>http://s.gov.cn/</link><item><title>第0条</title><link>/p/0</link><pubDate>Wed, 18 Nov 2026 09:30:00 +0800</pubDate></item></channel></rss>",
    "no version": "<rss><channel><title>发布</title><link>http://s.gov.cn/</link><item><title>第0条</title><link>/p/0</link><pubDate>2026-11-18 09:30:00</pubDate></item></channel></rss>",
    "atom 0.3": "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>发布</title><link rel='alternate' type='text/html' href='http://s.gov.cn/'/><entry><title>第0条</title>"
    "<link rel='alternate' type='text/html' href='/p/0'/><id>g0</id><issued>2026-11-18T09:30:00+08:00</issued><modified>2026-11-19T09:30:00+08:00</modified></entry></feed>",
    "rsshub": "<?xml version='1.0' encoding='UTF-8'?><rss xmlns:atom='http://www.w3.org/2005/Atom' version='2.0'><channel><title>发布</title><link>http://s.gov.cn/</link>"
    "<atom:link href='http://hub.example/a/1' rel='self' type='application/rss+xml'/><description>发布 - Powered by RSSHub</description><generator>RSSHub</generator>"
    "<language>zh-cn</language><lastBuildDate>Fri, 20 Nov 2026 01:00:00 GMT</lastBuildDate><ttl>5</ttl><item><title>第0条</title><description>&lt;p&gt;正文&lt;/p&gt;</description>"
    "<link>/p/0</link><guid isPermaLink='false'>g0</guid><pubDate>Wed, 18 Nov 2026 01:30:00 GMT</pubDate><author>某某</author></item></channel></rss>",
}  # fmt: skip


@pytest.mark.parametrize("name", OLD)
def test_old_formats_and_those_of_bridges(name: str) -> None:
    """What the channel says of itself (built, published) is the date of no post."""
    assert looks_like_feed(OLD[name].encode())
    reading = read_feed(OLD[name].encode(), url="http://s.gov.cn/rss", charset=None, captured=TODAY)
    assert (reading.state, reading.title) == (State.LISTED, "发布")
    assert [(entry.title, entry.url) for entry in reading.entries] == [("第0条", "http://s.gov.cn/p/0")]
    assert reading.newest_date == (None if name in {"rss 0.90", "rss 0.91", "rss 0.92"} else "2026-11-18")


BRIDGE = "Bridge returned error 503! (20777)"
ERRORS = {
    "a bridge's own error in the place of posts": rss("Fri, 20 Nov 2026 09:30:00 +0800").replace("第0条", BRIDGE),
    "the same as JSON Feed": json.dumps(
        {"version": "https://jsonfeed.org/version/1", "title": "a", "items": [{"id": "1", "title": BRIDGE, "date_modified": "2026-11-20T01:00:00Z"}]}
    ),
    "RSSHub in JSON": json.dumps({"error": {"message": "this route is empty, please check the original site"}}),
    "an error with a code": json.dumps({"code": -352, "message": "风控校验失败", "data": None}),
    "a list that is none": json.dumps({"version": "https://jsonfeed.org/version/1", "items": {"0": "x"}}),
    "an error in XML": "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>no</Message></Error>",
    "a page": "<!DOCTYPE html><html><head><title>Welcome to RSSHub!</title></head><body><h1>Looks like something went wrong</h1></body></html>",
    "a page as XML": "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>502 Bad Gateway</p></body></html>",
    "cut before the first post": "<?xml version='1.0'?><rss version='2.0'><channel><title>某</title><ite",
}  # fmt: skip


@pytest.mark.parametrize("text", ERRORS.values(), ids=ERRORS)
def test_an_error_in_the_place_of_a_feed_is_unreadable(text: str) -> None:
    reading = read_feed(text.encode(), url=None, charset=None, captured=TODAY)
    assert (reading.state, reading.entries, reading.newest_date) == (State.UNREADABLE, (), None)
    assert read(text, "account").state in {State.UNREADABLE, State.SOFT_ERROR}


TROUBLES = (
    *("Error: 获取失败，请检查 cookie", "获取数据失败", "cookie已失效，请重新登录", "RSSHub 请求失败：403 Forbidden", "抓取失败", "登录已过期"),
    *("访问过于频繁，请用微信扫描二维码进行访问", "We2RSS: 账号登录状态失效，请重新扫码", "this route is empty", "HTTP 403 Forbidden", "订阅已过期"),
)  # fmt: skip
POSTS = (
    *("关于社保系统登录失败问题的说明", "请在微信客户端打开链接参与活动答题", "服务已到位 群众得实惠", "错误：这五种行为要不得"),
    *("订阅服务到期提醒", "提示：明日限行尾号调整", "获取失败经验的启示录"),
)  # fmt: skip


@pytest.mark.parametrize("title", TROUBLES)
def test_the_trouble_of_any_bridge_is_no_post(title: str) -> None:
    text = rss("Fri, 20 Nov 2026 09:30:00 +0800").replace("第0条", title)
    assert read_feed(text.encode(), url=None, charset=None, captured=TODAY).state is State.UNREADABLE


@pytest.mark.parametrize("title", POSTS)
def test_a_post_that_speaks_of_trouble_is_one(title: str) -> None:
    text = rss("Fri, 20 Nov 2026 09:30:00 +0800").replace("第0条", title)
    assert read_feed(text.encode(), url=None, charset=None, captured=TODAY).newest_date == "2026-11-20"


def test_a_bridge_s_error_among_posts_is_no_post() -> None:
    text = rss("Fri, 20 Nov 2026 09:30:00 +0800", "Wed, 18 Nov 2026 09:30:00 +0800").replace("第0条", BRIDGE)
    reading = read_feed(text.encode(), url=None, charset=None, captured=TODAY)
    assert (reading.state, reading.newest_date, len(reading.entries)) == (State.LISTED, "2026-11-18", 1)


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
            State.SOFT_ERROR,
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
