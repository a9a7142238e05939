"""The estate on the wire: one process, one port on all of 127.0.0.0/8, and a name server. It must cost next to nothing.

Answers are raw bytes, most of them prepared; keep-alive and close, HEAD, ETag with 304, gzip. What it answered is counted.
"""

import asyncio
import contextlib
import multiprocessing
import os
import socket
import struct
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Address
from multiprocessing.connection import Connection
from typing import cast

from tests.bench.canned import run
from tests.bench.scale import bodies
from tests.bench.scale.estate import REFERENCES, Estate, address_of, counts_visitors, host, token, validates

TTL = 300
"""Seconds a name may be remembered, as most zones say."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s%s\r\n"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\nETag: %s\r\n%s\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n%s\r\n"
HTML, XML = b"text/html; charset=utf-8", b"application/rss+xml; charset=utf-8"


@dataclass(slots=True)
class Serving:
    """A running server, asked over its pipe."""

    estate: Estate
    nameserver: str
    pid: int
    pipe: Connection

    def answered(self) -> dict[str, int]:
        """How many answers of each kind since the start."""
        self.pipe.send("count")
        counted: dict[str, int] = self.pipe.recv()
        return counted


@contextlib.contextmanager
def serving(estate: Estate, processor: int | None) -> Iterator[Serving]:
    """The server in a process pinned to that processor. A port of 0 takes a free one; `estate` of what is yielded knows it."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, estate, processor), daemon=True)
    server.start()
    theirs.close()  # so that a server that dies at once is heard of
    try:
        port, nameserver = mine.recv()
        yield Serving(replace(estate, port=port), nameserver, server.pid or 0, mine)
    finally:
        server.terminate()
        server.join()
        mine.close()


def _serve(pipe: Connection, estate: Estate, processor: int | None) -> None:
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    run(_forever(pipe, estate))


async def _forever(pipe: Connection, estate: Estate) -> None:
    loop, listening = asyncio.get_running_loop(), socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("0.0.0.0", estate.port))  # every address of loopback; others are refused by the guard of nobody
    answers = Answers(replace(estate, port=listening.getsockname()[1]))
    server = await loop.create_server(lambda: _Door(answers), sock=listening, backlog=4096)
    names, _ = await loop.create_datagram_endpoint(lambda: _Names(estate.sites), local_addr=("127.0.0.1", 0))
    stopped: asyncio.Future[None] = loop.create_future()

    def asked() -> None:
        try:
            pipe.recv()
        except EOFError:  # whoever started us is gone
            loop.remove_reader(pipe.fileno())
            stopped.set_result(None)
            return
        pipe.send(dict(answers.counted))

    pipe.send((answers.estate.port, f"127.0.0.1:{names.get_extra_info('sockname')[1]}"))
    loop.add_reader(pipe.fileno(), asked)
    await stopped
    server.close()


class Answers:
    """What to say to a request."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.counted: Counter[str] = Counter()
        self._sites = {host(site).encode(): site for site in range(estate.sites)}
        self._references = {name.encode() for name in REFERENCES}

    def answer(self, head: bytes) -> tuple[bytes, bool]:
        """The bytes of the answer to a request's head, and whether the connection closes."""
        method, path, _ = head.split(b" ", 2)
        fields = {name.lower(): value for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[1:])}
        close = fields.get(b"connection", b"").lower() == b"close"
        said = self._said(method, path, fields, b"Connection: close\r\n" if close else b"")
        return said, close

    def _said(self, method: bytes, path: bytes, fields: dict[bytes, bytes], end: bytes) -> bytes:
        name = fields[b"host"].partition(b":")[0].lower()
        site = self._sites.get(name)
        if site is None:
            self.counted["reference" if name in self._references else "unknown"] += 1
            return NOT_FOUND % end if name not in self._references else HEAD % (HTML, 2, b"", end) + b"ok"
        kind = {b"": "home", b"c": "column", b"m": "feed", b"a": "link"}.get(path[1:2], "")
        self.counted[kind or "unknown"] += 1
        if kind == "link":
            body = bodies.article()
            return HEAD % (HTML, len(body), b"", end) + (b"" if method == b"HEAD" else body)
        return self._page(kind, site, path.decode(), fields, end) if kind else NOT_FOUND % end

    def _page(self, kind: str, site: int, path: str, fields: dict[bytes, bytes], end: bytes) -> bytes:
        edition = self.estate.edition(kind, f"{site}{path}", time.time())
        mark, tag = b"", b""
        if validates(site):
            tag = f'"{token(site)}-{edition}"'.encode()
            mark = b"ETag: " + tag + b"\r\n"
            if fields.get(b"if-none-match") == tag:
                self.counted["304"] += 1
                return NOT_MODIFIED % (tag, end)
        body = self._packed(kind, site, path, edition)
        return HEAD % (XML if kind == "feed" else HTML, len(body), mark + b"Content-Encoding: gzip\r\n", end) + body

    def _packed(self, kind: str, site: int, path: str, edition: int) -> bytes:
        if kind == "home":
            count = self.counted["home"] if counts_visitors(site) else 0
            return _gzip(bodies.home(self.estate, site, edition, count))
        return _prepared(kind, int(path[3:5]), edition, self.estate.day)


@lru_cache(maxsize=20_000)
def _prepared(kind: str, number: int, edition: int, day: str) -> bytes:
    make = bodies.column if kind == "column" else bodies.feed
    return _gzip(make(number, edition, day))


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(body) + packer.flush()


class _Door(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            said, close = self._answers.answer(head)
            self._transport.write(said)
            if close:
                self._transport.close()
                return


class _Names(asyncio.DatagramProtocol):
    """A records of the estate; NODATA for other types, NXDOMAIN for other names."""

    def __init__(self, sites: int) -> None:
        addresses = {host(site): address_of(site) for site in range(sites)}
        addresses |= {name: f"127.200.0.{number}" for number, name in enumerate(REFERENCES, 1)}
        self._known = {name: IPv4Address(address).packed for name, address in addresses.items()}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode("ascii").lower())
            at += 1 + data[at]
        kind, asked, found = data[at + 2], data[12 : at + 5], self._known.get(".".join(labels))
        records = b"" if found is None or kind != 1 else struct.pack(">HHHIH", 0xC00C, 1, 1, TTL, 4) + found
        flags = 0x8580 | (3 if found is None else 0)
        self._transport.sendto(data[:2] + struct.pack(">HHHHH", flags, 1, bool(records), 0, 0) + asked + records, addr)
