"""Judging again: the same pure functions over what was kept, and what it comes to beside what was recorded.

Pure: no store, no clock. `lightened` leaves out of the facts all that the same judgement does not need, by judging without it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.judge.incidents import memberships
from monitor.judge.standings import judge
from monitor.model import Cause, Facts, Membership, Outcome, Rule, Run, Standing, Target

FEW = 40
"""Parts of one list of facts that are left out one by one; of a longer list all or none."""

SAMPLES = ("good", "failed", "excluded", "expected")
"""Facts that say something only together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """All that judging one target went by but the rules."""

    target: Target[object]
    facts: Facts
    now: datetime
    blind_limit: timedelta | None = None
    open_now: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What it came to for one cause: the part in an incident (None: none), and the standings cited or of that cause."""

    membership: Membership | None
    standings: tuple[Standing, ...]


def decide(basis: Basis, rules: Sequence[Rule], cause: Cause) -> Decided:
    """Judge, as settling does (monitor/settle/judging.py). When it would change again is left out: that decides nothing."""
    target, facts, now, limit = basis.target, basis.facts, basis.now, basis.blind_limit
    judged = judge(target, facts, rules, now, limit).standings
    wanted = memberships(target, judged, facts, rules, basis.open_now, limit, now)
    found = next((one for one in wanted if one.cause is cause), None)
    cited = () if found is None else found.rules
    standings = tuple(
        one._replace(changes_at=None, look_at=None) for one in judged if one.rule in cited or one.cause is cause
    )
    return Decided(found, standings)


def differing(recorded: Decided, again: Decided) -> list[tuple[str, str, str]]:
    """What differs: (what, as recorded, as judged again); empty when it is the same."""
    found = _differences("", recorded.membership, again.membership)
    before = {one.rule: one for one in recorded.standings}
    after = {one.rule: one for one in again.standings}
    for rule in dict.fromkeys((*before, *after)):
        found += _differences(f"{rule} ", before.get(rule), after.get(rule))
    return found


def _differences(about: str, before: object, after: object) -> list[tuple[str, str, str]]:
    if before == after:
        return []
    if before is None or after is None:
        return [(about.strip() or "membership", _told(before), _told(after))]
    told = before._fields if isinstance(before, Standing) else [one.name for one in fields(before)]  # type: ignore[arg-type]
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in told if name != "incident"]
    return [(f"{about}{name}", str(old), str(new)) for name, old, new in pairs if old != new]


def _told(one: object) -> str:
    if one is None:
        return "-"
    return str(one.cause) if isinstance(one, Membership) else str(getattr(one, "value", one))


def lightened(basis: Basis, rules: Sequence[Rule], decided: Decided) -> tuple[Basis, list[Rule]]:
    """The same judgement from less: rules of other matters, and facts no rule that is left goes by, are left out.

    What the incident is about stays in any case: its runs, conditions and outage tell what was seen.
    """
    assert decided.membership is not None
    cause = decided.membership.cause
    kept, looks = _concerning(basis, rules, decided), basis.facts.runs

    def same(other: Basis) -> bool:
        return decide(other, kept, cause) == decided

    bare = replace(basis, facts=_bare(basis.facts, cause), open_now=_alike(basis.open_now, cause))
    if same(bare):
        return bare, kept
    if same(lighter := replace(basis, open_now=bare.open_now)):
        basis = lighter
    for names in (SAMPLES, *((one,) for one in Facts._fields if one not in SAMPLES)):
        least = {name: getattr(bare.facts, name) for name in names}
        whole = getattr(basis.facts, names[0])
        if all(getattr(basis.facts, name) == least[name] for name in names):
            continue
        without = replace(basis, facts=basis.facts._replace(**least))
        if same(without):
            basis = without
        elif isinstance(whole, tuple) and len(whole) <= FEW:
            basis = _one_by_one(basis, names[0], least[names[0]], same)
    return _with_looks(basis, looks, same), kept


def _with_looks(basis: Basis, looks: Sequence[Run], same: Callable[[Basis], bool]) -> Basis:
    """Where an outage decided (a return: it is over) the looks stay that found it open, or down: nobody else saw it."""
    facts = basis.facts
    if facts.outage is None and not facts.ended:
        return basis
    stays = tuple(one for one in looks if one in facts.runs or one.finding.check == "reachable")
    shown = replace(basis, facts=facts._replace(runs=stays))
    return shown if same(shown) else basis


def _concerning(basis: Basis, rules: Sequence[Rule], decided: Decided) -> list[Rule]:
    """The rules it cites and those of the same cause, when they alone come to the same; else all that apply."""
    membership = decided.membership
    assert membership is not None
    judged = judge(basis.target, basis.facts, rules, basis.now, basis.blind_limit).standings
    ours = {one.rule for one in judged if one.rule in membership.rules or one.cause is membership.cause}
    few = [rule for rule in rules if rule.key in ours]
    if decide(basis, few, membership.cause) == decided:
        return few
    applying = {one.rule for one in judged}
    return [rule for rule in rules if rule.key in applying]


def _one_by_one(basis: Basis, name: str, least: object, same: Callable[[Basis], bool]) -> Basis:
    stays: Iterable[object] = least if isinstance(least, tuple) else ()
    for part in getattr(basis.facts, name):
        if part in stays:
            continue
        left = tuple(one for one in getattr(basis.facts, name) if one is not part)
        changed: dict[str, Any] = {name: left}
        without = replace(basis, facts=basis.facts._replace(**changed))
        basis = without if same(without) else basis
    return basis


def _bare(facts: Facts, cause: Cause) -> Facts:
    """Only what the incident is about."""
    conditions = tuple(one for one in facts.conditions if one.cause is cause)
    checks = {(one.check, one.subject) for one in conditions}
    runs = tuple(
        run for run in facts.runs if _is_about(run, cause) or (run.finding.check, run.finding.subject) in checks
    )
    outage = facts.outage if cause is Cause.OUTAGE else None
    return Facts(runs=runs, conditions=conditions, outage=outage)


def _is_about(run: Run, cause: Cause) -> bool:
    return run.finding.outcome is Outcome.UNKNOWN if cause is Cause.BLIND else run.finding.cause is cause


def _alike(open_now: Sequence[Membership], cause: Cause) -> tuple[Membership, ...]:
    return tuple(one for one in open_now if one.cause is cause)
