"""Open connections, and those that wait for the next link of their host: bounded in number and time, none left at the end.

Lives on the event loop. Knows nothing of what is asked over them; a connection that its server has closed, or over which
something came unasked, is never handed out.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from aiohttp.client_proto import ResponseHandler

from monitor.observe.exchange import Tls

IDLE = 15.0
"""Seconds a connection may wait: most servers close theirs after 5 to 75."""

MOST = 512
"""Connections that may wait altogether: each takes a file descriptor here and a place at its server."""


class Place(NamedTuple):
    """Where a connection leads. Ones of another strictness are never mixed: they were verified otherwise, or not at all."""

    scheme: str
    host: str
    port: int
    tls: Tls


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """A connection; `address` is the peer's. `handler` is aiohttp's, which reads answers."""

    place: Place
    handler: ResponseHandler
    address: str

    @property
    def is_usable(self) -> bool:
        """Whether another request may go over it."""
        return self.handler.is_connected() and not self.handler.should_close

    def drop(self) -> None:
        """Close it at once: a monitor owes nobody a slow goodbye."""
        self.handler.abort()


class Kept:
    """Connections that wait, at most `most` of them and none longer than `idle` seconds (and a third)."""

    def __init__(self, idle: float = IDLE, most: int = MOST) -> None:
        self._idle = idle
        self._most = most
        self._since: OrderedDict[Open, float] = OrderedDict()  # by the loop's clock, longest waiting first
        self._at: dict[Place, list[Open]] = {}  # the sweep takes out places where none waits
        self._alarm: asyncio.TimerHandle | None = None

    def take(self, place: Place) -> Open | None:
        """The one that waited least, None when there is none."""
        waiting = self._at.get(place)
        while waiting:
            line = waiting.pop()
            del self._since[line]
            if line.is_usable:
                return line
            line.drop()
        return None

    def give(self, line: Open) -> None:
        """Keep it for the next; one that cannot be used again is closed."""
        if not line.is_usable:
            line.drop()
            return
        loop = asyncio.get_running_loop()
        self._since[line] = loop.time()
        waiting = self._at.get(line.place)
        if waiting is None:
            self._at[line.place] = [line]
        else:
            waiting.append(line)
        if len(self._since) > self._most:
            self._close(next(iter(self._since)))
        if self._alarm is None:
            self._alarm = loop.call_later(self._idle / 3, self._sweep)

    def __len__(self) -> int:
        return len(self._since)

    def close(self) -> None:
        """All of them."""
        for line in list(self._since):
            self._close(line)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() - self._idle
        for line, since in list(self._since.items()):
            if since <= until or not line.is_usable:
                self._close(line)
        self._at = {place: waiting for place, waiting in self._at.items() if waiting}
        self._alarm = loop.call_later(self._idle / 3, self._sweep) if self._since else None

    def _close(self, line: Open) -> None:
        del self._since[line]
        self._at[line.place].remove(line)
        line.drop()
