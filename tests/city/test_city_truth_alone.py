"""The truth shares nothing with what it scores, and says the same numbers as the settings and packs that are shipped."""

import ast
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.city.asked import PACKS
from monitor.city.closures import PER_YEAR
from monitor.city.counts import COUNTS
from monitor.city.replies import OUTER, VETO, WORKING_DAYS
from monitor.city.terms import Terms
from monitor.config.settings import Settings
from monitor.model import Cause, ColumnKind

ROOT = Path(__file__).resolve().parents[2]
SCORED = ("monitor.plan", "monitor.judge", "monitor.alert", "monitor.settle", "monitor.pipeline", "monitor.observe")
FILES = (
    "terms",
    "truth",
    "looked",
    "asked",
    "spans",
    "sight",
    "lateness",
    "walls",
    "silences",
    "share",
    "score",
    "reckoning",
    "days",
    "filings",
    "closures",
    "replies",
    "counts",
    "records",
    "returns",
    "kept",
    "weeks",
    "originals",
    "silences",
)


def named(path: Path) -> set[str]:
    """Every module a file imports, and every name it takes from one as if it were a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def source(module: str) -> Path | None:
    path = ROOT / module.replace(".", "/")
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def reached(module: str) -> set[str]:
    """All modules of ours that a module leads to, itself and its packages included."""
    seen: set[str] = set()
    ahead = [module]
    while ahead:
        name = ahead.pop()
        path = source(name)
        if name in seen or path is None:
            continue
        seen.add(name)
        ahead += [*named(path), *(name.rpartition(".")[0],)]
    return seen


@pytest.mark.parametrize("name", FILES)
def test_it_leads_to_nothing_that_it_scores(name: str) -> None:
    known = reached(f"monitor.city.{name}")
    assert f"monitor.city.{name}" in known
    assert [module for module in known if module.startswith(SCORED)] == []


def test_the_search_would_find_one() -> None:
    assert any(module.startswith("monitor.alert") for module in reached("monitor.city.robot"))
    assert any(module.startswith("monitor.plan") for module in reached("monitor.pipeline"))


def test_no_import_is_made_at_run_time() -> None:
    for name in FILES:
        text = (ROOT / "monitor" / "city" / f"{name}.py").read_text(encoding="utf-8")
        assert "import_module" not in text
        assert "__import__" not in text


def test_the_waits_are_those_of_the_settings() -> None:
    terms, settings = Terms(), Settings()
    for name in ("site", "column", "account", "links", "certificate", "page"):
        assert getattr(terms, name) == getattr(settings.cadence, name), name
    assert (terms.blind_site, terms.blind_column) == (settings.blind.site, settings.blind.column)
    assert terms.blind_account == settings.blind.account
    assert terms.link_window == settings.confirm.link_second_look
    assert terms.tries == (settings.confirm.tries - 1) * settings.confirm.every
    assert terms.window == terms.tries + settings.fetch.timeout
    assert terms.group == settings.alert.group_wait


def rules_of(*packs: str) -> dict[str, dict[str, Any]]:
    """Their rules by "pack/id", as the files have them."""
    known: dict[str, dict[str, Any]] = {}
    for pack in packs:
        with (ROOT / "config" / "rules" / f"{pack}.toml").open("rb") as held:
            known |= {f"{pack}/{rule['id']}": rule for rule in tomllib.load(held)["rule"]}
    return known


def test_the_rules_it_names_are_those_of_the_packs() -> None:
    known = rules_of(*PACKS)
    text = "\n".join((ROOT / "monitor" / "city" / f"{name}.py").read_text(encoding="utf-8") for name in FILES)
    named_here = {
        node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and "/" in str(node.value)
    }
    ours = {str(value) for value in named_here if str(value).partition("/")[0] in PACKS}
    assert ours <= set(known)
    assert {name.partition("/")[0] for name in ours} == PACKS
    limits = {"N-HOME": "14d", "N-ACC": "14d", "N-COL-DYN": "14d", "N-COL-POL": "6mo", "N-COL-OTHER": "1y"}
    assert {name: known[f"national-2019/{name}"]["limit"] for name in limits} == limits
    assert known["national-2019/N-OFF-30"]["limit"] == "30d"
    assert known["national-2019/N-AVAIL"]["options"]["share"] == 5
    for veto in ("N-HOME", "N-ACC"):
        rule = known[f"national-2019/{veto}"]
        assert (rule["severity"], rule["warn"][-1]) == ("veto", "1d")
    assert timedelta(hours=168) == timedelta(days=7)


@pytest.mark.parametrize(
    ("rule", "limit", "classes"),
    [
        ("national-2019/N-ZHAOCUO", "3wd", ["jiucuo"]),
        ("shaoguan-2023/jiucuo", "1wd", ["jiucuo"]),
        ("zhongshan-2020/jiucuo", "1wd", ["jiucuo"]),
        ("zizhizhou-2020/jiucuo", "3wd", ["jiucuo"]),
        ("zizhizhou-2020/consulting", "7wd", ["consulting"]),
        ("zizhizhou-2020/handling", "15wd", ["handling"]),
        ("zizhizhou-2020/any-message", "3mo", []),
        ("national-2019/N-MSG", "3mo", ["consulting", "handling"]),
    ],
)
def test_the_limits_of_messages_are_those_of_the_packs(rule: str, limit: str, classes: list[str]) -> None:
    pack = rule.partition("/")[0]
    known = rules_of(pack)
    asked = {name for name, one in known.items() if one["obligation"] == "answered_within"}
    here = {*WORKING_DAYS, VETO, OUTER}
    assert {name for name in here if name.startswith(pack)} == asked
    told = known[rule]
    assert (told["applies"], told["limit"]) == ({"kind": "site"}, limit)
    assert told.get("options", {}).get("classes", []) == classes
    if rule in WORKING_DAYS:
        assert (limit, classes) == (f"{WORKING_DAYS[rule][1]}wd", [WORKING_DAYS[rule][0].value])
    if rule == VETO:
        assert (told["severity"], told["warn"][-1], told["options"]["within_months"]) == ("veto", "7d", 12)


def test_the_counts_and_closures_are_those_of_the_packs() -> None:
    known = rules_of("national-2019")
    for count in COUNTS:
        options = known[count.rule]["options"]
        assert (options["count"], options["of"]) == (count.number, "stale" if count.cause is Cause.STALE else "blank")
        assert set(options.get("column", ColumnKind)) == set(count.columns)
    assert known["national-2019/N-OFF-ONCE"]["options"]["per_year"] == PER_YEAR
    closures = {"temporary_offline", "permanent_offline", "force_majeure", "ordered_closure"}
    assert set(known["national-2019/N-AVAIL"]["exempt_by"]) == closures
    assert set(known["national-2019/N-OFF-30"]["exempt_by"]) == closures - {"temporary_offline"}
