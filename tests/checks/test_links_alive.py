"""What the server does → what `links_alive` says of a link that pages carry."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from monitor.model import Cause, Finding, Outcome, TargetKind
from tests.checks import pages
from tests.checks.eyes import finding, watching
from tests.observe.dns_server import naming
from tests.observe.raw_server import Answer, Served, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN
PDF = reply(b"%PDF-1.7 \x00\x01", "200 OK", "Content-Type: application/pdf")
PDF_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 12\r\n\r\n"
HTML_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n"


def head(status: str, *more: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *more, "", "")).encode()


def asked(to_head: bytes, to_get: bytes | Mapping[str, bytes]) -> Answer:
    """A server that answers HEAD one way and GET another, GET perhaps by path."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        method, path, _ = request.decode("latin-1").split(" ", 2)
        if method == "HEAD":
            writer.write(to_head)
        else:
            writer.write(to_get if isinstance(to_get, bytes) else to_get[path])

    return answer


async def hang(_request: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@dataclass(frozen=True)
class Row:
    """`path` is the link; `methods` what the server must have been asked, in order."""

    answer: Answer | bytes
    outcome: Outcome
    reason: str = ""
    path: str = "/zwgk/2026/t1.html"
    own: bool = True
    methods: tuple[str, ...] | None = None


def same(status: str, body: str = "") -> Answer:
    """The same status to HEAD and GET."""
    return asked(head(status, "Content-Length: 0"), pages.html(body, status))


TABLE = {
    "opens": Row(asked(head("200 OK"), b""), OK, methods=("HEAD",)),
    "HEAD not allowed, GET fine": Row(asked(head("405 No"), pages.LISTED), OK, methods=("HEAD", "GET")),
    "HEAD says 404, GET fine": Row(asked(head("404 Not Found"), pages.LISTED), OK, methods=("HEAD", "GET")),
    "HEAD says 501, GET fine": Row(asked(head("501 No"), pages.LISTED), OK, methods=("HEAD", "GET")),
    "HEAD cut off, GET fine": Row(asked(b"", pages.LISTED), OK),
    "404": Row(same("404 Not Found"), FAIL, "http_404"),
    "404 of other people": Row(same("404 Not Found"), FAIL, "http_404", own=False),
    "410": Row(same("410 Gone"), FAIL, "http_410"),
    "410 of other people": Row(same("410 Gone"), FAIL, "http_410", own=False),
    **{f"{status} of our own": Row(same(f"{status} No"), FAIL, f"http_{status}") for status in (500, 502, 503, 504)},
    **{
        f"{status} of other people": Row(same(f"{status} No"), UNKNOWN, "http_error", own=False)
        for status in (500, 502, 503, 504)
    },
    **{
        f"{status}, {'own' if own else 'other'}": Row(same(f"{status} No"), UNKNOWN, "challenged", own=own)
        for status in (401, 403, 405, 412, 429, 999)
        for own in (True, False)
    },
    "wall with 404": Row(same("404 Not Found", "<title>404</title><p>请完成安全验证</p>"), UNKNOWN, "challenged"),
    "error page with 200": Row(asked(head("405 No"), pages.html(pages.SORRY)), FAIL, "soft_error"),
    "maintenance": Row(asked(head("503 No"), pages.html(pages.CLOSED)), UNKNOWN, "maintenance"),
    "maintenance of our own with 503": Row(
        asked(head("503 No"), pages.html(pages.CLOSED, "503 No")), UNKNOWN, "maintenance"
    ),
    "404 that speaks of a rebuilding": Row(same("404 Not Found", "<p>网站已改版，页面不存在</p>"), FAIL, "http_404"),
    "leads to the home page": Row(
        asked(b"", {"/zwgk/2026/t1.html": pages.redirect("/"), "/": pages.LISTED}), FAIL, "redirected_home"
    ),
    "a column that leads to the home page": Row(
        asked(b"", {"/zwgk/": pages.redirect("/"), "/": pages.LISTED}), FAIL, "redirected_home", path="/zwgk/"
    ),
    "the home page itself": Row(asked(head("200 OK"), b""), OK, path="/"),
    "an attachment": Row(asked(PDF_HEAD, PDF), OK, path="/files/a.pdf", methods=("HEAD",)),
    "an attachment that is a page": Row(asked(HTML_HEAD, pages.LISTED), FAIL, "not_a_file", path="/files/a.pdf"),
    "an attachment that says it is gone": Row(
        asked(HTML_HEAD, pages.html(pages.SORRY)), FAIL, "soft_error", path="/a/a.doc"
    ),
    "an attachment behind a wall with 200": Row(
        asked(HTML_HEAD, pages.WALL_200), UNKNOWN, "challenged", path="/f/a.xlsx"
    ),
    "an attachment behind a wall with 412": Row(
        asked(HTML_HEAD, pages.WALL_412), UNKNOWN, "challenged", path="/f/a.zip"
    ),
    "an attachment, HEAD lies": Row(asked(HTML_HEAD, PDF), OK, path="/files/a.PDF", methods=("HEAD", "GET")),
    **{
        f"a .{suffix} that is a page": Row(asked(HTML_HEAD, pages.LISTED), FAIL, "not_a_file", path=f"/f/a.{suffix}")
        for suffix in ("pdf", "DOC", "xls", "zip", "jpg", "png", "ofd")
    },
    "a page without a type in place of a file": Row(
        asked(head("405 No"), reply(pages.page(pages.items()).encode())), FAIL, "not_a_file", path="/f/a.pdf"
    ),
    "a document saved as a web page": Row(
        asked(HTML_HEAD, pages.html("<html xmlns:w='urn:schemas-microsoft-com:office:word'><p>通知</p></html>")),
        OK,
        path="/f/a.doc",
        methods=("HEAD", "GET"),
    ),
    "a picture": Row(asked(head("200 OK", "Content-Type: image/jpeg"), b""), OK, path="/f/a.jpg", methods=("HEAD",)),
    "a page behind a file's name with parameters": Row(
        asked(HTML_HEAD, pages.LISTED), FAIL, "not_a_file", path="/f/a.pdf?v=1"
    ),
    "so little that it may be an error": Row(
        asked(head("200 OK", "Content-Type: text/html", "Content-Length: 300"), pages.html(pages.SORRY)),
        FAIL,
        "soft_error",
        methods=("HEAD", "GET"),
    ),
    "little, and a page": Row(
        asked(head("200 OK", "Content-Type: text/html", "Content-Length: 300"), pages.LISTED),
        OK,
        methods=("HEAD", "GET"),
    ),
    "much is not asked for": Row(
        asked(head("200 OK", "Content-Type: text/html", "Content-Length: 30000"), b""), OK, methods=("HEAD",)
    ),
    "leads to an error page": Row(
        asked(b"", {"/zwgk/2026/t1.html": pages.redirect("/404.html"), "/404.html": pages.LISTED}), FAIL, "soft_error"
    ),
    "a script that leads home": Row(
        asked(head("405 No"), pages.html("<html><script>location.href='/'</script></html>")), FAIL, "soft_error"
    ),
    "a wall that sets a cookie and loads again": Row(
        asked(head("405 No"), pages.html("<html><script>document.cookie='a=b';location.reload()</script></html>")),
        UNKNOWN,
        "challenged",
    ),
    "another language of the home page": Row(
        asked(head("302 Found", "Location: /"), {"/en/": pages.redirect("/"), "/": pages.LISTED}), OK, path="/en/"
    ),
    "redirects in a circle": Row(
        asked(pages.redirect("/zwgk/2026/t1.html"), pages.redirect("/zwgk/2026/t1.html")), FAIL, "redirect_loop"
    ),
    "no HTTP": Row(b"rubbish\r\n\r\n", FAIL, "malformed"),
    "never answers": Row(hang, FAIL, "timeout"),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_the_server_does_and_what_is_said(row: Row) -> None:
    patience = 0.5 if row.reason == "timeout" else 10.0
    async with serving(row.answer) as server, watching(timeout=patience, slow=patience * 0.9) as viewer:
        visited = await viewer.visit(server.url(row.path), TargetKind.LINK, site="site-1" if row.own else None)
    said = finding(visited, "links_alive")
    assert (said.outcome, said.reason) == (row.outcome, row.reason)
    assert said.cause is (Cause.DEAD_LINK if row.outcome is FAIL else None)
    assert said.evidence["url"] == server.url(row.path)
    if row.methods is not None:
        assert methods(server) == row.methods


def methods(server: Served) -> tuple[str, ...]:
    return tuple(request.split(b" ", 1)[0].decode() for request in server.asked)


async def test_a_name_that_is_gone_is_dead() -> None:
    said = await look_by_name("gone.example")
    assert (said.outcome, said.cause, said.reason) == (FAIL, Cause.DEAD_LINK, "dns")
    assert said.evidence["detail"] == "NXDOMAIN"


async def test_nobody_listens_is_dead() -> None:
    said = await look_by_name("here.example")
    assert (said.outcome, said.reason) == (FAIL, "connect")


async def look_by_name(host: str) -> Finding:
    async with serving(b"") as server:
        port = server.port
    async with naming({"here.example": ["127.0.0.1"]}) as zone, watching(nameserver=zone.port) as viewer:
        return finding(await viewer.visit(f"http://{host}:{port}/a/b.html", TargetKind.LINK), "links_alive")


async def test_what_the_guard_refuses_could_not_be_looked_at() -> None:
    async with watching(allow=()) as viewer:
        said = finding(await viewer.visit("http://10.0.0.9/a/b.html", TargetKind.LINK), "links_alive")
    assert (said.outcome, said.cause, said.reason) == (UNKNOWN, None, "refused_by_guard")


async def test_a_file_larger_than_we_read_is_alive() -> None:
    film = reply(b"\x00" * 300_000, "200 OK", "Content-Type: video/mp4")
    async with serving(asked(head("405 No"), film)) as server, watching(max_body=100_000) as viewer:
        said = finding(await viewer.visit(server.url("/v/a.mp4"), TargetKind.LINK), "links_alive")
    assert said.outcome is OK


async def test_links_of_one_host_share_a_connection() -> None:
    answer = reply(b"", "200 OK", "Content-Type: text/html")
    connections = 0

    async def count(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections = max(connections, len({writer.get_extra_info("peername")}))
        peers.add(writer.get_extra_info("peername"))
        writer.write(answer)

    peers: set[object] = set()
    async with serving(count, keep_alive=True) as server, watching() as viewer:
        for n in range(4):
            visited = await viewer.visit(server.url(f"/a/{n}.html"), TargetKind.LINK)
            assert finding(visited, "links_alive").outcome is OK
    assert len(peers) == 1
