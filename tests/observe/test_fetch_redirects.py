"""Redirects by hand: cookie walls, loops, Chinese addresses, and ways into our own network."""

import asyncio

import pytest

from monitor.model import Reach
from tests.observe.dns_server import naming
from tests.observe.raw_server import PAGE, looking, reply, serving


def redirect(location: bytes, *headers: str, status: str = "302 Found") -> bytes:
    return reply(b"", status, *headers).replace(b"\r\n", b"\r\nLocation: " + location + b"\r\n", 1)


def path_of(request: bytes) -> str:
    return request.split(b" ")[1].decode()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_followed_and_every_hop_recorded(status: str) -> None:
    async with serving([redirect(b"/new?a=1#part", status=status), reply()]) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url("/old"))
    assert (fetched.reach, fetched.body, fetched.status) == (Reach.OPEN, PAGE, 200)
    assert fetched.final_url.startswith(server.url("/new?a=1"))
    assert [(hop.status, hop.address) for hop in fetched.hops] == [(int(status[:3]), "127.0.0.1"), (200, "127.0.0.1")]
    assert path_of(server.asked[1]) == "/new?a=1"


async def test_a_loop_ends_after_eight_redirects() -> None:
    async with serving(redirect(b"/again")) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail, fetched.status) == (Reach.REDIRECT_LOOP, "more than 8 redirects", 302)
    assert len(server.asked) == len(fetched.hops) == 9


async def test_eight_redirects_are_not_yet_a_loop() -> None:
    answers = [*(redirect(f"/{n}".encode()) for n in range(8)), reply()]
    async with serving(answers) as server, looking() as fetcher:
        assert (await fetcher.fetch(server.url())).reach is Reach.OPEN


async def test_a_cookie_wall_is_passed_and_its_cookie_forgotten() -> None:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        known = b"CT6T=abc=+/" in request
        writer.write(reply() if known else redirect(b"/", "Set-Cookie: CT6T=abc=+/; path=/; HttpOnly"))
        await writer.drain()

    async with serving(answer) as server, looking() as fetcher:
        first = await fetcher.fetch(server.url())
        second = await fetcher.fetch(server.url())
    assert (first.reach, second.reach) == (Reach.OPEN, Reach.OPEN)
    assert [b"Cookie:" in request for request in server.asked] == [False, True, False, True]


async def test_a_cookie_goes_to_its_own_host_only() -> None:
    async with serving(reply()) as other, naming({"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}) as zone:
        away = redirect(other.url(host="b.example").encode(), "Set-Cookie: secret=1")
        async with serving(away) as server, looking(nameserver=zone.port) as fetcher:
            fetched = await fetcher.fetch(server.url(host="a.example"))
    assert (fetched.reach, fetched.final_url) == (Reach.OPEN, other.url(host="b.example"))
    assert b"Cookie" not in other.asked[0]


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("/首页.html".encode("gb18030"), "/%CA%D7%D2%B3.html"),
        ("/首页.html".encode(), "/%E9%A6%96%E9%A1%B5.html"),
        (b"/%CA%D7%D2%B3.html", "/%CA%D7%D2%B3.html"),
        ("/乗.html".encode("gb18030"), "/%81\\.html"),  # its second byte is a backslash
        (b"/a b.html", "/a%20b.html"),
        (b"\\new\\page.html", "/new/page.html"),
        (b"?page=2", "/column/old?page=2"),
        (b"next.html", "/column/next.html"),
        (b"../up.html", "/up.html"),
        (b" \t/blank.html \t", "/blank.html"),
        (b"/a%2Fb?x=%7E", "/a%2Fb?x=%7E"),
        (b"http:/path", "/path"),
    ],
)
async def test_where_a_location_leads(location: bytes, asked: str) -> None:
    async with serving([redirect(location), reply()]) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url("/column/old"))
    assert fetched.reach is Reach.OPEN
    assert path_of(server.asked[1]) == asked


async def test_a_relative_location_leaves_the_path_before_it_as_it_was() -> None:
    answers = [redirect(b"/%20a%2F%CA%D7/b"), redirect(b"c"), reply()]
    async with serving(answers) as server, looking() as fetcher:
        assert (await fetcher.fetch(server.url())).reach is Reach.OPEN
    assert path_of(server.asked[2]) == "/%20a%2F%CA%D7/c"


@pytest.mark.parametrize("location", [b"//{place}/x", b"http://{place}/x", b"HTTP://{place}/x", b"http://{place}"])
async def test_whole_addresses(location: bytes) -> None:
    async with serving(reply()) as other:
        to = location.replace(b"{place}", f"127.0.0.1:{other.port}".encode())
        async with serving(redirect(to)) as server, looking() as fetcher:
            fetched = await fetcher.fetch(server.url())
    assert fetched.reach is Reach.OPEN
    assert path_of(other.asked[0]) in {"/", "/x"}


async def test_a_host_written_in_chinese() -> None:
    async with naming({"xn--zfr164b.example": ["127.0.0.1"]}) as zone, serving(reply()) as other:
        for encoding in ("utf-8", "gb18030"):
            to = f"http://政务.example:{other.port}/".encode(encoding)
            async with serving(redirect(to)) as server, looking(nameserver=zone.port) as fetcher:
                fetched = await fetcher.fetch(server.url())
            assert (fetched.reach, fetched.detail) == (Reach.OPEN, "")


@pytest.mark.parametrize(
    ("location", "detail"),
    [
        (b"javascript:history.back()", "redirect to something that is no web address"),
        (b"weixin://dl/business", "redirect to something that is no web address"),
        (b"ftp://site.example/", "redirect to something that is no web address"),
        (b"http://[::1/", "redirect to something that is no address"),
        (b"http://site.example:99999/", "redirect to something that is no address"),
        (b"http://", "redirect to something that is no address"),
        (b"", "redirect that leads nowhere"),
    ],
)
async def test_a_redirect_that_leads_nowhere(location: bytes, detail: str) -> None:
    async with serving(redirect(location)) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail) == (Reach.REDIRECT_LOOP, detail)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (b"http://10.0.0.1/admin", "private"),
        (b"http://169.254.169.254/latest/meta-data/", "link-local"),
        (b"http://[::1]/", "loopback"),
        (b"http://[::ffff:192.168.0.1]/", "private"),
        (b"http://[64:ff9b::a00:1]/", "NAT64"),
        (b"http://2130706433/", "not a canonical address"),
        (b"https://192.168.0.1/", "private"),
        (b"http://inside.example/", "private"),
        (b"//inside6.example/", "private"),
    ],
)
async def test_a_redirect_into_our_own_network_is_refused(location: bytes, reason: str) -> None:
    names = {"inside.example": ["192.168.3.4"], "inside6.example": ["fd00::1", "10.0.0.9"]}
    async with (
        naming(names) as zone,
        serving(redirect(location)) as server,
        looking(nameserver=zone.port, allow=["127.0.0.1/32"]) as fetcher,
    ):
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail) == (Reach.REFUSED_BY_GUARD, reason)
    assert fetched.hops[0].status == 302


async def test_a_name_that_turns_private_between_two_looks_is_refused() -> None:
    async with naming({"site.example": ["127.0.0.1"]}) as zone, serving(reply()) as server:
        async with looking(nameserver=zone.port, allow=["127.0.0.1/32"]) as fetcher:
            assert (await fetcher.fetch(server.url(host="site.example"))).reach is Reach.OPEN
        zone.names["site.example"] = ["127.0.0.2"]
        async with looking(nameserver=zone.port, allow=["127.0.0.1/32"]) as fetcher:
            assert (await fetcher.fetch(server.url(host="site.example"))).reach is Reach.REFUSED_BY_GUARD


async def test_the_second_client_follows_and_is_guarded_too() -> None:
    away = redirect(b"http://127.0.0.2:9/").replace(b" 302 Found", b" 302Found")
    async with serving([away, away, reply()]) as server, looking(allow=["127.0.0.1/32"]) as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail) == (Reach.REFUSED_BY_GUARD, "loopback")
    assert [hop.status for hop in fetched.hops] == [None, 302, None]


async def test_a_redirect_with_a_page_and_no_address_is_that_page() -> None:
    async with serving(reply(PAGE, "302 Found")) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.body, fetched.status) == (Reach.OPEN, PAGE, 302)


async def test_validators_go_along() -> None:
    answers = [redirect(b"/b"), reply(b"", "304 Not Modified")]
    async with serving(answers) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url(), etag='"a"')
    assert fetched.not_modified
    assert b'If-None-Match: "a"' in server.asked[1]
