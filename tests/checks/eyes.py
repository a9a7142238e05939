"""The product's own eyes for tests of checks: real sockets, a real name server, real TLS; one visit at a time.

`watching` opens them as the daemon does (app.open_eyes) with short limits; `Viewer.visit` is one visit with the real checks.
`Here` is a clock whose civil time is the test's, and whose seconds are real ones.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.app import Eyes, checks_for, open_eyes
from monitor.clock import Alarm, Clock, SystemClock
from monitor.config.settings import FetchSettings, GuardSettings, ResolverSettings, Settings
from monitor.model import Claim, EntryKind, Finding, Last, Page, Reading, Seen, Target, TargetKind, Visited
from monitor.observe.tools import Check, Tools
from monitor.observe.visit import visit
from monitor.settle.policy import policy_of
from monitor.settle.remember import as_remembered

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
SPACE = timedelta(milliseconds=1)


@dataclass(slots=True)
class Here:
    """`at` is the civil time and may be set; sleeping and measuring are real."""

    at: datetime = NOON
    real: SystemClock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.real.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self.real.sleep(seconds)

    def after(self, seconds: float, call: Callable[[], object]) -> Alarm:
        return self.real.after(seconds, call)


@dataclass(slots=True)
class Viewer:
    """Eyes that are open."""

    settings: Settings
    tools: Tools
    clock: Clock
    checks: Mapping[str, Check]

    async def visit(
        self,
        url: str,
        kind: TargetKind = TargetKind.SITE,
        *,
        seen: Seen | None = None,
        site: str | None = None,
        checks: Mapping[str, Check] | None = None,
        options: Mapping[str, dict[str, object]] | None = None,
        target: Target[dict[str, dict[str, object]]] | None = None,
    ) -> Visited:
        """One look at that address as a target of that kind; `options` are what its checks are told of it. Or at `target`."""
        target = target or a_target(url, kind, site=site, options=options)
        now = self.clock.now()
        claim = Claim(target, now, True, timedelta(minutes=5), "1@test", now + timedelta(minutes=10), seen or Seen())
        cadences = policy_of(self.settings).cadences
        return await visit(claim, self.tools, self.checks if checks is None else checks, cadences)


def a_target(
    url: str,
    kind: TargetKind,
    *,
    site: str | None = None,
    options: Mapping[str, dict[str, object]] | None = None,
) -> Target[dict[str, dict[str, object]]]:
    """A page is one that is declared an entry, of a home page at the same address."""
    told = dict(options or {})
    made = Target(id=f"{kind.value}-1", kind=kind, name="某局", url=url, options=told, owner="某局", site=site)
    return replace(made, entry=EntryKind.OTHER, home=url) if kind is TargetKind.PAGE else made


@asynccontextmanager
async def watching(
    *,
    nameserver: int = 9,
    ca_file: Path | None = None,
    timeout: float = 5.0,  # noqa: ASYNC109 - a limit of the settings
    slow: float = 4.0,
    clock: Clock | None = None,
    allow: tuple[str, ...] = ("127.0.0.0/8",),
    max_body: int = 3 << 20,
) -> AsyncIterator[Viewer]:
    """Eyes with these limits (seconds, bytes); `nameserver` is the port of one on loopback."""
    settings = Settings(
        guard=GuardSettings.model_validate({"allow": allow}),
        resolver=ResolverSettings(nameservers=(f"127.0.0.1:{nameserver}",), timeout=timedelta(seconds=1)),
        fetch=FetchSettings(
            timeout=timedelta(seconds=timeout),
            slow=timedelta(seconds=slow),
            connect_timeout=timedelta(seconds=min(2.0, timeout)),
            pace=SPACE,
            max_body=max_body,
            ca_file=ca_file,
        ),
    )
    clock = clock or Here()
    eyes, checks = await asyncio.to_thread(_opened, settings, clock)  # reads files, as a start may
    try:
        yield Viewer(settings, eyes.tools, clock, checks)
    finally:
        await eyes.close()


def _opened(settings: Settings, clock: Clock) -> tuple[Eyes, Mapping[str, Check]]:
    return open_eyes(settings, clock, None), checks_for(settings)


def finding(visited: Visited, check: str) -> Finding:
    """What that check said: exactly one finding."""
    (found,) = [one for one in visited.findings if one.check == check]
    return found


def said_again(found: Finding, visited: Visited) -> Last:
    """The finding as the store hands it out with the next claim."""
    return Last(1, found.outcome, found.reason, found.dates, 1, visited.started_at)


def remembered(visited: Visited, **more: Any) -> Seen:
    """What the store would know after that visit."""
    page = visited.page
    assert isinstance(page, Page)
    seen = Seen(
        visits=1,
        body_hash=visited.body_hash,
        normal_hash=visited.normal_hash,
        reading=_with_its_list(visited, page.reading),
        said={(found.check, found.subject): said_again(found, visited) for found in visited.findings},
        etag=page.fetched.header("etag"),
        last_modified=page.fetched.header("last-modified"),
    )
    return seen._replace(**more)


def _with_its_list(visited: Visited, reading: Reading | None) -> Reading | None:
    """As it is remembered, and with its list: some tests look at that again."""
    kept = as_remembered(visited)
    if kept is None or reading is None or visited.claim.target.kind is TargetKind.LINK:
        return reading if kept is None else kept
    return replace(kept, items=reading.items, links=reading.links, entries=reading.entries)


def measured(found: Finding) -> dict[str, object]:
    """Names and values of the measures."""
    return {measure.name: measure.value for measure in found.measures}
