"""The daemon as a child process on a core of its own, and what the kernel and its own doors tell of it."""

import contextlib
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PATIENCE = 90.0
"""Seconds the daemon gets to end by itself: it drains for twenty and folds its log back."""
_VISITS = re.compile(r"([\d,]+) visits")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Died(Exception):
    """The daemon ended although nobody told it to; the words are the end of its log."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Of the daemon and its workers together. Seconds of processor, bytes."""

    at: float  # monotonic
    processor: float
    resident: int
    written: int


@dataclass(slots=True)
class Child:
    """A running daemon."""

    process: "subprocess.Popen[bytes]"
    log: Path
    desk: str
    began: float = field(default_factory=time.monotonic)

    def usage(self) -> Usage:
        """Raises Died."""
        self.check()
        processor, resident, written = 0.0, 0, 0
        for pid in (self.process.pid, *_children(self.process.pid)):
            with contextlib.suppress(OSError):  # a worker that ended just now
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
                processor += (int(fields[11]) + int(fields[12])) / TICKS
                resident += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
                written += int(re.findall(r"(?m)^write_bytes: (\d+)", Path(f"/proc/{pid}/io").read_text())[0])
        return Usage(time.monotonic(), processor, resident, written)

    def peak(self) -> int:
        """The most memory the daemon itself ever held, in bytes."""
        told = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"(?m)^VmHWM:\s+(\d+) kB", told)[0]) * 1024

    def check(self) -> None:
        if self.process.poll() is not None:
            raise Died(f"the daemon ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")

    def ask(self, path: str, patience: float = 10.0) -> tuple[int, str]:
        """What its door answers: status and text; 0 while it does not."""
        try:
            with urllib.request.urlopen(f"{self.desk}{path}", timeout=patience) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self) -> bool:
        self.check()
        return self.ask("/readyz")[0] == 200

    def health(self) -> tuple[int, float]:
        """Visits since its start, and how long the longest waiting target waits, in seconds."""
        _, text = self.ask("/healthz")
        facts = json.loads(text)["facts"] if text else {}
        said = _VISITS.search(facts.get("rounds", {}).get("detail", ""))
        waits = [fact["age_seconds"] for name, fact in facts.items() if name.startswith("coverage.")]
        return int(said[1].replace(",", "")) if said else 0, max(waits, default=0.0)

    def end(self) -> None:
        """By its own pid; does nothing the second time."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def watching(config: Path, desk: int, processor: int | None, profile: Path | None = None) -> Iterator[Child]:
    """`zhishou run` with that configuration; ended by its own pid, whatever happens."""
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
    if profile is not None:
        command[1:4] = ["-m", "tests.bench.scale.profiled", str(profile)]
    log = config.with_suffix(".log")

    def begin() -> None:
        if processor is not None:
            os.sched_setaffinity(0, {processor})
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)

    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=out,
            stderr=out,
            preexec_fn=begin,  # noqa: PLW1509 - there are no threads here
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    child = Child(process, log, f"http://127.0.0.1:{desk}")
    try:
        yield child
    finally:
        child.end()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
