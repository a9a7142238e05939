"""What sealed evidence names and cannot do without: rules in their versions, and the pages it saw. RETENTION keeps them for ever.

Functions of a read transaction; write nothing. Of evidence that is not as it was sealed nobody can tell what it named: `verify`
says so of the whole incident.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.clock import from_ms, iso
from monitor.evidence.kept import FORM, head_of, sha256_of
from monitor.evidence.ledger import Ledger
from monitor.evidence.registers import loaded
from monitor.model import Text, say


def missing(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    """Everything that sealed evidence names and the tables do not have, or have otherwise; each thing once."""
    sealed = {seal for told in ledger.incidents.values() for seal, _, _ in told.evidence}
    known = set(tx.execute("SELECT key, version FROM rules"))
    told_of: set[object] = set()
    rows = tx.execute("SELECT incident_id, target_id, body FROM evidence ORDER BY id")
    for incident, target, stored in rows:
        body = loaded(stored) if sha256_of(stored) in sealed else None
        if not isinstance(body, dict) or body.get("form") != FORM:
            continue
        for key, version in body.get("rules", ()):
            if (key, version) not in known and (key, version) not in told_of:
                told_of.add((key, version))
                yield say(
                    "rules {key} {version}: incident {id} was judged by it, and its text is gone",
                    key=key,
                    version=version,
                    id=incident,
                )
        yield from _page(tx, told_of, incident, target, body.get("shown"))
    for incident, told in ledger.incidents.items():
        for target, shown in told.shown:
            yield from _page(tx, told_of, incident, target, shown)


def _page(
    tx: sqlite3.Connection, told_of: set[object], incident: int, target: str, shown: Mapping[str, Any] | None
) -> Iterator[Text]:
    """The page a target showed: that it was, under which head and status; its body is looked for with all the others."""
    if shown is None or (target, *sorted(shown.items(), key=str)) in told_of:
        return
    told_of.add((target, *sorted(shown.items(), key=str)))
    sql = "SELECT url, status, headers FROM snapshots WHERE target_id = ? AND at = ? AND body_hash = ?"
    found = tx.execute(sql, (target, shown["at"], shown["body"])).fetchall()
    said: dict[str, str | int] = {"target": target, "at": iso(from_ms(shown["at"])), "id": incident}
    wanted = (shown["url"], shown.get("status"), shown["head"])
    if not found:
        yield say("the page {target} showed on {at}, evidence of incident {id}, is gone", **said)
    elif wanted not in {(url, status, _seal(headers)) for url, status, headers in found}:
        yield say(
            "the page {target} showed on {at}, evidence of incident {id}: address, status or head is not what was sealed",
            **said,
        )


def _seal(headers: str) -> str:
    """Of a head somebody made no JSON, or none of ours, the seal of something else."""
    try:
        return sha256_of(head_of(headers))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return ""
