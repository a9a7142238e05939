"""A running city under the test's clock, and a bare client that asks the city's own name server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiodns
import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.city.city import City
from monitor.city.faults import Event, Faults
from monitor.city.plan import Plan, make_plan
from tests.clock import FakeClock

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
Fault = tuple[str, str] | tuple[str, str, dict[str, str | int | float]]
Serving = Callable[..., City]


class CityNames(AbstractResolver):
    """aiohttp's way to the city's name server."""

    def __init__(self, nameserver: str) -> None:
        self._dns = aiodns.DNSResolver([nameserver], timeout=20, tries=2)

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        try:
            answer = await self._dns.query_dns(host, "A")
        except aiodns.error.DNSError as error:
            raise OSError(*error.args) from error
        found = [str(getattr(record.data, "addr", "")) for record in answer.answer]
        return [ResolveResult(hostname=host, host=a, port=port, family=2, proto=0, flags=0) for a in found]

    async def close(self) -> None:
        await self._dns.close()


@asynccontextmanager
async def client_of(city: City) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that keeps nothing: a connection and a look-up for each request."""
    connector = aiohttp.TCPConnector(
        resolver=CityNames(city.nameserver), use_dns_cache=False, force_close=True, limit=0
    )
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


@pytest.fixture
def plan() -> Plan:
    return make_plan(
        7, sites=10, columns_per_site=5, accounts=6, links_per_home=9, entries_per_site=4, https=frozenset({"site-02"})
    )


@pytest.fixture
def serving(plan: Plan) -> Serving:
    """serving(("down", "site-02"), …): a city at noon with these faults in force since a minute ago."""

    def make(*faults: Fault, clock: FakeClock | None = None) -> City:
        return City(plan, faults_of(plan, *faults), clock or FakeClock(NOON))

    return make


def faults_of(plan: Plan, *faults: Fault) -> Faults:
    since = timedelta(minutes=-1)
    events = [Event(since, fault[0], fault[1], None, fault[2] if len(fault) == 3 else {}) for fault in faults]
    return Faults(plan, events, NOON)
