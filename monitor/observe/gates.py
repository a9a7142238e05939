"""Politeness: how many visits at once, to one host and altogether, and how soon after one another.

Waiting happens here, before the clock of a fetch starts. Holds nothing but the hosts in use; a host that is idle and
owes nothing is forgotten.
"""

import asyncio
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from monitor.clock import Clock
from monitor.model import Fetched

LONGEST_PENALTY = 3600.0
"""Seconds: a Retry-After beyond an hour is held for an hour, then asked again."""

_SWEEP_FROM = 1024  # hosts in memory from which those that owe nothing any more are looked for


@dataclass(slots=True)
class _Gate:
    """One host. Times are monotonic seconds."""

    places: asyncio.Semaphore
    background: asyncio.Semaphore  # columns and links share these, so that they never keep the home page waiting
    users: int = 0  # waiting or inside
    waiting: int = 0
    next_start: float = 0.0
    penalty_until: float = 0.0

    def opens_at(self) -> float:
        return max(self.next_start, self.penalty_until)


class Gates:
    """`concurrency` visits altogether, `per_host` to one host, their starts `pace` seconds apart."""

    def __init__(self, clock: Clock, *, concurrency: int, per_host: int, pace: float) -> None:
        self._clock = clock
        self._all = asyncio.Semaphore(concurrency)
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
        taken: list[asyncio.Semaphore] = []
        try:
            for places in (gate.background, gate.places) if background else (gate.places,):
                await places.acquire()
                taken.append(places)
            while (wait := gate.opens_at() - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
            gate.next_start = self._clock.monotonic() + self._pace
            await self._all.acquire()
        except BaseException:
            for places in taken:
                places.release()
            raise

    def leave(self, gate: "_Gate", *, background: bool) -> None:
        """Give back what `enter` took."""
        self._all.release()
        gate.places.release()
        if background:
            gate.background.release()

    def is_free(self, gate: "_Gate", *, background: bool) -> bool:
        """Whether `enter` would not wait at all."""
        busy = self._all.locked() or gate.places.locked() or (background and gate.background.locked())
        return not busy and gate.opens_at() <= self._clock.monotonic()

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
            gate = _Gate(asyncio.Semaphore(self._per_host), asyncio.Semaphore(max(1, self._per_host - 1)))
            self._gates[host] = gate
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
    """A place at a host, taken and left by `async with`. `is_free` says beforehand whether that would wait."""

    __slots__ = ("_background", "_gate", "_gates", "_host")

    def __init__(self, gates: Gates, host: str, *, background: bool) -> None:
        self._gates = gates
        self._host = host
        self._gate = gates.gate(host)
        self._background = background

    def is_free(self) -> bool:
        """Whether entering would not wait: then nobody has to watch the time."""
        return self._gates.is_free(self._gate, background=self._background)

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
