"""One look at one target: what was asked, what came back, what was made of it.

Tuples with names where every look makes one: a frozen dataclass takes three to five times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from monitor.model.finding import Finding, Value
from monitor.model.letters import LetterRow
from monitor.model.reading import Reading
from monitor.model.target import Target
from monitor.model.words import Outcome, Reach

OVERDUE = "the visit takes too long"
"""With this message whoever sent a visit out cancels it (plan/tick.py): our own fault, and it brings home what it has."""


class Unreachable(Exception):
    """The page, feed or certificate could not be had; a check lets it pass and the visit makes it UNKNOWN."""

    def __init__(self, reach: Reach, detail: str) -> None:
        """`detail` is one plain English phrase, without secrets."""
        super().__init__(f"{reach}: {detail}")
        self.reach = reach
        self.detail = detail


class Hop(NamedTuple):
    """One request of a fetch: the address asked, the status answered, seconds it took."""

    url: str
    status: int | None
    seconds: float
    address: str | None = None


class Fetched(NamedTuple):
    """How one fetch ended. `reach` is what the wire alone can tell; reading the body may change it."""

    url: str
    final_url: str
    reach: Reach
    detail: str  # a constant-like English phrase: "NXDOMAIN", "connection refused", "HTTP 502", ""
    started_at: datetime
    seconds: float
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    address: str | None = None
    trusted: bool | None = None  # certificate verified? None over plain HTTP
    not_modified: bool = False  # the server answered 304 to our validators
    notes: tuple[str, ...] = ()  # "malformed_http", "obsolete_tls", "untrusted_certificate", "gzip_refused"

    def header(self, name: str) -> str | None:
        """The first header of that name, any case."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None


class Page(NamedTuple):
    """A fetch with what reading made of it; `reach` is the verdict of both (DESIGN.md §1)."""

    fetched: Fetched
    reach: Reach
    reading: Reading | None  # None when nothing came that could be read
    unchanged: bool = False  # same bytes as at the last look: `reading` is the remembered one, without links and items


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a TLS server showed. `trouble` is None when a browser would accept it."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    trouble: str | None  # expired | not_yet_valid | wrong_name | untrusted | weak | obsolete_tls
    fingerprint: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the name servers said. `failure`: nxdomain | nodata | servfail | refused | timeout | error, None when fine.

    `aliases` are the names it stands for (CNAME), in the order in which they lead on.
    """

    host: str
    addresses: tuple[str, ...]
    failure: str | None = None
    aliases: tuple[str, ...] = ()


class Try(NamedTuple):
    """One try of a visit, as shown in `tries`."""

    at: datetime
    reach: Reach
    status: int | None
    seconds: float


class Last(NamedTuple):
    """What a check last said of one subject: its current run, as much of it as the next look needs."""

    run: int
    outcome: Outcome
    reason: str
    dates: tuple[tuple[str, Value], ...]  # (name, value) of the measures that rules read
    looks: int
    at: datetime
    since: datetime | None = None  # of the first look in a row with that outcome; None: no other was


class Seen(NamedTuple):
    """What earlier visits stored about a target; the reading is slim (no items, no links)."""

    visits: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None  # XXH3 of the bytes as received: are they the same again?
    normal_hash: str | None = None  # of the bytes with counters, clocks and tokens taken out
    reading: Reading | None = None
    newest_seen: str | None = None  # day (YYYY-MM-DD) a new address last appeared in an undated list
    said: Mapping[tuple[str, str], Last] = MappingProxyType({})  # (check, subject) → what it last said
    filed_at: datetime | None = None  # when people last filed something for it that counts (of sites and accounts)

    @property
    def has_filed(self) -> bool:
        """Whether there is anything: ask what."""
        return self.filed_at is not None

    def last_of(self, check: str) -> Last | None:
        """What the check last said, of several subjects the latest; None when it never ran."""
        return max((last for (name, _), last in self.said.items() if name == check), key=_at, default=None)


class Remembered(NamedTuple):
    """A list item as earlier looks saw it. `first_date` is what it was dated when first seen, where dates were told alike."""

    title: str
    url: str
    date: str | None
    date_from: str | None
    first_date: str | None
    first_seen_at: datetime
    unseen_at: (
        datetime | None
    )  # the last look before, which read the list and did not show it; None: it may always have stood there


class Earlier(NamedTuple):
    """What is remembered of a list that is shown again: items of the same addresses or titles, and when it was last read."""

    items: tuple[Remembered, ...] = ()
    read_at: datetime | None = None


class Claim(NamedTuple):
    """A target that is due, leased to us until `lease_until`; nobody else visits it before."""

    target: Target[dict[str, dict[str, object]]]
    due_at: datetime
    sample: bool  # a fixed-interval sample of the 5 %, not a confirmation try
    period: timedelta
    lease: str  # token that settle must show
    lease_until: datetime
    seen: Seen = Seen()
    sample_due_at: datetime | None = None  # its place on the sampling grid as it stood when it was claimed


class ReadLetters(NamedTuple):
    """Rows of a reply list for the register of messages; `whole`: all that the page shows now, so that the others are gone from it."""

    rows: tuple[LetterRow, ...]
    whole: bool


class Visited(NamedTuple):
    """All that one visit brought home, ready to be settled in one transaction."""

    claim: Claim
    started_at: datetime
    ended_at: datetime
    reach: Reach
    tries: tuple[Try, ...]
    findings: tuple[Finding, ...]
    page: Page | None  # the target's own page or feed
    body_hash: str | None = None
    normal_hash: str | None = None
    read_before: datetime | None = (
        None  # when its list was last read before this, where a check asked (`Earlier.read_at`)
    )
    letters: ReadLetters | None = None  # of a reply list, where a check brought them


def _at(last: Last) -> datetime:
    return last.at
