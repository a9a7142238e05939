"""What the source of an account gives → what `feed_fresh` says. It is noon of 2026-11-20 in Shanghai."""

import asyncio
import gzip
import json
from dataclasses import dataclass

import pytest

from monitor.app import checks_for, discover
from monitor.config.options import check_faults
from monitor.model import Outcome, TargetKind
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe.dns_server import naming
from tests.observe.raw_server import Answer, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, UNKNOWN = Outcome.OK, Outcome.UNKNOWN
JSON = "Content-Type: application/feed+json"


def atom(*dates: str) -> str:
    posts = "".join(
        f"<entry><id>urn:{n}</id><title>第{n}篇</title><updated>{day}</updated></entry>" for n, day in enumerate(dates)
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>某发布</title><id>urn:a</id>{posts}</feed>'


def json_feed(*dates: str | None) -> str:
    posts = [{"id": str(n), "title": f"第{n}篇"} | ({"date_published": d} if d else {}) for n, d in enumerate(dates)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "某发布", "items": posts})


async def hang(_request: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@dataclass(frozen=True)
class Row:
    answer: bytes | Answer
    newest: str | None = None  # OK with that day when given
    reason: str = ""


EARLY = "Mon, 02 Nov 2026 08:00:00 +0800"
LATE = "Wed, 18 Nov 2026 23:30:00 +0800"
BUILT = "<lastBuildDate>Fri, 20 Nov 2026 03:00:00 GMT</lastBuildDate><item>"

TABLE = {
    "RSS": Row(pages.feed(pages.rss(EARLY, LATE)), "2026-11-18"),
    "RSS, newest last and first alike": Row(pages.feed(pages.rss(LATE, EARLY)), "2026-11-18"),
    "RSS in UTC, a day later in Shanghai": Row(pages.feed(pages.rss("Tue, 17 Nov 2026 18:00:00 GMT")), "2026-11-18"),
    "RSS, one post without a date": Row(pages.feed(pages.rss(None, EARLY)), "2026-11-02"),
    "the day it was built is no post": Row(pages.feed(pages.rss(EARLY).replace("<item>", BUILT, 1)), "2026-11-02"),
    "Atom": Row(pages.feed(atom("2026-11-15T09:00:00+08:00", "2026-11-03T00:00:00Z")), "2026-11-15"),
    "JSON Feed": Row(pages.feed(json_feed("2026-11-16T01:00:00Z", "2026-11-01"), "200 OK", JSON), "2026-11-16"),
    "GBK": Row(
        reply(pages.rss(EARLY).replace("utf-8", "gb2312").encode("gb18030"), "200 OK", "Content-Type: text/xml"),
        "2026-11-02",
    ),
    "packed as a file": Row(reply(gzip.compress(pages.rss(EARLY).encode()), "200 OK", pages.XML), "2026-11-02"),
    "sent as a page": Row(pages.feed(pages.rss(EARLY), "200 OK", pages.HTML), "2026-11-02"),
    "no posts": Row(pages.feed(pages.rss()), reason="blank"),
    "JSON without posts": Row(pages.feed(json_feed(), "200 OK", JSON), reason="blank"),
    "posts without dates": Row(pages.feed(pages.rss(None, None)), reason="undated"),
    "JSON without dates": Row(pages.feed(json_feed(None), "200 OK", JSON), reason="undated"),
    "only dates to come": Row(pages.feed(pages.rss("Sat, 21 Nov 2026 09:00:00 +0800")), reason="future_dates"),
    "only dates to come, and none": Row(pages.feed(pages.rss("2027-01-01", None, "刚刚")), reason="future_dates"),
    "Atom, only dates to come": Row(pages.feed(atom("2026-12-15T09:00:00+08:00")), reason="future_dates"),
    "JSON, only dates to come": Row(
        pages.feed(json_feed("2027-11-16T01:00:00Z", "2028-01-01"), "200 OK", JSON), reason="future_dates"
    ),
    "one date to come": Row(pages.feed(pages.rss("Fri, 01 Jan 2027 09:00:00 +0800", EARLY)), "2026-11-02"),
    "the epoch is no date": Row(pages.feed(pages.rss("Thu, 01 Jan 1970 00:00:00 GMT")), reason="undated"),
    "nonsense dates": Row(pages.feed(pages.rss("刚刚", "0000-00-00")), reason="undated"),
    "a bridge's own error as a post of today": Row(
        pages.feed(
            pages.rss("Fri, 20 Nov 2026 09:00:00 +0800").replace(
                "<title>", "<title>Bridge returned error 403! (20777) "
            )
        ),
        reason="unreadable",
    ),
    "an error in JSON": Row(
        pages.feed('{"error": {"message": "this route is empty"}}', "200 OK", JSON), reason="unreadable"
    ),
    "nothing came": Row(reply(b"", "200 OK", pages.XML), reason="unreadable"),
    "a page in its place": Row(pages.LISTED, reason="unreadable"),
    "a wall with 200": Row(pages.WALL_200, reason="unreadable"),
    "an error page with 200": Row(pages.html(pages.SORRY), reason="unreadable"),
    "binary": Row(reply(bytes(range(256)) * 20, "200 OK", pages.XML), reason="unreadable"),
    "404": Row(pages.NOT_FOUND, reason="http_error"),
    "503 with a feed": Row(pages.feed(pages.rss(EARLY), "503 Service Unavailable"), reason="http_error"),
    "403": Row(pages.html("no", "403 Forbidden"), reason="challenged"),
    "429": Row(pages.feed("{}", "429 Too Many Requests"), reason="challenged"),
    "entity bomb": Row(
        pages.feed('<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + pages.rss(EARLY).partition("?>")[2]),
        "2026-11-02",
    ),
    "never answers": Row(hang, reason="timeout"),
    "larger than we read": Row(pages.feed(pages.rss(EARLY) + " " * (3 << 20)), reason="too_large"),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_the_source_gives_and_what_is_said(row: Row) -> None:
    patience = 0.6 if row.reason == "timeout" else 20.0
    async with serving(row.answer) as server, watching(timeout=patience, slow=patience * 0.9) as viewer:
        visited = await viewer.visit(server.url("/feed"), TargetKind.ACCOUNT)
    said = finding(visited, "feed_fresh")
    assert said.cause is None
    if row.newest is not None:
        assert (said.outcome, measured(said)) == (OK, {"newest": row.newest})
    else:
        assert (said.outcome, said.reason, said.measures) == (UNKNOWN, row.reason, ())
    assert [one.check for one in visited.findings] == ["feed_fresh"], "nothing else looks at an account"


@pytest.mark.parametrize(("zone", "day"), [("UTC", "2026-11-19"), ("Asia/Shanghai", "2026-11-18")])
async def test_the_zone_of_a_source_that_prints_none_can_be_set(zone: str, day: str) -> None:
    async with serving(pages.feed(pages.rss("2026-11-18 20:30:00"))) as server, watching() as viewer:
        told = viewer.settings.model_copy(update={"check_options": {"feed_fresh": {"zone": zone}}})
        checks = await asyncio.to_thread(checks_for, told)  # reads the folder
        visited = await viewer.visit(server.url("/feed"), TargetKind.ACCOUNT, checks=checks)
    assert measured(finding(visited, "feed_fresh")) == {"newest": day}


def test_a_zone_that_is_none_is_a_problem() -> None:
    (fault,) = check_faults({"feed_fresh": {"zone": "CST"}}, discover())
    assert fault.path == ("feed_fresh", "zone")


@pytest.mark.parametrize(("host", "reason"), [("gone.example", "dns"), ("here.example", "connect")])
async def test_a_source_that_is_down_is_blind(host: str, reason: str) -> None:
    async with naming({"here.example": ["127.0.0.1"]}) as zone, watching(nameserver=zone.port) as viewer:
        said = finding(await viewer.visit(f"http://{host}:1/feed", TargetKind.ACCOUNT), "feed_fresh")
    assert (said.outcome, said.cause, said.reason) == (UNKNOWN, None, reason)


async def test_an_unchanged_feed_says_the_same_without_being_read_again() -> None:
    from tests.checks.eyes import remembered

    answers = (pages.feed(pages.rss(EARLY), "200 OK", pages.XML, 'ETag: "1"'), reply(b"", "304 Not Modified"))
    async with serving(answers) as server, watching() as viewer:
        first = await viewer.visit(server.url("/feed"), TargetKind.ACCOUNT)
        again = await viewer.visit(server.url("/feed"), TargetKind.ACCOUNT, seen=remembered(first))
    assert b'If-None-Match: "1"' in server.asked[1]
    assert again.page is not None
    assert again.page.unchanged
    assert again.findings == first.findings
