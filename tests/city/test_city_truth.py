"""What a scenario must lead to, kind by kind, in cases worked out by hand from DESIGN.md §4.6 and domain.md §12."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.city.faults import Event
from monitor.city.plan import Column
from monitor.city.terms import Terms
from monitor.clock import SHANGHAI
from monitor.model import Cause, ColumnKind
from tests.city.truths import PLAN, START, TOLD, D, H, M, S, day, only, optional, told, units

DYNAMIC = "site-03/column-05"
POLICY = next(c.name for c in PLAN.sites[0].columns if c.kind is ColumnKind.POLICY)
OTHER = next(c.name for c in PLAN.sites[0].columns if c.kind is ColumnKind.OTHER)


@pytest.mark.parametrize("kind", ["down", "dns", "timeout", "http_500", "http_404", "maintenance", "soft_error"])
def test_what_makes_a_site_unreachable_is_one_outage(kind: str) -> None:
    unit = only(Event(3 * D + 130 * M, kind, "site-03", 40 * M))
    at = START + 3 * D + 130 * M
    assert (unit.target, unit.cause, unit.start, unit.end) == ("site-03", Cause.OUTAGE, at, at + 40 * M)
    assert unit.due == at + 5 * M + 150 * S + TOLD, "a cadence, three tries, grouping, a minute"
    assert (unit.since, unit.rule) == (at, "house/outage")


def test_slow_is_an_incident_of_its_own() -> None:
    assert told(Event(D, "slow", "site-03", H)) == [("site-03", "slow", D, D + 450 * S + TOLD)]


def test_slow_is_a_timeout_from_half_a_minute_and_nothing_below_fifteen_seconds() -> None:
    assert only(Event(D, "slow", "site-03", H, {"seconds": 31})).cause is Cause.OUTAGE
    assert only(Event(D, "slow", "site-03", H, {"seconds": 29})).cause is Cause.SLOW
    assert units(Event(D, "slow", "site-03", H, {"seconds": 14})) == []


def test_the_fifteen_seconds_are_the_home_pages() -> None:
    assert optional(Event(D, "slow", DYNAMIC, 5 * H)) == [(DYNAMIC, "slow")]


def test_a_hijacked_site_is_tamper_at_the_next_look() -> None:
    assert told(Event(D, "hijacked", "site-03", H)) == [("site-03", "tamper", D, D + 5 * M + TOLD)]
    assert optional(Event(D, "hijacked", "site-03", 4 * M)) == [("site-03", "tamper")]


def test_a_hijacked_column_is_tamper_too() -> None:
    assert told(Event(D, "hijacked", DYNAMIC, 2 * H)) == [(DYNAMIC, "tamper", D, D + H + TOLD)]


def test_a_friendly_link_that_turned_waits_for_its_turn_and_a_second_look() -> None:
    wait = 5 * M + D + H
    assert told(Event(D, "hijacked", "site-03/friend", 3 * D)) == [("site-03/friend", "tamper", D, D + wait + TOLD)]
    assert optional(Event(D, "hijacked", "site-03/friend", D)) == [("site-03/friend", "tamper")]
    assert only(Event(D, "hijacked", "site-03/friend", 3 * D)).rule == "house/link-turned"


@pytest.mark.parametrize(
    ("rules", "pack"), [({"house", "national-2019"}, "house/"), ({"national-2019"}, "national-2019/")]
)
def test_hidden_links_break_a_rule_of_either_pack(rules: set[str], pack: str) -> None:
    for target in ("site-03", DYNAMIC):
        (unit,) = units(Event(D, "hidden_link", target, 5 * H), terms=Terms(rules=frozenset(rules)))
        assert (unit.cause, unit.target) == (Cause.TAMPER, target)
        assert (unit.rule or "").startswith(pack)


def test_an_expired_certificate_is_seen_within_a_day() -> None:
    assert told(Event(D, "tls_expired", "site-03", 3 * D)) == [("site-03", "certificate", D, 2 * D + TOLD)]
    assert optional(Event(D, "tls_expired", "site-03", 23 * H)) == [("site-03", "certificate")]


def test_a_dead_link_waits_for_its_turn_a_second_look_and_the_last_link_of_its_page() -> None:
    turn = 5 * M + D + H
    assert told(Event(D, "dead_link", "site-03/link-05", 5 * D)) == [
        ("site-03/link-05", "dead_link", D, D + turn + D + TOLD)
    ]
    assert optional(Event(D, "dead_link", "site-03/link-05", turn - S)) == [("site-03/link-05", "dead_link")]
    assert told(Event(D, "dead_link", "site-03/link-05", turn))


def test_a_forged_date_is_asked_for_only_of_a_list_that_was_read_before() -> None:
    assert told(Event(D, "backdated", DYNAMIC, 5 * H)) == [(DYNAMIC, "forged_date", D, D + H + TOLD)]
    forged, blank = Event(D, "backdated", DYNAMIC, 5 * H), Event(D - H, "blank", DYNAMIC, 9 * H)
    early = Event(59 * M, "backdated", DYNAMIC, 5 * H)
    assert optional(early) == [(DYNAMIC, "forged_date")], "it may have been forged when it was first looked at"
    walled = units(Event(timedelta(), "challenged", "site-03", D), forged)
    assert [unit.due for unit in walled if unit.cause is Cause.FORGED_DATE] == [None], "nobody could read it before"
    assert [unit.kind for unit in units(blank, forged)] == ["blank"], "an empty list shows no date"


def test_a_blank_column_is_told_after_two_looks() -> None:
    assert told(Event(D, "blank", DYNAMIC, 5 * H)) == [(DYNAMIC, "blank", D, D + 2 * H + TOLD)]
    assert optional(Event(D, "blank", DYNAMIC, 119 * M)) == [(DYNAMIC, "blank")]


@pytest.mark.parametrize("kind", ["down", "timeout", "http_500", "http_404", "soft_error"])
def test_a_column_that_does_not_open_is_an_outage(kind: str) -> None:
    assert told(Event(D, kind, DYNAMIC, 2 * H)) == [(DYNAMIC, "outage", D, D + H + 150 * S + TOLD)]


def test_the_home_pages_own_link_to_a_column_that_does_not_open_may_be_told_or_not() -> None:
    ((target, cause),) = optional(Event(D, "http_404", DYNAMIC, 3 * D))
    assert cause == "dead_link"
    assert target.startswith("link:")
    assert optional(Event(D, "blank", DYNAMIC, 3 * D)) == []


def test_our_own_trouble_is_the_daemons() -> None:
    down, full = only(Event(D, "uplink_down", "*", H)), only(Event(D, "disk_full", "*", H))
    for unit in (down, full):
        assert (unit.target, unit.cause, unit.rule) == ("*", Cause.OURS, None)
        # inside nobody can be told, ten minutes of waiting for the next try, a cadence
        assert unit.due == START + D + H + 10 * M + 5 * M + TOLD
    assert down.glow == 60 * S
    assert full.glow >= 10 * M, "what cannot be written down is written down afterwards"


def test_our_own_trouble_that_no_round_need_have_met_is_optional() -> None:
    for kind in ("uplink_down", "disk_full"):
        assert only(Event(D, kind, "*", 7 * M)).due is None
        assert only(Event(D, kind, "*", 450 * S)).due is not None


def test_a_clock_that_was_set_is_told_at_once_though_it_is_over() -> None:
    unit = only(Event(D, "clock_jump", "*", timedelta(), {"by": "-2h"}))
    assert (unit.start, unit.end, unit.glow) == (START + D, START + D, H)
    assert unit.due == START + D + 10 * M + 5 * M + TOLD
    assert only(Event(D, "clock_jump", "*", timedelta(), {"by": "5s"})).due is None


@pytest.mark.parametrize("kind", ["killed", "ack", "channel_down"])
def test_what_leads_to_nothing_by_itself(kind: str) -> None:
    assert units(Event(D, kind, "channel-duty" if kind == "channel_down" else "*", D)) == []


ENTRY = "site-04/entry-2"


def test_a_lost_entry_is_told_after_two_looks_an_hour_apart() -> None:
    found = told(Event(D, "entry_missing", ENTRY, 5 * D))
    assert found == [(ENTRY, "entry_present", D, D + D + H + TOLD)]
    assert optional(Event(D, "entry_missing", ENTRY, D + H - S)) == [(ENTRY, "entry_present")]


@pytest.mark.parametrize(
    ("number", "rules", "lost", "gone"),
    [
        (1, {"house", "national-2019"}, "national-2019/N-SERVICE", "national-2019/N-SERVICE-PAGE"),
        (2, {"national-2019"}, "national-2019/N-CHANNEL", "national-2019/N-CHANNEL-PAGE"),
        (3, {"national-2019"}, "national-2019/N-REPORT-HOME", "national-2019/N-REPORT-HOME-PAGE"),
        (4, {"house"}, "house/entry", "house/page-outage"),
    ],
)
def test_an_entry_breaks_the_rule_of_its_kind(number: int, rules: set[str], lost: str, gone: str) -> None:
    terms, entry = Terms(rules=frozenset(rules)), f"site-04/entry-{number}"
    assert only(Event(D, "entry_missing", entry, 5 * D), terms=terms).rule == lost
    *dead, outage = sorted(
        units(Event(D, "http_404", entry, 5 * D), terms=terms), key=lambda unit: unit.target == entry
    )
    assert (outage.target, outage.cause, outage.rule) == (entry, Cause.OUTAGE, gone)
    assert all(unit.cause is Cause.DEAD_LINK and unit.due is None for unit in dead), (
        "its links are dead, and may be told"
    )


def test_an_entry_is_lost_from_a_home_page_that_can_be_read() -> None:
    lost = Event(D, "entry_missing", ENTRY, 5 * D)
    assert told(lost, Event(D - H, "shell", "site-04", 7 * D))[0][1] == "blind", "and of the entry nothing"
    assert [unit.due for unit in units(lost, Event(2 * D, "down", "site-04", 4 * D)) if unit.target == ENTRY] == [None]


def test_a_wall_before_a_site_hides_its_entries() -> None:
    blind = {unit.target for unit in units(Event(D, "challenged", "site-04", 9 * D)) if unit.cause is Cause.BLIND}
    assert blind >= {"site-04", *(f"site-04/entry-{n}" for n in range(1, 5))}


@pytest.mark.parametrize(
    ("kind", "target", "cause"),
    [
        ("hidden_link", "site-03", Cause.TAMPER),
        ("marks_missing", "site-03", Cause.MARKS),
        ("backdated", DYNAMIC, Cause.FORGED_DATE),
    ],
)
def test_kinds_to_come_have_their_causes(kind: str, target: str, cause: Cause) -> None:
    assert only(Event(D, kind, target, 5 * D)).cause is cause


def test_shorter_than_cadence_and_confirmation_is_optional() -> None:
    assert only(Event(D, "down", "site-03", 450 * S - S)).due is None
    assert only(Event(D, "down", "site-03", 450 * S)).due is not None


def test_each_event_is_an_incident_of_its_own() -> None:
    assert len(told(Event(D, "down", "site-03", H), Event(D + 2 * H, "down", "site-03", H))) == 2


def test_a_pattern_counts_once_for_each_target() -> None:
    assert len(told(Event(D, "timeout", "site-*", H))) == 10


def test_a_wall_is_nothing_and_then_one_blind_incident() -> None:
    found = units(Event(D, "challenged", "site-03"))
    mine = next(unit for unit in found if unit.target == "site-03")
    assert (mine.cause, mine.start, mine.due) == (Cause.BLIND, START + 2 * D, START + 2 * D + 5 * M + TOLD)
    columns = [unit for unit in found if unit is not mine]
    assert {(unit.due, unit.start) for unit in columns} == {(None, START + 4 * D)}
    assert len(columns) == 20 + 4, "and the entries"
    assert units(Event(D, "challenged", "site-03", 20 * H)) == []


def test_a_shell_takes_the_home_page_only() -> None:
    assert told(Event(D, "shell", "site-03", 5 * D)) == [("site-03", "blind", 2 * D, 2 * D + 5 * M + TOLD)]
    assert optional(Event(D, "shell", "site-03", 5 * D)) == []


@pytest.mark.parametrize("kind", ["shell", "maintenance", "challenged"])
def test_a_column_nobody_can_read_is_blind_after_three_days(kind: str) -> None:
    assert told(Event(D, kind, DYNAMIC, 5 * D)) == [(DYNAMIC, "blind", 4 * D, 4 * D + H + TOLD)]


def test_a_bridge_is_blind_after_three_days() -> None:
    assert told(Event(D, "bridge_down", "account-05")) == [("account-05", "blind", 4 * D, 4 * D + H + TOLD)]


def test_blindness_about_as_long_as_its_limit_is_optional() -> None:
    lengths = (3 * D - H, 3 * D - 59 * M, 3 * D + 59 * M, 3 * D + H)
    short, close, longer, long = (units(Event(D, "shell", DYNAMIC, length)) for length in lengths)
    assert short == []
    assert (close[0].due, longer[0].due) == (None, None)
    assert close[0].glow == H + 60 * S, "the clock may bring the limit about before the next look"
    assert long[0].due == START + 4 * D + H + TOLD
    for length, asked in ((24 * H - 5 * M, 0), (24 * H + 4 * M, 0), (24 * H + 5 * M, 1)):
        assert len([u for u in told(Event(D, "challenged", "site-03", length)) if u[0] == "site-03"]) == asked


def test_a_silent_dynamic_column_is_stale_from_day_fifteen() -> None:
    unit = only(Event(10 * H, "silent", DYNAMIC))
    assert unit.start == day(2026, 1, 20), "5 January is day 0"
    assert (unit.due, unit.rule) == (unit.start + H + TOLD, "national-2019/N-COL-DYN")


def test_under_a_veto_the_last_warning_opens_the_incident() -> None:
    for target, rule, cadence in (("site-03", "N-HOME", 5 * M), ("account-05", "N-ACC", H)):
        unit = only(Event(10 * H, "silent", target))
        assert (unit.start, unit.due) == (day(2026, 1, 18), day(2026, 1, 18) + cadence + TOLD), "day 13"
        assert unit.rule == f"national-2019/{rule}"


def test_the_last_item_is_of_the_civil_day_in_shanghai() -> None:
    late, early = Event(D - S, "silent", DYNAMIC), Event(D, "silent", DYNAMIC)
    assert only(late).start == day(2026, 1, 20)
    assert only(early).start == day(2026, 1, 21)


@pytest.mark.parametrize(
    ("target", "last", "opens"),
    [
        (DYNAMIC, (2026, 2, 20), (2026, 3, 7)),  # 28 days in February
        (DYNAMIC, (2028, 2, 20), (2028, 3, 6)),  # 29
        (DYNAMIC, (2028, 2, 29), (2028, 3, 15)),
        (DYNAMIC, (2026, 12, 25), (2027, 1, 9)),  # over the year
        ("site-03", (2026, 12, 25), (2027, 1, 7)),
        ("account-05", (2028, 2, 16), (2028, 2, 29)),
        (POLICY, (2025, 8, 31), (2026, 3, 1)),  # the last of February, and a day
        (POLICY, (2027, 8, 31), (2028, 3, 1)),  # which is the 29th
        (POLICY, (2027, 8, 29), (2028, 3, 1)),
        (POLICY, (2027, 8, 28), (2028, 2, 29)),
        (POLICY, (2026, 12, 31), (2027, 7, 1)),  # 30 June
        (OTHER, (2025, 8, 31), (2026, 9, 1)),
        (OTHER, (2028, 2, 29), (2029, 3, 1)),  # 28 February, and a day
        (OTHER, (2027, 2, 28), (2028, 2, 29)),
    ],
)
def test_the_calendar(target: str, last: tuple[int, int, int], opens: tuple[int, int, int]) -> None:
    start = day(*last) - 30 * D
    assert only(Event(30 * D + 9 * H, "silent", target), start=start).start == day(*opens)
    assert isinstance(PLAN.by_name[POLICY], Column)


def test_silence_that_ends_in_time_is_nothing() -> None:
    assert units(Event(D, "silent", DYNAMIC, 15 * D)) == [], "the new item is there at the first instant of day 15"
    assert optional(Event(D, "silent", DYNAMIC, 15 * D + 59 * M)) == [(DYNAMIC, "stale")]
    assert told(Event(D, "silent", DYNAMIC, 15 * D + H)) == [(DYNAMIC, "stale", 16 * D, 16 * D + H + TOLD)]


def test_a_veto_comes_due_by_the_clock_before_the_item_of_the_last_minutes_is_seen() -> None:
    assert units(Event(D, "silent", "account-05", 12 * D + 23 * H)) == []
    assert optional(Event(D, "silent", "account-05", 12 * D + 23 * H + M)) == [("account-05", "stale")]
    assert optional(Event(D, "silent", "account-05", 13 * D + 59 * M)) == [("account-05", "stale")]
    assert told(Event(D, "silent", "account-05", 13 * D + H))


def test_what_lasted_before_the_start_counts_from_the_start() -> None:
    assert only(Event(-20 * D, "silent", "account-05")).start == START
    assert only(Event(-5 * D, "silent", "account-05")).start == day(2026, 1, 13)
    assert units(Event(-20 * D, "down", "site-03", 10 * D)) == []
    assert units(Event(-20 * D, "silent", "account-05", 10 * D)) == []


def test_outages_of_29_30_and_31_days_are_one_outage_each() -> None:
    for days in (29, 30, 31):
        (unit,) = (u for u in units(Event(D, "down", "site-03", days * D)) if u.cause is Cause.OUTAGE)
        assert (unit.start, unit.end) == (START + D, START + (1 + days) * D)


CLOSED = Event(H, "declared", "site-03", timedelta(), {"declare": "temporary_offline", "to": "90d"})


def test_without_the_house_rules_an_outage_is_asked_for_at_once_or_as_filed_from_day_31() -> None:
    terms, down = Terms(rules=frozenset({"national-2019"})), Event(D + H, "down", "site-03", 31 * D)
    (at_once,) = units(down, terms=terms)
    assert (at_once.due, at_once.rule) == (START + D + H + 450 * S + TOLD, "national-2019/N-OFF-UNFILED")
    for days, due in ((30, None), (31, day(2026, 2, 6) + 450 * S + TOLD)):  # down since 6 January, 01:00
        (filed,) = units(CLOSED, Event(D + H, "down", "site-03", days * D), terms=terms)
        assert (filed.due, filed.rule) == (due, "national-2019/N-OFF-30")
    short = replace(CLOSED, options={"declare": "temporary_offline", "to": "3d"})
    (left,) = units(short, down, terms=terms)
    assert left.due == START + 3 * D + 450 * S + TOLD, "from when the closure that was filed is over"


@pytest.mark.parametrize(
    ("kind", "target", "pack"),
    [
        ("slow", "site-03", "house"),
        ("hijacked", "site-03", "house"),
        ("blank", DYNAMIC, "house"),
        ("http_500", DYNAMIC, "house"),
        ("tls_expired", "site-03", "house"),
        ("silent", DYNAMIC, "national-2019"),
        ("silent", "site-03", "national-2019"),
        ("dead_link", "site-03/link-05", "national-2019"),
    ],
)
def test_what_no_loaded_rule_asks_for_is_not_expected(kind: str, target: str, pack: str) -> None:
    event = Event(D, kind, target, 3 * H if kind in {"slow", "hijacked"} else 40 * D)
    assert told(event, terms=Terms(rules=frozenset({pack})))
    other = {"house": "national-2019", "national-2019": "house"}[pack]
    assert told(event, terms=Terms(rules=frozenset({other}))) == []


def test_blindness_and_our_own_trouble_need_no_rule() -> None:
    terms = Terms(rules=frozenset())
    assert told(Event(D, "bridge_down", "account-05", 9 * D), Event(D, "uplink_down", "*", H), terms=terms)


def test_cadences_of_the_scenario_count() -> None:
    terms = Terms(site=30 * M, column=6 * H)
    assert told(Event(D, "down", "site-03", H), terms=terms) == [("site-03", "outage", D, D + 1950 * S + TOLD)]
    assert optional(Event(D, "blank", DYNAMIC, 11 * H), terms=terms) == [(DYNAMIC, "blank")]


def test_a_start_in_another_zone_is_the_same_instant() -> None:
    start = datetime.fromisoformat("2026-01-04T16:00:00+00:00")
    (unit,) = (only(Event(10 * H, "silent", DYNAMIC), start=start),)
    assert unit.start == day(2026, 1, 20)
    assert start == datetime(2026, 1, 5, tzinfo=SHANGHAI)
