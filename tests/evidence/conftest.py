"""One rehearsed month, played once for all tests here: every kind of trouble, a real store, the product's own loops."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.opening import open_reader
from tests.city.plays import event, play, scenario_of, small
from tests.evidence.copies import copy_of
from tests.turns import in_turn

EVENTS = (
    event("1d 02:10", "down", "site-1", "2d"),
    event("0d 01:00", "silent", "site-2/column-1"),
    event("2d 03:00", "dead_link", "site-3/link-1", "5d"),
    event("3d 00:00", "challenged", "site-2", "3d"),
    event("4d 00:00", "tls_expired", "site-3", "2d"),
    event("5d 01:00", "blank", "site-3/column-1", "3d"),
    event("5d 09:00", "hijacked", "site-1", "1d"),
    event("8d 02:00", "silent", "account-1"),
    event("9d 02:00", "ack", "site-2/column-1"),
)


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of that month; to be read, never to be written."""
    own = tmp_path_factory.mktemp("month") / "zhishou.db"
    with in_turn(tmp_path_factory, "month") as folder:
        whole = folder / "zhishou.db"
        if not whole.exists():
            played = play(scenario_of(small(folder, *EVENTS, days=24, site="1h")), folder / "played")
            shutil.copyfile(played.rehearsal.store, whole)
        shutil.copyfile(whole, own)
    return own


@pytest.fixture
def tx(month: Path) -> Iterator[sqlite3.Connection]:
    """A view of it that cannot write."""
    connection = open_reader(str(month))
    yield connection
    connection.close()


@pytest.fixture
def spoilt(month: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy for whoever has the file and no scruples."""
    connection = copy_of(month, tmp_path / "spoilt.db")
    yield connection
    connection.close()
