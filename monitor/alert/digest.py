"""The daily digest: what is still open, and what falls due, from plain rows.

`digest_facts` freezes the rows into the facts of a notice of kind DIGEST; `compose_digest` words them. Pure; the lead
schedules it and reads the rows.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitor.alert.phrases import what
from monitor.alert.story import instant, number_of, one_line, parts_of, sentence
from monitor.alert.voice import NAMED, SHOWN, Voice
from monitor.clock import civil_day
from monitor.model import Cause, TargetKind, Text, say
from monitor.render import day, duration

KEPT = 2 * SHOWN
"""Rows of each list frozen into the notice; more are only counted."""


def digest_facts(
    due: Sequence[Mapping[str, Any]], still_open: Sequence[Mapping[str, Any]], now: datetime, head: str = ""
) -> dict[str, object]:
    """Facts of a digest notice. What is said alike of many is one row, with the first names and how many it stands for.

    `due_count` is of how many it is said that they fall due, `other_count` of how many else: no day is known, or it is past.

    `due` rows: target (name), until (ms or ISO; None: no day), why {template, values}, cause, kind, rule; earliest first. Rows with
    `apart` are said before what is open: no day makes them urgent, or it is the only day on which they are said.
    `still_open` rows: cause, kind, targets (names), count, since (ms or ISO), acknowledged_by; gravest first.
    `head` is the head of the event log: so one is noted every day where nobody with the file can change it.
    """
    rows, today = _by_rule(_alike(due)), civil_day(now)
    ahead = sum(_stands_for(row) for row in rows if (_until(row) or date.min) >= today)
    return {
        "due": rows[:KEPT],
        "due_count": ahead,
        "other_count": sum(map(_stands_for, rows)) - ahead,
        "open": [dict(row) for row in still_open[:KEPT]],
        "open_count": len(still_open),
        "head": head,
    }


def _alike(due: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for all of which the same is said: the first names, and how many there are, however many rules say it."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in due:
        same = [row.get(name) for name in ("until", "why", "kind", "apart")]
        found.setdefault(json.dumps(same, default=str), []).append(row)
    return [_one_of(rows) for rows in found.values()]


def _one_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = list(dict.fromkeys(str(row.get("target") or "") for row in rows))
    return {**rows[0], "targets": names[:NAMED], "count": len(names)}


def _by_rule(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said apart and differs in its words only: from a few of a rule on one row, the first with how many more there are."""
    counted = Counter(row.get("rule") for row in rows if row.get("apart"))
    told: dict[object, dict[str, Any]] = {}
    found = []
    for row in rows:
        rule = row.get("rule")
        if not row.get("apart") or rule is None or counted[rule] <= NAMED:
            found.append(row)
        elif rule in told:
            told[rule]["further"] += row["count"]
        else:
            told[rule] = {**row, "further": 0}
            found.append(told[rule])
    return found


def _stands_for(row: Mapping[str, Any]) -> int:
    """Of how many a line tells, those it only counts among them."""
    return (number_of(row.get("count")) or 1) + (number_of(row.get("further")) or 0)


def compose_digest(facts: Mapping[str, Any], voice: Voice) -> tuple[str, str]:
    """Title and body: what falls due today, what is said apart, what is open, then what falls due later."""
    today = civil_day(voice.now)
    due = sorted(parts_of(facts.get("due")), key=lambda row: _until(row) or date.max)
    now = [row for row in due if _until(row) == today]
    apart = [row for row in parts_of(facts.get("due")) if row.get("apart") and _until(row) != today]
    later = [row for row in due if not row.get("apart") and _until(row) != today]
    apart, behind = apart[: SHOWN // 2], apart[SHOWN // 2 :]
    lines = [(_due(row, voice, today), _stands_for(row)) for row in (*now, *apart)]
    lines += [(_open(row, voice), 1) for row in parts_of(facts.get("open"))]
    lines += [(_due(row, voice, today), _stands_for(row)) for row in (*behind, *later)]
    counts = {name: number_of(facts.get(f"{name}_count")) or 0 for name in ("open", "due", "other")}
    shown = day(today, voice.language)
    headline = say("【Zhishou】digest of {day}: {open} open, {due} falling due")
    if counts["other"]:
        headline = say(
            "【Zhishou】digest of {day}: {open} open, {due} falling due, {other} past their day or without one"
        )
    title = voice.words(Text(headline.template, {"day": shown, **counts}))
    worth = [number for _, number in lines]
    more = max(sum(counts.values()) - sum(worth), 0)
    head = one_line(facts.get("head") or "")
    last = (
        voice.words(say("head of the event log, to be checked with verify --head: {head}", head=head)) if head else ""
    )
    return voice.fit_list(title, [line for line, _ in lines], more, worth=worth, last=last)


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
    line, further = _said(row, voice, today), number_of(row.get("further")) or 0
    if not further:
        return line
    return voice.words(say("{line}; and {n} more by the same rule", line=line, n=further))


def _said(row: Mapping[str, Any], voice: Voice, today: date) -> str:
    until, why = _until(row), sentence(row.get("why"))
    words = voice.words(why) if why is not None else _what(row, voice)
    values = {"whom": _whom(row, voice), "why": words}
    if until == today:
        return voice.words(say("due today: {whom}: {why}", **values))
    if until is None:  # what is told has no day
        return voice.colon([values["whom"], values["why"]])
    shown = day(until, voice.language, with_year=until.year != today.year)
    return voice.words(say("due on {day}: {whom}: {why}", day=shown, **values))


def _whom(row: Mapping[str, Any], voice: Voice) -> str:
    names = row.get("targets")
    names = names if isinstance(names, (list, tuple)) and names else [row.get("target") or ""]
    return voice.listed([voice.called(one_line(name)) for name in names], number_of(row.get("count")) or 0)


def _until(row: Mapping[str, Any]) -> date | None:
    found = instant(row.get("until"))
    return None if found is None else civil_day(found)


def _what(row: Mapping[str, Any], voice: Voice) -> str:
    cause, kind = row.get("cause"), row.get("kind")
    known = Cause(cause) if cause in list(Cause) else Cause.OURS
    return voice.words(what(known, TargetKind(kind) if kind in list(TargetKind) else None, near=False))
