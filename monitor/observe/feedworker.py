"""Feeds are read in processes of their own, so that none can hold the loop or the daemon's memory.

Gives `FeedReader`, the door for visits, and runs as the child itself (`python -m monitor.observe.feedworker`): frames of
JSON and bytes over pipes. A feed that takes too long costs its process, not the watch; the reading is then unreadable.
Reads no store, writes no file; a child ends when its parent does.
"""

import asyncio
import contextlib
import json
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from monitor.clock import civil_day
from monitor.model import Reading, State, TargetKind
from monitor.read.feed import read_feed
from monitor.read.slim import from_json, to_json

KILL_AFTER = 10.0  # seconds; the heaviest honest feed under the size cap takes 5.6 s (libraries.md §4)
WORKERS = 2
USES = 500  # feeds per process; then a fresh one, so that nothing it leaks can grow
MEMORY = 1 << 30  # bytes of address space a child may ask for
_SIZE = struct.Struct(">I")


class FeedReader:
    """Reads feeds in up to `workers` child processes, started when first needed."""

    def __init__(self, *, workers: int = WORKERS, kill_after: float = KILL_AFTER) -> None:
        self._kill_after = kill_after
        self._all = [_Child() for _ in range(workers)]
        self._free: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()
        for child in self._all:
            self._free.put_nowait(child)

    async def read(
        self, body: bytes, *, url: str | None, charset: str | None, captured: datetime, zone: int = 8
    ) -> Reading:
        """The reading of a feed, times without a zone taken for those of `zone` (hours); state unreadable when its process had to be killed. Never raises but CancelledError."""
        day = civil_day(captured).isoformat()
        asked = {"url": url, "charset": charset, "captured": day, "zone": zone, "seconds": self._kill_after}
        child = await self._free.get()
        try:
            async with asyncio.timeout(self._kill_after):
                return from_json(await child.ask(asked, body))
        except (TimeoutError, OSError, EOFError, ValueError, KeyError):
            child.kill()
            return Reading(kind=TargetKind.ACCOUNT, state=State.UNREADABLE)
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            self._free.put_nowait(child)

    async def close(self) -> None:
        """Ends all child processes and waits for them."""
        await asyncio.gather(*(child.close() for child in self._all))


class _Child:
    """One process, restarted as often as needed."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._uses = 0

    async def ask(self, asked: Mapping[str, object], body: bytes) -> dict[str, Any]:
        """One feed there, one reading back; IncompleteReadError (EOFError) when the process died of it."""
        if self._process is None or self._process.returncode is not None or self._uses >= USES:
            self.kill()
            self._process = await _start()
            self._uses = 0
        self._uses += 1
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        to.write(_frame(json.dumps(asked).encode()) + _frame(body))
        await to.drain()
        (size,) = _SIZE.unpack(await back.readexactly(_SIZE.size))
        answer: dict[str, Any] = json.loads(await back.readexactly(size))
        return answer

    def kill(self) -> None:
        """Ends the process now; a later `ask` starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        task = asyncio.get_running_loop().create_task(_gone(process))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        self.kill()
        await asyncio.gather(*self._ending)


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "monitor.observe.feedworker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C at a terminal is for the daemon alone, which ends its children itself
    )


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Waits until a killed process and its pipes are away."""
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await process.communicate()


def _frame(data: bytes) -> bytes:
    return _SIZE.pack(len(data)) + data


def _receive(pipe: BinaryIO) -> bytes | None:
    """One frame; None at the end."""
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    (size,) = _SIZE.unpack(head)
    data = pipe.read(size)
    return data if len(data) == size else None


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """The child's life: a feed in, a reading out, until nobody asks any more."""
    while (asked := _receive(incoming)) is not None and (body := _receive(incoming)) is not None:
        told = json.loads(asked)
        signal.setitimer(signal.ITIMER_REAL, told["seconds"])  # ends us should the daemon be gone before it can
        day = date.fromisoformat(told["captured"])
        reading = read_feed(body, url=told["url"], charset=told["charset"], captured=day, zone=told["zone"])
        signal.setitimer(signal.ITIMER_REAL, 0)
        outgoing.write(_frame(json.dumps(to_json(reading)).encode()))
        outgoing.flush()


def main() -> None:
    """Runs in the child: bounded memory, deaf to Ctrl-C (the parent decides)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
