"""So many columns of a site in breach are a veto: from option `count` on it is broken, from `forecast` on due.

Counts what `of` says: "stale", columns broken by the rules of this pack; or "blank", columns confirmed blank. Option `column`
narrows both to kinds of columns, `deeper` those told to be deeper than 一级栏目. Broken at once: each of the columns had its look
(国办秘函〔2019〕19号: 5, 10 and 5 columns). Fewer are neither kept nor broken while columns that nothing is known of could
make up the rest.
"""

from datetime import datetime

from monitor.judge.looks import met, since_when
from monitor.model import Cause, Compliance, Facts, Rule, Standing, Text, counted_of_sum, say

UNSEEN = "unseen-"
"""Before the name of what a column would count as that nothing is known of."""


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken, undecided; `inputs` say how many there are, how many make it a veto, and how many are not known."""
    count, forecast = veto_at(rule), _number(rule, "forecast", 3)
    have = sum(number for name, number in facts.counts.items() if is_counted(rule, name))
    unseen = sum(number for name, number in facts.counts.items() if _is_unseen(rule, name))
    inputs = {"have": have, "count": count, "more": max(count - have, 0)}
    if have >= forecast:
        value, why = Compliance.BREACHED if have >= count else Compliance.DUE, _why(rule, have, count)
    elif have + unseen >= count:
        value, inputs = Compliance.UNKNOWN, {**inputs, "unseen": unseen}
        told = {"have": have, "unseen": unseen, "count": count}
        why = say("{have} columns count, {unseen} more could not be judged: {count} are a veto", **told)
    else:
        return met(rule, Cause.COUNT, say("{have} columns count, {count} are a veto", have=have, count=count))
    since = since_when(rule, facts, value, now)
    return Standing(rule.key, value, why, Cause.COUNT, since=since, inputs=inputs)


def is_counted(rule: Rule, name: str) -> bool:
    """Whether a column counts that is broken so: names are "stale:PACK:KIND" and "blank:KIND" (store/brought.py)."""
    of, *pack, kind = name.split(":")
    return of == rule.options.get("of", "stale") and pack in ([], [rule.pack]) and is_about(rule, kind)


def _is_unseen(rule: Rule, name: str) -> bool:
    """Whether a column might count of which nothing is known: "unseen-stale:PACK:KIND", "unseen-blank:KIND"."""
    return name.startswith(UNSEEN) and is_counted(rule, name.removeprefix(UNSEEN))


def is_about(rule: Rule, kind: str) -> bool:
    """Whether columns of that kind, as counted (model/counted.py), may count."""
    return kind in counted_of_sum(rule)


def veto_at(rule: Rule) -> int:
    """How many are a veto."""
    return _number(rule, "count", 5)


def _why(rule: Rule, have: int, count: int) -> Text:
    is_blank, more = rule.options.get("of", "stale") == "blank", count - have
    if more <= 0 and is_blank:
        return say("{have} columns are blank, {count} are a veto", have=have, count=count)
    if more <= 0:
        return say("{have} columns are stale, {count} are a veto", have=have, count=count)
    if is_blank:
        return say("{have} columns are blank, {more} more are a veto", have=have, more=more)
    return say("{have} columns are stale, {more} more are a veto", have=have, more=more)


def _number(rule: Rule, name: str, usual: int) -> int:
    value = rule.options.get(name, usual)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value
