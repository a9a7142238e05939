"""The feed processes: same answers, killed when they take too long, gone at the end."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from monitor.model import State
from monitor.observe.feedworker import FeedReader
from monitor.read.feed import read_feed
from tests.read.test_feeds import FORMATS, TODAY

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
SLOW = b"<rss version='2.0'><channel>" + b"<item><a>" * 200_000


@pytest.fixture
async def reader() -> AsyncIterator[FeedReader]:
    made = FeedReader(workers=1)
    yield made
    await made.close()


async def test_the_answers_are_those_of_the_pure_reader(reader: FeedReader) -> None:
    for text in FORMATS.values():
        body = text.encode()
        assert await reader.read(body, url="http://s.gov.cn/", charset=None, captured=NOON) == read_feed(
            body, url="http://s.gov.cn/", charset=None, captured=TODAY
        )


async def test_more_feeds_than_workers_wait_their_turn(reader: FeedReader) -> None:
    body = FORMATS["atom"].encode()
    readings = await asyncio.gather(*(reader.read(body, url=None, charset=None, captured=NOON) for _ in range(8)))
    assert {reading.newest_date for reading in readings} == {"2026-11-18"}


async def test_a_feed_that_takes_too_long_costs_its_process_only() -> None:
    reader = FeedReader(workers=1, kill_after=0.05)
    try:
        assert (await reader.read(SLOW, url=None, charset=None, captured=NOON)).state is State.UNREADABLE
    finally:
        await reader.close()
    patient = FeedReader(workers=1)
    try:
        body = FORMATS["rss 2.0"].encode()
        assert (await patient.read(body, url=None, charset=None, captured=NOON)).state is State.LISTED
    finally:
        await patient.close()


async def test_a_process_that_dies_is_replaced(reader: FeedReader) -> None:
    body = FORMATS["rss 2.0"].encode()
    await reader.read(body, url=None, charset=None, captured=NOON)
    (child,) = reader._all
    assert child._process is not None
    os.kill(child._process.pid, 9)
    await child._process.wait()
    assert (await reader.read(body, url=None, charset=None, captured=NOON)).state is State.LISTED


async def test_a_cancelled_read_leaves_a_usable_reader(reader: FeedReader) -> None:
    with pytest.raises(TimeoutError):  # the timeout cancels the read in the middle
        await asyncio.wait_for(reader.read(SLOW, url=None, charset=None, captured=NOON), 0.3)
    body = FORMATS["rss 2.0"].encode()
    assert (await reader.read(body, url=None, charset=None, captured=NOON)).state is State.LISTED
