"""Everything that looks over the network by one set of settings: opened together, closed together.

Reads settings; keeps sockets and whose turn it is at which host. A reload opens a new wire beside the old one, which is
closed when nobody looks through it any more. Decides nothing about what was seen.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, Self

from monitor.clock import Clock
from monitor.config.settings import FetchSettings, GuardSettings, ReferenceSettings, ResolverSettings, Settings
from monitor.model import Certificate, Reach
from monitor.observe.dns import Resolver
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.gates import Gates
from monitor.observe.guard import Guard
from monitor.observe.reference import ANSWERED, Reference
from monitor.observe.tls import certificate


class Marks(NamedTuple):
    """What a wire goes by: where these are equal, the same wire serves."""

    guard: GuardSettings
    resolver: ResolverSettings
    reference: ReferenceSettings
    fetch: FetchSettings
    ca_digest: str | None  # of the CA file's content, which may be renewed under the same name


class Wire:
    """Fetcher, resolver, guard, gates and reference hosts. Raises OSError or ValueError when a CA file is none.

    `gates` of another wire by the same limits are shared, so that whose turn it is at each host is not forgotten;
    `answered` says when each reference host last did, and is written to.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        gates: Gates | None = None,
        answered: dict[str, datetime] | None = None,
        marks: Marks | None = None,
    ) -> None:
        told, reference = settings.fetch, settings.reference
        self.told, self.marks, self._clock = told, marks, clock
        self.guard = Guard(settings.guard.allow)
        self.resolver = Resolver(settings.resolver.nameservers, settings.resolver.timeout.total_seconds())
        self.fetcher = Fetcher(_limits(told), clock, self.resolver, self.guard)
        self.reference = Reference(reference.urls, reference.at_least, self.fetcher.fetch, answered=answered)
        self.gates = gates or _gates(told, clock)

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
    """The wire in use, and those before it through which visits still look. All share what reference hosts answered."""

    def __init__(self, settings: Settings, clock: Clock, marks: Marks, answered: Mapping[str, datetime]) -> None:
        self.answered = dict(answered)
        self.in_use = Wire(settings, clock, answered=self.answered, marks=marks)
        self._clock = clock
        self._leaving: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, settings: Settings, clock: Clock, answered: Mapping[str, datetime]) -> Self:
        """With a first wire by the settings of the start."""
        return cls(settings, clock, await asyncio.to_thread(_marks, settings), answered)

    async def for_settings(self, settings: Settings) -> Wire:
        """The one in use when these settings change nothing of it, else a new one, which nobody uses yet."""
        marks, before = await asyncio.to_thread(_marks, settings), self.in_use
        if marks == before.marks:
            return before
        gates = before.gates if _alike(before.told, settings.fetch) else None
        return Wire(settings, self._clock, gates=gates, answered=self.answered, marks=marks)

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


async def silent_references(settings: Settings, clock: Clock) -> dict[str, Reach]:
    """The reference hosts that do not answer now, each with how the look ended; for whoever checks settings.

    Raises OSError or ValueError when a CA file is none.
    """
    wire = await asyncio.to_thread(Wire, settings, clock)
    try:
        looks = await wire.reference.look_at_each()
    finally:
        await wire.close()
    return {url: reach for url, reach in looks.items() if reach not in ANSWERED}


async def _close_after(wire: Wire, landed: Awaitable[object]) -> None:
    try:
        await landed
    finally:
        await wire.close()


def _marks(settings: Settings) -> Marks:
    known = settings.fetch.ca_file
    digest = None if known is None else sha256(known.read_bytes()).hexdigest()
    return Marks(settings.guard, settings.resolver, settings.reference, settings.fetch, digest)


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
