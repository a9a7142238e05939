"""Log lines: one stream for all loggers, +08:00, priorities for journald, no locals, no secrets, never a crash."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from hypothesis import given, strategies as st

from monitor.log import LONGEST, hide_secrets, set_up_logging
from tests.clock import FakeClock

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(out: io.StringIO) -> list[tuple[int, dict[str, Any]]]:
    return [(int(line[1]), json.loads(line[3:])) for line in out.getvalue().split("\n") if line]


def test_all_loggers_speak_alike(out: io.StringIO) -> None:
    set_up_logging(as_json=True, out=out, clock=FakeClock(NOON))
    structlog.contextvars.bind_contextvars(visit="v1")
    structlog.get_logger("monitor.pipeline").info("visit.finished", target="site-03", seconds=0.25)
    logging.getLogger("aiohttp.client").warning("could not %s", "send", extra={"channel": "duty"})
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old thing", DeprecationWarning, stacklevel=1)
    (p1, first), (p2, second), (p3, third) = lines(out)
    assert (p1, p2, p3) == (6, 4, 4)
    assert first == {
        "at": "2026-11-22T12:00:00.000+08:00",
        "level": "info",
        "event": "visit.finished",
        "logger": "monitor.pipeline",
        "visit": "v1",
        "target": "site-03",
        "seconds": 0.25,
    }
    assert (second["event"], second["channel"], second["visit"]) == ("could not send", "duty", "v1")
    assert "old thing" in third["event"]


def test_tracebacks_have_no_locals_and_no_secrets(out: io.StringIO) -> None:
    set_up_logging(as_json=True, out=out, clock=FakeClock(NOON))

    def fails(hunter: str) -> None:
        raise ValueError(f"refused by json://{hunter}@host/")

    try:
        fails("hunter2")
    except ValueError:
        structlog.get_logger("ours").exception("delivery.failed")
        logging.getLogger("foreign").exception("failed")
    for _, line in lines(out):
        assert line["exception"][0]["exc_type"] == "ValueError"
        assert line["exception"][0]["frames"][-1]["name"] == "fails"
    assert "hunter2" not in out.getvalue()


def test_for_people(out: io.StringIO) -> None:
    set_up_logging(as_json=False, out=out, clock=FakeClock(NOON))
    try:
        int("mailto://hunter2@x")
    except ValueError:
        structlog.get_logger("ours").exception("delivery.failed", target="site-03")
    text = out.getvalue()
    assert text.startswith("2026-11-22T12:00:00.000+08:00 [error")
    assert "delivery.failed" in text
    assert "target=site-03" in text
    assert "ValueError: invalid literal for int() with base 10: 'mailto://***'" in text


def test_the_level_is_kept_and_chatty_libraries_are_quiet(out: io.StringIO) -> None:
    set_up_logging(as_json=True, out=out, clock=FakeClock(NOON))
    structlog.get_logger("a").debug("no")
    logging.getLogger("aiohttp.access").info("no")
    logging.getLogger("apscheduler.executors").info("no")
    logging.getLogger("other").info("yes")
    assert [line["event"] for _, line in lines(out)] == ["yes"]


def test_setting_up_twice_does_not_double(out: io.StringIO) -> None:
    for _ in range(2):
        set_up_logging(as_json=True, out=out, clock=FakeClock(NOON))
    logging.getLogger("a").warning("once")
    assert len(lines(out)) == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("http://www.example.gov.cn/a?id=1", "http://www.example.gov.cn/a?id=1"),
        ("https://user:hunter2@host/x", "https://***@host/x"),
        ("at https://qyapi.example/send?key=hunter2&a=1", "at https://qyapi.example/send?key=***&a=1"),
        ("https://o.example/robot/send?access_token=hunter2", "https://o.example/robot/send?access_token=***"),
        ("https://o.example/open-apis/bot/v2/hook/0123456789abcdef01", "https://o.example/open-apis/bot/v2/hook/***"),
        ("dingtalk://hunter2/ refused", "dingtalk://*** refused"),
        ("12:30 // nothing", "12:30 // nothing"),
    ],
)
def test_what_is_masked(said: str, shown: str) -> None:
    assert hide_secrets(said) == shown


def test_keys_that_name_secrets() -> None:
    told = {
        "token": "a",
        "desk_token": "b",
        "Authorization": "c",
        "headers": {"Set-Cookie": "d"},
        "tokens": 3,
        "url": "e",
    }
    assert hide_secrets(told) == {
        "token": "***",
        "desk_token": "***",
        "Authorization": "***",
        "headers": {"Set-Cookie": "***"},
        "tokens": 3,
        "url": "e",
    }


def test_long_texts_are_cut() -> None:
    shown = str(hide_secrets("x" * 100_000))
    assert len(shown) < LONGEST + 50
    assert shown.endswith("(100,000 characters)")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), ANYTHING, max_size=4))
def test_whatever_is_logged_is_one_line_of_json(told: dict[str, object]) -> None:
    out = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        set_up_logging(as_json=True, out=out, clock=FakeClock(NOON))
        structlog.get_logger("a").info("thing.happened", **told)
        ((_, line),) = lines(out)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
    assert set(told) <= set(line)
