"""Rules, runs, conditions and targets for the tests of judging, with everything that does not matter filled in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.clock import SHANGHAI
from monitor.judge.runs import ConditionStep, Confirmation, advance, next_condition
from monitor.model import (
    Applies,
    Cause,
    Condition,
    Confidence,
    Finding,
    Limit,
    Measure,
    Membership,
    Outcome,
    Rule,
    Run,
    Severity,
    Target,
    TargetKind,
    fail,
    ok,
    say,
    unknown,
)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Friday
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORDS = say("words")


def at(day: str | date, clock: str = "00:00:00") -> datetime:
    """An instant by the wall clock of Shanghai."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def limit(text: str) -> Limit:
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return Limit(int(digits), text[len(digits) :])


def rule(obligation: str, kind: str = "column", length: str | None = None, *warn: str, **other: Any) -> Rule:
    return Rule(
        pack=other.pop("pack", "house"),
        id=other.pop("id", obligation),
        source="内部要求",
        article="内部要求",
        says="…",
        applies=other.pop("applies", Applies(TargetKind(kind))),
        obligation=obligation,
        severity=Severity(other.pop("severity", "breach")),
        confidence=Confidence.HOUSE,
        limit=limit(length) if length else None,
        warn=tuple(limit(one) for one in warn),
        options=other,
    )


def target(kind: str = "column", url: str = "http://a.example/x", **other: Any) -> Target[object]:
    return Target(id=other.pop("id", "t"), kind=TargetKind(kind), name="t", url=url, options={}, **other)


def fresh(newest: str, check: str = "column_fresh") -> Finding:
    return ok(check, WORDS, Measure("newest", newest, "date"))


def run(finding: Finding, last_at: datetime = NOON, first_at: datetime | None = None) -> Run:
    first = first_at or last_at
    return Run(finding, first, last_at, 1, 1, first, id=1)


def condition(check: str, cause: Cause, since: datetime = NOON) -> Condition:
    return Condition(check, "", cause, str(cause), since, since, id=1)


def member(cause: Cause, *rules: str, severity: str = "breach", **other: Any) -> Membership:
    return Membership(
        cause,
        other.pop("key", "t"),
        Severity(severity),
        rules,
        other.pop("since", NOON),
        WORDS,
        **{"incident": 7, **other},
    )


LETTERS: dict[str, Finding] = {
    ".": ok("reachable", WORDS),
    "F": fail("reachable", Cause.OUTAGE, "dns", WORDS),
    "T": fail("reachable", Cause.OUTAGE, "timeout", WORDS),
    "S": fail("reachable", Cause.SLOW, "slow", WORDS),
    "H": fail("reachable", Cause.TAMPER, "hijacked", WORDS),
    "?": unknown("reachable", "challenged", WORDS),
    "!": Finding("reachable", Outcome.BROKEN, WORDS, reason="bug"),
}


def played(
    letters: str, confirm: Confirmation, start: datetime = NOON, step: timedelta = MINUTE
) -> list[tuple[Run, Condition | None, ConditionStep]]:
    """One look a step, each letter a finding: the run, the open condition and the step after every look."""
    now, before, opened, told = start, None, None, []
    for letter in letters:
        before = advance(before, LETTERS[letter], now)
        done = next_condition(before, opened, confirm, now)
        opened = done.opened or (None if done.ended else opened)
        told.append((before, opened, done))
        now += step
    return told
