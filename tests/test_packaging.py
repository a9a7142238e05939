"""What a server gets: the lock is whole and nameless, the wheel carries all data, and an empty venv runs the demo.

`make install` is run for real (fixture `installed`); ZHISHOU_OFFLINE=1 leaves that part out, aloud.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tree import ROOT, files, sources, text

PROJECT: dict[str, Any] = tomllib.loads(text("pyproject.toml"))["project"]
_PIN = re.compile(
    r"^(?P<requirement>[a-z0-9][^\\\n]*?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def _pins(part: str) -> dict[str, Requirement]:
    """By name; of two pins for different interpreters the one for this."""
    found = [Requirement(match["requirement"]) for match in _PIN.finditer(part)]
    found.sort(key=lambda requirement: requirement.marker is None or requirement.marker.evaluate())
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def _parts() -> tuple[dict[str, Requirement], dict[str, Requirement]]:
    """The pins to run, and those to develop and test."""
    lock = text("requirements.lock")
    run, heading, develop = lock.partition("# to develop and test\n")
    assert heading
    return _pins(run), _pins(develop)


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in requirements}


def test_the_lock_is_pins_with_hashes_and_nothing_else() -> None:
    lock = text("requirements.lock")
    rest = [line for line in _PIN.sub("", lock).splitlines() if line and not line.startswith("# ")]
    assert not rest
    assert "//" not in lock


def test_the_lock_holds_what_the_project_asks_for_in_the_right_part() -> None:
    run, develop = _parts()
    assert not _names(PROJECT["dependencies"]) - set(run)
    assert not _names(PROJECT["optional-dependencies"]["dev"]) - set(develop) - set(run)
    assert not set(run) & set(develop)
    for asked in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]):
        marker = Requirement(asked).marker
        if marker is not None and not marker.evaluate():
            continue
        pin = (run | develop)[canonicalize_name(Requirement(asked).name)]
        assert Requirement(asked).specifier.contains(next(iter(pin.specifier)).version), f"{pin} is not {asked}"


def test_what_is_installed_here_is_what_is_pinned() -> None:
    run, develop = _parts()
    differs = {
        name: f"{version(name)} is installed, {pin.specifier} is pinned"
        for name, pin in (run | develop).items()
        if (pin.marker is None or pin.marker.evaluate()) and not pin.specifier.contains(version(name))
    }
    assert not differs, f"run make test, it sets up anew: {differs}"


def test_what_is_asked_for_is_used() -> None:
    provides: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            provides.setdefault(canonicalize_name(distribution), set()).add(module)
    program = "\n".join(text(name) for name in sources("monitor"))
    unused = [
        name
        for name in sorted(_names(PROJECT["dependencies"]))
        if not any(
            re.search(rf"""(?m)^\s*(?:import|from) {module}\b|import_module\("{module}""", program)
            for module in provides[name]
        )
    ]
    assert not unused


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this tree, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_every_file_of_the_program(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    data = {name: f"monitor/_data/{name}" for name in files() if name.startswith(("config/", "systemd/"))}
    code = {name: name for name in files() if name.startswith(("monitor/", "checks/"))}
    assert data
    assert not [name for name, place in (data | code).items() if place not in inside]


def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"monitor", "checks", f"zhishou-{PROJECT['version']}.dist-info"}


def _run(installed: Path, folder: Path, *arguments: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """The installed program in an empty folder, with nothing of this repository in its environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    command = [str(installed / "bin" / arguments[0]), *arguments[1:]]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=seconds
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_is_installed_is_whole(installed: Path, tmp_path: Path) -> None:
    checked = _run(installed, tmp_path, "python", "-m", "pip", "check", seconds=60)
    assert checked.returncode == 0, checked.stdout
    where = "import monitor; from monitor.config.shipped import shipped; print(shipped('config', 'rules'))"
    found = _run(installed, tmp_path, "python", "-c", where, seconds=60)
    assert found.stdout.strip().startswith(str(installed)), found.stderr
    tools = {path.name for path in (installed / "bin").iterdir()}
    assert not tools & {"pytest", "mypy", "ruff"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_in_an_empty_venv_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    ran = _run(installed, tmp_path, "zhishou", "demo", "--for", "40", "--json", seconds=180)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    shown = json.loads(ran.stdout)
    assert {"address", "seconds", "planted", "incidents", "deliveries", "missed", "false"} <= set(shown)
    assert shown["planted"]
    assert (shown["missed"], shown["false"]) == ([], [])
