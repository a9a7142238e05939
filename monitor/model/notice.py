"""What is told to people, and what a channel answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.words import Severity


class NoticeKind(StrEnum):
    """Why a notice goes out."""

    OPENED = "opened"
    WORSENED = "worsened"
    DAY = "day"  # day n of an outage
    JOINED = "joined"  # further targets under the same cause
    RECOVERED = "recovered"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """通知: facts of one change of one incident, frozen when it happened; words are made at sending.

    `facts` is JSON-safe: cause, key, targets (id, name, url, owner, contacts), since, why (template, values),
    citations, the strictest first (source, article, says, status, confidence, severity), day, looks, ended_at, evidence.
    """

    id: int | None
    kind: NoticeKind
    incident: int | None
    severity: Severity
    created_at: datetime
    release_at: datetime
    dedupe_key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """Words ready for one channel."""

    title: str
    body: str
    severity: Severity
    repeat: bool = False  # an earlier try may have arrived
    delivery: int | None = None  # the outbox's row: the same at every try, None for what goes past the outbox


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver confirmed."""

    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. `after` seconds when the receiver named them; `maybe` when it may have arrived all the same."""

    reason: str
    after: float | None = None
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: wrong key, bad address. Goes to `dead` at once."""

    reason: str


Result = Sent | Retry | Refused
