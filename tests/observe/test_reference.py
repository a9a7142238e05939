"""Is it us: the reference hosts decide, three at least, all of them, and only those that are known to answer."""

import asyncio
from datetime import datetime, timedelta

import pytest

from monitor.model import Fetched, Reach
from monitor.observe.errors import OutOfResources
from monitor.observe.reference import AGAIN, AGAIN_UNTOLD, TRUSTED, Reference, Uplink
from tests.clock import START
from tests.observe.raw_server import looking, reply, serving

URLS = ["http://a.example/", "http://b.example/", "http://c.example/"]
EVER = dict.fromkeys(URLS, START - timedelta(days=1))
"""All of them answered yesterday."""


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


def knowing(world: World, *, ever: dict[str, datetime] = EVER, at_least: int = 3) -> Reference:
    return Reference(URLS, at_least, world.look, answered=dict(ever))


@pytest.mark.parametrize(
    ("reaches", "told"),
    [
        ((Reach.DNS, Reach.CONNECT, Reach.TIMEOUT), Uplink.BLIND),
        ((Reach.TLS, Reach.MALFORMED, Reach.HTTP_ERROR), Uplink.BLIND),
        ((Reach.DNS, Reach.DNS, Reach.OPEN), Uplink.UP),
        ((Reach.DNS, Reach.DNS, Reach.SLOW), Uplink.UP),
        ((Reach.DNS, Reach.DNS, Reach.CHALLENGED), Uplink.UP),
        ((Reach.DNS, Reach.DNS, Reach.TOO_LARGE), Uplink.UP),
        ((Reach.DNS, Reach.DNS, Reach.REFUSED_BY_GUARD), Uplink.UNTOLD),  # only two could be asked
    ],
)
async def test_blind_when_all_of_three_fail_that_are_known_to_answer(reaches: tuple[Reach, ...], told: Uplink) -> None:
    assert await knowing(World(*reaches)).judge(START) is told
    assert await knowing(World(*reaches)).blind(START) is (told is Uplink.BLIND)


async def test_too_few_hosts_can_never_tell() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    few = Reference(URLS[:2], 3, world.look, answered=dict(EVER))
    assert await few.judge(START) is Uplink.UNTOLD
    await few.refresh(START)
    assert world.asked == 0
    trouble = few.trouble(START)
    assert trouble is not None
    assert "2 reference hosts and 3 are needed" in str(trouble)


async def test_the_same_address_three_times_is_one_host() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    assert await Reference(URLS[:1] * 3, 3, world.look, answered=dict(EVER)).judge(START) is Uplink.UNTOLD


async def test_hosts_that_never_answered_prove_nothing_by_their_silence() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    reference = knowing(world, ever={})
    assert reference.trouble(START) is None, "nobody has asked yet"
    assert not await reference.blind(START)
    trouble = reference.trouble(START)
    assert trouble is not None
    assert "only 0 of 3" in str(trouble)
    assert reference.silent(START) == URLS
    assert not await reference.blind(after(60))
    assert world.asked == 3, "while they cannot tell, nobody waits for them at every failure"


async def test_one_that_answers_is_not_enough_to_tell_later() -> None:
    world = World(Reach.OPEN, Reach.DNS, Reach.DNS)
    reference = knowing(world, ever={})
    assert await reference.judge(START) is Uplink.UP
    assert reference.trouble(START) is not None
    world.reaches[0] = Reach.DNS
    assert await reference.judge(START + AGAIN_UNTOLD) is Uplink.UNTOLD


async def test_who_answered_once_may_tell_until_that_is_long_ago() -> None:
    world = World(Reach.OPEN, Reach.OPEN, Reach.OPEN)
    reference = knowing(world, ever={})
    assert not await reference.blind(START)
    assert reference.answered == dict.fromkeys(URLS, START), "kept by others, for the next start"
    assert reference.trouble(START) is None
    world.reaches[:] = [Reach.DNS] * 3
    assert await reference.blind(START + TRUSTED - timedelta(hours=1))
    assert await reference.judge(START + TRUSTED) is Uplink.UNTOLD
    assert reference.trouble(START + TRUSTED) is not None


async def test_they_are_asked_now_and_then_although_nothing_fails() -> None:
    world = World(Reach.OPEN, Reach.OPEN, Reach.DNS)
    reference = knowing(world, ever={}, at_least=2)
    await reference.refresh(START)
    assert world.asked == 3
    await reference.refresh(START + AGAIN - timedelta(seconds=1))
    assert world.asked == 3
    await asyncio.gather(*(reference.refresh(START + AGAIN) for _ in range(5)))
    assert world.asked == 6
    assert reference.answered == dict.fromkeys(URLS[:2], START + AGAIN)


async def test_while_they_cannot_tell_they_are_asked_sooner() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    reference = knowing(world, ever={})
    await reference.refresh(START)
    world.reaches[:] = [Reach.OPEN] * 3
    await reference.refresh(START + AGAIN_UNTOLD)
    assert reference.trouble(START + AGAIN_UNTOLD) is None


async def test_a_watch_that_restarts_over_and_over_bothers_nobody() -> None:
    world = World(Reach.OPEN, Reach.OPEN, Reach.OPEN)
    await knowing(world, ever=dict.fromkeys(URLS, START)).refresh(after(60))
    assert world.asked == 0
    await knowing(world, ever=dict.fromkeys(URLS, START)).refresh(START + AGAIN)
    assert world.asked == 3


async def test_an_answer_holds_for_ten_seconds_and_is_shared() -> None:
    world = World(Reach.DNS, Reach.DNS, Reach.DNS)
    reference = knowing(world)
    assert all(await asyncio.gather(*(reference.blind(START) for _ in range(50))))
    assert await reference.blind(after(9))
    assert world.asked == 3
    world.reaches[0] = Reach.OPEN
    assert not await reference.blind(after(10))
    assert world.asked == 6


async def test_a_clock_set_back_does_not_freeze_the_answer() -> None:
    world = World(Reach.OPEN, Reach.OPEN, Reach.OPEN)
    reference = knowing(world)
    assert not await reference.blind(START)
    world.reaches[:] = [Reach.DNS] * 3
    assert await reference.blind(after(-7200))


async def test_a_host_that_hangs_counts_as_failed() -> None:
    async def hang(_url: str) -> Fetched:
        await asyncio.sleep(60)
        raise AssertionError

    assert await Reference(URLS, 3, hang, timeout=0.05, answered=dict(EVER)).blind(START)


async def test_having_no_file_left_says_nothing_of_the_network() -> None:
    async def exhausted(_url: str) -> Fetched:
        raise OutOfResources("EMFILE")

    assert await Reference(URLS, 3, exhausted, answered=dict(EVER)).judge(START) is Uplink.UNTOLD


async def test_with_real_hosts() -> None:
    async with serving(b"") as gone:
        pass
    async with serving(reply()) as one, looking() as fetcher:
        dead = [gone.url("/1"), gone.url("/2"), gone.url("/3")]
        ever = dict.fromkeys(dead, START)
        assert not await Reference([one.url(), *dead], 3, fetcher.fetch, answered=dict(ever)).blind(START)
        assert await Reference(dead, 3, fetcher.fetch, answered=dict(ever)).blind(START)
        assert not await Reference(dead, 3, fetcher.fetch).blind(START)
