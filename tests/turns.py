"""What costs seconds to make is made once, by the first of all processes of a run that needs it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def in_turn(temporary: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """The folder of that name that all processes of this run share, held by one of them at a time."""
    own = temporary.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(exist_ok=True)
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield folder
