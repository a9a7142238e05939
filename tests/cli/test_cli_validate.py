"""What `validate` says to the administrator of a server: all well, warnings, and many faults; in Chinese and in English."""

from pathlib import Path

import pytest

from monitor.config.shipped import shipped
from tests.cli.terminal import Done, call
from tests.workdays import calendar_for

SHIPPED = sum(
    text.count("[[rule]]") for text in (one.read_text("utf-8") for one in shipped("config", "rules").glob("*.toml"))
)
GOOD = """
[desk]
address = "http://10.1.2.3:8787"
[[channel]]
id = "duty"
url = "json://127.0.0.1:9/hook"
[[person]]
id = "zhang"
name = "张三"
channels = ["duty"]
[[target]]
id = "site-1"
kind = "site"
name = "某市人民政府"
url = "http://www.example.com/"
"""
WARNED = """
[reference]
urls = []
at_least = 2
[cadence]
site = "2h"
[fetch]
user_agent = "linkcheck"
[[channel]]
id = "duty"
url = "json://127.0.0.1:9/hook"
""" + "".join(
    f'[[target]]\nid = "s{n}"\nkind = "site"\nname = "某县{n}"\nurl = "http://10.0.0.{n // 2 + 1}/{n}/"\n'
    for n in range(6)
)
FAULTS = "".join(
    f'[[target]]\nid = "s{n}"\nkind = "sight"\nname = "某县"\nurl = "http://s{n}.example/"\n' for n in range(20)
)


UNASKED = "域名对应的地址未检查；需要检查请加 --resolve\n"
UNASKED_EN = "addresses behind names were not checked; --resolve does\n"


def validate(tmp_path: Path, text: str, *args: str) -> Done:
    path = tmp_path / "monitor.toml"
    path.write_text(text + calendar_for(tmp_path), encoding="utf-8")
    return call("validate", "--config", path, *args)


def test_all_is_well_in_one_line_and_what_was_not_asked_in_another(tmp_path: Path) -> None:
    done = validate(tmp_path, GOOD)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{tmp_path}/monitor.toml：网站1个，规则包7个共{SHIPPED}条规则，通知渠道1个；没有错误\n{UNASKED}"
    english = validate(tmp_path, GOOD, "--lang", "en")
    assert (
        english.out
        == f"{tmp_path}/monitor.toml: 1 site, {SHIPPED} rules in 7 packs, 1 channel: no problems\n{UNASKED_EN}"
    )
    assert validate(tmp_path, GOOD.replace("[desk]", '[desk]\nlanguage = "en"')).out == english.out, (
        "as the settings say"
    )


def test_without_names_there_is_nothing_to_ask(tmp_path: Path) -> None:
    done = validate(tmp_path, GOOD.replace("www.example.com", "1.2.3.4"))
    assert done.out.count("\n") == 1
    named = validate(tmp_path, GOOD, "--json")
    assert named.err.endswith(UNASKED), "programs read the other stream"
    assert "--resolve" not in named.out


def test_every_warning_is_said_in_chinese(tmp_path: Path) -> None:
    done = validate(tmp_path, WARNED)
    *warnings, last = done.out.splitlines()
    assert last.endswith("没有错误，有8条提醒")
    assert all(line.startswith("提醒：") for line in warnings)
    said = "\n".join(warnings).replace(f"{tmp_path}/monitor.toml", "monitor.toml")
    for words in (
        "monitor.toml:8: fetch.user_agent: 有的服务器会拒绝含有 link 一词的 User-Agent",
        "monitor.toml:3: reference.urls: 参照站点只有0个，少于 at_least = 2（无法区分是监测端自身断网还是网站故障）",
        "monitor.toml:6: cadence.site: 首页每天巡检不足20次（单项否决·站点无法访问要求每天20次以上：请写 72m 或更短）",
        "经渠道 duty 收到通知的人打不开值班台：127.0.0.1 只能在本机访问（请在 [desk] address 填写别处也能打开的值班台网址）",
        "6个监测对象没有联系人：s0, s1, s2等，另有3个（请为该对象或其所属网站填写 contact，或添加 [[person]]）",
        's0: 按安全规则不访问 10.0.0.1（2个监测对象）：内网地址（确需访问的，请用 [guard] allow = ["…"] 放行该网段）',
    ):
        assert words in said
    plain = validate(tmp_path, WARNED, "--lang", "en").out
    assert "提醒" not in plain
    assert plain.endswith(", 8 warnings\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "什么也不会监测"), (GOOD.partition("[[channel]]")[0] + GOOD[GOOD.index("[[target]]") :], "没有通知渠道")],
)
def test_nothing_to_watch_and_nobody_told(tmp_path: Path, text: str, says: str) -> None:
    assert says in validate(tmp_path, text).out


def test_twenty_faults_each_with_its_line_and_counted(tmp_path: Path) -> None:
    done = validate(tmp_path, FAULTS)
    assert (done.code, done.err) == (2, "共20处错误\n")
    lines = [line for line in done.out.splitlines() if not line.startswith("提醒：")]
    assert len(lines) == 20
    for line in lines:
        assert line.startswith(f"{tmp_path}/monitor.toml:")
        assert "“sight”" not in line, "as it was written"
        assert "（是不是“site”？）" in line
    assert validate(tmp_path, FAULTS, "--lang", "en").err == "20 problems\n"
    assert validate(tmp_path, "[gard]\n", "--lang", "en").err == "1 problem\n"


def test_a_channel_that_is_there_twice_is_named_once_in_a_warning(tmp_path: Path) -> None:
    twice = '[[channel]]\nid = "duty"\nurl = "json://127.0.0.1:9/hook"\n' * 2
    for language in ("zh-CN", "en"):
        done = validate(tmp_path, twice, "--lang", language)
        assert done.code == 2
        (warning,) = [line for line in done.out.splitlines() if "127.0.0.1" in line]
        assert warning.count("duty") == 1
