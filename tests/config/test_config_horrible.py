"""A folder in which everything is wrong at once: every fault of every file is told, with its line, in one go.

Then the single promises behind it: no stage of loading, no other fault in the same row, rule or table hides a fault.
"""

from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.config.problems import ConfigError
from tests.config.test_config_bad import CHECKS, accepts
from tests.config.test_config_load import written

SETTINGS = """\
[webb]
listen = "127.0.0.1:1"
[desk]
name = 5
language = "zh_CN"
[fetch]
timeout = "5s"
slow = "9s"
ca_file = "no-such.pem"
pace = "1 s"
speed = 3
[blind]
site = "1000000000000d"
[cadence]
site = 5m
[inventory]
files = ["targets/*.csv", "targets/*.toml", "more/gone.csv"]
fils = []
[rules]
files = ["rules/*.toml", ""]
[checks.links_alive]
limt = 4
[checks.link_alive]
[[channel]]
id = "duty"
url = "sms://hunter2"
[[channel]]
id = "duty"
url = "file:gone.secret"
severities = ["grave"]
per_minute = 0
[[person]]
id = "zhang"
channels = ["nobody"]
[[person]]
id = "zhang"
name = "张三"
phone = 5
[[target]]
id = "portal"
kind = "site"
name = "某市"
url = "ftp://a.cn/"
packs = ["hous"]
[[target]]
id = "portal"
kind = "colum"
name = ""
url = "http://www.example.gov.cn/"
site = "no-site"
owners = "x"
checks = { links_alive = { limit = "3" } }
[reference]
urls = ["www.baidu.com", 5]
"""
CSV = """\
id,kind,colum,name,url,site,url
a,site,,某市,http://a.gov.cn/,,
a,sit,,某市,http://a.gov.cn/,,
b,column,,要闻,http://a.gov.cn/,nowhere,
c d,site,,,http://a.gov.cn/,,
e,site,"x,某市,http://a.gov.cn/,,
f,site,,某市,http://a.gov.cn/,,,,x
"""
RULES = """\
pack = "某办法"
issued = "some day"
[[rule]]
id = "one"
article = "第9条"
also = ["第9条"]
says = ""
applies = { kind = "columns", colum = "dynamic" }
obligation = "updated_within"
warn = ["1d", "4d", "soon"]
options = { count_toward = 5 }
severity = "grave"
[[rule]]
id = "one"
source = "某办法"
article = "第九条"
says = "x"
applies = { kind = "column" }
obligation = "not_blank"
limit = "99999y"
warn = ["1d"]
severity = "veto"
confidence = 5
[[rule]]
id = "one"
"""
FILES = {
    "rules__a_toml": RULES,
    "rules__b_toml": 'pack = "b"\n[[rule]\nid = "x"\n',
    "rules__c_toml": 'pack = "c"\n',
    "rules__d_toml": 'pack = "c"\ntitle = "c"\n',
    "targets__a_csv": CSV,
    "targets__b_toml": '[web]\n[[target]]\nid = "portal"\n[[target]]\nid = "t\n[[target]]\nid = 7\n[[target]]\nkind\n',
    "targets__c_csv": "id;kind;name;url\nx;site;某市;http://a.gov.cn/\n",
}
EXPECTED = [
    "monitor.toml:1: webb: unknown table",
    "monitor.toml:4: desk.name: 5 is not a text",
    'monitor.toml:5: desk.language: "zh_CN" is not one of zh-CN, en (did you mean "zh-CN"?)',
    "monitor.toml:6: fetch.connect_timeout: connect_timeout is longer than timeout",
    "monitor.toml:8: fetch.slow: slow is not shorter than timeout",
    "monitor.toml:9: fetch.ca_file: there is no file no-such.pem",
    'monitor.toml:10: fetch.pace: "1 s" is not a length of time',
    'monitor.toml:11: fetch.speed: unknown key "speed"',
    'monitor.toml:13: blind.site: "1000000000000d" is longer than ten years',
    "monitor.toml:15: is not TOML: ",
    "monitor.toml:17: inventory.files: there is no file more/gone.csv",
    'monitor.toml:18: inventory.fils: unknown key "fils" (did you mean "files"?)',
    'monitor.toml:20: rules.files: "" names no files',
    'monitor.toml:22: checks.links_alive.limt: unknown option "limt" (did you mean "limit"?)',
    'monitor.toml:23: checks.link_alive: there is no check "link_alive" (did you mean "links_alive"?)',
    "monitor.toml:26: channel.url: the address is refused: no such service: …",
    'monitor.toml:28: channel.id: channel "duty" is there twice',
    "monitor.toml:29: channel.url: file:gone.secret cannot be read",
    'monitor.toml:30: channel.severities: "grave" is not one of',
    "monitor.toml:31: channel.per_minute: 0 is too small",
    'monitor.toml:32: person: "name" is missing',
    'monitor.toml:34: person.channels: there is no channel "nobody"',
    'monitor.toml:36: person.id: person "zhang" is there twice',
    "monitor.toml:38: person.phone: 5 is not a text",
    "monitor.toml:43: target.url: ftp:// cannot be watched",
    'monitor.toml:44: target.packs: there is no rule pack "hous" (did you mean "house"?)',
    'monitor.toml:46: target.id: "portal" is there twice (the first is at monitor.toml:39)',
    'monitor.toml:47: target.kind: "colum" is not one of site, column, account, page (did you mean "column"?)',
    'monitor.toml:48: target.name: "name" is missing',
    'monitor.toml:50: target.site: there is no site "no-site"',
    'monitor.toml:51: target.owners: unknown key "owners" (did you mean "owner"?)',
    "monitor.toml:52: target.checks.links_alive.limit: ",
    "monitor.toml:54: reference.urls: the address does not begin with http:// or https://",
    "monitor.toml:54: reference.urls: 5 is not a text",
    'rules/a.toml:1: pack: "某办法" is not a name',
    'rules/a.toml: "title" is missing',
    'rules/a.toml:2: issued: "some day" is not a date',
    'rules/a.toml:3: rule[1]: "source" is missing',
    'rules/a.toml:3: rule[1]: "confidence" is missing',
    'rules/a.toml:3: rule[1]: "limit" is missing',
    "rules/a.toml:5: rule[1].article: the article is not in Chinese numerals",
    "rules/a.toml:6: rule[1].also: the article is not in Chinese numerals",
    'rules/a.toml:7: rule[1].says: "" is empty',
    'rules/a.toml:8: rule[1].applies.kind: "columns" is not one of',
    'rules/a.toml:8: rule[1].applies.colum: unknown key "colum" (did you mean "column"?)',
    'rules/a.toml:10: rule[1].warn: "soon" is not a limit',
    "rules/a.toml:10: rule[1].warn: the warnings are not in order",
    'rules/a.toml:11: rule[1].options.count_toward: unknown option "count_toward"',
    'rules/a.toml:12: rule[1].severity: "grave" is not one of',
    'rules/a.toml:14: rule[2].id: the rule "one" is there twice',
    'rules/a.toml:20: rule[2].limit: "99999y" is longer than a hundred years',
    "rules/a.toml:20: rule[2].limit: not_blank has no limit",
    "rules/a.toml:21: rule[2].warn: not_blank has no date to warn before",
    "rules/a.toml:23: rule[2].confidence: 5 is not one of",
    'rules/a.toml:24: rule[3]: "says" is missing',
    'rules/a.toml:24: rule[3]: "applies" is missing',
    'rules/a.toml:24: rule[3]: "obligation" is missing',
    'rules/a.toml:25: rule[3].id: the rule "one" is there twice',
    "rules/b.toml:2: is not TOML: ",
    'rules/c.toml: "title" is missing',
    'rules/d.toml: pack: the rule pack "c" is there twice (the first is rules/c.toml)',
    'targets/a.csv:1: colum: unknown column "colum" (did you mean "column"?)',
    'targets/a.csv:1: url: the column "url" is there twice',
    'targets/a.csv:3: kind: "sit" is not one of site, column, account, page (did you mean "site"?)',
    'targets/a.csv:3: id: "a" is there twice (the first is at targets/a.csv:2)',
    'targets/a.csv:4: site: there is no site "nowhere" (unless it stands in targets/c.csv, which could not be read)',
    'targets/a.csv:5: id: "c d" is not an id',
    'targets/a.csv:5: name: "name" is missing',
    'targets/a.csv:6: has a " that is not closed',
    "targets/a.csv:7: has 9 cells, but the first line names 7",
    'targets/b.toml:1: web: unknown table "web"',
    'targets/b.toml:2: target.kind: "kind" is missing',
    'targets/b.toml:3: target.id: "portal" is there twice (the first is at monitor.toml:39)',
    "targets/b.toml:5: is not TOML: ",
    "targets/b.toml:7: target.id: 7 is not a text",
    "targets/b.toml:9: is not TOML: ",
    "targets/c.csv:1: the first line names one column only (separate the columns by commas)",
]


def told(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, checks=CHECKS, accepts=accepts, environ={})
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    said = told(written(tmp_path, SETTINGS, **FILES))
    assert [wanted for wanted in EXPECTED if not any(line.startswith(wanted) for line in said)] == []
    assert "hunter2" not in "".join(said)


def test_nothing_else_is_told_but_what_is_missing_in_the_same_tables(tmp_path: Path) -> None:
    said = told(written(tmp_path, SETTINGS, **FILES))
    more = [line for line in said if not any(line.startswith(wanted) for wanted in EXPECTED)]
    assert [line for line in more if "missing" not in line] == []
    assert len(said) == len(set(said))


def test_a_row_is_judged_by_the_columns_that_are_there(tmp_path: Path) -> None:
    text = "id,kind,colum,name\na,sit,,某市\nb,column,other,\n"
    assert told(written(tmp_path, "", targets__a_csv=text)) == [
        'targets/a.csv:1: colum: unknown column "colum" (did you mean "column"?)',
        'targets/a.csv:1: url: the column "url" is missing',
        'targets/a.csv:2: kind: "sit" is not one of site, column, account, page (did you mean "site"?)',
        'targets/a.csv:3: column: "column" is missing (one of dynamic, policy, notice, other)',
        'targets/a.csv:3: name: "name" is missing',
    ]


def test_a_first_line_that_cannot_be_read_is_the_only_problem_of_its_file(tmp_path: Path) -> None:
    path = written(tmp_path, "", targets__a_csv="")
    (tmp_path / "targets" / "a.csv").write_bytes(
        "id,kind,名\xff,url\n".encode("latin-1", "replace") + b"\xff,site,x,y\n" * 9
    )
    assert told(path) == ["targets/a.csv:1: is not GB18030 (save the file as CSV UTF-8)"]


def test_doubtful_sites_are_counted_when_the_file_that_may_have_them_is_unreadable(tmp_path: Path) -> None:
    rows = "".join(f"c{n},column,other,要闻,http://a.gov.cn/,s{n}\n" for n in range(12))
    path = written(tmp_path, "", targets__columns_csv="id,kind,column,name,url,site\n" + rows, targets__sites_csv="")
    (tmp_path / "targets" / "sites.csv").write_bytes("id,kind,name,url\n".encode("utf-16"))
    said = told(path)
    hint = "unless it stands in targets/sites.csv, which could not be read"
    assert said[0] == f"targets/columns.csv: site: and 2 more rows name sites that are not there ({hint})"
    assert said[1] == f'targets/columns.csv:2: site: there is no site "s0" ({hint})'
    assert said[-1] == "targets/sites.csv:1: is UTF-16 (save the file as CSV UTF-8)"
    assert len(said) == 12


def test_what_refers_to_a_torn_row_or_a_lost_table_is_right(tmp_path: Path) -> None:
    said = told(
        written(
            tmp_path,
            '[[target]]\nid = "b"\nname = \n',
            targets__a_csv='id,kind,column,name,url,site\na,site,,"某市,http://a.gov.cn/,\n'
            + "".join(f"c{site},column,other,要闻,http://a.gov.cn/,{site}\n" for site in "ab"),
        )
    )
    assert [line.split(": ")[0] for line in said] == ["monitor.toml:3", "targets/a.csv:2"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[web]\nlisten = x\n[desk]\nname = \n[fetch]\npase = 1\n", [2, 4, 6]),
        ('[web]\nlisten = [\n[desk]\nname = ""\n', [3, 4]),  # a list left open is noticed one line later
        ("[web]\nlisten = 5\n[web]\nlisten = 6\n", [2, 3]),
        ("a b\n[desk]\nnam = 5\n", [1, 3]),
        ('[[target]]\nid = x\n[target.checks.y]\nz = 1\n[desk]\nname = ""\n', [2, 6]),
        ('[desk]\nname = ""\n[web]\nlisten = """\n', [None]),  # where it ends nobody can tell
        ("[web]\n" + "x = 1" * 2_000_000, [2]),
        ("x = " + "[" * 3000 + "\n[desk]\nnam = 5\n", [None]),
        ("[desk]\nname = \n" * 60, [2]),
    ],
)
def test_every_mistake_of_syntax_is_told_beside_what_is_wrong_elsewhere(
    text: str, lines: list[int | None], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text), environ={})
    assert [problem.line for problem in caught.value.problems][: len(lines)] == lines


def test_settings_in_gbk_are_judged_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_bytes('[desk]\nname = "某市"\nnam = "值班室"\n'.encode("gbk"))
    assert [line.split(" (")[0] for line in told(path)] == [
        "monitor.toml:2: is not UTF-8",
        'monitor.toml:3: desk.nam: unknown key "nam"',
    ]


@pytest.mark.parametrize("pattern", ["", "/", ".", "***", "a/**b/*.csv"])
def test_a_pattern_that_means_no_files(pattern: str, tmp_path: Path) -> None:
    said = told(written(tmp_path, f'[inventory]\nfiles = ["{pattern}"]\n'))
    assert said == [f'monitor.toml:2: inventory.files[1]: "{pattern}" names no files (write it like "targets/*.csv")']


@pytest.mark.parametrize("name", ["a\\u0000b", "a/b"])
def test_names_of_files_that_cannot_be(name: str, tmp_path: Path) -> None:
    said = told(written(tmp_path, f'[[channel]]\nid = "a"\nurl = "file:{name}"\n[fetch]\nca_file = "{name}"\n'))
    assert len(said) == 2
