"""What the server does → what `reachable` says: every reach of DESIGN.md §1, on a site, a column and a page."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Cause, Finding, Outcome, Reach, TargetKind, Visited
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe import tls_server
from tests.observe.dns_server import naming
from tests.observe.raw_server import Answer, reply, serving, stop

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN
KINDS = (TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE)


async def hang(_request: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """Headers at once, then a body that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"<p>")
        await writer.drain()
        await asyncio.sleep(0.05)


async def late(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """Complete, but only after the 0.4 s that the test allows."""
    await asyncio.sleep(0.6)
    writer.write(pages.LISTED)


async def reset(_request: bytes, writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass(frozen=True)
class Row:
    """A line of the table. `elsewhere` is the outcome on columns and pages where it differs from a site's."""

    answer: bytes | tuple[bytes, ...] | Answer
    reach: Reach
    outcome: Outcome
    cause: Cause | None = None
    reason: str = ""
    elsewhere: Outcome | None = None
    detail: str | None = None
    short: bool = False  # waits that the test must shorten


def outage(answer: bytes | tuple[bytes, ...] | Answer, reach: Reach, detail: str | None = None, **more: object) -> Row:
    return Row(answer, reach, FAIL, Cause.OUTAGE, reach.value, detail=detail, **more)  # type: ignore[arg-type]


def blind(answer: bytes | Answer, reach: Reach, detail: str | None = None) -> Row:
    return Row(answer, reach, UNKNOWN, None, reach.value, detail=detail)


TABLE = {
    "opens": Row(pages.LISTED, Reach.OPEN, OK),
    "an error status that is none": Row(pages.html(pages.page(pages.items()), "202 Accepted"), Reach.OPEN, OK),
    "empty page": Row(reply(b""), Reach.OPEN, OK),
    "slow": Row(late, Reach.SLOW, FAIL, Cause.SLOW, "slow", detail="slower than allowed", short=True),
    "reset": outage(reset, Reach.CONNECT, "connection reset"),
    "says nothing": outage(b"", Reach.CONNECT, "closed without an answer"),
    "cut short": outage(reply(b"half", length=9999), Reach.CONNECT, "closed before the answer was complete"),
    "never answers": outage(hang, Reach.TIMEOUT, "no answer in time", short=True),
    "never ends": outage(drip, Reach.TIMEOUT, "not complete in time", short=True),
    "404": outage(pages.NOT_FOUND, Reach.HTTP_ERROR, "HTTP 404"),
    "410": outage(pages.GONE, Reach.HTTP_ERROR, "HTTP 410"),
    "500": outage(pages.BROKEN, Reach.HTTP_ERROR, "HTTP 500"),
    "502 without a body": outage(reply(b"", "502 Bad Gateway"), Reach.HTTP_ERROR, "HTTP 502"),
    "503": outage(pages.BUSY, Reach.HTTP_ERROR, "HTTP 503"),
    "redirects in a circle": outage(pages.redirect("/"), Reach.REDIRECT_LOOP, "more than 8 redirects"),
    "redirects to nowhere": outage(
        pages.redirect("javascript:void(0)"), Reach.REDIRECT_LOOP, "redirect to something that is no web address"
    ),
    "no HTTP": outage(b"\x00\x01\x02 rubbish\r\n\r\n", Reach.MALFORMED),
    "maintenance with 200": outage(pages.html(pages.CLOSED), Reach.MAINTENANCE, elsewhere=UNKNOWN),
    "maintenance with 503": outage(
        pages.html(pages.CLOSED, "503 Service Unavailable"), Reach.MAINTENANCE, elsewhere=UNKNOWN
    ),
    "error page with 200": outage(pages.html(pages.SORRY), Reach.SOFT_ERROR),
    "sold": Row(pages.html(pages.SOLD), Reach.HIJACKED, FAIL, Cause.TAMPER, "hijacked"),
    "wall with 200": blind(pages.WALL_200, Reach.CHALLENGED),
    "wall with 412": blind(pages.WALL_412, Reach.CHALLENGED, "HTTP 412"),
    "wall with 404": blind(
        pages.html("<title>404</title><p>请完成安全验证后继续访问</p>", "404 Not Found"), Reach.CHALLENGED
    ),
    "wall with 503": blind(
        pages.html("<title>Just a moment...</title><p>cf-browser-verification</p>", "503 Busy"), Reach.CHALLENGED
    ),
    **{
        f"{status} whatever the body": blind(pages.html(pages.page(pages.items()), f"{status} No"), Reach.CHALLENGED)
        for status in (400, 401, 403, 405, 412, 418, 429, 451, 999)
    },
    "larger than we read": blind(
        reply(b"<p>" * 100_000, "200 OK", pages.HTML), Reach.TOO_LARGE, "larger than the limit"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_the_server_does_and_what_is_said(row: Row, kind: TargetKind) -> None:
    limits: dict[str, Any] = {"timeout": 1.2, "slow": 0.4} if row.short else {"timeout": 10.0, "slow": 8.0}
    async with serving(row.answer) as server, watching(max_body=200_000, **limits) as viewer:
        visited = await viewer.visit(server.url(), kind)
    said = finding(visited, "reachable")
    outcome = row.outcome if kind is TargetKind.SITE else row.elsewhere or row.outcome
    assert (visited.reach, said.outcome) == (row.reach, outcome)
    assert (said.cause, said.reason) == (row.cause if outcome is FAIL else None, row.reason)
    assert said.evidence["reach"] == row.reach.value
    if row.detail is not None:
        assert said.evidence["detail"] == row.detail
    assert_measured(said, visited)


def assert_measured(said: Finding, visited: Visited) -> None:
    """Every finding carries its seconds, the try the same, and evidence that fits on a page."""
    seconds = measured(said)["seconds"]
    assert isinstance(seconds, float)
    assert seconds == said.evidence["seconds"]
    (tried,) = visited.tries
    assert tried.seconds == pytest.approx(seconds, abs=0.001)
    assert tried.reach is visited.reach
    assert len(str(dict(said.evidence))) < 2000


NAMES = {
    "gone.example": "NXDOMAIN",
    "nodata.example": "no address",
    "servfail.example": "SERVFAIL",
    "refused.example": "REFUSED by the name server",
    "silent.example": "no answer from the name server",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("host", "detail"), NAMES.items())
async def test_names_that_do_not_resolve(host: str, detail: str, kind: TargetKind) -> None:
    answers = {name: name.partition(".")[0] for name in NAMES if name != "gone.example"}
    async with naming(answers) as zone, watching(nameserver=zone.port) as viewer:
        said = finding(await viewer.visit(f"http://{host}/", kind), "reachable")
    assert (said.outcome, said.cause, said.reason) == (FAIL, Cause.OUTAGE, "dns")
    assert said.evidence["detail"] == detail


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_listens(kind: TargetKind) -> None:
    async with serving(b"") as server:
        url = server.url()
    async with watching() as viewer:
        said = finding(await viewer.visit(url, kind), "reachable")
    assert (said.outcome, said.cause, said.reason) == (FAIL, Cause.OUTAGE, "connect")
    assert said.evidence["detail"] == "connection refused"


@pytest.mark.parametrize("kind", KINDS)
async def test_no_tls_where_tls_should_be(kind: TargetKind) -> None:
    """Plain HTTP on the port of HTTPS: whatever comes first, it answers 400 at once."""
    served: list[asyncio.StreamWriter] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    try:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with watching() as viewer:
            said = finding(await viewer.visit(url, kind), "reachable")
    finally:
        await stop(server, served)
    assert (said.outcome, said.cause, said.reason) == (FAIL, Cause.OUTAGE, "tls")


@pytest.mark.parametrize("kind", KINDS)
async def test_an_invalid_certificate_on_a_page_that_answers_is_open(kind: TargetKind, tmp_path: Path) -> None:
    ca = tls_server.ca_file(tmp_path)
    async with (
        naming({tls_server.HOST: ["127.0.0.1"]}) as zone,
        serving(pages.LISTED, tls_server.expired()) as server,
        watching(nameserver=zone.port, ca_file=ca) as viewer,
    ):
        said = finding(await viewer.visit(server.url(host=tls_server.HOST, scheme="https"), kind), "reachable")
    assert (said.outcome, said.reason) == (OK, "")
    assert said.evidence["notes"] == ["untrusted_certificate"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://10.0.0.8/", "http://inner.example/"])
async def test_what_the_guard_refuses_could_not_be_looked_at(url: str, kind: TargetKind) -> None:
    async with naming({"inner.example": ["192.168.1.9"]}) as zone, watching(nameserver=zone.port, allow=()) as viewer:
        said = finding(await viewer.visit(url, kind), "reachable")
    assert (said.outcome, said.cause, said.reason) == (UNKNOWN, None, "refused_by_guard")


async def test_the_evidence_names_the_way_and_the_end() -> None:
    notice = "<title>通知</title><p>网站系统升级维护中，暂停访问，预计2026年12月1日恢复。</p>"
    answers = (pages.redirect("/weihu.html"), pages.html(notice))
    async with serving(answers) as server, watching() as viewer:
        said = finding(await viewer.visit(server.url()), "reachable")
    evidence = said.evidence
    assert evidence["final_url"] == server.url("/weihu.html")
    assert evidence["hops"] == [[server.url(), 302], [server.url("/weihu.html"), 200]]
    assert (evidence["status"], evidence["address"], evidence["title"]) == (200, "127.0.0.1", "通知")
    assert evidence["returns_on"] == "2026-12-01"


async def test_a_column_that_lands_on_the_home_page_is_said_to_do_so() -> None:
    async with serving([pages.redirect("/"), pages.LISTED]) as server, watching() as viewer:
        visited = await viewer.visit(server.url("/xxgk/gzdt/"), TargetKind.COLUMN)
    said = finding(visited, "reachable")
    assert (said.outcome, said.cause, said.reason) == (FAIL, Cause.OUTAGE, "soft_error")
    assert str(said.summary) == "leads to the home page in place of the page"
