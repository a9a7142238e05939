"""Where the addresses of a host lie by a table → what `hosted_in` says; tables against a search through all their networks."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, strategies as st

from checks.hosted_in import Options
from monitor.model import Cause, Finding, Last, Outcome, Resolved, Seen, TargetKind
from monitor.model.addresses import AddressTable, Network, address_table
from monitor.observe.tools import Check
from tests.checks.eyes import NOON, Viewer, finding, watching
from tests.observe.dns_server import naming

HOST = "www.example.gov.cn"


def table(*lines: str) -> AddressTable:
    parts = (line.split() for line in lines)
    return address_table("t", [(ip_network(net), " ".join(word)) for net, *word in parts])


WORLD = table("1.0.0.0/8 CN", "1.64.0.0/16 HK", "8.0.0.0/8 US", "2400::/12 CN")
PROVINCES = table("1.0.0.0/8 CN-44", "1.64.0.0/16 CN-HK", "8.0.0.0/8 US-CA")
CHINA = table("1.0.0.0/8", "36.0.0.0/8")
FAIL, OK, UNKNOWN = Outcome.FAIL, Outcome.OK, Outcome.UNKNOWN


def told(viewer: Viewer, *tables: AddressTable, inside: tuple[str, ...] = ("CN",)) -> dict[str, Check]:
    """The check with these tables, as the settings hand them over."""
    options = Options(tables, inside)
    return {"hosted_in": replace(viewer.checks["hosted_in"], options=lambda _own: options)}


async def said(addresses: Sequence[str] | str, *tables: AddressTable, **names: str | Sequence[str]) -> Finding:
    async with naming({HOST: addresses, **names}) as zone, watching(nameserver=zone.port) as viewer:
        visited = await viewer.visit(f"http://{HOST}/", checks=told(viewer, *tables))
    return finding(visited, "hosted_in")


@pytest.mark.parametrize(
    ("addresses", "tables", "outcome", "reason", "words"),
    [
        (["1.2.3.4"], (WORLD,), OK, "", "hosted inside"),
        (["1.64.3.4"], (WORLD,), FAIL, "outside", "1.64.3.4 lies in HK, not in CN: a person must confirm"),
        (["8.8.8.8", "1.2.3.4"], (WORLD,), FAIL, "outside", "8.8.8.8 lies in US, not in CN: a person must confirm"),
        (["9.9.9.9"], (WORLD,), UNKNOWN, "unlisted", "the address 9.9.9.9 is in no table"),
        (["1.2.3.4", "9.9.9.9"], (WORLD,), UNKNOWN, "unlisted", "the address 9.9.9.9 is in no table"),
        (["9.9.9.9"], (CHINA,), FAIL, "outside", "9.9.9.9 is not among those of CN: a person must confirm"),
        (["1.2.3.4", "2600::1"], (CHINA,), OK, "", "hosted inside"),  # of no such address does that table speak
        (["2600::1"], (CHINA,), UNKNOWN, "unlisted", "the address 2600::1 is in no table"),
        (["2600::1"], (WORLD,), UNKNOWN, "unlisted", "the address 2600::1 is in no table"),
        (["2404::1"], (WORLD,), OK, "", "hosted inside"),
        (["9.9.9.9"], (CHINA, WORLD), UNKNOWN, "unlisted", "the address 9.9.9.9 is in no table"),
        (["1.64.3.4"], (CHINA, WORLD), OK, "", "hosted inside"),  # the first that lists it
        (["10.1.2.3"], (WORLD,), OK, "", "hosted inside"),  # 政务外网
        (["1.2.3.4"], (PROVINCES,), OK, "", "hosted inside"),  # what lies in CN-44 lies in CN
        (["1.64.3.4"], (PROVINCES,), FAIL, "outside", "1.64.3.4 lies in CN-HK, not in CN: a person must confirm"),
        (["8.8.8.8"], (PROVINCES,), FAIL, "outside", "8.8.8.8 lies in US-CA, not in CN: a person must confirm"),
        (["8.8.8.8"], (), UNKNOWN, "no_table", "no address table is set"),
        ("servfail", (WORLD,), UNKNOWN, "dns", "the name does not resolve: SERVFAIL"),
        ("nodata", (WORLD,), UNKNOWN, "dns", "the name does not resolve: no address"),
    ],
)
async def test_where_it_lies(
    addresses: Sequence[str] | str, tables: tuple[AddressTable, ...], outcome: Outcome, reason: str, words: str
) -> None:
    found = await said(addresses, *tables)
    assert (found.outcome, found.reason, str(found.summary)) == (outcome, reason, words)
    assert found.cause is (Cause.HOSTED_IN if outcome is FAIL else None)


@pytest.mark.parametrize(
    ("addresses", "outcome", "words"),
    [
        (["1.2.3.4"], OK, "hosted inside, as far as the network of 知道创宇 shows"),
        (["8.8.8.8"], FAIL, "8.8.8.8 (network of 知道创宇) lies in US, not in CN: a person must confirm"),
    ],
)
async def test_a_network_of_others_is_named(addresses: list[str], outcome: Outcome, words: str) -> None:
    alias = f"{HOST}.jiashule.com"
    found = await said(f"= {alias}", WORLD, **{alias: addresses})
    assert (found.outcome, str(found.summary)) == (outcome, words)
    assert found.evidence["aliases"] == [alias]


async def test_an_address_in_place_of_a_name_is_not_asked_for() -> None:
    async def never(host: str) -> Resolved:
        raise AssertionError(host)

    async with watching() as viewer:
        viewer.tools = replace(viewer.tools, resolve=never)
        found = finding(await viewer.visit("http://8.8.8.8/", checks=told(viewer, WORLD)), "hosted_in")
        mapped = finding(await viewer.visit("http://[::ffff:8.8.8.8]/", checks=told(viewer, WORLD)), "hosted_in")
    assert (found.outcome, mapped.outcome) == (FAIL, FAIL)


CITY = table("1.0.0.0/8 CN", "1.2.3.0/24 CN-ZS", "36.0.0.0/8", "8.0.0.0/8 US")


@pytest.mark.parametrize(
    ("addresses", "aliases", "country", "outcome", "reason", "words"),
    [
        (["1.2.3.4"], [], OK, OK, "", "hosted in the area"),
        (["1.2.3.4", "10.1.2.3"], [], OK, OK, "", "hosted in the area"),  # 政务外网
        (["1.2.4.4"], [], OK, FAIL, "outside_area", "1.2.4.4 lies in CN, not in cn-zs: a person must confirm"),
        (["8.8.8.8"], [], FAIL, FAIL, "outside_area", "8.8.8.8 lies in US, not in cn-zs: a person must confirm"),
        (["1.2.3.4", "36.1.1.1"], [], OK, UNKNOWN, "unlisted", "no table says in which region the address 36.1.1.1 lies"),
        (["1.2.3.4", "9.9.9.9"], [], UNKNOWN, UNKNOWN, "unlisted", "no table says in which region the address 9.9.9.9 lies"),
        (["1.2.4.4"], ["a.jiashule.com"], OK, UNKNOWN, "cdn", "answers from the network of 知道创宇: where the site is hosted cannot be told"),
    ],
)  # fmt: skip
async def test_whether_it_lies_in_the_city(  # noqa: PLR0917
    addresses: list[str], aliases: list[str], country: Outcome, outcome: Outcome, reason: str, words: str
) -> None:
    names: dict[str, Any] = {HOST: addresses} if not aliases else {HOST: f"= {aliases[0]}", aliases[0]: addresses}
    async with naming(names) as zone, watching(nameserver=zone.port) as viewer:
        options = Options((CITY,), area=("cn-zs",))
        checks = {"hosted_in": replace(viewer.checks["hosted_in"], options=lambda _own: options)}
        visited = await viewer.visit(f"http://{HOST}/", checks=checks)
    (whole, area) = visited.findings
    assert (whole.subject, whole.outcome) == ("", country), "what is in the area is in the country"
    assert (area.subject, area.outcome, area.reason, str(area.summary)) == ("area", outcome, reason, words)


async def test_what_was_said_of_the_area_is_over_when_none_is_set() -> None:
    seen = Seen(visits=9, said={("hosted_in", "area"): Last(1, FAIL, "outside_area", (), 3, NOON - timedelta(days=2))})
    async with naming({HOST: ["1.2.3.4"]}) as zone, watching(nameserver=zone.port) as viewer:
        visited = await viewer.visit(f"http://{HOST}/", TargetKind.SITE, seen=seen, checks=told(viewer, WORLD))
    assert [(one.subject, one.outcome) for one in visited.findings] == [("", OK), ("area", OK)]


@pytest.mark.parametrize(
    ("outcome", "after", "ago", "asked"),
    [
        (OK, 300, timedelta(hours=23), False),
        (OK, 300, timedelta(hours=24), True),
        (FAIL, 0, timedelta(minutes=50), False),
        (FAIL, 0, timedelta(minutes=54), True),  # an hour later, but for a tenth
        (FAIL, 53, timedelta(hours=2), True),  # a look between, when people filed something, was too soon to confirm it
        (FAIL, 54, timedelta(hours=2), False),
        (UNKNOWN, 0, timedelta(hours=2), False),
    ],
)
async def test_a_failure_is_looked_at_again_an_hour_later(
    outcome: Outcome, after: int, ago: timedelta, asked: bool
) -> None:
    """The last look came so many minutes `after` the first that said the same."""
    last = Last(1, outcome, "outside", (), 2, NOON - ago, NOON - ago - timedelta(minutes=after))
    async with naming({HOST: ["8.8.8.8"]}) as zone, watching(nameserver=zone.port) as viewer:
        seen = Seen(visits=9, said={("hosted_in", ""): last})
        visited = await viewer.visit(f"http://{HOST}/", TargetKind.SITE, seen=seen, checks=told(viewer, WORLD))
    assert [one.check for one in visited.findings] == (["hosted_in"] if asked else [])


# The tables

addresses = st.integers(0, 255).map(lambda n: ip_address(f"1.2.3.{n}"))
networks = st.builds(
    lambda n, bits: ip_network((f"1.2.3.{n}", bits), strict=False), st.integers(0, 255), st.integers(23, 32)
)


@given(st.dictionaries(networks, st.sampled_from(["CN", "HK", ""])), addresses)
def test_the_smallest_network_counts(told: dict[Network, str], address: object) -> None:
    around = [one for one in told if address in one]
    smallest = max(around, key=lambda one: one.prefixlen, default=None)
    found = address_table("t", told.items()).region(address)  # type: ignore[arg-type]
    assert found == (None if smallest is None else told[smallest])


def test_both_ends_of_the_address_space() -> None:
    both = table("0.0.0.0/0 CN", "255.255.255.255/32 HK", "::/0 CN", "ffff::/16 US")
    assert [both.region(ip_address(one)) for one in ("0.0.0.0", "255.255.255.254", "255.255.255.255")] == [
        "CN", "CN", "HK",
    ]  # fmt: skip
    assert [both.region(ip_address(one)) for one in ("::", "ffff::", "f" * 4 + ":ffff" * 7)] == ["CN", "US", "US"]


def test_ten_thousand_networks_cost_no_more_than_ten() -> None:
    """As a ratio: bisection takes some steps more, a search through all would take a thousand times as long."""

    def cost(many: int) -> float:
        big = address_table("t", [(ip_network(((n << 12) + (1 << 24), 22)), "CN") for n in range(many)])
        asked = [ip_address((n * 2_654_435_761) % (1 << 32)) for n in range(2_000)]
        began = time.perf_counter()
        for one in asked:
            big.region(one)
        return time.perf_counter() - began

    assert min(cost(10_000) for _ in range(3)) < 10 * min(cost(10) for _ in range(3))
