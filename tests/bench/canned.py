"""A server that costs next to nothing: canned answers, then the door. A process of its own, on a processor of its own.

`/u/…` answers the same page for ever; `/k/…` the same page with another visit counter each time; `/c/…` a list that has a
new item on top each time it is asked for. Always 200 with validators, gzip, one request a connection.
"""

import asyncio
import contextlib
import gzip
import multiprocessing
import os
import random
import ssl
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar, cast

import trustme

from tests.footer import FOOTER

T = TypeVar("T")

HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 33))
"""Enough that no host has more visits in the air than plan/tick.py lets it."""
VERSIONS = 24
"""How often `/c/…` and `/k/…` change before they start over: more than a run asks one address."""
ITEMS = 130
SIZE = 60_000  # bytes of a page, gzip makes 12 KB of it as of a real one (libraries.md §2)


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server listens, on every one of HOSTS."""

    http: int
    https: int


@contextlib.contextmanager
def serving(folder: Path, processor: int | None) -> Iterator[Served]:
    """The server in a process pinned to that processor; its authority is written to `folder`/ca.pem."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, folder, processor), daemon=True)
    server.start()
    theirs.close()  # so that a server that dies at once is heard of
    try:
        yield mine.recv()
    finally:
        server.terminate()
        server.join()
        mine.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """On uvloop where it is installed, as the daemon does."""
    with contextlib.suppress(ImportError):
        import uvloop

        return uvloop.run(work)
    return asyncio.run(work)


def _serve(pipe: Connection, folder: Path, processor: int | None) -> None:
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    run(_forever(pipe, _context(folder)))


async def _forever(pipe: Connection, context: ssl.SSLContext) -> None:
    loop, answers = asyncio.get_running_loop(), _answers()
    asked: Counter[bytes] = Counter()

    def door() -> asyncio.Protocol:
        return _Door(answers, asked)

    http = await loop.create_server(door, HOSTS[0], 0, backlog=1024)
    https = await loop.create_server(door, HOSTS[0], 0, backlog=1024, ssl=context)
    ports = [server.sockets[0].getsockname()[1] for server in (http, https)]
    for host in HOSTS[1:]:
        await loop.create_server(door, host, ports[0], backlog=1024)
        await loop.create_server(door, host, ports[1], backlog=1024, ssl=context)
    pipe.send(Served(*ports))
    await http.serve_forever()


class _Door(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: Mapping[bytes, tuple[bytes, ...]], asked: Counter[bytes]) -> None:
        self._answers = answers
        self._asked = asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        if not data.endswith(b"\r\n\r\n"):
            return
        path = data[4 : data.index(b" ", 4)]  # "GET /u/17/ HTTP/1.1"
        versions = self._answers[path[1:2]]
        self._transport.write(versions[self._asked[path] % len(versions)])
        self._asked[path] += 1
        self._transport.close()


def _answers() -> dict[bytes, tuple[bytes, ...]]:
    return {
        b"u": (_answer(page(0, 0)),),
        b"k": tuple(_answer(page(0, count)) for count in range(VERSIONS)),
        b"c": tuple(_answer(page(version, 0)) for version in range(VERSIONS)),
    }


def page(version: int, count: int) -> bytes:
    """A home page of about 60 KB: menus and scripts, a list whose newest `version` items are new, a visit counter."""
    rows = "\n".join(_row(number) for number in range(version + ITEMS, version, -1))
    chance = random.Random(2)
    menu = "\n".join(
        f'<li class="nav-item nav-item-{n % 7}"><a class="nav-link" href="menu/{n}/index.html">{_words(chance, 2)}</a></li>'
        for n in range(30)
    )
    text = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>某市人民政府门户网站</title></head><body>
<ul class="nav">{menu}</ul><div class="list"><h2>政务动态</h2><ul class="news_list">{rows}</ul></div>
<div class="foot"><p>访问量：<span id="visit_count">{100_000 + count}</span></p>{FOOTER}</div>"""
    code = "var panel{0}=document.getElementById('panel{0}');if(panel{0}){{panel{0}.style.display='none';}}\n"
    filler = "".join(code.format(n) for n in range((SIZE - len(text.encode())) // 90))
    return f"{text}<script>{filler}</script></body></html>".encode()


def _row(number: int) -> str:
    chance, day = random.Random(number), 1 + (number // 8) % 28
    return (
        f'<li class="list-item"><span class="date">2026-10-{day:02}</span><a class="list-link" target="_blank" '
        f'href="art/2026/10/{day:02}/art_{number:06}.html" title="详情">关于{_words(chance, 9)}的通知</a></li>'
    )


def _words(chance: random.Random, count: int) -> str:
    return "".join(chance.choices(_WORDS, k=count))


_WORDS = "政府 工作 公开 信息 发展 改革 服务 企业 群众 项目 建设 管理 监督 检查 会议 部署 推进 落实 安全 生产 教育 医疗 环境".split()


def _answer(body: bytes) -> bytes:
    packed = gzip.compress(body)
    head = (
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 00:00:00 GMT\r\nContent-Type: text/html\r\n"
        'Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\nETag: "abc"\r\nContent-Encoding: gzip\r\n'
        f"Content-Length: {len(packed)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + packed


def _context(folder: Path) -> ssl.SSLContext:
    authority = trustme.CA(organization_name="bench")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*HOSTS).configure_cert(context)
    return context
