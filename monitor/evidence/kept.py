"""What decided that a target belongs in an incident, as it is kept: the row `evidence`, sealed by its hash in the event log.

Written with the incident, in its transaction; read by explain and proof. Holds the facts that count, the instant, the blind limit,
the versions of the rules, what it came to, and which page was shown then. Rows of earlier programs hold less, and say so.
"""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.evidence.codec import plain, restore
from monitor.evidence.replay import Basis, Decided, decide, lightened
from monitor.model import Facts, Membership, Rule, Target
from monitor.store import canon, snapshots

FORM = 2
"""Of the body. Rows without a form are of programs that could not judge again."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The page as it was kept last, at or before the judging: what it was, and the sha256 of its bytes and of its head."""

    at: datetime
    url: str
    status: int | None
    body: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One row of evidence. `decided` None: it joined in another way than by judging, and `facts` are what was known then.

    `joined` is what became of the membership in the incident, where a wider cause gave it another key or weight.
    """

    basis: Basis
    rules: tuple[tuple[str, str], ...] = ()  # (key, version), in the order they were judged
    decided: Decided | None = None
    joined: Membership | None = None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it lies in the store. `kept` None: it is of an earlier program, `body` is all there is."""

    id: int
    target: str
    at: datetime
    body: Mapping[str, Any]
    sha256: str
    kept: Kept | None


def body_of(  # noqa: PLR0917 - what was judged, by what, and what came of it
    tx: sqlite3.Connection,
    target: Target[Any],
    facts: Facts,
    now: datetime,
    rules: Sequence[Rule],
    wanted: Membership,
    joined: Membership,
    open_now: tuple[Membership, ...],
    blind_limit: timedelta | None,
) -> str:
    """The body of a row, as canonical JSON. `wanted` is what judging came to, `joined` what was made of it."""
    bare: Target[object] = replace(target, options={}, contacts=())
    basis = Basis(target=bare, facts=facts, now=now, blind_limit=blind_limit, open_now=open_now)
    decided = decide(basis, rules, wanted.cause)
    cited = [rule for rule in rules if rule.key in wanted.rules]
    judged = _is_alike(decided.membership, wanted)
    if judged:
        basis, cited = lightened(basis, rules, decided)
    kept = Kept(
        basis=basis,
        rules=tuple((rule.key, rule.version) for rule in cited),
        decided=decided if judged else None,
        joined=None if judged and _is_alike(decided.membership, joined) else joined,
        shown=shown_now(tx, target.id),
    )
    return canon.dumps({"form": FORM, **plain(kept)})


def rows(tx: sqlite3.Connection, incident: int) -> list[Row]:
    """All evidence of an incident, in the order it came."""
    found = tx.execute("SELECT id, target_id, at, body FROM evidence WHERE incident_id = ? ORDER BY id", (incident,))
    return [row_of(*one) for one in found]


def row_of(number: int, target: str, at: int, stored: str) -> Row:
    """One row of the table, decoded."""
    body = canon.loads(stored)
    return Row(
        id=number, target=target, at=restore(datetime, at), body=body, sha256=sha256_of(stored), kept=kept_of(body)
    )


def kept_of(body: Mapping[str, Any]) -> Kept | None:
    """What `body_of` wrote; None for what an earlier program wrote."""
    return restore(Kept, body) if body.get("form") == FORM else None


def sha256_of(stored: str) -> str:
    """By what the event log seals a row."""
    return hashlib.sha256(stored.encode()).hexdigest()


def head_of(headers: str) -> str:
    """The head of a stored page as it is sealed and shown: without what is of one session."""
    kept = [pair for pair in canon.loads(headers) if pair[0].lower() not in {"set-cookie", "set-cookie2"}]
    return canon.dumps(kept)


def _is_alike(judged: Membership | None, joined: Membership) -> bool:
    return judged is not None and replace(joined, incident=judged.incident) == judged


def shown_now(tx: sqlite3.Connection, target_id: str) -> Shown | None:
    """What was kept last of a page."""
    newest = snapshots.newest(tx, target_id)
    if newest is None:
        return None
    return Shown(newest.at, newest.url, newest.status, newest.body_hash, sha256_of(head_of(newest.headers)))
