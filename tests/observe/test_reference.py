"""Is it us: the reference hosts decide, three at least, all of them."""

import asyncio
from datetime import datetime, timedelta

import pytest

from monitor.model import Fetched, Reach
from monitor.observe.reference import Reference
from tests.clock import START
from tests.observe.raw_server import looking, reply, serving

URLS = ["http://a.example/", "http://b.example/", "http://c.example/"]


class World:
    """Reference hosts whose answers the test sets."""

    def __init__(self, *reaches: Reach) -> None:
        self.reaches = list(reaches)
        self.asked = 0

    async def look(self, url: str) -> Fetched:
        self.asked += 1
        await asyncio.sleep(0)
        return Fetched(url=url, final_url=url, reach=self._reach(url), detail="", started_at=START, seconds=0.0)

    def _reach(self, url: str) -> Reach:
        return self.reaches[URLS.index(url)]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("reaches", "blind"),
    [
        ((Reach.DNS, Reach.CONNECT, Reach.TIMEOUT), True),
        ((Reach.TLS, Reach.MALFORMED, Reach.HTTP_ERROR), True),
        ((Reach.DNS, Reach.DNS, Reach.OPEN), False),
        ((Reach.DNS, Reach.DNS, Reach.SLOW), False),
        ((Reach.DNS, Reach.DNS, Reach.CHALLENGED), False),
        ((Reach.DNS, Reach.DNS, Reach.TOO_LARGE), False),
        ((Reach.DNS, Reach.DNS, Reach.REFUSED_BY_GUARD), False),  # only two could be asked
    ],
)
async def test_blind_when_all_of_three_fail(reaches: tuple[Reach, ...], blind: bool) -> None:
    assert await Reference(URLS, 3, World(*reaches).look).blind(START) is blind


async def test_too_few_hosts_can_never_tell() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    assert not await Reference(URLS[:2], 3, world.look).blind(START)
    assert world.asked == 0


async def test_an_answer_holds_for_ten_seconds_and_is_shared() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    reference = Reference(URLS, 3, world.look)
    assert all(await asyncio.gather(*(reference.blind(START) for _ in range(50))))
    assert await reference.blind(after(9))
    assert world.asked == 3
    world.reaches[0] = Reach.OPEN
    assert not await reference.blind(after(10))
    assert world.asked == 6


async def test_a_clock_set_back_does_not_freeze_the_answer() -> None:
    world = World(Reach.OPEN, Reach.OPEN, Reach.OPEN)
    reference = Reference(URLS, 3, world.look)
    assert not await reference.blind(START)
    world.reaches[:] = [Reach.DNS] * 3
    assert await reference.blind(after(-7200))


async def test_the_blind_time_is_remembered() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    reference = Reference(URLS, 3, world.look)
    await reference.blind(after(100))
    assert reference.blind_between(after(90), after(100))
    assert reference.blind_between(after(150), after(160))
    assert not reference.blind_between(after(0), after(99))
    world.reaches[0] = Reach.OPEN
    await reference.blind(after(200))
    assert reference.blind_between(after(50), after(150))
    assert reference.blind_between(after(199), after(300))
    assert not reference.blind_between(after(201), after(300))


async def test_a_host_that_hangs_counts_as_failed() -> None:
    async def hang(_url: str) -> Fetched:
        await asyncio.sleep(60)
        raise AssertionError

    assert await Reference(URLS, 3, hang, timeout=0.05).blind(START)


async def test_with_real_hosts() -> None:
    async with serving(reply()) as one, serving(b"") as gone:
        pass
    async with serving(reply()) as one, looking() as fetcher:
        dead = [gone.url("/1"), gone.url("/2"), gone.url("/3")]
        assert not await Reference([one.url(), *dead], 3, fetcher.fetch).blind(START)
        assert await Reference(dead, 3, fetcher.fetch).blind(START)
