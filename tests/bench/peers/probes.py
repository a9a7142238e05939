"""Home pages, a new connection each: blackbox_exporter's probes beside the daemon's whole visits.

Both ask the same 600 addresses of 50 hosts, a 60 KB page with few links, 128 at once. What asks blackbox_exporter is this process, whose
processor time is not counted; what is printed is seconds of processor of the program itself.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.peers.estate import HOMES, home_host
from tests.bench.peers.ours import CONCURRENT, Watching, watching, write_config
from tests.bench.peers.server import Served
from tests.bench.peers.subject import Cost, Subject, running

SITES = 600
PERIOD = 300.0  # seconds: the shipped cadence of home pages
BEFORE = 4
"""Visits before the first that counts: the page is remembered, every run confirmed."""
LATEST = 120.0  # seconds one repetition may take; ten times what it takes where others work, too
CASES = {"full": "visit, page in full", "same": "visit, 304"}
"""First folder of the address → what is measured."""


class ProbeFailed(Exception):
    """A probe that should have been a success was none: nothing comparable was measured."""


def addresses(port: int, folder: str) -> dict[str, str]:
    """Target id → address."""
    return {f"site-{n:03}": f"http://{home_host(n % HOMES)}:{port}/{folder}/{n}/" for n in range(SITES)}


class Blackbox:
    """The exporter under measurement."""

    def __init__(self, subject: Subject, port: int) -> None:
        self.subject = subject
        self._port = port

    def probe_all(self, urls: list[str]) -> Cost:
        """Every address once; raises ProbeFailed unless each was a success."""
        wall, processor = time.monotonic(), self.subject.processor
        asyncio.run(self._probe_all(urls))
        return Cost(time.monotonic() - wall, self.subject.processor - processor, self.subject.memory)

    async def _probe_all(self, urls: list[str]) -> None:
        waiting = iter(urls)
        async with asyncio.timeout(LATEST), asyncio.TaskGroup() as group:
            for _ in range(CONCURRENT):
                group.create_task(self._worker(waiting))

    async def _worker(self, waiting: Iterator[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            for url in waiting:
                writer.write(f"GET /probe?module=http_2xx&target={url} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                if b"\nprobe_success 1\n" not in await _body(reader):
                    raise ProbeFailed(url)
        finally:
            writer.close()

    def answers(self) -> bool:
        """Whether it listens."""
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", self._port)) == 0


async def _body(reader: asyncio.StreamReader) -> bytes:
    """One answer on a kept-alive connection, by its length or in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length: " in head:
        return await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r")[0]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


@contextlib.contextmanager
def probing(program: Path, config: Path, folder: Path, processor: int | None) -> Iterator[Blackbox]:
    """The exporter with its shipped settings, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listen = f"--web.listen-address=127.0.0.1:{port}"
    command = (str(program), f"--config.file={config}", listen, "--log.level=error")
    folder.mkdir(parents=True, exist_ok=True)
    with running(command, folder / "blackbox.log", processor) as subject:
        blackbox = Blackbox(subject, port)
        subject.wait_until(blackbox.answers, LATEST, "blackbox_exporter listens")
        yield blackbox


@contextlib.contextmanager
def visiting(served: Served, folder: Path, kind: str, processor: int | None) -> Iterator[Watching]:
    """A daemon that has seen every page and confirmed what it says; links are not looked at."""
    cadence = {"site": "5m", "links": "3650d", "certificate": "3650d"}
    config = write_config(folder, served.port, addresses(served.port, kind), cadence)
    with watching(folder, config, processor) as daemon:
        for _ in range(BEFORE):
            visit_all(daemon)
        yield daemon


def visit_all(daemon: Watching) -> Cost:
    """Every home page once more. Raises TookTooLong; a page that was not found open is a failed measurement."""
    visits = "SELECT SUM(visits) FROM targets WHERE kind = 'site'"
    goal = daemon.number("SELECT MIN(visits) FROM targets WHERE kind = 'site'")
    left = "SELECT COUNT(*) FROM targets WHERE kind = 'site' AND visits <= ?"
    before, wall, processor = daemon.number(visits), time.monotonic(), daemon.subject.processor
    daemon.leap(PERIOD)
    daemon.subject.wait_until(lambda: daemon.number(left, goal) == 0, LATEST, "every home page visited")
    took, used = time.monotonic() - wall, daemon.subject.processor - processor
    share = SITES / (daemon.number(visits) - before)
    bad = daemon.rows(
        "SELECT target_id, check_name, outcome FROM runs WHERE is_current = 1 AND outcome <> 'ok' LIMIT 3"
    )
    if bad:
        raise ProbeFailed(f"visits that saw trouble: {bad}")
    return Cost(took * share, used * share, daemon.subject.memory)
