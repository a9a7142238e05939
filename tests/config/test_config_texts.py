"""Durations, limits, sizes and addresses as people write them, and lines of TOML keys."""

import contextlib
import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import example, given, strategies as st

from monitor.config.durations import is_as_long, parse_duration, parse_limit, parse_size
from monitor.config.places import line_of, scan
from monitor.config.urls import address_trouble, host_of, listen_parts, nameserver_parts
from monitor.judge.days import deadline, schedule
from monitor.model import Limit

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from(["ms", "s", "m", "h", "d"]))
def test_a_duration_is_its_number_of_units(number: int, unit: str) -> None:
    units = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
    wanted = timedelta(milliseconds=number * units[unit])
    if wanted <= timedelta(days=3660):
        assert parse_duration(f"{number}{unit}") == wanted
    else:
        with pytest.raises(ValueError, match="longer than ten years"):
            parse_duration(f"{number}{unit}")


@given(WORDS)
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for parse in (parse_duration, parse_limit, parse_size, listen_parts, nameserver_parts):
        with contextlib.suppress(ValueError):
            parse(text)
    trouble = address_trouble(text)
    assert trouble is None or str(trouble.words)


CENTURY = {"s": 3_155_760_000, "m": 52_596_000, "h": 876_600, "d": 36_525, "wd": 36_525, "mo": 1304, "y": 100}


def limits(*units: str) -> st.SearchStrategy[Limit]:
    """Every limit that can be written in one of the units."""
    return st.one_of([st.builds(Limit, st.integers(0, CENTURY[unit]), st.just(unit)) for unit in units])


CALENDAR = limits("s", "m", "h", "d", "mo", "y")  # working days end with the published calendar, long before any date


@given(limits(*CENTURY))
def test_a_limit_is_written_as_it_was_read(limit: Limit) -> None:
    assert parse_limit(str(limit)) == limit


@given(st.integers(min_value=1), st.sampled_from(sorted(CENTURY)))
def test_a_limit_of_more_than_a_century_is_refused(over: int, unit: str) -> None:
    parse_limit(f"{CENTURY[unit]}{unit}")
    with pytest.raises(ValueError, match="is longer than a hundred years"):
        parse_limit(f"{CENTURY[unit] + over}{unit}")


@given(CALENDAR, st.dates(date(1970, 1, 1), date(2999, 12, 31)), CALENDAR)
def test_no_limit_that_can_be_written_overflows_a_date(limit: Limit, start: date, warn: Limit) -> None:
    plan = schedule(start, parse_limit(str(limit)), (parse_limit(str(warn)),))
    assert plan.breach > plan.warnings[0] or warn.number == 0 or warn.unit in {"h", "m", "s"}


@given(limits("d", "mo", "y"), limits("d", "mo", "y"), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_limit_is_as_long_only_where_no_calendar_says_otherwise(one: Limit, other: Limit, start: date) -> None:
    if is_as_long(one, other):
        assert deadline(start, one) >= deadline(start, other)


@pytest.mark.parametrize("digits", [12, 13, 100, 4000, 5000])
@pytest.mark.parametrize("unit", ["ms", "s", "d", "wd", "mo", "y", "GiB"])
def test_no_number_is_too_long_to_be_refused(digits: int, unit: str) -> None:
    for parse in (parse_duration, parse_limit, parse_size):
        with pytest.raises(ValueError, match=r"is (not a|longer than|more than)") as caught:
            parse("9" * digits + unit)
        assert len(str(caught.value)) < 120


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "-5m", "1.5h", "５m", "5M", "1h30m", "5min", "inf"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "size"), [("1B", 1), ("512KiB", 512 * 1024), ("3MiB", 3 * 1024**2), ("1GiB", 1024**3)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.gov.cn",
        "https://www.example.gov.cn/zwgk/?id=1&x=%E4%B8%AD#/list",
        "http://www.example.gov.cn:8080/",
        "http://site-03.city.example:40001/",
        "HTTP://WWW.EXAMPLE.GOV.CN/",
        "http://www.例子.政务.cn/栏目/",
        "http://10.0.0.25/",
        "http://[fd00::1]:8080/",
        "http://localhost:8080/",
        "http://www.example.gov.cn./",
        "http://a_b.example.gov.cn/",
        "http://www.example.gov.cn/a?back=http://b@c/",
    ],
)
def test_addresses_that_can_be_visited(url: str) -> None:
    assert address_trouble(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:www.example.gov.cn",
        "//www.example.gov.cn/",
        "http://www..example.gov.cn/",
        "http://www.example-.gov.cn/",
        "http://1.2.3/",
        "http://a.b.999/",
        "http://[::1/",
        "http://[zz]/",
        "http://www.example.gov.cn:port/",
        "javascript:alert(1)",
        "http://www.example.gov.cn/\u200b",
        "http://" + "a" * 300 + ".cn/",
        "http://www.example.gov.cn/" + "a" * 3000,
    ],
)
def test_addresses_that_cannot(url: str) -> None:
    assert address_trouble(url) is not None


def test_the_host_of_an_address() -> None:
    assert host_of("http://[FD00::1]:80/x") == "fd00::1"
    assert host_of("https://WWW.Example.gov.cn:8443/x") == "www.example.gov.cn"


def test_where_servers_are() -> None:
    assert listen_parts("[::1]:8787") == ("::1", 8787)
    assert nameserver_parts("10.0.0.2") == ("10.0.0.2", 53)
    assert nameserver_parts("127.0.0.1:5300") == ("127.0.0.1", 5300)
    assert nameserver_parts("fd00::2") == ("fd00::2", 53)
    for text in ("::1:8787", "host", ":8787", "host:99999", "a b:1"):
        with pytest.raises(ValueError, match=r"."):
            listen_parts(text)


AWKWARD = '''\
# [not.a.table]
"quoted key" = 1
[fetch]   # words
timeout = "30s" # x = 1
urls = [
  "[target]",
  "x = 1", # ]
]
text = """
[[target]]
id = "inside"
"""
[[target]]
id = 'one'
[target.checks.links_alive]
limit = 3
[[ target ]]
"id" = "two"
checks = { links_alive = { limit = 3 }, other = {} }

a.b.c = 1
[[target.sub]]
k = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("quoted key",), 2),
        (("fetch",), 3),
        (("fetch", "timeout"), 4),
        (("fetch", "urls", 1), 5),
        (("fetch", "text"), 9),
        (("target", 0), 13),
        (("target", 0, "id"), 14),
        (("target", 0, "checks", "links_alive", "limit"), 16),
        (("target", 1), 17),
        (("target", 1, "id"), 18),
        (("target", 1, "checks", "links_alive", "limit"), 19),
        (("target", 1, "a", "b", "c"), 21),
        (("target", 1, "sub", 0, "k"), 23),
        (("nothing",), None),
    ],
)
def test_lines_of_keys(path: tuple[str | int, ...], line: int | None) -> None:
    tomllib.loads(AWKWARD)  # the scanner is for texts that tomllib has accepted
    assert line_of(scan(AWKWARD), path) == line
    assert line_of(scan(AWKWARD.replace("\n", "\r\n")), path) == line


KEYS = st.text("abc-_", min_size=1, max_size=3)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, st.integers(), max_size=3), max_size=4))
def test_every_key_of_a_plain_file_has_its_line(tables: dict[str, dict[str, int]]) -> None:
    lines: list[str] = []
    wanted: dict[tuple[str | int, ...], int] = {}
    for name, table in tables.items():
        lines.append(f"[{name}]")
        wanted[name,] = len(lines)
        for key, value in table.items():
            lines.append(f"{key} = {value}")
            wanted[name, key] = len(lines)
    found = scan("\n".join(lines))
    assert found == wanted


@given(st.text(max_size=200))
@example("[")
def test_the_scanner_never_fails(text: str) -> None:
    scan(text)
