"""The registers by the event log, row by row: what people brought and filed away, outages, silences, how deliveries ended and what they told.

Takes the lines one after the other into a database of its own in a temporary file, so that memory stays the same however long the
log is; then both are read side by side. Knows the lines that write these tables; writes nothing into the store.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from monitor.evidence.notified import differing
from monitor.model import Text, say
from monitor.store import canon, ended
from monitor.store.events import Line
from monitor.store.retention import ITEMS, LONG

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """A table with the columns that the log tells; `key` are the first. `gone`: the column by whose age rows are forgotten."""

    columns: str
    key: int = 1
    only: str = ""
    gone: str = ""
    kept: timedelta = timedelta()


REGISTERS: Mapping[str, Register] = {
    "messages": Register(
        "target_id, id, class, received_at, answered_at, explained, source, told_at, how, answer, title, url", 2
    ),
    "posts": Register("target_id, id, day, title, original, source", 2, gone="told_at", kept=ITEMS),
    "attestations": Register("id, target_id, newest, at, until, who, screenshot, note"),
    "declarations": Register(
        "id, kind, target_id, start, end, number, who, filed_at, fields, attachments, corrects, superseded_at, "
        "withdrawn_by, withdrawn_because"
    ),
    "mutes": Register("target_id, until, who, reason, at", gone="until", kept=LONG),
    "outages": Register("id, target_id, started_at, up_since, ended_at, gaps"),
    "deliveries": Register(
        "id, state, finished_at, last_error, receipt, recipient, channel, severity, attempt, maybe",
        only="state IN ('sent', 'superseded', 'dead')",
    ),
}
"""What the log tells whole, or in these columns."""
_CACHE = -16_384
"""KiB of memory that the copy takes at the most."""


class Registers:
    """The tables as the log tells them; `close` when done."""

    def __init__(self) -> None:
        self._told = sqlite3.connect("", isolation_level=None)  # a file of its own, gone with the connection
        self._told.execute(f"PRAGMA cache_size = {_CACHE}")
        self._told.execute("CREATE TABLE told (name TEXT, key TEXT, row TEXT, PRIMARY KEY (name, key)) WITHOUT ROWID")
        self._told.execute("BEGIN")
        self.counts: dict[str, int] = dict.fromkeys(REGISTERS, 0)
        self.earlier: dict[str, int] = {}
        self._first_outage: int | None = None
        self._last_at = 0

    def close(self) -> None:
        """Its copy is gone."""
        self._told.close()

    def take(self, line: Line) -> None:
        """One more line."""
        self._last_at = max(self._last_at, line.at)
        writer = _WRITERS.get(line.what)
        if writer is not None:
            writer(self, line, canon.loads(line.body))

    def put(self, name: str, key: Iterable[object], **columns: object) -> None:
        """A row as it stands from then on; columns that are not named stay as they were."""
        place = canon.dumps(list(key))
        was = self._told.execute("SELECT row FROM told WHERE name = ? AND key = ?", (name, place)).fetchone()
        row = {**({} if was is None else canon.loads(was[0])), **columns}
        self._told.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", (name, place, canon.dumps(row)))

    def has(self, name: str, key: Iterable[object]) -> bool:
        """Whether there is such a row."""
        sql = "SELECT 1 FROM told WHERE name = ? AND key = ?"
        return self._told.execute(sql, (name, canon.dumps(list(key)))).fetchone() is not None

    def rename(self, name: str, was: Iterable[object], now: Iterable[object]) -> None:
        """A row goes by another key from then on."""
        values = (name, canon.dumps(list(was)), canon.dumps(list(now)))
        self._told.execute("UPDATE told SET key = ?3 WHERE name = ?1 AND key = ?2", values)

    def outage(self, line: Line, body: Mapping[str, Any]) -> None:
        """From the first of these lines on, every outage has its lines."""
        self._first_outage = line.at if self._first_outage is None else self._first_outage
        names = ("started_at", "up_since", "ended_at", "gaps")
        self.put("outages", [body["outage"]], target_id=body["target"], **{name: body[name] for name in names})

    def clock_set(self, by: int, was: int) -> None:
        """Silences that went on moved along with the clock (store/clockset.py)."""
        rows = self._told.execute("SELECT key, row FROM told WHERE name = 'mutes'").fetchall()
        for key, row in rows:
            until = canon.loads(row)["until"]
            if until > was:
                self.put("mutes", canon.loads(key), until=until + by)

    def differences(self, tx: sqlite3.Connection) -> Iterator[Text]:
        """What the tables say otherwise, table by table, both read in the order of the key."""
        for name, register in REGISTERS.items():
            yield from self._of(tx, name, register)
        rows = self._told.execute("SELECT key, row FROM told WHERE name = 'told'")
        yield from differing(tx, ((canon.loads(key)[0], canon.loads(row)["told"]) for key, row in rows))

    def _of(self, tx: sqlite3.Connection, name: str, register: Register) -> Iterator[Text]:
        columns = register.columns.split(", ")
        where = f" WHERE {register.only}" if register.only else ""
        seen = 0
        self._told.execute("CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY) WITHOUT ROWID")
        for stored in tx.execute(f"SELECT {register.columns} FROM {name}{where}"):
            seen += 1
            key = canon.dumps(list(stored[: register.key]))
            self._told.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,))
            found = self._told.execute("SELECT row FROM told WHERE name = ? AND key = ?", (name, key)).fetchone()
            row = dict(zip(columns, stored, strict=True))
            if found is None:
                yield from self._not_told(name, key, row)
            else:
                yield from _compared(name, key, canon.loads(found[0]), row)
        self.counts[name] = seen
        missing = "SELECT key, row FROM told WHERE name = ? AND key NOT IN (SELECT key FROM seen) ORDER BY key"
        for key, told in self._told.execute(missing, (name,)):
            if not self._is_forgotten(register, canon.loads(told)):
                yield say("{table} {key}: stands in the log, and not in the table", table=name, key=_shown(key))
        self._told.execute("DROP TABLE seen")

    def _not_told(self, name: str, key: str, row: Row) -> Iterator[Text]:
        if name == "outages" and (self._first_outage is None or row["started_at"] < self._first_outage):
            self.earlier[name] = self.earlier.get(name, 0) + 1
            return
        yield say("{table} {key}: stands in the table, and not in the log", table=name, key=_shown(key))

    def _is_forgotten(self, register: Register, row: Row) -> bool:
        """Whether clearing up may have taken it away: by the newest line, the program may be as old as that."""
        return bool(register.gone) and row[register.gone] < self._last_at - register.kept // timedelta(milliseconds=1)


def _compared(name: str, key: str, told: Row, row: Row) -> Iterator[Text]:
    for column, logged in told.items():
        if column not in row:  # when a row came into the register first: it is forgotten by that
            continue
        stored = row[column]
        if isinstance(logged, list | dict) and isinstance(stored, str):
            stored = loaded(stored)
        if stored != logged:
            yield differs(name, _shown(key), column, logged, stored)


def differs(table: str, key: str, column: str, logged: object, stored: object) -> Text:
    """One column of one row."""
    said = {"table": table, "id": key, "name": column, "stored": str(stored), "logged": str(logged)}
    return say("{table} {id}: {name} is {stored}, by the log it is {logged}", **said)


def loaded(stored: str) -> Any:
    """What a column of JSON holds; the text itself where somebody made it none."""
    try:
        return canon.loads(stored)
    except ValueError:
        return stored


def _shown(key: str) -> str:
    return " ".join(str(part) for part in canon.loads(key))


def _received(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    told.put(
        "messages",
        [body["target"], body["message"]],
        **{"class": body["class"]},
        received_at=body["received_at"],
        answered_at=body.get("answered_at"),
        explained=body.get("explained", 0),
        source=body["source"],
        told_at=line.at,
        how="hand",
        answer="told",
        title="",
        url="",
    )


def _answered(told: Registers, _line: Line, body: Mapping[str, Any]) -> None:
    row = {"answered_at": body["answered_at"], "explained": body.get("explained", 0), "answer": "told"}
    told.put("messages", [body["target"], body["message"]], **row)


def _messages(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    for new, target, was in body.get("renamed", ()):
        told.rename("messages", [target, was], [target, new])
    names = ("class", "received_at", "answered_at", "explained", "answer", "title")
    for target, name, *values in body["rows"]:
        row = dict(zip(names, values, strict=True)) | {"source": body["file"], "how": "import", "told_at": line.at}
        told.put("messages", [target, name], **row, **({} if told.has("messages", [target, name]) else {"url": ""}))


def _read(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    """What a public list told: of a message that was there, only what lists may say."""
    names = ("class", "received_at", "answered_at", "answer", "title", "url")
    for name, *values in body["rows"]:
        key, row = [body["target"], name], dict(zip(names, values, strict=True))
        new = {"explained": 0, "source": body["address"], "told_at": line.at, "how": "read"}
        told.put("messages", key, **row, **({} if told.has("messages", key) else new))


def _posts(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    for target, name, day, title, original in body["rows"]:
        key, row = [target, name], {"day": day, "title": title, "original": original, "source": body["file"]}
        told.put("posts", key, **row, **({} if told.has("posts", key) else {"told_at": line.at}))


def _attested(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    names = ("newest", "until", "screenshot", "note")
    row = {name: body[name] for name in names}
    told.put("attestations", [body["attestation"]], target_id=body["target"], at=line.at, who=line.who, **row)


def _filed(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    names = ("kind", "start", "end", "number", "fields", "attachments", "corrects")
    row = {name: body.get(name) for name in names}
    row |= {"target_id": body["target"], "who": line.who, "filed_at": line.at, "superseded_at": None}
    row |= {"withdrawn_by": None, "withdrawn_because": None}
    told.put("declarations", [body["declaration"]], **row)
    if body.get("corrects") is not None:
        told.put("declarations", [body["corrects"]], superseded_at=line.at)


def _withdrawn(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    told.put(
        "declarations",
        [body["declaration"]],
        superseded_at=line.at,
        withdrawn_by=line.who,
        withdrawn_because=body["why"],
    )


def _muted(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    told.put("mutes", [body["target"]], until=body["until"], reason=body["reason"], who=line.who, at=line.at)


def _unmuted(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    told.put("mutes", [body["target"]], until=line.at)


def _ended(told: Registers, line: Line, body: Mapping[str, Any]) -> None:
    state = line.what.partition(".")[2]
    row: Row = {"state": state, "finished_at": line.at}
    if "note" in body:
        row["receipt" if state == "sent" else "last_error"] = body["note"]
    row |= {name: body[name] for name in ended.COLUMNS if name in body}
    told.put("deliveries", [body["delivery"]], **row)
    if "told" in body:
        told.put("told", [body["delivery"]], told=body["told"])
    if "recipient" not in body:
        told.earlier["deliveries"] = told.earlier.get("deliveries", 0) + 1


_WRITERS: Mapping[str, Callable[[Registers, Line, Mapping[str, Any]], None]] = {
    "message.received": _received,
    "message.answered": _answered,
    "messages.written": _messages,
    "messages.read": _read,
    "posts.written": _posts,
    "target.attested": _attested,
    "declaration.filed": _filed,
    "declaration.withdrawn": _withdrawn,
    "target.muted": _muted,
    "target.unmuted": _unmuted,
    "outage.recorded": Registers.outage,
    "delivery.sent": _ended,
    "delivery.superseded": _ended,
    "delivery.dead": _ended,
    "clock.set": lambda told, _line, body: told.clock_set(body["by"], body["was"]),
}
