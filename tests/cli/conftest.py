"""A settings file and a small town, for commands that look, send or keep."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.city.faults import Event
from monitor.city.plan import make_plan
from tests.cli.stored import write_troubles
from tests.daemon.town import LONG_AGO, Town

SETTINGS = """
[store]
path = "{folder}/state/zhishou.db"
[desk]
language = "en"
[[target]]
id = "site-1"
kind = "site"
name = "某市人民政府"
url = "http://127.0.0.1:9/"
[[target]]
id = "c"
kind = "column"
column = "dynamic"
site = "site-1"
name = "工作动态"
url = "http://127.0.0.1:9/gzdt/"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with a site and a column, and a place for the store, where nothing is yet."""
    path = tmp_path / "monitor.toml"
    path.write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    return path


@pytest.fixture
def store(config: Path) -> Path:
    """The store of those settings with troubles in it; no daemon runs."""
    path = config.parent / "state" / "zhishou.db"
    write_troubles(path)
    return path


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Three sites: the first well, the second down, a column of the third silent."""
    plan = make_plan(3, sites=3, columns_per_site=2, accounts=2, links_per_home=4)
    planted = (Event(LONG_AGO, "down", "site-2"), Event(timedelta(days=-20), "silent", "site-3/column-1"))
    with Town(plan, planted) as town:
        yield town


@pytest.fixture(scope="module")
def settings(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings that watch the town."""
    return town.write_config(tmp_path_factory.mktemp("town"))
