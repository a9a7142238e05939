"""`targets import|plan|apply|template` without a daemon: staged, planned, confirmed, in force with the next start."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.app import load_settings
from monitor.clock import SystemClock
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.store import events
from tests.cli.stored import write
from tests.cli.terminal import Done, call
from tests.config.sheets.tables import Rows, delimited, workbook
from tests.daemon.process import rows as asked
from tests.tree import ROOT

HEAD = ["网站标识码", "网站名称", "首页网址", "主办单位"]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Settings that watch nothing yet."""
    path = tmp_path / "monitor.toml"
    path.write_text(f'[store]\npath = "{tmp_path}/state/zhishou.db"\n[desk]\nlanguage = "en"\n', encoding="utf-8")
    return path


def sites(count: int, first: int = 1) -> list[list[str]]:
    return [[f"44020000{n:02}", f"站点{n}", f"https://s{n}.example/", f"第{n}局"] for n in range(first, first + count)]


def brought(config: Path, rows: Rows, name: str = "网站.xlsx") -> Done:
    file = config.parent / name
    file.write_bytes(workbook(rows) if name.endswith(".xlsx") else delimited(rows).encode("gb18030"))
    return call("targets", "import", file, "--config", config)


def started(config: Path) -> None:
    """What a start of the daemon takes over."""
    settings = load_settings(config)
    write(settings.store.path, lambda tx: take_in(tx, policy_of(settings), SystemClock().now()))


def applied(config: Path, *options: str) -> Done:
    done = call("targets", "apply", "--by", "李四", "--config", config, *options)
    if done.code == 0:
        started(config)
    return done


def plan(config: Path) -> dict[str, object]:
    found: dict[str, object] = call("targets", "plan", "--json", "--config", config).json()
    return found


def test_an_earlier_import_that_is_still_staged_is_said(bare: Path) -> None:
    accounts: Rows = [
        ["账号名称", "平台", "订阅地址", "主办单位"],
        ["某市发布", "微信", "https://feeds.example/1", "某局"],
    ]
    assert brought(bare, [HEAD, *sites(3)]).code == 0
    assert applied(bare).code == 0
    first = brought(bare, [HEAD, *sites(2)], "新网站.xlsx").out
    assert "earlier import" not in first
    assert "earlier import" not in brought(bare, [HEAD, *sites(2)], "新网站.xlsx").out, "it took its own place"
    again = brought(bare, accounts, "账号.csv").out.splitlines()
    staged = bare.parent / "targets" / "imported.csv.new"
    assert again[0] == f"read and checked: 1 accounts; staged in {staged}"
    assert again[1].startswith(
        "staged with it is an earlier import that is not in force: 2 sites of 新网站.xlsx, read "
    )
    assert again[2] == f"to begin anew without it, remove {staged} and import again"
    (still,) = call("targets", "import", bare.parent / "账号.csv", "--config", bare, "--json").json()["still_staged"]
    assert (still["file"], still["kinds"]) == ("新网站.xlsx", {"site": 2})
    staged.unlink()
    assert "earlier import" not in brought(bare, accounts, "账号.csv").out
    assert plan(bare)["removed"] == []


def test_from_a_list_to_what_is_watched(bare: Path) -> None:
    done = brought(bare, [["某市政府网站清单"], HEAD, *sites(3)])
    staged = bare.parent / "targets" / "imported.csv.new"
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == f"read and checked: 3 sites; staged in {staged}"
    assert load_settings(bare).targets == ()  # nothing is in force yet
    assert plan(bare)["added"] == ["4402000001", "4402000002", "4402000003"]
    done = applied(bare)
    assert done.out == "in force with the next start of the daemon, by 李四: 3 targets new\n"
    assert not staged.exists()
    (first, *_) = load_settings(bare).targets
    assert (first.id, first.name, first.owner) == ("4402000001", "站点1", "第1局")
    assert first.options == {"marks_present": {"site_code": "4402000001"}}
    ((who, what),) = asked(bare.parent / "state" / "zhishou.db", "SELECT who, what FROM events")
    assert (who, what) == ("李四", "targets.applied")


def test_an_import_replaces_its_own_kind_and_nothing_that_stands_elsewhere(config: Path) -> None:
    assert brought(config, [HEAD, *sites(2)]).code == 0
    columns = [
        ["所属网站", "栏目名称", "更新周期", "栏目网址"],
        ["站点1", "通知公告", "6个月", "https://s1.example/gg/"],
    ]
    assert brought(config, columns, "栏目.csv").code == 0
    assert applied(config).code == 0
    ids = [one.id for one in load_settings(config).targets]
    assert ids == ["site-1", "c", "4402000001", "4402000002", "4402000001/通知公告"]
    assert brought(config, [HEAD, *sites(1), *sites(1, 9)]).code == 0
    found = plan(config)
    assert (found["added"], found["removed"], found["changed"]) == (["4402000009"], ["4402000002"], [])
    assert found["unchanged"] == 4


def test_plan_names_fields_and_what_comes_back(bare: Path) -> None:
    brought(bare, [HEAD, *sites(12)])
    applied(bare)
    brought(bare, [HEAD, *sites(11)])
    applied(bare)
    changed = sites(12)
    changed[0][3] = "另一局"
    brought(bare, [HEAD, *changed])
    done = call("targets", "plan", "--config", bare)
    assert done.out.splitlines() == [
        "watched again, with their history: 1",
        "    4402000012  站点12",
        "changed: 1",
        "    4402000001  站点1  its owner",
        "as they are: 10",
    ]
    brought(bare, [HEAD, *sites(11)])
    assert (
        call("targets", "plan", "--config", bare).out
        == "nothing would change: 11 targets are watched as they are listed\n"
    )


def test_dropping_more_than_a_tenth_is_refused_where_nobody_can_confirm_it(bare: Path) -> None:
    brought(bare, [HEAD, *sites(20)])
    applied(bare)
    brought(bare, [HEAD, *sites(17)])
    before = (bare.parent / "targets" / "imported.csv").read_bytes()
    refused = applied(bare)
    assert refused.code == 2
    assert refused.err.splitlines() == [
        "more than a tenth would no longer be watched: 3 sites of 20",
        "not done: whoever means it adds --yes",
    ]
    assert (bare.parent / "targets" / "imported.csv").read_bytes() == before
    assert plan(bare)["needs_confirmation"] is True
    assert applied(bare, "--yes").code == 0
    assert len(load_settings(bare).targets) == 17
    removed = asked(bare.parent / "state" / "zhishou.db", "SELECT id FROM targets WHERE removed_at IS NOT NULL")
    assert len(removed) == 3  # tombstones: history stays
    brought(bare, [HEAD, *sites(16)])
    assert applied(bare).code == 0  # one of 17 is no tenth


def test_before_the_first_start_a_second_list_is_held_against_the_first(bare: Path) -> None:
    """Nothing is in a store yet: what the first list put in force is what the second takes away."""
    apply = ("targets", "apply", "--by", "李四", "--config", bare)
    brought(bare, [HEAD, *sites(40)])
    assert call(*apply).code == 0
    brought(bare, [HEAD, *sites(35), *sites(1, 77)])
    refused = call(*apply)
    assert refused.code == 2
    assert refused.err.splitlines() == [
        "more than a tenth would no longer be watched: 5 sites of 40",
        "not done: whoever means it adds --yes",
    ]
    done = call(*apply, "--yes")
    assert done.out == (
        "in force with the next start of the daemon, by 李四: 1 targets new, 5 targets no longer watched\n"
    )
    assert not (bare.parent / "state" / "zhishou.db").exists()
    assert len(load_settings(bare).targets) == 36


def test_two_lists_while_the_daemon_is_down(bare: Path) -> None:
    """The store knows of the first ten alone; of the thirty in force twelve would go unseen."""
    brought(bare, [HEAD, *sites(10)])
    applied(bare)
    apply = ("targets", "apply", "--by", "李四", "--config", bare)
    brought(bare, [HEAD, *sites(30)])
    assert call(*apply).code == 0
    brought(bare, [HEAD, *sites(18)])
    refused = call(*apply)
    assert refused.code == 2
    assert "12 sites of 30" in refused.err


@pytest.mark.parametrize(("typed", "code", "left"), [("3", 0, 17), ("17", 2, 20), ("", 2, 20)])
def test_at_a_terminal_the_number_is_typed(bare: Path, typed: str, code: int, left: int) -> None:
    brought(bare, [HEAD, *sites(20)])
    applied(bare)
    brought(bare, [HEAD, *sites(17)])
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "monitor", "targets", "apply", "--by", "李四", "--config", str(bare)]
    with subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.write(ours, f"{typed}\n".encode())
        _, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == code, err.decode()
    assert "Type the number to go on" in err.decode()
    assert len(load_settings(bare).targets) == left


def test_every_problem_at_once_and_nothing_is_staged(config: Path) -> None:
    rows: Rows = [
        HEAD,
        ["4402000001", None, "https://a.example/", "某局"],
        ["44-!", "b", "b.example/ x", "某局"],
        ["4402000003", "c", "https://c.example/", "某局" * 300],
    ]
    (config.parent / "targets").mkdir()
    mine = config.parent / "targets" / "mine.csv"
    mine.write_text("id,kind,name,url\n4402000003,site,c,https://c.example/\n", encoding="utf-8")
    done = brought(config, rows)
    assert done.code == 2
    assert done.out == ""
    file = config.parent / "网站.xlsx"
    assert done.err.splitlines() == [
        f"{file} [清单] B2 网站名称: is empty (it has to be filled in)",
        f'{file} [清单] A3 网站标识码: "44-!" is not a 网站标识码 (ten digits, or bm and eight digits)',
        f"{file} [清单] C3 首页网址: the address has a blank or an invisible character in it (write %20 where a blank is meant)",
        f'{file} [清单] 4: "4402000003" stands in another file of the inventory (take it out there, or write another id here)',
        f'{file} [清单] D4 主办单位: "owner" is longer than 500 characters',
        "5 problems; nothing was taken over",
    ]
    assert sorted(path.name for path in mine.parent.iterdir()) == ["mine.csv"]
    problems = call("targets", "import", file, "--json", "--config", config).json()["problems"]
    assert problems[0] == {
        "file": str(file),
        "sheet": "清单",
        "row": 2,
        "column": "B",
        "heading": "网站名称",
        "message": "is empty",
        "hint": "it has to be filled in",
    }


COLUMN_HEAD = ["所属网站", "栏目名称", "更新周期", "栏目网址"]
ACCOUNTS: Rows = [
    ["新媒体名称", "平台", "订阅地址", "所属网站"],
    ["二发布", "微信公众号", "https://feeds.example/2.xml", "站点2"],
]


def columns(*of: int) -> list[list[str]]:
    """Three columns of each of these sites."""
    return [[f"站点{n}", f"栏目{k}", "6个月", f"https://s{n}.example/{k}/"] for n in of for k in range(3)]


def estate(config: Path, count: int) -> None:
    """Sites with three columns each, an account of the second, in force and taken over."""
    assert brought(config, [HEAD, *sites(count)]).code == 0
    assert brought(config, [COLUMN_HEAD, *columns(*range(1, count + 1))], "栏目.csv").code == 0
    assert brought(config, ACCOUNTS, "账号.csv").code == 0
    assert applied(config).code == 0


def test_a_site_that_left_the_list_takes_its_columns_along(bare: Path) -> None:
    """Sites first, as the README says: nothing hangs in the air, what goes is counted, and an account stays, with its owner."""
    estate(bare, 40)
    done = brought(bare, [HEAD, *sites(1), *sites(37, 4)])
    assert done.code == 0, done.err
    assert done.err.splitlines() == [
        "sites no longer listed: 2; with them go 6 columns and 0 pages, history kept",
        "accounts of sites no longer listed stay, and belong to none: 1",
    ]
    found = plan(bare)
    assert found["dropped"] == {"site": 2, "column": 6}
    assert found["changed"] == [{"id": "wechat-二发布", "fields": ["site"]}]
    assert found["needs_confirmation"] is False
    assert applied(bare).code == 0
    left = {one.id: one for one in load_settings(bare).targets}
    assert len(left) == 38 + 38 * 3 + 1
    assert (left["wechat-二发布"].site, left["wechat-二发布"].owner) == (None, "第2局")
    gone = asked(bare.parent / "state" / "zhishou.db", "SELECT COUNT(*) FROM targets WHERE removed_at IS NOT NULL")
    assert gone == [(8,)]


def test_what_goes_along_is_counted_in_the_tenth(bare: Path) -> None:
    """One site of twelve is no tenth; that it bears a third of all columns is one."""
    assert brought(bare, [HEAD, *sites(12)]).code == 0
    many = [["站点12", f"栏目{k}", "6个月", f"https://s12.example/{k}/"] for k in range(18)]
    assert brought(bare, [COLUMN_HEAD, *columns(*range(1, 12)), *many], "栏目.csv").code == 0
    assert applied(bare).code == 0
    brought(bare, [HEAD, *sites(11)])
    refused = applied(bare)
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "more than a tenth would no longer be watched: 18 columns of 51",
    )


def test_the_right_list_after_a_wrong_one_brings_the_columns_back(bare: Path) -> None:
    """Nothing was in force yet: what went along with the sites is there again, and an account at its site."""
    estate(bare, 3)
    assert brought(bare, [HEAD, *sites(1)]).code == 0
    assert (
        brought(bare, [ACCOUNTS[0], ["三发布", "微博", "https://feeds.example/3.xml", "站点1"]], "账号.csv").code == 0
    )
    assert brought(bare, [HEAD, *sites(3)]).err == ""
    found = plan(bare)
    assert (found["removed"], found["added"], found["changed"]) == (["wechat-二发布"], ["weibo-三发布"], [])
    assert found["unchanged"] == 3 + 9


def test_columns_of_another_file_still_need_their_site(bare: Path) -> None:
    """What somebody wrote by hand is not touched, and is told after what is wrong with the list."""
    estate(bare, 2)
    mine = bare.parent / "targets" / "mine.csv"
    mine.write_text(
        "id,kind,column,name,url,site\nm,column,notice,公告,https://s2.example/m/,4402000002\n", encoding="utf-8"
    )
    done = brought(bare, [HEAD, *sites(1), ["44-!", "b", "https://b.example/", "某局"]])
    assert done.code == 2
    first, second, _ = done.err.splitlines()
    assert 'A3 网站标识码: "44-!" is not a 网站标识码' in first
    assert second == f'{mine}:2: site: there is no site "4402000002"'  # no other code is meant


def test_an_earlier_row_that_no_longer_does_is_told_by_its_id_in_a_file_that_is_there(bare: Path) -> None:
    assert brought(bare, [HEAD, *sites(2)]).code == 0
    assert brought(bare, [COLUMN_HEAD, *columns(1)], "栏目.csv").code == 0
    mine = bare.parent / "targets" / "mine.csv"
    mine.write_text("id,kind,name,url\n4402000001/栏目1,site,x,https://x.example/\n", encoding="utf-8")
    (told, _) = brought(bare, [HEAD, *sites(2)]).err.splitlines()
    staged = bare.parent / "targets" / "imported.csv.new"
    assert told == (f'{staged}: 4402000001/栏目1: id: "4402000001/栏目1" is there twice (the first is at {mine}:2)')


def test_in_chinese_and_what_is_no_table(bare: Path) -> None:
    file = bare.parent / "a.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    done = call("targets", "import", file, "--config", bare, "--lang", "zh-CN")
    assert (done.code, done.err) == (2, f"{file}：是旧格式的表格（.xls、.et）（请打开后另存为 .xlsx）\n")
    missing = call("targets", "import", bare.parent / "gone.csv", "--config", bare)
    assert missing.code == 2
    assert "No such file" in missing.err


def test_what_was_left_out_is_said(bare: Path) -> None:
    done = brought(
        bare,
        [
            [*HEAD, "ICP备案号"],
            *([*one[:2], one[2].removeprefix("https://"), one[3], "粤ICP备1号"] for one in sites(2)),
        ],
    )
    assert done.code == 0
    assert done.err.splitlines() == [
        "addresses without http:// or https://, read as http://: 2",
        "columns not imported: ICP备案号",
    ]


def test_a_site_that_is_over_is_not_watched_and_never_without_a_word(bare: Path) -> None:
    """New: left out. Watched: it stays until somebody files its end, which plan and apply leave alone."""
    states = ["正常", "永久下线", "临时下线申请"]
    told = [[*one, state] for one, state in zip(sites(3), states, strict=True)]
    done = brought(bare, [[*HEAD, "运行状态"], *told])
    assert (done.code, done.out.split(";")[0]) == (0, "read and checked: 2 sites")
    left, kept = done.err.splitlines()
    assert left == "left out, for they are over by the list and were never watched: 1 (站点2)"
    assert kept.startswith(
        'watched though the list says "临时下线申请" of them: 1 (站点3); file it with `zhishou declare temporary_'
    )
    assert applied(bare).code == 0
    told[0][-1] = "永久下线"
    again = brought(bare, [[*HEAD, "运行状态"], *told])
    assert "zhishou declare permanent_offline" in again.err
    assert plan(bare)["removed"] == []
    assert call("targets", "import", bare.parent / "网站.xlsx", "--json", "--config", bare).json()["over"] == 1


def test_a_template_is_written_once_and_imported(bare: Path) -> None:
    for kind, name in (("site", "a.xlsx"), ("account", "b.csv"), ("column", "c.xlsx")):
        file = bare.parent / name
        assert call("targets", "template", "--kind", kind, file, "--config", bare).code == 0
        assert call("targets", "template", "--kind", kind, file, "--config", bare).code == 2  # never overwritten
        assert "has no rows below its headings" in call("targets", "import", file, "--config", bare).err
    assert call("targets", "template", bare.parent / "a.doc", "--config", bare).code == 2


def test_without_a_staged_import_without_settings_and_without_a_name(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (("plan",), ("apply", "--by", "李四")):
        done = call("targets", *words, "--config", bare)
        assert (done.code, done.err) == (2, "nothing is staged: `zhishou targets import FILE` comes first\n")
    brought(bare, [HEAD, *sites(1)])
    assert call("targets", "apply", "--by", " ", "--config", bare).err == "who? every change names a person\n"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = call("targets", "import", bare.parent / "网站.xlsx", "--lang", "en")
    assert done.code == 2
    assert "config/monitor.toml" in done.err


def test_the_log_names_who_applied_and_what(bare: Path) -> None:
    brought(bare, [HEAD, *sites(2)])
    applied(bare)
    store = bare.parent / "state" / "zhishou.db"
    started(bare)  # a second start tells nothing new
    assert asked(store, "SELECT COUNT(*) FROM events WHERE what = 'targets.applied'") == [(1,)]
    brought(bare, [HEAD, *sites(2), *sites(1, 5)])
    applied(bare)
    found: list[events.Event] = []
    write(store, lambda tx: found.extend(events.newest(tx, 1)))
    assert (found[0].body["files"], found[0].body["added_ids"]) == (["网站.xlsx"], ["4402000005"])
