"""What systemd hears, over a real socket, by path and in the abstract namespace."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import service


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, dict[str, str]]]:
    name = f"@zhishou-test-{os.getpid()}-{tmp_path.name}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind("\0" + name[1:] if name.startswith("@") else name)
        ear.settimeout(5)
        yield ear, {"NOTIFY_SOCKET": name}


def test_what_is_said(systemd: tuple[socket.socket, dict[str, str]]) -> None:
    ear, environ = systemd
    assert service.ready("watching 12 sites\nand more", environ)
    assert ear.recv(4096) == b"READY=1\nSTATUS=watching 12 sites and more"
    assert service.alive(environ=environ)
    assert ear.recv(4096) == b"WATCHDOG=1"
    assert service.status("值班", environ)
    assert ear.recv(4096).decode() == "STATUS=值班"
    assert service.stopping(environ=environ)
    assert ear.recv(4096) == b"STOPPING=1"


def test_a_reload_says_when(systemd: tuple[socket.socket, dict[str, str]]) -> None:
    ear, environ = systemd
    before = time.monotonic_ns() // 1000
    assert service.reloading(environ)
    first, second = ear.recv(4096).decode().split("\n")
    assert first == "RELOADING=1"
    assert before <= int(second.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000


@pytest.mark.parametrize("address", ["", "vsock:2:1", "/nowhere/notify"])
def test_nobody_there_is_no_trouble(address: str) -> None:
    assert not service.ready(environ={"NOTIFY_SOCKET": address})
