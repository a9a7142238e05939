"""What the fetcher costs: Fetcher.fetch of an unchanged 60 KB page against a bare aiohttp loop, on the same terms.

Same run, same loop (uvloop when present), gzip, a new connection each, status 200; the server is a process of its own.
Prints one line a round and the ratio of the medians. Run it: `python tests/bench/bench_fetch.py [seconds]`.
"""

import asyncio
import contextlib
import gzip
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import cast

import aiohttp

from monitor.clock import SystemClock
from monitor.model import Reach
from monitor.observe.dns import Resolver
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.guard import Guard

CONCURRENT = 32
ROUNDS = 7

Look = Callable[[], Awaitable[None]]


def main() -> None:
    """Measure and print."""
    print(f"ratio {ratio(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, ROUNDS):.3f}")


def ratio(seconds: float, rounds: int) -> float:
    """The cost of a fetch in bare fetches; each round takes twice so many seconds."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        return run(measure(mine.recv(), seconds, rounds))
    finally:
        server.terminate()
        server.join()
        mine.close()
        theirs.close()


def run(work: Awaitable[float]) -> float:
    """On uvloop where it is installed, as the daemon does."""

    async def whole() -> float:
        return await work

    with contextlib.suppress(ImportError):
        import uvloop

        return uvloop.run(whole())
    return asyncio.run(whole())


async def measure(port: int, seconds: float, rounds: int) -> float:
    """The median cost of a fetch over that of a bare one; rounds alternate, so that a busy machine hits both."""
    url = f"http://127.0.0.1:{port}/"
    fetcher = Fetcher(FetchLimits(), SystemClock(), Resolver(), Guard(["127.0.0.0/8"]))
    connector = aiohttp.TCPConnector(limit=0, force_close=True, use_dns_cache=False)
    timeout = aiohttp.ClientTimeout(total=30, sock_connect=8)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

        async def bare() -> None:
            async with session.get(url) as response:
                assert len(await response.read()) > 60_000

        async def ours() -> None:
            fetched = await fetcher.fetch(url)
            assert fetched.reach is Reach.OPEN
            assert len(fetched.body) > 60_000

        ratios = []
        for _ in range(rounds):
            first, second = await cost(bare, seconds), await cost(ours, seconds)
            ratios.append(second / first)
            print(f"bare {first * 1e6:6.0f} µs   fetcher {second * 1e6:6.0f} µs   ratio {second / first:.3f}")
    await fetcher.close()
    return statistics.median(ratios)


async def cost(look: Look, seconds: float) -> float:
    """CPU seconds of this process for one look."""
    done = 0
    until = time.perf_counter() + seconds
    began = time.process_time()

    async def worker() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await look()
            done += 1

    await asyncio.gather(*(worker() for _ in range(CONCURRENT)))
    return (time.process_time() - began) / done


def serve(pipe: Connection) -> None:
    """A server that costs next to nothing: one canned answer, then the door."""
    chance = random.Random(7)
    words = ["".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(2)) for _ in range(300)]
    rows = "".join(
        f'<li><a href="/art/2026/{n}.html">{"".join(chance.choices(words, k=9))}</a><span>2026-11-22</span></li>\n'
        for n in range(550)
    )
    body = gzip.compress(f"<html><body><ul>{rows}</ul></body></html>".encode())
    head = (
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 00:00:00 GMT\r\nContent-Type: text/html\r\n"
        'Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\nETag: "abc"\r\nContent-Encoding: gzip\r\n'
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    answer = head.encode() + body

    class Page(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

        def data_received(self, data: bytes) -> None:
            if data.endswith(b"\r\n\r\n"):
                self.transport.write(answer)
                self.transport.close()

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Page, "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with contextlib.suppress(ImportError):
        import uvloop

        uvloop.run(forever())
        return
    asyncio.run(forever())


if __name__ == "__main__":
    main()
