"""The gate and the memory of repeats: bounded whatever comes, and what they say follows from what came."""

import asyncio

import pytest
from hypothesis import given, strategies as st

from monitor.web.api.door import is_loopback
from monitor.web.api.repeats import AT_MOST, BYTES, Repeats, Reply
from monitor.web.api.token import ADDRESSES, GUESSES, Gate
from tests.clock import FakeClock

RIGHT = "the-right-token-0123456789"


def test_addresses_that_guess_are_remembered_up_to_a_number() -> None:
    gate = Gate(FakeClock())
    for number in range(3 * ADDRESSES):
        for guess in range(GUESSES + 5):
            gate.verdict(RIGHT, f"Bearer wrong-{guess}", f"10.{number >> 8}.{number & 255}.1")
    assert len(gate._guesses) == ADDRESSES
    assert max(len(one.told) for one in gate._guesses.values()) == GUESSES


def test_a_guest_of_ipv6_is_one_guest_under_all_his_addresses() -> None:
    gate = Gate(FakeClock())
    verdicts = [gate.verdict(RIGHT, f"Bearer wrong-{n}", f"2001:db8::{n:x}") for n in range(GUESSES + 1)]
    assert verdicts == ["wrong"] * GUESSES + ["too_many"]
    assert gate.verdict(RIGHT, f"Bearer {RIGHT}", "2001:db8:0:1::1") == "open"


@given(st.text(max_size=60), st.text(max_size=40))
def test_nothing_but_the_token_opens(header: str, address: str) -> None:
    verdict = Gate(FakeClock()).verdict(RIGHT, header, address)
    assert verdict in {"missing", "wrong"} or (RIGHT in header and verdict == "open")


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 20)), max_size=60))
def test_who_waits_is_who_told_ten_different_wrong_ones_within_a_minute(story: list[tuple[int, int]]) -> None:
    """Against a plain reckoning: guesses of the running minute, which begins with the first after the last has ended."""
    clock = FakeClock()
    gate, began, told = Gate(clock), None, set[int]()
    for guess, seconds in story:
        clock.advance(seconds)
        if began is not None and clock.monotonic() - began >= 60:
            began, told = None, set()
        waits = len(told) >= GUESSES
        verdict = gate.verdict(RIGHT, f"Bearer wrong-{guess}", "10.0.0.1")
        assert verdict == ("too_many" if waits else "wrong")
        if not waits:
            began = clock.monotonic() if began is None else began
            told.add(guess)


@pytest.mark.parametrize(
    ("listen", "only_here"),
    [
        ("127.0.0.1:8787", True),
        ("127.8.8.8:1", True),
        ("[::1]:8787", True),
        ("localhost:8787", True),
        ("0.0.0.0:8787", False),
        ("[::]:8787", False),
        ("10.1.2.3:8787", False),
        ("desk.city.example:80", False),
        ("localhost.city.example:80", False),
    ],
)
def test_where_only_this_machine_can_ask(listen: str, only_here: bool) -> None:
    assert is_loopback(listen) is only_here


async def test_answers_are_kept_up_to_a_number_and_a_size() -> None:
    repeats = Repeats(FakeClock())

    async def small() -> Reply:
        return Reply(200, b"x")

    async def large() -> Reply:
        return Reply(200, b"x" * (BYTES // 4))

    for number in range(AT_MOST + 50):
        doing = repeats.begun(f"k{number}", b"", small)
        assert doing is not None
        await doing
    assert len(repeats._kept) == AT_MOST
    for number in range(12):
        doing = repeats.begun(f"large{number}", b"", large)
        assert doing is not None
        await doing
    assert repeats._size() <= BYTES + BYTES // 4 + AT_MOST


async def test_what_does_not_end_is_given_up_at_the_end() -> None:
    repeats = Repeats(FakeClock())

    async def never() -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    doing = repeats.begun("k", b"", never)
    await asyncio.sleep(0)
    await repeats.close(0.01)
    await asyncio.sleep(0)
    assert doing is not None
    assert doing.cancelled()
    assert not repeats._kept
