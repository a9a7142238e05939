"""What the ledgers are made of: outages with what was filed for them, samples by the day, vetoes and blindness by site.

Read-only functions of a connection, one statement each however much there is; nothing is judged here.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.clock import civil_day, from_ms, to_ms
from monitor.model import Declaration, DeclarationKind, Outage, Run, Text, counted_as
from monitor.store import canon
from monitor.store.declarations import DECLARATION, declaration_of
from monitor.store.findings import HOUR
from monitor.store.runrows import OUTAGE, RUN, outage_of, run_of
from monitor.store.standings import SINCE
from monitor.store.wrong import called


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One outage of a site, and the incident that told it (None: told by none, or too short ago)."""

    site: str
    name: str
    owner: str
    outage: Outage
    incident: int | None
    severity: str | None
    reason: str
    looks: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """The samples of a site on one civil day."""

    day: date
    good: int
    failed: int
    excluded: int


@dataclass(frozen=True, slots=True)
class UnseenLine:
    """Looks in a row that could not tell whether a site opens, why, and what to call it."""

    first_at: datetime
    last_at: datetime
    looks: int
    why: Text


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site that is watched, since when, and the first look that told anything."""

    site: str
    name: str
    owner: str
    packs: tuple[str, ...]
    added_at: datetime
    first_look: datetime | None
    columns: int


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of a site: its kind as counted (model/counted.py), the first look that told anything, whether anybody ever saw it, whether a look told if it is blank."""

    site: str
    column: str
    name: str
    kind: str
    first_look: datetime | None
    is_known: bool
    is_full_told: bool


@dataclass(frozen=True, slots=True)
class BadLine:
    """A standing of a site or of something of it that is not kept. `is_false`: what it led to was called a 误报 since."""

    site: str
    target: str
    kind: str
    rule: str
    value: str
    why: Text
    since: datetime | None
    is_false: bool


_OUTAGES = f"""
SELECT {", ".join(f"o.{column.strip()}" for column in OUTAGE.split(","))}, t.id, t.name, t.owner, i.id, i.severity, e.body
FROM outages o JOIN targets t ON t.id = o.target_id
LEFT JOIN members m ON m.target_id = o.target_id AND m.incident_id = (
    SELECT MAX(m2.incident_id) FROM members m2 INDEXED BY members_target JOIN incidents i2 ON i2.id = m2.incident_id
    WHERE m2.target_id = o.target_id AND i2.cause = 'outage' AND m2.joined_at >= o.started_at
      AND m2.joined_at <= coalesce(o.ended_at, 9223372036854775807))
LEFT JOIN incidents i ON i.id = m.incident_id
LEFT JOIN evidence e ON e.id = (
    SELECT MIN(id) FROM evidence WHERE incident_id = i.id AND target_id = o.target_id)
WHERE o.started_at < ?2 AND (o.ended_at IS NULL OR o.ended_at >= ?1) AND (?3 IS NULL OR o.target_id = ?3)
ORDER BY o.started_at DESC, o.id DESC"""


def outages(tx: sqlite3.Connection, since: datetime, until: datetime, site: str | None = None) -> list[OutageLine]:
    """Outages that touch the time from `since` to before `until`, the latest first."""
    rows = tx.execute(_OUTAGES, (to_ms(since), to_ms(until), site)).fetchall()
    found = []
    for *outage, target, name, owner, incident, severity, body in rows:
        seen = _reachable(canon.loads(body)) if body else {}
        reason, looks = str(seen.get("reason", "")), int(str(seen.get("looks", 0)))
        found.append(OutageLine(target, name, owner, outage_of(outage), incident, severity, reason, looks))
    return found


def filed(tx: sqlite3.Connection, kinds: Sequence[DeclarationKind], site: str | None = None) -> list[Declaration]:
    """Declarations of these kinds that count, by target and start."""
    rows = tx.execute(
        f"""SELECT {DECLARATION} FROM declarations WHERE superseded_at IS NULL
              AND kind IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR target_id = ?2) ORDER BY target_id, start, id""",
        (canon.dumps([kind.value for kind in kinds]), site),
    )
    return [declaration_of(row) for row in rows]


def opened(tx: sqlite3.Connection, incidents: Collection[int]) -> Mapping[int, datetime]:
    """When each of these incidents was found."""
    rows = tx.execute(
        "SELECT id, opened_at FROM incidents WHERE id IN (SELECT value FROM json_each(?))", (canon.dumps([*incidents]),)
    )
    return {number: from_ms(at) for number, at in rows}


def notices_seen(tx: sqlite3.Connection, targets: Collection[str]) -> Mapping[tuple[str, str], list[Run]]:
    """What looks at notices declared of these targets found: by (target, subject) every run that is kept, the earliest first."""
    rows = tx.execute(
        f"""SELECT target_id, {RUN} FROM runs INDEXED BY runs_history
            WHERE target_id IN (SELECT value FROM json_each(?)) AND check_name = 'notice_kept' AND subject <> ''
            ORDER BY first_at, id""",
        (canon.dumps(sorted(targets)),),
    )
    found: dict[tuple[str, str], list[Run]] = {}
    for target, *row in rows:
        found.setdefault((target, row[2]), []).append(run_of(row))
    return found


def versions(tx: sqlite3.Connection, targets: Collection[str]) -> Mapping[int, tuple[Declaration, int | None]]:
    """Every declaration of these targets, those superseded too, and which one each corrects."""
    rows = tx.execute(
        f"""SELECT {DECLARATION}, corrects FROM declarations
            WHERE target_id IN (SELECT value FROM json_each(?))""",
        (canon.dumps(sorted(targets)),),
    )
    return {row[0]: (declaration_of(row[:-1]), row[-1]) for row in rows}


def days(tx: sqlite3.Connection, site: str, since: datetime, until: datetime) -> list[DayLine]:
    """Samples of every civil day in Shanghai that has any; eight hours are whole buckets."""
    rows = tx.execute(
        """SELECT (hour + 8) / 24 AS day, SUM(good), SUM(failed), SUM(excluded) FROM availability
           WHERE target_id = ? AND hour >= ? AND hour < ? GROUP BY day ORDER BY day""",
        (site, to_ms(since) // HOUR, -(-to_ms(until) // HOUR)),
    )
    return [DayLine(_EPOCH + timedelta(days=day), *counts) for day, *counts in rows]


def failed_hours(tx: sqlite3.Connection, site: str, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """Hours with failed samples, and how many."""
    rows = tx.execute(
        "SELECT hour, failed FROM availability WHERE target_id = ? AND hour >= ? AND hour < ? AND failed > 0 ORDER BY hour",
        (site, to_ms(since) // HOUR, -(-to_ms(until) // HOUR)),
    )
    return [(from_ms(hour * HOUR), failed) for hour, failed in rows]


def unseen_looks(tx: sqlite3.Connection, site: str, since: datetime, until: datetime) -> list[UnseenLine]:
    """Looks that could not tell whether it opens, the oldest first."""
    rows = tx.execute(
        """SELECT first_at, last_at, looks, summary FROM runs INDEXED BY runs_history WHERE target_id = ?1 AND first_at < ?3
             AND last_at >= ?2 AND check_name = 'reachable' AND subject = '' AND outcome IN ('unknown', 'broken') ORDER BY first_at""",
        (site, to_ms(since), to_ms(until)),
    )
    return [UnseenLine(from_ms(first), from_ms(last), looks, canon.load_text(why)) for first, last, looks, why in rows]


def sites(tx: sqlite3.Connection, site: str | None = None) -> list[SiteLine]:
    """The sites that are watched, or that one."""
    rows = tx.execute(
        """SELECT s.id, s.name, s.owner, s.packs, s.added_at, s.first_look_at, COUNT(c.id) FROM targets s
           LEFT JOIN targets c INDEXED BY targets_site ON c.site = s.id AND c.kind = 'column' AND c.removed_at IS NULL
           WHERE s.kind = 'site' AND s.removed_at IS NULL AND (?1 IS NULL OR s.id = ?1) GROUP BY s.id ORDER BY s.id""",
        (site,),
    )
    return [
        SiteLine(name, called, owner, tuple(canon.load_names(packs)), from_ms(added), _at(first), columns)
        for name, called, owner, packs, added, first, columns in rows
    ]


def names(tx: sqlite3.Connection, target_ids: Collection[str]) -> Mapping[str, str]:
    """What these targets are called, a column with its site, those off the inventory too."""
    rows = tx.execute(
        """SELECT t.id, t.name, h.name FROM targets t LEFT JOIN targets h ON h.id = t.site
           WHERE t.id IN (SELECT value FROM json_each(?))""",
        (canon.dumps(sorted(target_ids)),),
    )
    return {target: called(name, site) for target, name, site in rows}


def columns(tx: sqlite3.Connection, now: datetime, site: str | None = None) -> list[ColumnLine]:
    """The columns of the sites (or of that one), by site. A person who attested one knows it while that is good."""
    rows = tx.execute(
        """SELECT c.site, c.id, c.name, c.column_kind, c.level, c.first_look_at, c.first_look_at IS NOT NULL OR EXISTS (
                   SELECT 1 FROM attestations a WHERE a.target_id = c.id AND a.until > ?1),
               EXISTS (SELECT 1 FROM runs r INDEXED BY runs_current WHERE r.target_id = c.id AND r.check_name = 'column_blank'
                   AND r.subject = '' AND r.is_current = 1 AND r.outcome IN ('ok', 'fail'))
           FROM targets c WHERE c.kind = 'column' AND c.removed_at IS NULL AND c.site IS NOT NULL AND (?2 IS NULL OR c.site = ?2)
           ORDER BY c.site, c.id""",
        (to_ms(now), site),
    )
    return [
        ColumnLine(home, column, name, counted_as(kind, level), _at(first), bool(known), bool(full))
        for home, column, name, kind, level, first, known, full in rows
    ]


def bad(tx: sqlite3.Connection, site: str | None = None) -> list[BadLine]:
    """What is broken, exempt or cannot be told of sites (or of that one), their columns and pages, by site."""
    rows = tx.execute(
        f"""SELECT coalesce(t.site, t.id) AS home, t.id, t.kind, {_JUDGED}
           FROM standings s JOIN targets t ON t.id = s.target_id
           WHERE t.removed_at IS NULL AND t.kind IN ('site', 'column', 'page') AND s.value <> 'due'
             AND (?1 IS NULL OR coalesce(t.site, t.id) = ?1) ORDER BY home, t.id, s.rule""",
        (site,),
    )
    return [_bad(row) for row in rows]


def bad_links(tx: sqlite3.Connection, rules: Sequence[str], site: str | None = None) -> list[BadLine]:
    """Links that break one of these rules, by the site whose page carries them now."""
    rows = tx.execute(
        f"""SELECT DISTINCT coalesce(p.site, p.id) AS home, t.id, t.kind, {_JUDGED}
           FROM standings s JOIN targets t ON t.id = s.target_id
           JOIN carriers c INDEXED BY carriers_link ON c.link_id = t.id AND c.gone_at IS NULL
           JOIN targets p ON p.id = c.page_id AND p.removed_at IS NULL
           WHERE t.kind = 'link' AND s.value = 'breached' AND s.rule IN (SELECT value FROM json_each(?2))
             AND (?1 IS NULL OR coalesce(p.site, p.id) = ?1) ORDER BY home, t.id, s.rule""",
        (site, canon.dumps(sorted(rules))),
    )
    return [_bad(row) for row in rows]


_JUDGED = f"""s.rule, s.value, s.why, {SINCE}, s.value = 'breached' AND EXISTS (
    SELECT 1 FROM members m INDEXED BY members_target JOIN incidents i ON i.id = m.incident_id
    WHERE m.target_id = s.target_id AND i.state = 'false_alarm' AND m.since >= s.since
      AND (i.cause = s.cause OR instr(m.rules, json_quote(s.rule)) > 0))"""
"""A standing, and whether somebody called what it led to a false alarm, unbroken since (store/incidents.py, place_of)."""


def registers(tx: sqlite3.Connection, site: str | None = None) -> Mapping[str, Mapping[str, date]]:
    """By site and class of message the day its register goes back to: of the first message, or when the first was told.

    What was read off a public list begins none: a list shows what its office publishes.
    """
    rows = tx.execute(
        """SELECT target_id, class, MIN(min(received_at, told_at)) FROM messages
           WHERE how <> 'read' AND (?1 IS NULL OR target_id = ?1) GROUP BY target_id, class""",
        (site,),
    )
    found: dict[str, dict[str, date]] = {}
    for name, cls, at in rows:
        found.setdefault(name, {})[cls] = civil_day(from_ms(at))
    return found


def _bad(row: Sequence[Any]) -> BadLine:
    home, target, kind, rule, value, why, since, is_false = row
    return BadLine(home, target, kind, rule, value, canon.load_text(why), _at(since), bool(is_false))


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)


def _reachable(body: Mapping[str, Any]) -> Mapping[str, object]:
    """What looks at the site said when it was told; of earlier programs a run is flat (monitor/evidence/kept.py)."""
    runs = body["basis"]["facts"].get("runs", []) if "basis" in body else body.get("runs", [])
    flat = ({**run, **run.get("finding", {})} for run in runs)
    return next((run for run in flat if run.get("check") == "reachable"), {})


_EPOCH = date(1970, 1, 1)
