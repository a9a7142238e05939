"""What is wrong now, as people are shown it: incidents that go on, their targets, the pages that carry a dead link, the rules.

Read-only and part of `views.py`, which offers it. The number of statements does not depend on how many incidents there are.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.clock import from_ms
from monitor.model import DESK_ID, DESK_NAME, Cause, Confidence, Contact, IncidentState, Severity, TargetKind, Text
from monitor.store import canon, rules
from monitor.store.seen import PAGES_ASKED

SHOWN = 20
"""Targets named with one incident; the rest is counted."""
CARRIERS = 2
"""Pages named with a dead link."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page that carries a link, and whom to call about it. `name` is its own with that of its site before it."""

    name: str
    url: str
    owner: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target under an incident. `near`: no rule of it is breached yet, all are only due.

    `name` is its own with that of its site before it; of a link, the address.
    """

    id: str
    kind: TargetKind | None  # None for the daemon itself
    name: str
    url: str
    owner: str
    since: datetime
    why: Text
    contacts: tuple[Contact, ...] = ()
    muted_until: datetime | None = None
    near: bool = False
    pages: tuple[PageLine, ...] = ()  # at most CARRIERS that show it, when it is a link


@dataclass(frozen=True, slots=True)
class Wrong:
    """An incident that goes on. `targets` are the first of `members`, longest in trouble first.

    `counting` are rules that nothing breaks yet, to whose limit the days run that an outage tells.
    """

    id: int
    cause: Cause
    key: str
    state: IncidentState
    severity: Severity
    rules: tuple[str, ...]
    since: datetime
    opened_at: datetime
    acknowledged_by: str | None
    members: int
    targets: tuple[TargetLine, ...]
    acknowledged_at: datetime | None = None
    counting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """依据: what a rule says and where, in its version in force."""

    source: str
    article: str
    says: str
    status: str
    confidence: Confidence
    severity: Severity
    only_counts: bool  # toward a veto: nothing is broken by it alone


def wrong_now(tx: sqlite3.Connection, limit: int = 200, lines: int = SHOWN) -> list[Wrong]:
    """Open and acknowledged incidents, gravest first, then oldest; of each the first `lines` targets. Three statements."""
    rows = tx.execute(
        """SELECT i.id, i.cause, i.key, i.state, i.severity, i.rules, i.opened_at, i.acknowledged_by, i.acknowledged_at,
                  (SELECT COUNT(*) FROM members m WHERE m.incident_id = i.id AND m.left_at IS NULL),
                  (SELECT MIN(since) FROM members m WHERE m.incident_id = i.id AND m.left_at IS NULL),
                  (SELECT json_group_array(DISTINCT s.rule) FROM members m JOIN standings s ON s.target_id = m.target_id
                   WHERE m.incident_id = i.id AND m.left_at IS NULL AND i.cause = 'outage' AND i.warned > 0
                     AND s.cause = i.cause AND s.value = 'due' AND s.warned > 0)
           FROM incidents i WHERE i.state IN ('open', 'acknowledged')
           ORDER BY CASE i.severity WHEN 'veto' THEN 0 WHEN 'serious' THEN 1 WHEN 'breach' THEN 2 ELSE 3 END, i.opened_at, i.id
           LIMIT ?""",
        (limit,),
    ).fetchall()
    named = _lines(tx, [row[0] for row in rows], lines)
    return [
        Wrong(
            id=number,
            cause=Cause(cause),
            key=key,
            state=IncidentState(state),
            severity=Severity(severity),
            rules=canon.load_names(cited),
            since=from_ms(opened if since is None else since),
            opened_at=from_ms(opened),
            acknowledged_by=by,
            members=count,
            targets=tuple(named.get(number, ())),
            acknowledged_at=_at(taken),
            counting=tuple(sorted(canon.load_names(counting))),
        )
        for number, cause, key, state, severity, cited, opened, by, taken, count, since, counting in rows
    ]


def citations(tx: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Citation]:
    """What these rules say; a rule that is in force no more is left out."""
    wanted = {key: version for key, version in rules.versions(tx).items() if key in set(keys)}
    rows = tx.execute(
        "SELECT r.key, r.text FROM rules r JOIN json_each(?) w ON r.key = w.key AND r.version = w.value",
        (canon.dumps(wanted),),
    )
    return {key: _citation(canon.loads(text)) for key, text in rows}


def called(name: str, site: str | None) -> str:
    """What people call a column, page or account: its name says little without that of its site."""
    return f"{site} › {name}" if site and site not in name else name


def _lines(tx: sqlite3.Connection, incidents: Sequence[int], at_most: int) -> dict[int, list[TargetLine]]:
    """The first targets of each incident. `near` is asked of the rules that put the target there."""
    rows = tx.execute(
        """SELECT m.incident_id, m.target_id, t.kind, t.name, h.name, t.url, t.owner, t.contacts, m.since, m.why, u.until,
                  (SELECT MIN(s.value = 'due') FROM json_each(m.rules) r
                   JOIN standings s ON s.target_id = m.target_id AND s.rule = r.value),
                  m.target_id = ? AND (SELECT i.cause FROM incidents i WHERE i.id = m.incident_id) <> 'ours'
           FROM (SELECT incident_id, target_id, since, why, rules,
                        ROW_NUMBER() OVER (PARTITION BY incident_id ORDER BY since, target_id) AS place
                 FROM members WHERE incident_id IN (SELECT value FROM json_each(?)) AND left_at IS NULL) m
           LEFT JOIN targets t ON t.id = m.target_id LEFT JOIN targets h ON h.id = t.site AND t.kind <> 'link'
           LEFT JOIN mutes u ON u.target_id = m.target_id
           WHERE m.place <= ? ORDER BY m.incident_id, m.place""",
        (DESK_ID, canon.dumps(incidents), at_most),
    ).fetchall()
    pages = _pages(tx, [row[1] for row in rows if row[2] == TargetKind.LINK])
    found: dict[int, list[TargetLine]] = {}
    for incident, target, kind, name, site, url, owner, contacts, since, why, muted, near, of_desk in rows:
        line = TargetLine(
            target,
            TargetKind.DESK if of_desk else None if kind is None else TargetKind(kind),
            DESK_NAME if of_desk else called(name or target, site),
            url or "",
            owner or "",
            from_ms(since),
            canon.load_text(why),
            canon.load_contacts(contacts or "[]"),
            _at(muted),
            bool(near),
            tuple(pages.get(target, ())),
        )
        found.setdefault(incident, []).append(line)
    return found


def _pages(tx: sqlite3.Connection, links: Sequence[str]) -> dict[str, list[PageLine]]:
    """The pages that show these links now, those seen first before others; of a link on more than PAGES_ASKED, the first by id."""
    rows = tx.execute(
        """SELECT c.link_id, p.name, h.name, p.url, p.owner, p.contacts
           FROM (SELECT link_id, page_id, ROW_NUMBER() OVER (PARTITION BY link_id ORDER BY first_seen_at, page_id) AS place
                 FROM json_each(?) l CROSS JOIN carriers ON link_id = l.value AND gone_at IS NULL AND page_id IN (
                     SELECT page_id FROM carriers INDEXED BY carriers_link
                     WHERE link_id = l.value AND gone_at IS NULL ORDER BY page_id LIMIT ?)) c
           JOIN targets p ON p.id = c.page_id LEFT JOIN targets h ON h.id = p.site WHERE c.place <= ? ORDER BY c.link_id, c.place""",
        (canon.dumps(sorted(set(links))), PAGES_ASKED, CARRIERS),
    )
    found: dict[str, list[PageLine]] = {}
    for link, name, site, url, owner, contacts in rows:
        found.setdefault(link, []).append(PageLine(called(name, site), url, owner, canon.load_contacts(contacts)))
    return found


def _citation(rule: Mapping[str, Any]) -> Citation:
    return Citation(
        source=rule["source"],
        article=rule["article"],
        says=rule["says"],
        status=rule.get("status", ""),
        confidence=Confidence(rule["confidence"]),
        severity=Severity(rule["severity"]),
        only_counts=bool(rule["options"].get("counts_toward")),
    )


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
