"""What a scenario must lead to, in hand-written cases, and how incidents are scored against it."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.city.faults import Event
from monitor.city.plan import Column, make_plan
from monitor.city.score import score
from monitor.city.truth import Terms, Unit, truth
from monitor.clock import SHANGHAI
from monitor.model import Cause, ColumnKind

START = datetime(2026, 1, 5, tzinfo=SHANGHAI)
PLAN = make_plan(7, sites=10, columns_per_site=20, accounts=20, links_per_home=30, https=frozenset({"site-03"}))
TERMS = Terms()
M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def units(*events: Event, terms: Terms = TERMS) -> list[Unit]:
    return truth(PLAN, events, START, terms)


def only(*events: Event) -> Unit:
    (unit,) = units(*events)
    return unit


@pytest.mark.parametrize("kind", ["down", "dns", "timeout", "http_500", "http_404", "maintenance", "soft_error"])
def test_what_makes_a_site_unreachable_is_one_outage(kind: str) -> None:
    unit = only(Event(3 * D + 130 * M, kind, "site-03", 40 * M))
    at = START + 3 * D + 130 * M
    assert (unit.target, unit.cause, unit.start, unit.end) == ("site-03", Cause.OUTAGE, at, at + 40 * M)
    assert unit.due == at + 5 * M + 2.5 * M + timedelta(seconds=30 + 60)


@pytest.mark.parametrize(
    ("kind", "target", "cause"),
    [
        ("slow", "site-03", Cause.SLOW),
        ("tls_expired", "site-03", Cause.CERTIFICATE),
        ("hijacked", "site-03", Cause.TAMPER),
        ("hidden_link", "site-03", Cause.TAMPER),
        ("marks_missing", "site-03", Cause.MARKS),
        ("backdated", "site-03/column-05", Cause.FORGED_DATE),
        ("blank", "site-03/column-05", Cause.BLANK),
        ("dead_link", "site-03/link-05", Cause.DEAD_LINK),
        ("http_500", "site-03/column-05", Cause.OUTAGE),
        ("uplink_down", "*", Cause.OURS),
        ("disk_full", "*", Cause.OURS),
        ("clock_jump", "*", Cause.OURS),
    ],
)
def test_each_kind_has_its_cause(kind: str, target: str, cause: Cause) -> None:
    unit = only(Event(D, kind, target, 5 * D))
    assert (unit.target, unit.cause) == (target, cause)
    assert unit.due is not None


@pytest.mark.parametrize("kind", ["killed", "declared", "message", "ack", "channel_down"])
def test_what_leads_to_nothing_by_itself(kind: str) -> None:
    assert units(Event(D, kind, "channel-duty" if kind == "channel_down" else "*", D)) == []


def test_shorter_than_cadence_and_confirmation_is_optional() -> None:
    assert only(Event(D, "down", "site-03", 7 * M)).due is None
    assert only(Event(D, "down", "site-03", 8 * M)).due is not None


def test_each_event_is_an_incident_of_its_own() -> None:
    assert len(units(Event(D, "down", "site-03", H), Event(D + 2 * H, "down", "site-03", H))) == 2


def test_a_wall_is_nothing_and_then_one_blind_incident() -> None:
    found = units(Event(D, "challenged", "site-03"))
    mine = next(unit for unit in found if unit.target == "site-03")
    assert (mine.cause, mine.start) == (Cause.BLIND, START + 2 * D)
    columns = [unit for unit in found if unit is not mine]
    assert len(columns) == 20
    assert {unit.due for unit in columns} == {None}
    assert units(Event(D, "challenged", "site-03", 20 * H)) == []


def test_blindness_about_as_long_as_its_limit_is_optional() -> None:
    short, close, long = (
        units(Event(D, "shell", "site-03/column-05", 3 * D + extra)) for extra in (-2 * H, -0.5 * H, 2 * H)
    )
    assert short == []
    assert close[0].due is None
    assert long[0].due == START + 4 * D + H + timedelta(seconds=90)


def test_a_bridge_is_blind_after_three_days() -> None:
    assert only(Event(D, "bridge_down", "account-05")).start == START + 4 * D


def test_a_column_in_maintenance_is_blind_not_down() -> None:
    assert only(Event(D, "maintenance", "site-03/column-05")).cause is Cause.BLIND


def test_a_silent_dynamic_column_is_stale_from_day_fifteen() -> None:
    unit = only(Event(10 * H, "silent", "site-03/column-05"))
    assert unit.start == datetime(2026, 1, 20, tzinfo=SHANGHAI)  # 5 January is day 0
    assert unit.due == unit.start + H + timedelta(seconds=90)


def test_under_a_veto_the_last_warning_opens_the_incident() -> None:
    for target in ("site-03", "account-05"):
        assert only(Event(10 * H, "silent", target)).start == datetime(2026, 1, 18, tzinfo=SHANGHAI)


def test_calendar_months_and_years() -> None:
    policy = next(c.name for c in PLAN.sites[0].columns if c.kind is ColumnKind.POLICY)
    other = next(c.name for c in PLAN.sites[0].columns if c.kind is ColumnKind.OTHER)
    since = datetime(2025, 8, 31, 9, tzinfo=SHANGHAI) - START
    assert only(Event(since, "silent", policy)).start == datetime(2026, 3, 1, tzinfo=SHANGHAI)
    assert only(Event(since, "silent", other)).start == datetime(2026, 9, 1, tzinfo=SHANGHAI)
    assert isinstance(PLAN.by_name[policy], Column)


def test_silence_that_ends_in_time_is_nothing() -> None:
    assert units(Event(D, "silent", "site-03/column-05", 14 * D)) == []


def test_what_lasted_before_the_start_counts_from_the_start() -> None:
    assert only(Event(-20 * D, "silent", "account-05")).start == START
    assert units(Event(-20 * D, "down", "site-03", 10 * D)) == []


def test_what_an_outage_hides_is_not_expected_meanwhile() -> None:
    blank = Event(D, "blank", "site-03/column-05", 10 * H)
    down = Event(0.5 * D, "down", "site-03", 2 * D)
    hidden = next(unit for unit in units(blank, down) if unit.cause is Cause.BLANK)
    assert hidden.due is None
    later = next(unit for unit in units(Event(D, "blank", "site-03/column-05"), down) if unit.cause is Cause.BLANK)
    assert later.due == START + 2.5 * D + 2 * H + timedelta(seconds=90)


def test_our_own_blindness_hides_everything() -> None:
    down = Event(D + 5 * M, "down", "site-03", 20 * M)
    uplink = Event(D, "uplink_down", "*", H)
    found = {unit.cause: unit for unit in units(down, uplink)}
    assert found[Cause.OUTAGE].due is None
    assert found[Cause.OURS].due is not None


NOW = START + 30 * D


def incident(cause: str, *targets: str, opened: datetime, **more: object) -> dict[str, object]:
    base: dict[str, object] = {"cause": cause, "targets": list(targets), "rules": ["house/now"], "opened_at": opened}
    return base | {"recovered_at": None, "notified_at": opened + M, "severity": "serious"} | more


def judged(
    incidents: list[dict[str, object]], *events: Event, now: datetime = NOW
) -> tuple[list[object], list[object]]:
    found = score(PLAN, units(*events), incidents, now)
    return [line["target"] for line in found["missed"]], [line["target"] for line in found["false"]]


DOWN = Event(D, "down", "site-03", H)


def test_found_is_neither_missed_nor_false() -> None:
    assert judged([incident("outage", "site-03", opened=START + D + 5 * M)], DOWN) == ([], [])


def test_instants_may_be_text() -> None:
    text = (START + D + 5 * M).astimezone(UTC).isoformat()
    found = incident("outage", "site-03", opened=START)
    assert judged([found | {"opened_at": text, "notified_at": text}], DOWN) == ([], [])


def test_nothing_found_is_missed() -> None:
    assert judged([], DOWN) == (["site-03"], [])


def test_not_told_is_missed() -> None:
    lines = score(PLAN, units(DOWN), [incident("outage", "site-03", opened=START + D, notified_at=None)], NOW)
    assert "no notice" in str(lines["missed"][0]["evidence"])
    assert lines["false"] == []


def test_not_missed_before_it_is_due() -> None:
    assert judged([], DOWN, now=START + D + 5 * M) == ([], [])


@pytest.mark.parametrize(
    "wrong",
    [
        incident("outage", "site-04", opened=START + D),
        incident("slow", "site-03", opened=START + D),
        incident("outage", "site-03", opened=START + 3 * D),
        incident("outage", "site-03", opened=START, recovered_at=START + H),
        incident("ours", "*", opened=START + D),
    ],
)
def test_what_nobody_planned_is_false(wrong: dict[str, object]) -> None:
    right = incident("outage", "site-03", opened=START + D + 5 * M)
    missed, false = judged([right, wrong], DOWN)
    assert (missed, len(false)) == ([], 1)


def test_one_wrong_target_among_right_ones() -> None:
    both = [Event(D, "down", "site-03", H), Event(D, "down", "site-04", H)]
    shared = incident("outage", "site-03", "site-04", "site-05", opened=START + D + 5 * M)
    assert judged([shared], *both) == ([], ["site-05"])


def test_links_are_found_by_their_target_id() -> None:
    dead = Event(D, "dead_link", "site-03/link-05")
    known = PLAN.target_id("site-03/link-05")
    assert judged([incident("dead_link", known, opened=START + 2 * D)], dead) == ([], [])
    assert judged([incident("dead_link", "link:0123456789abcdef", opened=START + 2 * D)], dead) == (
        ["site-03/link-05"],
        ["link:0123456789abcdef"],
    )


def test_an_optional_unit_may_be_found_or_not() -> None:
    short = Event(D, "down", "site-03", 6 * M)
    assert judged([], short) == ([], [])
    assert judged([incident("outage", "site-03", opened=START + D + 3 * M)], short) == ([], [])
