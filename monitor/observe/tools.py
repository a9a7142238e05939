"""What a visit works with, as types: everything that looks over the wire or reads dangerous bytes, and the checks.

Reads and writes nothing. App puts them together; a rehearsal hands in others.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from monitor.api import Context
from monitor.clock import Clock
from monitor.model import (
    Certificate,
    Declaration,
    Earlier,
    Fetched,
    Finding,
    Item,
    LetterRow,
    Reading,
    Resolved,
    Target,
    TargetKind,
    with_options,
)
from monitor.observe.large import LargeReads
from monitor.observe.turn import PATIENCE, Slot

MOST_TOLD = 65_536
"""Targets a check remembers its options for; beyond that it forgets them all: links come and go."""


class Fetch(Protocol):
    """What looks over the wire, or stands in for it in a rehearsal."""

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        etag: str | None = None,
        last_modified: str | None = None,
        max_body: int | None = None,
        keep_alive: bool = False,
        referer: str | None = None,
    ) -> Fetched: ...


class Feeds(Protocol):
    """Reads feeds where they cannot hurt."""

    async def read(
        self, body: bytes, *, url: str | None, charset: str | None, captured: datetime, zone: int = 8
    ) -> Reading: ...


async def nothing(_target: str, _items: Sequence[Item]) -> Earlier:
    """What is remembered where there is no store."""
    return Earlier()


async def nothing_filed(_target: str, _now: datetime) -> tuple[Declaration, ...]:
    """What people filed where there is no store."""
    return ()


async def no_letters(_target: str) -> tuple[LetterRow, ...]:
    """What is known of a reply list where there is no store."""
    return ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What a visit works with; everything here is replaced in a rehearsal."""

    clock: Clock
    fetcher: Fetch
    feeds: Feeds
    certificate: Callable[[str], Awaitable[Certificate]]
    resolve: Callable[[str], Awaitable[Resolved]]
    slot: Callable[..., Slot]  # a place at that host
    penalise: Callable[[str, float], None]  # keep away from that host for so many seconds: it asked us to
    suspect: Callable[[str], AbstractContextManager[None]]  # marks what is being parsed, in case it kills us
    max_feed: int  # bytes
    patience: float = PATIENCE  # seconds to wait for a place at the host
    large: LargeReads = field(default_factory=LargeReads)
    earlier: Callable[[str, Sequence[Item]], Awaitable[Earlier]] = nothing  # of a target: asks the store
    declared: Callable[[str, datetime], Awaitable[tuple[Declaration, ...]]] = nothing_filed  # of a target, likewise
    letters: Callable[[str], Awaitable[tuple[LetterRow, ...]]] = no_letters  # rows of a reply list, likewise


@dataclass(frozen=True, slots=True)
class Check:
    """One file of `checks/`, as discovered."""

    name: str
    kinds: frozenset[TargetKind]
    cadence: str | None
    options: Callable[[Mapping[str, Mapping[str, object]]], object]  # from a target's own tables, validated at load
    run: Callable[[Target[Any], Context], Awaitable[list[Finding]]]
    second_look: bool = False  # a failure is looked at again before its cadence: only two confirm it
    on_filing: bool = False  # what it looks at is told by people: asked anew when they filed something
    told: dict[str, tuple[Target[Any], Target[Any]]] = field(default_factory=dict)  # target id → as it is, as told
    unsaid: list[object] = field(default_factory=list)  # the options of whoever was told nothing, once they were made

    def told_of(self, target: Target[Any]) -> Target[Any]:
        """The target with this check's options; made once for as long as the store hands out the same one."""
        known = self.told.get(target.id)
        if known is not None and known[0] is target:
            return known[1]
        if len(self.told) >= MOST_TOLD:
            self.told.clear()
        if target.options:
            options = self.options(target.options)
        else:  # as nearly always: made once for all
            options = self.unsaid[0] if self.unsaid else self.options({})
            self.unsaid[:] = [options]
        told = with_options(target, options)
        self.told[target.id] = (target, told)
        return told
