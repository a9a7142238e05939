"""Since when: whatever is broken, due, or unknown after a look says it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.app import load_settings
from monitor.clock import civil_day
from monitor.judge.standings import judge_by
from monitor.model import Cause, Compliance, Facts, Finding, Kin, Measure, Outcome, Post, Rule, Run
from tests.judge.made import NOON, WORDS

RULES = sorted((one for pack in load_settings(None).packs for one in pack.rules), key=lambda one: one.key)
LOOKED = {
    "reachable": ("reachable", Cause.OUTAGE),
    "updated_within": ("column_fresh", Cause.STALE),
    "not_blank": ("column_blank", Cause.BLANK),
    "posts_at_least": ("feed_fresh", Cause.STALE),
}
"""What goes by one check, and by which; an account's updates by its feed."""
YOUNG = frozenset({Outcome.FAIL, Outcome.BROKEN})
"""Unknown since when is not said: of a failure that is not confirmed yet, minutes old, and of a bug of ours, told as such."""
UNTIMED = frozenset({"original_share", "inventory", "notice_kept", "duty_covered", "published_by", "filed_within"})
"""Unknown by what people did not tell: no look made it so, and none would end it."""

ages = st.integers(0, 400).map(timedelta)


@st.composite
def known(draw: st.DrawFn, rule: Rule) -> Facts:
    """One look's worth of everything a rule may go by."""
    check, cause = LOOKED.get(rule.obligation, ("reachable", Cause.OUTAGE))
    check = "feed_fresh" if rule.applies.kind == "account" else check
    outcome = draw(st.sampled_from(Outcome))
    newest = civil_day(NOON - draw(ages)).isoformat()
    measures = (Measure("newest", newest, "date"),) if draw(st.booleans()) else ()
    told = Finding(
        check, outcome, WORDS, reason="r", cause=cause if outcome is Outcome.FAIL else None, measures=measures
    )
    first = NOON - draw(ages)
    posts = tuple(
        Post(civil_day(NOON - age), draw(st.sampled_from([True, False, None])), NOON)
        for age in draw(st.lists(ages, max_size=3))
    )
    return Facts(
        runs=draw(st.sampled_from([(), (Run(told, first, NOON, 2, 2, first, id=1),)])),
        first_seen_at=first,
        blind_since=first if outcome is Outcome.UNKNOWN and draw(st.booleans()) else None,
        good=600,
        failed=draw(st.integers(0, 60)),
        expected=672,
        posts=tuple(sorted(posts, key=lambda one: one.day, reverse=True)),
        counts={name: draw(st.integers(0, 12)) for name in ("blank:dynamic", "unseen-blank:other", f"stale:{rule.pack}:dynamic")},
        kin=Kin(owner=draw(st.sampled_from(["", "某局"])), same_owner=("b",), host="a.example", names=("甲", "乙")),
    )  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=[one.key for one in RULES])
@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_not_kept_says_since_when(rule: Rule, data: st.DataObject) -> None:
    facts = data.draw(known(rule))
    (standing,) = judge_by([rule], facts, NOON).standings
    if standing.value in {Compliance.DUE, Compliance.BREACHED}:
        assert standing.since is not None
        assert standing.since <= NOON
    if standing.value is Compliance.UNKNOWN and facts.runs and rule.obligation not in UNTIMED:
        seen = facts.runs[0].finding
        assert (
            standing.since is not None or seen.outcome in YOUNG or rule.obligation not in {*LOOKED, "at_most_in_breach"}
        )


def test_the_exceptions_are_obligations_there_are() -> None:
    assert {one.obligation for one in RULES} >= UNTIMED | LOOKED.keys()
