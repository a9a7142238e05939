"""Words, dates and durations for people; and the catalogues are whole."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from monitor.alert import catalogue as catalogues
from monitor.model import Text, say
from monitor.render import (
    LANGUAGES,
    catalogue,
    day,
    duration,
    environment,
    moment,
    placeholders,
    template_phrases,
    translate,
)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_the_catalogue_is_whole(language: str) -> None:
    """`python -m monitor.alert.catalogue --write` adds what is missing here; translate it, then this passes."""
    assert catalogues.problems(language) == []


def test_the_check_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "monitor").mkdir()
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "x.py").write_text(
        'say("since {since}")\nsay("nobody " "translated {this}")\n_("nor this")\n'
    )
    (tmp_path / "monitor" / "page.html.j2").write_text("<p>{{ _('veto') }} {{ _(\"not yet\") }}</p>")
    lines = catalogues.problems("zh-CN", tmp_path)
    assert [line for line in lines if "no zh-CN for" in line] == [
        "checks/x.py:2: no zh-CN for 'nobody translated {this}'",
        "checks/x.py:3: no zh-CN for 'nor this'",
        "monitor/page.html.j2:1: no zh-CN for 'not yet'",
    ]
    assert any("nobody says" in line for line in lines)


def test_the_command_says_so_too() -> None:
    command = [sys.executable, "-m", "monitor.alert.catalogue", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "every sentence is translated\n"), done.stdout


def test_every_translation_keeps_its_placeholders() -> None:
    for msgid, words in catalogue("zh-CN").items():
        assert placeholders(msgid) == placeholders(words), msgid


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(seconds=59), "不到1分钟", "less than a minute"),
        (timedelta(minutes=1), "1分钟", "1 min"),
        (timedelta(minutes=12, seconds=59), "12分钟", "12 min"),
        (timedelta(hours=3), "3小时", "3h"),
        (timedelta(hours=3, minutes=12), "3小时12分钟", "3h 12 min"),
        (timedelta(days=2, hours=3, minutes=4), "2天3小时", "2d 3h"),
        (timedelta(days=2, minutes=4), "2天", "2d"),
        (timedelta(days=-1), "不到1分钟", "less than a minute"),
    ],
)
def test_durations(length: timedelta, zh: str, en: str) -> None:
    assert (duration(length, "zh-CN"), duration(length, "en")) == (zh, en)


def test_times_are_of_shanghai() -> None:
    late = datetime(2026, 12, 31, 16, 5, tzinfo=UTC)
    assert moment(late, "zh-CN") == "1月1日 00:05"
    assert moment(late, "zh-CN", late) == "1月1日 00:05"
    assert moment(late, "zh-CN", late - timedelta(hours=1)) == "2027年1月1日 00:05"
    assert moment(late, "en") == "Jan 1 00:05"
    assert day(date(2024, 2, 29), "en", with_year=True) == "2024-02-29"


def test_values_that_are_phrases_or_limits_are_translated() -> None:
    assert translate(say("could not look: {detail}", detail="connect timed out"), "zh-CN") == "未能查看：连接超时"
    for detail, words in (
        ("HTTP 502", "服务器返回 HTTP 502"),
        ("more than 8 redirects", "跳转超过8次"),
        ("第3局", "第3局"),
    ):
        assert translate(say("could not look: {detail}", detail=detail), "zh-CN") == f"未能查看：{words}"
    for limit, words in (("14d", "14天"), ("6mo", "6个月"), ("10wd", "10个工作日"), ("1y", "1年")):
        assert words in translate(say("nothing new since {newest}, limit {limit}", newest="x", limit=limit), "zh-CN")


@given(st.text(), st.dictionaries(st.text(max_size=4), st.text() | st.integers() | st.floats(), max_size=3))
def test_any_template_with_any_values_gives_words(template: str, values: dict[str, str | int | float]) -> None:
    for language in LANGUAGES:
        assert isinstance(translate(Text(template, values), language), str)


def test_a_flawed_sentence_is_shown_rather_than_none() -> None:
    assert translate(say("since {since}"), "zh-CN") == "since {since}"
    assert translate(say("nobody translated {x}", x=1), "zh-CN") == "nobody translated 1"


def test_pages_escape_translate_and_cannot_reach_out(tmp_path: Path) -> None:
    (tmp_path / "ok.html").write_text("{{ _('since {since}', since=name) }}|{{ length | duration }}|{{ name }}")
    (tmp_path / "unknown.html").write_text("{{ nothing }}")
    (tmp_path / "out.html").write_text("{{ ''.__class__.__mro__ }}")
    pages = environment(tmp_path, "zh-CN")
    shown = pages.get_template("ok.html").render(name="<b>", length=timedelta(minutes=5))
    assert shown == "&lt;b&gt;起|5分钟|&lt;b&gt;"
    with pytest.raises(UndefinedError):
        pages.get_template("unknown.html").render()
    with pytest.raises(SecurityError):
        pages.get_template("out.html").render()


def test_phrases_of_templates_are_found() -> None:
    assert list(template_phrases("""{{ _('a') }} {{ _("b {n}", n=1) }} {{ x_('no') }}""")) == ["a", "b {n}"]
