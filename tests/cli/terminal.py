"""A terminal for the tests: a command of the product in a process of its own, or, much quicker, in this one.

`call` goes through click exactly as the console script does; what is not an orderly end of a command is raised.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from monitor.cli import cli
from tests.tree import ROOT


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed, which must be JSON and nothing else."""
        return json.loads(self.out)


def call(*args: str | Path, typed: str | None = None) -> Done:
    """A command in this process."""
    done = CliRunner().invoke(cli, [str(arg) for arg in args], input=typed, prog_name="zhishou")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def run(*args: str | Path, timeout: float = 60, cwd: Path = ROOT, **environment: str) -> Done:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "monitor", *map(str, args)]
    env = dict(os.environ) | environment
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False)
    return Done(done.returncode, done.stdout, done.stderr)
