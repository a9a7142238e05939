"""What a person saw where no program can look: it keeps, it breaks, and it ends blindness, for as long as it is good."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from monitor.judge.incidents import memberships
from monitor.judge.standings import judge
from monitor.model import Cause, Compliance, Facts, Finding, Membership, ok, unknown
from tests.judge.filed import attestation, instants, judged, skipped
from tests.judge.made import DAY, HOUR, NOON, SECOND, WORDS, at, fresh, member, rule, run, target

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN
TWO_WEEKS = rule("updated_within", "column", "14d", "4d", "1d")
BLANK = rule("not_blank")
DARK = unknown("column_fresh", "shell", WORDS)
LIMIT = 3 * DAY


def test_it_is_a_look_of_its_own_on_what_is_dark() -> None:
    one = attestation("2026-11-13", NOON)
    told = judged(TWO_WEEKS, NOON + HOUR, runs=(run(DARK, NOON),), blind_since=NOON - DAY, attested=one)
    assert (told.value, told.until, told.inputs["attested_by"]) == (MET, at("2026-11-23"), "张三")
    assert str(told.why) == "newest item of 2026-11-13, as 张三 saw on 2026-11-20"
    never_seen = judged(TWO_WEEKS, NOON + HOUR, attested=one)
    assert never_seen.value is MET


def test_it_breaks_a_limit_and_waits_for_nobody() -> None:
    one = attestation("2026-11-01", NOON)
    told = judged(TWO_WEEKS, NOON, runs=(run(DARK, NOON),), attested=one)
    assert (told.value, told.since) == (BREACHED, at("2026-11-16"))
    assert str(told.why) == "nothing new since 2026-11-01, as 张三 saw on 2026-11-20, past the limit 14d"
    before = attestation("2026-11-01", at("2026-11-15", "23:00:00"))
    waits = judged(TWO_WEEKS, at("2026-11-16"), runs=(run(DARK, at("2026-11-15")),), attested=before)
    assert (waits.value, waits.look_at) == (DUE, at("2026-11-16"))
    looked = judged(TWO_WEEKS, NOON, runs=(run(DARK, at("2026-11-17")),), attested=before)
    assert (looked.value, looked.look_at) == (DUE, None)  # one was made, and could not see


def test_the_newer_of_both_counts() -> None:
    one = attestation("2026-11-13", NOON)
    seen = (run(fresh("2026-11-01"), NOON + 8 * DAY),)
    for newest, now, told in (
        ("2026-11-18", NOON + HOUR, "2026-11-18"),
        ("2026-11-13", NOON + HOUR, "2026-11-13"),
        ("2026-11-01", NOON + HOUR, "2026-11-13"),
        ("2026-11-01", one.until - SECOND, "2026-11-13"),
        ("2026-11-01", one.until, "2026-11-13"),
        ("2026-11-14", one.until, "2026-11-14"),
    ):
        runs = (run(fresh(newest), now),)
        assert judged(TWO_WEEKS, now, runs=runs, attested=one).inputs["newest"] == told
    assert judged(TWO_WEEKS, NOON + HOUR, runs=seen, attested=one).changes_at == at("2026-11-23")
    assert judged(TWO_WEEKS, one.until - HOUR, runs=seen, attested=one).changes_at == one.until


def test_a_day_that_no_list_prints_is_not_told_as_printed() -> None:
    seen = run(fresh("2026-11-18")._replace(reason="first_seen"), NOON)
    ours = "the list prints no dates; something new in it was first seen on 2026-11-18"
    assert str(judged(TWO_WEEKS, NOON, runs=(seen,)).why) == ours
    older = attestation("2026-11-13", NOON)
    assert str(judged(TWO_WEEKS, NOON, runs=(seen,), attested=older).why) == ours
    newer = attestation("2026-11-19", NOON)
    told = judged(TWO_WEEKS, NOON, runs=(seen,), attested=newer)
    assert str(told.why) == "newest item of 2026-11-19, as 张三 saw on 2026-11-20"


def test_what_was_seen_stays_proof_when_the_look_ran_out() -> None:
    """That something was published holds; that there was nothing newer is for other looks to say."""
    one = attestation("2026-11-22", at("2026-11-23"))
    seen = run(fresh("2026-11-15"), at("2026-12-07") - SECOND)
    kept = judged(TWO_WEEKS, one.until, runs=(seen,), attested=one)
    assert (kept.value, kept.until, kept.inputs["newest"]) == (MET, at("2026-12-02"), "2026-11-22")
    assert str(kept.why) == "newest item of 2026-11-22, as 张三 saw on 2026-11-23"
    due = judged(TWO_WEEKS, at("2026-12-07"), runs=(seen,), attested=one)
    assert (due.value, due.look_at) == (DUE, at("2026-12-07"))
    assert str(due.why) == "nothing new since 2026-11-22 at the last look, limit 14d is over"
    late = judged(TWO_WEEKS, at("2026-12-07"), runs=(run(fresh("2026-11-15"), at("2026-12-07")),), attested=one)
    assert (late.value, late.since) == (BREACHED, at("2026-12-07"))
    assert str(late.why) == "nothing new since 2026-11-22, past the limit 14d"


def test_what_ran_out_leaves_it_undecided() -> None:
    one = attestation("2026-11-13", NOON, days=2)
    told = judged(TWO_WEEKS, one.until, runs=(run(DARK, one.until),), blind_since=NOON - DAY, attested=one)
    assert (told.value, told.since, str(told.why)) == (UNKNOWN, NOON - DAY, "words")
    leads_on = ok("column_fresh", WORDS)._replace(reason="entrance")
    assert judged(TWO_WEEKS, one.until, runs=(run(leads_on),), attested=one).value is UNKNOWN


# Blindness

EMPTY = unknown("column_blank", "shell", WORDS)


def told_of(now: datetime, open_now: tuple[Membership, ...] = (), **facts: object) -> list[Cause]:
    runs = (run(DARK, now), run(EMPTY, now))
    known = Facts(**{"runs": runs, "blind_since": NOON, **facts})  # type: ignore[arg-type]
    one, rules = target(), [TWO_WEEKS, BLANK]
    standings = judge(one, known, rules, now, LIMIT).standings
    return [each.cause for each in memberships(one, standings, known, rules, open_now, LIMIT, now)]


def test_an_attestation_ends_blindness_until_it_runs_out() -> None:
    blind = member(Cause.BLIND, TWO_WEEKS.key, BLANK.key, severity="remind")
    now = NOON + 4 * DAY
    assert told_of(now) == [Cause.BLIND]
    assert told_of(now, (blind,)) == [Cause.BLIND]
    one = attestation("2026-11-22", now)
    for open_now in ((), (blind,)):
        assert told_of(now, open_now, attested=one) == []  # though `not_blank` is still undecided
        assert told_of(one.until - SECOND, open_now, attested=one) == []
    for later, causes in ((LIMIT - SECOND, []), (LIMIT, [Cause.BLIND])):  # then the clock begins anew
        assert told_of(one.until + later, attested=one) == causes


def test_blindness_is_counted_from_when_the_attestation_ran_out() -> None:
    one = attestation("2026-11-22", NOON + DAY, days=2)
    facts = Facts(runs=(run(DARK, NOON + 9 * DAY),), blind_since=NOON, attested=one)
    told = judge(target(), facts, [TWO_WEEKS], NOON + 2 * DAY, LIMIT)
    assert told.next_change_at == one.until
    rules, now = [TWO_WEEKS], NOON + 9 * DAY
    standings = judge(target(), facts, rules, now, LIMIT).standings
    (blind,) = memberships(target(), standings, facts, rules, (), LIMIT, now)
    assert (blind.cause, blind.since) == (Cause.BLIND, one.until)
    old = attestation("2026-11-02", NOON - 9 * DAY)
    before = Facts(runs=facts.runs, blind_since=NOON, attested=old)
    assert judge(target(), before, rules, NOON + DAY, LIMIT).next_change_at == NOON + LIMIT


@pytest.mark.parametrize("finding", [DARK, fresh("2026-11-01"), fresh("2026-11-12"), ok("column_fresh", WORDS)])
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 12 * 24), st.integers(1, 7), st.integers(0, 30))
def test_no_change_of_what_was_attested_is_skipped(finding: Finding, hours: int, days: int, seen: int) -> None:
    one = attestation("2026-11-10", at("2026-11-18") + timedelta(hours=hours), days)
    facts = Facts(runs=(run(finding, at("2026-11-15") + seen * DAY),), attested=one, blind_since=at("2026-11-12"))
    edges = [one.until - SECOND, one.until]
    assert skipped(TWO_WEEKS, facts, sorted({*instants("2026-11-18", 30), *edges})) == []
