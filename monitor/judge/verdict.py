"""网站检查结论: what the national vetoes make of a site now. 合格, 不合格 with the causes, 无法判定 where too much was unseen.

Reads what is broken and what cannot be told; returns the verdict. Only rules of severity veto count (国办秘函〔2019〕19号: any
veto is 不合格). A machine's suspicion is no finding of fact: it leaves the site undecided until a person has verified it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.model import Compliance, Rule, Severity, TargetKind

SUSPICIONS = frozenset({"dates_honest", "no_hidden_links", "not_tampered", "hosted_in"})
"""Obligations whose breach is a suspicion that a person verifies."""
UNSEEN_SHARE = 0.1
"""From this share of a site's columns on, unseen ones leave it undecided, if they could make up a veto. A product decision."""


class Verdict(StrEnum):
    """检查结论."""

    PASSED = "passed"  # 合格
    FAILED = "failed"  # 不合格
    UNDECIDED = "undecided"  # 无法判定


@dataclass(frozen=True, slots=True)
class Line:
    """One standing of the site, a column or a page of it."""

    target: str
    kind: TargetKind
    column: str | None
    rule: str
    value: Compliance


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict with what it rests on: rules (and targets) that fail it, that are suspected, and what was unseen."""

    verdict: Verdict
    failing: tuple[tuple[str, str], ...] = ()  # (rule, target)
    suspected: tuple[tuple[str, str], ...] = ()
    unseen: tuple[str, ...] = ()  # targets
    counts: Mapping[str, int] = field(default_factory=dict)  # columns in breach: stale, long_stale, blank


def verdict(lines: Sequence[Line], columns: int, rules: Mapping[str, Rule]) -> Judged:
    """Of one site with so many columns; `lines` are all its standings that are broken or cannot be told."""
    vetoes = [one for one in lines if one.value is Compliance.BREACHED and _is_veto(rules.get(one.rule))]
    failing = [one for one in vetoes if rules[one.rule].obligation not in SUSPICIONS]
    suspected = [one for one in vetoes if rules[one.rule].obligation in SUSPICIONS]
    home = [one for one in lines if one.value is Compliance.UNKNOWN and one.kind is TargetKind.SITE]
    home = [one for one in home if _is_veto(rules.get(one.rule)) and rules[one.rule].obligation not in SUSPICIONS]
    unseen = {one.target for one in lines if _is_unseen_column(one, rules)}
    return Judged(
        _value(failing, suspected, home, len(unseen), columns),
        tuple((one.rule, one.target) for one in failing),
        tuple((one.rule, one.target) for one in suspected),
        tuple(sorted({*unseen, *(one.target for one in home)})),
        _stale(lines, rules),
    )


def _value(
    failing: Sequence[Line], suspected: Sequence[Line], home: Sequence[Line], unseen: int, columns: int
) -> Verdict:
    if failing:
        return Verdict.FAILED
    too_much = unseen > columns * UNSEEN_SHARE
    return Verdict.UNDECIDED if suspected or home or too_much else Verdict.PASSED


def _is_veto(rule: Rule | None) -> bool:
    return rule is not None and rule.severity is Severity.VETO


def _is_unseen_column(one: Line, rules: Mapping[str, Rule]) -> bool:
    rule = rules.get(one.rule)
    is_unknown = one.kind is TargetKind.COLUMN and one.value is Compliance.UNKNOWN
    return is_unknown and rule is not None and rule.obligation == "updated_within"


def _stale(lines: Sequence[Line], rules: Mapping[str, Rule]) -> dict[str, int]:
    """Columns in breach by what they count toward: "stale" (dynamic, policy, notice), "long_stale" (other), "blank"."""
    counted: dict[str, set[str]] = {"stale": set(), "long_stale": set(), "blank": set()}
    for one in lines:
        rule = rules.get(one.rule)
        if one.value is not Compliance.BREACHED or one.kind is not TargetKind.COLUMN or rule is None:
            continue
        if rule.obligation == "not_blank":
            counted["blank"].add(one.target)
        elif rule.obligation == "updated_within" and "counts_toward" in rule.options:
            counted["long_stale" if one.column == "other" else "stale"].add(one.target)
    return {name: len(targets) for name, targets in counted.items()}
