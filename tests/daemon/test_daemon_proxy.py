"""Our own outgoing proxy fails: one incident of ours, nothing said about any target, and it ends by itself."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from monitor.city.receiver import Receiver
from tests.cli.terminal import call
from tests.daemon.inside import Inside, inside, until, write
from tests.daemon.process import free_port
from tests.footer import FOOTER
from tests.observe.proxy_server import proxying
from tests.observe.raw_server import reply, serving

QUICK = '[cadence]\nsite = "500ms"\nlinks = "500ms"\ncertificate = "1s"\n[confirm]\nevery = "500ms"\n'
SITES = {f"site-{n}": f"http://www{n}.example/" for n in range(3)} | {"secure": "https://www9.example/"}
PAGE = reply(f"<html><head><title>某市</title></head><body><p>政务公开</p>{FOOTER}</body></html>".encode())
DENIED = reply(b"", "407 Proxy Authentication Required")


async def settings(folder: Path, receiver: Receiver, port: int, sites: dict[str, str] = SITES) -> Path:
    channel = f'[[channel]]\nid = "duty"\nurl = "json://127.0.0.1:{receiver.port}/hook"\n'
    wait = '[alert]\ngroup_wait = "100ms"\n'
    tables = f'{QUICK}{wait}[fetch]\npace = "1ms"\nproxy = "http://127.0.0.1:{port}"\n{channel}'
    return await asyncio.to_thread(write, folder, tables, sites, kind="site")


async def comes(running: Inside, wanted: list[tuple[object, ...]], sql: str) -> None:
    """Until that is what the store holds."""
    try:
        async with asyncio.timeout(30):
            while await running.ask(sql) != wanted:
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(await running.ask(sql)) from None


SEEN = "SELECT DISTINCT outcome, reason FROM runs WHERE check_name = 'reachable' AND is_current = 1"
TROUBLES = "SELECT cause, key, state FROM incidents"
LOOKED = "SELECT MIN(looks) > 3 FROM runs WHERE check_name = 'reachable' AND is_current = 1"


@pytest.mark.parametrize("refusal", [b"", DENIED])
async def test_one_incident_of_ours_and_nothing_at_the_sites(
    tmp_path: Path, receiver: Receiver, refusal: bytes
) -> None:
    port = free_port()
    config = await settings(tmp_path, receiver, port)
    async with serving(PAGE) as site, inside(config) as running:
        if refusal:
            async with proxying(0, refuse=refusal, port=port):
                await _is_shut_and_told(running, receiver, port)
        else:
            await _is_shut_and_told(running, receiver, port)
        async with proxying(site.port, port=port):
            await comes(running, [("ours", "proxy", "recovered")], TROUBLES)
            await until(lambda: len(receiver.confirmed) == 2)
            assert "恢复" in receiver.confirmed[1].body.decode()


async def _is_shut_and_told(running: Inside, receiver: Receiver, port: int) -> None:
    await comes(running, [("unknown", "proxy")], SEEN)
    await comes(running, [(1,)], LOOKED)
    assert await running.ask(TROUBLES) == [("ours", "proxy", "open")]
    assert await running.ask("SELECT SUM(good), SUM(failed), SUM(excluded) > 8 FROM availability") == [(0, 0, 1)]
    assert await running.ask("SELECT id FROM targets WHERE blind_since IS NOT NULL") == [], "it is our blindness"
    assert await running.ask("SELECT 1 FROM runs WHERE outcome = 'fail' AND target_id <> '*'") == []
    certificate = "SELECT outcome, reason FROM runs WHERE check_name = 'certificate' AND is_current = 1"
    await comes(running, [("unknown", "proxy")], certificate)
    await until(lambda: receiver.confirmed)
    (message,) = receiver.confirmed
    told = json.loads(message.body)
    words = f"{told.get('title')}\n{told.get('message')}"
    for part in (f"127.0.0.1:{port}", "出口代理", "处置：", "联系："):
        assert part in words
    assert "网站打不开" not in words


async def test_a_site_the_proxy_may_not_ask_for_is_only_unseen(tmp_path: Path, receiver: Receiver) -> None:
    """A rule of the proxy about one site: no incident of ours, and the site's own blindness is counted."""
    port = free_port()
    config = await settings(tmp_path, receiver, port, {"secure": "https://www9.example/"})
    async with proxying(0, refuse=reply(b"", "403 Forbidden"), port=port), inside(config) as running:
        await comes(running, [("unknown", "proxy")], SEEN)
        await comes(running, [(1,)], LOOKED)
        assert await running.ask(TROUBLES) == []
        assert await running.ask("SELECT id FROM targets WHERE blind_since IS NOT NULL") == [("secure",)]


async def test_what_the_proxy_says_of_a_site_counts(tmp_path: Path, receiver: Receiver) -> None:
    port = free_port()
    config = await settings(tmp_path, receiver, port, {"secure": "https://www9.example/"})
    async with proxying(0, refuse=reply(b"", "503 No"), port=port), inside(config) as running:
        await comes(running, [("fail", "connect")], SEEN)
        await comes(running, [("outage", "secure", "open")], TROUBLES)


async def test_a_reload_without_the_proxy_ends_it(tmp_path: Path, receiver: Receiver) -> None:
    config = await settings(tmp_path, receiver, free_port())
    async with inside(config) as running:
        await comes(running, [("ours", "proxy", "open")], TROUBLES)
        text = await asyncio.to_thread(config.read_text, "utf-8")
        without = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("proxy ="))
        await asyncio.to_thread(config.write_text, without.partition("[[target]]")[0], "utf-8")
        assert await running.daemon.take_over() == ()
        await comes(
            running, [("ours", "proxy", "recovered"), ("ours", "list", "open")], TROUBLES
        )  # nothing is left to watch


def test_one_look_from_the_command_line_says_it_could_not_look(tmp_path: Path) -> None:
    config = write(tmp_path, f'[fetch]\nproxy = "http://127.0.0.1:{free_port()}"\n')
    done = call("visit", "http://www.example.com/", "--config", config)
    assert done.code == 0, done.out
    assert "未能查看" in done.out
    assert "出口代理" in done.out
    assert "[异常]" not in done.out


async def test_that_the_reference_hosts_are_silent_too_makes_no_second_incident(
    tmp_path: Path, receiver: Receiver
) -> None:
    """They are asked through the same proxy, and answered before."""
    port, hosts = free_port(), [f"http://outside{n}.example/" for n in range(3)]
    config = await settings(tmp_path, receiver, port)
    text = (await asyncio.to_thread(config.read_text, "utf-8")).replace("urls = []", f"urls = {hosts}")
    await asyncio.to_thread(config.write_text, text, "utf-8")
    async with serving(PAGE) as site, AsyncExitStack() as until_gone:
        await until_gone.enter_async_context(proxying(site.port, port=port))
        async with inside(config) as running:
            await until(lambda: len(running.daemon.loops.network.remembered) == len(hosts))
            await until_gone.aclose()
            await comes(running, [("ours", "proxy", "open")], TROUBLES)
            await comes(running, [("unknown", "proxy")], SEEN)
            assert await running.ask(TROUBLES) == [("ours", "proxy", "open")]
