"""Findings into runs and conditions: tables of strings, and properties over all strings."""

from datetime import timedelta
from itertools import groupby

import pytest
from hypothesis import given, strategies as st

from monitor.judge.runs import Confirmation, advance, confirmation, next_condition, next_look
from monitor.model import Cause, Condition, Outcome, TargetKind
from tests.judge.made import HOUR, LETTERS, MINUTE, NOON, played

THREE = Confirmation(3, MINUTE, 3, MINUTE)
CAUSES = {"F": Cause.OUTAGE, "T": Cause.OUTAGE, "S": Cause.SLOW, "H": Cause.TAMPER}


def drawn(letters: str, confirm: Confirmation) -> str:
    """What each look did: O an outage opened, S slow, H tampered (lower case: the cause changed), e ended, - nothing."""
    signs = {Cause.OUTAGE: "O", Cause.SLOW: "S", Cause.TAMPER: "H"}
    told = ""
    for _, _, step in played(letters, confirm):
        sign = signs[step.opened.cause] if step.opened else "e" if step.ended else "-"
        told += sign.lower() if step.opened and step.ended else sign
    return told


@pytest.mark.parametrize(
    ("looks", "does"),
    [
        ("....", "----"),
        ("FF.F..", "------"),
        ("FFF", "--O"),
        ("FFF...", "--O--e"),
        ("FTF", "--O"),  # whatever the reason
        ("FSS", "--S"),  # the cause is that of the last look
        ("SSF", "--O"),
        ("FFF..F...", "--O-----e"),  # a bad look starts the good streak anew
        ("FF?FF", "-----"),  # could not look breaks the streak
        ("FF!F", "----"),
        ("FFF..?..", "--O-----"),
        ("FFF???", "--O---"),
        ("FFF..?...", "--O-----e"),
        ("SSSFFF", "--S--o"),  # the cause changed for three looks
        ("SSSFTF", "--S--o"),  # whatever the reason
        ("SSSFF?F", "--S----"),
        ("SSSFFSF...", "--S------e"),
        ("FFFHHHSSS", "--O--h--s"),
        ("FFFFFF", "--O---"),
    ],
)
def test_conditions_by_three_looks(looks: str, does: str) -> None:
    assert drawn(looks, THREE) == does


@pytest.mark.parametrize(("looks", "does"), [("F.", "Oe"), ("?F?.", "-O-e"), ("SF", "So"), ("FT", "O-")])
def test_conditions_by_one_look(looks: str, does: str) -> None:
    assert drawn(looks, Confirmation()) == does


def test_since_and_end_are_the_first_looks_of_their_streaks() -> None:
    told = played(".FFFSSS..?...", THREE)
    at = [NOON + n * MINUTE for n in range(20)]
    outage, change, end = told[3][2].opened, told[6][2], told[12][2].ended
    assert outage == Condition("reachable", "", Cause.OUTAGE, "dns", since=at[1], confirmed_at=at[3])
    assert change.ended is not None
    assert change.ended.ended_at == at[4]
    assert change.opened == Condition("reachable", "", Cause.SLOW, "slow", since=at[4], confirmed_at=at[6])
    assert end is not None
    assert (end.cause, end.ended_at) == (Cause.SLOW, at[10])


@pytest.mark.parametrize(
    ("looks", "nexts"),
    [
        ("..", "--"),
        ("FFF", "11-"),
        ("F.", "1-"),
        ("FFF...", "11-22-"),
        ("FFF.F...", "11-2-22-"),
        ("FF?F", "11-1"),
        ("FFF?.", "11--2"),
        ("SSSFFF", "11-11-"),
        ("!F", "-1"),
    ],
)
def test_the_next_look(looks: str, nexts: str) -> None:
    confirm = Confirmation(3, MINUTE, 3, 2 * MINUTE)
    signs = {None: "-", MINUTE: "1", 2 * MINUTE: "2"}
    assert "".join(signs[next_look(run, opened, confirm)] for run, opened, _ in played(looks, confirm)) == nexts


def test_equal_findings_are_one_run() -> None:
    runs = [run for run, _, _ in played("..FFTS?", THREE)]
    assert [run.looks for run in runs] == [1, 2, 1, 2, 1, 1, 1]
    assert [run.streak for run in runs] == [1, 2, 1, 2, 3, 4, 1]
    assert [run.cause_streak for run in runs] == [1, 2, 1, 2, 3, 1, 1]
    assert [run.first_at for run in runs] == [NOON + n * MINUTE for n in (0, 0, 2, 2, 4, 5, 6)]
    assert [run.last_at for run in runs] == [NOON + n * MINUTE for n in range(7)]
    assert [run.streak_since for run in runs] == [NOON + n * MINUTE for n in (0, 0, 2, 2, 2, 2, 6)]


def test_a_stored_run_goes_on_under_its_id_and_a_new_one_has_none() -> None:
    first = advance(None, LETTERS["F"], NOON)
    stored = type(first)(first.finding, NOON, NOON, 1, 1, NOON, id=5)
    assert advance(stored, LETTERS["F"], NOON + MINUTE).id == 5
    assert advance(stored, LETTERS["T"], NOON + MINUTE).id is None
    assert advance(stored, LETTERS["."], NOON + MINUTE).id is None


def test_a_run_loaded_without_its_cause_streak_still_confirms_a_change_of_cause() -> None:
    slow = Condition("reachable", "", Cause.SLOW, "slow", NOON - HOUR, NOON - HOUR, id=1)
    loaded = type(advance(None, LETTERS["F"], NOON))(LETTERS["F"], NOON, NOON + MINUTE, 2, 9, NOON - HOUR, id=5)
    third = advance(loaded, LETTERS["F"], NOON + 2 * MINUTE)
    step = next_condition(third, slow, THREE, NOON + 2 * MINUTE)
    assert step.opened is not None
    assert (step.opened.cause, step.opened.since) == (Cause.OUTAGE, NOON)


def test_a_clock_that_steps_back_makes_no_run_end_before_it_began() -> None:
    run = advance(advance(None, LETTERS["F"], NOON), LETTERS["F"], NOON - 2 * HOUR)
    assert (run.first_at, run.last_at, run.looks) == (NOON, NOON, 2)
    step = next_condition(run, None, Confirmation(fails=2), NOON - 2 * HOUR)
    assert step.opened is not None
    assert step.opened.since <= step.opened.confirmed_at


def test_the_policies_of_confirmation() -> None:
    assert confirmation(TargetKind.SITE, "reachable") == THREE
    tuned = confirmation(TargetKind.COLUMN, "reachable", tries=2, every=timedelta(seconds=5))
    assert tuned == Confirmation(2, timedelta(seconds=5), 2, timedelta(seconds=5))
    assert confirmation(TargetKind.LINK, "links_alive") == Confirmation(2, HOUR, 1, None)
    assert confirmation(TargetKind.PAGE, "entry_present") == Confirmation(2, HOUR, 1, None)
    assert confirmation(TargetKind.COLUMN, "column_blank") == Confirmation(2, None, 1, None)
    assert confirmation(TargetKind.ACCOUNT, "feed_fresh") == Confirmation(1, None, 1, None)


LOOKS = st.text(alphabet="".join(LETTERS), max_size=40)
CONFIRMS = st.builds(Confirmation, st.integers(1, 4), st.just(MINUTE), st.integers(1, 4), st.just(MINUTE))


@given(LOOKS, CONFIRMS)
def test_every_string_of_looks_keeps_the_machine_whole(looks: str, confirm: Confirmation) -> None:
    """Total over (state, event): what opens was closed, what ends was open, times are in order."""
    before: Condition | None = None
    for (run, opened, step), letter in zip(played(looks, confirm), looks, strict=True):
        assert run.first_at <= run.last_at
        assert run.looks <= run.cause_streak <= run.streak
        assert (step.opened is None) or (before is None) or (step.ended is not None)
        assert (step.ended is None) or (before is not None)
        if step.ended is not None:
            assert step.ended.ended_at is not None
            assert step.ended.since <= step.ended.ended_at <= run.last_at
        if step.opened is not None:
            assert step.opened.since <= step.opened.confirmed_at == run.last_at
            assert step.opened.cause is CAUSES[letter]
        if letter in "?!":
            assert step == type(step)()
            assert next_look(run, opened, confirm) is None
        before = opened


@given(LOOKS, CONFIRMS)
def test_every_failing_streak_longer_than_the_window_stands_as_a_condition(looks: str, confirm: Confirmation) -> None:
    told = played(looks, confirm)
    n = 0
    for outcome, streak in groupby(looks, key=lambda letter: LETTERS[letter].outcome):
        length = len(list(streak))
        for seen in range(1, length + 1):
            run, opened, _ = told[n]
            n += 1
            assert (run.finding.outcome, run.streak) == (outcome, seen)
            if outcome is Outcome.FAIL and seen >= confirm.fails:
                assert opened is not None
            if outcome is Outcome.OK and seen >= confirm.goods:
                assert opened is None


@given(LOOKS, CONFIRMS)
def test_a_cause_seen_long_enough_is_the_cause_of_the_condition(looks: str, confirm: Confirmation) -> None:
    told = played(looks, confirm)
    n = 0
    for cause, streak in groupby(looks, key=CAUSES.get):
        for seen in range(1, len(list(streak)) + 1):
            opened = told[n][1]
            n += 1
            if cause is not None and seen >= confirm.fails:
                assert opened is not None
                assert opened.cause is cause


@given(LOOKS, CONFIRMS)
def test_a_look_is_asked_for_exactly_while_something_is_unconfirmed(looks: str, confirm: Confirmation) -> None:
    for run, opened, _ in played(looks, confirm):
        failing, good = run.finding.outcome is Outcome.FAIL, run.finding.outcome is Outcome.OK
        unconfirmed_fail = failing and (opened is None or opened.cause is not run.finding.cause)
        assert (next_look(run, opened, confirm) is not None) == (unconfirmed_fail or (good and opened is not None))
