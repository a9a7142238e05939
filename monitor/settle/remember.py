"""What a visit leaves behind besides its verdicts: the body when it changed, the items of a list, the links of a page."""

import sqlite3
from dataclasses import replace
from hashlib import sha256

from monitor.clock import civil_day
from monitor.model import Cause, Outcome, Reach, Reading, State, TargetKind, Visited, familiar, host_of, unfamiliar
from monitor.read.slim import brief, slim, told_briefly
from monitor.settle.judging import retire
from monitor.settle.policy import Policy
from monitor.store import canon, seen, snapshots

KEPT = frozenset({Reach.OPEN, Reach.SLOW, Reach.MAINTENANCE, Reach.SOFT_ERROR, Reach.HIJACKED})
"""Endings whose body is a page that the next look may be compared with."""


def remember(tx: sqlite3.Connection, visited: Visited, policy: Policy, *, keep_body: bool) -> str | None:
    """Store a changed page: its bytes, its items with the day we first saw them, and the links it carries.

    Returns the day, when the list prints no dates and an address is new in it: what counts as its newest (DESIGN.md §5.6).
    A list that was rebuilt has new addresses for what is old.
    """
    page, claim = visited.page, visited.claim
    if page is None or page.reading is None or not carries(visited):
        return None
    is_link = claim.target.kind is TargetKind.LINK
    kept = keep_body and (not is_link or is_suspected(visited))  # of an ordinary link no body: there are a million
    if kept and visited.normal_hash is not None and page.fetched.body:
        snapshots.save(
            tx,
            claim.target.id,
            visited.started_at,
            page.fetched,
            page.fetched.body,
            sha256(page.fetched.body).hexdigest(),
            visited.normal_hash,
        )
    if is_link or page.reach not in {Reach.OPEN, Reach.SLOW}:
        return None
    items = seen.note_items(tx, claim.target.id, page.reading.items, visited.started_at, visited.read_before)
    if claim.target.kind in {TargetKind.SITE, TargetKind.COLUMN}:
        period = policy.periods[TargetKind.LINK]
        news = seen.note_links(tx, claim.target, page.reading.links, visited.started_at, period)
        retire(tx, news.orphaned, policy, visited.ended_at)
    undated = page.reading.state is State.LISTED and page.reading.newest_date is None
    tells = undated and items.new and not _is_rebuilt(visited, items)
    return civil_day(visited.started_at).isoformat() if tells else None


def _is_rebuilt(visited: Visited, items: seen.ItemNews) -> bool:
    """Whether what is new to us may be old: no list was known before, or one with dates, of which not one address is left."""
    before = visited.claim.seen.reading
    if before is None or before.state is not State.LISTED:
        return True
    # Where a day was once told, none is told by keeping silent: that day stands, and would be too old.
    return before.newest_date is not None and not items.known and visited.claim.seen.newest_seen is None


def carries(visited: Visited) -> bool:
    """Whether it brought home a page that is not the one before: something to remember."""
    page = visited.page
    return page is not None and not page.unchanged and page.reading is not None and page.reach in KEPT


def is_suspected(visited: Visited) -> bool:
    """Whether it looked as if strangers had been at work: what the page was before is not forgotten for that."""
    return any(found.cause is Cause.TAMPER for found in visited.findings)


def as_remembered(visited: Visited) -> Reading | None:
    """The reading the next look starts from, without its bulk; None when this look is nothing to compare with."""
    page = visited.page
    if page is None or page.reading is None or not carries(visited):
        return None
    if page.fetched.status != 200 or any(f.outcome is Outcome.BROKEN for f in visited.findings):
        return None
    if visited.claim.target.kind is TargetKind.LINK:
        return None if is_suspected(visited) else brief(page.reading, host_of(page.fetched.final_url))
    return _with_memory(visited, page.reading)


def _with_memory(visited: Visited, reading: Reading) -> Reading:
    """With what the page is known by; while anything is suspected of it, with what it was known by before."""
    claim, today = visited.claim, civil_day(visited.started_at)
    before = claim.seen.reading.familiar if claim.seen.reading is not None else None
    strange = unfamiliar(claim.target, reading, before, today)
    known = before if strange or is_suspected(visited) else familiar(reading, before, today)
    return replace(slim(reading), tamper=reading.tamper + strange, familiar=known)


def remembered_json(visited: Visited) -> str | None:
    """The same as the store keeps it."""
    reading = as_remembered(visited)
    if reading is None:
        return None
    return canon.dumps(told_briefly(reading) if visited.claim.target.kind is TargetKind.LINK else reading)
