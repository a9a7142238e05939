"""kill -9 in the middle of group commits: what was promised is there, what was not is whole or absent."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import asyncio, os, sys
from monitor.store.database import Database

def write(number):
    def both(tx):  # two rows that belong together
        tx.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (f"a{number}", "x" * 200))
        tx.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (f"b{number}", "x" * 200))
        return number
    return both

async def one(database, start):
    for number in range(start, 10**9, 40):
        await database.write(write(number))
        os.write(1, f"{number}\\n".encode())  # a promise, unbuffered

async def main():
    database = Database(sys.argv[1])
    await database.open()
    await asyncio.gather(*(one(database, start) for start in range(40)))

asyncio.run(main())
"""


@pytest.mark.crash
@pytest.mark.parametrize("promises", [1, 60, 400, 1500])
def test_promised_writes_survive_a_kill_and_no_write_is_half_there(tmp_path: Path, promises: int) -> None:
    path = tmp_path / "zhishou.db"
    child = subprocess.Popen([sys.executable, "-c", PROGRAM, path], stdout=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    heard: list[int] = []
    for line in child.stdout:
        heard.append(int(line))
        if len(heard) == promises:
            os.kill(child.pid, signal.SIGKILL)
            break
    heard += [int(line) for line in child.stdout.read().splitlines() if line]  # made before the kill took hold
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    with sqlite3.connect(path) as tx:
        stored = {row[0] for row in tx.execute("SELECT key FROM meta")}
        assert tx.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    tx.close()
    assert {f"a{n}" for n in heard} | {f"b{n}" for n in heard} <= stored
    assert {key[1:] for key in stored if key[0] == "a"} == {key[1:] for key in stored if key[0] == "b"}
