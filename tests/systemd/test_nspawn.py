"""The real unit, booted: systemd starts it, reloads it, kills it when it hangs, and stops it, in a container of its own.

One boot (about a minute and a half: the watchdog is waited for) tells everything; each test reads one chapter of it.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tree import ROOT

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(900)]
Seen = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def story(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What drive.py saw inside, by step; "journal" is what the daemon said."""
    results = tmp_path_factory.mktemp("nspawn")
    (results / "stage").mkdir()
    boot = ["bash", str(Path(__file__).with_name("boot.sh")), str(installed), str(ROOT), str(results)]
    command = ["unshare", "--mount", "--propagation", "private", *boot]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=540)
    found = results / "seen.json"
    if not found.is_file():
        pytest.fail(f"the container told nothing (exit {ran.returncode}):\n{(ran.stdout + ran.stderr)[-3000:]}")
    seen: Seen = json.loads(found.read_text(encoding="utf-8"))
    seen["journal"] = {"text": (results / "journal.txt").read_text(encoding="utf-8")}
    return seen


def chapter(story: Seen, step: str) -> dict[str, Any]:
    assert step in story, f"it did not come to {step}; the journal:\n{story['journal']['text'][-3000:]}"
    return story[step]


def test_the_five_steps_of_the_readme_install_it(story: Seen) -> None:
    commands = chapter(story, "install")["commands"]
    assert len(commands) == 6
    assert not [command for command in commands if command[1] != 0], story["journal"]["text"][-3000:]


def test_it_tells_systemd_when_it_is_ready(story: Seen) -> None:
    start = chapter(story, "start")
    assert start["unit"]["ActiveState"] == "active", story["journal"]["text"][-3000:]
    assert "watching" in start["unit"]["StatusText"]
    assert start["health"]["status"] == 200, start["health"]["text"]


def test_it_has_no_rights_it_does_not_need(story: Seen) -> None:
    confined = chapter(story, "confined")
    assert confined["user"] == "zhishou"
    assert int(confined["capabilities"], 16) == 0
    assert (confined["no_new_privileges"], confined["seccomp"]) == ("1", "2")
    assert "Read-only" in confined["etc"][1]
    assert confined["state"][0] == 0
    assert confined["home"][1] == ""
    assert [line.split()[:2] for line in confined["files"]] == [["drwxr-x---", "zhishou"], ["-rw-r-----", "zhishou"]]


def test_reload_takes_new_targets_without_a_new_process(story: Seen) -> None:
    reload = chapter(story, "reload")
    assert reload["answer"] == [0, ""]
    assert reload["taken"], story["journal"]["text"][-3000:]
    assert reload["same_process"]
    assert reload["unit"]["ActiveState"] == "active"


def test_a_reload_with_a_mistake_changes_nothing_and_is_shown(story: Seen) -> None:
    refused = chapter(story, "refused")
    assert refused["same_process"]
    assert refused["shown"], refused["health"]["text"]
    assert "nmae" in refused["problems"]
    assert "reload.done" not in refused["problems"]
    assert refused["unit"]["ActiveState"] == "active"


def test_a_hung_daemon_is_killed_and_comes_back(story: Seen) -> None:
    hang = chapter(story, "hang")
    assert hang["back"], story["journal"]["text"][-3000:]
    assert hang["new_process"]
    assert "Watchdog timeout" in story["journal"]["text"]
    assert 5 < hang["seconds"] < 145  # 60 s of silence at the most, then RestartSec and the start on a busy machine


def test_stop_is_clean(story: Seen) -> None:
    stop = chapter(story, "stop")
    assert stop["answer"] == [0, ""]
    assert stop["seconds"] < 60
    assert (stop["unit"]["Result"], stop["unit"]["ExecMainStatus"]) == ("success", "0")
    assert "drained" in story["journal"]["text"]
