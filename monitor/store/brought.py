"""Messages and posts people brought, as judging asks for them; and what an inventory says of kin.

Reads `messages`, `posts`, `attestations`, `targets`, `incidents`, `conditions`, `availability`; writes only when a target is to be judged again.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitor.clock import civil_day, from_ms, to_ms
from monitor.model import (
    PROGRAMS,
    VIDEO,
    Kin,
    MessageClass,
    Platform,
    Post,
    PublicMessage,
    counted_as,
)
from monitor.store import canon
from monitor.store.findings import HOUR, WEEK_HOURS

POSTS_BACK = timedelta(days=62)
"""How far back posts are read: the longest window of a shipped rule is two weeks, a town's own may be two months."""


def waiting(tx: sqlite3.Connection, target_id: str) -> tuple[PublicMessage, ...]:
    """Messages that nobody has answered, the oldest first."""
    rows = tx.execute(
        """SELECT id, class, received_at, explained FROM messages INDEXED BY messages_waiting
           WHERE target_id = ? AND answered_at IS NULL ORDER BY received_at, id""",
        (target_id,),
    )
    return tuple(
        PublicMessage(id=name, target=target_id, cls=MessageClass(cls), received_at=from_ms(at), explained=bool(told))
        for name, cls, at, told in rows
    )


def posts(tx: sqlite3.Connection, target_id: str, now: datetime) -> tuple[Post, ...]:
    """What an account published lately: as imported, and as its feed showed it; the newest first."""
    since = (civil_day(now) - POSTS_BACK).isoformat()
    rows = tx.execute(
        """SELECT day, original, told_at FROM posts INDEXED BY posts_day WHERE target_id = ?1 AND day >= ?2
           UNION ALL
           SELECT substr(date, 1, 10), NULL, NULL FROM items
           WHERE target_id = ?1 AND date >= ?2 AND length(date) >= 10
             AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.target_id = ?1 AND p.id = items.url)
           ORDER BY 1 DESC""",
        (target_id, since),
    )
    return tuple(_post(day, original, told) for day, original, told in rows)


def _post(day: str, original: int | None, told: int | None) -> Post:
    by_person = None if original is None else bool(original)
    return Post(date.fromisoformat(day), by_person, None if told is None else from_ms(told))


def message_ever(target_id: str, row: Sequence[Any]) -> tuple[PublicMessage, datetime]:
    """A message of the register, answered or not, with when it came into the register: id, class, received, answered, explained, told."""
    name, cls, at, answered, explained, told = row
    one = PublicMessage(
        id=name,
        target=target_id,
        cls=MessageClass(cls),
        received_at=from_ms(at),
        answered_at=None if answered is None else from_ms(answered),
        explained=bool(explained),
    )
    return one, from_ms(told)


def post_ever(row: Sequence[Any]) -> tuple[Post, datetime]:
    """A post with when we learned of it: day, original, known since, told by people at."""
    day, original, known, told = row
    return _post(day, original, told), from_ms(known)


def columns_in_breach(tx: sqlite3.Connection, site: str) -> list[tuple[str, str]]:
    """Columns of a site in breach, each with what it counts as: "stale:PACK:KIND" by the rules of a pack, "blank:KIND" as confirmed.

    Kinds are told as in model/counted.py. A stale one counts while its incident is open: what cannot be looked at for a while goes on
    to count, a 误报 does not. A blank one does not count either while it is what somebody called a 误报.
    """
    stale = tx.execute(
        """SELECT t.id, t.column_kind, t.level, m.rules FROM targets t INDEXED BY targets_site
           JOIN members m INDEXED BY members_target ON m.target_id = t.id AND m.left_at IS NULL
           JOIN incidents i ON i.id = m.incident_id AND i.cause = 'stale' AND i.state IN ('open', 'acknowledged')
           WHERE t.site = ? AND t.kind = 'column' AND t.removed_at IS NULL""",
        (site,),
    )
    found = [
        (f"stale:{pack}:{counted_as(kind, level)}", column)
        for column, kind, level, rules in stale
        for pack in sorted({name.partition("/")[0] for name in canon.load_names(rules)})  # once, by however many rules
    ]
    blank = tx.execute(
        """SELECT t.id, t.column_kind, t.level FROM targets t INDEXED BY targets_site JOIN conditions c INDEXED BY conditions_open
           ON c.target_id = t.id AND c.check_name = 'column_blank' AND c.subject = '' AND c.ended_at IS NULL
           WHERE t.site = ? AND t.kind = 'column' AND t.removed_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM excused x WHERE x.target_id = t.id AND x.cause = 'blank')""",
        (site,),
    )
    return found + [(f"blank:{counted_as(kind, level)}", column) for column, kind, level in blank]


def in_breach(tx: sqlite3.Connection, site: str) -> Mapping[str, int]:
    """How many columns of a site count as what (`columns_in_breach`)."""
    return Counter(name for name, _ in columns_in_breach(tx, site))


def counts(tx: sqlite3.Connection, site: str, now: datetime) -> Mapping[str, int]:
    """The same, and how many might count of which nothing is known: "unseen-stale:PACK:KIND", "unseen-blank:KIND".

    That is a column that nobody ever saw, or whose standing by that rule is unknown. Of blank ones goes by `not_blank`.
    """
    bad = columns_in_breach(tx, site)
    rows = tx.execute(UNSEEN_SQL, (site, to_ms(now))).fetchall()
    if not rows:
        return Counter(name for name, _ in bad)
    unseen = {
        (f"unseen-{name}", column) for column, *row in rows for name in _might_be(*row) if (name, column) not in bad
    }
    return Counter(name for name, _ in (*bad, *unseen))


UNSEEN_SQL = """SELECT t.id, t.column_kind, t.level, s.rule, s.cause, t.packs, t.first_look_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM attestations a INDEXED BY attestations_target WHERE a.target_id = t.id AND a.until > ?2)
    FROM targets t INDEXED BY targets_site
    LEFT JOIN standings s ON s.target_id = t.id AND s.value = 'unknown' AND s.cause IN ('stale', 'blank')
    WHERE t.site = ?1 AND t.kind = 'column' AND t.removed_at IS NULL AND (s.rule IS NOT NULL OR t.first_look_at IS NULL)"""
"""One statement for each site judged; where all is seen it gives nothing."""


def _might_be(  # noqa: PLR0917  a row
    kind: str, level: int, rule: str | None, cause: str | None, packs: str, is_new: int
) -> list[str]:
    """What a column would count as, by the rule nothing is known by; one that nobody ever saw by all of its packs."""
    counted = counted_as(kind, level)
    if is_new:
        return [*(f"stale:{pack}:{counted}" for pack in canon.load_names(packs)), f"blank:{counted}"]
    if rule is None:
        return []
    return [f"stale:{rule.partition('/')[0]}:{counted}" if cause == "stale" else f"blank:{counted}"]


def columns_of(tx: sqlite3.Connection, target_ids: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Of these targets the columns that belong to a site: which site, and what they are counted as."""
    rows = tx.execute(
        """SELECT id, site, column_kind, level FROM targets
           WHERE id IN (SELECT value FROM json_each(?)) AND kind = 'column' AND site IS NOT NULL AND removed_at IS NULL""",
        (canon.dumps(sorted(target_ids)),),
    )
    return {name: (site, counted_as(kind, level)) for name, site, kind, level in rows}


def failed_while_closed(
    tx: sqlite3.Connection, site: str, closed: Sequence[tuple[datetime, datetime]], now: datetime
) -> int:
    """Failed samples of the last 168 hours in hours that touch one of these spans: people had filed that it would not open."""
    last = to_ms(now) // HOUR
    rows = tx.execute(
        "SELECT hour, failed FROM availability WHERE target_id = ? AND hour > ? AND hour <= ? AND failed > 0",
        (site, last - WEEK_HOURS, last),
    ).fetchall()
    spans = [(to_ms(start) // HOUR, (to_ms(end) - 1) // HOUR) for start, end in closed]
    return sum(failed for hour, failed in rows if any(first <= hour <= final for first, final in spans))


_KIN = """
SELECT t.id, t.owner, t.host, json_array_length(t.contacts), t.platform, t.name, k.id, k.name, k.platform
FROM targets t LEFT JOIN targets k INDEXED BY targets_owner
    ON k.owner = t.owner AND k.kind = t.kind AND k.owner <> '' AND k.kind <> 'link' AND k.removed_at IS NULL
    AND k.id <> t.id AND t.kind IN ('site', 'account')"""
KIN_SQL = f"{_KIN} WHERE t.id = ?"
"""One statement for each target judged; its cost goes with what the owner has."""


def kin(tx: sqlite3.Connection, target_id: str) -> Kin:
    """What the inventory says of a target and of what stands beside it. An owner nobody wrote down has no kin."""
    return _kin(tx.execute(KIN_SQL, (target_id,)).fetchall())


def kin_of_many(tx: sqlite3.Connection, ids: Collection[str]) -> dict[str, Kin]:
    """The same of several, in one statement."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in ids}
    for row in tx.execute(f"{_KIN} WHERE t.id IN (SELECT value FROM json_each(?))", (canon.dumps(sorted(rows)),)):
        rows[row[0]].append(row)
    return {name: _kin(found) for name, found in rows.items()}


def _kin(rows: Sequence[tuple[Any, ...]]) -> Kin:
    if not rows:
        return Kin()
    owner, host, contacts, platform, own_name = rows[0][1:6]
    beside = sorted(row[6:] for row in rows if row[6] is not None)
    return Kin(
        same_owner=tuple(name for name, _, _ in beside),
        same_platform=tuple(name for name, _, where in beside if platform is not None and where == platform),
        same_sort=tuple(
            name for name, _, where in beside if _sort(where) is not None and _sort(where) == _sort(platform)
        ),
        names=tuple(sorted({own_name, *(called for _, called, _ in beside)})),
        owner=owner,
        host=host,
        contacts=contacts,
        platform=None if platform is None else Platform(platform),
    )


def _sort(platform: str | None) -> bool | None:
    """Whether an account is one of video; None where that is not told, and of what is no account on a platform."""
    known = None if platform is None else Platform(platform)
    return None if known in {None, Platform.OTHER, *PROGRAMS} else known in VIDEO


def touch(tx: sqlite3.Connection, target_id: str, now: datetime) -> None:
    """Judge it again with the next round: what it goes by has changed without a look."""
    tx.execute(
        "UPDATE targets SET next_change_at = ?1 WHERE id = ?2 AND removed_at IS NULL AND coalesce(next_change_at, ?1 + 1) > ?1",
        (to_ms(now), target_id),
    )


def touch_on_site(tx: sqlite3.Connection, site: str, now: datetime) -> None:
    """The same of every column and page of a site: it closed for good, or is back."""
    hanging = "SELECT id FROM targets INDEXED BY targets_site WHERE site = ? AND removed_at IS NULL"
    for (name,) in tx.execute(hanging, (site,)).fetchall():
        touch(tx, name, now)


def touch_site_of(tx: sqlite3.Connection, target_id: str, now: datetime) -> None:
    """The same of the site a column belongs to: its counts may have changed."""
    row = tx.execute(
        "SELECT site FROM targets WHERE id = ? AND kind = 'column' AND site IS NOT NULL", (target_id,)
    ).fetchone()
    if row is not None:
        touch(tx, row[0], now)
