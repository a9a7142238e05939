"""A program that is measured: a process of its own on a processor of its own, and what it cost.

Processor time is read from the clock of the process (all its threads, those that ended too), in seconds; memory is its peak,
in MB. Ends what it started, by its id, however the measurement went.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.tree import ROOT

POLL = 0.01  # seconds between looks whether something is so
GRACE = 30.0  # seconds a process gets to end in order


class TookTooLong(Exception):
    """What was waited for did not come within its bound."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: seconds by the wall's clock, seconds of processor, peak MB."""

    wall: float
    processor: float
    memory: float = 0.0


@contextlib.contextmanager
def on(processor: int | None) -> Iterator[None]:
    """What is started inside runs there: a Go program counts its processors before anybody could pin it."""
    before = os.sched_getaffinity(0)
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Subject:
    """A long-running process under measurement."""

    def __init__(self, command: Sequence[str], log: Path, processor: int | None, *, piped: bool = False) -> None:
        self.log = log
        pipe = subprocess.PIPE if piped else subprocess.DEVNULL
        with log.open("wb") as told, on(processor):
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=pipe, stdout=pipe if piped else told, stderr=told, env=_environment()
            )

    @property
    def processor(self) -> float:
        """Seconds of processor until now (clock_getcpuclockid(3): the process's number, inverted, and clock 2)."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    @property
    def memory(self) -> float:
        """Peak resident MB until now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def wait_until(self, so: Callable[[], bool], seconds: float, what: str) -> None:
        """Ask again and again; raises TookTooLong with the end of the log."""
        end = time.monotonic() + seconds
        while not so():
            if time.monotonic() > end or self.process.poll() is not None:
                told = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise TookTooLong(f"{what}: not within {seconds:.0f} s (exit code {self.process.poll()})\n{told}")
            time.sleep(POLL)

    def end(self) -> None:
        """SIGTERM, and by force when that does not help."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def running(command: Sequence[str], log: Path, processor: int | None, *, piped: bool = False) -> Iterator[Subject]:
    """A Subject for the length of a `with`."""
    subject = Subject(command, log, processor, piped=piped)
    try:
        yield subject
    finally:
        subject.end()


def once(command: Sequence[str], log: Path, processor: int | None, seconds: float) -> tuple[int, Cost]:
    """Run a program to its end: exit code and cost. It is killed when it takes longer than that."""
    began = time.monotonic()
    with log.open("wb") as told, on(processor):
        process = subprocess.Popen(command, cwd=log.parent, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    try:
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                break
            if time.monotonic() - began > seconds:
                raise TookTooLong(f"{command[0]}: not within {seconds:.0f} s")
            time.sleep(POLL / 2)
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
    return process.returncode, Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _environment() -> Mapping[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}
