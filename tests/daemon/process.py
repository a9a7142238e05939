"""`zhishou run` in a process of its own, seen from outside: by systemd's socket, over HTTP, by its log and its store.

Starts and ends only its own processes. What it waits for it asks again and again until a limit, and then shows the log.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tests.cli.terminal import Done, call
from tests.tree import ROOT

T = TypeVar("T")

PATIENCE = 90.0
"""Seconds until something that must happen has failed; many times what a quiet machine needs."""


class Answer(NamedTuple):
    """What an HTTP door said."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class Said(NamedTuple):
    """One datagram to systemd."""

    at: float  # time.monotonic()
    lines: tuple[str, ...]


def eventually(asked: Callable[[], T], seconds: float = PATIENCE, *, shown: Callable[[], object] = str) -> T:
    """The first answer that is not empty, asked ten times a second; fails when none comes in time."""
    end = time.monotonic() + seconds
    while not (answer := asked()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s\n{shown()}")
        time.sleep(0.1)
    return answer


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """One daemon, from start to end. `folder` takes its log and its notify socket."""

    def __init__(self, config: Path, folder: Path, *, ready: bool = True, command: Sequence[str] = ()) -> None:
        self.config, self.folder = config, folder
        self.port = int(config.read_text(encoding="utf-8").partition('listen = "127.0.0.1:')[2].partition('"')[0])
        self.store = folder / "state" / "zhishou.db"
        self.said: list[Said] = []
        self._log = folder / f"log-{time.monotonic_ns()}"
        self._systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        place = folder / f"notify-{time.monotonic_ns() % 10**6}"
        self._systemd.bind(str(place))
        self._listener = threading.Thread(target=self._listen, name="systemd")
        self._listener.start()
        env = dict(os.environ) | {"NOTIFY_SOCKET": str(place), "WATCHDOG_USEC": "60000000"}
        told = command or (sys.executable, "-m", "monitor", "run", "--config", str(config))
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(told, cwd=ROOT, env=env, stdout=log, stderr=log)
        if ready:
            eventually(lambda: self.told("READY=1") or self.process.poll() is not None, shown=self.log)
            assert self.process.poll() is None, self.log()

    def _listen(self) -> None:
        while line := self._systemd.recv(4096):
            self.said.append(Said(time.monotonic(), tuple(line.decode().splitlines())))

    def told(self, word: str) -> list[Said]:
        """Datagrams with that line, earliest first."""
        return [one for one in self.said if word in one.lines]

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Log lines of that event."""
        lines = (line.partition(">")[2] for line in self.log().splitlines() if line.startswith("<"))
        return [entry for entry in map(json.loads, lines) if entry["event"] == event]

    def get(self, path: str) -> Answer:
        """What the desk answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=15) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())

    def command(self, *args: str | Path) -> Done:
        """A command of the command line with this daemon's settings, spoken from this process."""
        return call(*args, "--config", self.config)

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What its store holds now."""
        return rows(self.store, sql, *values)

    def incidents(self) -> list[dict[str, Any]]:
        """Every incident that ever was, with its targets."""
        found = self.ask("SELECT id, cause, key, state, severity FROM incidents ORDER BY id")
        named = [dict(zip(("id", "cause", "key", "state", "severity"), row, strict=True)) for row in found]
        for one in named:
            members = self.ask("SELECT target_id FROM members WHERE incident_id = ? ORDER BY target_id", one["id"])
            one["targets"] = [name for (name,) in members]
        return named

    def reload(self) -> None:
        """SIGHUP, and wait until the daemon tells systemd that it is over."""
        before = len(self.told("READY=1"))
        self.process.send_signal(signal.SIGHUP)
        eventually(lambda: len(self.told("READY=1")) > before, shown=self.log)

    def stop(self, seconds: float = PATIENCE) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.ended(seconds)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; the exit code."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} s\n{self.log()}") from None

    def put_away(self) -> None:
        """However the test went: no process, no socket is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._systemd.shutdown(socket.SHUT_RD)
        self._listener.join()
        self._systemd.close()


@contextmanager
def running(config: Path, folder: Path, **how: Any) -> Iterator[Running]:
    """A daemon for the length of a `with`; ended by force when the test did not end it."""
    daemon = Running(config, folder, **how)
    try:
        yield daemon
    finally:
        daemon.put_away()


def rows(store: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a store holds, without touching it."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)) as tx:
        return tx.execute(sql, values).fetchall()


def set_up(config: Path, changes: Mapping[str, str]) -> None:
    """Write other settings into a file: each text is replaced, and must have been there."""
    text = config.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{old!r} does not stand in {config}"
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
