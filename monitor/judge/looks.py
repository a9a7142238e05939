"""What the looks at a target say so far: current runs, confirmed conditions, and the standings that follow from them.

Reads facts, returns standings; shared by the obligations. Never decides anything from UNKNOWN or BROKEN.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from monitor.judge.days import Schedule
from monitor.model import (
    Attestation,
    Cause,
    Compliance,
    Condition,
    Facts,
    Limit,
    Outcome,
    Rule,
    Run,
    Severity,
    Standing,
    Text,
    say,
)

CONCLUSIVE = frozenset({Outcome.OK, Outcome.FAIL})
EARLIER = say("confirmed earlier; the last look did not tell")
"""Of a condition that stands while looks say something else, or cannot tell."""


def current(facts: Facts, check: str, subject: str = "") -> Run | None:
    """The current run of a check on the target itself, or on what of it that check names so."""
    for run in facts.runs:  # asked by every rule of every target that is judged: a plain loop takes half of the time
        if run.finding.check == check and run.finding.subject == subject:
            return run
    return None


def confirmed(facts: Facts, check: str, subject: str = "") -> Condition | None:
    """The open condition of a check, likewise."""
    for one in facts.conditions:
        if one.check == check and one.subject == subject:
            return one
    return None


def attested(facts: Facts, now: datetime) -> Attestation | None:
    """What a person saw where no program can look, while it is good for a look: afterwards its day is proof, and nothing more."""
    return facts.attested if facts.attested is not None and facts.attested.until > now else None


def check_of(rule: Rule, usual: str) -> str:
    """The check a rule goes by: its option `check`, else the usual one of its obligation."""
    return str(rule.options.get("check", usual))


def limit_of(rule: Rule) -> Limit:
    """The limit of a rule whose obligation needs one; ValueError when the pack forgot it."""
    if rule.limit is None:
        raise ValueError(f"{rule.key}: {rule.obligation} needs a limit")
    return rule.limit


def by_condition(  # noqa: PLR0917  what is asked of which check
    rule: Rule, facts: Facts, check: str, cause: Cause, kept: Text, subject: str = ""
) -> Standing:
    """Broken while the check has an open condition, kept when its run is OK, undecided otherwise."""
    run = current(facts, check, subject)
    condition = confirmed(facts, check, subject) if facts.conditions else None
    if condition is not None:
        return breached(rule, condition, run)
    if run is not None and run.finding.outcome is Outcome.OK:
        return met(rule, cause, kept)
    return undecided(rule, cause, facts, run)


def by_schedule(
    rule: Rule,
    cause: Cause,
    plan: Schedule,
    *,
    looked_at: datetime | None,
    now: datetime,
    why: Callable[[Compliance], Text],
    inputs: Mapping[str, object] = MappingProxyType({}),
) -> Standing:
    """The clock makes it due; only a look at or after the limit (`looked_at`) makes it broken.

    The last warning too counts only once a look confirmed it, because that of a veto is an incident: after our own
    downtime the clock would tell of pages nobody looked at.
    """
    value = _value(plan, looked_at, now)
    last = plan.warnings[-1] if plan.warnings else None
    return Standing(
        rule.key,
        value,
        why(value),
        cause,
        since=None if value is Compliance.MET else plan.due if value is Compliance.DUE else plan.breach,
        until=plan.due if value is Compliance.MET else plan.breach if value is Compliance.DUE else None,
        warned=plan.warned(now),
        inputs=inputs,
        last_warning=last is not None and last <= now and _is_since(looked_at, last),
        changes_at=plan.next_after(now),
        look_at=_look_at(plan, last if rule.severity is Severity.VETO else None, looked_at)
        if value is Compliance.DUE
        else None,
    )


def since_when(rule: Rule, facts: Facts, value: Compliance, now: datetime) -> datetime:
    """Since when judging came to that, by the last judging: now, where it came to something else."""
    before = next((one for one in facts.standings if one.rule == rule.key), None)
    return before.since if before is not None and before.value is value and before.since is not None else now


def met(rule: Rule, cause: Cause, why: Text) -> Standing:
    """Looked, and it is kept."""
    return Standing(rule.key, Compliance.MET, why, cause) if why.values else _plainly_met(rule.key, cause, why.template)


@lru_cache(maxsize=2048)  # nearly every standing of nearly every target, by far the most of what is ever judged
def _plainly_met(rule: str, cause: Cause, words: str) -> Standing:
    return Standing(rule, Compliance.MET, Text(words), cause)


def breached(rule: Rule, condition: Condition, run: Run | None) -> Standing:
    """Broken while a condition stands. The words are those of the last look when it says the same."""
    says_so = run is not None and run.finding.cause is condition.cause
    why = run.finding.summary if run is not None and says_so else EARLIER
    inputs = {"check": condition.check, "reason": condition.reason}
    return Standing(rule.key, Compliance.BREACHED, why, condition.cause, since=condition.since, inputs=inputs)


def undecided(rule: Rule, cause: Cause, facts: Facts, run: Run | None) -> Standing:
    """Neither kept nor broken. `since` is when blindness began (its clock is the caller's), where nobody is blind when looks began to say so.

    A failure that is not confirmed yet has none: it is minutes old; nor has what our own bug says.
    """
    if run is None:
        return Standing(rule.key, Compliance.UNKNOWN, say("not looked at yet"), cause)
    why = _UNDECIDED.get(run.finding.outcome, run.finding.summary)
    since = None if run.finding.outcome in {Outcome.FAIL, Outcome.BROKEN} else facts.blind_since or run.streak_since
    return Standing(rule.key, Compliance.UNKNOWN, why, cause, since=since, inputs={"reason": run.finding.reason})


def _value(plan: Schedule, looked_at: datetime | None, now: datetime) -> Compliance:
    if now >= plan.breach and _is_since(looked_at, plan.breach):
        return Compliance.BREACHED
    return Compliance.DUE if now >= plan.due else Compliance.MET


def _look_at(plan: Schedule, last_warning: datetime | None, looked_at: datetime | None) -> datetime:
    awaits_warning = last_warning is not None and not _is_since(looked_at, last_warning)
    return last_warning if last_warning is not None and awaits_warning else plan.breach


def _is_since(looked_at: datetime | None, instant: datetime) -> bool:
    return looked_at is not None and looked_at >= instant


_UNDECIDED = {
    Outcome.OK: say("looked at, but without a usable date"),
    Outcome.FAIL: say("failed, not confirmed yet"),
    Outcome.BROKEN: say("our own check failed: nothing is said"),
}
