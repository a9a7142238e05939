"""Feeds read in processes of their own: a bad one costs its process, never the loop, the memory or the next feed."""

import asyncio
import gzip
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.model import Reading, State
from monitor.observe.feedworker import MEMORY, FeedReader
from monitor.read.feed import read_feed
from tests.checks.pages import rss
from tests.read.test_feeds import FORMATS

pytestmark = pytest.mark.usefixtures("blockbuster")

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
GOOD = rss("Wed, 18 Nov 2026 09:00:00 +0800").encode()
SLOW = b'<?xml version="1.0"?><rss>' + b"<!DOCTYPE [" * 150_000
"""Under the size cap, and hours of work: every unfinished declaration is looked through to the end."""
PATIENCE = 20.0  # seconds of the test's reader; a child needs some to start on a busy machine


@asynccontextmanager
async def reading(kill_after: float = PATIENCE, workers: int = 1) -> AsyncIterator[FeedReader]:
    reader = FeedReader(workers=workers, kill_after=kill_after)
    try:
        yield reader
    finally:
        await reader.close()


async def read(reader: FeedReader, body: bytes) -> Reading:
    return await reader.read(body, url="http://a.example/feed", charset=None, captured=NOW)


def children() -> set[int]:
    """The processes that are ours."""
    told = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return {int(one) for one in told.split()}


def is_gone(pid: int) -> bool:
    """No such process, or one that only waits to be buried by whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_for(done: Callable[[], bool], seconds: float) -> float:
    """How long it took; TimeoutError when it never came."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began


async def test_a_feed_is_read() -> None:
    async with reading() as reader:
        told = await read(reader, GOOD)
    assert (told.state, told.newest_date, len(told.entries)) == (State.LISTED, "2026-11-18", 1)


async def test_the_answers_are_those_of_the_pure_reader() -> None:
    async with reading() as reader:
        for text in FORMATS.values():
            pure = read_feed(text.encode(), url="http://a.example/feed", charset=None, captured=civil_day(NOW))
            assert await read(reader, text.encode()) == pure


async def test_many_feeds_share_a_few_processes() -> None:
    before = await asyncio.to_thread(children)
    async with reading(workers=2) as reader:
        told = await asyncio.gather(*(read(reader, GOOD) for _ in range(12)))
        assert len(await asyncio.to_thread(children) - before) <= 2
    assert {one.newest_date for one in told} == {"2026-11-18"}
    assert await asyncio.to_thread(children) <= before, "none is left behind"


async def test_a_feed_that_takes_too_long_costs_its_process_and_the_next_is_read() -> None:
    async with reading(kill_after=6.0) as reader:
        await read(reader, GOOD)
        began = time.monotonic()
        told = await read(reader, SLOW)
        took = time.monotonic() - began
        assert (told.state, told.entries) == (State.UNREADABLE, ())
        assert took < 2 * 6.0
        assert (await read(reader, GOOD)).newest_date == "2026-11-18"


async def test_the_loop_goes_on_while_a_feed_is_slow() -> None:
    async with reading(kill_after=3.0) as reader:
        slow, longest, last = asyncio.create_task(read(reader, SLOW)), 0.0, time.monotonic()
        while not slow.done():
            await asyncio.sleep(0.01)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert longest < 1.5, "read here, it would have stood for as long as the reading lasts"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(os.urandom(4096), id="random"),
        pytest.param(gzip.compress(bytes(200 << 20), 1), id="gzip bomb of 200 MB"),
        pytest.param(b"<rss><channel>" + b"<item>" * 60_000, id="60,000 nested items"),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000, id="deep JSON"),
        pytest.param(
            b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
            + b"]><rss><channel><title>&a11;</title></channel></rss>",
            id="billion laughs",
        ),
        pytest.param(b"<rss><channel><item><title><![CDATA[" + "值守".encode() * 300_000, id="CDATA without end"),
    ],
)
async def test_a_bad_feed_gives_a_reading_and_the_next_is_read(body: bytes) -> None:
    async with reading() as reader:
        told = await read(reader, body)
        assert told.newest_date is None
        assert (await read(reader, GOOD)).newest_date == "2026-11-18"


async def test_a_process_that_died_meanwhile_is_replaced() -> None:
    before = await asyncio.to_thread(children)
    async with reading() as reader:
        await read(reader, GOOD)
        (pid,) = await asyncio.to_thread(children) - before
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(wait_for, lambda: is_gone(pid), 5)
        told = [await read(reader, GOOD) for _ in range(2)]
    assert told[-1].newest_date == "2026-11-18"
    assert told[0].state in {State.LISTED, State.UNREADABLE}


async def test_a_visit_that_is_cancelled_leaves_no_answer_for_the_next() -> None:
    async with reading() as reader:
        await read(reader, GOOD)
        slow = asyncio.create_task(read(reader, SLOW))
        await asyncio.sleep(0.1)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        assert (await read(reader, GOOD)).newest_date == "2026-11-18"


def test_memory_is_bounded() -> None:
    """A child told to take three times what it may ends by itself; its limit is the kernel's."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "monitor.observe.feedworker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdin is not None
        child.stdin.write(struct.pack(">I", 3 << 30))
        child.stdin.flush()
        assert child.wait(20) != 0
    assert MEMORY < 3 << 30


PARENT = """
import asyncio, sys
from datetime import UTC, datetime
from monitor.observe.feedworker import FeedReader
async def main():
    reader = FeedReader(workers=1, kill_after=float(sys.argv[1]))
    for name in sys.argv[2:]:
        body = open(name, "rb").read()
        task = asyncio.create_task(reader.read(body, url=None, charset=None, captured=datetime.now(UTC)))
        if "slow" not in name:
            await task
        else:
            await asyncio.sleep(0.5)
    told = open(f"/proc/self/task/{__import__('os').getpid()}/children").read()
    print(told.strip(), flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.mark.crash
@pytest.mark.parametrize("at_work", [False, True], ids=["idle", "in the middle of a slow feed"])
def test_a_child_ends_when_the_daemon_is_killed(at_work: bool, tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_bytes(GOOD)
    (tmp_path / "slow.xml").write_bytes(SLOW)
    bodies = [str(tmp_path / "good.xml"), *([str(tmp_path / "slow.xml")] if at_work else [])]
    with subprocess.Popen([sys.executable, "-c", PARENT, "4.0", *bodies], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not is_gone(pid)
        parent.kill()
        parent.wait()
        try:
            wait_for(lambda: is_gone(pid), 10)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            pytest.fail("the child outlived the daemon")
