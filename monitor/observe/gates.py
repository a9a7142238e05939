"""Politeness: how many visits at once, to one host and altogether, and how soon after one another.

Waiting happens here, before the clock of a fetch starts. Holds nothing but the hosts in use; a host that is idle and
owes nothing is forgotten.
"""

import asyncio
from collections import deque
from email.utils import parsedate_to_datetime

from monitor.clock import Clock
from monitor.model import Fetched

LONGEST_PENALTY = 3600.0
"""Seconds: a Retry-After beyond an hour is held for an hour, then asked again."""

_SWEEP_FROM = 1024  # hosts in memory from which those that owe nothing any more are looked for


class _Room:
    """So many places, given to whoever asks in that order. asyncio's semaphore, but for taking one without an await."""

    __slots__ = ("_queue", "free")

    def __init__(self, places: int) -> None:
        self.free = places  # while somebody waits there is none: who leaves hands his place over
        self._queue: deque[asyncio.Future[None]] | None = None

    async def take(self) -> None:
        """Wait for a place."""
        if self.free:
            self.free -= 1
            return
        if self._queue is None:
            self._queue = deque()
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.leave()  # it was handed over, and nobody takes it
            elif turn in self._queue:  # who left meanwhile has passed it over, and taken it out
                self._queue.remove(turn)
            raise

    def leave(self) -> None:
        """Give a place back."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1


class _Gate:
    """One host. Times are monotonic seconds."""

    __slots__ = ("background", "next_start", "penalty_until", "places", "users", "waiting")

    def __init__(self, per_host: int) -> None:
        self.places = _Room(per_host)
        # Columns and links share these, so that they never keep the home page waiting.
        self.background = _Room(max(1, per_host - 1))
        self.users = 0  # waiting or inside
        self.waiting = 0
        self.next_start = 0.0
        self.penalty_until = 0.0

    def opens_at(self) -> float:
        return max(self.next_start, self.penalty_until)


class Gates:
    """`concurrency` visits altogether, `per_host` to one host, their starts `pace` seconds apart."""

    def __init__(self, clock: Clock, *, concurrency: int, per_host: int, pace: float) -> None:
        self._clock = clock
        self._all = _Room(concurrency)
        self._per_host = per_host
        self._pace = pace
        self._gates: dict[str, _Gate] = {}

    def slot(self, host: str, *, background: bool = False) -> "Place":
        """A place at that host, to be entered. First the host's turn, then a place among all, so that no place is held waiting.

        `background` looks leave one place to the home page: a slow host's links must not delay its own verdict.
        """
        return Place(self, host.lower(), background=background)

    async def enter(self, gate: "_Gate", *, background: bool) -> None:
        """Wait for the host's places, its pace and a place among all; what was taken on the way is given back on trouble."""
        taken: list[_Room] = []
        try:
            for places in (gate.background, gate.places) if background else (gate.places,):
                await places.take()
                taken.append(places)
            while (wait := gate.opens_at() - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
            gate.next_start = self._clock.monotonic() + self._pace
            await self._all.take()
        except BaseException:
            for places in taken:
                places.leave()
            raise

    def enter_at_once(self, gate: "_Gate", *, background: bool) -> bool:
        """`enter` where it would not wait at all; else False, and nothing is taken."""
        if not (self._all.free and gate.places.free and (gate.background.free or not background)):
            return False
        now = self._clock.monotonic()
        if gate.opens_at() > now:
            return False
        gate.next_start = now + self._pace
        self._all.free -= 1
        gate.places.free -= 1
        gate.background.free -= background
        return True

    def leave(self, gate: "_Gate", *, background: bool) -> None:
        """Give back what `enter` took."""
        self._all.leave()
        gate.places.leave()
        if background:
            gate.background.leave()

    def waiting(self, host: str) -> int:
        """How many wait for a place at that host: many, and its targets are better given back."""
        gate = self._gates.get(host.lower())
        return gate.waiting if gate else 0

    def closed_for(self, host: str) -> float:
        """Seconds until that host's penalty ends, 0.0 when it has none."""
        gate = self._gates.get(host.lower())
        return max(gate.penalty_until - self._clock.monotonic(), 0.0) if gate else 0.0

    def penalise(self, host: str, seconds: float) -> None:
        """Keep away from that host for so long, as its Retry-After asked."""
        gate = self.gate(host.lower())
        until = self._clock.monotonic() + min(max(seconds, 0.0), LONGEST_PENALTY)
        gate.penalty_until = max(gate.penalty_until, until)

    def __len__(self) -> int:
        return len(self._gates)

    def gate(self, host: str) -> _Gate:
        """The gate of a host (in lower case)."""
        gate = self._gates.get(host)
        if gate is None:
            if len(self._gates) >= _SWEEP_FROM:
                self._sweep()
            gate = self._gates[host] = _Gate(self._per_host)
        return gate

    def forget(self, host: str, gate: _Gate) -> None:
        """Once nobody uses it and it owes nothing."""
        if not gate.users and gate.opens_at() <= self._clock.monotonic():
            self._gates.pop(host, None)

    def _sweep(self) -> None:
        now = self._clock.monotonic()
        for host in [host for host, gate in self._gates.items() if not gate.users and gate.opens_at() <= now]:
            del self._gates[host]


class Place:
    """A place at a host, taken and left by `async with`, or by `take_at_once` where that need not wait, and `leave`."""

    __slots__ = ("_background", "_gate", "_gates", "_host")

    def __init__(self, gates: Gates, host: str, *, background: bool) -> None:
        self._gates = gates
        self._host = host
        self._gate = gates.gate(host)
        self._background = background

    def take_at_once(self) -> bool:
        """Take it, if nobody has to wait for it: then nobody has to watch the time."""
        if not self._gates.enter_at_once(self._gate, background=self._background):
            return False
        self._gate.users += 1
        return True

    async def __aenter__(self) -> None:
        gate = self._gate = self._gates.gate(self._host)  # it may have been forgotten since
        gate.users += 1
        gate.waiting += 1
        try:
            await self._gates.enter(gate, background=self._background)
        except BaseException:
            gate.users -= 1
            self._gates.forget(self._host, gate)
            raise
        finally:
            gate.waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Let the next one in."""
        gate = self._gate
        self._gates.leave(gate, background=self._background)
        gate.users -= 1
        self._gates.forget(self._host, gate)


def retry_after(fetched: Fetched) -> float | None:
    """Seconds a busy server asks to be left alone (RFC 9110 §10.2.3, a number or a date); None when it does not ask."""
    if fetched.status not in {429, 503}:
        return None
    asked = (fetched.header("Retry-After") or "").strip()
    if asked.isdecimal() and asked.isascii():
        return min(float(asked[:9]), LONGEST_PENALTY)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max((until - fetched.started_at).total_seconds(), 0.0), LONGEST_PENALTY)
