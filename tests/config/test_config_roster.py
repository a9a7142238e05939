"""A roster that is allowed and hardly meant: warned of at its table; and against today: gaps, an end."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from monitor.clock import SHANGHAI
from monitor.config.document import Document, Report
from monitor.config.load import load
from monitor.config.problems import ConfigError
from monitor.config.rota import warn_roster
from monitor.judge.shifts import shifts_between
from monitor.model import Repeating, Shift
from monitor.onduty import gap_of
from tests.judge.made import at

PEOPLE = '[[channel]]\nid = "c"\nurl = "console://"\n' + "".join(
    f'[[person]]\nid = "{name}"\nname = "{name}"\nchannels = ["c"]\n' for name in ("zhang", "li")
)
DAY = '[[shift]]\ndays = "mon-sun"\nfrom = "08:00"\nto = "20:00"\npeople = ["zhang"]\n'
NIGHT = '[[shift]]\ndays = "mon-sun"\nfrom = "20:00"\nto = "08:00"\npeople = ["li"]\n'
HOLIDAY = '[[shift]]\nstart = "2026-02-16 08:00+08:00"\nend = "2026-02-17 08:00+08:00"\npeople = ["zhang"]\n'


def warned(folder: Path, text: str) -> list[str]:
    path = folder / "monitor.toml"
    path.write_text(PEOPLE + text, encoding="utf-8")
    found = load(path, environ={}).warnings
    return [str(one).partition(": ")[2] for one in found if one.place.startswith("shift")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DAY + NIGHT, []),
        (DAY + NIGHT + HOLIDAY, []),  # a holiday is worked by somebody who has shifts of every week
        (DAY + NIGHT.replace("li", "zhang"), []),  # all day long, but not twice at a time
        (DAY + DAY, ["shift[2]: is the same as shift[1] (take one of the two out)"]),
        (DAY + NIGHT.replace("li", "zhang").replace("20:00", "19:00"), ["shift[2].people: zhang is on shift[1] at the same time (two shifts of one person are one: check days and times)"]),
        (NIGHT + DAY.replace("zhang", "li").replace("mon-sun", "mon").replace("08:00", "07:59"), ["shift[2].people: li is on shift[1] at the same time (two shifts of one person are one: check days and times)"]),
        (DAY + DAY.replace("20:00", "18:00") + "since = 2026-01-01\n", ["shift[2].people: zhang is on shift[1] at the same time (two shifts of one person are one: check days and times)"]),
        (DAY + "until = 2026-01-31\n" + DAY.replace("20:00", "18:00") + "since = 2026-02-01\n", []),
        (HOLIDAY + HOLIDAY.replace("16 08", "16 20"), ["shift[2].people: zhang is on shift[1] at the same time (two shifts of one person are one: check days and times)"]),
        (HOLIDAY.replace("2026-02-17", "2026-03-17"), ["shift[1].end: lasts 696 hours (check the day of its end)"]),
        (DAY.replace("mon-sun", "sun") + "since = 2026-11-23\nuntil = 2026-11-27\n", ["shift[1]: never comes: none of its days lies from since to until (check days, since and until)"]),
    ],
)  # fmt: skip
def test_what_is_hardly_meant_is_warned_of(tmp_path: Path, text: str, told: list[str]) -> None:
    assert warned(tmp_path, text) == told


def test_who_left_is_refused_with_where_he_still_stands(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(PEOPLE + DAY + NIGHT.replace('"li"', '"li", "wangxiaoming"'), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, environ={})
    (problem,) = caught.value.problems
    assert problem.place == "shift[2].people"
    assert str(problem).endswith('there is no person "wangxiaoming" (known: li, zhang)')


NOW = at("2026-11-23", "09:00:00")  # a Monday


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DAY + NIGHT, None),
        ("", None),
        (DAY.replace('"20:00"', '"08:00"'), None),  # 24 hours
        (DAY, "nobody is on duty from 2026-11-23 20:00 to 2026-11-24 08:00"),
        (DAY + NIGHT.replace("mon-sun", "mon-fri"), "nobody is on duty from 2026-11-28 20:00 to 2026-11-29 08:00"),
        (DAY + NIGHT.replace("mon-sun", "mon-fri") + NIGHT.replace("mon-sun", '["sat", "sun"]').replace('"["', '["').replace('"]"', '"]'), None),
        (HOLIDAY, "the roster is over: no shift of it is running or to come"),
        (DAY + "until = 2026-11-30\n" + NIGHT + "until = 2026-11-30\n", "the roster ends on 2026-12-01 08:00: nobody is on duty after it"),
        (DAY + "until = 2026-12-30\n" + NIGHT + "until = 2026-12-30\n", None),
    ],
)  # fmt: skip
def test_hours_with_nobody_are_told_two_weeks_ahead(tmp_path: Path, text: str, told: str | None) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(PEOPLE + text, encoding="utf-8")
    found = gap_of(load(path, environ={}), NOW)
    assert (None if found is None else str(found.words)) == told


WEEKLY = st.builds(
    lambda days, start, end: Repeating(days, time(start), time(end), ("zhang",)),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=3),
    st.integers(0, 23),
    st.integers(0, 23),
)
ONCE = st.builds(
    lambda start, hours: Shift(at("2026-11-23") + start * timedelta(hours=1), at("2026-11-23") + (start + hours) * timedelta(hours=1), ("zhang",)),
    st.integers(0, 100), st.integers(1, 60),
)  # fmt: skip


@given(st.one_of(st.tuples(WEEKLY, WEEKLY), st.tuples(ONCE, ONCE)))
def test_two_shifts_of_a_person_meet_where_an_hour_of_some_week_is_of_both(
    pair: tuple[Repeating, Repeating] | tuple[Shift, Shift],
) -> None:
    report = Report()
    warn_roster(Document("", "", {}, report), list(enumerate(pair)))
    start = datetime(2026, 11, 16, tzinfo=SHANGHAI)
    hours = [start + n * timedelta(hours=1) for n in range(21 * 24)]
    of = [shifts_between((one,), start, hours[-1]) for one in pair]
    both = any(all(any(s.start <= hour < s.end for s in made) for made in of) for hour in hours)
    assert bool(report.warnings) == (both or pair[0] == pair[1])
