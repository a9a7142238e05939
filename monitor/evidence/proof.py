"""One file that proves an incident: what was seen and kept, the rules, why it was judged so, who was told, sealed up to the head.

`proof` is a function of a read transaction and gives JSON; `packed` makes the zip people mail, with the checker (check.py) in it:
`python3 FILE.zip` checks it. Of other lines of the log it holds only digests and, where they are about incidents, the numbers. No contact, option, channel address or cookie is in it.
"""

import io
import sqlite3
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.clock import to_ms
from monitor.evidence.check import FORMAT, canonical, sha256
from monitor.evidence.codec import plain, restore
from monitor.evidence.explain import Explanation, explanation
from monitor.evidence.kept import Shown, head_of
from monitor.evidence.lines import lines
from monitor.store import canon, declarations, events, snapshots
from monitor.store.events import Line
from monitor.store.incidents import Member
from monitor.store.opening import Damaged
from monitor.store.rules import text_of
from monitor.store.snapshots import Snapshot

MOST_PAGES = 60
"""Stored pages that no evidence names; those it names are all in the proof."""
MOST_BYTES = 20 << 20
"""Of these together: what goes through most mail servers."""
LANGUAGES = ("zh-CN", "en")


def proof(tx: sqlite3.Connection, incident: int, now: datetime) -> dict[str, Any]:
    """Everything about it, and a checksum over that; KeyError when there is no such incident."""
    told = explanation(tx, incident)
    shown = _named(tx, told)
    names = [one.body_hash for _, one in shown]
    bodies, missing, _ = _bodies(tx, names, limited=False)
    filed = [_declaration(tx, number) for number in _filed(told)]
    found: dict[str, Any] = {
        "format": FORMAT,
        "made_at": to_ms(now),
        "incident": {**plain(told.incident), "rules": sorted(told.incident.rules), "state": told.incident.state.value},
        "members": [plain(one) for one in _as_decided(told)],
        "same": told.same,
        "lines": {language: list(lines(told, language)) for language in LANGUAGES},
        "evidence": _evidence(tx, incident),
        "unsealed": _unsealed(told),
        "rules": _rules(tx, told),
        "snapshots": [_snapshot(target, one) for target, one in shown],
        "bodies": bodies,
        "missing": missing,
        "also": _also(tx, told, shown),
        "declarations": filed,
        "deliveries": [plain(one) | {"delivery": one.delivery, "state": one.state} for one in told.sent],
        "chain": _chain(tx, told, {one["id"] for one in filed}),
    }
    return found | {"checksum": sha256(canonical(found))}


def packed(found: Mapping[str, Any]) -> bytes:
    """The proof as a zip: proof.json, the checker (also as what `python3 FILE.zip` runs) and a word on both."""
    checker = Path(__file__).with_name("check.py").read_text("utf-8")
    parts = {
        "README.txt": _README.format(id=found["incident"]["id"]),
        "proof.json": canonical(found),
        "check.py": checker,
        "__main__.py": checker,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _as_decided(told: Explanation) -> Iterator[Member]:
    """Each in the words of what decided it last, which are sealed; what is true by now the desk says."""
    kept = [(one.row.target, one.row.kept) for one in told.judged if one.row.kept is not None]
    sealed = {target: one.joined or (None if one.decided is None else one.decided.membership) for target, one in kept}
    for one in told.members:
        last = sealed.get(one.target)
        yield one if last is None else replace(one, membership=replace(one.membership, why=last.why))


def _evidence(tx: sqlite3.Connection, incident: int) -> list[dict[str, Any]]:
    """As they lie in the table: the text is what is sealed."""
    rows = tx.execute("SELECT target_id, at, body FROM evidence WHERE incident_id = ? ORDER BY id", (incident,))
    return [{"target": target, "at": at, "body": body} for target, at, body in rows]


def _unsealed(told: Explanation) -> int:
    """How many rows at the beginning were kept by a program that did not seal them."""
    return len(told.judged) - sum("evidence" in one.body for one in told.events)


def _rules(tx: sqlite3.Connection, told: Explanation) -> list[dict[str, str]]:
    named = {one: text_of(tx, *one) for judged in told.judged if judged.row.kept for one in judged.row.kept.rules}
    return [
        {"key": key, "version": version, "text": text} for (key, version), text in named.items() if text is not None
    ]


def _filed(told: Explanation) -> list[int]:
    """The numbers of what was filed about it, with what corrected it since."""
    corrected = {one.corrected_by for one in told.declarations if one.corrected_by is not None}
    return sorted({one.declaration.id for one in told.declarations} | corrected)


def _named(tx: sqlite3.Connection, told: Explanation) -> list[tuple[str, Snapshot]]:
    """The pages that evidence names, and those that its lines name: what a target showed as it left."""
    sealed: list[tuple[str, Shown]] = [
        (one.row.target, one.row.kept.shown) for one in told.judged if one.row.kept is not None and one.row.kept.shown
    ]
    left = [one.body for one in told.events if one.what == "incident.left" and one.body.get("shown")]
    sealed += [(str(body["target"]), restore(Shown, body["shown"])) for body in left]
    found: dict[tuple[str, datetime, str], tuple[str, Snapshot]] = {}
    for target, shown in sealed:
        for one in snapshots.of_target(tx, target, shown.at, shown.at):
            if (one.at, one.body_hash) == (shown.at, shown.body):
                found[target, one.at, one.body_hash] = (target, one)
    return list(found.values())


def _also(tx: sqlite3.Connection, told: Explanation, named: Sequence[tuple[str, Snapshot]]) -> dict[str, Any]:
    """What its targets showed besides, from its beginning to its end, within the limits. Nothing seals it."""
    end = told.incident.recovered_at or told.incident.closed_at
    found: list[tuple[str, Snapshot]] = []
    for member in told.members:
        until = member.left_at or end or max((one.at for one in told.events), default=member.joined_at)
        shown = snapshots.of_target(tx, member.target, member.membership.since, max(until, member.membership.since))
        found += [(member.target, one) for one in shown if (member.target, one) not in named]
    bodies, _, left_out = _bodies(tx, [one.body_hash for _, one in found])
    kept = [_snapshot(target, one) for target, one in found if one.body_hash in bodies]
    return {"snapshots": kept, "bodies": bodies, "left_out": left_out}


def _bodies(
    tx: sqlite3.Connection, names: Sequence[str], *, limited: bool = True
) -> tuple[dict[str, str], list[str], int]:
    """The bodies by hash as base64; what is not there or damaged; how many were left out for their number or size."""
    found: dict[str, str] = {}
    missing: list[str] = []
    room, left_out = MOST_BYTES, 0
    for name in dict.fromkeys(names):
        try:
            body = snapshots.load_body(tx, name)
        except (KeyError, Damaged):
            missing.append(name)
            continue
        if limited and (len(found) >= MOST_PAGES or len(body) > room):
            left_out += 1
            continue
        room -= len(body)
        found[name] = b64encode(body).decode()
    return found, missing, left_out


def _snapshot(target: str, one: Snapshot) -> dict[str, Any]:
    return {
        "target": target,
        "at": to_ms(one.at),
        "url": one.url,
        "status": one.status,
        "head": head_of(one.headers),
        "body": one.body_hash,
    }


def _declaration(tx: sqlite3.Connection, number: int) -> dict[str, Any]:
    one, over = declarations.load(tx, number)
    stored = tx.execute("SELECT attachments, corrects FROM declarations WHERE id = ?", (number,)).fetchone()
    return {
        "id": one.id,
        "kind": one.kind.value,
        "target": one.target,
        "start": to_ms(one.start),
        "end": None if one.end is None else to_ms(one.end),
        "number": one.number,
        "by": one.by,
        "filed_at": to_ms(one.filed_at),
        "fields": dict(one.fields),
        "attachments": canon.loads(stored[0]),
        "corrects": stored[1],
        "superseded_at": None if over is None else to_ms(over),
    }


def _chain(tx: sqlite3.Connection, told: Explanation, filed: set[int]) -> dict[str, Any]:
    """From the line before the first that concerns it to the head: its own lines whole, of the others the digests."""
    chain = _Chain(told, filed)
    log = events.audit(tx, chain.take)
    if log.broken is not None:
        raise Damaged(f"line {log.broken} of the event log is not as it was written: see `zhishou verify`")
    return {
        "after": chain.after,
        "before": chain.before,
        "entries": chain.entries,
        "head": log.head,
        "lines": log.lines,
    }


class _Chain:
    """Takes the log line by line, and keeps what a proof needs of each."""

    def __init__(self, told: Explanation, filed: set[int]) -> None:
        self.after, self.before = 0, ""
        self.entries: list[str | list[Any] | dict[str, Any]] = []
        self._mine = {one.seq for one in told.events}
        self._sent = {one.delivery for one in told.sent if one.delivery is not None}
        self._filed = filed
        self._seal = ""  # of the line before

    def take(self, line: Line) -> None:
        """One more line."""
        before, self._seal = self._seal, line.hash
        mine = self._concerns(line)
        if not mine and not self.entries:
            self.after, self.before = line.seq, line.hash
            return
        form = events.form_of(line, before)
        whole = {"at": line.at, "who": line.who, "what": line.what, "body": line.body, "hash": line.hash, "form": form}
        digest = events.digest((line.seq, line.at, line.who, line.what, line.body))
        if form == 1:  # cannot be followed by its digest
            self.entries.append(whole if mine else whole | {"other": True})
        elif mine or form == 2:
            self.entries.append(whole if mine else digest)
        else:
            self.entries.append([digest, events.about(line.what, canon.loads(line.body))])

    def _concerns(self, line: Line) -> bool:
        if line.seq in self._mine:
            return True
        if line.what.startswith("delivery."):
            return canon.loads(line.body).get("delivery") in self._sent
        if line.what.startswith("declaration."):
            body = canon.loads(line.body)  # a correction, too, says what became of the one it corrects
            return body.get("declaration") in self._filed or body.get("corrects") in self._filed
        return False


_README = """值守 · 事件 #{id} 的证据

核对：装有 Python 3.8 以上的电脑上，在本文件所在的文件夹执行
    python3 本文件.zip
或解开后执行
    python3 check.py proof.json
核对程序不联网、不写文件。它重算每份页面的哈希、每条规则的版本和事件日志的封存链；请把它显示的链首与当时
另行记下的链首（zhishou verify 所示）比较。核对程序只有四百来行，可以先读后用；
没有封存、因而不作证明的内容，它会逐项说明。

Zhishou: proof of incident #{id}. On a machine with Python 3.8 or newer: python3 THIS_FILE.zip
(or unpack it and run: python3 check.py proof.json). The checker uses no network and writes nothing. It recomputes the hash of
every page, the version of every rule and the seals of the event log; compare the head it shows with one noted elsewhere. What no
seal covers it says.
"""
