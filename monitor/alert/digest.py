"""The daily digest: what is still open, and what falls due, from plain rows.

`digest_facts` freezes the rows into the facts of a notice of kind DIGEST; `compose_digest` words them. Pure; the lead
schedules it and reads the rows.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from monitor.alert.phrases import what
from monitor.alert.story import instant, number_of, one_line, parts_of, sentence
from monitor.alert.voice import SHOWN, Voice
from monitor.clock import civil_day
from monitor.model import Cause, TargetKind, say
from monitor.render import day, duration

KEPT = 2 * SHOWN
"""Rows of each list frozen into the notice; more are only counted."""


def digest_facts(due: Sequence[Mapping[str, Any]], still_open: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Facts of a digest notice.

    `due` rows: target (name), until (ms or ISO; None: no day), why {template, values}, cause, kind; earliest first.
    `still_open` rows: cause, kind, targets (names), count, since (ms or ISO), acknowledged_by; gravest first.
    """
    return {
        "due": [dict(row) for row in due[:KEPT]],
        "due_count": len(due),
        "open": [dict(row) for row in still_open[:KEPT]],
        "open_count": len(still_open),
    }


def compose_digest(facts: Mapping[str, Any], voice: Voice) -> tuple[str, str]:
    """Title and body: what falls due today, then what is open, then what falls due later."""
    today = civil_day(voice.now)
    due = sorted(parts_of(facts.get("due")), key=lambda row: _until(row) or date.max)
    lines = [_due(row, voice, today) for row in due if _until(row) == today]
    lines += [_open(row, voice) for row in parts_of(facts.get("open"))]
    lines += [_due(row, voice, today) for row in due if _until(row) != today]
    counts = {name: number_of(facts.get(f"{name}_count")) or 0 for name in ("open", "due")}
    shown = day(today, voice.language)
    title = voice.words(say("【Zhishou】digest of {day}: {open} open, {due} falling due", day=shown, **counts))
    return voice.fit_list(title, lines, max(counts["open"] + counts["due"] - len(lines), 0))


def _open(row: Mapping[str, Any], voice: Voice) -> str:
    names = row.get("targets")
    names = names if isinstance(names, (list, tuple)) else ()
    name = voice.called(one_line(names[0])) if names else voice.words(say("the monitor"))
    since = instant(row.get("since"))
    values = {
        "what": _what(row, voice),
        "whom": voice.and_others(name, number_of(row.get("count")) or len(names)),
    }
    length = None if since is None else voice.now - since
    how_long = say("open for {length}", length="?" if length is None else duration(length, voice.language))
    if length is not None and length < timedelta(minutes=1):
        how_long = say("open for less than a minute")
    by = one_line(row.get("acknowledged_by") or "")
    if by:
        values["whom"] = voice.words(say("{whom} ({by} is on it)", whom=values["whom"], by=by))
    return voice.colon([voice.words(how_long), values["what"], values["whom"]])


def _due(row: Mapping[str, Any], voice: Voice, today: date) -> str:
    until, why = _until(row), sentence(row.get("why"))
    words = voice.words(why) if why is not None else _what(row, voice)
    values = {"whom": voice.called(one_line(row.get("target") or "")), "why": words}
    if until == today:
        return voice.words(say("due today: {whom}: {why}", **values))
    if until is None:  # what is told has no day
        return voice.colon([values["whom"], values["why"]])
    return voice.words(say("due on {day}: {whom}: {why}", day=day(until, voice.language), **values))


def _until(row: Mapping[str, Any]) -> date | None:
    found = instant(row.get("until"))
    return None if found is None else civil_day(found)


def _what(row: Mapping[str, Any], voice: Voice) -> str:
    cause, kind = row.get("cause"), row.get("kind")
    known = Cause(cause) if cause in list(Cause) else Cause.OURS
    return voice.words(what(known, TargetKind(kind) if kind in list(TargetKind) else None, near=False))
