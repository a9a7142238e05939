"""`alert-test` against a receiver that confirms, refuses, answers wrongly and says nothing: fine only when it confirmed."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import call
from tests.daemon.town import Town

CHANNELS = """
[desk]
name = "值班室"
[[channel]]
id = "hook"
url = "json://127.0.0.1:{port}/hook"
[[channel]]
id = "wecom"
url = "wecom://a1b2c3d4-0000-4000-8000-a1b2c3d4e5f6?endpoint=http://127.0.0.1:{port}/wecom"
[[channel]]
id = "console"
url = "console://"
"""


@pytest.fixture(autouse=True)
def _fine_again(town: Town) -> Iterator[None]:
    yield
    town.answer("ok")


@pytest.fixture
def channels(town: Town, tmp_path: Path) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(CHANNELS.format(port=town.receiver.port), encoding="utf-8")
    return path


@pytest.mark.parametrize("channel", ["hook", "wecom", "console"])
def test_one_that_confirms_is_fine(town: Town, channels: Path, channel: str) -> None:
    before = len(town.received)
    done = call("alert-test", channel, "--config", channels)
    assert (done.code, done.err) == (0, "")
    assert re.search(rf"^{channel}：(已送达|对方已确认收到)", done.out, re.MULTILINE)
    assert "printed" not in done.out
    if channel == "console":
        assert "值守" in done.out
    else:
        (message,) = town.received[before:]
        assert "值班室" in message.body.decode()
    assert sorted(channels.parent.iterdir()) == [channels], "nothing is stored"


@pytest.mark.parametrize(
    ("channel", "answer", "says"),
    [
        ("hook", "500", "not now"),
        ("hook", "404", ""),
        ("hook", "refused", "not now"),
        ("wecom", "errcode", "93000"),
        ("wecom", "503", "not now"),
    ],
)
def test_one_that_does_not_is_not_fine_and_says_what_it_said(
    town: Town, channels: Path, channel: str, answer: str, says: str
) -> None:
    town.answer(answer)
    done = call("alert-test", channel, "--config", channels, "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{channel}: ")
    assert says in done.err
    assert "a1b2c3d4" not in done.err, "keys of channels are secret"


def test_one_that_says_nothing_is_given_up(town: Town, channels: Path) -> None:
    town.answer("timeout")
    begun = time.monotonic()
    done = call("alert-test", "wecom", "--config", channels)
    assert (done.code, done.out) == (2, "")
    assert done.err == "wecom：未确认送达，对方可能已收到：超时无应答\n"
    assert time.monotonic() - begun < 30


def test_one_that_is_not_there_is_answered_with_those_that_are(channels: Path) -> None:
    done = call("alert-test", "hok", "--config", channels)
    assert (done.code, done.out) == (2, "")
    assert done.err == "没有名为 hok 的通知渠道（已有：hook, wecom, console）\n"
    english = call("alert-test", "hok", "--config", channels, "--lang", "en")
    assert english.err == "there is no channel hok (known: hook, wecom, console)\n"
    channels.write_text("", encoding="utf-8")
    assert "尚未填写任何渠道" in call("alert-test", "hok", "--config", channels).err


@pytest.mark.parametrize(
    ("channel", "answer", "says"),
    [
        ("hook", "refused", "hook：暂未送达，可稍后再试：服务器拒绝连接\n"),
        ("hook", "404", "hook：对方拒收，须先改正设置：服务器返回 HTTP 404\n"),
        ("wecom", "errcode", "wecom：对方拒收，须先改正设置：errcode 93000"),
    ],
)
def test_why_not_is_said_in_chinese(town: Town, channels: Path, channel: str, answer: str, says: str) -> None:
    town.answer(answer)
    assert call("alert-test", channel, "--config", channels).err.startswith(says)
