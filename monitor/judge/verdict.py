"""网站检查结论: what the national vetoes make of a site now. 合格, 不合格 with the causes, 无法判定 where too much was unseen.

已永久下线 where that was filed, and nothing it does not excuse is broken. Reads what is known of a site; returns the verdict with every indicator it rests on. Only rules of severity veto count
(国办秘函〔2019〕19号: any veto is 不合格). A machine's suspicion is no finding of fact: it leaves the site undecided until a
person has verified it. What no program can see (secrets, wrong wording, service guides) is not in it, and the sheet says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.clock import civil_day
from monitor.judge.indicators import Indicator, Known, State, indicator
from monitor.judge.obligations.at_most_in_breach import is_counted
from monitor.model import Declaration, DeclarationKind, Rule, Severity, TargetKind, Text, say

OF_A_SITE = frozenset({TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE, TargetKind.LINK})
"""Whose vetoes are those of the site; accounts have their own."""


class Verdict(StrEnum):
    """检查结论."""

    PASSED = "passed"  # 合格
    FAILED = "failed"  # 不合格
    UNDECIDED = "undecided"  # 无法判定
    CLOSED = "closed"  # 已永久下线, as filed; what it owes all the same is kept


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict with what it rests on. `why`: what fails it or leaves it open, rule ("" for none) and words; empty when it passes."""

    verdict: Verdict
    indicators: tuple[Indicator, ...] = ()
    why: tuple[tuple[str, Text], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # columns in breach: stale, long_stale, blank

    def in_state(self, state: State) -> tuple[Indicator, ...]:
        """The indicators of that state."""
        return tuple(one for one in self.indicators if one.state is state)


def verdict(rules: Mapping[str, Rule], packs: Sequence[str], known: Known, now: datetime) -> Judged:
    """Of one site under these packs, by the vetoes among `rules`, which are all of one pack."""
    vetoes = [rule for rule in rules.values() if rule.severity is Severity.VETO and rule.applies.kind in OF_A_SITE]
    applied = [rule for rule in vetoes if rule.pack in packs]
    if not applied:
        return Judged(Verdict.UNDECIDED, why=(("", say("the national indicators are not applied to it here")),))
    found = tuple(indicator(rule, rules, known, now) for rule in applied)
    failing = [one for one in found if one.state is State.BROKEN]
    open_ones = [one for one in found if one.decides and one.state in _OPEN]
    closed = next((one for one in known.declarations if _is_for_good(one) and one.covers(now)), None)
    if closed is not None and not failing:
        open_ones = [one for one in open_ones if one.state is State.SUSPECTED]  # a domain that was taken over
    value = Verdict.FAILED if failing else Verdict.UNDECIDED if open_ones else Verdict.PASSED
    why = tuple((one.rule, one.why) for one in failing or open_ones)
    if closed is not None and value is Verdict.PASSED:
        value, why = (
            Verdict.CLOSED,
            (("", say("closed for good since {day}, as was filed", day=str(civil_day(closed.start)))),),
        )
    return Judged(value, found, why, _counts(applied, known))


def _is_for_good(filed: Declaration) -> bool:
    return filed.kind is DeclarationKind.PERMANENT_OFFLINE


def _counts(rules: Sequence[Rule], known: Known) -> dict[str, int]:
    """Columns in breach by what they count toward, as each rule counts them."""
    counted = {}
    for rule in rules:
        if rule.obligation == "at_most_in_breach":
            counted[count_name(rule)] = sum(1 for name, _ in known.breaches if is_counted(rule, name))
    return counted


def count_name(rule: Rule) -> str:
    """What a count of columns is called: stale, long_stale (of the other columns alone), blank."""
    if rule.options.get("of", "stale") == "blank":
        return "blank"
    return "long_stale" if rule.options.get("column") in (["other"], ("other",)) else "stale"


_OPEN = frozenset({State.SUSPECTED, State.UNSEEN, State.YOUNG})
