"""Is it us? Hosts outside the estate, asked when things fail (DESIGN.md §5.9).

Reads the network through the fetcher it is handed; remembers when we were blind, in memory only. Blind means that every
one of at least three reference hosts failed; with fewer it can never be told, and the answer is no.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from monitor.model import Fetched, Reach

MEMORY = timedelta(seconds=10)
"""How long an answer holds: hundreds of visits fail together and ask together."""

ANSWERED = frozenset({Reach.OPEN, Reach.SLOW, Reach.CHALLENGED, Reach.TOO_LARGE, Reach.REDIRECT_LOOP})
"""Endings that prove a way to the outside; an error page may come from a proxy of our own."""


class Reference:
    """Asks `urls` with `look`; `at_least` must be askable; `timeout` in seconds for all of them together."""

    def __init__(
        self,
        urls: Sequence[str],
        at_least: int,
        look: Callable[[str], Awaitable[Fetched]],
        timeout: float = 10.0,
    ) -> None:
        self._urls = tuple(urls)
        self._at_least = at_least
        self._look = look
        self._timeout = timeout
        self._asking = asyncio.Lock()
        self._asked_at: datetime | None = None
        self._blind_since: datetime | None = None
        self._blind: deque[tuple[datetime, datetime]] = deque(maxlen=256)

    async def blind(self, now: datetime) -> bool:
        """Whether our own uplink is down at `now`."""
        if len(self._urls) < self._at_least:
            return False
        async with self._asking:
            if self._asked_at is None or abs(now - self._asked_at) >= MEMORY:
                self._note(await self._ask(), now)
            return self._blind_since is not None

    async def idle(self) -> None:
        """Returns when nobody is asking: the fetcher behind it may be closed then."""
        async with self._asking:
            return

    def blind_between(self, start: datetime, end: datetime) -> bool:
        """Whether we are known to have been blind at any time between the two."""
        if self._blind_since is not None and self._blind_since <= end:
            return True
        return any(since <= end and until >= start for since, until in self._blind)

    async def _ask(self) -> bool:
        """All at once; True when every host that could be asked failed, and they are enough."""
        looks = await asyncio.gather(*(self._one(url) for url in self._urls))
        asked = [look for look in looks if look is not Reach.REFUSED_BY_GUARD]
        return len(asked) >= self._at_least and not any(look in ANSWERED for look in asked)

    async def _one(self, url: str) -> Reach:
        try:
            async with asyncio.timeout(self._timeout):
                return (await self._look(url)).reach
        except TimeoutError:
            return Reach.TIMEOUT

    def _note(self, blind: bool, now: datetime) -> None:
        self._asked_at = now
        if blind and self._blind_since is None:
            self._blind_since = now
        elif not blind and self._blind_since is not None:
            self._blind.append((self._blind_since, now))
            self._blind_since = None
