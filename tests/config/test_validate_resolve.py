"""`zhishou validate --resolve` against a real name server, and what a person at a real terminal sees meanwhile."""

import asyncio
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

from monitor.city.nameserver import Nameserver, from_table
from monitor.cli.validate import Progress
from monitor.config.inventory import EVERY
from monitor.config.load import load
from tests.daemon.slow_server import SlowServer
from tests.tree import ROOT
from tests.workdays import calendar_for

TABLE: dict[str, tuple[str, ...] | str] = {
    "open.example.gov.cn": ("203.0.113.7",),
    "inner.example.gov.cn": ("203.0.113.8", "10.1.1.1"),
    "sick.example.gov.cn": "servfail",
}


@contextmanager
def names_served(table: Mapping[str, tuple[str, ...] | str]) -> Iterator[Nameserver]:
    """A name server in a loop of its own, for commands that bring their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = Nameserver(from_table(table))
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
        yield server
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


NOBODY = "http://127.0.0.1:9/"
"""A reference host that does not answer: the guard is shut to it."""


def settings(folder: Path, server: str, hosts: list[str]) -> Path:
    path = folder / "monitor.toml"
    path.write_text(
        f'[resolver]\nnameservers = ["{server}"]\ntimeout = "1s"\n[guard]\nallow = ["203.0.113.0/24"]\n[reference]\nurls = ["{NOBODY}"]\nat_least = 1\n[[channel]]\nid = "c"\nurl = "console://"\n'
        + "".join(
            f'[[target]]\nid = "t{number}"\nkind = "site"\nname = "某市"\ncontact = "张三"\nurl = "http://{host}/"\n'
            for number, host in enumerate(hosts)
        )
        + calendar_for(folder),
        "utf-8",
    )
    return path


def validated(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", "validate", "--config", str(path), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_every_name_is_asked_and_what_the_guard_will_refuse_is_told(tmp_path: Path) -> None:
    hosts = [*TABLE, "none.example.gov.cn", "open.example.gov.cn", "127.0.0.1"]
    with names_served(TABLE) as server:
        path = settings(tmp_path, server.address, hosts)
        done = validated(path, "--resolve", "--json")
        asked = server.questions
        unasked = validated(path, "--json")
        assert server.questions == asked
    assert (done.returncode, unasked.returncode) == (0, 0)
    told = {one["place"]: one["message"] for one in json.loads(done.stdout)["warnings"]}
    assert told.keys() == {"t1", "t5", "sick.example.gov.cn", "none.example.gov.cn", NOBODY}
    assert told["t1"].startswith("按安全规则不访问 inner.example.gov.cn：10.1.1.1：内网地址")
    assert told[NOBODY] == "参照站点没有应答：地址不允许访问"
    assert told["sick.example.gov.cn"].startswith("域名解析不到地址：")
    assert told["sick.example.gov.cn"] != told["none.example.gov.cn"]
    assert {one["place"] for one in json.loads(unasked.stdout)["warnings"]} == {"t5"}
    assert "\r" not in done.stderr


def test_each_silent_reference_host_is_warned_of_and_one_that_answers_is_not(tmp_path: Path) -> None:
    with SlowServer(0.0) as outside:
        alive = f"http://127.0.0.1:{outside.port}/"
        path = settings(tmp_path, "127.0.0.1:9", ["127.0.0.1"])
        text = path.read_text("utf-8").replace(f'["{NOBODY}"]', f'["{alive}", "{NOBODY}"]')
        path.write_text(text.replace("203.0.113.0/24", "127.0.0.0/8"), "utf-8")
        assert NOBODY not in validated(path).stdout, "only when asked"
        assert "/" not in outside.asked
        done = validated(path, "--resolve")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if "参照站点" in line]
    assert NOBODY in line
    assert "[reference] urls" in line
    assert alive not in done.stdout
    assert "--resolve" not in done.stdout


def at_a_terminal(*args: str | Path) -> tuple[int, str, str]:
    """The command with its stderr on a terminal: exit code, stdout, and everything the terminal was sent."""
    terminal, inside = pty.openpty()
    command = [sys.executable, "-m", "monitor", *map(str, args)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=inside, text=True) as process:
        os.close(inside)
        seen = b""
        while chunk := _read(terminal):
            seen += chunk
        out, _ = process.communicate(timeout=60)
    os.close(terminal)
    return process.returncode, out, seen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says EIO when the other end is closed
        return b""


def test_a_person_who_waits_for_silent_name_servers_sees_how_far_it_is(tmp_path: Path) -> None:
    silent = {f"s{number}.example.gov.cn": "timeout" for number in range(60)}
    names: dict[str, tuple[str, ...] | str] = {**TABLE, **silent}
    with names_served(names) as server:
        path = settings(tmp_path, server.address, list(names))
        code, out, seen = at_a_terminal("validate", "--resolve", "--config", path)
    assert code == 0
    assert f"/{len(names)}" in seen
    assert seen.endswith("\r\x1b[K")  # the line is taken away before the verdict
    assert out.count("域名解析不到地址") == 61


def _all_of(terminal: int) -> str:
    """What was written to it; a read brings a part, and the end is an error (Linux) once nobody holds the other side."""
    seen = b""
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:
            return seen.decode()
        if not part:
            return seen.decode()
        seen += part


def test_a_person_who_waits_for_a_large_inventory_sees_how_far_it_is(tmp_path: Path) -> None:
    path = settings(tmp_path, "127.0.0.1:1", [])
    rows = "".join(f"s{number},site,某市,http://www.s{number}.gov.cn/\n" for number in range(2 * EVERY + 5))
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "a.csv").write_text("id,kind,name,url\n" + rows, "utf-8")
    terminal, inside = pty.openpty()
    with os.fdopen(inside, "w") as stream, redirect_stderr(stream):
        hasty, patient = Progress("en", patience=0), Progress("en", patience=3600)
        for progress in (patient, hasty):
            load(path, environ={}, progress=progress.read)
            progress.close()
            progress.close()
    seen = _all_of(terminal)
    os.close(terminal)
    shown = [f"{tmp_path}/targets/a.csv: {count} rows" for count in ("10,000", "20,000", "20,005")]
    assert seen == "".join(f"\r\x1b[K{line}" for line in shown) + "\r\x1b[K"
