"""What a fault leads to when another lies over it: outages that mute, our own trouble that blinds, walls that hide."""

from datetime import timedelta

import pytest

from monitor.city.faults import Event
from monitor.city.terms import Terms
from monitor.model import Cause
from tests.city.truths import PLAN, START, TOLD, D, H, M, S, day, only, optional, told, units

COLUMN = "site-03/column-05"
BACK = 5 * M + 150 * S
"""Until a host's return is confirmed: a cadence and three good looks."""


def of(cause: str, found: list[tuple[str, str, object, object]]) -> list[tuple[str, str, object, object]]:
    return [unit for unit in found if unit[1] == cause]


def test_what_lies_wholly_under_an_outage_is_nothing_at_all() -> None:
    blank, down = Event(D, "blank", COLUMN, 10 * H), Event(0.5 * D, "down", "site-03", 2 * D)
    assert [unit.cause for unit in units(blank, down)] == [Cause.OUTAGE]


def test_what_outlasts_an_outage_counts_from_its_confirmed_end() -> None:
    blank, down = Event(D, "blank", COLUMN), Event(0.5 * D, "down", "site-03", 2 * D)
    (unit,) = of("blank", told(blank, down))
    assert unit[2:] == (2.5 * D, 2.5 * D + BACK + 2 * H + TOLD)


def test_what_was_there_before_an_outage_is_told_before_it() -> None:
    blank, down = Event(D, "blank", COLUMN, 10 * H), Event(D + 3 * H, "down", "site-03", 20 * H)
    assert of("blank", told(blank, down)) == [(COLUMN, "blank", D, D + 2 * H + TOLD)]
    early = Event(D + H, "down", "site-03", 20 * H)
    assert of("blank", told(blank, early)) == []
    assert (COLUMN, "blank") in optional(blank, early), "it could have been seen before"


def test_an_interval_ends_where_the_outage_begins() -> None:
    (unit,) = (
        u for u in units(Event(D, "blank", COLUMN, D), Event(D + 3 * H, "down", "site-03", 5 * D)) if u.target == COLUMN
    )
    assert unit.end == START + D + 3 * H


@pytest.mark.parametrize("kind", ["down", "challenged", "hijacked", "maintenance", "soft_error"])
@pytest.mark.parametrize(
    ("lesser", "target"),
    [("http_500", COLUMN), ("blank", COLUMN), ("silent", COLUMN), ("shell", COLUMN), ("dead_link", "site-03/link-05")],
)
def test_the_whole_host_hides_its_columns_and_links(kind: str, lesser: str, target: str) -> None:
    found = units(Event(20 * D, lesser, target, 30 * D), Event(19 * D, kind, "site-03", 40 * D))
    assert [u for u in found if u.target == target and u.due is not None] == []
    if kind != "challenged":
        assert [u for u in found if u.target == target] == []


def test_a_slow_host_answers_all_the_same() -> None:
    found = units(Event(20 * D, "blank", COLUMN, D), Event(19 * D, "slow", "site-03", 4 * D))
    assert [(u.cause, u.due) for u in found if u.target == COLUMN] == [(Cause.BLANK, None)]


def test_another_sites_outage_hides_nothing() -> None:
    down = Event(D, "down", "site-02", 9 * D)
    assert of("blank", told(Event(2 * D, "blank", COLUMN, D), down))
    assert of("outage", told(Event(2 * D, "down", "site-03", D), down))


def test_a_fault_wholly_inside_our_own_trouble_is_optional() -> None:
    down = Event(D + 5 * M, "down", "site-03", 20 * M)
    for kind in ("uplink_down", "disk_full", "killed"):
        assert ("site-03", "outage") in optional(down, Event(D, kind, "*", H))


def test_a_fault_that_outlasts_our_own_trouble_counts_from_its_end() -> None:
    down = Event(D + 5 * M, "down", "site-03", 2 * H)
    for kind in ("uplink_down", "disk_full", "killed"):
        (unit,) = of("outage", told(down, Event(D, kind, "*", H)))
        # interval from the fault's first instant; due after ten minutes of retry wait, a cadence and three tries
        assert unit[2:] == (D + 5 * M, D + H + 10 * M + 450 * S + TOLD)


def test_an_outage_cut_by_the_uplink_before_it_was_confirmed() -> None:
    (unit,) = of("outage", told(Event(D, "down", "site-03", H), Event(D + 7 * M, "uplink_down", "*", 8 * M)))
    assert unit[3] == D + 15 * M + 10 * M + 450 * S + TOLD


def test_a_notice_kept_back_after_it_was_confirmed() -> None:
    """Seven and a half minutes of looks, then the channel fails for an hour: half a minute and one more were left."""
    channel = Event(D + 8 * M, "channel_down", "channel-duty", H, {"answer": "503"})
    (unit,) = told(Event(D, "down", "site-03", 3 * H), channel)
    assert unit[3] == D + 8 * M + H + 10 * M + M
    elsewhere = Event(D + 8 * M, "channel_down", "channel-other", H, {"answer": "503"})
    assert told(Event(D, "down", "site-03", 3 * H), elsewhere)[0][3] == D + 450 * S + TOLD


def test_a_kill_without_a_length_costs_ten_minutes_and_hides_nothing() -> None:
    kill = Event(D + 2 * M, "killed", "*")
    assert told(Event(D, "down", "site-03", H), kill)[0][3] == D + 10 * M + 450 * S + TOLD
    assert told(Event(2 * D, "down", "site-03", H), kill)[0][3] == 2 * D + 450 * S + TOLD


def test_kills_in_a_row_are_excused_together() -> None:
    kills = [Event(D + n * M, "killed", "*") for n in range(0, 60, 5)]  # the last at 55, excused to 65
    assert told(Event(D, "down", "site-03", 5 * H), *kills)[0][3] == D + 65 * M + 450 * S + TOLD


def test_a_channel_that_never_comes_back_is_never_late() -> None:
    (unit,) = units(Event(D, "down", "site-03", H), Event(D, "channel_down", "channel-duty"))
    assert unit.due is not None
    assert unit.due.year == 9000


def test_our_own_trouble_in_our_own_trouble() -> None:
    uplink = Event(D + 10 * M, "uplink_down", "*", 20 * M)
    assert told(uplink, Event(D, "killed", "*", H)) == []
    assert [u.due for u in units(uplink, Event(D, "disk_full", "*", H)) if u.kind == "uplink_down"] == [None]
    late = Event(D + 10 * M, "uplink_down", "*", 2 * H)
    assert told(late, Event(D, "killed", "*", H)) == [("*", "ours", D + 10 * M, D + 130 * M + 10 * M + 5 * M + TOLD)]
    jump = Event(D + 10 * M, "clock_jump", "*", timedelta(), {"by": "2h"})
    assert told(jump, Event(D, "killed", "*", H)) == []
    assert len(told(jump, Event(D, "uplink_down", "*", H))) == 2


def test_a_full_disk_delays_what_it_kept_from_being_written() -> None:
    down, full = Event(D, "down", "site-03", 30 * M), Event(D + 29 * M, "disk_full", "*", H)
    unit = next(u for u in units(down, full) if u.cause is Cause.OUTAGE)
    assert unit.end is not None
    assert unit.end + unit.glow == START + D + 89 * M + 60 * S


def test_two_outages_with_a_short_gap_are_two() -> None:
    first, second = Event(D, "down", "site-03", H), Event(D + 62 * M, "http_500", "site-03", H)
    assert [unit[2:] for unit in told(first, second)] == [
        (D, D + 450 * S + TOLD),
        (D + 62 * M, D + 62 * M + 450 * S + TOLD),
    ]


def test_two_outages_at_once_are_both_found_by_one_incident() -> None:
    first, second = Event(D, "http_500", "site-03", 2 * H), Event(D + H, "down", "site-03", 3 * H)
    assert [unit[2] for unit in told(first, second)] == [D, D + H]


def test_of_two_reach_faults_the_city_shows_the_one_that_began_first() -> None:
    wall = Event(D, "challenged", "site-03", 20 * H)
    assert told(wall, Event(D + H, "http_500", "site-03", 5 * H)) == [], "the wall stands before the error"
    later = Event(D + 15 * H, "http_500", "site-03", 10 * H)
    assert [unit[2] for unit in told(wall, later)] == [D + 20 * H]


def test_no_name_and_no_connection_come_before_every_answer() -> None:
    for kind in ("dns", "down"):
        wall, fault = Event(D, "challenged", "site-03", 30 * H), Event(D + 2 * H, kind, "site-03", H)
        assert [(u[1], u[2]) for u in told(wall, fault)] == [("outage", D + 2 * H), ("blind", D + 27 * H)]
    reset = Event(D + 2 * H, "down", "site-03", H, {"how": "reset"})
    assert told(Event(D, "challenged", "site-03", 20 * H), reset) == [], "it takes a connection to reset it"


def test_a_look_that_tells_something_begins_blindness_anew() -> None:
    wall, fault = Event(D, "challenged", "site-03", 48 * H), Event(D + 10 * H, "down", "site-03", H)
    (blind,) = of("blind", told(wall, fault))
    assert blind[2:] == (D + 35 * H, D + 35 * H + 5 * M + TOLD)


def test_a_fault_that_no_look_need_have_met_begins_nothing_anew_for_sure() -> None:
    wall, fault = Event(D, "challenged", "site-03", 48 * H), Event(D + 10 * H, "down", "site-03", 3 * M)
    (blind,) = of("blind", told(wall, fault))
    assert blind[2:] == (2 * D, D + 10 * H + 3 * M + 24 * H + 5 * M + TOLD)


def test_walls_in_a_row_are_one_blindness() -> None:
    first, second = Event(D, "challenged", "site-03", 20 * H), Event(D + 20 * H, "shell", "site-03", 20 * H)
    (blind,) = told(first, second)
    assert blind[2:] == (2 * D, 2 * D + 5 * M + TOLD)


def test_walls_apart_are_counted_apart() -> None:
    first, second = Event(D, "challenged", "site-03", 20 * H), Event(D + 21 * H, "shell", "site-03", 20 * H)
    assert units(first, second) == []


def test_our_own_trouble_holds_the_count_of_blindness() -> None:
    wall, uplink = Event(D, "shell", "site-03", 48 * H), Event(D + 10 * H, "uplink_down", "*", 2 * H)
    (blind,) = of("blind", told(wall, uplink))
    assert blind[2] == 2 * D, "earliest: the hours we were cut off counted"
    assert blind[3] == 2 * D + 2 * H + 2 * 5 * M + TOLD, "latest: they did not, and each pause may cost a look"


def test_the_hosts_trouble_holds_the_count_of_a_columns_blindness() -> None:
    wall, down = Event(D, "shell", COLUMN, 5 * D), Event(2 * D, "down", "site-03", 12 * H)
    (blind,) = of("blind", told(wall, down))
    assert blind[2] == 4 * D
    assert blind[3] == 4 * D + 12 * H + BACK + 2 * H + TOLD


def test_a_column_behind_its_sites_wall_needs_no_incident_of_its_own() -> None:
    site, column = Event(D, "challenged", "site-03", 2 * D), Event(3 * D, "shell", COLUMN, 2 * D)
    assert (COLUMN, "blind") in optional(site, column)
    assert of("blind", told(site, column)) == [("site-03", "blind", 2 * D, 2 * D + 5 * M + TOLD)]


def test_silence_behind_a_bridge_that_is_down() -> None:
    silent = Event(9 * H, "silent", "account-05", 30 * D)
    over = units(silent, Event(5 * D, "bridge_down", "account-05", 40 * D))
    assert [u.cause for u in over] == [Cause.BLIND], "nobody can tell that it is silent"
    back = told(silent, Event(5 * D, "bridge_down", "account-05", 15 * D))
    assert back == [
        ("account-05", "blind", 8 * D, 8 * D + H + TOLD),
        ("account-05", "stale", 20 * D, 20 * D + H + TOLD),
    ]
    begun = told(silent, Event(14 * D, "bridge_down", "account-05", 2 * D))
    assert begun == [("account-05", "stale", 13 * D, 13 * D + H + TOLD)]


def test_a_bridge_that_is_down_is_not_silence() -> None:
    assert {u.cause for u in units(Event(D, "bridge_down", "account-05", 40 * D))} == {Cause.BLIND}


def test_a_blank_column_does_not_tell_how_old_it_is() -> None:
    silent, blank = Event(9 * H, "silent", COLUMN, 30 * D), Event(10 * D, "blank", COLUMN, 10 * D)
    assert [(u[1], u[2]) for u in told(silent, blank)] == [("blank", 10 * D), ("stale", 20 * D)]


def test_a_silence_within_a_silence_brings_an_item() -> None:
    first, second = Event(9 * H, "silent", COLUMN, 40 * D), Event(10 * D, "silent", COLUMN, 20 * D)
    found = told(first, second)
    assert [unit[2] for unit in found] == [25 * D], "last items of day 0, 10, 30 and 40: only 10 to 30 is long enough"
    assert units(first, second)[0].end == START + 30 * D


def test_a_silent_column_does_not_make_its_home_page_stale() -> None:
    on_home = next(column.name for column in PLAN.sites[2].columns if column.on_home)
    assert {unit[0] for unit in told(Event(9 * H, "silent", on_home, 60 * D))} == {on_home}


def test_a_silent_home_page_leaves_its_columns_alone() -> None:
    assert {unit[0] for unit in told(Event(9 * H, "silent", "site-03", 60 * D))} == {"site-03"}


def test_a_silent_home_page_under_an_outage_is_stale_once_it_is_back() -> None:
    silent, down = Event(9 * H, "silent", "site-03", 60 * D), Event(10 * D, "down", "site-03", 10 * D)
    (stale,) = of("stale", told(silent, down))
    assert stale[2:] == (20 * D, 20 * D + BACK + 5 * M + TOLD)


def test_an_expired_certificate_shows_behind_a_wall_but_not_in_an_outage() -> None:
    expired = Event(D, "tls_expired", "site-03", 10 * D)
    for kind in ("challenged", "hijacked", "slow"):
        assert of("certificate", told(expired, Event(0.5 * D, kind, "site-03", 20 * D))), kind
    (unit,) = of("certificate", told(expired, Event(0.5 * D, "http_500", "site-03", 3 * D)))
    assert unit[2:] == (3.5 * D, 3.5 * D + BACK + D + TOLD)


def test_links_of_a_home_page_that_is_a_shell_may_be_told_or_not() -> None:
    dead, shell = Event(D, "dead_link", "site-03/link-05", 5 * D), Event(0.5 * D, "shell", "site-03", 8 * D)
    assert optional(dead, shell) == [("site-03/link-05", "dead_link")]


def test_a_column_outage_under_its_sites_outage() -> None:
    column, site = Event(D, "http_500", COLUMN, 10 * H), Event(D + 3 * H, "down", "site-03", 2 * H)
    assert of("outage", told(column, site)) == [
        (COLUMN, "outage", D, D + H + 150 * S + TOLD),
        ("site-03", "outage", D + 3 * H, D + 3 * H + 450 * S + TOLD),
    ]


def test_what_begins_while_we_are_dead_at_a_limit_of_days() -> None:
    silent, killed = Event(9 * H, "silent", COLUMN), Event(15 * D - H, "killed", "*", 3 * H)
    assert only(silent, killed).due == day(2026, 1, 20) + 2 * H + 10 * M + H + TOLD


def test_the_waits_are_the_terms() -> None:
    assert told(Event(D, "challenged", "site-03", 3 * H), terms=Terms(blind_site=H)) == [
        ("site-03", "blind", D + H, D + H + 5 * M + TOLD)
    ]


def jump(at: timedelta, by: str) -> Event:
    return Event(at, "clock_jump", "*", timedelta(), {"by": by})


def test_a_limit_by_a_clock_that_was_set_back_comes_later() -> None:
    (unit,) = of("stale", told(Event(9 * H, "silent", COLUMN, 40 * D), jump(5 * D, "-2h")))
    assert unit[2:] == (15 * D, 15 * D + 2 * H + H + TOLD), "from the true midnight, asked for by the wrong one"
    righted = of("stale", told(Event(9 * H, "silent", COLUMN, 40 * D), jump(5 * D, "-2h"), jump(6 * D, "2h")))
    assert righted == [(COLUMN, "stale", 15 * D, 15 * D + H + TOLD)]


def test_a_limit_by_a_clock_that_was_set_forward_comes_earlier() -> None:
    (unit,) = of("stale", told(Event(9 * H, "silent", COLUMN, 40 * D), jump(5 * D, "3h")))
    assert unit[2:] == (15 * D - 3 * H, 15 * D + H + TOLD), "from the wrong midnight, asked for by the true one"
    (late,) = of("stale", told(Event(9 * H, "silent", COLUMN, 40 * D), jump(15 * D - H, "3h")))
    assert late[2] == 15 * D - H, "not before the clock was set"


def test_blindness_by_a_clock_that_was_set() -> None:
    back = of("blind", told(Event(D, "shell", "site-03", 3 * D), jump(D + H, "-2h")))
    assert back == [("site-03", "blind", 2 * D, 2 * D + 2 * H + 5 * M + TOLD)]
    forward = of("blind", told(Event(D, "shell", "site-03", 3 * D), jump(D + H, "2h")))
    assert forward == [("site-03", "blind", 2 * D - 2 * H, 2 * D + 5 * M + TOLD)]


def test_a_fault_inside_two_troubles_that_follow_one_another() -> None:
    """Uplink, then disk: only their end lets anything be seen, and the ten minutes of both are excused."""
    down = Event(D + 5 * M, "down", "site-03", 3 * H)
    (unit,) = of("outage", told(down, Event(D, "uplink_down", "*", H), Event(D + H, "disk_full", "*", H)))
    assert unit[3] == D + 2 * H + 10 * M + 450 * S + TOLD


def test_a_delay_counts_from_the_end_of_what_hid_the_fault() -> None:
    down, uplink = Event(D + 5 * M, "down", "site-03", 2 * H), Event(D, "uplink_down", "*", H)
    unit = next(u for u in units(down, uplink) if u.cause is Cause.OUTAGE)
    assert (unit.start, unit.since) == (START + D + 5 * M, START + D + H)
