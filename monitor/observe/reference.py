"""Is it us? Hosts outside the estate, asked when things fail (DESIGN.md §5.9).

Reads the network through the look it is handed; writes nothing but `answered`, which others keep across restarts. A host
that never answered here proves nothing by its silence: on a closed network the shipped ones cannot answer at all. So only
hosts that answered within TRUSTED may tell that we are blind, and with fewer than needed it can never be told: nothing is
withheld then, because an outage that nobody hears of is worse than one that was ours. A daemon started while its uplink is
down still holds, by what answered before the start; one that never saw any host answer cannot know, and says so (`trouble`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model import Fetched, Reach, Text, say
from monitor.observe.errors import OutOfResources

MEMORY = timedelta(seconds=10)
"""How long an answer holds: hundreds of visits fail together and ask together."""
TRUSTED = timedelta(days=14)
"""How long a host that answered may tell of us by its silence. Longer than the longest holiday a server is switched off for
(春节, nine days), and not much longer: moved to a closed network, the watch judges again by itself after that."""
AGAIN = timedelta(hours=1)
"""How often the hosts are asked although nothing fails, so that `answered` is never much older."""
AGAIN_UNTOLD = timedelta(minutes=10)
"""The same while too few of them ever answered: somebody may be opening the way for them just now."""

ANSWERED = frozenset({Reach.OPEN, Reach.SLOW, Reach.CHALLENGED, Reach.TOO_LARGE, Reach.REDIRECT_LOOP})
"""Endings that prove a way to the outside; an error page may come from a proxy of our own."""


class Uplink(StrEnum):
    """What the hosts tell of our own network."""

    UP = "up"  # one of them answers
    BLIND = "blind"  # all are silent, and enough of them are known to answer otherwise
    UNTOLD = "untold"  # all are silent, but too few ever answered, are named, or could be asked


class Reference:
    """Asks `urls` with `look`; `at_least` of them must have answered lately; `timeout` in seconds for all together.

    `answered` (address → when it last did) is the caller's, and is written to.
    """

    def __init__(
        self,
        urls: Sequence[str],
        at_least: int,
        look: Callable[[str], Awaitable[Fetched]],
        timeout: float = 10.0,
        *,
        answered: dict[str, datetime] | None = None,
    ) -> None:
        self.answered = {} if answered is None else answered
        self._urls = tuple(dict.fromkeys(urls))
        self._at_least = at_least
        self._look = look
        self._timeout = timeout
        self._asking = asyncio.Lock()
        self._asked_at: datetime | None = None
        self._told = Uplink.UNTOLD

    async def blind(self, now: datetime) -> bool:
        """Whether our own uplink is down at `now`, and verdicts must be held."""
        return await self.judge(now) is Uplink.BLIND

    async def judge(self, now: datetime) -> Uplink:
        """What the hosts tell at `now`. They are asked anew when the last answer is old, unless they cannot tell anyway."""
        if len(self._urls) < self._at_least:
            return Uplink.UNTOLD
        async with self._asking:
            if self._age(now) >= (MEMORY if self._can_tell(now) else AGAIN_UNTOLD):
                await self._ask(now)
            return self._told

    async def refresh(self, now: datetime) -> None:
        """Ask although nothing fails, when that was long ago: who answers now may tell of us later."""
        if len(self._urls) < self._at_least or not self._is_long_ago(now):
            return
        async with self._asking:
            if self._is_long_ago(now):
                await self._ask(now)

    def trouble(self, now: datetime) -> Text | None:
        """Why it could not be told if we were blind, and what to do; None when it could, or nobody has asked yet."""
        named, known, needed = len(self._urls), len(self._witnesses(now)), self._at_least
        if named < needed:
            return say(
                "the settings name {named} reference hosts and {needed} are needed: a failure of our own network would"
                " count as one of the websites; name hosts in [reference] urls that answer from here",
                named=named,
                needed=needed,
            )
        if known >= needed or self._asked_at is None:
            return None
        return say(
            "only {known} of {named} reference hosts have answered from here, {needed} must: a failure of our own network"
            " would count as one of the websites; on a closed network name hosts of that network in [reference] urls,"
            " and its addresses in [guard] allow",
            known=known,
            named=named,
            needed=needed,
        )

    def silent(self, now: datetime) -> list[str]:
        """The addresses that have not answered lately."""
        witnesses = self._witnesses(now)
        return [url for url in self._urls if url not in witnesses]

    async def look_at_each(self) -> dict[str, Reach]:
        """How each of them answers now; Reach.REFUSED_BY_GUARD also when we were not able to ask."""
        return dict(zip(self._urls, await asyncio.gather(*map(self._one, self._urls)), strict=True))

    def clock_set(self, by: timedelta) -> None:
        """The machine's clock was set: who answered lately still did. A machine that slept for weeks wakes before its network."""
        for url, at in self.answered.items():
            self.answered[url] = at + by
        self._asked_at = None if self._asked_at is None else self._asked_at + by

    async def idle(self) -> None:
        """Returns when nobody is asking: the fetcher behind it may be closed then."""
        async with self._asking:
            return

    async def _ask(self, now: datetime) -> None:
        """All at once. Silence counts of those alone that could be asked and are known to answer."""
        looks = await self.look_at_each()
        could = {url for url, reach in looks.items() if reach is not Reach.REFUSED_BY_GUARD}
        answering = [url for url, reach in looks.items() if reach in ANSWERED]
        self.answered.update(dict.fromkeys(answering, now))
        self._asked_at = now
        if answering:
            self._told = Uplink.UP
        else:
            self._told = Uplink.BLIND if len(could & self._witnesses(now)) >= self._at_least else Uplink.UNTOLD

    async def _one(self, url: str) -> Reach:
        try:
            async with asyncio.timeout(self._timeout):
                return (await self._look(url)).reach
        except TimeoutError:
            return Reach.TIMEOUT
        except OutOfResources:
            return Reach.REFUSED_BY_GUARD  # not asked: that we have no file left says nothing of the network

    def _witnesses(self, now: datetime) -> set[str]:
        """Whose silence counts: who answered lately. A clock that was set back makes nobody a stranger."""
        return {url for url in self._urls if url in self.answered and now - self.answered[url] < TRUSTED}

    def _can_tell(self, now: datetime) -> bool:
        return len(self._witnesses(now)) >= self._at_least

    def _is_long_ago(self, now: datetime) -> bool:
        """Answers from before the start count: a daemon that restarts over and over bothers nobody."""
        if self._asked_at is None:
            return any(url not in self.answered or abs(now - self.answered[url]) >= AGAIN for url in self._urls)
        return self._age(now) >= (AGAIN if self._can_tell(now) else AGAIN_UNTOLD)

    def _age(self, now: datetime) -> timedelta:
        """Of the last asking; a clock that was set back makes it old, not eternal."""
        return timedelta.max if self._asked_at is None else abs(now - self._asked_at)
