"""The city without sockets: the daemon's own fetcher tells every fault through the carrier as it would over the wire."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from monitor.city.carrier import Carrier
from monitor.city.faults import Event, Faults
from monitor.city.plan import Plan, make_plan
from monitor.city.robot import Robot
from monitor.city.virtual import VirtualClock, VirtualLoop
from monitor.model import Message, Reach, Refused, Result, Retry, Sent, Severity, Unreachable
from monitor.observe.dns import Resolver
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.guard import Guard

T = TypeVar("T")
START = datetime(2026, 1, 5, tzinfo=UTC)
SECURE = "site-2"
PLAN: Plan = make_plan(3, sites=4, columns_per_site=2, accounts=2, links_per_home=4, https=frozenset({SECURE}))
PLAIN = next(site for site in PLAN.sites if not site.https)


def played(events: list[Event], act: Callable[[Fetcher, Carrier, Faults, VirtualClock], Awaitable[T]]) -> T:
    """What `act` gives, in virtual time; the guard lets the city's addresses through."""
    loop, clock, faults = VirtualLoop(), VirtualClock(START), Faults(PLAN, events, START)
    clock.follow(loop)
    carrier = Carrier(PLAN, faults, clock.true, Guard(("127.0.0.0/8",)))
    fetcher = Fetcher(FetchLimits(), clock, Resolver(), Guard(("127.0.0.0/8",)), (carrier, carrier))

    async def main() -> T:
        return await act(fetcher, carrier, faults, clock)

    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


def fault(kind: str, target: str, **options: str) -> Event:
    return Event(timedelta(), kind, target, None, options)


@pytest.mark.parametrize(
    ("kind", "options", "reach", "detail"),
    [
        ("down", {"how": "refused"}, Reach.CONNECT, "connection refused"),
        ("down", {"how": "reset"}, Reach.CONNECT, "connection reset"),
        ("dns", {}, Reach.DNS, "NXDOMAIN"),
        ("dns", {"answer": "servfail"}, Reach.DNS, "SERVFAIL"),
        ("timeout", {}, Reach.TIMEOUT, "no answer in time"),
        ("slow", {}, Reach.SLOW, "slower than allowed"),
        ("http_500", {}, Reach.HTTP_ERROR, "HTTP 500"),
        ("http_404", {}, Reach.HTTP_ERROR, "HTTP 404"),
        ("challenged", {"status": "412"}, Reach.CHALLENGED, "HTTP 412"),
    ],
)
def test_every_fault_ends_as_over_the_wire(kind: str, options: dict[str, str], reach: Reach, detail: str) -> None:
    fetched = played([fault(kind, PLAIN.name, **options)], lambda fetcher, *_: fetcher.fetch(PLAN.site_url(PLAIN)))
    assert (fetched.reach, fetched.detail) == (reach, detail)


def test_a_healthy_page_comes_and_is_not_sent_twice() -> None:
    async def twice(fetcher: Fetcher, carrier: Carrier, *_: object) -> None:
        first = await fetcher.fetch(PLAN.site_url(PLAIN))
        assert (first.reach, first.status) == (Reach.OPEN, 200)
        assert 0 < first.seconds < 1
        again = await fetcher.fetch(PLAN.site_url(PLAIN), etag=first.header("etag"))
        assert again.not_modified
        head = await fetcher.fetch(PLAN.site_url(PLAIN), method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert carrier.requests == 3

    played([], twice)


def test_an_expired_certificate_is_told_and_the_page_still_read() -> None:
    site = PLAN.site_of(SECURE)

    async def look(fetcher: Fetcher, carrier: Carrier, *_: object) -> None:
        fetched = await fetcher.fetch(PLAN.site_url(site))
        assert (fetched.reach, fetched.trusted) == (Reach.OPEN, False)
        assert "untrusted_certificate" in fetched.notes
        shown = await carrier.certificate(PLAN.site_url(site))
        assert (shown.trouble, shown.not_after) == ("expired", START)

    played([fault("tls_expired", SECURE)], look)


def test_plain_http_leads_to_https_where_the_site_speaks_it() -> None:
    site = PLAN.site_of(SECURE)
    fetched = played([], lambda fetcher, *_: fetcher.fetch(PLAN.origin(site.host) + "/"))
    assert (fetched.reach, fetched.final_url, fetched.trusted) == (Reach.OPEN, PLAN.site_url(site), True)


def test_without_an_uplink_nobody_answers_and_no_certificate_is_shown() -> None:
    async def look(fetcher: Fetcher, carrier: Carrier, *_: object) -> None:
        assert (await fetcher.fetch(PLAN.site_url(PLAIN))).reach is Reach.DNS
        assert (await carrier.resolve(PLAIN.host)).failure == "servfail"
        with pytest.raises(Unreachable):
            await carrier.certificate(PLAN.site_url(PLAN.site_of(SECURE)))

    played([fault("uplink_down", "*")], look)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (None, Sent),
        ("refused", Retry("connection refused")),
        ("timeout", Retry("no answer in time", maybe=True)),
        ("errcode", Retry),
        ("503", Retry),
        ("403", Refused),
    ],
)
def test_the_robot_answers_as_the_scenario_says(answer: str | None, result: Result | type[Result]) -> None:
    async def send(_fetcher: Fetcher, _carrier: Carrier, faults: Faults, clock: VirtualClock) -> Robot:
        robot = Robot("duty", faults, clock.true)
        said = await robot.send(Message("标题", "正文", Severity.SERIOUS))
        assert isinstance(said, result) if isinstance(result, type) else said == result
        return robot

    events = [] if answer is None else [fault("channel_down", "channel-duty", answer=answer)]
    heard = played(events, send).heard
    assert len(heard) == (0 if answer == "refused" else 1)
    assert [one.confirmed for one in heard] == [answer is None] * len(heard)
