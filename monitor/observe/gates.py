"""Politeness: how many visits at once, to one host and altogether, and how soon after one another.

Waiting happens here, before the clock of a fetch starts. Holds nothing but the hosts in use; a host that is idle and
owes nothing is forgotten.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from monitor.clock import Clock
from monitor.model import Fetched

LONGEST_PENALTY = 3600.0
"""Seconds: a Retry-After beyond an hour is held for an hour, then asked again."""

_SWEEP_FROM = 1024  # hosts in memory from which those that owe nothing any more are looked for


_NO_LIMIT = contextlib.nullcontext()


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

    @asynccontextmanager
    async def slot(self, host: str, *, background: bool = False) -> AsyncIterator[None]:
        """A place at that host. First the host's turn, then a place among all, so that no place is held waiting.

        `background` looks leave one place to the home page: a slow host's links must not delay its own verdict.
        """
        gate = self._gate(host)
        gate.users += 1
        gate.waiting += 1
        inside = False
        try:
            async with gate.background if background else _NO_LIMIT, gate.places:
                await self._turn(gate)
                async with self._all:
                    gate.waiting -= 1
                    inside = True
                    yield
        finally:
            gate.users -= 1
            gate.waiting -= 0 if inside else 1
            self._forget(host, gate)

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
        gate = self._gate(host)
        until = self._clock.monotonic() + min(max(seconds, 0.0), LONGEST_PENALTY)
        gate.penalty_until = max(gate.penalty_until, until)

    def __len__(self) -> int:
        return len(self._gates)

    async def _turn(self, gate: _Gate) -> None:
        while (wait := gate.opens_at() - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)
        gate.next_start = self._clock.monotonic() + self._pace

    def _gate(self, host: str) -> _Gate:
        host = host.lower()
        gate = self._gates.get(host)
        if gate is None:
            if len(self._gates) >= _SWEEP_FROM:
                self._sweep()
            gate = _Gate(asyncio.Semaphore(self._per_host), asyncio.Semaphore(max(1, self._per_host - 1)))
            self._gates[host] = gate
        return gate

    def _forget(self, host: str, gate: _Gate) -> None:
        if not gate.users and gate.opens_at() <= self._clock.monotonic():
            self._gates.pop(host.lower(), None)

    def _sweep(self) -> None:
        now = self._clock.monotonic()
        for host in [host for host, gate in self._gates.items() if not gate.users and gate.opens_at() <= now]:
            del self._gates[host]


def retry_after(fetched: Fetched) -> float | None:
    """Seconds a busy server asks to be left alone (RFC 9110 §10.2.3, a number or a date); None when it does not ask."""
    asked = (fetched.header("Retry-After") or "").strip() if fetched.status in {429, 503} else ""
    if asked.isdecimal() and asked.isascii():
        return min(float(asked[:9]), LONGEST_PENALTY)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max((until - fetched.started_at).total_seconds(), 0.0), LONGEST_PENALTY)
