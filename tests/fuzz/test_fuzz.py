"""The fuzz target holds for every seed; the fuzzer, so many inputs from one seed, breaks nothing; and it can fail."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.seeds import seeds
from tests.fuzz.target import AT_LEAST, PER_BYTE, READERS, SLACK, TooSlow, check_cost, examine
from tests.tree import ROOT

INPUTS = 700
"""Some 15 s of processor, most of it for the seeds; a count, so that every run tries the same."""
BREAKS = """
from monitor.model import State, TargetKind
from monitor.read.page import Source, read_source
from tests.fuzz.target import TODAY, URL


def examine(data):
    source = Source(url=URL, kind=TargetKind.COLUMN, charset=None, status=200, captured=TODAY)
    assert read_source(data[2:], source)[0].state is not State.LISTED
"""

needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris is not installed (there is no wheel of it for this platform)",
)


def test_every_reader_has_seeds_and_bears_them() -> None:
    chosen = set()
    for seed in seeds():
        examine(seed[:3000])
        chosen.add(seed[0] % len(READERS))
    assert chosen == set(range(len(READERS)))


def test_what_costs_far_more_than_its_size_is_told() -> None:
    check_cost(AT_LEAST + SLACK * PER_BYTE * 100_000, 100_000)
    with pytest.raises(TooSlow):
        check_cost(AT_LEAST + SLACK * PER_BYTE * 100_000 + 0.1, 100_000)


def fuzz(*arguments: str, findings: Path, also: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz.run", f"--findings={findings}", *arguments]
    path = f"{ROOT}:{also}"
    return subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": path}, capture_output=True, text=True, timeout=900, check=False
    )


@needs_atheris
@pytest.mark.slow
@pytest.mark.timeout(1000)
def test_so_many_inputs_break_nothing(tmp_path: Path) -> None:
    done = fuzz(f"-runs={INPUTS}", findings=tmp_path)
    assert done.returncode == 0, done.stderr[-4000:]
    assert list(tmp_path.iterdir()) == []
    assert f"Done {INPUTS} runs" in done.stderr
    assert re.search(r"new_units_added: +[1-9]", done.stderr), (
        "guided by coverage: some inputs reached what no seed did"
    )


@needs_atheris
@pytest.mark.slow
@pytest.mark.timeout(1000)
def test_a_target_that_breaks_is_found_and_its_input_kept(tmp_path: Path) -> None:
    (tmp_path / "breaking.py").write_text(BREAKS, encoding="utf-8")
    found = tmp_path / "found"
    done = fuzz("-runs=50", "--target=breaking:examine", findings=found, also=tmp_path)
    assert done.returncode != 0
    (kept,) = found.iterdir()
    examine(kept.read_bytes())
    again = fuzz(str(kept), "--target=breaking:examine", findings=tmp_path / "again", also=tmp_path)
    assert again.returncode != 0, "a finding named is tried again"
    mended = fuzz(str(kept), findings=tmp_path / "mended")
    assert mended.returncode == 0
    assert re.search("number_of_executed_units: +[12]$", mended.stderr, re.MULTILINE), (
        "and once, when it breaks nothing now"
    )
