"""What happened on the wire reaches an officer in Chinese: every ending of the real fetcher, and every phrase it may use."""

import ast
import asyncio
import re
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.model import DETAILS, Fetched, Reach, State, Text, how_it_ended, say, why_unread
from monitor.observe import errors, guard
from monitor.render import LANGUAGES, translate
from tests.observe import tls_server
from tests.observe.dns_server import naming
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving, stop
from tests.tree import ROOT

SHORT = replace(LIMITS, timeout=0.6, slow=0.3)


def english(words: str) -> list[str]:
    """Runs of two ASCII words or more, besides addresses and host names."""
    plain = re.sub(r"https?://\S+|[\w-]+(?:\.[\w-]+)+", "·", words)
    return [run for run in re.findall(r"[A-Za-z][A-Za-z-]*(?: [A-Za-z][A-Za-z-]*)+", plain) if run.upper() != run]


def chinese(text: Text) -> str:
    shown = translate(text, "zh-CN")
    assert not english(shown), shown
    assert re.search(r"[\u4e00-\u9fff]", shown), shown
    assert "{" not in shown
    return shown


def worded(fetched: Fetched) -> str:
    return chinese(how_it_ended(fetched, fetched.reach))


async def hang(_request: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip(_request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def late(_request: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.4)
    writer.write(reply())


async def reset(_request: bytes, writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def to(place: str) -> bytes:
    return reply(b"", "302 Found", f"Location: {place}")


ANSWERS: list[tuple[Any, Reach, str]] = [
    (reply(), Reach.OPEN, "能打开"),
    (late, Reach.SLOW, "打开过慢"),
    (reset, Reach.CONNECT, "无法正常连接，连接被服务器强行断开"),
    (b"", Reach.CONNECT, "无法正常连接，连上后服务器未应答即断开"),
    (reply(b"half", length=9999), Reach.CONNECT, "无法正常连接，应答未传完即断开"),
    (hang, Reach.TIMEOUT, "1秒内没有应答"),
    (drip, Reach.TIMEOUT, "开始应答，但1秒内未传完"),
    (reply(PAGE, "404 Not Found"), Reach.HTTP_ERROR, "服务器返回 HTTP 404（页面不存在）"),
    (reply(PAGE, "500 Oops"), Reach.HTTP_ERROR, "服务器返回 HTTP 500（服务器内部错误）"),
    (reply(PAGE, "502 Bad Gateway"), Reach.HTTP_ERROR, "服务器返回 HTTP 502（网关错误，后端服务无应答）"),
    (reply(PAGE, "503 Busy"), Reach.HTTP_ERROR, "服务器返回 HTTP 503（服务暂不可用）"),
    (reply(PAGE, "521 Down"), Reach.HTTP_ERROR, "服务器返回 HTTP 521"),
    (reply(PAGE, "403 Forbidden"), Reach.CHALLENGED, "有应答，但拒绝程序查看（HTTP 403），无法判断"),
    (to("/"), Reach.REDIRECT_LOOP, "页面跳转异常，跳转超过8次"),
    (to("javascript:void(0)"), Reach.REDIRECT_LOOP, "页面跳转异常，跳转去向不是网址"),
    (reply(b"", "302 Found"), Reach.REDIRECT_LOOP, "页面跳转异常，跳转没有去向"),
    (b"\x00\x01 rubbish\r\n\r\n", Reach.MALFORMED, "返回的内容无法识别，应答不是 HTTP"),
    (reply(b"not gzip at all", "200 OK", "Content-Encoding: br"), Reach.OPEN, "能打开"),
    (reply(PAGE, "304 Not Modified"), Reach.MALFORMED, "返回的内容无法识别，服务器错误地返回 HTTP 304"),
    (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        Reach.MALFORMED,
        "返回的内容无法识别，应答头中的长度自相矛盾",
    ),
    (reply(b"x" * 300_000), Reach.TOO_LARGE, "页面过大，无法读取"),
]


@pytest.mark.parametrize(("answer", "reach", "words"), ANSWERS, ids=[words for *_, words in ANSWERS])
async def test_every_answer_is_worded_by_what_happened(answer: Any, reach: Reach, words: str) -> None:
    limits = SHORT if answer in (late, hang, drip) else LIMITS
    async with serving(answer) as server, looking(limits) as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, worded(fetched)) == (reach, words)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("gone.example", "域名无法解析，域名不存在（NXDOMAIN）"),
        ("nodata.example", "域名无法解析，域名没有对应的地址记录"),
        ("servfail.example", "域名无法解析，域名服务器出错（SERVFAIL）"),
        ("refused.example", "域名无法解析，域名服务器拒绝查询（REFUSED）"),
        ("silent.example", "域名无法解析，域名服务器没有应答"),
    ],
)
async def test_names_by_their_real_cause(host: str, words: str) -> None:
    names = {f"{word}.example": word for word in ("nodata", "servfail", "refused", "silent")}
    async with naming(names) as zone, looking(nameserver=zone.port) as fetcher:
        assert worded(await fetcher.fetch(f"http://{host}/")) == words


async def test_nobody_listens_nothing_leads_there_and_the_guard_says_no() -> None:
    async with serving(b"") as server:
        pass
    async with looking() as fetcher:
        assert worded(await fetcher.fetch(server.url())) == "无法正常连接，服务器拒绝连接"
        assert (
            worded(await fetcher.fetch("http://10.0.0.8/"))
            == "该地址不在本机允许访问的范围内（设置项 [guard] allow）：内网地址"
        )
        assert worded(await fetcher.fetch("ftp://x.example/")) == "域名无法解析，网址不合规"
    unreachable = {"connection refused", "connection reset", "host unreachable", "network unreachable"}
    said = {translate(say("{detail}", detail=each), "zh-CN") for each in (*unreachable, "connect timed out")}
    assert len(said) == 5, "each is told apart from the others"


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (lambda writer: writer.close(), "无法建立安全连接，安全握手时被服务器断开"),
        (lambda writer: writer.write(reply()), "无法建立安全连接，该端口不支持安全连接"),
        (lambda _writer: None, "无法建立安全连接，安全握手超时"),
    ],
)
async def test_handshakes(talk: Callable[[asyncio.StreamWriter], object], words: str) -> None:
    writers: list[asyncio.StreamWriter] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        talk(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        async with looking(replace(LIMITS, connect_timeout=0.5)) as fetcher:
            port = server.sockets[0].getsockname()[1]
            assert worded(await fetcher.fetch(f"https://127.0.0.1:{port}/")) == words
    finally:
        await stop(server, writers)


@pytest.mark.parametrize("made", [tls_server.expired, tls_server.untrusted, tls_server.wrong_name])
async def test_behind_a_bad_certificate_an_error_is_still_the_error(made: Any, tmp_path: Path) -> None:
    ca = tls_server.ca_file(tmp_path)
    async with (
        naming({tls_server.HOST: ["127.0.0.1"]}) as zone,
        serving(reply(PAGE, "502 Bad"), made()) as server,
        looking(nameserver=zone.port, ca_file=ca) as fetcher,
    ):
        words = worded(await fetcher.fetch(server.url(host=tls_server.HOST, scheme="https")))
    assert words == "服务器返回 HTTP 502（网关错误，后端服务无应答）"


@pytest.mark.parametrize("detail", [each.template for each in DETAILS])
@pytest.mark.parametrize("reach", list(Reach))
def test_every_detail_reads_in_chinese_under_every_reach(reach: Reach, detail: str) -> None:
    told = detail.format(n=7)
    started = datetime(2026, 11, 20, tzinfo=UTC)
    fetched = Fetched(url="", final_url="", reach=reach, detail=told, started_at=started, seconds=30.0, status=599)
    worded(fetched)
    chinese(say("could not look: {detail}", detail=told))
    assert translate(say("{detail}", detail=told), "en") == told


@pytest.mark.parametrize("state", list(State))
def test_what_cannot_be_read_says_why(state: State) -> None:
    chinese(why_unread(state))


PRODUCERS = {"Ending", "Malformed", "LeadsNowhere", "Unreachable", "GuardRefused"}


def said_by(source: str) -> Iterator[str]:
    """The phrases handed to whatever carries a detail; what is filled in is `{n}`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PRODUCERS:
            yield from filter(None, map(_phrase, node.args))
        if isinstance(node, ast.keyword) and node.arg == "detail":
            yield from filter(None, [_phrase(node.value)])


def _phrase(node: ast.expr) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{n}" for part in node.values)  # type: ignore[misc]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def test_the_set_is_closed() -> None:
    known = {each.template for each in DETAILS}
    found = {
        phrase for path in (ROOT / "monitor" / "observe").glob("*.py") for phrase in said_by(path.read_text("utf-8"))
    }
    found |= {*errors._DNS.values(), *errors._CONNECT.values(), *errors._HANDSHAKE.values()}
    found |= {f"certificate {word.replace('_', ' ')}" for word in {*errors.CERTIFICATE_TROUBLE.values(), "untrusted"}}
    found |= {reason for _, reason in guard._CLOSED}
    found.discard("certificate {n}")
    assert len(found) > 50
    assert found <= known, found - known


def test_every_language_has_words_for_every_detail() -> None:
    for language in LANGUAGES:
        for each in DETAILS:
            assert translate(Text("{detail}", {"detail": each.template.format(n=3)}), language)
