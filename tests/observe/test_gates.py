"""Politeness: places per host and altogether, pace, penalties; waiting is never part of a fetch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import Fetched, Reach
from monitor.observe.gates import Gates, retry_after
from tests.clock import START, FakeClock


async def turns(n: int = 20) -> None:
    """Let everything run that can."""
    for _ in range(n):
        await asyncio.sleep(0)


@asynccontextmanager
async def visitors(gates: Gates, *hosts: str) -> AsyncIterator[tuple[list[str], asyncio.Event]]:
    """One visit per host name, all staying inside until the event is set; the list says who is in."""
    inside: list[str] = []
    leave = asyncio.Event()

    async def visit(host: str) -> None:
        async with gates.slot(host):
            inside.append(host)
            await leave.wait()
            inside.remove(host)

    tasks = [asyncio.create_task(visit(host)) for host in hosts]
    await turns()
    try:
        yield inside, leave
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def gates_of(clock: FakeClock, concurrency: int = 100, per_host: int = 2, pace: float = 0.0) -> Gates:
    return Gates(clock, concurrency=concurrency, per_host=per_host, pace=pace)


async def test_two_at_a_host_and_the_others_wait(clock: FakeClock) -> None:
    gates = gates_of(clock)
    async with visitors(gates, "a", "A", "a", "b") as (inside, leave):
        assert sorted(inside) == ["A", "a", "b"]
        assert (gates.waiting("a"), gates.waiting("b"), gates.waiting("c")) == (1, 0, 0)
        leave.set()
        await turns()
        assert inside == []
    assert len(gates) == 0


async def test_so_many_altogether(clock: FakeClock) -> None:
    gates = gates_of(clock, concurrency=3)
    async with visitors(gates, *(f"host-{n}" for n in range(5))) as (inside, leave):
        assert len(inside) == 3
        assert gates.waiting("host-4") == 1
        leave.set()
        await turns()
        assert inside == []


async def test_who_waits_for_a_host_holds_no_place(clock: FakeClock) -> None:
    gates = gates_of(clock, concurrency=3)
    async with visitors(gates, "busy", "busy", "busy", "busy", "free") as (inside, _):
        assert sorted(inside) == ["busy", "busy", "free"]


async def test_pace_between_starts_at_one_host(clock: FakeClock) -> None:
    gates = gates_of(clock, pace=0.2)
    async with visitors(gates, "a", "a", "b") as (inside, _):
        assert sorted(inside) == ["a", "b"]
        clock.advance(0.1)
        await turns()
        assert sorted(inside) == ["a", "b"]
        clock.advance(0.1)
        await turns()
        assert sorted(inside) == ["a", "a", "b"]


async def test_a_penalty_keeps_everybody_away_and_only_from_that_host(clock: FakeClock) -> None:
    gates = gates_of(clock)
    gates.penalise("a", 30)
    gates.penalise("a", 5)  # a shorter one takes nothing back
    assert gates.closed_for("A") == 30
    async with visitors(gates, "a", "b") as (inside, _):
        assert inside == ["b"]
        clock.advance(29)
        await turns()
        assert inside == ["b"]
        clock.advance(1)
        await turns()
        assert sorted(inside) == ["a", "b"]
    assert gates.closed_for("a") == 0


async def test_a_penalty_while_waiting_for_the_pace_counts_too(clock: FakeClock) -> None:
    gates = gates_of(clock, pace=1.0)
    async with visitors(gates, "a", "a") as (inside, _):
        gates.penalise("a", 10)
        clock.advance(1)
        await turns()
        assert len(inside) == 1
        clock.advance(9)
        await turns()
        assert len(inside) == 2


async def test_no_penalty_lasts_for_ever(clock: FakeClock) -> None:
    gates = gates_of(clock)
    gates.penalise("a", 10**9)
    assert gates.closed_for("a") == 3600
    gates.penalise("b", -5)
    assert gates.closed_for("b") == 0


async def test_who_gives_up_waiting_leaves_no_trace(clock: FakeClock) -> None:
    gates = gates_of(clock, per_host=1)
    async with visitors(gates, "a"):
        waiting = asyncio.create_task(gates.slot("a").__aenter__())
        await turns()
        assert gates.waiting("a") == 1
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert gates.waiting("a") == 0
    assert len(gates) == 0


async def test_memory_is_bounded_by_the_hosts_in_use(clock: FakeClock) -> None:
    gates = gates_of(clock, pace=0.2)
    for n in range(5000):
        async with gates.slot(f"host-{n}"):
            pass
        clock.advance(0.01)
    assert len(gates) <= 1024


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 4), st.integers(1, 3))
def test_never_more_than_allowed_and_nobody_is_forgotten(hosts: list[str], concurrency: int, per_host: int) -> None:
    async def play() -> None:
        gates = Gates(FakeClock(), concurrency=concurrency, per_host=per_host, pace=0.0)
        inside: list[str] = []
        done = 0

        async def visit(host: str) -> None:
            nonlocal done
            async with gates.slot(host):
                inside.append(host)
                assert len(inside) <= concurrency
                assert inside.count(host) <= per_host
                await asyncio.sleep(0)
                inside.remove(host)
                done += 1

        await asyncio.gather(*(visit(host) for host in hosts))
        assert done == len(hosts)
        assert len(gates) == 0

    asyncio.run(play())


def answered(status: int, value: str | None) -> Fetched:
    headers = (("retry-after", value),) if value is not None else ()
    return Fetched(
        url="u",
        final_url="u",
        reach=Reach.CHALLENGED,
        detail="",
        started_at=START,
        seconds=0,
        status=status,
        headers=headers,
    )


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "120", 120),
        (503, " 5 ", 5),
        (429, "999999999999", 3600),
        (429, "Fri, 20 Nov 2026 01:02:00 GMT", 120),
        (429, "Fri, 20 Nov 2026 00:00:00 GMT", 0),
        (429, "soon", None),
        (429, "-5", None),
        (429, "٣", None),
        (429, "", None),
        (429, None, None),
        (200, "120", None),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone(status: int, value: str | None, seconds: float | None) -> None:
    assert retry_after(answered(status, value)) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_a_number_or_nothing(value: str) -> None:
    seconds = retry_after(answered(503, value))
    assert seconds is None or 0 <= seconds <= 3600


async def test_all_that_wait_and_the_one_inside_end_in_one_moment(clock: FakeClock) -> None:
    gates, inside = gates_of(clock, per_host=1), asyncio.Event()

    async def visit() -> None:
        async with gates.slot("a"):
            inside.set()
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(visit()) for _ in range(4)]
    await inside.wait()
    await turns()
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in ended] == [asyncio.CancelledError] * 4
    assert len(gates) == 0
    async with asyncio.timeout(5), gates.slot("a"):
        pass
