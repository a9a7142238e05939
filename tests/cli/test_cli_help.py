"""The command line itself: what there is, how quickly it says so, and how it ends."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.cli import COMMANDS
from tests.cli.terminal import call, run

HEAVY = [
    "aiohttp",
    "aiodns",
    "apprise",
    "apscheduler",
    "babel",
    "cryptography",
    "feedparser",
    "jinja2",
    "lxml",
    "monitor.app",
    "monitor.config.settings",
    "openpyxl",
    "prometheus_client",
    "pydantic",
    "requests",
    "rich",
    "selectolax",
    "sqlite3",
    "sqlite_utils",
    "structlog",
    "uvloop",
    "zstandard",
]


def test_help_lists_every_command_with_a_line_of_its_own() -> None:
    shown = call("--help")
    assert shown.code == 0
    listed = shown.out.partition("Commands:")[2].splitlines()
    for name in COMMANDS:
        (line,) = [line for line in listed if line.startswith(f"  {name} ")]
        assert len(line.split()) > 2, f"{name} says nothing about itself"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    shown = call(name, "--help")
    assert shown.code == 0
    assert shown.out.startswith(f"Usage: zhishou {name} ")
    below = [line.split()[0] for line in shown.out.partition("Commands:")[2].splitlines() if line.strip()]
    pages = [call(name, word, "--help") for word in below] or [shown]
    assert {page.code for page in pages} == {0}
    assert name in {"demo", "drill", "read"} or any("--config" in page.out for page in pages)


def test_help_is_quick_because_it_loads_nothing_heavy() -> None:
    """Every command is described; none of what they work with is imported for that."""
    code = (
        "import sys; from click.testing import CliRunner; from monitor.cli import cli;"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0; print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not set(HEAVY) & set(done.stdout.split())
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        assert run("--help").code == 0
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 2.0, "a quarter of a second on a quiet machine"


def test_the_console_script_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("zhishou")
    if not script.is_file():
        pytest.skip("the product is not installed in this environment: pip install -e .")
    told = subprocess.run([script, "--help"], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout == run("--help").out
    version = subprocess.run([script, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert version.stdout.startswith("zhishou, version ")


@pytest.mark.parametrize(
    "args", [("dance",), ("due", "--days", "-1"), ("visit",), ("ack", "one", "--by", "x"), ("due", "--dayz", "3")]
)
def test_what_it_does_not_know_is_refused_with_2(args: tuple[str, ...]) -> None:
    refused = call(*args)
    assert refused.code == 2
    assert refused.out == ""
    assert "用法：zhishou" in refused.err
    assert "Usage: zhishou" in call(*args, "--lang", "en").err or args == ("dance",)


@pytest.mark.parametrize("command", ["incidents", "due", "rules", "validate", "backup", "run", "visit", "alert-test"])
def test_settings_that_are_wrong_stop_every_command_with_all_problems(command: str, tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text('[cadence]\nsitte = "5m"\n[desk]\nlanguage = "fr"\n', encoding="utf-8")
    rest = {"backup": [str(tmp_path / "x")], "visit": ["site-1"], "alert-test": ["duty"]}.get(command, [])
    refused = call(command, *rest, "--config", path)
    assert refused.code == 2
    for word in ("sitte", "desk.language"):
        assert word in refused.out + refused.err
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "asked", ["incidents", "due", "verify", "declare list", "report outages", "report sites", "log"]
)
def test_a_broken_file_of_targets_stops_no_command_that_needs_none(asked: str, config: Path, store: Path) -> None:
    rest = ["写下", "--by", "张三"] if asked == "log" else []
    before = call(*asked.split(), *rest, "--config", config)
    (config.parent / "targets").mkdir()
    (config.parent / "targets" / "x.toml").write_text("no toml\n", encoding="utf-8")
    done = call(*asked.split(), *rest, "--lang", "zh-CN", "--config", config)
    assert done.code == before.code, done.err
    assert "设置有1处问题，请用 zhishou validate 查看" in done.err
    assert done.out
    assert call("rules", "--config", config).code == 2
    assert store.exists()
