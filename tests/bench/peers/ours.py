"""Our daemon as a Subject: its settings written to files, its clock leapt, its store read from outside."""

import contextlib
import select
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.bench.peers.estate import REFERENCES, reference_host
from tests.bench.peers.subject import Subject, TookTooLong, running

CONCURRENT = 128
"""Looks in the air at once, on both sides: lychee's default."""
STORE = "zhishou.db"
START = 60.0  # seconds until it must watch


class Watching:
    """One daemon process and its store."""

    def __init__(self, subject: Subject, store: Path, ahead: float) -> None:
        self.subject = subject
        self.store = store
        self.ahead = ahead

    def leap(self, seconds: float) -> None:
        """Let that much time be past for the daemon."""
        assert self.subject.process.stdin is not None
        self.ahead += seconds
        self.subject.process.stdin.write(f"{seconds}\n".encode())
        self.subject.process.stdin.flush()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store holds now."""
        return rows_of(self.store, sql, *values)

    def number(self, sql: str, *values: object) -> int:
        """The one number that this asks for."""
        return int(self.rows(sql, *values)[0][0] or 0)

    def now_ms(self) -> int:
        """The daemon's own time, in the store's unit."""
        return int((time.time() + self.ahead) * 1000)


def rows_of(store: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a store holds, without touching it."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)) as tx:
        return tx.execute(sql, values).fetchall()


@contextlib.contextmanager
def watching(folder: Path, config: Path, processor: int | None, ahead: float = 0.0) -> Iterator[Watching]:
    """A daemon that watches, for the length of a `with`."""
    command = (sys.executable, "-m", "tests.bench.peers.watched", str(config), str(ahead))
    with running(command, folder / f"log-{time.monotonic_ns()}", processor, piped=True) as subject:
        assert subject.process.stdout is not None
        heard, _, _ = select.select([subject.process.stdout], [], [], START)  # an end of the process is heard, too
        said = subject.process.stdout.readline() if heard else b""
        if said != b"ready\n":
            raise TookTooLong(f"the daemon did not start\n{subject.log.read_text(encoding='utf-8')[-2000:]}")
        yield Watching(subject, folder / STORE, ahead)


def write_config(folder: Path, port: int, homes: Mapping[str, str], cadence: Mapping[str, str]) -> Path:
    """Settings for these home pages (id → address), the rest as shipped; rules in force, nobody to tell."""
    references = [f"http://{reference_host(number)}:{port}/reference" for number in range(REFERENCES)]
    quoted = ", ".join(f'"{url}"' for url in references)
    lines = [
        '[web]\nlisten = "127.0.0.1:0"',
        f'[store]\npath = "{folder / STORE}"',
        '[guard]\nallow = ["127.0.0.0/8"]',
        "[cadence]",
        *(f'{name} = "{period}"' for name, period in cadence.items()),
        '[confirm]\nlink_second_look = "2s"',
        f"[reference]\nurls = [{quoted}]",
        f"[fetch]\nconcurrency = {CONCURRENT}\nper_host = {CONCURRENT}",
        '[rules]\nfiles = []\n[inventory]\nfiles = ["targets.csv"]',
    ]
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "monitor.toml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [f"{name},site,{name} 门户网站,{url},某市人民政府办公室,national-2019" for name, url in homes.items()]
    (folder / "targets.csv").write_text("\n".join(["id,kind,name,url,owner,packs", *rows]) + "\n", encoding="utf-8")
    return config
