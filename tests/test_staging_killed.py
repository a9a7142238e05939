"""`targets apply` killed by kill -9 at each thing it does to the disk: what is in force is the old list or the new, never half of one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.app import load_settings
from tests.cli.terminal import call
from tests.cli.test_cli_targets import HEAD, brought, sites
from tests.tree import ROOT

TOUCHES = ("open", "os.rename", "os.remove", "os.chmod", "os.chown")
"""Audit events of the interpreter: each is raised before the thing is done."""
CHILD = f"""
import os, signal, sys
from pathlib import Path
from monitor.clock import SystemClock
from monitor.staging import put_in_force
imported, last = Path(sys.argv[1]), int(sys.argv[2])
done = 0
def count(event, args):
    global done
    if event in {TOUCHES!r} and str(imported.parent) in str(args[0]):
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
put_in_force(imported, "李四", SystemClock().now())
"""


def set_up(folder: Path) -> Path:
    """Two sites in force, five staged."""
    config = folder / "monitor.toml"
    config.write_text(f'[store]\npath = "{folder}/state/zhishou.db"\n[desk]\nlanguage = "en"\n', encoding="utf-8")
    assert brought(config, [HEAD, *sites(2)]).code == 0
    assert call("targets", "apply", "--by", "李四", "--config", config).code == 0
    assert brought(config, [HEAD, *sites(5)]).code == 0
    return config


def watched(config: Path) -> int:
    return len(load_settings(config).targets)


@pytest.mark.timeout(300)
def test_killed_anywhere_it_is_the_old_list_or_the_new_and_goes_on_from_there(tmp_path: Path) -> None:
    seen: list[int] = []
    for last in range(1, 30):
        folder = tmp_path / str(last)
        folder.mkdir()
        config = set_up(folder)
        imported = folder / "targets" / "imported.csv"
        command = [sys.executable, "-c", CHILD, str(imported), str(last)]
        code = subprocess.run(command, cwd=ROOT, env=dict(os.environ), timeout=60, check=False).returncode
        seen.append(watched(config))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        if seen[-1] == 2:
            assert call("targets", "apply", "--by", "李四", "--config", config).code == 0, "done again, it is done"
        assert watched(config) == 5
    else:
        pytest.fail("it never came to its end")
    assert set(seen) == {2, 5}, "killed before and after"
    assert seen == sorted(seen), "there is one moment at which it is the new"
