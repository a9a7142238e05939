"""The bell: who sleeps until something is planned is woken by it, at once, and never by what is over."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.city.virtual import VirtualClock, VirtualLoop
from monitor.plan.bell import Bell

START = datetime(2026, 1, 5, tzinfo=UTC)
Sleeps = Callable[[Bell, VirtualClock], Coroutine[None, None, None]]


@contextlib.contextmanager
def virtual_time() -> Iterator[tuple[VirtualLoop, VirtualClock]]:
    loop, clock = VirtualLoop(), VirtualClock(START)
    clock.follow(loop)
    try:
        yield loop, clock
    finally:
        loop.close()


def play(sleeps: Sleeps, *meanwhile: tuple[float, Callable[[Bell], None]]) -> float:
    """Seconds until the sleeper was through; `meanwhile` happens so many seconds after the beginning."""
    with virtual_time() as (loop, clock):
        bell = Bell()
        for after, what in meanwhile:
            loop.call_at(after, what, bell)
        loop.run_until_complete(sleeps(bell, clock))
        return loop.time()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def an_hour(bell: Bell, clock: VirtualClock) -> None:
    await bell.sleep_until(at(3600), clock)


def test_unrung_it_sleeps_until_what_is_planned() -> None:
    assert play(an_hour) == pytest.approx(3600)


def test_rung_it_wakes_at_once() -> None:
    assert play(an_hour, (100.0, Bell.ring)) == pytest.approx(100)


def test_rung_while_awake_it_does_not_fall_asleep_but_does_the_next_time() -> None:
    async def twice(bell: Bell, clock: VirtualClock) -> None:
        bell.ring()
        bell.ring()
        await bell.sleep_until(at(3600), clock)
        assert clock.monotonic() == 0.0
        await bell.sleep_until(at(60), clock)

    assert play(twice) == pytest.approx(60)


def test_what_is_due_sooner_wakes_and_what_is_due_later_does_not() -> None:
    assert play(an_hour, (100.0, lambda bell: bell.ring_for(at(3599)))) == pytest.approx(100)
    assert play(an_hour, (100.0, lambda bell: bell.ring_for(at(3600)))) == pytest.approx(3600)
    assert play(an_hour, (100.0, lambda bell: bell.ring_for(at(7200)))) == pytest.approx(3600)


def test_the_soonest_of_what_was_asked_while_awake_shortens_the_sleep_once() -> None:
    async def asked(bell: Bell, clock: VirtualClock) -> None:
        for seconds in (50, 20, 90):
            bell.ring_for(at(seconds))
        await bell.sleep_until(at(3600), clock)
        assert clock.monotonic() == pytest.approx(20)
        await bell.sleep_until(at(600), clock)

    assert play(asked) == pytest.approx(600), "what has been slept for is not kept in mind"


def test_what_was_asked_while_awake_for_later_lengthens_nothing() -> None:
    async def asked(bell: Bell, clock: VirtualClock) -> None:
        bell.ring_for(at(7200))
        await bell.sleep_until(at(3600), clock)

    assert play(asked) == pytest.approx(3600)


def test_what_is_due_already_is_not_slept_for() -> None:
    async def overdue(bell: Bell, clock: VirtualClock) -> None:
        bell.ring_for(at(-5))
        await bell.sleep_until(at(3600), clock)
        await bell.sleep_until(at(-1), clock)

    assert play(overdue) == 0.0


def test_an_earlier_sleep_that_was_cut_short_wakes_nobody_later() -> None:
    """Its own timer, of 60 s, is still to come when the next sleep begins."""

    async def again(bell: Bell, clock: VirtualClock) -> None:
        await bell.wait(clock, 60)
        assert clock.monotonic() == pytest.approx(10)
        await bell.wait(clock, 500)

    assert play(again, (10.0, Bell.ring)) == pytest.approx(510)


def test_rung_at_the_very_instant_it_wakes_it_wakes_once_and_leaves_nothing_over() -> None:
    async def both(bell: Bell, clock: VirtualClock) -> None:
        await bell.sleep_until(at(60), clock)
        woke = clock.monotonic()
        await bell.sleep_until(at(120), clock)
        assert clock.monotonic() >= woke

    assert play(both, (60.0, Bell.ring)) == pytest.approx(120)


def test_a_sleeper_that_is_cancelled_leaves_a_bell_that_works_and_no_task() -> None:
    with virtual_time() as (loop, clock):
        bell = Bell()

        async def main() -> None:
            sleeper = asyncio.create_task(bell.sleep_until(at(3600), clock))
            await asyncio.sleep(10)
            sleeper.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sleeper
            assert bell.planned is None
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            await bell.sleep_until(at(30), clock)

        loop.run_until_complete(main())
        assert loop.time() == pytest.approx(30)


@given(st.lists(st.integers(1, 500), max_size=5), st.lists(st.integers(1, 500), max_size=5), st.integers(1, 500))
def test_it_sleeps_until_the_soonest_of_all_it_was_told(before: list[int], meanwhile: list[int], planned: int) -> None:
    """Asked while awake: slept until then. Asked at 0.5 s, while asleep: awake at once when that is sooner."""

    async def asked(bell: Bell, clock: VirtualClock) -> None:
        for seconds in before:
            bell.ring_for(at(seconds))
        await bell.sleep_until(at(planned), clock)

    def tell(bell: Bell) -> None:
        for seconds in meanwhile:
            bell.ring_for(at(seconds))

    asleep_until = min([planned, *before])
    wakes = 0.5 if any(seconds < asleep_until for seconds in meanwhile) else asleep_until
    assert play(asked, (0.5, tell)) == pytest.approx(wakes)
