"""The shipped packs: every row of the national table is a rule or stands in the README; the vocabulary is what is judged."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.config.obligations import OBLIGATIONS
from monitor.config.packs import version_of
from monitor.config.shipped import shipped
from monitor.model import Confidence, Limit, Rule, Severity, TargetKind
from monitor.model.activities import ACTIVITIES
from tests.tree import ROOT

BASE = [
    *("N-AVAIL", "N-HOME", "N-COL-DYN", "N-COL-POL", "N-COL-SUM", "N-COL-OTHER", "N-COL-BLANK", "N-MSG", "N-MSG-PUB"),
    *("N-STAT", "N-CHANNEL", "N-FRAUD", "N-BADLINK", "N-LINK-HOME", "N-LINK-SITE", "N-ID", "N-ACC", "N-APP"),
    *("N-OFF-30", "N-OFF-UNFILED", "N-MOVE-30", "N-REPORT", "N-ZHAOCUO", "N-DUTY"),
]
"""The rows of the national base pack (domain.md §10.0)."""
BESIDE = {
    "N-COL-OTHER": ["N-COL-OTHER-SUM"],
    "N-CHANNEL": ["N-SERVICE"],
    "N-OFF-30": ["N-OFF-ONCE"],
    "N-OFF-UNFILED": ["N-OFF-OWN", "N-OFF-PORTAL"],
    "N-MOVE-30": ["N-MOVE-NEW", "N-MOVE-DOMAIN"],
    "N-REPORT": ["N-REPORT-HOME", "N-NOTICE-HOME"],
}
"""What that table does not name, after the row it stands beside."""

TEXTS = {
    "shaoguan-2023": ("第三十八条", ["第一条", "第二十二条", "第三十八条"]),
    "zhongshan-2020": ("第三十九条", ["第一条", "第三条", "第十一条", "第二十一条", "第三十九条"]),
    "zizhizhou-2020": ("第二十六条", ["第一条", "第二十六条"]),
    "chongchuan-2023": (
        "第三十五条",
        ["第一条", "第三条", "第四条", "第五条", "第十条", "第十八条", "第三十二条", "第三十四条", "第三十五条"],
    ),
    "foshan-2015": (
        "第五十九条",
        [
            *(
                "第一条",
                "第二条",
                "第三条",
                "第四条",
                "第五条",
                "第六条",
                "第九条",
                "第十三条",
                "第二十条",
                "第二十一条",
            ),
            *(
                "第二十九条",
                "第三十条",
                "第三十八条",
                "第四十条",
                "第四十一条",
                "第四十二条",
                "第四十六条",
                "第五十二条",
            ),
            *("第五十五条", "第五十七条", "第五十八条", "第五十九条"),
        ],
    ),
}
"""Of each regulation its last article, and those in which there is nothing to measure (domain.md §10.1 to §10.5)."""
BOLD = {
    "shaoguan-2023": ["第十八条", "第二十七条", "第二十八条", "第三十五条"],
    "zhongshan-2020": ["第九条", "第十五条", "第二十六条", "第二十七条", "第二十八条", "第三十六条"],
    "zizhizhou-2020": ["第八条", "第九条", "第十三条", "第十四条", "第十五条", "第二十条"],
    "chongchuan-2023": ["第十四条", "第十六条", "第十九条", "第三十一条"],
    "foshan-2015": ["第二十六条", "第二十七条", "第二十八条", "第四十七条"],
}
"""Articles with a number, which no reason can stand for."""


def rules() -> dict[str, Rule]:
    return {rule.key: rule for pack in load(None, environ={}).packs for rule in pack.rules}


def table() -> Iterator[tuple[str, str, str]]:
    for line in shipped("config", "rules", "README.md").read_text("utf-8").splitlines():
        if match := re.fullmatch(r"\| (N-[A-Z0-9-]+) \| (yes|no) \| (.*) ?\|", line):
            yield match[1], match[2], match[3].strip()


def numeral(number: int) -> str:
    """1 to 99, as articles are counted: 九, 十, 十一, 二十, 二十六."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones or not tens else "")


def section(pack: str) -> str:
    """What the README says of a pack."""
    page = shipped("config", "rules", "README.md").read_text("utf-8")
    return page.partition(f"\n## {pack}\n")[2].partition("\n## ")[0]


def rows(pack: str) -> dict[str, tuple[set[str], str]]:
    """Of each article in the README of a pack: the rules named, and the words beside them; in order."""
    told = re.findall(r"(?m)^\| (第[一二三四五六七八九十]+条) \| (.+?) \| (.*?) ?\|$", section(pack))
    assert len(told) == len({article for article, _, _ in told}), "one row an article"
    return {article: (set(re.findall(r"`([^`]+)`", named)), reason) for article, named, reason in told}


def cited(pack: str) -> dict[str, set[str]]:
    """The rules of a pack by the articles they cite, items left out: 第二十六条第(四)项 is 第二十六条."""
    found: dict[str, set[str]] = {}
    for rule in rules().values():
        for article in (rule.article, *rule.also) if rule.pack == pack else ():
            found.setdefault(article.partition("条")[0] + "条", set()).add(rule.id)
    return found


@pytest.mark.parametrize("pack", TEXTS)
def test_every_article_is_a_rule_or_says_why_not(pack: str) -> None:
    last, nothing = TEXTS[pack]
    told, by_rule = rows(pack), cited(pack)
    every = [f"第{numeral(number)}条" for number in range(1, len(told) + 1)]
    assert list(told) == every
    assert every[-1] == last
    assert {article: named for article, (named, _) in told.items() if named} == by_rule
    assert not [article for article, (named, reason) in told.items() if not named and not reason]
    assert [article for article, (_, reason) in told.items() if reason == "nothing to measure"] == nothing
    assert not set(nothing) & set(by_rule)


@pytest.mark.parametrize(
    ("pack", "words"),
    {
        "shaoguan-2023": ("policy or other columns", "blank columns", "other than 找错"),
        "zhongshan-2020": ("window for updates", "31 January", "归档", "blank columns", "other than 找错"),
        "zizhizhou-2020": ("temporary closure", "notice of a migration"),
        "chongchuan-2023": ("length of any notice", "for messages"),
        "foshan-2015": ("window for updates", "thirty days", "31 January"),
    }.items(),
)
def test_what_a_text_does_not_ask_stands_under_its_table(pack: str, words: tuple[str, ...]) -> None:
    """The last rows of domain.md §10.1 to §10.5, which are of no article."""
    (line,) = re.findall(r"(?m)^Not in this text: (.+)$", section(pack))
    assert not [one for one in words if one not in line]


def test_the_annex_of_a_text_has_its_row() -> None:
    assert re.search(r"(?m)^\| 附件《监测监管重点》 \| none \| not available: .+ \|$", section("chongchuan-2023"))


@pytest.mark.parametrize("pack", BOLD)
def test_no_article_with_a_number_goes_without_a_rule(pack: str) -> None:
    assert not set(BOLD[pack]) - set(cited(pack))


@pytest.mark.parametrize("pack", TEXTS)
def test_a_local_text_is_cited_by_its_own_name(pack: str) -> None:
    (loaded,) = [one for one in load(None, environ={}).packs if one.id == pack]
    name = f"{loaded.title} ({pack[-4:]})"
    assert loaded.status == "有效期未核实"
    assert {rule.source for rule in loaded.rules} == {name}
    assert {rule.confidence for rule in loaded.rules} == {Confidence.VERBATIM}


def test_every_house_rule_is_named() -> None:
    page = shipped("config", "rules", "README.md").read_text("utf-8").partition("\n## house\n")[2].partition("\n## ")[0]
    ours = {key.removeprefix("house/") for key in rules() if key.startswith("house/")}
    assert not ours - set(re.findall(r"`([^`]+)`", page))


def test_every_obligation_has_a_rule() -> None:
    assert {rule.obligation for rule in rules().values()} == set(OBLIGATIONS)


def test_activities_are_counted_by_the_words_they_are_recorded_under() -> None:
    named = {str(rule.options["activity"]) for rule in rules().values() if "activity" in rule.options}
    assert named
    assert not named - ACTIVITIES.keys()
    page = shipped("config", "rules", "README.md").read_text("utf-8")
    assert not {word for word in ACTIVITIES if f"`{word}`" not in page}


def test_every_row_is_a_rule_or_says_why_not() -> None:
    loaded = {
        key.partition("/")[2]
        .removesuffix("-COL")
        .removesuffix("-PAGE")
        .removesuffix("-LINK")  # a row is a rule for each kind
        .removesuffix("-DEEP")
        for key in rules()
        if key.startswith("national-2019/")
    }
    assert [name for name, _, _ in table()] == [name for row in BASE for name in (row, *BESIDE.get(row, ()))]
    assert {name for name, there, _ in table() if there == "yes"} == loaded
    assert all(reason for _, there, reason in table() if there == "no")


def test_the_vocabulary_is_what_is_judged() -> None:
    files = (ROOT / "monitor" / "judge" / "obligations").glob("*.py")
    assert sorted(OBLIGATIONS) == sorted(path.stem for path in files if path.stem != "__init__")


@pytest.mark.parametrize("rule", rules().values(), ids=rules().keys())
def test_no_rule_without_source_article_and_words(rule: Rule) -> None:
    assert rule.source
    assert rule.article
    assert rule.says
    assert (rule.pack == "house") == (rule.confidence is Confidence.HOUSE)
    assert (rule.pack == "house") == (rule.source == rule.article == "内部要求")
    assert rule.version == version_of(rule)


def test_the_version_is_of_all_a_rule_says() -> None:
    rule = rules()["national-2019/N-HOME"]
    for changed in (
        replace(rule, says="x"),
        replace(rule, limit=Limit(15, "d")),
        replace(rule, status="x"),
        replace(rule, severity=Severity.BREACH),
        replace(rule, options={"a": 1}),
        replace(rule, also=("第一条",)),
    ):
        assert version_of(changed) != rule.version
    assert version_of(replace(rule, version="other")) == rule.version


@pytest.mark.parametrize(
    ("key", "limit", "warn", "severity"),
    [
        ("national-2019/N-HOME", "14d", "4d 1d", "veto"),
        ("national-2019/N-COL-DYN", "14d", "4d 1d", "breach"),
        ("national-2019/N-COL-POL", "6mo", "30d 7d", "breach"),
        ("national-2019/N-COL-OTHER", "1y", "30d 7d", "breach"),
        ("national-2019/N-ACC", "14d", "4d 1d", "veto"),
        ("national-2019/N-OFF-30", "30d", "29d 23d 15d 10d 5d 2d 0d", "serious"),
        ("house/certificate", "21d", "7d 1d", "breach"),
        ("national-2019/N-MSG", "3mo", "30d 7d", "veto"),
        ("national-2019/N-MSG-PUB", "2mo", "14d", "breach"),
        ("national-2019/N-STAT", "3mo", "14d", "breach"),
        ("national-2019/N-ZHAOCUO", "3wd", "1wd", "breach"),
        ("national-2019/N-MOVE-30", "30d", "", "serious"),
        ("shaoguan-2023/accounts", "14d", "4d 1d", "breach"),
        ("shaoguan-2023/home-columns", "14d", "4d 1d", "breach"),
        ("shaoguan-2023/dynamic-columns", "14d", "4d 1d", "breach"),
        ("shaoguan-2023/jiucuo", "1wd", "", "breach"),
        ("shaoguan-2023/fixed-site", "1d", "", "serious"),
        ("zhongshan-2020/migration-notice", "30d", "", "serious"),
        ("zhongshan-2020/closing-notice", "15wd", "", "breach"),
        ("zhongshan-2020/jiucuo", "1wd", "", "breach"),
        ("zizhizhou-2020/dynamic-columns", "14d", "4d 1d", "breach"),
        ("zizhizhou-2020/policy-columns", "6mo", "30d 7d", "breach"),
        ("zizhizhou-2020/other-columns", "1y", "30d 7d", "breach"),
        ("zizhizhou-2020/jiucuo", "3wd", "1wd", "breach"),
        ("zizhizhou-2020/consulting", "7wd", "1wd", "breach"),
        ("zizhizhou-2020/handling", "15wd", "1wd", "breach"),
        ("zizhizhou-2020/any-message", "3mo", "30d 7d", "serious"),
        ("chongchuan-2023/zombie", "3mo", "30d 7d", "serious"),
        ("chongchuan-2023/filing", "3wd", "1wd", "breach"),
        ("chongchuan-2023/video", "14d", "4d 1d", "breach"),
        ("foshan-2015/self-check-report", "15wd", "5wd 1wd", "breach"),
    ],
)
def test_limits_as_the_table_has_them(key: str, limit: str, warn: str, severity: str) -> None:
    rule = rules()[key]
    assert (str(rule.limit), " ".join(map(str, rule.warn)), rule.severity.value) == (limit, warn, severity)


def test_outages_are_told_on_the_days_of_the_design() -> None:
    rule = rules()["national-2019/N-OFF-30"]
    assert [30 - warning.number for warning in rule.warn] == [1, 7, 15, 20, 25, 28, 30]


def test_shipped_data_is_found() -> None:
    assert shipped("config", "rules").is_dir()
    with pytest.raises(FileNotFoundError, match="no-such was not shipped"):
        shipped("config", "no-such")
    assert Path(shipped("config", "monitor.toml")).is_file()


OURS = ("（收到当日不计）", "（自整改通知发出起24小时）", "（周一至周日）")
"""Readings of ours (domain.md §12) that no text words: they are said as such, or not at all."""


def test_what_we_read_into_a_text_is_said_to_be_ours() -> None:
    told = {key: rule.says for key, rule in rules().items()}
    assert [key for key, says in told.items() if any(reading in says for reading in OURS)] == []
    for key, rule in rules().items():
        if rule.obligation == "fixed_within" or ("wd" in str(rule.limit) and rule.obligation == "answered_within"):
            assert "（本系统按" in rule.says, key
    for name in ("offline-own-notice", "offline-portal-notice", "marks"):
        assert all("（本系统按" in told[f"{pack}/{name}"] for pack in ("shaoguan-2023", "zhongshan-2020"))


def test_the_national_identity_names_no_sitemap_and_asks_for_none() -> None:
    rule = rules()["national-2019/N-ID"]
    marks = rule.options["marks"]
    assert isinstance(marks, list | tuple)
    assert (len(marks), "sitemap" in marks, "网站地图" in rule.says) == (7, False, False)


def test_a_report_that_is_owed_in_time_is_no_serious_breach_where_the_text_has_no_hours() -> None:
    assert rules()["foshan-2015/outage-reported"].severity is Severity.BREACH


def test_only_a_move_is_owed_a_place_on_the_home_page() -> None:
    known = rules()
    assert (known["national-2019/N-NOTICE-HOME"].also, "临时下线" in known["national-2019/N-NOTICE-HOME"].says) == (
        (),
        False,
    )
    assert known["national-2019/N-NOTICE-HOME-PAGE"].also == ("临时下线",)


def test_a_site_that_closed_for_good_owes_no_news_and_no_marks() -> None:
    for key, rule in rules().items():
        if rule.obligation in {"marks_present", "at_most_in_breach"} or key == "national-2019/N-HOME":
            assert "permanent_offline" in rule.exempt_by, key


def test_a_deregistered_account_owes_no_posts_in_any_pack() -> None:
    content = {"updated_within", "posts_at_least", "original_share"}
    asked = [one for one in rules().values() if one.applies.kind is TargetKind.ACCOUNT and one.obligation in content]
    assert len(asked) == 7
    assert all("account_closing" in one.exempt_by for one in asked)


GRADES = {
    "veto": "N-AVAIL N-HOME N-COL-SUM N-COL-OTHER-SUM N-COL-BLANK N-MSG N-FRAUD N-BADLINK N-ACC",
    "serious": "N-CHANNEL N-SERVICE N-OFF-30 N-OFF-ONCE N-OFF-UNFILED N-MOVE-30 N-NOTICE-HOME",
    "breach": "N-COL-DYN N-COL-POL N-COL-OTHER N-MSG-PUB N-STAT N-LINK-HOME N-ID N-MOVE-NEW N-MOVE-DOMAIN N-OFF-OWN N-OFF-PORTAL "
    "N-REPORT N-REPORT-HOME N-ZHAOCUO N-DUTY",
    "remind": "N-LINK-SITE",
}
"""As the table grades its rows: 单项否决, serious, a 扣分 or what only counts; one entry that fails is not the channel, which is the veto."""


def test_a_severity_is_the_grade_that_the_document_gives() -> None:
    graded = {name: grade for grade, names in GRADES.items() for name in names.split()}
    assert {name for name, there, _ in table() if there == "yes"} == set(graded)
    kinds = re.compile(r"-(COL|PAGE|LINK|DEEP)$")
    for key, rule in rules().items():
        if key.startswith("national-2019/"):
            own = rule.id if rule.id in graded else kinds.sub("", rule.id)
            assert rule.severity.value == graded[own], key


def test_a_local_text_is_no_graver_than_it_says() -> None:
    """No local text speaks of 单项否决; what it asks 原则上, encourages, or asks 及时 without a number is no serious breach."""
    for key, rule in rules().items():
        if rule.pack in TEXTS:
            assert rule.severity is not Severity.VETO, key
            soft = any(word in rule.says for word in ("鼓励", "仅作提示", "提示补"))
            assert not soft or rule.severity is Severity.REMIND, key
            assert "原则上" not in rule.says or rule.severity in {Severity.REMIND, Severity.BREACH}, key
