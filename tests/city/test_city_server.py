"""Every fault as a bare client meets it on the wire: real sockets, real TLS, real name server."""

import asyncio
import errno
import gzip
import ssl
import time
from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import pytest

from monitor.city.city import City
from monitor.city.faults import Event, Faults
from monitor.city.plan import FEEDS, Plan
from tests.city.conftest import NOON, Serving, client_of
from tests.clock import FakeClock

pytestmark = pytest.mark.usefixtures("blockbuster")


async def get(city: City, url: str, **options: object) -> tuple[int, bytes, Mapping[str, str]]:
    context = await asyncio.to_thread(ssl.create_default_context, cafile=str(city.ca_file))
    async with client_of(city) as client, client.get(url, ssl=context, allow_redirects=False, **options) as answer:  # type: ignore[arg-type]
        return answer.status, await answer.read(), answer.headers


def home(city: City, name: str) -> str:
    return city.plan.site_url(city.plan.site_of(name))


async def test_healthy_sites_answer_over_http_and_https(serving: Serving) -> None:
    async with serving() as city:
        for site in city.plan.sites:
            status, body, _ = await get(city, city.plan.site_url(site))
            assert status == 200
            assert site.title in body.decode(site.encoding)
        assert any(site.https for site in city.plan.sites)


async def test_an_https_site_sends_plain_visitors_on(serving: Serving) -> None:
    async with serving() as city:
        site = city.plan.site_of("site-02")
        status, _, headers = await get(city, city.plan.origin(site.host) + "/")
        assert (status, headers["Location"]) == (301, city.plan.site_url(site))


async def test_down_is_refused_and_nobody_else_is(serving: Serving) -> None:
    async with serving(("down", "site-02"), ("down", "site-03")) as city:
        for name in ("site-02", "site-03"):
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await get(city, home(city, name))
            assert caught.value.os_error.errno == errno.ECONNREFUSED
        assert (await get(city, home(city, "site-04")))[0] == 200


async def test_down_by_reset(serving: Serving) -> None:
    async with serving(("down", "site-03", {"how": "reset"}), ("down", "site-01/column-1")) as city:
        with pytest.raises(aiohttp.ClientOSError) as caught:
            await get(city, home(city, "site-03"))
        assert caught.value.errno == errno.ECONNRESET
        column = next(target for target in city.inventory() if target.id == "site-01/column-1")
        with pytest.raises(aiohttp.ClientError):
            await get(city, column.url)
        assert (await get(city, home(city, "site-01")))[0] == 200


def test_the_daemons_own_loop_resets_and_refuses_too(serving: Serving) -> None:
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not for this platform")

    async def look() -> list[str]:
        found = []
        async with serving(
            ("down", "site-03", {"how": "reset"}), ("down", "site-04"), ("tls_expired", "site-02")
        ) as city:
            for name in ("site-01", "site-02", "site-03", "site-04"):
                try:
                    found.append(str((await get(city, home(city, name)))[0]))
                except aiohttp.ClientConnectorCertificateError:
                    found.append("expired")
                except aiohttp.ClientOSError as error:
                    found.append(errno.errorcode[error.errno or 0])
        return found

    assert uvloop.run(look()) == ["200", "expired", "ECONNRESET", "ECONNREFUSED"]


@pytest.mark.parametrize("answer", ["nxdomain", "servfail", "timeout"])
async def test_dns(serving: Serving, answer: str) -> None:
    async with serving(("dns", "site-03", {"answer": answer})) as city:
        with pytest.raises(aiohttp.ClientConnectorDNSError):
            await get(city, home(city, "site-03"))
        assert (await get(city, home(city, "site-04")))[0] == 200


async def test_timeout_accepts_and_never_answers(serving: Serving) -> None:
    async with serving(("timeout", "site-03"), ("timeout", "site-02")) as city:
        host, port = city.plan.hosts[city.plan.site_of("site-03").host], city.plan.http_port
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET / HTTP/1.1\r\nHost: {city.plan.site_of('site-03').host}:{port}\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.5)
        writer.close()
        with pytest.raises(TimeoutError):  # the TLS handshake is done, then nothing
            await get(city, home(city, "site-02"), timeout=aiohttp.ClientTimeout(total=1, sock_connect=5))
        assert city.requests == 2


async def test_slow_answers_late_and_completely(serving: Serving) -> None:
    async with serving(("slow", "site-03", {"seconds": 0.6})) as city:
        began = time.perf_counter()
        status, body, _ = await get(city, home(city, "site-03"))
        assert time.perf_counter() - began >= 0.6
        assert status == 200
        assert body.rstrip().endswith(b"</HTML>")


@pytest.mark.parametrize(
    ("kind", "options", "status", "words"),
    [
        ("http_500", {}, 500, "内部服务器错误"),
        ("http_404", {}, 404, "404 Not Found"),
        ("challenged", {}, 412, "$_ts"),
        ("challenged", {"status": "200"}, 200, "安全验证"),
        ("challenged", {"status": "521"}, 521, "document.cookie"),
        ("maintenance", {}, 200, "预计于2026年11月29日恢复"),
        ("soft_error", {}, 200, "页面不存在"),
        ("hijacked", {}, 200, "域名"),
        ("hijacked", {"how": "spam"}, 200, "百家乐"),
    ],
)
async def test_pages_of_trouble_take_the_whole_host(
    serving: Serving, kind: str, options: dict[str, str | int | float], status: int, words: str
) -> None:
    async with serving((kind, "site-03", options)) as city:
        base = home(city, "site-03")
        for url in (base, city.plan.link_url("site-03/link-1")):
            got, body, _ = await get(city, url)
            assert got == status
            assert words in body.decode()
        assert (await get(city, home(city, "site-06")))[0] == 200


async def test_a_wall_sets_its_cookie(serving: Serving) -> None:
    async with serving(("challenged", "site-03")) as city:
        _, body, headers = await get(city, home(city, "site-03"))
        assert headers["Set-Cookie"].split("=")[0].endswith("S")
        assert b"r='m'" in body


async def test_an_expired_certificate_is_really_shown(serving: Serving) -> None:
    async with serving(("tls_expired", "site-02")) as city:
        url = home(city, "site-02")
        with pytest.raises(aiohttp.ClientConnectorCertificateError) as caught:
            await get(city, url)
        assert "certificate has expired" in str(caught.value)
        async with client_of(city) as client, client.get(url, ssl=False) as answer:
            assert answer.status == 200
        other = next(site for site in city.plan.sites if site.https and site.name != "site-02")
        assert (await get(city, city.plan.site_url(other)))[0] == 200


async def test_a_dead_link_is_gone_and_its_neighbours_are_not(serving: Serving) -> None:
    async with serving(("dead_link", "site-01/link-5")) as city:
        assert (await get(city, city.plan.link_url("site-01/link-5")))[0] == 404
        assert (await get(city, city.plan.link_url("site-01/link-4")))[0] == 200
        async with client_of(city) as client:
            async with client.head(city.plan.link_url("site-01/link-5")) as answer:
                assert answer.status == 404
            async with client.head(city.plan.link_url("site-01/link-4")) as answer:
                assert (answer.status, await answer.read()) == (200, b"")


async def test_the_bridge_fails_for_one_account(serving: Serving) -> None:
    async with serving(("bridge_down", "account-3")) as city:
        feeds = {account.name: city.plan.feed_url(account) for account in city.plan.accounts}
        assert (await get(city, feeds["account-3"]))[0] == 502
        assert (await get(city, feeds["account-4"]))[0] == 200


async def test_an_uplink_that_is_down_takes_everything_and_comes_back(plan: Plan) -> None:
    clock = FakeClock(NOON)
    cut = Event(timedelta(seconds=10), "uplink_down", "*", timedelta(seconds=20))
    async with City(plan, Faults(plan, [cut], NOON), clock) as city:
        everything = [
            home(city, "site-01"),
            home(city, "site-02"),
            city.plan.origin(FEEDS) + city.plan.accounts[0].path,
        ]
        everything += [city.plan.origin(host) + "/" for host in city.plan.references]
        for seconds, reachable in ((0, True), (12, False), (25, True)):
            clock.advance(seconds)
            await asyncio.sleep(0.05)  # the city wakes at the loop's next turns and moves its listeners
            for url in everything:
                assert await _answers(city, url) is reachable, (seconds, url)
        clock.jump(NOON + timedelta(seconds=15))
        await city.obey()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(city.plan.hosts[city.plan.references[0]], city.plan.http_port)


async def _answers(city: City, url: str) -> bool:
    try:
        return (await get(city, url))[0] == 200
    except aiohttp.ClientError:
        return False


async def test_kept_connections_are_cut_when_a_site_goes_down(plan: Plan) -> None:
    clock = FakeClock(NOON)
    falls = Event(timedelta(seconds=5), "down", "site-01")
    async with City(plan, Faults(plan, [falls], NOON), clock) as city:
        reader, writer = await asyncio.open_connection(plan.sites[0].address, city.plan.http_port)
        clock.advance(6)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


async def test_unchanged_is_304_and_changed_is_not(serving: Serving) -> None:
    async with serving() as city:
        url = home(city, "site-01")
        _, body, headers = await get(city, url)
        status, nothing, _ = await get(city, url, headers={"If-None-Match": headers["ETag"]})
        assert (status, nothing) == (304, b"")
        assert (await get(city, url, headers={"If-None-Match": '"other"'}))[1] == body


async def test_gzip_when_the_client_takes_it(serving: Serving) -> None:
    async with serving() as city:
        async with client_of(city) as client:
            client._auto_decompress = False
            async with client.get(home(city, "site-01"), headers={"Accept-Encoding": "gzip"}) as answer:
                packed = await answer.read()
                assert answer.headers["Content-Encoding"] == "gzip"
            async with client.get(home(city, "site-01"), headers={"Accept-Encoding": "identity"}) as answer:
                plain = await answer.read()
                assert "Content-Encoding" not in answer.headers
        assert gzip.decompress(packed) == plain


async def test_a_name_at_the_wrong_address_is_not_served(serving: Serving) -> None:
    async with serving() as city, client_of(city) as client:
        url = home(city, "site-01")
        async with client.get(url, headers={"Host": "elsewhere.example"}) as answer:
            assert answer.status == 404


async def test_two_cities_at_once(serving: Serving) -> None:
    async with serving() as one, serving(("http_500", "site-01")) as other:
        assert one.plan.http_port != other.plan.http_port
        assert (await get(one, home(one, "site-01")))[0] == 200
        assert (await get(other, home(other, "site-01")))[0] == 500


async def test_nothing_is_left_behind(serving: Serving) -> None:
    city = serving(("timeout", "site-01"))
    await city.start()
    folder = city.ca_file.parent
    hanging = asyncio.create_task(_answers(city, home(city, "site-01")))
    while not city.requests:
        await asyncio.sleep(0)
    began = time.perf_counter()
    await city.close()
    assert await hanging is False
    assert time.perf_counter() - began < 30
    assert not await asyncio.to_thread(folder.exists)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(city.plan.sites[1].address, city.plan.http_port)
