"""What the name servers really answered, told apart."""

import asyncio
import time

import pytest

from monitor.observe.dns import GuardedLookup, NameFailure, Resolver
from monitor.observe.guard import Guard, GuardRefused
from tests.observe.dns_server import Zone, naming

NAMES = {
    "good.example": ["127.0.0.1"],
    "both.example": ["127.0.0.1", "::1"],
    "six.example": ["::1"],
    "nodata.example": "nodata",
    "servfail.example": "servfail",
    "refused.example": "refused",
    "silent.example": "silent",
    "old.example": "deaf_to_v6",
    "www.example": "= www.example.cdn.example",
    "www.example.cdn.example": "= node.cdn.example",
    "node.cdn.example": ["127.0.0.4", "::1"],
    "xn--fiq228c.example": ["127.0.0.3"],
}


def resolver_of(zone: Zone, timeout: float = 2.0) -> Resolver:
    return Resolver([f"127.0.0.1:{zone.port}"], timeout)


@pytest.mark.parametrize(
    ("host", "failure"),
    [
        ("gone.example", "nxdomain"),
        ("nodata.example", "nodata"),
        ("servfail.example", "servfail"),
        ("refused.example", "refused"),
        ("silent.example", "timeout"),
        ("bad..example", "error"),
        ("x" * 70 + ".example", "error"),
    ],
)
async def test_failures_by_their_real_cause(host: str, failure: str) -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone)
        resolved = await resolver.resolve(host)
        await resolver.close()
    assert (resolved.addresses, resolved.failure) == ((), failure)


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("good.example", ("127.0.0.1",)),
        ("GOOD.example.", ("127.0.0.1",)),
        ("both.example", ("127.0.0.1", "::1")),
        ("six.example", ("::1",)),
        ("中文.example", ("127.0.0.3",)),
    ],
)
async def test_addresses(host: str, addresses: tuple[str, ...]) -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone)
        resolved = await resolver.resolve(host)
        await resolver.close()
    assert (resolved.host, resolved.addresses, resolved.failure) == (host, addresses, None)


async def test_a_server_that_ignores_aaaa_does_not_make_the_site_slow() -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone, timeout=20.0)
        began = time.monotonic()
        assert await resolver.addresses("old.example") == ("127.0.0.1",)
        assert time.monotonic() - began < 10.0
        await resolver.close()


async def test_a_silent_server_costs_no_more_than_the_timeout() -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone, timeout=0.3)
        began = time.monotonic()
        looks = await asyncio.gather(*(resolver.resolve("silent.example") for _ in range(100)))
        assert time.monotonic() - began < 10.0, "one after the other they would take half a minute"
        await resolver.close()
    assert {look.failure for look in looks} == {"timeout"}


async def test_a_name_server_that_is_not_there_is_an_error() -> None:
    resolver = Resolver(["127.0.0.1:9"], timeout=0.5)
    assert (await resolver.resolve("good.example")).failure in {"error", "timeout"}
    await resolver.close()


async def test_a_change_of_the_zone_is_seen_although_ttl_says_otherwise() -> None:
    async with naming(NAMES) as zone:
        resolver = Resolver([f"127.0.0.1:{zone.port}"], 5.0, fresh=0.0)
        assert (await resolver.resolve("good.example")).addresses == ("127.0.0.1",)
        zone.names["good.example"] = "nxdomain"
        assert (await resolver.resolve("good.example")).failure == "nxdomain"
        await resolver.close()


async def test_many_lookups_at_once_while_channels_are_renewed() -> None:
    async with naming(NAMES) as zone:
        resolver = Resolver([f"127.0.0.1:{zone.port}"], 2.0, fresh=0.0)
        looks = await asyncio.gather(*(resolver.resolve("good.example") for _ in range(60)))
        await resolver.close()
    assert {look.addresses for look in looks} == {("127.0.0.1",)}


async def test_names_are_asked_as_they_are_without_search_domains() -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone)
        assert (await resolver.resolve("short")).failure == "nxdomain"
        await resolver.close()
    assert {name for name, _ in zone.asked} == {"short"}


async def test_every_new_channel_works() -> None:
    async with naming(NAMES) as zone:
        looks = []
        for _ in range(150):
            resolver = resolver_of(zone)
            looks.append(await resolver.resolve("good.example"))
            await resolver.close()
    assert {look.failure for look in looks} == {None}


async def test_aiohttp_sees_only_addresses_the_guard_lets_through() -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone)
        lookup = GuardedLookup(resolver, Guard(["127.0.0.0/8"]))
        assert [found["host"] for found in await lookup.resolve("both.example", 80)] == ["127.0.0.1"]
        with pytest.raises(GuardRefused, match="loopback"):
            await lookup.resolve("six.example", 80)
        with pytest.raises(NameFailure, match="nxdomain"):
            await lookup.resolve("gone.example", 80)
        await lookup.close()
        await resolver.close()


async def test_the_names_it_stands_for_are_told_in_order() -> None:
    async with naming(NAMES) as zone:
        resolver = resolver_of(zone)
        found, plain = await resolver.resolve("www.example"), await resolver.resolve("good.example")
        await resolver.close()
    assert found.addresses == ("127.0.0.4", "::1")
    assert found.aliases == ("www.example.cdn.example", "node.cdn.example")
    assert plain.aliases == ()
