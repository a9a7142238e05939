"""A mistake in a town's own pack is told with what to write instead; what follows from it is no second problem."""

from pathlib import Path

import pytest

from monitor.config.document import Report
from monitor.config.load import load
from monitor.config.packs import read_packs
from monitor.config.problems import ConfigError, near

PACK = """pack = "local"
title = "某办法"

[[rule]]
id = "a"
source = "某办法 (2020)"
article = "第六条"
says = "应有主办单位"
applies = { kind = "site" }
obligation = "inventory"
options = { what = "owner" }
severity = "breach"
confidence = "verbatim"
"""
SECOND = PACK[PACK.index("[[rule]]") :].replace('id = "a"', 'id = "b"')


def told(text: str, folder: Path) -> list[str]:
    path = folder / "local.toml"
    path.write_text(text, "utf-8")
    report = Report()
    read_packs([(path, path.name)], [], report)
    return [str(one) for one in report.everything()]


def instead(old: str, new: str, folder: Path) -> list[str]:
    assert old in PACK
    return told(PACK.replace(old, new), folder)


@pytest.mark.parametrize("article", ["六", "（六）", "第六", " 第六 ", "第六条第二", "二十六"])
def test_a_number_of_nothing_is_no_article(article: str, tmp_path: Path) -> None:
    (problem,) = instead("第六条", article, tmp_path)
    assert f'"{article.strip()}" does not say of what it is the number (write it as the document does' in problem


@pytest.mark.parametrize(
    "article",
    ["第六条第(二)项", "第三章第六条", "附件二", "三、网站开设", "单项否决·第三方监测", "第六、七条", "千分制"],
)
def test_headings_and_indicators_are_articles(article: str, tmp_path: Path) -> None:
    assert instead("第六条", article, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (PACK.replace("[[rule]]", "[rule]") + "\n" + SECOND, 4),
        (PACK + "\n" + SECOND.replace("[[rule]]", "[rule]"), 15),
        (PACK.replace("[[rule]]", "[rule]  # the first") + "\n" + SECOND + SECOND.replace('"b"', '"c"'), 4),
    ],
)
def test_a_lone_table_beside_an_array_is_told_where_it_stands(text: str, line: int, tmp_path: Path) -> None:
    assert told(text, tmp_path) == [f"local.toml:{line}: is not TOML: [rule] beside [[rule]]: write [[rule]] here, too"]


def test_the_others_are_judged_beside_a_lone_table(tmp_path: Path) -> None:
    text = PACK.replace("[[rule]]", "[rule]") + "\n" + SECOND.replace("第六条", "第六")
    assert len(told(text, tmp_path)) == 2


HEAD = '[[channel]]\nid = "c"\nurl = "console://"\n[[target]]\nid = "s"\nkind = "site"\nname = "清溪"\nurl = "https://qingxi.gov.cn/"\n'


@pytest.mark.parametrize(
    "broken", ["pack = “qingxi-2024”", "pack = qingxi-2024", 'pack ＝ "qingxi-2024"', "= nothing", ""]
)
def test_packs_of_targets_are_not_judged_by_the_name_of_a_file(broken: str, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(PACK.replace('pack = "local"', broken), "utf-8")
    (tmp_path / "monitor.toml").write_text(HEAD + 'packs = ["house", "qingxi-2024"]\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "monitor.toml", environ={})
    assert {one.file for one in caught.value.problems} == {str(tmp_path / "rules" / "mine.toml")}


def test_a_pack_that_is_nowhere_is_told_when_the_name_of_a_broken_file_is_known(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(PACK.replace('pack = "local"', "pack = “qingxi-2024”"), "utf-8")
    (tmp_path / "monitor.toml").write_text(HEAD + 'packs = ["hous", "qingxi-2024"]\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "monitor.toml", environ={})
    (problem,) = [one for one in caught.value.problems if one.place]
    assert 'there is no rule pack "hous" (did you mean "house"?)' in str(problem)


def test_what_is_asked_of_the_inventory_is_named(tmp_path: Path) -> None:
    (problem,) = instead('options = { what = "owner" }\n', "", tmp_path)
    assert '"what" is missing (one of one_per_owner, ' in problem


def test_a_number_in_quotes_is_a_number_without_them(tmp_path: Path) -> None:
    (problem,) = instead('{ kind = "site" }', '{ kind = "site", level = "1" }', tmp_path)
    assert problem.endswith('"1" is not one of 1, 2 (write it without quotes)')


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('kind = "site"', 'kind = "网站"', "网站 is written site"),
        ('"breach"', '"严重"', "严重 is written serious"),
        ('"verbatim"', '"原文"', "原文 is written verbatim"),
        ("severity", 'exempt_by = ["不可抗力"]\nseverity', "不可抗力 is written force_majeure"),
    ],
)
def test_a_chinese_name_is_told_its_word(old: str, new: str, hint: str, tmp_path: Path) -> None:
    (problem,) = instead(old, new, tmp_path)
    assert problem.endswith(f"({hint})")


def test_a_chinese_name_among_options_is_told_its_word(tmp_path: Path) -> None:
    text = PACK.replace('"inventory"', '"answered_within"\nlimit = "5wd"').replace(
        'what = "owner"', 'classes = ["咨询"]'
    )
    (problem,) = told(text, tmp_path)
    assert problem.endswith("(咨询 is written consulting)")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("密码修改", "修改密码"), ("巡察", "巡查"), ("演习", "演练"), ("帐号", "账号"), ("查自", "自查")],
)
def test_short_words_turned_round_or_of_one_sound_are_near(word: str, meant: str) -> None:
    assert near(word, ["修改密码", "巡查", "自查", "演练", "账号", "培训"], 0.75) == meant


@pytest.mark.parametrize("word", ["抽查", "自评", "检查", "安全演练", "读报", "培养", "保密审查", "ab", "查", ""])
def test_other_words_of_two_signs_are_words_of_their_own(word: str) -> None:
    assert near(word, ["修改密码", "巡查", "自查", "演练", "账号", "培训", "ba"], 0.75) == ""


def test_an_option_of_another_obligation_is_told_whose_it_is(tmp_path: Path) -> None:
    (problem,) = instead("severity", "per_year = 2\nseverity", tmp_path)
    assert problem.endswith('"per_year" is an option of done_every, offline_at_most (inventory takes: what)')


def test_an_option_of_another_and_one_of_its_own_are_both_told(tmp_path: Path) -> None:
    said = instead('options = { what = "owner" }', 'what = "owner"\nahead = 3', tmp_path)
    assert [one.partition(": ")[2] for one in said] == [
        'rule[1].what: "what" is an option of inventory (write it into options = { what = … })',
        'rule[1].ahead: "ahead" is an option of duty_covered (inventory takes: what)',
    ]
