"""The ledger of declarations as people read it, and what the record knows of a target when one is to be filed.

Reads `declarations`, `targets`, `outages`, `runs`, `incidents` and `members`; writes nothing.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import from_ms, to_ms
from monitor.config.contradictions import Record
from monitor.config.declaring import Draft
from monitor.judge import effect
from monitor.model import CLOSURES, DESK_ID, Cause, Declaration, Outage, Outcome, TargetKind
from monitor.store import canon, declarations, findings
from monitor.store.declarations import Attachment
from monitor.store.views import is_removed

_NEAR = 500
"""Ids a mistyped one is compared with."""
BACK = timedelta(days=800)
"""How far back outages are looked through: those of this and the last calendar year."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One line of the ledger. It counts while `superseded_at` is None; `corrected_by` names what came in its place.

    `superseded_by` is who corrected or withdrew it; why is told of a withdrawal only.
    """

    declaration: Declaration
    attachments: tuple[Attachment, ...]
    corrects: int | None
    superseded_at: datetime | None
    corrected_by: int | None
    superseded_by: str | None
    withdrawn_because: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """An incident that is over, as it concerned one target."""

    incident: int
    cause: Cause
    since: datetime
    until: datetime
    rules: tuple[str, ...]


_LEDGER = """SELECT d.id, d.attachments, d.corrects, d.superseded_at, c.id, coalesce(c.who, d.withdrawn_by), d.withdrawn_because
             FROM declarations d LEFT JOIN declarations c ON c.corrects = d.id"""


def ledger(tx: sqlite3.Connection, target: str | None = None, *, every: bool = False) -> list[Filed]:
    """What was filed, the newest first: of one target or all, without `every` what counts."""
    wanted = [] if target is None else ["d.target_id = :target"]
    wanted += [] if every else ["d.superseded_at IS NULL"]
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    rows = tx.execute(f"{_LEDGER}{where} ORDER BY d.id DESC", {"target": target}).fetchall()
    return [_filed(tx, row) for row in rows]


def of_number(tx: sqlite3.Connection, number: int) -> Filed | None:
    """One line of it; None when there is none."""
    row = tx.execute(f"{_LEDGER} WHERE d.id = ?", (number,)).fetchone()
    return None if row is None else _filed(tx, row)


def record_of(tx: sqlite3.Connection, draft: Draft, corrects: int | None, now: datetime) -> Record:
    """All that decides whether it can be filed."""
    kind = kind_of(tx, draft.target)
    outages = outages_of(tx, draft.target, now) if kind is TargetKind.SITE else ()
    corrected = None if corrects is None else of_number(tx, corrects)
    incident = draft.fields.get("incident")
    return Record(
        kind=kind,
        called=() if kind is not None else called(tx, draft.target),
        near=() if kind is not None else near(tx, draft.target),
        filed=effect.in_effect(declarations.of_target(tx, draft.target), [one for one in outages if one.ended_at]),
        outages=outages,
        opens=_opens(tx, draft.target) if kind is TargetKind.SITE else None,
        corrected=None if corrected is None else corrected.declaration,
        corrected_by=None if corrected is None else corrected.corrected_by,
        corrected_counts=corrected is not None and corrected.superseded_at is None,
        incident_known=not isinstance(incident, int) or _is_incident(tx, incident),
        incident_of=_of_others(tx, draft.target, incident) if isinstance(incident, int) and kind is not None else (),
        removed=is_removed(tx, draft.target),
        papers=_papers(tx, draft.target, corrects),
        up_throughout=kind is TargetKind.SITE and _was_up(tx, draft, outages, now),
    )


def in_effect(tx: sqlite3.Connection, target_id: str, now: datetime) -> tuple[Declaration, ...]:
    """The declarations of a target that may still decide something, closures with the end they came to."""
    filed = declarations.of_target(tx, target_id, now - declarations.BACK)
    if not effect.goes_by_outages(filed):
        return effect.in_effect(filed)
    oldest = min(now, *(one.start for one in filed))  # what ended a closure of long ago ended it for good
    return effect.in_effect(filed, findings.ended_outages(tx, target_id, oldest - declarations.BACK))


def ends(tx: sqlite3.Connection, target_ids: Iterable[str], now: datetime) -> dict[int, datetime | None]:
    """By number, the end that what counts of these targets came to, or is to come to."""
    return {one.id: one.end for target_id in target_ids for one in in_effect(tx, target_id, now)}


def kind_of(tx: sqlite3.Connection, target: str) -> TargetKind | None:
    """What a target is, watched or watched once; None when there is none of that name."""
    if target == DESK_ID:
        return TargetKind.DESK
    row = tx.execute("SELECT kind FROM targets WHERE id = ?", (target,)).fetchone()
    return None if row is None else TargetKind(row[0])


def site_of(tx: sqlite3.Connection, target: str) -> str | None:
    """The site a column or page belongs to; None for what belongs to none."""
    sql = "SELECT site FROM targets WHERE id = ? AND kind IN ('column', 'page')"
    row = tx.execute(sql, (target,)).fetchone()
    return None if row is None else row[0]


def called(tx: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """Ids of the watched targets that people call so. Reads every target: only for somebody who mistyped."""
    rows = tx.execute(
        "SELECT id FROM targets NOT INDEXED WHERE name = ? AND kind <> 'link' AND removed_at IS NULL LIMIT 5",
        (canon.clean(name),),
    )
    return tuple(found for (found,) in rows)


def near(tx: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Ids of watched targets that begin like it, to compare a mistyped one with."""
    for length in (3, 1):
        rows = tx.execute(
            "SELECT id FROM targets WHERE id >= ?1 AND id < ?1 || ?2 AND kind <> 'link' AND removed_at IS NULL LIMIT ?3",
            (canon.clean(word)[:length], "\U0010ffff", _NEAR),
        ).fetchall()
        if rows:
            return tuple(found for (found,) in rows)
    return ()


def outages_of(tx: sqlite3.Connection, target: str, now: datetime) -> tuple[Outage, ...]:
    """The outages of a site, those that are over and the running one, oldest first."""
    running = findings.running_outage(tx, target)
    return (*findings.ended_outages(tx, target, now - BACK), *([] if running is None else [running]))


def over(tx: sqlite3.Connection, target: str) -> list[Past]:
    """The incidents of a target that are over, false alarms and our own trouble left out, the oldest first."""
    rows = tx.execute(
        """SELECT i.id, i.cause, m.since, coalesce(m.left_at, i.recovered_at, i.closed_at), m.rules
           FROM members m INDEXED BY members_target JOIN incidents i ON i.id = m.incident_id
           WHERE m.target_id = ? AND i.cause <> ? AND i.state IN ('recovered', 'closed') ORDER BY m.since, i.id""",
        (target, Cause.OURS),
    )
    return [
        Past(number, Cause(cause), from_ms(since), from_ms(until), canon.load_names(rules))
        for number, cause, since, until, rules in rows
    ]


def _filed(tx: sqlite3.Connection, row: Sequence[object]) -> Filed:
    number, papers, corrects, superseded, corrected, by, because = row
    declaration, _ = declarations.load(tx, int(str(number)))
    return Filed(
        declaration,
        tuple(Attachment(one["name"], one["bytes"], one["sha256"]) for one in canon.loads(str(papers))),
        None if corrects is None else int(str(corrects)),
        None if superseded is None else from_ms(int(str(superseded))),
        None if corrected is None else int(str(corrected)),
        None if by is None else str(by),
        None if because is None else str(because),
    )


def _opens(tx: sqlite3.Connection, site: str) -> bool | None:
    """Whether the last look found it open (slow and tampered sites answer); None when it could not look."""
    run = findings.current_run(tx, site, "reachable", "")
    if run is None or run.finding.outcome in {Outcome.UNKNOWN, Outcome.BROKEN}:
        return None
    return run.finding.outcome is Outcome.OK or run.finding.cause is not Cause.OUTAGE


def _papers(tx: sqlite3.Connection, target: str, corrects: int | None) -> dict[str, tuple[int, int]]:
    """By sha256, the papers of a target that count: the declaration each is of, and its bytes."""
    rows = tx.execute(
        """SELECT id, attachments FROM declarations INDEXED BY declarations_target
           WHERE target_id = ? AND superseded_at IS NULL AND attachments <> '[]' ORDER BY id""",
        (target,),
    )
    return {
        one["sha256"]: (number, one["bytes"])
        for number, told in rows
        if number != corrects
        for one in canon.loads(told)
    }


def _was_up(tx: sqlite3.Connection, draft: Draft, outages: Sequence[Outage], now: datetime) -> bool:
    """Whether within its span, as far as that is past, it was seen open and never down. Could not look is neither."""
    end = min(draft.end or now, now)
    if draft.start is None or draft.kind not in CLOSURES or draft.start >= end:
        return False
    if any(one.started_at < end and (one.ended_at is None or draft.start < one.ended_at) for one in outages):
        return False
    seen = tx.execute(
        """SELECT SUM(outcome = 'ok' AND (first_at >= ?2 OR last_at < ?3 OR ?3 - ?2 >= 3600000)), SUM(outcome = 'fail' AND cause = 'outage') FROM runs
           WHERE target_id = ?1 AND check_name = 'reachable' AND subject = '' AND first_at < ?3 AND last_at >= ?2""",
        (draft.target, to_ms(draft.start), to_ms(end)),
    ).fetchone()
    return bool(seen[0]) and not seen[1]


def _of_others(tx: sqlite3.Connection, target: str, number: int) -> tuple[str, ...]:
    """What an incident is about, by name, where it has nothing to do with the site of the target; nothing where that cannot be told."""
    rows = tx.execute(
        """SELECT t.id, t.kind, t.site, t.name FROM members m JOIN targets t ON t.id = m.target_id WHERE m.incident_id = ?
           ORDER BY t.id LIMIT 50""",
        (number,),
    ).fetchall()
    if target == DESK_ID or any(kind == TargetKind.LINK for _, kind, _, _ in rows):  # a link is of many sites
        return ()
    ours = {target, site_of(tx, target) or target}
    if any(ours & {name, site} for name, _, site, _ in rows):
        return ()
    return tuple(dict.fromkeys(str(title or name) for name, _, _, title in rows))[:3]


def _is_incident(tx: sqlite3.Connection, number: int) -> bool:
    return tx.execute("SELECT 1 FROM incidents WHERE id = ?", (number,)).fetchone() is not None
