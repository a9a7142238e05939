"""Small rehearsals of our own troubles, one upon another: what is scored is the daemon, not how it was rehearsed."""

from pathlib import Path

import pytest

from monitor.app import load_settings
from monitor.city.scenario import read_scenario
from monitor.drill import is_faultless, run_drill

HEAD = """start = "2026-01-05T00:00:00+08:00"
days = 1
seed = 7
city = { sites = 3, columns_per_site = 1, accounts = 1, links_per_home = 1 }
event = [
"""


@pytest.mark.parametrize(
    "events",
    [
        pytest.param('{ at = "6h", kind = "clock_jump", target = "*", by = "-2h" }', id="hours shown twice"),
        pytest.param(
            '{ at = "6h", for = "30m", kind = "uplink_down", target = "*" }, { at = "06:15", kind = "killed", target = "*" }',
            id="killed while our own network is down",
        ),
        pytest.param(
            '{ at = "6h", for = "1h", kind = "disk_full", target = "*" }, { at = "06:20", kind = "killed", target = "*" }',
            id="killed while nothing can be written",
        ),
    ],
)
def test_nothing_is_missed_and_nothing_false(tmp_path: Path, events: str) -> None:
    path = tmp_path / "play.toml"
    path.write_text(f"{HEAD}{events}\n]\n", encoding="utf-8")
    defaults = load_settings(None)
    result = run_drill(read_scenario(path, [pack.id for pack in defaults.packs]), defaults)
    assert is_faultless(result), {name: result[name] for name in ("missed", "false", "late", "notices_lost")}
    assert result["expected"] == result["found"] == 1
