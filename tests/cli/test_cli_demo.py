"""`zhishou demo` as a newcomer meets it: every planted fault found and nothing else, and a clean end by Ctrl-C.

Both demos run side by side, each in a process of its own.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.cli.terminal import Done
from tests.daemon.process import eventually
from tests.tree import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

DEMO = (sys.executable, "-m", "monitor", "demo")
INCIDENT = {"cause", "targets", "rules", "opened_at", "recovered_at", "notified_at", "severity"}


class Demos(NamedTuple):
    """How both ended; the second was interrupted once it had told something."""

    timed: Done
    seconds: float
    stopped: Done
    ending: float


def start(*args: str) -> "subprocess.Popen[str]":
    """As from a terminal: a SIGINT there reaches the whole group."""
    piped = subprocess.PIPE
    env = dict(os.environ) | {"PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [*DEMO, *args], cwd=ROOT, env=env, stdout=piped, stderr=piped, text=True, start_new_session=True
    )


@pytest.fixture(scope="module")
def demos() -> Iterator[Demos]:
    begun = time.monotonic()
    timed = start("--for", "60", "--json")
    said_first = wait_for_the_desk(timed)
    stopped = start()
    try:
        said, ending = interrupt(stopped)
        out, err = timed.communicate(timeout=150)
        yield Demos(Done(timed.returncode, out, said_first + err), time.monotonic() - begun, said, ending)
    finally:
        for demo in (timed, stopped):
            if demo.poll() is None:
                os.killpg(demo.pid, signal.SIGKILL)
            demo.wait()
            for pipe in (demo.stdout, demo.stderr):
                assert pipe is not None
                pipe.close()


def wait_for_the_desk(demo: "subprocess.Popen[str]") -> str:
    """Until its desk answers where it says: the next demo must find another place. What it has said so far."""
    assert demo.stderr is not None
    lines = []
    for line in demo.stderr:
        lines.append(line)
        if line.startswith(("desk: ", "值班台：")):
            break
    address = lines[-1][lines[-1].index("http://") :].strip()
    host, _, port = address.removeprefix("http://").partition(":")

    def answers() -> bool:
        with socket.socket() as knock:
            return knock.connect_ex((host, int(port))) == 0

    eventually(answers)
    return "".join(lines)


def interrupt(demo: "subprocess.Popen[str]") -> tuple[Done, float]:
    """Let it run until it has told of something, then press Ctrl-C; what it said, and how long its end took."""
    assert demo.stdout is not None
    watchdog = threading.Timer(90, os.killpg, (demo.pid, signal.SIGKILL))
    watchdog.start()
    lines = []
    for line in demo.stdout:
        lines.append(line)
        if "【" in line:
            break
    watchdog.cancel()
    begun = time.monotonic()
    os.killpg(demo.pid, signal.SIGINT)
    out, err = demo.communicate(timeout=60)
    return Done(demo.returncode, "".join(lines) + out, err), time.monotonic() - begun


def test_every_planted_fault_is_found_and_nothing_else(demos: Demos) -> None:
    assert demos.timed.code == 0, demos.timed
    shown = demos.timed.json()
    assert shown.keys() == {"address", "seconds", "planted", "incidents", "deliveries", "missed", "false"}
    assert (shown["missed"], shown["false"]) == ([], [])
    assert len(shown["planted"]) >= 10
    assert all(one.keys() == {"target", "kind"} for one in shown["planted"])
    assert all(one.keys() == INCIDENT for one in shown["incidents"])
    found = {target for one in shown["incidents"] for target in one["targets"]}
    assert found >= {one["target"] for one in shown["planted"]}
    assert shown["deliveries"] >= 1
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", shown["address"])
    assert 55 <= shown["seconds"] <= 75
    assert demos.seconds < 110


def test_with_json_nothing_else_stands_on_stdout(demos: Demos) -> None:
    assert demos.timed.out.count("\n") == 1
    assert "值班台：http://" in demos.timed.err
    assert "【" in demos.timed.err, "alerts are told on stderr"
    assert "Traceback" not in demos.timed.err


def test_ctrl_c_ends_it_cleanly_with_a_summary(demos: Demos) -> None:
    assert demos.stopped.code == 0, demos.stopped
    assert "按 Ctrl-C 结束" in demos.stopped.out
    assert "值班台：http://127.0.0.1:" in demos.stopped.out
    assert "【" in demos.stopped.out, "each alert is printed as it goes out"
    lines = demos.stopped.out.splitlines()
    (summary,) = [line for line in lines if re.match(r"演练\d+\.\d+秒：设置故障\d+处", line)]
    assert "漏报0项，误报0项" in summary
    waiting = re.search(r"，(\d+)项尚未到期$", summary)
    assert waiting is not None, "it was stopped before its end"
    told = lines[lines.index(summary) + 1 :]
    assert len(told) == int(waiting[1])
    assert all(line.startswith("  尚未到期：") for line in told)
    assert "Traceback" not in demos.stopped.err
    assert demos.ending < 20
