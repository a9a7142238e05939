"""Serves the estate from a process of its own: canned answers, kept-alive connections, a book of who was asked.

`Served.take()` hands over what was asked since the last time. Binds to loopback addresses alone.
"""

import asyncio
import contextlib
import gzip
import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import cast

from tests.bench.canned import page, run
from tests.bench.peers.estate import HOMES, Kind, article, home_host, home_page, hosts, links

BOOK_LIMIT = 30.0  # seconds the server has to hand over its book, or to begin


@dataclass(frozen=True, slots=True)
class Answer:
    """The head without what compression changes, and the body."""

    status: str
    body: bytes = b""
    headers: str = ""

    def whole(self, *, packed: bool, with_body: bool) -> bytes:
        body = gzip.compress(self.body) if packed and self.body else self.body
        encoding = "Content-Encoding: gzip\r\n" if packed and self.body else ""
        head = (
            f"HTTP/1.1 {self.status}\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 00:00:00 GMT\r\n"
            f"Content-Type: text/html\r\n{self.headers}{encoding}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + (body if with_body else b"")


class Ready:
    """One answer in all its forms, made once."""

    def __init__(self, answer: Answer) -> None:
        self.forms = {
            (packed, with_body): answer.whole(packed=packed, with_body=with_body)
            for packed in (False, True)
            for with_body in (False, True)
        }


NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nETag: "abc"\r\n\r\n'
NO_HEAD = b"HTTP/1.1 405 Method Not Allowed\r\nServer: nginx\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n"
VALID = 'ETag: "abc"\r\nLast-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\n'


class Served:
    """The server from outside."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port = port
        self._pipe = pipe

    def take(self) -> Counter[str]:
        """ "METHOD host path" → how often, since the last time."""
        self._pipe.send(None)
        if not self._pipe.poll(BOOK_LIMIT):
            raise TimeoutError("the server does not hand over its book")
        return cast("Counter[str]", self._pipe.recv())


@contextlib.contextmanager
def serving(processor: int | None) -> Iterator[Served]:
    """The server in a process pinned to that processor."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, processor), daemon=True)
    server.start()
    theirs.close()  # so that a server that dies at once is heard of
    try:
        if not mine.poll(BOOK_LIMIT):
            raise TimeoutError("the server does not begin")
        yield Served(mine.recv(), mine)
    finally:
        server.terminate()
        server.join()
        mine.close()


def answers(port: int) -> dict[bytes, Ready]:
    """Path → answer. Home pages stand under the host: "127.1.0.1/"."""
    known, found = links(), {b"/reference": Ready(Answer("200 OK", b"<html><body>here</body></html>"))}
    by_kind = _by_kind()
    for link in known:
        if link.kind in by_kind:
            found[link.path.encode()] = by_kind[link.kind]
        else:  # the two that lead on
            place = "landed" if link.kind is Kind.MOVED else "nothing"
            found[link.path.encode()] = Ready(Answer("302 Found", headers=f"Location: /{place}/{link.number}.html\r\n"))
    for number in range(HOMES):
        body = home_page(number, known, port)
        found[f"{home_host(number)}/".encode()] = Ready(Answer("200 OK", body, VALID))
    return found


def _by_kind() -> dict[Kind, Ready]:
    fine, gone = Ready(Answer("200 OK", article(), VALID)), Ready(Answer("404 Not Found", _error("404 Not Found")))
    return {
        Kind.FINE: fine,
        Kind.NO_HEAD: fine,
        Kind.GONE: gone,
        Kind.REMOVED: Ready(Answer("410 Gone", _error("410 Gone"))),
        Kind.BROKEN: Ready(Answer("500 Internal Server Error", _error("500 Internal Server Error"))),
        Kind.SHUT: gone,  # never asked: nobody listens there
    }


def folders() -> dict[bytes, Ready]:
    """First folder of a path → answer, for what is the same under every number."""
    probed = Ready(Answer("200 OK", _with_few_links(page(0, 0)), VALID))
    return {
        b"landed": Ready(Answer("200 OK", article(), VALID)),
        b"nothing": Ready(Answer("404 Not Found", _error("404 Not Found"))),
        b"full": probed,  # a home page that comes in full each time
        b"same": probed,  # one that answers 304 when it may
    }


def _with_few_links(text: bytes) -> bytes:
    """Ten dated items keep their address, so that it is still a list; links are measured apart."""
    head, *items = text.split(b' target="_blank" href="')
    kept = b' target="_blank" href="'.join([head.replace(b' href="', b' data-to="'), *items[:11]])
    return b' target="_blank" data-to="'.join([kept, *items[11:]])


def _error(words: str) -> bytes:
    return f"<html><head><title>{words}</title></head><body><center><h1>{words}</h1></center><hr>nginx</body></html>".encode()


def _serve(pipe: Connection, processor: int | None) -> None:
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    run(_forever(pipe))


async def _forever(pipe: Connection) -> None:
    loop, book, made = asyncio.get_running_loop(), Counter[str](), dict[bytes, Ready]()
    in_folders: dict[bytes, Ready] = {}

    def door() -> asyncio.Protocol:
        return _Door(made, in_folders, book)

    async def taken() -> Counter[str]:
        told = Counter(book)
        book.clear()
        return told

    def hand_over() -> None:
        with contextlib.suppress(EOFError):  # whoever started us has gone
            while True:
                pipe.recv()
                pipe.send(asyncio.run_coroutine_threadsafe(taken(), loop).result())

    first, *others = hosts()
    listening = await loop.create_server(door, first, 0, backlog=1024)
    port = listening.sockets[0].getsockname()[1]
    for host in others:
        await loop.create_server(door, host, port, backlog=1024)
    made.update(answers(port))
    in_folders.update(folders())
    pipe.send(port)
    threading.Thread(
        target=hand_over, daemon=True
    ).start()  # the pipe blocks, and the book is larger than what it holds
    await listening.serve_forever()


class _Door(asyncio.Protocol):
    """One connection; requests come one after another."""

    def __init__(self, made: Mapping[bytes, Ready], in_folders: Mapping[bytes, Ready], book: Counter[str]) -> None:
        self._made = made
        self._in_folders = in_folders
        self._book = book
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._host = self._transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            request, _, self._rest = self._rest.partition(b"\r\n\r\n")
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        line, _, headers = request.partition(b"\r\n")
        method, path, _ = line.split(b" ", 2)
        self._book[f"{method.decode()} {self._host} {path.decode()}"] += 1
        asked = headers.lower()
        self._transport.write(self._chosen(method, path, asked))
        if b"\r\nconnection: close" in asked or asked.startswith(b"connection: close"):
            self._transport.close()

    def _chosen(self, method: bytes, path: bytes, asked: bytes) -> bytes:
        folder = path[1 : path.find(b"/", 1)]
        if folder == b"no-head" and method == b"HEAD":
            return NO_HEAD
        if folder == b"same" and b"if-none-match:" in asked:
            return NOT_MODIFIED
        place = self._host.encode() + b"/" if path == b"/" else path
        ready = self._made.get(place) or self._in_folders.get(folder) or self._in_folders[b"nothing"]
        return ready.forms[b"gzip" in asked, method != b"HEAD"]
