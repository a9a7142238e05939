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
from monitor.model import Confidence, Limit, Rule, Severity
from tests.tree import ROOT

BASE = [
    *("N-AVAIL", "N-HOME", "N-COL-DYN", "N-COL-POL", "N-COL-SUM", "N-COL-OTHER", "N-COL-BLANK", "N-MSG", "N-MSG-PUB"),
    *("N-STAT", "N-CHANNEL", "N-FRAUD", "N-BADLINK", "N-LINK-HOME", "N-LINK-SITE", "N-ID", "N-ACC", "N-APP"),
    *("N-OFF-30", "N-OFF-UNFILED", "N-MOVE-30", "N-REPORT", "N-ZHAOCUO", "N-DUTY"),
]
"""The rows of the national base pack (domain.md §10.0)."""
BESIDE = {"N-CHANNEL": ["N-SERVICE"], "N-REPORT": ["N-REPORT-HOME", "N-NOTICE-HOME"]}
"""What that table does not name, after the row it stands beside."""


def rules() -> dict[str, Rule]:
    return {rule.key: rule for pack in load(None, environ={}).packs for rule in pack.rules}


def table() -> Iterator[tuple[str, str, str]]:
    for line in shipped("config", "rules", "README.md").read_text("utf-8").splitlines():
        if match := re.fullmatch(r"\| (N-[A-Z0-9-]+) \| (yes|no) \| (.*) ?\|", line):
            yield match[1], match[2], match[3].strip()


def test_every_row_is_a_rule_or_says_why_not() -> None:
    loaded = {
        key.partition("/")[2]
        .removesuffix("-COL")
        .removesuffix("-PAGE")
        .removesuffix("-LINK")  # a row is a rule for each kind
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
