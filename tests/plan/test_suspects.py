"""Pages that were being parsed when the process died, told apart from those that merely were under way."""

import signal
import subprocess
import sys
from pathlib import Path

from monitor.plan.suspects import Suspects

DIE_PARSING = """
import os, signal, sys
from pathlib import Path
from monitor.plan.suspects import Suspects
suspects = Suspects(Path(sys.argv[1]))
print(suspects.open())
with suspects.hold("site-1/column-2"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def die_parsing(path: Path) -> str:
    done = subprocess.run([sys.executable, "-c", DIE_PARSING, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    return done.stdout.strip()


def test_twice_in_a_row_sets_a_page_aside(tmp_path: Path) -> None:
    path = tmp_path / "in-hand"
    assert Suspects(path).open() == []
    die_parsing(path)
    die_parsing(path)
    assert Suspects(path).open() == ["site-1/column-2"]


def test_once_accuses_nobody_and_a_harmless_look_clears(tmp_path: Path) -> None:
    path = tmp_path / "in-hand"
    die_parsing(path)
    later = Suspects(path)
    assert later.open() == []
    with later.hold("site-1/column-2"):
        pass
    die_parsing(path)
    assert Suspects(path).open() == []


def test_a_clean_end_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in-hand"
    suspects = Suspects(path)
    suspects.open()
    suspects.close()
    assert list(tmp_path.iterdir()) == []


def test_set_aside_pages_start_with_a_clean_slate(tmp_path: Path) -> None:
    path = tmp_path / "in-hand"
    die_parsing(path)
    die_parsing(path)
    assert Suspects(path).open() == ["site-1/column-2"]
    die_parsing(path)
    assert Suspects(path).open() == []


def test_long_names_and_many_at_once_do_no_harm(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "in-hand")
    suspects.open()
    holds = [suspects.hold("栏目" * 400 + str(number)) for number in range(20)]
    for hold in holds:
        hold.__enter__()
    for hold in holds:
        hold.__exit__(None, None, None)
    assert suspects.path.read_bytes()[::512] == b"\0" * 8
