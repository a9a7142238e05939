"""How well what is shown was seen: how many looks say so, and what could not be judged, with the reason.

Read-only and part of `views.py`, which offers it. Each question is one statement, however much there is to show.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import from_ms
from monitor.model import Cause, Reach, TargetKind, Text
from monitor.store import canon
from monitor.store.seen import PAGES_ASKED
from monitor.store.wrong import called


@dataclass(frozen=True, slots=True)
class Sure:
    """The present run of failed looks: how many, and how the last one ended on the wire."""

    looks: int
    reach: Reach | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Targets of a kind that could not be judged the last time: not to be looked at, or seen but without a date."""

    blind: int
    undated: int


@dataclass(frozen=True, slots=True)
class Untold:
    """A target that could not be judged, why and since when; of a link the page that carries it, seen first before others."""

    kind: TargetKind
    name: str
    url: str
    since: datetime
    why: Text
    page: str
    page_url: str


def how_sure(tx: sqlite3.Connection, targets: Iterable[str]) -> dict[tuple[str, Cause], Sure]:
    """What failed on these targets, by target and cause."""
    rows = tx.execute(
        """SELECT target_id, cause, looks, json_extract(evidence, '$.reach') FROM runs
           WHERE target_id IN (SELECT value FROM json_each(?)) AND is_current = 1 AND outcome = 'fail' ORDER BY id DESC""",
        (canon.dumps(sorted(set(targets))),),
    )
    known = set(Reach)
    return {
        (target, Cause(cause)): Sure(looks, Reach(reach) if reach in known else None)
        for target, cause, looks, reach in rows
    }


def blind(tx: sqlite3.Connection) -> dict[TargetKind, Unseen]:
    """Targets of each kind that could not be judged the last time. Reads every target."""
    rows = tx.execute(
        """SELECT kind, SUM(blind_reason NOT IN ('undated', 'no_publish_time')),
                  SUM(blind_reason IN ('undated', 'no_publish_time')) FROM targets NOT INDEXED
           WHERE removed_at IS NULL AND blind_since IS NOT NULL GROUP BY kind"""
    )
    return {TargetKind(kind): Unseen(unseen, undated) for kind, unseen, undated in rows}


def untold(tx: sqlite3.Connection, at_most: int) -> list[Untold]:
    """The same targets, of each kind those that wait longest. Reads every target."""
    rows = tx.execute(
        """SELECT b.kind, b.name, h.name, b.url, b.blind_since, b.blind_reason,
                  (SELECT r.summary FROM runs r WHERE r.target_id = b.id AND r.is_current = 1 AND r.outcome = 'unknown'
                     AND r.reason = b.blind_reason ORDER BY r.id LIMIT 1),
                  p.name, ps.name, p.url
           FROM (SELECT id, kind, name, site, url, blind_since, blind_reason,
                        ROW_NUMBER() OVER (PARTITION BY kind ORDER BY blind_since, id) AS place
                 FROM targets NOT INDEXED WHERE removed_at IS NULL AND blind_since IS NOT NULL) b
           LEFT JOIN targets h ON h.id = b.site AND b.kind <> 'link'
           LEFT JOIN targets p ON p.id = (
               SELECT page_id FROM (SELECT page_id, first_seen_at FROM carriers INDEXED BY carriers_link
                                    WHERE link_id = b.id AND gone_at IS NULL ORDER BY page_id LIMIT ?2)
               ORDER BY first_seen_at, page_id LIMIT 1)
           LEFT JOIN targets ps ON ps.id = p.site WHERE b.place <= ?1 ORDER BY b.kind, b.place""",
        (at_most, PAGES_ASKED),
    )
    return [
        Untold(
            TargetKind(kind),
            called(name, site),
            url,
            from_ms(since),
            canon.load_text(said) if said else Text(reason, {}),
            called(page, its_site) if page else "",
            page_url or "",
        )
        for kind, name, site, url, since, reason, said, page, its_site, page_url in rows
    ]
