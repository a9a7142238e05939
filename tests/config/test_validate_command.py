"""`zhishou validate` and `zhishou rules`, as typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.config.shipped import shipped
from tests.workdays import calendar_for

TARGETS = """
[guard]
allow = ["127.0.0.0/8"]
[[target]]
id = "portal"
kind = "site"
name = "某市人民政府"
url = "http://www.example.gov.cn/"
[[target]]
id = "inner"
kind = "site"
name = "内网"
url = "http://10.0.0.25/"
packs = ["house"]
[[target]]
id = "loop"
kind = "site"
name = "本机"
url = "http://127.0.0.1:8080/"
[[target]]
id = "news"
kind = "column"
column = "dynamic"
name = "要闻"
url = "http://www.example.gov.cn/news/"
site = "portal"
"""
SHIPPED = sum(
    text.count("[[rule]]") for text in (one.read_text("utf-8") for one in shipped("config", "rules").glob("*.toml"))
)
OF_SITES = (
    *("AVAIL", "HOME", "ID", "BADLINK", "COL-SUM", "COL-OTHER-SUM", "COL-BLANK", "MSG", "ZHAOCUO", "MOVE-30"),
    *("OFF-30", "OFF-ONCE", "OFF-OWN", "OFF-PORTAL", "MOVE-NEW", "MOVE-DOMAIN", "OFF-UNFILED"),
)


def typed(tmp_path: Path, text: str, *words: str) -> Result:
    path = tmp_path / "monitor.toml"
    path.write_text(text, "utf-8")
    return CliRunner().invoke(cli, [words[0], "--config", str(path), *words[1:]])


def test_all_is_well(tmp_path: Path) -> None:
    result = typed(tmp_path, TARGETS + calendar_for(tmp_path), "validate", "--lang", "en")
    hint = 'open the network with [guard] allow = ["…"], if the visit is meant'
    nobody = "4 targets have nobody to call: portal, inner, loop and 1 more (write contact on the target or on its site, or a [[person]])"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"warning: {tmp_path}/monitor.toml: no channels: incidents are shown on the desk only (add a [[channel]])",
        f"warning: {tmp_path}/monitor.toml: {nobody}",
        f"warning: inner: the guard refuses 10.0.0.25: private ({hint})",
        f"{tmp_path}/monitor.toml: 3 sites, 1 column, {SHIPPED} rules in 7 packs, 0 channels: no problems, 3 warnings",
        "addresses behind names were not checked; --resolve does",
    ]


def test_problems_of_all_files_at_once(tmp_path: Path) -> None:
    channel = '[[channel]]\nid = "duty"\nurl = "nonsense://hunter2"\n'
    result = typed(tmp_path, TARGETS.replace("[guard]", "[gard]") + channel, "validate", "--lang", "en")
    assert result.exit_code == 2
    said = result.stdout.splitlines()
    assert said[0].endswith('monitor.toml:2: gard: unknown table "gard" (did you mean "guard"?)')
    assert "channel[1].url: the address is refused: " in said[1]
    assert "hunter2" not in result.output
    assert "2 problems" in result.stderr


def test_problems_as_json(tmp_path: Path) -> None:
    result = typed(tmp_path, "[webb]\n", "validate", "--json")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert sorted(problem) == ["file", "hint", "line", "message", "place"]
    assert (problem["line"], problem["place"]) == (1, "webb")


def test_options_of_the_real_checks_are_known(tmp_path: Path) -> None:
    result = typed(tmp_path, "[checks.link_alive]\n", "validate")
    assert "checks.link_alive: 没有检查项“link_alive”（是不是“links_alive”？）" in result.stdout


def test_rules_as_json(tmp_path: Path) -> None:
    result = typed(tmp_path, TARGETS, "rules", "--json")
    rows = {f"{row['pack']}/{row['id']}": row for row in json.loads(result.stdout)}
    assert result.exit_code == 0
    assert rows["national-2019/N-HOME"] == {
        "pack": "national-2019",
        "id": "N-HOME",
        "source": "国办秘函〔2019〕19号《政府网站与政务新媒体检查指标》",
        "article": "单项否决·首页不更新",
        "also": [],
        "says": "首页2周内没有信息更新即单项否决",
        "obligation": "updated_within",
        "limit": "14d",
        "severity": "veto",
        "confidence": "verbatim",
        "targets": 2,
    }
    assert {name: row["targets"] for name, row in rows.items() if row["targets"]} == {
        **dict.fromkeys(["house/outage", "house/slow", "house/replaced", "house/certificate", "house/tampered"], 3),
        "house/hosting": 3,
        **dict.fromkeys([f"national-2019/N-{name}" for name in OF_SITES], 2),
        "national-2019/N-DUTY": 1,  # the desk itself
        **dict.fromkeys(
            ["house/column-outage", "house/blank-column", "national-2019/N-COL-DYN", "national-2019/N-FRAUD"], 1
        ),
        **dict.fromkeys(["house/column-replaced", "house/column-tampered", "national-2019/N-BADLINK-COL"], 1),
    }
    assert rows["house/outage"]["limit"] is None
    found_as_pages_are_read = ("national-2019/N-LINK-HOME", "national-2019/N-LINK-SITE")
    assert [rows[name]["targets"] for name in found_as_pages_are_read] == [0, 0]


def test_rules_for_people(tmp_path: Path) -> None:
    lines = typed(tmp_path, TARGETS, "rules").stdout.splitlines()
    offline = lines.index("  N-OFF-30  严重问题，条文据其他资料，下线不超期、不超次数，期限30天")
    assert lines[offline + 1].endswith("（2个监测对象）")
    link = next(number for number, line in enumerate(lines) if line.startswith("  N-LINK-HOME"))
    assert lines[link + 1].endswith("（链接，巡检时自动发现）")
    english = typed(tmp_path, TARGETS, "rules", "--lang", "en").stdout.splitlines()
    words = "  N-OFF-30  serious, wording by other sources, closed no longer than allowed, limit 30d"
    assert english[english.index(words) + 1].endswith("(2 targets)")


def test_a_pack_that_asks_none_of_its_targets_is_remarked_on(tmp_path: Path) -> None:
    """Accounts alone are asked by it, and there are none; links are found as pages are read."""
    text = '[[rule]]\nid = "a"\nsource = "某办法 (2020)"\narticle = "第九条"\nsays = "每2周更新"\napplies = { kind = "KIND" }\n'
    text += 'obligation = "OBLIGATION"\nMORE\nseverity = "breach"\nconfidence = "verbatim"\n'
    (tmp_path / "rules").mkdir()
    for name, kind, obligation, more in (
        ("accounts", "account", "updated_within", 'limit = "14d"'),
        ("links", "link", "links_work", ""),
        ("sites", "site", "updated_within", 'limit = "14d"'),
    ):
        rule = text.replace("KIND", kind).replace("OBLIGATION", obligation).replace("MORE", more)
        (tmp_path / "rules" / f"{name}.toml").write_text(f'pack = "{name}"\ntitle = "某办法"\n{rule}', "utf-8")
    packs = 'packs = ["house", "accounts", "links", "sites"]\nurl = "http://www.example.gov.cn/"\n'
    named = TARGETS.replace('url = "http://www.example.gov.cn/"\n', packs) + calendar_for(tmp_path)
    told = [line for line in typed(tmp_path, named, "validate", "--lang", "en").stdout.splitlines() if "packs:" in line]
    hint = "applies says whom each asks; zhishou rules tells how many targets that are"
    said = "targets fall under these rule packs, and none of their rules is about any target: accounts"
    assert told == [f"warning: packs: {said} ({hint})"]


@pytest.mark.parametrize("command", ["validate", "rules"])
def test_a_missing_file(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, [command, "--config", str(tmp_path / "none.toml")])
    assert result.exit_code == 2
    assert "none.toml: 无法读取：文件或文件夹不存在" in result.output
    english = CliRunner().invoke(cli, [command, "--config", str(tmp_path / "none.toml"), "--lang", "en"])
    assert "none.toml: cannot be read: No such file or directory" in english.output


def test_a_pack_issued_in_a_year_to_come_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    house = next(one for one in shipped("config", "rules").glob("house.toml")).read_text("utf-8")
    head, _, rules = house.replace('pack = "house"', 'pack = "local"').partition("[[rule]]")
    for day, warned in (("2999-05-01", True), ("2024-05-01", False)):
        (tmp_path / "rules" / "local.toml").write_text(f"{head}issued = {day}\n[[rule]]{rules}", "utf-8")
        result = typed(tmp_path, TARGETS + calendar_for(tmp_path), "validate", "--lang", "en")
        assert result.exit_code == 0
        assert (f"local.issued: {day} lies in the future (check the year)" in result.stdout) is warned
