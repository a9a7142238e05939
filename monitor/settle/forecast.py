"""What counts and shares come to if nothing changes: the day a site's stale columns become a veto, the hour its failures do.

Reads the store and what is known to fall due; writes nothing. Each forecast says what it rests on. A count rests on columns that
get nothing new until their limit, and says of how many nobody can see that now; a share on looks that all fail from now on.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import ceil

from monitor.clock import SHANGHAI
from monitor.model import Cause, Compliance, Rule, TargetKind, Text, counted_of_sum, say
from monitor.settle.ahead import Coming, Count
from monitor.settle.policy import Policy
from monitor.store import brought, state, targets
from monitor.store.standings import of_cause


def forecasts(
    tx: sqlite3.Connection, policy: Policy, now: datetime, until: datetime, coming: Iterable[Coming]
) -> list[Coming]:
    """Counts that reach their veto at or before `until` (`coming`: what falls due by then), and shares that are near it."""
    return [*_counts(tx, policy, until, coming), *_shares(tx, policy, now, until)]


def count_of(inputs: Mapping[str, object], why: Text) -> Count | None:
    """How far a standing has come by what it was judged by; None where nothing is counted toward a limit."""
    have, more = inputs.get("have", inputs.get("failed")), inputs.get("more", why.values.get("more"))
    if not isinstance(have, int) or not isinstance(more, int):
        return None
    of = inputs.get("of")
    return Count(have, more, have + more, of if isinstance(of, int) else None)


def _counts(tx: sqlite3.Connection, policy: Policy, until: datetime, coming: Iterable[Coming]) -> Iterable[Coming]:
    rules = [rule for rule in policy.rules.values() if _counts_stale(rule)]
    if not rules:
        return
    limits: dict[tuple[str, str], list[Coming]] = {}
    stale = [one for one in coming if (one.breaks or one.unseen is not None) and _is_update(policy, one.rule)]
    columns = brought.columns_of(tx, {one.target for one in stale})
    for one in stale:
        if one.target in columns:
            site, kind = columns[one.target]
            limits.setdefault((site, f"stale:{one.rule.partition('/')[0]}:{kind}"), []).append(one)
    for site in sorted({site for site, _ in limits}):
        have = brought.in_breach(tx, site)
        target = targets.load_target(tx, site)
        for rule in policy.rules_of(target):
            if rule in rules:
                yield from _count(rule, site, have, limits, until)


def _count(
    rule: Rule,
    site: str,
    have: Mapping[str, int],
    limits: Mapping[tuple[str, str], list[Coming]],
    until: datetime,
) -> Iterable[Coming]:
    wanted = [f"stale:{rule.pack}:{word}" for word in counted_of_sum(rule)]
    stale, count = sum(have.get(name, 0) for name in wanted), int(str(rule.options.get("count", 5)))
    ends = sorted((one for name in wanted for one in limits.get((site, name), ())), key=lambda one: one.due)
    more = count - stale
    if not 0 < more <= len(ends) or ends[more - 1].due > until:
        return
    at, tally = ends[more - 1].due, Count(stale, more, count)
    if unseen := sum(one.unseen is not None for one in ends[:more]):
        yield Coming(site, rule.key, Compliance.UNKNOWN, at, _unseen_words(tally, unseen), tally, breaks=False)
    else:
        value = Compliance.DUE if stale >= int(str(rule.options.get("forecast", 3))) else Compliance.MET
        yield Coming(site, rule.key, value, at, _count_words(stale, more, count), tally)


def _unseen_words(tally: Count, unseen: int) -> Text:
    return say(
        "{stale} columns are stale, {more} more may be by then, {unseen} of which cannot be seen now: {count} are a veto",
        stale=tally.have,
        more=tally.more,
        unseen=unseen,
        count=tally.broken_at,
    )


def _count_words(stale: int, more: int, count: int) -> Text:
    return say(
        "{stale} columns are stale, {more} more will be unless something new appears by then: {count} are a veto",
        stale=stale,
        more=more,
        count=count,
    )


def _shares(tx: sqlite3.Connection, policy: Policy, now: datetime, until: datetime) -> Iterable[Coming]:
    period = policy.periods[TargetKind.SITE]
    for target, standing in of_cause(tx, Cause.AVAILABILITY, Compliance.DUE):
        failed, of = _number(standing.inputs, "failed"), _number(standing.inputs, "of")
        rule = policy.rules.get(standing.rule)
        if rule is None or not of:
            continue
        share = float(str(rule.options.get("share", 5)))
        more = max(1, ceil(share * of / 100) - failed)
        at = _next_look(tx, target, now) + (more - 1) * period
        if at <= until:
            words = _share_words(failed, of, more, share, at)
            yield Coming(target, standing.rule, Compliance.DUE, at, words, Count(failed, more, failed + more, of))


def _share_words(failed: int, of: int, more: int, share: float, at: datetime) -> Text:
    return say(
        "{failed} of {of} visits of the last 7 days failed, {more} more reach {share} %: at {moment}, Beijing time, if every look fails from now on",
        failed=failed,
        of=of,
        more=more,
        share=f"{share:g}",
        moment=f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    )


def _next_look(tx: sqlite3.Connection, target: str, now: datetime) -> datetime:
    """When the next sample of the site is due."""
    return max(state.state_of(tx, target).sample_due_at, now)


def _counts_stale(rule: Rule) -> bool:
    return rule.obligation == "at_most_in_breach" and rule.options.get("of", "stale") == "stale"


def _is_update(policy: Policy, key: str) -> bool:
    rule = policy.rules.get(key)
    return rule is not None and rule.obligation == "updated_within" and rule.applies.kind is TargetKind.COLUMN


def _number(inputs: Mapping[str, object], name: str) -> int:
    value = inputs.get(name, 0)
    return value if isinstance(value, int) else 0
