"""What a rule says is heard: an option, a limit or a warning that judging would pass over is refused, in every obligation.

Every combination of what may be written is judged over facts in which something is wrong of every kind; what loads and was asked for
by nobody is a rule that means something else than it says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.config.document import Report, parse_document
from monitor.config.durations import parse_limit
from monitor.config.obligations import OBLIGATIONS
from monitor.config.packs import read_packs
from monitor.config.rules import RuleTable, rule_faults
from monitor.config.tables import Told
from monitor.judge import obligations
from monitor.model import (
    Applies,
    Cause,
    Confidence,
    DeclarationKind,
    Facts,
    Kin,
    Measure,
    Outage,
    Platform,
    Rule,
    Severity,
    Shift,
    TargetKind,
    fail,
    ok,
)
from tests.judge.filed import filed, message, posts
from tests.judge.made import DAY, HOUR, NOON, WORDS, condition, run

WRITTEN: Mapping[str, tuple[object, ...]] = {
    "check": ("tampered",),
    "area": (True,),
    "only": (["slow"],),
    "window": ("168h",),
    "share": (10,),
    "forecast": (2,),
    "marks": (["icp"],),
    "counts_toward": (5,),
    "points": (0.5,),
    "points_confidence": ("secondary",),
    "column": (["other"],),
    "deeper": (["other"],),
    "count": (4,),
    "per_year": (2,),
    "owed": (True,),
    "by": ("02-01",),
    "title": (["年报"],),
    "classes": (["jiucuo"],),
    "within_months": (2, 12),
    "serious": (True,),
    "activity": ("drill",),
    "names": (2,),
    "ahead": (3,),
}
OF = (["launch"], ["temporary_offline"], ["ordered_closure"], ["activity"], ["account_closing"])
OWN: Mapping[tuple[str, str], tuple[object, ...]] = {
    ("at_most_in_breach", "of"): ("blank",),
    ("notice_kept", "of"): (["permanent_offline"], ["account_closing"]),
    ("notice_kept", "field"): ("notice", "new_url"),
    ("filed_within", "of"): OF,
    ("filed_within", "field"): ("approved_by", "reported", "restore_filed", "site_code"),
    ("filed_within", "what"): ("outage", "return"),
    ("done_every", "every"): ("quarter",),
    ("original_share", "count"): (1,),
    ("posts_at_least", "every"): ("week",),
    ("inventory", "what"): ("one_per_owner", "gov_cn"),
}
ELSEWHERE = {
    "updated_within": {"counts_toward"},  # settle/telling.py words it, judge/indicators.py leaves it to the count
    "links_work": {"points", "points_confidence"},  # a record, said to be one in config/rules/README.md
}


class Options(dict[str, Any]):
    """Options that note which of them were asked for."""

    def __init__(self, told: Mapping[str, object]) -> None:
        super().__init__(told)
        self.heard: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.heard.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.heard.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.heard.add(str(key))
        return super().__contains__(key)


class Listening(Rule):
    """A rule that notes whether its limit and its warnings were asked for."""

    def __getattribute__(self, name: str) -> Any:
        if name in {"limit", "warn"}:
            super().__getattribute__("options").heard.add(name)
        return super().__getattribute__(name)


def listening(table: RuleTable) -> Listening:
    return Listening(
        pack="town",
        id=table.id,
        source=table.source,
        article=table.article,
        says=table.says,
        applies=Applies(table.applies.kind),
        obligation=table.obligation,
        severity=Severity.BREACH,
        confidence=Confidence.VERBATIM,
        limit=parse_limit(table.limit) if table.limit else None,
        warn=tuple(parse_limit(one) for one in table.warn),
        options=Options(table.options),
    )


LOOKS = {
    "reachable": Cause.OUTAGE,
    "tampered": Cause.TAMPER,
    "column_blank": Cause.BLANK,
    "column_fresh": Cause.STALE,
    "feed_fresh": Cause.STALE,
    "links_alive": Cause.DEAD_LINK,
    "entry_present": Cause.ENTRY_PRESENT,
    "marks_present": Cause.MARKS,
    "hosted_in": Cause.HOSTED_IN,
    "dates_honest": Cause.FORGED_DATE,
    "published": Cause.PUBLISHED_BY,
    "certificate": Cause.CERTIFICATE,
}


def scenes() -> list[Facts]:
    """Looks that fail and looks that are fine, an outage that runs and one that is over, everything filed with nothing in it."""
    told = [
        filed(kind.value, NOON - 40 * DAY, NOON + 40 * DAY, security=True)
        for kind in DeclarationKind
        if kind is not DeclarationKind.RETURN
    ]
    drill = filed("activity", NOON - 3 * DAY, NOON - 2 * DAY, activity="drill")
    late = [filed(kind, NOON - DAY) for kind in ("account_closing", "permanent_offline")]
    minor = filed("order", NOON - DAY, minor=True)
    measures = (Measure("newest", "2026-01-01", "date"), Measure("covers", "2024", "year"))
    ends = Measure("left", 25, "days")
    fine = tuple(run(ok(name, WORDS, *measures, ends), first_at=NOON - 90 * DAY) for name in LOOKS)
    bad = tuple(run(fail(name, cause, "x", WORDS), first_at=NOON - 90 * DAY) for name, cause in LOOKS.items())
    common = Facts(
        first_seen_at=NOON - 800 * DAY,
        last_look_at=NOON,
        good=900,
        failed=70,
        expected=1000,
        declarations=(*told, minor, *late),
        messages=(message(NOON - 50 * DAY, "jiucuo"), message(NOON - 50 * DAY, "handling", "m2")),
        posts=posts("2026-11-19", "2026-11-02", "2026-10-01", told=NOON, original=True),
        ended=(Outage(NOON - 35 * DAY, NOON - 34 * DAY, NOON - 34 * DAY),),
        counts={"stale:town:other": 4, "stale:town:deeper/other": 4, "blank:other": 4, "blank:policy": 4},
        shifts=(Shift(NOON - HOUR, NOON + 60 * HOUR, ("张三",)),),
        kin=Kin(same_owner=("乙",), names=("甲", "乙"), owner="某局", host="a.example", platform=Platform.WEIBO),
    )
    down = Outage(NOON - 29 * DAY, None, None)
    return [
        common._replace(runs=fine),
        common._replace(runs=fine, declarations=(*common.declarations, drill)),
        common._replace(
            runs=bad, conditions=tuple(condition(name, cause) for name, cause in LOOKS.items()), outage=down
        ),
    ]


def choices(name: str) -> Iterator[dict[str, object]]:
    known = [one.name for one in fields(OBLIGATIONS[name].options)]
    values = [(None, *OWN.get((name, one), WRITTEN.get(one, ()))) for one in known]
    assert all(len(one) > 1 for one in values), "an option without a value to try"
    for chosen in product(*values):
        yield {key: value for key, value in zip(known, chosen, strict=True) if value is not None}


def tables(name: str) -> Iterator[RuleTable]:
    for kind, limit, warn, options in product(OBLIGATIONS[name].kinds, (None, "30d"), ((), ("1d",)), choices(name)):
        entry = {"entry": "report"} if kind is TargetKind.PAGE else {}
        table = {"id": "a", "source": "某办法", "article": "第九条", "says": "…", "severity": "breach"}
        told = table | {"applies": {"kind": kind.value, **entry}, "obligation": name, "confidence": "verbatim"}
        yield RuleTable.model_validate(told | {"limit": limit, "warn": warn, "options": options})


@pytest.mark.parametrize("name", sorted(OBLIGATIONS))
def test_what_loads_is_heard(name: str) -> None:
    passed_over, loaded, heard_of = [], 0, set()
    facts = scenes()
    for table in tables(name):
        if rule_faults(table, Told(table)):
            continue
        loaded += 1
        written = {*table.options, *(key for key in ("limit", "warn") if getattr(table, key))}
        heard: set[str] = set()
        for scene in facts:
            rule = listening(table)
            obligations.OBLIGATIONS[name](rule, scene, NOON)
            heard |= rule.options.heard  # type: ignore[attr-defined]
        heard_of |= heard & written
        if left := written - heard - ELSEWHERE.get(name, set()):
            passed_over.append((table.applies.kind.value, table.limit, table.warn, dict(table.options), sorted(left)))
    assert loaded
    assert passed_over == []
    may = {one.name for one in fields(OBLIGATIONS[name].options)} - ELSEWHERE.get(name, set())
    assert may <= heard_of, "no facts here let these be heard"


PACK = """pack = "town"
title = "某办法"
[[rule]]
id = "a"
source = "某办法 (2020)"
article = "第九条"
says = "…"
applies = {{ kind = "desk" }}
obligation = "done_every"
options = {{ activity = "{activity}", per_year = 2 }}
severity = "breach"
confidence = "verbatim"
"""


def read(folder: Path, text: str) -> Report:
    (folder / "town.toml").write_text(text, "utf-8")
    report = Report()
    read_packs([(folder / "town.toml", "town.toml")], [], report)
    return report


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("selfcheck", "self_check"),
        ("Self-Check", "self_check"),
        ("drills", "drill"),
        ("应急演习", "drill"),
        ("trainning", "training"),
    ],
)
def test_an_activity_that_is_nearly_a_known_one_is_warned_of(written: str, meant: str, tmp_path: Path) -> None:
    report = read(tmp_path, PACK.format(activity=written))
    assert report.everything() == ()
    (warning,) = report.warnings
    assert f'"{written}" is a word of its own' in str(warning)
    assert f'did you mean "{meant}"?' in str(warning)
    assert str(warning).startswith("town.toml:10: rule[1].options.activity:")


@pytest.mark.parametrize(
    "written", ["自查", "self_check", "应急演练", "应急值守检查", "安全演练", "消防检查", "保密审查", "读报"]
)
def test_a_known_activity_or_one_of_ones_own_is_not(written: str, tmp_path: Path) -> None:
    report = read(tmp_path, PACK.format(activity=written))
    assert report.everything() == ()
    assert report.warnings == []


@given(year=st.integers(1000, 9999), month=st.integers(0, 99), day=st.integers(0, 99))
def test_a_day_that_is_none_is_told_as_one(year: int, month: int, day: int) -> None:
    report = Report()
    written = f"{year:04}-{month:02}-{day:02}"
    document = parse_document(f'title = "某"\nissued = {written}\n'.encode(), "town.toml", report)
    try:
        there = date(year, month, day)
    except ValueError:
        (problem,) = report.everything()
        assert problem.line == 2
        assert written in str(problem)
        assert ("there is no month" in str(problem)) is not (1 <= month <= 12)
    else:
        assert document.table["issued"] == there
        assert report.everything() == ()
