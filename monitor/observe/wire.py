"""Everything that looks over the network by one set of settings: opened together, closed together.

Reads settings; keeps sockets and whose turn it is at which host. A reload opens a new wire beside the old one, which is
closed when nobody looks through it any more. Decides nothing about what was seen.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Self

from monitor.clock import Clock
from monitor.config.settings import FetchSettings, Settings
from monitor.model import Certificate
from monitor.observe.dns import Resolver
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.gates import Gates
from monitor.observe.guard import Guard
from monitor.observe.reference import Reference
from monitor.observe.tls import certificate


class Wire:
    """Fetcher, resolver, guard, gates and reference hosts. Raises OSError or ValueError when a CA file is none."""

    def __init__(self, settings: Settings, clock: Clock, before: "Wire | None" = None, *, marks: object = None) -> None:
        told = settings.fetch
        self.marks = marks
        self.told, self._clock = told, clock
        self.guard = Guard(settings.guard.allow)
        self.resolver = Resolver(settings.resolver.nameservers, settings.resolver.timeout.total_seconds())
        self.fetcher = Fetcher(_limits(told), clock, self.resolver, self.guard)
        self.reference = Reference(settings.reference.urls, settings.reference.at_least, self.fetcher.fetch)
        same = before is not None and _alike(before.told, told)
        self.gates: Gates = before.gates if before is not None and same else _gates(told, clock)

    async def certificate(self, url: str) -> Certificate:
        """A handshake of its own; raises Unreachable."""
        told = self.told
        seconds, now = told.timeout.total_seconds(), self._clock.now()
        return await certificate(url, self.resolver, self.guard, seconds, told.ca_file, now=now, proxy=told.proxy)

    def keep_away(self, before: Gates, hosts: Iterable[str]) -> None:
        """What hosts asked of us (Retry-After) holds on whatever the settings."""
        for host in hosts if before is not self.gates else ():
            if (seconds := before.closed_for(host)) > 0:
                self.gates.penalise(host, seconds)

    async def close(self) -> None:
        """Let go of the sockets, once nobody is asking the reference hosts."""
        await self.reference.idle()
        await self.fetcher.close()
        await self.resolver.close()


class Wires:
    """The wire in use, and those before it through which visits still look."""

    def __init__(self, settings: Settings, clock: Clock, marks: object) -> None:
        self.in_use = Wire(settings, clock, marks=marks)
        self._clock = clock
        self._leaving: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, settings: Settings, clock: Clock) -> Self:
        """With a first wire by the settings of the start."""
        return cls(settings, clock, await asyncio.to_thread(_marks, settings))

    async def for_settings(self, settings: Settings) -> Wire:
        """The one in use when these settings change nothing of it, else a new one, which nobody uses yet."""
        marks = await asyncio.to_thread(_marks, settings)
        return self.in_use if marks == self.in_use.marks else Wire(settings, self._clock, self.in_use, marks=marks)

    def use(self, wire: Wire, hosts: Iterable[str], landed: Awaitable[object]) -> None:
        """Look through that one from now on; the one before is closed when `landed` comes."""
        before, self.in_use = self.in_use, wire
        wire.keep_away(before.gates, hosts)
        task = asyncio.create_task(_close_after(before, landed), name="wire leaving")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def __len__(self) -> int:
        """How many are open."""
        return 1 + len(self._leaving)

    async def close(self) -> None:
        """All of them; nobody looks any more."""
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        await self.in_use.close()


async def _close_after(wire: Wire, landed: Awaitable[object]) -> None:
    try:
        await landed
    finally:
        await wire.close()


def _marks(settings: Settings) -> tuple[object, ...]:
    """What a wire goes by; of the CA file its content, which may be renewed under the same name."""
    known = settings.fetch.ca_file
    return (settings.guard, settings.resolver, settings.reference, settings.fetch, known and _digest(known))


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _alike(one: FetchSettings, other: FetchSettings) -> bool:
    """Whether the same gates serve both: then whose turn it is at each host is not forgotten."""
    return (one.concurrency, one.per_host, one.pace) == (other.concurrency, other.per_host, other.pace)


def _gates(told: FetchSettings, clock: Clock) -> Gates:
    return Gates(clock, concurrency=told.concurrency, per_host=told.per_host, pace=told.pace.total_seconds())


def _limits(told: FetchSettings) -> FetchLimits:
    return FetchLimits(
        timeout=told.timeout.total_seconds(),
        slow=told.slow.total_seconds(),
        connect_timeout=told.connect_timeout.total_seconds(),
        max_body=told.max_body,
        user_agent=told.user_agent,
        proxy=told.proxy,
        ca_file=told.ca_file,
    )
