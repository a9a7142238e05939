"""The truth shares nothing with what it scores, and says the same numbers as the settings and packs that are shipped."""

import ast
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.city.terms import Terms
from monitor.config.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SCORED = ("monitor.plan", "monitor.judge", "monitor.alert", "monitor.settle", "monitor.pipeline", "monitor.observe")
FILES = ("terms", "truth", "spans", "sight", "lateness", "walls", "silences", "share", "score", "reckoning")


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


def test_the_rules_it_names_are_those_of_the_packs() -> None:
    known: dict[str, dict[str, Any]] = {}
    for pack in ("house", "national-2019"):
        with (ROOT / "config" / "rules" / f"{pack}.toml").open("rb") as held:
            known |= {f"{pack}/{rule['id']}": rule for rule in tomllib.load(held)["rule"]}
    text = "\n".join((ROOT / "monitor" / "city" / f"{name}.py").read_text(encoding="utf-8") for name in FILES)
    named_here = {
        node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and "/" in str(node.value)
    }
    ours = {str(value) for value in named_here if str(value).startswith(("house/", "national-2019/N"))}
    assert ours <= set(known)
    assert len(ours) >= 8
    limits = {"N-HOME": "14d", "N-ACC": "14d", "N-COL-DYN": "14d", "N-COL-POL": "6mo", "N-COL-OTHER": "1y"}
    assert {name: known[f"national-2019/{name}"]["limit"] for name in limits} == limits
    assert known["national-2019/N-OFF-30"]["limit"] == "30d"
    assert known["national-2019/N-AVAIL"]["options"]["share"] == 5
    for veto in ("N-HOME", "N-ACC"):
        rule = known[f"national-2019/{veto}"]
        assert (rule["severity"], rule["warn"][-1]) == ("veto", "1d")
    assert timedelta(hours=168) == timedelta(days=7)
