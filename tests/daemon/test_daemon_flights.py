"""Visits in the air, whatever happens on the ground: nobody twice at once, nobody forgotten."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.model import OVERDUE, Claim, TargetKind
from monitor.plan.tick import GIVE_BACK, LEASE, VISIT_LIMIT, Flights
from monitor.store import targets
from monitor.store.database import Database, StoreError
from tests.clock import START, FakeClock
from tests.web.filled import Tx, postpone_all, target

NAMES = [f"page-{n}" for n in range(6)]
DAY = timedelta(days=1)


class Ground:
    """A store of six targets, and flights that last until they are told to land."""

    def __init__(self, path: Path) -> None:
        self.clock = FakeClock()
        self.database = Database(path, inline=True)
        self.flights = Flights(self.database, self.clock, slots=4)
        self.out: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.landing: dict[str, asyncio.Future[None]] = {}
        self.period = DAY

    async def open(self) -> None:
        await self.database.open()
        await self.inventory(DAY)
        await self.database.write(lambda tx: postpone_all(tx, START))

    async def inventory(self, period: timedelta) -> None:
        """The targets with that cadence, as a reload brings them."""
        watched = [target(name, TargetKind.PAGE) for name in NAMES]
        periods = dict.fromkeys(TargetKind, period)
        await self.database.write(lambda tx: targets.sync(tx, watched, periods, self.clock.now()))

    async def round(self) -> None:
        claims = await self.database.write(
            lambda tx: targets.claim(tx, self.clock.now(), self.flights.room(), self.flights.lease)
        )
        await self.flights.send_out(claims, self.fly)
        for _ in range(3):  # who is overdue was called in, and lands
            await asyncio.sleep(0)

    async def fly(self, claim: Claim) -> None:
        name = claim.target.id
        self.out[name] += 1
        self.made[name] += 1
        assert self.out[name] == 1, f"{name} is visited twice at once"
        landing = self.landing[name] = asyncio.get_running_loop().create_future()
        try:
            await landing
            await self.database.write(lambda tx: put_back(tx, name, claim.lease))
        finally:
            self.out[name] -= 1

    async def land(self, name: str, error: Exception | None = None) -> None:
        landing = self.landing.pop(name, None)
        if landing is None or landing.done():  # called in, because it took too long
            return
        if error is None:
            landing.set_result(None)
        else:
            landing.set_exception(error)
        for _ in range(5):
            await asyncio.sleep(0)

    async def leased(self) -> set[str]:
        found = await self.database.read(
            lambda tx: tx.execute("SELECT id FROM targets WHERE lease IS NOT NULL").fetchall()
        )
        return {name for (name,) in found}

    async def close(self) -> None:
        await self.flights.drain(0.01)
        assert await self.leased() == set()
        await self.database.close()


def put_back(tx: Tx, name: str, lease: str) -> None:
    """What settling does with the turn of a target: due again at once."""
    tx.execute("UPDATE targets SET lease = NULL, lease_until = NULL WHERE id = ? AND lease = ?", (name, lease))


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    ground = Ground(tmp_path / "zhishou.db")
    await ground.open()
    yield ground
    await ground.close()


async def test_who_is_still_out_when_its_lease_has_ended_waits_for_its_return(ground: Ground) -> None:
    await ground.round()
    out = {name for name, count in ground.out.items() if count}
    assert len(out) == 4
    ground.clock.advance(LEASE + timedelta(seconds=1))
    ground.flights.slots = 100
    await ground.round()
    assert set(ground.made.values()) == {1}, "and the others go meanwhile"
    assert len(ground.made) == len(NAMES)


async def test_what_the_store_could_not_settle_is_due_again_at_once_and_not_when_the_lease_ends(ground: Ground) -> None:
    ground.flights.slots = 100
    await ground.round()
    name = next(iter(ground.landing))
    await ground.land(name, StoreError("database or disk is full"))
    assert isinstance(ground.flights.failed, StoreError)
    assert name in await ground.leased()
    await ground.round()  # the store can be written again
    ground.clock.advance(GIVE_BACK + timedelta(seconds=1))
    for other in list(ground.landing):
        await ground.land(other)
    await ground.round()
    assert ground.made[name] == 2


async def test_a_visit_that_breaks_is_told_apart_from_a_store_that_fails(ground: Ground) -> None:
    await ground.round()
    await ground.land(next(iter(ground.landing)), ValueError("a bug of ours"))
    assert ground.flights.failed is None
    assert len(ground.flights) == 3


STEPS = st.lists(
    st.one_of(
        st.just(("round", 0)),
        st.tuples(st.just("land"), st.integers(0, 5)),
        st.tuples(st.just("fail"), st.integers(0, 5)),
        st.tuples(st.just("reload"), st.integers(1, 3)),
        st.tuples(st.just("wait"), st.sampled_from((1, 6, 601))),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nobody_is_visited_twice_at_once_and_everybody_comes_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    async def play() -> None:
        ground = Ground(tmp_path_factory.mktemp("ground") / "zhishou.db")
        await ground.open()
        for what, number in steps:
            await step(ground, what, number)
        for name in NAMES:
            await ground.land(name)
        await ground.close()

    asyncio.run(play())


async def step(ground: Ground, what: str, number: int) -> None:
    if what == "round":
        await ground.round()
    elif what == "land":
        await ground.land(NAMES[number])
    elif what == "fail":
        await ground.land(NAMES[number], StoreError("full"))
    elif what == "reload":
        await ground.inventory(number * DAY)
        await ground.database.write(lambda tx: tx.execute("UPDATE targets SET next_due_at = 0"))
    else:
        ground.clock.advance(timedelta(seconds=number))
    assert all(count <= 1 for count in ground.out.values())
    assert len(ground.flights) == sum(ground.out.values())


async def test_a_visit_that_takes_too_long_is_called_in_once(tmp_path: Path) -> None:
    ground, called = Ground(tmp_path / "zhishou.db"), []

    async def never_lands(claim: Claim) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as stopped:
            called.append((claim.target.id, stopped.args))

    await ground.open()
    claims = await ground.database.write(lambda tx: targets.claim(tx, START + DAY, 2, LEASE))
    await ground.flights.send_out(claims[:1], never_lands)
    ground.clock.advance(VISIT_LIMIT / 2)
    await ground.flights.send_out(claims[1:], never_lands)
    await asyncio.sleep(0)
    ground.clock.advance(VISIT_LIMIT / 2)
    for _ in range(2):
        await ground.flights.send_out((), never_lands)
        await asyncio.sleep(0)
    assert called == [(claims[0].target.id, (OVERDUE,))]
    await ground.flights.drain(0.0)
    await ground.database.close()
