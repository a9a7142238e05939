"""All that a check may import.

A check is one file in `checks/`: a frozen `Options` dataclass, `KINDS` (the target kinds it looks at), optionally
`CADENCE` (the name of a cadence of its own) and `SECOND_LOOK = True` (its failures are looked at again an hour later), `ON_FILING = True` (asked anew once people
filed something of the target), and `async def check(target: Target[Options], ctx: Context) -> list[Finding]`.
It states facts about one target; it has no store, no settings and no channel, so it can neither remember nor alert.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.clock import SHANGHAI, civil_day
from monitor.model import (
    BLIND_STATES,
    CLOSURES,
    OUTAGE_REACHES,
    Cause,
    Certificate,
    ColumnKind,
    Declaration,
    DeclarationKind,
    Earlier,
    EntryKind,
    Familiar,
    Fetched,
    Finding,
    Item,
    Letter,
    LetterRow,
    Link,
    Measure,
    MessageClass,
    Outcome,
    Page,
    Reach,
    Reading,
    Remembered,
    Resolved,
    Rows,
    Seen,
    Sign,
    State,
    Suspicion,
    Target,
    TargetKind,
    Text,
    Unreachable,
    distinctness,
    fail,
    host_of,
    how_it_ended,
    is_kept_up,
    is_same_title,
    lands_home,
    lands_on_error,
    ok,
    place_of,
    plain_title,
    say,
    unfamiliar,
    unknown,
    unread,
)
from monitor.model.addresses import Address, AddressTable

__all__ = [
    "BLIND_STATES",
    "CLOSURES",
    "OUTAGE_REACHES",
    "SHANGHAI",
    "Address",
    "AddressTable",
    "Cause",
    "Certificate",
    "ColumnKind",
    "Context",
    "Declaration",
    "DeclarationKind",
    "Earlier",
    "EntryKind",
    "Familiar",
    "Fetched",
    "Finding",
    "Item",
    "Letter",
    "LetterRow",
    "Link",
    "Log",
    "Measure",
    "MessageClass",
    "Outcome",
    "Page",
    "Reach",
    "Reading",
    "Remembered",
    "Resolved",
    "Rows",
    "Seen",
    "Sign",
    "State",
    "Suspicion",
    "Target",
    "TargetKind",
    "Text",
    "Unreachable",
    "civil_day",
    "distinctness",
    "fail",
    "host_of",
    "how_it_ended",
    "is_kept_up",
    "is_same_title",
    "lands_home",
    "lands_on_error",
    "ok",
    "place_of",
    "plain_title",
    "say",
    "unfamiliar",
    "unknown",
    "unread",
]


class Log(Protocol):
    """Structured log lines: a constant event name and data in keys."""

    def debug(self, event: str, **data: object) -> None:
        """For the curious."""
        ...

    def warning(self, event: str, **data: object) -> None:
        """Something a person may want to know."""
        ...


class Context(Protocol):
    """What a check may do. Every answer is memoised for the visit: three checks on one page make one request."""

    @property
    def now(self) -> datetime:
        """When the visit began."""
        ...

    @property
    def seen(self) -> Seen:
        """What earlier visits stored about this target."""
        ...

    async def earlier(self, items: Sequence[Item]) -> Earlier:
        """What earlier visits remembered of these items of the target's list, and of others of their titles.

        Not part of `seen`, which comes with every claim: this asks the store, so ask only of a page that changed.
        """
        ...

    async def declared(self) -> tuple[Declaration, ...]:
        """What people filed for this target and did not take back, by start: past by 400 days at most, or yet to come."""
        ...

    async def letters(self) -> tuple[LetterRow, ...]:
        """The rows of a reply list as earlier visits read them and it showed them last."""
        ...

    def enter(self, rows: Sequence[LetterRow], *, whole: bool) -> None:
        """Rows of a reply list for the register of messages; `whole` when they are all that the page shows now."""
        ...

    @property
    def log(self) -> Log:
        """Bound to the visit."""
        ...

    async def look(self, url: str, *, referer: str | None = None) -> Page:
        """Fetch and read; never raises, `Page.reach` says how it ended. With a `referer` as if coming from there."""
        ...

    async def page(self, url: str) -> Reading:
        """Fetch and read; raises Unreachable unless the page answered (open or slow)."""
        ...

    async def beside(self, url: str, sheets: Sequence[Fetched], *, all_of_them: bool) -> Reading:
        """The page at `url`, which was looked at, with what these style sheets hide on it; remembered so when they are all."""
        ...

    async def feed(self, url: str, *, zone: int = 8) -> Reading:
        """Fetch a feed and read its entries; raises Unreachable like `page`. `zone` is that of times that print none, in hours."""
        ...

    async def fetch(self, url: str, *, method: str = "GET") -> Fetched:
        """The bare fetch; never raises."""
        ...

    async def certificate(self, url: str) -> Certificate:
        """The certificate shown by the https server of that address; raises Unreachable."""
        ...

    async def resolve(self, host: str) -> Resolved:
        """Ask the name servers; never raises."""
        ...
