"""What stands at the address of a declared notice → what `notice_kept` says; real pages on real sockets."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.model import (
    Cause,
    Declaration,
    DeclarationKind,
    Finding,
    Last,
    Outcome,
    Seen,
    Target,
    TargetKind,
    Visited,
)
from tests.checks import pages
from tests.checks.eyes import NOON, Viewer, a_target, remembered, watching
from tests.observe.dns_server import naming
from tests.observe.raw_server import Served, reply, serving

FAIL, OK, UNKNOWN = Outcome.FAIL, Outcome.OK, Outcome.UNKNOWN
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FILED = NOON - DAY
NAMES = {"www.bureau.example": ["127.0.0.1"], "portal.example": ["127.0.0.1"]}
FILLING = "根据国家有关规定，经研究决定，现将有关事项公告如下，请社会各界周知并相互转告。"


def notice(*words: str, title: str = "公告", status: str = "200 OK") -> bytes:
    body = "".join(f"<p>{one}</p>" for one in (*words, FILLING))
    page = f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return reply(page.encode(), status, pages.HTML)


async def look(viewer: Viewer, server: Served, *declared: Declaration, now: datetime = NOON, **other: Any) -> Visited:
    """One visit of the site at www.bureau.example, whose declarations are these."""

    async def filed(_target: str, _now: datetime) -> tuple[Declaration, ...]:
        return declared

    viewer.clock.at = now  # type: ignore[attr-defined]
    viewer.tools = replace(viewer.tools, declared=filed)
    kind = other.pop("kind", TargetKind.SITE)
    target = replace(a_target(server.url("/", host="www.bureau.example"), kind), name="某市教育局门户网站")
    seen = other.pop("seen", Seen())._replace(filed_at=FILED)
    checks = {name: viewer.checks[name] for name in other.pop("checks", ("notice_kept",))}
    return await viewer.visit("", kind, target=replace(target, **other), seen=seen, checks=checks)


def filing(
    kind: str = "migration", start: datetime = NOON - DAY, end: datetime | None = None, **fields: object
) -> Declaration:
    told = {"id": 7, "kind": DeclarationKind(kind), "target": "site-1", "filed_at": start}
    return Declaration(**told, start=start, end=end, fields=fields)  # type: ignore[arg-type]


async def said(answer: bytes, field: str = "portal_notice", kind: str = "migration", **other: Any) -> Finding:
    """Of a notice at /notice/2026/17.html of the portal, or of the site itself."""
    host = "portal.example" if field == "portal_notice" else "www.bureau.example"
    fields: dict[str, Any] = other.pop("fields", {})
    async with serving(answer) as server, naming(NAMES) as zone, watching(nameserver=zone.port) as viewer:
        fields = {**fields, field: server.url("/notice/2026/17.html", host=host)}
        one = filing(kind, **fields)
        if (last := other.pop("last", None)) is not None:
            other["seen"] = Seen(said={("notice_kept", one.notice(field)): last})
        visited = await look(viewer, server, one, **other)
    (found,) = visited.findings
    assert found.subject == one.notice(field)
    return found


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("关于某市教育局门户网站迁移的公告", OK),
        ("关于某市教育局 网站 迁移的公告", OK),
        ("关于“某市　教育局”迁移的公告", OK),
        ('原网址 <a href="http://www.bureau.example/">停用</a>', OK),
        ("原网址 bureau.example 停用", OK),
        ("原网址 notbureau.example 停用", FAIL),
        ("原网址 www.bureau.example.org 停用", FAIL),
        ("网站标识码：3701000012", OK),
        ("网站标识码：3701000099", FAIL),
        ("关于某县教育局网站迁移的公告", FAIL),
        ("本网站将迁移", FAIL),  # says the portal of itself
    ],
)
async def test_a_notice_on_the_portal_names_the_site(words: str, outcome: Outcome) -> None:
    found = await said(notice(words), fields={"site_code": "3701000012"})
    assert found.outcome is outcome
    if outcome is FAIL:
        assert (found.cause, found.reason) == (Cause.NOTICE_KEPT, "names_another")
        assert str(found.summary) == "the notice on the portal opens, but does not name the site"


async def test_an_old_charset_is_read() -> None:
    page = notice("关于某市教育局网站迁移的公告").split(b"\r\n\r\n", 1)[1].decode().replace("utf-8", "gbk")
    found = await said(reply(page.encode("gbk"), "200 OK", "Content-Type: text/html; charset=gbk"))
    assert found.outcome is OK


async def test_a_notice_on_the_own_site_may_speak_of_itself() -> None:
    assert (await said(notice("本网站将迁移至新网址"), "own_notice")).outcome is OK


@pytest.mark.parametrize(
    ("words", "status", "outcome", "reason"),
    [
        ("本网站内容已迁移至 <a href='https://www.new.example/'>新网站</a>", "200 OK", OK, ""),
        ("本网站内容已迁移至 NEW.example", "200 OK", OK, ""),
        ("本网站内容已迁移至 anew.example", "200 OK", FAIL, "no_new_address"),
        ("本网站已永久下线", "200 OK", FAIL, "no_new_address"),
        ("x", "404 Not Found", UNKNOWN, "unreadable"),
    ],
)
async def test_the_own_notice_names_where_the_content_went(
    words: str, status: str, outcome: Outcome, reason: str
) -> None:
    answer = notice(words, status=status)
    async with serving(answer) as server, naming(NAMES) as zone, watching(nameserver=zone.port) as viewer:
        url = server.url("/notice.html", host="www.bureau.example")
        one = filing("permanent_offline", own_notice=url, new_url="https://www.new.example/x/")
        visited = await look(viewer, server, one)
    (itself, new) = visited.findings
    assert (itself.subject, new.subject) == (one.notice("own_notice"), one.notice("new_url"))
    assert (new.outcome, new.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (notice("x", status="404 Not Found"), FAIL, "gone"),
        (notice("x", status="500 Broken"), FAIL, "gone"),
        (pages.WALL_412, UNKNOWN, "challenged"),
        (reply(b"%PDF-1.4 " + bytes(900), "200 OK", "Content-Type: application/pdf"), UNKNOWN, "unreadable"),
        (reply(b"<html><title>1</title><img src='/1.png'>", "200 OK", pages.HTML), UNKNOWN, "unreadable"),
        (reply(b"", "200 OK", pages.HTML), UNKNOWN, "unreadable"),
        (pages.redirect("/"), FAIL, "gone"),
    ],
)
@pytest.mark.parametrize("field", ["own_notice", "portal_notice"])
async def test_what_does_not_open_or_cannot_be_read(answer: bytes, outcome: Outcome, reason: str, field: str) -> None:
    found = await said(answer, field)
    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("kind", "outcome", "reason"),
    [
        ("temporary_offline", UNKNOWN, "closed"),
        ("permanent_offline", FAIL, "gone"),
        ("migration", FAIL, "gone"),
    ],
)
async def test_a_site_that_is_off_cannot_show_its_own_notice(kind: str, outcome: Outcome, reason: str) -> None:
    found = await said(notice("x", status="503 Closed"), "own_notice", kind)
    assert (found.outcome, found.reason) == (outcome, reason)
    portal = await said(notice("x", status="503 Closed"), "portal_notice", kind)
    assert (portal.outcome, portal.reason) == (FAIL, "gone"), "the portal owes it all the same"


async def test_the_placeholder_page_is_a_notice() -> None:
    closed = notice("因系统升级维护，本网站暂停服务，预计2026年11月30日恢复访问。", title="网站维护公告")
    found = await said(closed, "own_notice", "temporary_offline")
    assert found.outcome is OK


@pytest.mark.parametrize(
    ("last", "read"),
    [
        (None, None),
        (Last(1, OK, "", (), 3, NOON - 2 * DAY), "2026-11-18"),
        (Last(1, UNKNOWN, "closed", (("read", "2026-11-09"),), 3, NOON - DAY), "2026-11-09"),
        (Last(1, UNKNOWN, "proxy", (("read", "2026-11-09"),), 3, NOON - DAY), "2026-11-09"),
        (Last(1, UNKNOWN, "early", (), 3, NOON - DAY), None),
    ],
)
async def test_when_it_was_read_before_is_remembered(last: Last | None, read: str | None) -> None:
    found = await said(notice("x", status="503 Closed"), "own_notice", "temporary_offline", last=last)
    assert (found.reason, found.measure("read")) == ("closed", read)


async def test_a_look_that_cannot_tell_hands_on_when_it_was_read() -> None:
    """Else one wall in front of the site on the day before it goes off would take the proof away."""
    walled = reply(b"x", "403 Forbidden")
    found = await said(walled, "own_notice", "temporary_offline", last=Last(1, OK, "", (), 3, NOON - 2 * DAY))
    assert (found.outcome, found.measure("read")) == (UNKNOWN, "2026-11-18")


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        ({"kind": "temporary_offline"}, UNKNOWN),
        ({"kind": "permanent_offline"}, FAIL),
        ({"kind": "migration"}, FAIL),
        ({"kind": "permanent_offline", "start": NOON + DAY}, UNKNOWN),
        ({"kind": "temporary_offline", "end": NOON - SECOND}, UNKNOWN),
    ],
)
async def test_a_notice_that_two_declarations_tell_is_owed_by_both(other: dict[str, Any], outcome: Outcome) -> None:
    """Of a closure for a while it need not be seen; of what goes for good it has to be."""
    gone = notice("x", status="503 Closed")
    async with serving(gone) as server, naming(NAMES) as zone, watching(nameserver=zone.port) as viewer:
        url = server.url("/1.html", host="www.bureau.example")
        two = filing("temporary_offline", own_notice=url), replace(filing(**other, own_notice=url), id=8)
        [found] = (await look(viewer, server, *two)).findings
    assert found.outcome is outcome


async def test_before_the_start_only_good_is_said() -> None:
    """From a month before it on: so that it counts as read when the site is off."""
    async with (
        serving(notice("关于某市教育局网站迁移的公告")) as server,
        serving(notice("x")) as other,
        naming(NAMES) as zone,
        watching(nameserver=zone.port) as viewer,
    ):
        for host, outcome in ((server, OK), (other, UNKNOWN)):
            url = host.url("/1.html", host="portal.example")
            [found] = (await look(viewer, host, filing(start=NOON + 30 * DAY, portal_notice=url))).findings
            assert found.outcome is outcome
        early = filing(start=NOON + 31 * DAY, portal_notice=server.url("/1.html"))
        assert (await look(viewer, server, early)).findings == ()


@pytest.mark.parametrize(
    ("begun", "ends", "is_watched"),
    [(99, None, True), (101, None, False), (101, -1, False), (101, 1, True)],
)
async def test_how_long_it_is_looked_at(begun: int, ends: int | None, is_watched: bool) -> None:
    end = None if ends is None else NOON + ends * DAY
    async with serving(notice("x")) as server, naming(NAMES) as zone, watching(nameserver=zone.port) as viewer:
        url = server.url("/1.html", host="portal.example")
        visited = await look(viewer, server, filing(start=NOON - begun * DAY, end=end, portal_notice=url))
        assert bool(visited.findings) is bool(server.asked) is is_watched


async def test_an_account_is_named_and_its_page_is_read_as_a_page() -> None:
    async with (
        serving(notice("关于关停“某市发布”微信公众号的公告")) as server,
        naming(NAMES) as zone,
        watching(nameserver=zone.port) as viewer,
    ):
        one = filing("account_closing", notice=server.url("/", host="www.bureau.example"))
        account: dict[str, Any] = {"kind": TargetKind.ACCOUNT, "name": "某市发布"}
        [found] = (await look(viewer, server, one, **account)).findings
        [other] = (await look(viewer, server, one, **{**account, "name": "某县发布"})).findings
    assert (found.outcome, found.subject) == (OK, one.notice("notice"))
    assert (other.outcome, other.reason) == (FAIL, "names_another")


async def test_the_home_page_is_asked_whole_although_it_did_not_change() -> None:
    """The notice stands on it: a 304 would show none of it."""
    body = notice("关于某市教育局网站迁移的公告").split(b"\r\n\r\n", 1)[1]

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        known = b"if-none-match" in request.lower()
        writer.write(reply(b"", "304 Not Modified") if known else reply(body, "200 OK", pages.HTML, 'ETag: "1"'))

    async with serving(answer) as server, naming(NAMES) as zone, watching(nameserver=zone.port) as viewer:
        one = filing(own_notice=server.url("/", host="www.bureau.example"))
        first = await look(viewer, server, one, checks=("reachable",))
        again = await look(viewer, server, one, checks=("reachable", "notice_kept"), seen=remembered(first))
    assert again.page is not None
    assert again.page.fetched.not_modified
    assert [(said.check, said.outcome) for said in again.findings] == [("reachable", OK), ("notice_kept", OK)]


async def test_without_a_declaration_nobody_is_asked() -> None:
    async def never(target: str, now: datetime) -> tuple[Declaration, ...]:
        raise AssertionError(target, now)

    async with serving(notice("x")) as server, watching() as viewer:
        viewer.tools = replace(viewer.tools, declared=never)
        for kind in (TargetKind.SITE, TargetKind.ACCOUNT):
            visited = await viewer.visit(server.url(), kind, checks={"notice_kept": viewer.checks["notice_kept"]})
            assert visited.findings == ()


async def test_several_notices_are_one_question_to_the_store() -> None:
    asked: list[str] = []

    async with (
        serving(notice("某市教育局网站")) as server,
        naming(NAMES) as zone,
        watching(nameserver=zone.port) as viewer,
    ):
        urls = [server.url(f"/{n}.html", host="portal.example") for n in range(2)]
        both = [filing(own_notice=urls[0], portal_notice=urls[1]), replace(filing(portal_notice=urls[1]), id=8)]

        async def filed(target: str, _now: datetime) -> Sequence[Declaration]:
            asked.append(target)
            return tuple(both)

        viewer.tools = replace(viewer.tools, declared=filed)  # type: ignore[arg-type]
        target: Target[dict[str, dict[str, object]]] = replace(
            a_target(server.url("/", host="www.bureau.example"), TargetKind.SITE), name="某市教育局"
        )
        checks = {"notice_kept": viewer.checks["notice_kept"]}
        visited = await viewer.visit("", target=target, seen=Seen(filed_at=NOON), checks=checks)
    assert [one.subject for one in visited.findings] == [both[0].notice("own_notice"), both[1].notice("portal_notice")]
    assert len(asked) == 1
    assert len(server.asked) == 2, "each address once"
