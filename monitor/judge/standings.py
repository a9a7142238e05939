"""All rules applied to one target: its standings, when they change by time alone, when a look is needed.

Reads rules, facts and the instant; returns a Judgement. Never looks, never remembers.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.judge.blindness import blind_from, needs_look
from monitor.judge.exemption import exempted
from monitor.judge.looks import current
from monitor.judge.obligations import OBLIGATIONS
from monitor.judge.outage import over_from
from monitor.judge.workdays import CalendarUnknown
from monitor.model import VIDEO, Cause, Compliance, Facts, Judgement, Rule, Standing, Target, say


def judge(
    target: Target[object], facts: Facts, rules: Iterable[Rule], now: datetime, blind_limit: timedelta | None = None
) -> Judgement:
    """Apply the rules the target falls under.

    `next_change_at` is the earliest instant anything changes by time alone. It lies in the past while a standing waits
    for a look at its limit (`look_at`): judge again after the next look; judging sooner changes nothing.
    """
    return judge_by(applicable(target, rules), facts, now, blind_limit)


def judge_by(rules: Iterable[Rule], facts: Facts, now: datetime, blind_limit: timedelta | None = None) -> Judgement:
    """The same by rules that are known to apply."""
    standings = tuple([_judged(rule, facts, now) for rule in rules])
    looks = [one.look_at for one in standings if one.look_at is not None]
    changes = [one.changes_at for one in standings if one.changes_at is not None]
    blind_at = blind_from(standings, facts, blind_limit)
    if blind_at is not None and blind_at > now:
        changes.append(blind_at)
    elif blind_at is not None and needs_look(blind_at, facts, now):
        looks.append(blind_at)
    over_at = _outage_over(facts, now)
    if over_at is not None:
        (changes if over_at > now else looks).append(over_at)
    return Judgement(standings, min([*changes, *looks], default=None), min(looks, default=None))


def _outage_over(facts: Facts, now: datetime) -> datetime | None:
    """When a look may end the outage it is a gap of; None when there is none, or a look since then could not tell: the next that can changes a run."""
    over_at = None if facts.outage is None else over_from(facts.outage)
    run = current(facts, "reachable")
    if over_at is None or (over_at <= now and run is not None and run.last_at >= over_at):
        return None
    return over_at


def applicable(target: Target[object], rules: Iterable[Rule]) -> list[Rule]:
    """The rules of the target's packs that are about its kind, and whose obligation this program can judge."""
    return [rule for rule in rules if _concerns(rule, target) and rule.obligation in OBLIGATIONS]


def _concerns(rule: Rule, target: Target[object]) -> bool:
    about = rule.applies
    return (
        rule.pack in target.packs
        and about.kind is target.kind
        and (not about.column or target.column in about.column)
        and (about.on_home is None or about.on_home == target.on_home)
        and (not about.entry or target.entry in about.entry)
        and (about.video is None or about.video == (target.platform in VIDEO))
        and (about.level is None or (about.level > 1) == (target.level > 1))
    )


def _judged(rule: Rule, facts: Facts, now: datetime) -> Standing:
    try:
        standing = OBLIGATIONS[rule.obligation](rule, facts, now)
        return exempted(rule, standing, facts, now) if facts.declarations and rule.exempt_by else standing
    except CalendarUnknown as error:
        why = say("the working days of {year} are not known", year=error.year)
        return Standing(rule.key, Compliance.UNKNOWN, why, Cause.OURS)
