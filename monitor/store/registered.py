"""What stands in the registers of messages and posts, and what targets they may be about. Reads; writes nothing."""

import sqlite3
from typing import NamedTuple

from monitor.store import canon

_CALLED = """SELECT id, kind, name, options, removed_at IS NOT NULL, platform FROM targets NOT INDEXED
             WHERE kind IN ('site', 'account') ORDER BY removed_at IS NOT NULL, id"""
_LISTED = """
SELECT m.target_id, t.name, m.id, m.class, m.received_at, m.answered_at, m.explained, m.source, m.how, m.answer, m.title, m.url
FROM messages m LEFT JOIN targets t ON t.id = m.target_id
WHERE ?1 = 0 OR m.answered_at IS NULL ORDER BY CASE WHEN ?1 THEN m.received_at ELSE -m.received_at END, m.target_id, m.id LIMIT ?2"""


class Called(NamedTuple):
    """A site or account by what people call it; those no longer watched come last."""

    id: str
    kind: str
    name: str
    code: str
    removed: bool
    platform: str


class Message(NamedTuple):
    """A row of the register; instants in milliseconds."""

    target: str
    name: str
    id: str
    cls: str
    received_at: int
    answered_at: int | None
    explained: bool
    source: str
    how: str  # import | hand | read
    answer: str  # told | read | seen: then it was answered at the latest
    title: str
    url: str


def called(tx: sqlite3.Connection) -> list[Called]:
    """Every site and account there ever was. Reads every target: for people, not for the tick."""
    return [
        Called(name, kind, title, _code(options), bool(removed), platform or "")
        for name, kind, title, options, removed, platform in tx.execute(_CALLED)
    ]


def messages(tx: sqlite3.Connection, limit: int, *, waiting: bool) -> list[Message]:
    """The newest messages; of those that wait the oldest."""
    rows = tx.execute(_LISTED, (int(waiting), limit)).fetchall()
    return [
        Message(t, name or t, n, cls, came, done, bool(told), *rest)
        for t, name, n, cls, came, done, told, *rest in rows
    ]


def targets_with(tx: sqlite3.Connection, message: str) -> list[str]:
    """The targets that have a message of that id. Reads all messages: ids are of each site's own."""
    return [
        name for (name,) in tx.execute("SELECT target_id FROM messages WHERE id = ? ORDER BY target_id", (message,))
    ]


def unknown(tx: sqlite3.Connection, targets: set[str]) -> list[str]:
    """Those of the ids that name no site or account."""
    seen = "SELECT 1 FROM targets WHERE id = ? AND kind IN ('site', 'account')"
    return [name for name in sorted(targets) if tx.execute(seen, (name,)).fetchone() is None]


def _code(options: str) -> str:
    told = canon.loads(options).get("marks_present", {}) if options != "{}" else {}
    return str(told.get("site_code", ""))
