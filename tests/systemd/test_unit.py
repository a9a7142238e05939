"""The unit as systemd itself reads it: no word it does not know, and an exposure that may not grow."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tree import ROOT

UNIT = ROOT / "systemd" / "zhishou.service"
pytestmark = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="no systemd-analyze: apt-get install systemd"
)


def _verify(unit: Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "verify", "--recursive-errors=yes", str(unit)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _with_program(folder: Path, text: str) -> Path:
    """The unit beside a program that exists here: verify looks for the binary, and only that line is changed."""
    unit = folder / "zhishou.service"
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    return unit


def test_systemd_knows_every_word_of_it(tmp_path: Path) -> None:
    answer = _verify(_with_program(tmp_path, UNIT.read_text(encoding="utf-8")))
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "instead"),
    [("WatchdogSec=60", "WatchdogSec=often"), ("Type=notify", "Typ=notify"), ("UMask=0027", "UMask=99")],
)
def test_a_word_it_does_not_know_is_noticed(tmp_path: Path, line: str, instead: str) -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert line in text
    answer = _verify(_with_program(tmp_path, text.replace(line, instead)))
    assert answer.returncode or answer.stderr


def test_its_exposure_stays_low(tmp_path: Path) -> None:
    unit = _with_program(tmp_path, UNIT.read_text(encoding="utf-8"))
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(unit)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-400:]


def test_it_runs_what_the_wheel_installs() -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert "ExecStart=/opt/zhishou/bin/zhishou run --config /etc/zhishou/monitor.toml\n" in text
    for line in ("Type=notify", "NotifyAccess=main", "WatchdogSec=60", "StateDirectory=zhishou"):
        assert f"\n{line}\n" in text
