"""Loading: the shipped example, defaults, secrets, several files at once, options of checks, packs of one's own."""

import json
import os
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import checks
from monitor.config.contacts import parse_contact
from monitor.config.document import MOST
from monitor.config.load import find_settings, load
from monitor.config.options import options_for
from monitor.config.problems import ConfigError
from monitor.config.refusals import names, refusals
from monitor.config.sections import SECTIONS
from monitor.config.settings import Settings
from monitor.config.shipped import shipped
from monitor.config.token import _MAKE
from monitor.model import ColumnKind, Contact, Pack, Repeating, Severity, Shift, TargetKind

SHIPPED = [
    *("chongchuan-2023", "foshan-2015", "house", "national-2019", "shaoguan-2023", "zhongshan-2020", "zizhizhou-2020"),
]
TARGET = '[[target]]\nid = "portal"\nkind = "site"\nname = "某市人民政府"\nurl = "http://www.example.gov.cn/"\n'


@dataclass(frozen=True, slots=True)
class LinkOptions:
    limit: int = 3
    wait: timedelta = timedelta(hours=1)
    share: float = 0.5
    skip: tuple[str, ...] = ()


def written(folder: Path, text: str, **files: str) -> Path:
    """A settings file with other files beside it; __ in a name stands for a folder, the last _ for the dot."""
    for name, content in files.items():
        path = folder / "/".join(name.rsplit("_", 1)[0].split("__"))
        path = path.with_suffix("." + name.rsplit("_", 1)[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    settings = folder / "monitor.toml"
    settings.write_text(text, "utf-8")
    return settings


def loaded(path: Path | None, **environ: str) -> Settings:
    return load(path, checks={"links_alive": LinkOptions}, environ=environ)


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(path)
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def test_without_a_file_there_are_defaults_and_the_shipped_packs() -> None:
    settings = loaded(None)
    assert [pack.id for pack in settings.packs] == SHIPPED
    assert settings.model_copy(update={"packs": ()}) == Settings()
    assert settings.cadence.site == timedelta(minutes=5)
    assert settings.alert.digest_at == time(8, 30)


def test_the_shipped_example_is_valid_and_says_the_defaults() -> None:
    settings = loaded(shipped("config", "monitor.toml"))
    assert [str(warning.message) for warning in settings.warnings] == ["no targets: nothing is watched"]
    assert settings.model_copy(update={"packs": (), "warnings": (), "imported": None}) == Settings()


def test_the_shipped_example_shows_every_key() -> None:
    text = shipped("config", "monitor.toml").read_text("utf-8")
    told = tomllib.loads(re.sub(r"(?m)^# (?=\[|\w+ = )", "", text))  # with the commented keys put in force
    for name, section in SECTIONS.items():
        assert sorted(told[name]) == sorted(section.model_fields), name
    assert sorted(told["channel"][0]) == ["id", "language", "per_minute", "severities", "url"]


def test_the_shipped_example_shows_every_option_of_a_check_with_its_default() -> None:
    text = shipped("config", "monitor.toml").read_text("utf-8")
    block = text[text.index("# [checks.") : text.index("# Ways to people")]
    told = tomllib.loads("\n".join(line.removeprefix("# ") for line in block.splitlines()))["checks"]
    wanted = {
        path.stem: json.loads(json.dumps(asdict(options)))
        for path in Path(checks.__file__).parent.glob("[!_]*.py")
        if fields(options := import_module(f"checks.{path.stem}").Options())
    }
    assert told == wanted


def test_the_commented_sample_targets_are_valid(tmp_path: Path) -> None:
    sample = shipped("config", "targets", "sample.csv").read_text("utf-8")
    settings = loaded(
        written(tmp_path, "", targets__sample_csv=sample.replace("\n# ", "\n").replace("A line", "# A line"))
    )
    assert [target.kind.value for target in settings.targets] == [
        "site",
        "column",
        "column",
        "column",
        "page",
        "account",
        "site",
        "column",
    ]
    assert settings.targets[-1].packs == ("national-2019", "house", "shaoguan-2023")


def test_every_value_can_be_set(tmp_path: Path) -> None:
    text = """
[blind]
site = "never"
link = "2d"
[guard]
allow = ["127.0.0.0/8", "fd00::/8"]
[fetch]
max_body = 1024
[alert]
digest_at = "17:05"
[desk]
language = "en"
[[channel]]
id = "duty"
url = "console://"
severities = ["veto", "serious"]
"""
    settings = loaded(written(tmp_path, text))
    assert settings.blind.site is None
    assert settings.blind.link == timedelta(days=2)
    assert [str(network) for network in settings.guard.allow] == ["127.0.0.0/8", "fd00::/8"]
    assert settings.fetch.max_body == 1024
    assert settings.alert.digest_at == time(17, 5)
    assert settings.channels[0].language == "en"
    assert settings.channels[0].severities == (Severity.VETO, Severity.SERIOUS)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().fetch.per_host = 9


@pytest.mark.parametrize(
    ("environ", "written_path", "wanted"),
    [
        ({}, None, "state/zhishou.db"),
        ({"STATE_DIRECTORY": "/var/lib/zhishou"}, None, "/var/lib/zhishou/zhishou.db"),
        ({"STATE_DIRECTORY": "/var/lib/zhishou:/var/lib/other"}, "a/b.db", "/var/lib/zhishou/a/b.db"),
        ({"STATE_DIRECTORY": "/var/lib/zhishou"}, "/srv/b.db", "/srv/b.db"),
    ],
)
def test_where_the_store_stands(environ: dict[str, str], written_path: str | None, wanted: str, tmp_path: Path) -> None:
    text = "" if written_path is None else f'[store]\npath = "{written_path}"\n'
    assert str(load(written(tmp_path, text), environ=environ).store.path) == wanted


def test_secrets_come_from_files_and_credentials_and_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "duty").write_text("json://hunter2/\n", "utf-8")
    (tmp_path / "credentials" / "desk-token").write_text("hunter2-hunter2-hunter2\n", "utf-8")
    (tmp_path / "mail.secret").write_text("mailto://hunter2@x/", "utf-8")
    text = (
        '[web]\ntoken_file = "credential:desk-token"\n'
        '[[channel]]\nid = "a"\nurl = "credential:duty"\n[[channel]]\nid = "b"\nurl = "file:mail.secret"\n'
    )
    settings = loaded(written(tmp_path, text), CREDENTIALS_DIRECTORY=str(tmp_path / "credentials"))
    assert [channel.url.get_secret_value() for channel in settings.channels] == [
        "json://hunter2/",
        "mailto://hunter2@x/",
    ]
    assert settings.web.token_file == tmp_path / "credentials" / "desk-token"
    assert settings.token is not None
    assert settings.token.get_secret_value() == "hunter2-hunter2-hunter2"
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in settings.model_dump_json(include={"channels"})


@pytest.mark.parametrize("content", ["", "two\nlines\n"])
def test_a_secret_is_one_line(content: str, tmp_path: Path) -> None:
    path = written(tmp_path, '[[channel]]\nid = "a"\nurl = "file:x.secret"\n', x_secret=content)
    assert problems(path) == ["monitor.toml:3: channel[1].url: file:x.secret does not hold one line with an address"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file does not hold one line of plain characters"),
        ("first-line-of-token\nsecond-line-of-token\n", "the file does not hold one line of plain characters"),
        ("口令口令口令口令口令口令口令口令", "the file does not hold one line of plain characters"),
        ("0123456789abcde", "the token is shorter than 16 characters"),
    ],
)
def test_a_token_that_opens_nothing_is_refused_and_not_shown(content: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, '[web]\ntoken_file = "desk.secret"\n', desk_secret=content)
    assert problems(path) == [f"monitor.toml:2: web.token_file: {said} ({_MAKE})"]


def test_without_a_token_file_there_is_no_token(tmp_path: Path) -> None:
    assert loaded(written(tmp_path, "")).token is None
    assert problems(written(tmp_path, '[web]\ntoken = "0123456789abcdefgh"\n')), "a token never stands in the settings"


def test_targets_of_all_files_are_one_inventory(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        TARGET,
        targets__a_csv="id,kind,column,name,url,site,owner,contact,packs,on_home\n"
        "news,column,dynamic,要闻,http://www.example.gov.cn/news/,portal,某办,张三 0751-1234567；李四,house,是\n",
        targets__b_toml='[[target]]\nid = "weixin"\nkind = "account"\nname = "某市发布"\nurl = "http://f.example.gov.cn/x"\n'
        'packs = ["house"]\ncontact = [{ name = "王五", phone = "1", role = "编辑" }, "赵六 13800000000"]\n'
        "checks = { links_alive = { limit = 5 } }\n",
    )
    portal, news, weixin = loaded(path).targets
    assert (portal.id, portal.packs, portal.options, portal.site) == ("portal", ("national-2019", "house"), {}, None)
    assert (news.kind, news.column, news.site, news.on_home) == (TargetKind.COLUMN, ColumnKind.DYNAMIC, "portal", True)
    assert news.contacts == (Contact("张三", "0751-1234567"), Contact("李四"))
    assert weixin.contacts == (Contact("王五", "1", "编辑"), Contact("赵六", "13800000000"))
    assert weixin.options == {"links_alive": {"limit": 5}}


def test_a_duplicate_names_both_files(tmp_path: Path) -> None:
    path = written(
        tmp_path, "", targets__a_toml=TARGET, targets__b_csv="id,kind,name,url\n\n\nportal,site,某市,http://a.gov.cn/\n"
    )
    hint = "the first is at targets/b.csv:4"
    found = [text.replace(str(tmp_path) + "/", "") for text in problems(path)]
    assert found == [f'targets/a.toml:2: target[1].id: "portal" is there twice ({hint})']


def test_what_refers_to_a_bad_row_is_not_a_second_problem(tmp_path: Path) -> None:
    column = '[[target]]\nid = "news"\nkind = "column"\ncolumn = "other"\nname = "要闻"\nurl = "http://a.gov.cn/"\nsite = "portal"\n'
    assert len(problems(written(tmp_path, TARGET.replace("http:", "ftp:") + column))) == 1


def test_a_bad_pack_is_told_once_and_not_by_its_targets(tmp_path: Path) -> None:
    path = written(tmp_path, TARGET + 'packs = ["local"]\n', rules__local_toml='pack = "local"\n')
    assert problems(path) == ['rules/local.toml: "title" is missing']


def _house(settings: Settings) -> Pack:
    return next(pack for pack in settings.packs if pack.id == "house")


def test_a_pack_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    house = shipped("config", "rules", "house.toml").read_text("utf-8")
    before = {rule.id: rule for rule in _house(loaded(None)).rules}
    path = written(tmp_path, "", rules__mine_toml=house.replace('limit = "21d"', 'limit = "30d"'))
    settings = loaded(path)
    assert [pack.id for pack in settings.packs] == SHIPPED
    after = {rule.id: rule for rule in _house(settings).rules}
    assert str(after["certificate"].limit) == "30d"
    assert after["certificate"].version != before["certificate"].version
    assert {name: rule.version for name, rule in after.items() if name != "certificate"} == {
        name: rule.version for name, rule in before.items() if name != "certificate"
    }


def test_two_packs_of_ones_own_may_not_have_one_name(tmp_path: Path) -> None:
    house = shipped("config", "rules", "house.toml").read_text("utf-8")
    (said,) = problems(written(tmp_path, "", rules__a_toml=house, rules__b_toml=house))
    assert said == 'rules/b.toml: pack: the rule pack "house" is there twice (the first is rules/a.toml)'


def test_options_of_a_check_go_from_far_to_near(tmp_path: Path) -> None:
    text = (
        '[checks.links_alive]\nlimit = 4\nwait = "2h"\nskip = ["a"]\n'
        + TARGET
        + "checks = { links_alive = { limit = 5 } }\n"
    )
    settings = loaded(written(tmp_path, text))
    told = options_for("links_alive", LinkOptions, settings.check_options, settings.targets[0].options)
    assert told == LinkOptions(limit=5, wait=timedelta(hours=2), skip=("a",))


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('[reference]\nurls = ["http://a.cn/"]\n', "1 reference addresses are fewer than at_least = 3"),
        ('[cadence]\nsite = "2h"\n', "fewer than 20 looks a day at a home page"),
        ('[fetch]\nuser_agent = "LinkBot"\n', 'servers are known to refuse a User-Agent with the word "link" in it'),
        ("", "no channels: incidents are shown on the desk only"),
    ],
)
def test_warnings_do_not_fail(text: str, warning: str, tmp_path: Path) -> None:
    settings = loaded(written(tmp_path, text + TARGET))
    assert warning in [str(one.message) for one in settings.warnings]


def test_the_guards_refusals_are_listed(tmp_path: Path) -> None:
    second = TARGET.replace("portal", "inner").replace("www.example.gov.cn", "10.0.0.25:8080")
    third = second.replace("inner", "deeper").replace(":8080/", "/x")
    settings = loaded(written(tmp_path, TARGET + second + third))

    def refuses(address: str) -> str | None:
        return "private" if address.startswith("10.") else None

    assert names(settings) == ("www.example.gov.cn",)
    assert [(one.place, str(one.message)) for one in refusals(settings, refuses)] == [
        ("inner", "the guard refuses 10.0.0.25, 2 targets: private")
    ]
    found = refusals(settings, refuses, {"www.example.gov.cn": ("203.0.113.7", "10.1.1.1")})
    assert str(found[0].message) == "the guard refuses www.example.gov.cn: 10.1.1.1: private"


def test_thousands_of_problems_are_counted_not_kept(tmp_path: Path) -> None:
    rows = "id,kind,name,url\n" + "".join(f"x{number},site,某市,nowhere\n" for number in range(5000))
    found = problems(written(tmp_path, "", targets__a_csv=rows))
    assert len(found) == MOST + 1
    assert found[-1] == f"targets/a.csv: and {5000 - MOST:,} more problems in this file"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"a = " + b"[" * 50_000, "is nested too deeply to be read"), (b"\x00\xff", "is not UTF-8")],
)
def test_garbage_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_bytes(content)
    assert message in problems(path)[0]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.toml") == ["none.toml: cannot be read: No such file or directory"]
    assert problems(tmp_path / "..")[0].endswith("cannot be read: Is a directory")


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_bytes(b'\xef\xbb\xbf[desk]\r\nname = "x"\r\n')
    assert loaded(path).desk.name == "x"


def test_which_file_is_taken(tmp_path: Path) -> None:
    before = Path.cwd()
    try:
        os.chdir(tmp_path)
        assert find_settings(None) is None
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "monitor.toml").touch()
        assert find_settings(None) == Path("config/monitor.toml")
        assert find_settings(Path("other.toml")) == Path("other.toml")
    finally:
        os.chdir(before)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("张三 0751-1234567", Contact("张三", "0751-1234567")),
        ("张三", Contact("张三")),
        ("0751-1234567", Contact("", "0751-1234567")),
        ("张三 (0751) 1234567 办公室主任", Contact("张三", "(0751) 1234567", "办公室主任")),
        ("张三13800000000", Contact("张三", "13800000000")),
        ("李四，+86 138 0000 0000", Contact("李四", "+86 138 0000 0000")),
        ("王五 0751-1234567转801", Contact("王五", "0751-1234567转801")),
        ("", Contact("")),
    ],
)
def test_contacts_as_people_write_them(text: str, contact: Contact) -> None:
    assert parse_contact(text) == contact


def test_tables_given_as_python_are_checked_alike() -> None:
    told: dict[str, Any] = {"fetch": {"timeout": "2s", "slow": "1s"}, "channels": [{"id": "a", "url": "console://"}]}
    assert Settings.model_validate(told).fetch.timeout == timedelta(seconds=2)


def test_the_commented_shifts_are_a_roster(tmp_path: Path) -> None:
    text = shipped("config", "monitor.toml").read_text("utf-8")
    block = text[text.index("# [[shift]]") : text.index("# A few targets")]
    person = '[[person]]\nid = "zhang"\nname = "张三"\n'
    table = "\n".join(line.removeprefix("# ") for line in block.splitlines())
    settings = loaded(written(tmp_path, person + table))
    assert settings.shifts == (
        Repeating(frozenset(range(7)), time(8), time(20), ("zhang",), since=date(2026, 1, 1), until=date(2026, 12, 31)),
        Shift(
            datetime(2026, 2, 16, 12, tzinfo=UTC),
            datetime(2026, 2, 17, 0, tzinfo=UTC),
            ("zhang",),
        ),
    )
