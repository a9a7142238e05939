"""Scenario files: what is well said is understood, and everything that is not is told at once, with its line."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from monitor.city.faults import ScenarioError
from monitor.city.options import jump_of, moment
from monitor.city.scenario import read_scenario

PACKS = ("house", "national-2019")
GOOD = """
start = "2026-01-05T00:00:00+08:00"
days = 120
seed = 7
rules = ["national-2019", "house"]
[cadence]
site = "15m"
[city]
sites = 60
columns_per_site = 20
accounts = 80
links_per_home = 200
[[event]]
at = "3d 02:10"
for = "40m"
kind = "down"
target = "site-03"
[[event]]
at = "30d"
kind = "tls_expired"
target = "site-04"
[[event]]
at = "40d"
kind = "clock_jump"
target = "*"
by = "-2h"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "play.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(written(tmp_path, text), PACKS)
    return caught.value.problems


def test_the_example_of_the_design_is_understood(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, GOOD), PACKS)
    assert (scenario.days, scenario.seed, len(scenario.plan.sites), len(scenario.plan.accounts)) == (120, 7, 60, 80)
    assert scenario.cadence == {"site": timedelta(minutes=15)}
    assert scenario.end - scenario.start == timedelta(days=120)
    down, expired, jump = scenario.events
    assert (down.at, down.lasts) == (timedelta(days=3, hours=2, minutes=10), timedelta(minutes=40))
    assert scenario.plan.site_of(expired.target).https, "who is to lose a certificate has one"
    assert jump_of(jump) == timedelta(hours=-2)


def test_another_seed_makes_another_city(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert read_scenario(path, PACKS, seed=8).plan != read_scenario(path, PACKS).plan
    assert read_scenario(path, PACKS, seed=7).plan == read_scenario(path, PACKS).plan


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    bad = """
start = "yesterday"
days = 0
color = "red"
rules = ["some-town-2020"]
[cadence]
sight = "5m"
column = "soon"
[city]
sites = -1
[[event]]
at = "3d 25:10"
kind = "down"
target = "site-03"
[[event]]
at = "1d"
kind = "declared"
target = "site-01"
declare = "holiday"
from = "soon"
[[event]]
at = "1d"
for = "0m"
kind = "clock_jump"
target = "*"
colour = 1
"""
    found = "\n".join(problems(tmp_path, bad))
    for words in (
        "start: expected", "days: expected", "color: unknown key", "no pack 'some-town-2020'", "cadence.sight: unknown key",
        "cadence.column: expected", "city.sites: expected", "play.toml:11: event 1: at: expected",
        'play.toml:15: event 2: declare: expected "temporary_offline" or', "event 2: from: expected a time since the start",
        "event 3: by: expected", "event 3: colour: unknown key",
    ):  # fmt: skip
        assert words in found, words


def test_events_on_a_line_each_are_told_by_their_own_line(tmp_path: Path) -> None:
    bad = """start = "2026-01-05T00:00:00+08:00"
days = 3
event = [  # at the [[event]] of another file { this would be
    { at = "1d", kind = "down", target = "site-01" }, { at = "2d", kind = "upp", target = "site-01" },
    # { at = "1d" }
    { at = "2d", kind = "down", target = "}] site-99" },

    { at = "9d", kind = "killed", target = "*" }
]
[city]
sites = 12
"""
    unknown, nowhere, late = problems(tmp_path, bad)
    assert "play.toml:4: event 2: unknown kind 'upp'" in unknown
    assert "play.toml:8: event 4: at: expected" in late
    assert "play.toml:6: event 3: down: the city has no '}] site-99'" in nowhere


@pytest.mark.parametrize(
    ("kind", "target", "option", "words"),
    [
        ("down", "site-01", 'how = "banana"', 'how: expected "refused" or "reset"'),
        ("dns", "site-01", 'answer = "banana"', 'answer: expected "nxdomain"'),
        ("slow", "site-01", 'seconds = "abc"', "seconds: expected a number from 1 to 25, not 'abc'"),
        ("slow", "site-01", "seconds = -5", "seconds: expected a number"),
        ("maintenance", "site-01", 'back_days = "x"', "back_days: expected a number"),
        ("challenged", "site-01", "status = 99", 'status: expected "412"'),
        ("hijacked", "site-01", 'how = "reset"', 'how: expected "parked" or "spam"'),
        ("channel_down", "channel-duty", 'answer = "banana"', 'answer: expected "refused"'),
        ("channel_down", "channel-nosuch", 'answer = "500"', "the city has one channel, 'channel-duty'"),
        ("ack", "site-01", "by = 5", "by: expected a name, not 5"),
        ("declared", "site-01", "", 'declare: expected "temporary_offline" or'),
        ("declared", "site-01", 'declare = "migration"\nfor = "2d"', "for: declared is over at once, leave this out"),
        ("declared", "site-01", 'declare = "migration"\nto = "1d"', "to: not after it begins"),
        ("declared", "site-01", 'declare = "migration"\nfrom = "-3d"\nto = "-4d"', "to: not after it begins"),
        ("declared", "site-01", 'declare = "migration"\nnumber = 5', "number: expected a document number, not 5"),
        ("declared", "site-01", 'declare = "temporary_offline"', "to: a temporary_offline says when it ends"),
        ("declared", "site-01", 'declare = "launch"\nto = "9d"', "to: a launch has no end, leave this out"),
        ("declared", "site-01", 'declare = "account_closing"', "declare: on site no account_closing is filed"),
        ("declared", "account-01", 'declare = "migration"', "declare: on account no migration is filed"),
        (
            "message",
            "site-01",
            'answered = "2d"',
            'class: expected "jiucuo" or "consulting" or "handling", not nothing',
        ),
        ("message", "site-01", 'class = "jiucuo"\nanswered = "23:00"', "answered: before the message came"),
        (
            "message",
            "site-01",
            'class = "jiucuo"\nby = "page"',
            "by: only sites with a reply list have messages by page",
        ),
        ("message", "site-01", 'class = "jiucuo"\nby = "post"', 'by: expected "people" or "page"'),
        ("declared", "site-01/column-01", 'declare = "launch"', "declare: on column no launch is filed"),
        ("message", "*", 'class = "jiucuo"', "'message' befalls account, site, not '*'"),
        ("clock_jump", "*", "", "by: expected a length of time such as"),
        ("down", "site-1", "", "the city has no 'site-1' (perhaps site-01?)"),
    ],
)
def test_what_a_kind_does_not_take_is_told(tmp_path: Path, kind: str, target: str, option: str, words: str) -> None:
    (one,) = problems(tmp_path, GOOD + f'[[event]]\nat = "1d"\nkind = "{kind}"\ntarget = "{target}"\n' + option + "\n")
    assert words in one


@pytest.mark.parametrize("status", ['"503"', "503", '"errcode"'])
def test_what_a_channel_answers_may_be_a_number(tmp_path: Path, status: str) -> None:
    event = f'[[event]]\nat = "1d"\nkind = "channel_down"\ntarget = "channel-duty"\nanswer = {status}\n'
    path = tmp_path / "play.toml"
    path.write_text(GOOD + event, encoding="utf-8")
    assert read_scenario(path, ["national-2019", "house"]).events[-1].option("answer", "") in {"503", "errcode"}


def test_events_that_are_no_tables_are_told_once(tmp_path: Path) -> None:
    (one,) = problems(tmp_path, 'start = "2026-01-05T00:00:00+08:00"\ndays = 3\nevent = [1]\n')
    assert "event 1: expected a table, not 1" in one
    (one,) = problems(tmp_path, 'start = "2026-01-05T00:00:00+08:00"\ndays = 3\nevent = 1\n')
    assert "event: expected [[event]] tables" in one


def test_one_mistake_hides_no_other(tmp_path: Path) -> None:
    bad = """start = "2026-01-05"
days = "many"
[[event]]
at = "25:00"
kind = ["down"]
target = "site-99"
[[event]]
at = "1d"
kind = "dns"
target = "site-99"
answer = 3
[[event]]
kind = "down"
target = "column-9"
"""
    found = problems(tmp_path, bad)
    for words in (
        "start: expected", "days: expected", "event 1: at: expected", "event 1: unknown kind ['down']",
        "event 2: dns: the city has no 'site-99'", "event 2: answer: expected", "event 3: at: expected",
        "event 3: down: the city has no 'column-9'", "not nothing",
    ):  # fmt: skip
        assert any(words in one for one in found), words


def test_a_city_that_cannot_be_counted_hides_no_other_mistake(tmp_path: Path) -> None:
    bad = """start = "2026-01-05T00:00:00+08:00"
days = 3
[city]
accounts = "x"
[[event]]
at = "1d"
kind = "down"
target = "site-99"
[[event]]
at = "1d"
kind = "silent"
target = "account-77"
"""
    numbers, missing = problems(tmp_path, bad)
    assert "city.accounts: expected a whole number" in numbers
    assert "the city has no 'site-99'" in missing, "and nothing is said of accounts nobody can count"


def test_what_the_city_does_not_have_is_told(tmp_path: Path) -> None:
    missing = (
        GOOD
        + '[[event]]\nat = "1d"\nkind = "down"\ntarget = "site-99"\n[[event]]\nat = "2d"\nkind = "blank"\ntarget = "site-01"\n'
    )
    first, second = problems(tmp_path, missing)
    assert "the city has no 'site-99'" in first
    assert "'blank' befalls column, not 'site-" in second


def test_an_event_after_the_end_is_told(tmp_path: Path) -> None:
    (one,) = problems(tmp_path, GOOD + '[[event]]\nat = "120d"\nkind = "down"\ntarget = "site-01"\n')
    assert "before the end" in one


@pytest.mark.parametrize("text", ["", "days = ", "\x00"])
def test_no_scenario_at_all(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(tmp_path / "none.toml", PACKS)


@given(st.integers(0, 3000), st.integers(0, 23), st.integers(0, 59))
def test_moments_are_read_as_they_are_written(days: int, hours: int, minutes: int) -> None:
    assert moment(f"{days}d {hours:02}:{minutes:02}") == timedelta(days=days, hours=hours, minutes=minutes)
    assert moment(f"{days}d") == timedelta(days=days)
    assert moment(f"{hours}:{minutes:02}") == timedelta(hours=hours, minutes=minutes)
    assert moment(f"{days} m") == timedelta(minutes=days)


@given(st.text(max_size=12) | st.integers() | st.none())
def test_anything_else_is_no_moment_and_no_crash(text: object) -> None:
    assert moment(text) is None or isinstance(text, str)


def test_an_unknown_kind_hides_no_wrong_target(tmp_path: Path) -> None:
    told = problems(tmp_path, GOOD.replace('"down"', '"dwn"').replace('"site-03"', '"site-99"'))
    assert [one.partition("event 1: ")[2].partition(" (")[0] for one in told] == [
        "unknown kind 'dwn'",
        "the city has no 'site-99'",
    ]


EVENT = '[[event]]\nat = "{at}"\nkind = "{kind}"\ntarget = "{target}"\n'


def words(tmp_path: Path, text: str) -> list[str]:
    """The problems without file, line and hints."""
    return [one.partition(": ")[2].partition(" (")[0] for one in problems(tmp_path, text)]


def test_a_certificate_is_a_site_s(tmp_path: Path) -> None:
    for target in ("account-03", "account-*", "site-03/column-02"):
        told = words(tmp_path, GOOD + EVENT.format(at="4d", kind="tls_expired", target=target))
        assert told == [f"event 4: 'tls_expired' befalls site, not {target!r}"]


def test_a_mistake_of_an_event_invents_no_other(tmp_path: Path) -> None:
    told = words(tmp_path, GOOD + EVENT.format(at="400d", kind="tls_expired", target="site-09"))
    assert [one.partition(", such")[0] for one in told] == [
        "event 4: at: expected a time before the end after 120 days"
    ]


def test_an_unknown_kind_hides_no_key_that_nobody_knows(tmp_path: Path) -> None:
    told = words(tmp_path, GOOD.replace('kind = "down"', 'kind = "dwn"\nfro = "40m"\nseconds = 17'))
    assert told == ["event 1: unknown kind 'dwn'", "event 1: fro: unknown key"]


def test_what_is_no_table_hides_no_event(tmp_path: Path) -> None:
    inline = 'event = [{ at = "1d", kind = "down", target = "site-99" }, 3, { at = "x", kind = "down", target = "site-03" }]\n'
    told = problems(tmp_path, inline + GOOD.partition("[[event]]")[0])
    assert [one.partition(": ")[2].partition(" (")[0].partition(", such")[0] for one in told] == [
        "event 1: down: the city has no 'site-99'",
        "event 2: expected a table, not 3",
        "event 3: at: expected a time before the end after 120 days",
    ]
    assert ":1: event 3" in told[2]


def test_a_city_that_is_no_table_says_nothing_of_targets(tmp_path: Path) -> None:
    head, _, tail = GOOD.partition("[city]")
    city = "city = 3\n" + head + tail[tail.index("[[event]]") :]
    assert words(tmp_path, city) == ["city: expected a table"]


def test_problems_come_in_the_order_of_the_events(tmp_path: Path) -> None:
    text = GOOD.replace('"site-03"', '"site-99"').replace('at = "30d"', 'at = "300d"')
    told = words(tmp_path, "days = 0\n" + text.replace("days = 120", ""))
    assert [one.partition(":")[0] for one in told] == ["days", "event 1"]
    assert [one.partition(":")[0] for one in words(tmp_path, text)] == ["event 1", "event 2"]
