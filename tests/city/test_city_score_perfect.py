"""A perfect play of any scenario scores nothing; each single mistake scores as just that mistake."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, example, given, strategies as st

from monitor.city.asked import PACKS, kind_of
from monitor.city.faults import Event
from monitor.city.plan import make_plan
from monitor.city.scenario import KNOWN, Scenario
from monitor.city.score import score_of
from monitor.city.terms import Terms, Unit
from monitor.city.truth import truth
from tests.city.truths import START, D, H, M, S

PLAN = make_plan(
    3,
    sites=3,
    columns_per_site=6,
    accounts=2,
    links_per_home=3,
    entries_per_site=3,
    https=frozenset({"site-1", "site-2"}),
)
DAYS = 60
TERMS = Terms(site=15 * M, column=6 * H, account=6 * H, rules=PACKS)
HOST = sorted(
    {"down", "dns", "timeout", "slow", "http_500", "http_404", "challenged", "maintenance", "soft_error", "hijacked"}
)
TARGETS = {
    **{kind: ("site-1", "site-2", "site-*", "site-1/column-2") for kind in HOST if kind != "dns"},
    **dict.fromkeys(("http_404", "http_500", "soft_error"), ("site-1", "site-*", "site-1/column-2", "site-2/entry-1")),
    "entry_missing": ("site-1/entry-1", "site-*/entry-2"),
    "hijacked": ("site-1", "site-*", "site-1/column-2", "site-2/friend", "site-*/friend"),
    "dns": ("site-1", "site-3"),
    "tls_expired": ("site-1", "site-2"),
    "dead_link": ("site-1/link-1", "site-2/link-3"),
    "blank": ("site-1/column-1", "site-2/column-*"),
    "hidden_link": ("site-1", "site-3/column-2", "site-*"),
    "marks_missing": ("site-2", "site-*"),
    "notice_gone": ("site-1", "site-*", "account-1"),
    "hosted_abroad": ("site-1", "site-*"),
    "mislisted": ("site-1", "account-2"),
    "posts": ("account-1", "account-*"),
    "unmanned": ("*",),
    "silent": ("site-1/entry-3", "site-1", "site-2/column-1", "site-1/column-3", "site-2/column-*", "account-1"),
    "backdated": ("site-1/column-1", "site-3/column-*"),
    "shell": ("site-1", "site-1/column-1", "site-3/column-2"),
    "bridge_down": ("account-1", "account-*"),
    "channel_down": ("channel-duty",),
    "declared": ("site-1", "site-2", "site-*", "account-1", "site-1/column-2", "*"),
    "message": ("site-1", "site-*", "account-1"),
    **dict.fromkeys(("uplink_down", "killed", "clock_jump", "disk_full", "ack"), ("*",)),
}


def since_start(at: timedelta, least: int, most: int) -> st.SearchStrategy[str]:
    """A time so many minutes from `at`, as a scenario writes it."""
    around = st.integers(least, most).map(lambda minutes: int((at + minutes * M).total_seconds()))
    return around.map(lambda seconds: f"-{-seconds}s" if seconds < 0 else f"{seconds}s")


ON: dict[str, tuple[str, ...]] = {
    "desk": ("activity", "order"),
    "column": ("order",),
    "account": ("account_closing", "launch", "order"),
    "site": ("temporary_offline", "permanent_offline", "ordered_closure", "migration", "return", "order", "launch"),
}
"""Some of what is filed on each."""
DATES = {
    "temporary_offline": "restore_filed",
    "ordered_closure": "consents",
    "account_closing": "deregistered",
    "launch": "filed_on",
    "order": "fixed_at",
    "activity": "reported",
}


@st.composite
def filed(draw: st.DrawFn, at: timedelta, target: str) -> dict[str, str | int | float]:
    """What a `declared` may say."""
    kind = draw(st.sampled_from(ON[kind_of(target)]))
    told: dict[str, str | int | float] = {"declare": kind}
    if kind in {"temporary_offline", "ordered_closure", "migration", "account_closing"}:
        told["to"] = draw(since_start(at, 1, 40 * 1440))
        told |= draw(st.fixed_dictionaries({}, optional={"from": since_start(at, -40 * 1440, 0)}))
    if kind in {"temporary_offline", "permanent_offline", "migration"}:
        told |= draw(st.fixed_dictionaries({}, optional={"own_notice": st.just(True)}))
    if kind == "account_closing":
        told |= draw(st.fixed_dictionaries({}, optional={"notice": st.just(True)}))
    if kind == "ordered_closure":
        told |= draw(st.fixed_dictionaries({}, optional={"security": st.just(True)}))
    if kind == "activity":
        told["activity"] = draw(st.sampled_from(["self_check", "drill", "appraisal", "quarter_check", "reading"]))
    if kind in DATES:
        told |= draw(st.fixed_dictionaries({}, optional={DATES[kind]: since_start(at, 0, 40 * 1440)}))
    return told | draw(st.fixed_dictionaries({}, optional={"number": st.sampled_from(["1", "2"])}))


MESSAGES = {"class": st.sampled_from(["jiucuo", "consulting", "handling"])}


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Anything a scenario file may say, of any length from a minute to beyond the end."""
    kind = draw(st.sampled_from(sorted(KNOWN)))
    at = draw(st.integers(0, DAYS * 1440 - 1)) * M
    length = draw(st.one_of(st.integers(1, 600), st.integers(600, 40 * 1440), st.none()))
    target = draw(st.sampled_from(TARGETS[kind]))
    if kind in {"clock_jump", "ack"}:
        return Event(at, kind, target, timedelta(), {"by": "2h" if kind == "clock_jump" else "duty"})
    if kind == "declared":
        return Event(at, kind, target, timedelta(), draw(filed(at, target)))
    if kind == "message":
        told = st.fixed_dictionaries(MESSAGES, optional={"answered": since_start(at, 0, 40 * 1440)})
        return Event(at, kind, target, timedelta(), draw(told))
    if kind == "posts":
        return Event(at, kind, target, timedelta(), {"original": draw(st.integers(0, 9)), "others": 9})
    if kind == "mislisted":
        return Event(timedelta(), kind, target, None, {"how": "no_owner"})
    if length is None and kind in {"uplink_down", "disk_full", "killed", "channel_down"}:
        length = 30
    return Event(at, kind, target, None if length is None else length * M)


SCENARIOS = st.lists(events(), min_size=1, max_size=12)


def play(happened: Sequence[Event]) -> Scenario:
    return Scenario("play", START, DAYS, 3, tuple(sorted(PACKS)), {}, {}, tuple(happened), PLAN)


def scored(happened: Sequence[Event], incidents: Sequence[dict[str, object]]) -> dict[str, Any]:
    return score_of(play(happened), TERMS, incidents=incidents, told=(), arrivals=None, visits=0, wall_seconds=0.0)


def asked(happened: Sequence[Event]) -> list[Unit]:
    """The units due before the end."""
    units = truth(PLAN, happened, START, TERMS)
    return [unit for unit in units if unit.due is not None and unit.due <= START + DAYS * D]


def incident(unit: Unit, told_at: datetime | None = None) -> dict[str, object]:
    """One that is open in just that interval, its notice confirmed at the last instant."""
    return {
        "cause": str(unit.cause),
        "targets": [unit.target],
        "rules": [],
        "opened_at": unit.start,
        "recovered_at": unit.end or START + DAYS * D,
        "notified_at": told_at or unit.due,
        "severity": "breach",
    }


def alone(unit: Unit, units: Sequence[Unit]) -> bool:
    """No other unit of its cause at its target is near it."""
    same = (one for one in units if one is not unit and (one.target, one.cause) == (unit.target, unit.cause))
    far = START + 9 * DAYS * D
    return all((one.end or far) + one.glow < unit.start or (unit.end or far) + unit.glow < one.start for one in same)


def beyond(unit: Unit) -> datetime:
    """The first second at which nothing of it may open any more."""
    assert unit.end is not None
    return unit.end + unit.glow + S


def is_over(unit: Unit, every: Sequence[Unit]) -> bool:
    """It ends, and then nothing of its cause holds at its target."""
    if unit.end is None:
        return False
    at = beyond(unit)
    same = (one for one in every if (one.target, one.cause) == (unit.target, unit.cause))
    return not any(one.start <= at + S and (one.end is None or at <= one.end + one.glow) for one in same)


@given(SCENARIOS)
def test_a_perfect_play_scores_nothing(happened: list[Event]) -> None:
    units = asked(happened)
    found = scored(happened, [incident(unit) for unit in units])
    assert (found["missed"], found["false"], found["late"]) == ([], [], [])
    assert found["expected"] == found["found"] == len(units)


CLOCK_THEN_UPLINK = [
    Event(D + 133 * M, "clock_jump", "*", timedelta(0), {"by": "2h"}),
    Event(D + 166 * M, "uplink_down", "*", M),
]
"""The first must be told and is over at once; the second may be."""


@example(CLOCK_THEN_UPLINK)
@given(SCENARIOS)
def test_optional_ones_told_as_well_score_nothing(happened: list[Event]) -> None:
    units = truth(PLAN, happened, START, TERMS)
    last = START + DAYS * D
    inside = [one for one in units if one.start < (one.end or last) or (one.due is not None and one.due <= last)]
    early = [incident(unit, unit.start) for unit in inside]
    found = scored(happened, early)
    assert (found["false"], found["late"]) == ([], [])


@given(SCENARIOS, st.data())
def test_one_left_out_is_the_one_missed(happened: list[Event], data: st.DataObject) -> None:
    units = asked(happened)
    single = [unit for unit in units if alone(unit, units)]
    assume(single)
    gone = data.draw(st.sampled_from(single))
    found = scored(happened, [incident(unit) for unit in units if unit is not gone])
    assert [(line["target"], line["cause"], line["from"]) for line in found["missed"]] == [
        (gone.target, str(gone.cause), gone.start.isoformat())
    ]
    assert (found["false"], found["late"]) == ([], [])


@given(SCENARIOS, st.data())
def test_one_beyond_its_interval_is_missed_and_false(happened: list[Event], data: st.DataObject) -> None:
    every = truth(PLAN, happened, START, TERMS)
    units = [unit for unit in every if unit.due is not None and unit.due <= START + DAYS * D]
    movable = [unit for unit in units if alone(unit, every) and is_over(unit, every)]
    assume(movable)
    moved = data.draw(st.sampled_from(movable))
    at = beyond(moved)
    shifted = incident(moved) | {"opened_at": at, "recovered_at": at + S}
    found = scored(happened, [*(incident(unit) for unit in units if unit is not moved), shifted])
    assert [line["target"] for line in found["missed"]] == [moved.target]
    assert [line["target"] for line in found["false"]] == [moved.target]


@given(SCENARIOS, st.data())
def test_one_told_a_second_after_it_was_due_is_late(happened: list[Event], data: st.DataObject) -> None:
    units = asked(happened)
    single = [unit for unit in units if alone(unit, units)]
    assume(single)
    slow = data.draw(st.sampled_from(single))
    assert slow.due is not None
    late = incident(slow, slow.due + S)
    found = scored(happened, [*(incident(unit) for unit in units if unit is not slow), late])
    assert [line["target"] for line in found["late"]] == [slow.target]
    assert (found["missed"], found["false"]) == ([], [])


@given(SCENARIOS)
def test_units_are_well_formed(happened: list[Event]) -> None:
    for unit in truth(PLAN, happened, START, TERMS):
        assert unit.start >= START
        assert unit.since is not None
        assert unit.glow >= timedelta()
        if unit.due is not None:
            assert unit.end is None or unit.start <= unit.end
            assert unit.due > unit.since, "nothing can be told before it is"


@given(SCENARIOS)
def test_the_order_of_events_is_of_no_matter(happened: list[Event]) -> None:
    assert truth(PLAN, happened, START, TERMS) == truth(PLAN, happened[::-1], START, TERMS)


@given(SCENARIOS, st.integers(1, 23))
def test_what_excuses_time_never_makes_anything_due_earlier(happened: list[Event], hours: int) -> None:
    down = Event(20 * D, "channel_down", "channel-duty", hours * H)
    before = {(u.target, u.cause, u.start, u.kind): u.due for u in truth(PLAN, happened, START, TERMS)}
    after = {(u.target, u.cause, u.start, u.kind): u.due for u in truth(PLAN, [*happened, down], START, TERMS)}
    assert before.keys() == after.keys()
    for key, due in before.items():
        again = after[key]
        assert (due is None) == (again is None)
        assert due is None or (again is not None and again >= due)
